"""What search knows of each record: the terms that find it, and the passages that it shows."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from pydantic_core import to_json

from app.models import SEARCH_COLUMNS, Basis, Collection, ParticipantKind
from app.names.alike import stored
from app.query.numbers import number
from app.query.sequences import Section, sequence
from app.query.terms import terms, whole
from seeds import records as r
from seeds.check import references
from seeds.ids import record_id
from seeds.rows import Values, Whole
from seeds.told import Address

NAMED = {
    Collection.countries, Collection.participants, Collection.disputes, Collection.places,
    Collection.topics, Collection.series, Collection.meetings,
}  # fmt: skip
"""The collections whose names find the records that refer to them as well."""

AT_MOST = 1_000_000
"""How many bytes PostgreSQL takes, here with a margin; the same holds on SQLite."""

_OTHERWISE = {"evidence", "used_by", "anchor"}
"""Fields that refer, and say nothing of what a record is about."""

_SAID = ("label", "text", "purpose", "venue", "publisher", "author")

Terms = dict[str, None]
"""Terms in their order, each once."""


@dataclass(frozen=True)
class Name:
    """Something that a record is called, and whether a source calls it so."""

    text: str
    basis: Basis
    language: str | None = None

    @cached_property
    def terms(self) -> Sequence[str]:
        """The terms of its words."""
        return terms(self.text)


class Called(Mapping[Address, Sequence[Name]]):
    """The names of all records to which others refer, each analysed once."""

    def __init__(self, wholes: Mapping[Address, Whole]) -> None:
        self._wholes = wholes
        self._names: dict[Address, Sequence[Name]] = {}

    def __getitem__(self, address: Address) -> Sequence[Name]:
        if address not in self._names:
            self._names[address] = list(_called(self._wholes[address]))
        return self._names[address]

    def __iter__(self) -> Iterator[Address]:
        return iter(self._wholes)

    def __len__(self) -> int:
        return len(self._wholes)

    def reached(self, whole: Whole) -> Mapping[Address, tuple[str, Basis]]:
        """What a record names by referring to it: the field, and whether a source refers so."""
        found: dict[Address, tuple[str, Basis]] = {}
        for path, collection, key in references(whole.content):
            if collection in NAMED and not _OTHERWISE.intersection(path):
                address = Collection(collection), key
                field, basis = str(path[0]), _basis(whole, path)
                _prefer(found, address, field, basis)
                if capital := self._capital(address):
                    _prefer(found, capital[0], field, max(basis, capital[1], key=_weakness))
        return found

    def _capital(self, address: Address) -> tuple[Address, Basis] | None:
        country = self._wholes[address]
        if isinstance(country.record, r.Country) and country.record.capital:
            capital = Collection.places, country.record.capital
            return capital, country.basis_of("capital")
        return None


def _called(whole: Whole) -> Iterator[Name]:
    """All names of a record or, where it has none, its label."""
    record = whole.record
    if record.name is not None:
        yield Name(record.name, whole.basis_of("name"), "en")
    for index, each in enumerate(record.names):
        yield Name(each.text, whole.basis_in("names", index), each.language)
    if record.name is None and not record.names:
        yield Name(record.label or record.key, whole.basis)


def _basis(whole: Whole, path: Sequence[Any]) -> Basis:
    if path[0] == "offices":
        return whole.basis_in("offices", path[1])
    return whole.basis_of(path[0])


def _weakness(basis: Basis) -> bool:
    return basis is Basis.reference


def _prefer(
    found: dict[Address, tuple[str, Basis]], address: Address, field: str, basis: Basis
) -> None:
    """Keep of two ways to one record the one that a source states, else the first."""
    if address not in found or (found[address][1], basis) == (Basis.reference, Basis.source):
        found[address] = field, basis


class Document:
    """What search knows of one record, while it is gathered."""

    def __init__(
        self, id: str, collection: Collection, basis: Basis, day: date | None = None
    ) -> None:
        self.id = id
        self.number = number(day, collection, basis, id)
        self._kept: dict[Basis, dict[Section, list[str]]] = {
            basis: {section: [] for section in Section} for basis in Basis
        }
        self._names: dict[Basis, Terms] = {basis: {} for basis in Basis}
        self._text: dict[Basis, Terms] = {basis: {} for basis in Basis}
        self._passages: dict[tuple[str, str, Basis], Values] = {}
        self._texts: set[str] = set()

    def name(self, text: str, basis: Basis) -> None:
        """Add something that the record is called, which is shown elsewhere."""
        self._names[basis].update(dict.fromkeys(terms(text)))
        if as_whole := whole(text):
            self._names[basis][as_whole] = None
        self._kept[basis][Section.names].append(text)

    def alike(self, terms: Sequence[str], basis: Basis) -> None:
        """Add what finds a name that is asked for in another spelling."""
        self._names[basis].update(dict.fromkeys(terms))

    def text(self, field: str, text: str | None, basis: Basis) -> None:
        """Add something that the record says; what it says twice is shown once."""
        if text is not None and text not in self._texts:
            self._texts.add(text)
            self._text[basis].update(dict.fromkeys(terms(text)))
            self._kept[basis][Section.said].append(text)
            self._show(field, "text", text, basis)

    def others(self, field: str, id: str, names: Sequence[Name], basis: Basis) -> None:
        """Add the names of a record to which this one refers."""
        for name in names:
            weaker = max(basis, name.basis, key=_weakness)
            self._text[weaker].update(dict.fromkeys(name.terms))
            self._kept[weaker][Section.others].append(name.text)
        self.names_of(field, id, basis)

    def names_of(self, field: str, id: str, basis: Basis = Basis.source) -> None:
        """Let the names of a record be shown."""
        self._show(field, "names_of", id, basis)

    def code(self, field: str, text: str | None, basis: Basis) -> None:
        """Add a name that is a field of its own."""
        if text is not None:
            self.name(text, basis)
            self._show(field, "text", text, basis)

    def _show(self, field: str, kind: str, value: str, basis: Basis) -> None:
        passage = {"field": field, kind: value, "basis": basis.value}
        self._passages.setdefault((kind, value, basis), passage)

    def values(self) -> Values:
        """The columns of the document."""
        columns: dict[str, str] = {}
        told: Terms = {}
        for name, found in self._columns():
            columns[name] = " ".join(term for term in found if term not in told)
            # What reference knowledge calls it is not looked through where sources alone count.
            told |= found if name != "reference_names" else {}
        for basis, kept in self._kept.items():
            columns[f"{basis.value}_words"] = sequence(kept)
        passages = list(self._passages.values())
        told_of = {"id": self.number, **columns, "passages": passages}
        digest = hashlib.sha256(to_json(list(told_of.values()))).hexdigest()
        return {"record_id": self.id, **told_of, "sha256": digest}

    def _columns(self) -> Iterable[tuple[str, Terms]]:
        source, reference = Basis.source, Basis.reference
        yield "source_names", self._names[source]
        yield "reference_names", self._names[reference]
        yield "source_text", self._text[source]
        yield "reference_text", self._text[reference]


def too_long(document: Values) -> bool:
    """Whether a document's terms, with what is kept beside each, are more than can be indexed."""
    terms = (term for column in SEARCH_COLUMNS for term in document[column].split(" "))
    return sum(len(term.encode()) + 8 for term in terms) > AT_MOST


def of_record(whole: Whole, called: Called, day: date | None) -> Values:
    """The document of a record, and the day that makes it new or old."""
    record = whole.record
    document = Document(whole.id, record.collection, whole.basis, day)
    person = isinstance(record, r.Participant) and record.kind is ParticipantKind.person
    own = [name for name in _called(whole) if record.name or record.names]
    for name in own:
        document.name(name.text, name.basis)
        document.alike(stored(name.text, name.language, person=person), name.basis)
    if own:
        document.names_of("names", whole.id)
    for field in ("code", "alpha2", "family_name", "given_name"):
        document.code(field, getattr(record, field, None), whole.basis_of(field))
    for field, text, basis in _said(whole):
        document.text(field, text, basis)
    for address, (field, basis) in called.reached(whole).items():
        document.others(field, record_id(*address), called[address], basis)
    return document.values()


def _said(whole: Whole) -> Iterator[tuple[str, str | None, Basis]]:
    """What a record says beside its names."""
    record = whole.record
    for field in _SAID:
        yield field, getattr(record, field, None), whole.basis_of(field)
    if isinstance(record, r.Statement):
        yield from (("quotes", quote, whole.basis) for quote in record.quotes)
    if isinstance(record, r.Proposal):
        yield from (("items", item.label, whole.basis_of("items")) for item in record.items)
    if isinstance(record, r.Participant):
        for index, held in enumerate(record.offices):
            yield "offices", held.title, whole.basis_in("offices", index)
    for item in record.evidence:
        yield "evidence", item.quote, Basis.source


def of_evidence(id: str, item: r.Evidence) -> Values:
    """The document of a piece of evidence."""
    document = Document(id, Collection.evidence, Basis.source)
    document.text("quote", item.quote, Basis.source)
    document.text("passage", item.passage, Basis.source)
    return document.values()
