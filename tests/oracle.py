"""What each filter means, in plain Python over the records as the API tells them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from reading import Json, World

from app.db import read as session_on
from app.models import Record, Stance
from app.query.filters import Between, Discrete, Filter, Identity, Presence, YesNo
from app.query.periods import Unit
from app.query.resource import Resource


def values(world: World, resource: Resource, name: str, record: Json) -> set[str]:
    """The values by which a filter finds a record."""
    one = resource.all_filters[name]
    if isinstance(one, Identity):
        return {record["slug"]}
    special = SPECIAL.get((resource.name, name)) or SPECIAL.get(("", name))
    if special:
        return set(special(world, record))
    assert isinstance(one, Discrete)
    return set(_plain(record[one.field or name], name))


def _plain(value: Any, name: str) -> Iterator[str]:
    """The values in a field: its own, those of its rows, the slugs of what it refers to."""
    if isinstance(value, list):
        for each in value:
            yield from _plain(each, name)
    elif isinstance(value, dict):
        yield from _plain(value[name] if name in value else value["slug"], name)
    elif isinstance(value, bool):
        yield str(value).lower()
    elif value is not None:
        yield str(value)


def _topics(world: World, record: Json) -> Iterator[str]:
    for topic in record["topics"]:
        yield from (each["slug"] for each in world["topics"][topic["id"]]["path"])


def _countries_of(field: str) -> Callable[[World, Json], Iterator[str]]:
    """The countries of the participants in a field."""

    def found(world: World, record: Json) -> Iterator[str]:
        for participant in record[field]:
            yield from _countries(world, world["participants"][participant["id"]])

    return found


def _countries(_world: World, participant: Json) -> Iterator[str]:
    rows = (participant["country"], *(held["country"] for held in participant["offices"]))
    yield from (country["slug"] for country in rows if country)


def _within(field: str, name: str) -> Callable[[World, Json], Iterable[str]]:
    """The values of a column of the rows in a field."""
    return lambda _, record: _plain([row[name] for row in record[field]], name)


def _of_meeting(name: str) -> Callable[[World, Json], Iterator[str]]:
    """What the meeting of a record has in a field, if there is one."""

    def found(world: World, record: Json) -> Iterator[str]:
        if record["meeting"]:
            yield from _plain(world["meetings"][record["meeting"]["id"]][name], name)

    return found


def _toward(taken: Stance) -> Callable[[World, Json], Iterator[str]]:
    """The topics to which a statement takes a stance, and those above them."""

    def found(world: World, record: Json) -> Iterator[str]:
        for row in record["stances"]:
            if (row["stance"], row["target"]["collection"]) == (taken.value, "topics"):
                path = world["topics"][row["target"]["id"]]["path"]
                yield from (each["slug"] for each in path)

    return found


def _voices(world: World, statement: Json) -> Iterator[str]:
    """Who speaks, and the members of a group that does."""
    for speaker in statement["speakers"]:
        yield speaker["slug"]
        yield from _plain(world["participants"][speaker["id"]]["members"], "")


def _countries_of_voices(world: World, statement: Json) -> Iterator[str]:
    """The countries of who speaks, and of the members of a group that does."""
    for speaker in statement["speakers"]:
        group = world["participants"][speaker["id"]]
        for one in (group, *(world["participants"][each["id"]] for each in group["members"])):
            yield from _countries(world, one)


def _claimants(_world: World, dispute: Json) -> Iterator[str]:
    parties = dispute["parties"]
    return (party["country"]["slug"] for party in parties if party["role"] == "claimant")


def _meetings_of_source(world: World, source: Json) -> Iterator[str]:
    for one in world["evidence"].values():
        if one["source"]["id"] == source["id"] and one["record"]["collection"] == "meetings":
            yield one["record"]["slug"]


def _sources(_world: World, record: Json) -> Iterator[str]:
    """The sources of its evidence; evidence has one itself."""
    yield from (row["source"]["slug"] for row in record.get("evidence", [record]))


def _period(unit: Unit) -> Callable[[World, Json], Iterator[str]]:
    """The period in which both ends of a date lie, spelt from their letters."""

    def found(_world: World, record: Json) -> Iterator[str]:
        ends = [record[f"date_{end}"] for end in ("earliest", "latest")]
        periods = {end and _spelt(unit, end) for end in ends}
        yield from (one for one in periods if one and len(periods) == 1)

    return found


def _spelt(unit: Unit, day: str) -> str:
    year, month, _ = day.split("-")
    quarter = {"01": 1, "02": 1, "03": 1, "10": 4, "11": 4, "12": 4}
    middle = {"04": 2, "05": 2, "06": 2, "07": 3, "08": 3, "09": 3}
    written = {Unit.year: year, Unit.month: day[:7]}
    return written.get(unit) or f"{year}-Q{(quarter | middle)[month]}"


SPECIAL: dict[tuple[str, str], Callable[[World, Json], Iterable[str]]] = {
    ("", "source"): _sources,
    ("", "topic"): _topics,
    **{("", unit.value): _period(unit) for unit in Unit},
    ("statements", "country"): _countries_of("speakers"),
    ("statements", "jointly"): _voices,
    ("statements", "jointly_by"): _countries_of_voices,
    ("statements", "host"): _of_meeting("host"),
    ("statements", "venue_country"): _of_meeting("venue_country"),
    **{("statements", taken.value): _toward(taken) for taken in Stance},
    **{
        (one, "series"): _of_meeting("series")
        for one in ("statements", "silences", "proposals", "assessments")
    },
    ("silences", "country"): _countries_of("participants"),
    ("proposals", "country"): _countries_of("proposers"),
    ("participants", "country"): _countries,
    ("participants", "meeting"): _within("participations", "meeting"),
    ("participants", "role"): _within("participations", "role"),
    ("series", "meeting"): _within("meetings", "meeting"),
    ("disputes", "claimant"): _claimants,
    ("sources", "meeting"): _meetings_of_source,
}
"""Filters by what does not stand in a field of their name; an empty collection means any."""


SIDES = {
    ("statements", "between"): ("country", "about"),
    ("silences", "between"): ("country", "about"),
    ("proposals", "between"): ("country", "addressee"),
    ("meetings", "together"): ("participant", "participant"),
    ("statements", "jointly"): ("jointly", "jointly"),
    ("statements", "jointly_by"): ("jointly_by", "jointly_by"),
    ("proposals", "to_both"): ("addressee", "addressee"),
}
"""The filters in which the two sides of a record stand, where they are not both `country`."""


def sides_of(world: World, resource: Resource, name: str) -> list[str]:
    """Whatever a filter by two may name."""
    one = resource.all_filters[name]
    assert isinstance(one, Between)
    return sorted(record["slug"] for record in world[one.to.collection].values())


def between(world: World, resource: Resource, name: str, record: Json, pair: Sequence[str]) -> bool:
    """Whether a record stands between two countries, or two participants."""
    one, other = pair
    sides = SIDES.get((resource.name, name), ("country", "country"))
    here, there = (values(world, resource, name, record) for name in sides)
    return (one in here and other in there) or (other in here and one in there)


def overlaps(record: Json, first: date | None, last: date | None) -> bool:
    """Whether the span of a record's date overlaps the one from ``first`` to ``last``."""
    earliest, latest = (record[f"date_{end}"] for end in ("earliest", "latest"))
    if earliest is None and latest is None:
        return False
    begins = date.min if earliest is None else date.fromisoformat(earliest)
    ends = date.max if latest is None else date.fromisoformat(latest)
    return (first is None or ends >= first) and (last is None or begins <= last)


def discrete(resource: Resource) -> dict[str, Discrete]:
    """The filters that take any number of values, and `!` before one."""
    return {
        name: one
        for name, one in resource.all_filters.items()
        if isinstance(one, Discrete) and not isinstance(one, YesNo)
    }


WITHOUT_EXAMPLE = {
    *((one, unit.value) for one in ("incidents", "sources") for unit in Unit),
    *(("statements", one.value) for one in (Stance.opposes, Stance.neutral, Stance.unclear)),
    *((one, "strength") for one in ("countries", "topics", "sources", "evidence")),
}
"""Filters for which the article has no value: no date of these, no such stance to a topic, and no
passage.
"""


def exemplified(resource: Resource) -> dict[str, Discrete]:
    """Those of which the article has a value."""
    return {
        name: one
        for name, one in discrete(resource).items()
        if (resource.name, name) not in WITHOUT_EXAMPLE
    }


def of_kind(resource: Resource, kind: type[Filter]) -> list[str]:
    """The names of the filters of a kind."""
    return [name for name, one in resource.all_filters.items() if isinstance(one, kind)]


def present(one: Filter, record: Json) -> bool:
    """Whether a record has what a filter of presence asks for."""
    assert isinstance(one, Presence)
    return record[one.field] not in (None, [])


def at_least(record: Json, number: int) -> bool:
    """Whether so many sources carry a record."""
    return bool(record["sources_count"] >= number)


def by_value(world: World, resource: Resource, name: str) -> dict[str, set[str]]:
    """The records that have each value of a filter."""
    expected: dict[str, set[str]] = {}
    for id, record in world[resource.name].items():
        for value in values(world, resource, name, record):
            expected.setdefault(value, set()).add(id)
    return expected


def some(expected: dict[str, set[str]]) -> list[tuple[str, set[str]]]:
    """The value that most have and the one that fewest have."""
    ranked = sorted(expected.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    return ranked if len(ranked) <= 2 else [ranked[0], ranked[-1]]


def has(resource: Resource, name: str) -> bool:
    """Whether a filter can ask if anything is known."""
    return f"has_{name}" in resource.filter_parameters


def many(field: Any) -> bool:
    """Whether a parameter takes several values."""
    return getattr(field.annotation, "__origin__", None) is list


def sort_keys(engine: sa.Engine, resource: Resource, name: str) -> dict[str, tuple[Any, ...]]:
    """What each record of a collection is sorted by."""
    columns = resource.all_sorts[name]
    table: Any = resource.table
    query = sa.select(table.id, *columns).join(Record, Record.id == table.id)
    with session_on(engine) as session:
        return {id: tuple(key) for id, *key in session.execute(query)}


def ordered(keys: dict[str, tuple[Any, ...]], *, descending: bool) -> list[str]:
    """Ids by their keys, one key after the other, the least important first."""
    found = sorted(keys)
    for place in reversed(range(len(next(iter(keys.values()), ())))):
        known = [id for id in found if keys[id][place] is not None]
        # Reversed, Python's sort keeps the order of equal ones: the id goes up either way.
        known.sort(key=lambda id: keys[id][place], reverse=descending)
        found = known + [id for id in found if keys[id][place] is None]
    return found
