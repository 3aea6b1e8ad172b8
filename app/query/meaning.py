"""What fields and shapes mean to others: terms of known vocabularies, declared beside them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import count
from typing import Any

from pydantic import BaseModel

from app.models import ID_PREFIXES, Collection

PREFIXES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "schema": "https://schema.org/",
    "oa": "http://www.w3.org/ns/oa#",
    "prov": "http://www.w3.org/ns/prov#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "edtf": "http://id.loc.gov/datatypes/edtf/",
}
"""The vocabularies of others. A term is `prefix:name`; one without a prefix is of our own."""
DATATYPES: Mapping[type, str | None] = {
    bool: "xsd:boolean",
    int: "xsd:integer",
    float: "xsd:double",
    datetime: "xsd:dateTime",
    date: "xsd:date",
}
_COLLECTIONS = {prefix: collection for collection, prefix in ID_PREFIXES.items()}


@dataclass(frozen=True)
class Literal:
    """A value that is no thing."""

    value: Any
    datatype: str | None = None
    """A term; None for a text."""
    language: str | None = None
    """BCP 47, of a text."""

    @staticmethod
    def of(value: Any, datatype: str | None = None) -> "Literal":
        """A literal of the type that ``value`` has, unless told."""
        return Literal(value, datatype or DATATYPES.get(type(value)))


@dataclass(frozen=True)
class Node:
    """A thing, and what is told of it. One of which nothing is told is a mere reference."""

    id: str
    """An address, or a term."""
    types: tuple[str, ...] = ()
    told: tuple[tuple[str, "Node | Literal"], ...] = ()


Told = Iterator[tuple[str, Node | Literal]]
"""Terms, each with a value."""


@dataclass(frozen=True)
class At:
    """The object of which is told."""

    public_url: str
    id: str
    """Its address."""
    item: Mapping[str, Any]
    types: "Types"

    def within(self, name: str) -> str:
        """The address of a part of it that has none of its own."""
        return f"{self.id}{'/' if '#' in self.id else '#'}{name}"

    def to(self, ref: Mapping[str, Any]) -> Node:
        """A reference to a record."""
        return Node(address(self.public_url, ref["id"]))


def parts(name: str, rows: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """The entries of a list, and what each is called within its object.

    Those that a source states are counted apart from reference knowledge, so that they are called
    the same where that is left out.
    """
    counts: dict[str, count[int]] = defaultdict(count)
    for row in rows:
        basis = row.get("basis") if isinstance(row, dict) else None
        called = f"{name}/{basis}" if basis else name
        yield f"{called}/{next(counts[called])}", row


def address(public_url: str, id: str) -> str:
    """Where a record is; a name that is no address for what is not served by itself."""
    prefix, _, uuid = id.partition("_")
    collection = _COLLECTIONS[prefix]
    if collection is Collection.places:
        return f"urn:uuid:{uuid}"
    return f"{public_url}/v1/{collection}/{id}"


@dataclass(frozen=True)
class Types:
    """What the objects of a shape are, beside what we call them ourselves."""

    always: tuple[str, ...] = ()
    by: str = "kind"
    """The field on which ``some`` depends."""
    some: Mapping[str, str] = field(default_factory=dict)
    name: str = "schema:name"
    """What their names are told as."""
    alias: str = "schema:alternateName"
    """What their other names are told as."""

    def of(self, item: Mapping[str, Any]) -> Iterable[str]:
        """What one of them is."""
        yield from self.always
        if (found := self.some.get(item.get(self.by, ""))) is not None:
            yield found


@dataclass(frozen=True)
class Means:
    """What a field says of the object in which it stands."""

    term: str | None = None
    """One of our own, with the field's name, unless told."""
    datatype: str | None = None
    """Of its value, where the value itself does not tell."""
    tell: Callable[[At, Any], Told] | None = None
    """Tells the value in another way than under ``term``."""
    adds: Callable[[At, Any], Told] | None = None
    """Tells more of the object, beside the value."""
    about: str | None = None
    """What our term says, where that is not what is said of the field."""
    told: bool = True


UNTOLD = Means(told=False)
"""Of a field that is no statement of its own: others tell what it says, or it is an inverse."""


def meaning(shape: type[BaseModel], name: str) -> Means:
    """What a field of a shape means."""
    marks = reversed(shape.model_fields[name].metadata)
    return next((mark for mark in marks if isinstance(mark, Means)), Means())
