"""Which records have a name that somebody begins to write, the surest first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

from rapidfuzz.distance import OSA

from app.names import looking
from app.names.keys import END, Asked
from app.names.looking import Step
from app.names.pieces import mistakes, name_of, probes, swaps
from app.query.context import Context

HEARD_FROM = 4
"""So many letters a sound has that may be the beginning of another one."""


class MatchKind(StrEnum):
    """In what way a name is the one that was asked for, the surest first."""

    same_name = "same_name"
    same_spelling = "same_spelling"
    titled = "titled"
    prefix = "prefix"
    sound = "sound"
    typing_mistake = "typing_mistake"


CERTAIN = {MatchKind.same_name, MatchKind.same_spelling}
"""The ways in which a name is the very same."""


class Hit(NamedTuple):
    """A record that was found, by which of its names."""

    record_id: str
    kind: MatchKind
    position: int | None


@dataclass(frozen=True)
class Among:
    """Which records are looked through."""

    context: Context
    collections: Sequence[str] = ()
    """Those wanted; all where there are none."""
    country: str | None = None
    """The id of the country to which they belong."""

    def rows(self, statement: Any, **given: Any) -> Sequence[Any]:
        """What a prepared statement finds."""
        return self.context.session.connection().execute(statement, given).all()

    @cached_property
    def narrowed(self) -> looking.Narrowed:
        """What is asked of records, for statements."""
        return looking.Narrowed(
            stated=self.context.source_only,
            collections=min(len(self.collections), 2),
            country=None if self.country is None else self._few is not None,
        )

    @cached_property
    def given(self) -> Mapping[str, Any]:
        """The same, for their parameters."""
        found: dict[str, Any] = {}
        if self.collections:
            found["collections"] = [*self.collections]
            found["collection"] = self.collections[0]
        if self.country is not None:
            found |= {"country": self.country, "few": self._few or []}
        return found

    @cached_property
    def _few(self) -> list[str] | None:
        """The records of the country, where they are few."""
        statement = looking.of_country(stated=self.context.source_only)
        rows = self.rows(statement, country=self.country, most=looking.FEW + 1)
        return [row[0] for row in rows] if len(rows) <= looking.FEW else None


def find(among: Among, asked: Asked, limit: int) -> list[Hit]:
    """The first records, each once: what is called so before what begins so, and what sounds so.

    Equal ones stand by how many records refer to them, then by name. Mistakes of typing are looked
    for where nothing else is found.
    """
    found: dict[str, Hit] = {}
    for way in STEPS:
        _add(found, among, way, asked, limit)
    if not found:
        found = {hit.record_id: hit for hit in mistyped(among, asked, limit)}
    return list(found.values())


def begun(among: Among, asked: Asked, limit: int) -> list[Hit]:
    """The first records with a name that begins so."""
    found: dict[str, Hit] = {}
    for way in STEPS:
        if way[0] is MatchKind.prefix:
            _add(found, among, way, asked, limit)
    return list(found.values())


STEPS = (
    (MatchKind.same_name, Step.same),
    (MatchKind.same_spelling, Step.spelt),
    (MatchKind.prefix, Step.begun),
    # Readings say less: so many names have a syllable that begins with any letter.
    (MatchKind.prefix, Step.read),
    (MatchKind.sound, Step.heard),
    (MatchKind.sound, Step.hearing),
)
"""From the surest to the least sure."""


def _given(step: Step, asked: Asked) -> tuple[int, Mapping[str, Any]] | None:
    """The parameters of a step, with the number of its ranges; None where it finds nothing."""
    written, latin, sounds = asked.written, asked.latin, asked.sounds
    if step in (Step.same, Step.spelt):
        return 0, {"written": written}
    if step is Step.heard:
        heard = [*sounds, *latin]
        return (0, {"sounds": heard}) if heard else None
    begins = {
        Step.begun: [written],
        Step.read: [written],
        Step.hearing: [*latin, *(one for one in sounds if len(one) > HEARD_FROM)],
    }[step]
    ranges = {f"low{at}": one for at, one in enumerate(begins)}
    ranges |= {f"high{at}": f"{one}{END}" for at, one in enumerate(begins)}
    return (len(begins), ranges) if begins else None


def _add(
    found: dict[str, Hit], among: Among, way: tuple[MatchKind, Step], asked: Asked, limit: int
) -> None:
    """Add the first records that a step finds, in their order, to those found before."""
    kind, step = way
    told = _given(step, asked) if len(found) < limit and asked.written else None
    if told is None:
        return
    ranges, given = told
    # Whole names are few, and are not counted before.
    many = False
    if ranges:
        statement = looking.counting(step, ranges, stated=among.context.source_only)
        [[number]] = among.rows(statement, **given)
        many = number > looking.FEW
        if not number:
            return
    statement = looking.ordered(step, ranges, among.narrowed, many=many)
    for id, position in among.rows(statement, **given, **among.given, most=limit + len(found)):
        if len(found) < limit:
            found.setdefault(id, Hit(id, kind, position))


def mistyped(among: Among, asked: Asked, limit: int) -> list[Hit]:
    """Records with a name that was typed with a mistake, those with the fewest first."""
    found: dict[str, tuple[Any, ...]] = {}
    for typed in asked.typed:
        near = {name: OSA.distance(typed, name) for name in _near(among, typed)}
        meant = [name for name, number in near.items() if 0 < number <= mistakes(len(name))]
        if meant:
            for row in among.rows(looking.called(among.narrowed), **among.given, names=meant):
                order = (near[row.key], row.standing, row.sort_name, row.record_id, row.position)
                found[row.record_id] = min(found.get(row.record_id, order), order)
    return [Hit(one[3], MatchKind.typing_mistake, one[4]) for one in sorted(found.values())[:limit]]


def _near(among: Among, typed: str) -> set[str]:
    """The whole names that may be meant by what was typed."""
    pieces = probes(typed)
    if not pieces:
        return set()
    dialect = among.context.session.get_bind().dialect.name
    stated = among.context.source_only
    rows = among.rows(looking.near(dialect, stated=stated), pieces=pieces)
    return {name_of(row[0]) for row in rows} | {*swaps(typed)}
