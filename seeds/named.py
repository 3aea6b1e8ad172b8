"""What finds each record by its names: their keys, its standing, the states it belongs to."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic_core import to_json

from app import models as m
from app.models import Basis, Collection, ParticipantKind
from app.names.keys import Called, keys
from seeds import records as r
from seeds.check import references
from seeds.rows import Row, Values, Whole
from seeds.told import Address

HEARD = {Collection.participants, Collection.countries, Collection.disputes}
"""The collections whose names are proper names, which have sounds."""

_STATES = {
    m.ParticipantCountry, m.MeetingParty, m.SeriesParty, m.DisputeParty, m.IncidentParty,
    m.RelationParty,
}  # fmt: skip
"""The lists of a record that say to which states it belongs."""


@dataclass(frozen=True, slots=True)
class Found:
    """What finds one record by its names."""

    named: Values
    """The columns of Named."""
    keys: Sequence[Values]
    countries: Sequence[Values]


def referring(wholes: Mapping[Address, Whole]) -> Mapping[Address, int]:
    """How many records refer to each record, in whatever they say."""
    found: Counter[Address] = Counter()
    for whole in wholes.values():
        if whole.record.collection is not Collection.places:
            told = (
                (Collection(collection), key)
                for path, collection, key in references(whole.content)
                if path[0] != "evidence"
            )
            found.update(set(told) - {(whole.record.collection, whole.record.key)})
    return found


def of_record(
    whole: Whole, identity: Values, children: Iterable[Row], referring: int
) -> Found | None:
    """What finds a record; None where it has no name."""
    children = list(children)
    record, owner = whole.record, {"record_id": whole.id}
    person = isinstance(record, r.Participant) and record.kind is ParticipantKind.person
    names = [*_names(whole, children)]
    found = keys(names, person=person, heard=record.collection in HEARD)
    if not found:
        return None
    values = [{**owner, **key._asdict()} for key in found]
    countries = [{**owner, **one} for one in _countries(whole, children)]
    named = {
        **owner,
        "collection": record.collection,
        "standing": -referring,
        "sort_name": identity["sort_name"],
    }
    digest = hashlib.sha256(to_json([named, values, countries])).hexdigest()
    return Found({**named, "sha256": digest}, values, countries)


def _names(whole: Whole, children: Iterable[Row]) -> Iterator[Called]:
    """Its names in every language, and its code."""
    weaker = whole.basis is Basis.reference
    for table, row in children:
        if table is m.Name:
            basis = Basis.reference if weaker else row["basis"]
            yield Called(row["text"], row["language"], basis, row["position"])
    if isinstance(whole.record, r.Country):
        for field in ("code", "alpha2"):
            if code := getattr(whole.record, field):
                yield Called(code, None, whole.basis_of(field), None)


def _countries(whole: Whole, children: Iterable[Row]) -> Iterator[Values]:
    """The states to which it belongs; a state belongs to itself."""
    if whole.record.collection is Collection.countries:
        yield {"country_id": whole.id, "basis": whole.basis}
    known: dict[str, Basis] = {}
    for table, row in children:
        if table in _STATES:
            known.setdefault(row["country_id"], row.get("basis", whole.basis))
    yield from ({"country_id": id, "basis": basis} for id, basis in known.items())
