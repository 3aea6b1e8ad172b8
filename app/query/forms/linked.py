"""JSON-LD: records as nodes, under the terms of a context that is at an address of its own."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from pydantic_core import to_json

from app.query.forms.flat import text
from app.query.forms.nodes import NEEDS, nodes
from app.query.forms.vocabulary import CONTEXT, Terms
from app.query.forms.writer import Page, Writer
from app.query.meaning import DATATYPES, Literal, Node

MEDIA_TYPE = "application/ld+json"


def _blocks(page: Page) -> Iterator[bytes]:
    """One node for each record, all in one graph."""
    terms = Terms.of(page.out)
    yield b'{"@context":' + to_json(f"{page.public_url}{CONTEXT}") + b',"@graph":['
    before = b""
    for node in nodes(page):
        yield before + to_json(written(node, terms))
        before = b","
    yield b"]}"


def written(node: Node, terms: Terms) -> dict[str, Any]:
    """A node as an object."""
    told: dict[str, list[Any]] = defaultdict(list)
    for term, value in node.told:
        one = _value(term, value, terms)
        if one not in told[term]:
            told[term].append(one)
    found = {
        term: values if term in terms.many or len(values) > 1 else values[0]
        for term, values in told.items()
    }
    return {"@id": node.id, **({"@type": list(node.types)} if node.types else {}), **found}


def _value(term: str, value: Node | Literal, terms: Terms) -> Any:
    if isinstance(value, Literal):
        return _literal(value, terms.coerced.get(term))
    if value.types or value.told:
        return written(value, terms)
    return value.id if terms.coerced.get(term) == "@id" else {"@id": value.id}


def _literal(value: Literal, coerced: str | None) -> Any:
    """A value as its term makes it understood, else with its type."""
    if value.language is not None:
        return {"@value": value.value, "@language": value.language}
    native = isinstance(value.value, bool | int) and value.datatype == DATATYPES[type(value.value)]
    told = value.value if native else text(value.value)
    if value.datatype == coerced or (native and coerced is None):
        return told
    return {"@value": told} | ({"@type": value.datatype} if value.datatype and not native else {})


JSONLD = Writer[Page](MEDIA_TYPE, _blocks, needs=NEEDS, chosen=False)
