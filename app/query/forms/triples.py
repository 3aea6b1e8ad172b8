"""Turtle and N-Quads: the nodes of JSON-LD, a statement at a time."""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache, partial

from app.query.forms.flat import text
from app.query.forms.nodes import NEEDS, nodes
from app.query.forms.vocabulary import expanded, ours
from app.query.forms.writer import Page, Writer
from app.query.meaning import PREFIXES, Literal, Node

# Beside what ends a text: whatever some program takes for the end of a line, or does not show.
ESCAPED = re.compile('["\\\\\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]')
SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
UNSAFE = re.compile(r'[\x00-\x20<>"{}|^`\\]')


def prologue(public_url: str) -> bytes:
    """What stands once, before the bodies of Turtle."""
    prefixes = {"": ours(public_url), **PREFIXES}
    return "".join(f"@prefix {name}: <{iri(url)}> .\n" for name, url in prefixes.items()).encode()


def bodies(page: Page) -> Iterator[bytes]:
    """Turtle without its prologue: a block for each record, to be written behind one another."""
    for node in nodes(page):
        yield "".join(_block(one) for one in _things(node)).encode()


def quads(page: Page) -> Iterator[bytes]:
    """N-Quads, all in the default graph; they, too, can be written behind one another."""
    for node in nodes(page):
        lines = (_line(page.public_url, *each) for each in _triples(node))
        yield "".join(dict.fromkeys(lines)).encode()


def _turtle(page: Page) -> Iterator[bytes]:
    yield prologue(page.public_url)
    yield from bodies(page)


def _things(node: Node) -> Iterator[Node]:
    """A node and, behind it, every one of which it tells more than the address."""
    if node.types or node.told:
        yield node
    for _, value in node.told:
        if isinstance(value, Node):
            yield from _things(value)


def _block(node: Node) -> str:
    """All that Turtle says of one thing."""
    types = [f"a {', '.join(map(_name, node.types))}"] if node.types else []
    told = [f"{_name(term)} {_object(value)}" for term, value in node.told]
    said = " ;\n    ".join([*types, *dict.fromkeys(told)])
    return f"\n{_name(node.id)} {said} .\n"


def _object(value: Node | Literal) -> str:
    return _name(value.id) if isinstance(value, Node) else _literal(value, _name)


def _name(id: str) -> str:
    """A term or an address, as Turtle writes it."""
    prefix, colon, _ = id.partition(":")
    if prefix in PREFIXES:
        return id
    return f"<{iri(id)}>" if colon else f":{id}"


def _triples(node: Node) -> Iterator[tuple[str, str, Node | Literal]]:
    for one in _things(node):
        yield from ((one.id, "rdf:type", Node(name)) for name in one.types)
        yield from ((one.id, *each) for each in one.told)


def _line(public_url: str, subject: str, term: str, value: Node | Literal) -> str:
    """One statement, its addresses written out."""
    whole = partial(_whole, public_url)
    written = whole(value.id) if isinstance(value, Node) else _literal(value, whole)
    return f"{whole(subject)} {whole(term)} {written} .\n"


@lru_cache(maxsize=4096)
def _whole(public_url: str, id: str) -> str:
    """A term or an address, written out."""
    return f"<{iri(expanded(public_url, id))}>"


def _literal(value: Literal, name: Callable[[str], str]) -> str:
    """A text with its language or type, which ``name`` writes."""
    written = quoted(text(value.value))
    if value.language is not None:
        return f"{written}@{value.language}"
    return f"{written}^^{name(value.datatype)}" if value.datatype else written


def quoted(written: str) -> str:
    """A text in quotation marks, on one line whatever stands in it."""
    return f'"{ESCAPED.sub(_escaped, written)}"'


def _escaped(found: re.Match[str]) -> str:
    return SHORT.get(found[0]) or f"\\u{ord(found[0]):04X}"


def iri(written: str) -> str:
    """An address without what may not stand in one."""
    return UNSAFE.sub(lambda found: f"%{ord(found[0]):02X}", written)


TURTLE = Writer[Page]("text/turtle; charset=utf-8", _turtle, needs=NEEDS, chosen=False)
NQUADS = Writer[Page]("application/n-quads", quads, needs=NEEDS, chosen=False)
