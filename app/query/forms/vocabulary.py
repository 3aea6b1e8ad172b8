"""The terms that fields stand for: the context in which they are read, and those of our own."""

import inspect
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from pydantic import BaseModel

from app.query.forms.nodes import kind_of, many, meanings, own_class, term_of, types_of
from app.query.meaning import DATATYPES, PREFIXES, Literal, Node
from app.query.refs import Ref

CONTEXT = "/context"
"""The address of the context, behind that of the service."""
HOME = "/vocabulary"
"""The address at which our own terms are told."""

OF_JSON = re.compile(r"; (null|only with) [^.]*")


def ours(public_url: str) -> str:
    """With what the addresses of our own terms begin."""
    return f"{public_url}{HOME}#"


def expanded(public_url: str, term: str) -> str:
    """The whole address of a term; an address stays as it is."""
    prefix, colon, name = term.partition(":")
    if not colon:
        return ours(public_url) + term
    return PREFIXES[prefix] + name if prefix in PREFIXES else term


@dataclass(frozen=True)
class Use:
    """A term in the place of a field."""

    term: str
    shape: type[BaseModel]
    name: str

    @property
    def kind(self) -> Any:
        """The class of the field's values."""
        return kind_of(self.shape, self.name)

    @property
    def is_thing(self) -> bool:
        """Whether what the field has is told as a node."""
        return isinstance(self.kind, type) and issubclass(self.kind, BaseModel)

    @property
    def is_renaming(self) -> bool:
        """Whether the field's value is told as it is."""
        return meanings(self.shape)[self.name].tell is None

    @property
    def type(self) -> str | None:
        """How a text is to be understood: as an address, or as a value of some type."""
        datatype = meanings(self.shape)[self.name].datatype or DATATYPES.get(self.kind)
        return "@id" if self.is_thing else datatype

    @property
    def range(self) -> str | None:
        """The type of its values; None where they are objects of a shape of ours."""
        if self.is_thing:
            return "rdfs:Resource" if issubclass(self.kind, Ref) else None
        return self.type or "xsd:string"

    @property
    def about(self) -> str | None:
        """What the term says, without the ways of JSON to say that something is not known."""
        told = meanings(self.shape)[self.name].about
        told = told or self.shape.model_fields[self.name].description
        listed = isinstance(self.kind, type) and issubclass(self.kind, StrEnum)
        told = told or (inspect.getdoc(self.kind) if listed else None)
        return told and OF_JSON.sub("", told)


def shapes(outs: Iterable[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Some shapes and all within them, each once."""
    seen: dict[type[BaseModel], None] = {}
    waiting = list(outs)
    while waiting:
        shape = waiting.pop(0)
        if shape in seen or issubclass(shape, Ref):
            continue
        seen[shape] = None
        waiting += [use.kind for use in uses([shape]) if use.is_thing]
    return iter(seen)


def uses(among: Iterable[type[BaseModel]]) -> Iterator[Use]:
    """The terms of the fields of some shapes."""
    for shape in among:
        yield from (Use(term_of(shape, name), shape, name) for name in meanings(shape))


@dataclass(frozen=True)
class Terms:
    """How values are written under each term."""

    coerced: dict[str, str]
    """The type that needs no telling."""
    many: frozenset[str]
    """Those whose values always stand in a list."""

    @staticmethod
    @cache
    def of(*outs: type[BaseModel]) -> "Terms":
        """The terms of some shapes.

        Raises ValueError where a term would be read in two ways.
        """
        types: dict[str, set[str | None]] = {}
        lists: set[str] = set()
        for use in uses(shapes(outs)):
            if many(use.shape, use.name):
                lists.add(use.term)
            if use.is_renaming:
                types.setdefault(use.term, set()).add(use.type)
        if unclear := sorted(term for term, found in types.items() if len(found) > 1):
            raise ValueError(f"these terms are of several types: {', '.join(unclear)}")
        known = ((term, kind) for term, [kind] in sorted(types.items()))
        return Terms({term: kind for term, kind in known if kind}, frozenset(lists))


def context(outs: Iterable[type[BaseModel]], public_url: str) -> dict[str, Any]:
    """The context by which JSON-LD is read."""
    terms = Terms.of(*outs)
    found: dict[str, Any] = {"@version": 1.1, "@vocab": ours(public_url), **PREFIXES}
    for term in sorted({*terms.coerced, *terms.many}):
        found[term] = {"@id": expanded(public_url, term)}
        if term in terms.coerced:
            found[term]["@type"] = terms.coerced[term]
        if term in terms.many:
            found[term]["@container"] = "@set"
    return found


def definitions(outs: Iterable[type[BaseModel]], public_url: str) -> Iterator[Node]:
    """What our own terms mean: first what things are, then what is told of them."""
    every = sorted(shapes(outs), key=own_class)
    yield from (_class(shape, public_url) for shape in every)
    own = [use for use in uses(every) if ":" not in use.term]
    for term in sorted({use.term for use in own}):
        yield _property([use for use in own if use.term == term], public_url)


def _class(shape: type[BaseModel], public_url: str) -> Node:
    above = [("rdfs:subClassOf", Node(each)) for each in types_of(shape).always]
    return _term(own_class(shape), "rdfs:Class", [inspect.getdoc(shape) or ""], above, public_url)


def _property(among: Sequence[Use], public_url: str) -> Node:
    """A term, by all the fields that stand for it."""

    def own(shape: type[BaseModel]) -> str:
        return expanded(public_url, own_class(shape))

    # What is told in another way stands elsewhere than its field, or is no text any more.
    plain = [use for use in among if use.is_thing or use.is_renaming]
    domains = [("schema:domainIncludes", Node(own(use.shape))) for use in plain]
    ranges = [("schema:rangeIncludes", Node(use.range or own(use.kind))) for use in plain]
    comments = [use.about for use in among if use.about]
    return _term(among[0].term, "rdf:Property", comments, [*domains, *ranges], public_url)


def _term(
    name: str, kind: str, about: Iterable[str], told: Iterable[tuple[str, Node]], public_url: str
) -> Node:
    comments = (("rdfs:comment", Literal(each, language="en")) for each in dict.fromkeys(about))
    label = ("rdfs:label", Literal(name.replace("_", " "), language="en"))
    home = ("rdfs:isDefinedBy", Node(f"{public_url}{HOME}"))
    return Node(expanded(public_url, name), (kind,), (label, *comments, *dict.fromkeys(told), home))
