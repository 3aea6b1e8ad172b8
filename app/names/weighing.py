"""How well a record is what somebody means who tells more than a name: country, role and date."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import col

from app import models as m
from app.models import Basis
from app.names.finding import MatchKind
from app.names.spellings import plain
from app.query.context import Context, shown
from app.query.many import is_one_of

SURE = {
    MatchKind.same_name: 1.0,
    MatchKind.same_spelling: 0.95,
    MatchKind.titled: 0.9,
    MatchKind.sound: 0.8,
    MatchKind.typing_mistake: 0.7,
    MatchKind.prefix: 0.5,
}
"""What a name alone is worth, by the way in which it is the one asked for."""
RAISED = 0.3
"""So much of what is missing to 1 is added for each thing that agrees."""
Days = tuple[date | None, date | None]
"""The first and the last day that a date allows; None where that end is open."""


class MatchReason(StrEnum):
    """In what way a name is the one asked for, or what else was compared."""

    same_name = "same_name"
    same_spelling = "same_spelling"
    titled = "titled"
    prefix = "prefix"
    sound = "sound"
    typing_mistake = "typing_mistake"
    capital = "capital"
    country = "country"
    role = "role"
    date = "date"


class MatchEffect(StrEnum):
    """What a reason does to a score."""

    raises = "raises"
    lowers = "lowers"
    none = "none"


class Told(NamedTuple):
    """What somebody tells beside a name: what each thing may be, nothing where it is empty."""

    countries: Sequence[str] = ()
    """The ids of countries."""
    roles: Sequence[str] = ()
    """In plain form."""
    spans: Sequence[Days] = ()


class Office(NamedTuple):
    """An office that somebody holds, or a part in a meeting."""

    words: tuple[str, ...]
    """What it is called."""
    days: Days


LOWERED = {
    MatchReason.capital: 0.7,
    MatchReason.country: 0.5,
    MatchReason.role: 0.7,
    MatchReason.date: 0.7,
}
"""What remains where something contradicts."""


@dataclass
class Facts:
    """What is known of some records that can be weighed, by their ids."""

    countries: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    offices: dict[str, list[Office]] = field(default_factory=lambda: defaultdict(list))
    known_offices: set[str] = field(default_factory=set)
    """Which of the roles that are told are offices of anybody."""
    capitals: set[tuple[str, int]] = field(default_factory=set)
    """The names that are those of capitals: record and position."""
    days: dict[str, Days] = field(default_factory=dict)
    order: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    """Where they stand: what most refer to first, then by name."""

    def place(self, id: str) -> tuple[int, str, str]:
        """Where a record stands, also one that has no name."""
        return self.order.get(id, (0, "", id))


class Weight(NamedTuple):
    """What one thing that is told does to the score of a record."""

    reason: MatchReason
    effect: MatchEffect


def facts(context: Context, ids: Iterable[str], roles: Iterable[str]) -> Facts:
    """What is known of these records, and which of some roles are offices."""
    found = Facts(known_offices=_offices(context, {*roles}))
    capital = sa.select(col(m.Name.record_id), col(m.Name.position)).where(
        is_one_of(m.Name.record_id, ids), col(m.Name.kind) == m.NameKind.capital
    )
    found.capitals = {(row.record_id, row.position) for row in context.rows(capital)}
    named = sa.select(*map(col, (m.Named.record_id, m.Named.standing, m.Named.sort_name)))
    for id, standing, name in context.rows(named.where(is_one_of(m.Named.record_id, ids))):
        found.order[id] = standing, name, id
    for row in _stated(context, m.NamedCountry, m.NamedCountry.record_id, ids):
        found.countries[row.record_id].add(row.country_id)
    for row in _stated(context, m.ParticipantOffice, m.ParticipantOffice.participant_id, ids):
        called = _plain(row.office), _plain(row.title)
        days = row.date_earliest, row.date_latest
        found.offices[row.participant_id].append(Office(called, days))
    parts = sa.select(col(m.Participation.participant_id), col(m.Participation.role)).distinct()
    for id, role in context.rows(parts.where(is_one_of(m.Participation.participant_id, ids))):
        found.offices[id].append(Office((_plain(role),), (None, None)))
    for table in (m.Meeting, m.Incident, m.Source):
        found.days |= _dated(context, table, ids)
    return found


def _offices(context: Context, roles: set[str]) -> set[str]:
    """Those of some roles that anybody has as an office."""
    office = col(m.ParticipantOffice.office)
    written = {role.replace(" ", "-"): role for role in roles}
    rows = sa.select(office).distinct().where(is_one_of(m.ParticipantOffice.office, written))
    if context.source_only:
        rows = rows.where(col(m.ParticipantOffice.basis) == Basis.source)
    return {written[row[0]] for row in context.rows(rows)} if roles else set()


def _stated(context: Context, table: Any, owner: Any, ids: Iterable[str]) -> Iterable[Any]:
    """The rows of some records, without what no source states where that is hidden."""
    rows = context.rows(sa.select(table.__table__).where(is_one_of(owner, ids)))
    return (row for row in rows if row.basis is Basis.source or not context.source_only)


def _dated(context: Context, table: Any, ids: Iterable[str]) -> dict[str, Days]:
    """The days that the dates of some records allow."""
    first, last = (
        shown(table.id, getattr(table, name), name, source_only=context.source_only)
        for name in ("date_earliest", "date_latest")
    )
    rows = context.rows(sa.select(table.id, first, last).where(is_one_of(table.id, ids)))
    return {id: (start, end) for id, start, end in rows if start or end}


def weigh(id: str, told: Told, known: Facts, position: int | None = None) -> list[Weight]:
    """What each thing that is told does to a record's score; nothing is done by the unknown.

    ``position`` is that of the name by which it was found.
    """
    offices = known.offices.get(id, [])
    held = [one for one in offices if not {*one.words}.isdisjoint(told.roles)]
    found = []
    if position is not None and (id, position) in known.capitals:
        found.append(Weight(MatchReason.capital, MatchEffect.lowers))
    if told.countries:
        countries = known.countries.get(id)
        agrees = None if not countries else not countries.isdisjoint(told.countries)
        found.append(Weight(MatchReason.country, _effect(agrees)))
    if told.roles:
        other = any(len(one.words) > 1 for one in offices)
        understood = not known.known_offices.isdisjoint(told.roles)
        agrees = True if held else False if other and understood else None
        found.append(Weight(MatchReason.role, _effect(agrees)))
    if told.spans:
        spans = [one.days for one in held] or [known.days.get(id, (None, None))]
        found.append(Weight(MatchReason.date, _effect(_overlaps(told.spans, spans))))
    return found


def score(kind: MatchKind, weights: Iterable[Weight]) -> float:
    """From 0 to 1: what the name is worth, raised and lowered by what is told beside it."""
    found = SURE[kind]
    for weight in weights:
        if weight.effect is MatchEffect.raises:
            found += (1 - found) * RAISED
        elif weight.effect is MatchEffect.lowers:
            found *= LOWERED[weight.reason]
    return round(found, 3)


def is_contradicted(weights: Iterable[Weight]) -> bool:
    """Whether something lowers the score."""
    return any(one.effect is MatchEffect.lowers for one in weights)


def _effect(agrees: bool | None) -> MatchEffect:
    if agrees is None:
        return MatchEffect.none
    return MatchEffect.raises if agrees else MatchEffect.lowers


@lru_cache(maxsize=4096)
def _plain(office: str) -> str:
    return plain(office)


def _overlaps(asked: Iterable[Days], spans: Iterable[Days]) -> bool | None:
    """Whether a day may be within one of some spans; None where no span has an end."""
    known = [(first, last) for first, last in spans if first or last]
    if not known:
        return None
    return any(
        (first or date.min) <= (end or date.max) and (last or date.max) >= (start or date.min)
        for first, last in known
        for start, end in asked
    )
