"""How well a record is what somebody means who tells more than a name: country, role and date."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import col

from app import models as m
from app.models import Basis
from app.names.finding import CERTAIN, MatchKind
from app.names.spellings import plain
from app.query.context import Context, shown
from app.query.many import is_one_of

SURE = {
    MatchKind.same_name: 1.0,
    MatchKind.same_spelling: 0.95,
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
    prefix = "prefix"
    sound = "sound"
    typing_mistake = "typing_mistake"
    country = "country"
    role = "role"
    date = "date"


class MatchEffect(StrEnum):
    """What a reason does to a score."""

    raises = "raises"
    lowers = "lowers"
    none = "none"


class Told(NamedTuple):
    """What somebody tells beside a name."""

    country: str | None
    """The id of a country."""
    role: str | None
    days: Days | None


class Office(NamedTuple):
    """An office that somebody holds, or a part in a meeting."""

    words: tuple[str, ...]
    """What it is called."""
    days: Days


LOWERED = {MatchReason.country: 0.5, MatchReason.role: 0.7, MatchReason.date: 0.7}
"""What remains where something contradicts."""


@dataclass
class Facts:
    """What is known of some records that can be weighed, by their ids."""

    countries: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    offices: dict[str, list[Office]] = field(default_factory=lambda: defaultdict(list))
    days: dict[str, Days] = field(default_factory=dict)
    order: dict[str, tuple[int, str, str]] = field(default_factory=dict)
    """Where they stand: what most refer to first, then by name."""


class Weight(NamedTuple):
    """What one thing that is told does to the score of a record."""

    reason: MatchReason
    effect: MatchEffect


def facts(context: Context, ids: Iterable[str]) -> Facts:
    """What is known of these records."""
    found = Facts()
    named = sa.select(*map(col, (m.Named.record_id, m.Named.standing, m.Named.sort_name)))
    for id, standing, name in context.rows(named.where(is_one_of(m.Named.record_id, ids))):
        found.order[id] = standing, name, id
    for row in _stated(context, m.NamedCountry, m.NamedCountry.record_id, ids):
        found.countries[row.record_id].add(row.country_id)
    for row in _stated(context, m.ParticipantOffice, m.ParticipantOffice.participant_id, ids):
        called = plain(row.office), plain(row.title)
        days = row.date_earliest, row.date_latest
        found.offices[row.participant_id].append(Office(called, days))
    parts = sa.select(col(m.Participation.participant_id), col(m.Participation.role)).distinct()
    for id, role in context.rows(parts.where(is_one_of(m.Participation.participant_id, ids))):
        found.offices[id].append(Office((plain(role),), (None, None)))
    for table in (m.Meeting, m.Incident, m.Source):
        found.days |= _dated(context, table, ids)
    return found


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


def weigh(id: str, told: Told, known: Facts) -> list[Weight]:
    """What each thing that is told does to a record's score; nothing is done by the unknown."""
    offices = known.offices.get(id, [])
    held = [one for one in offices if told.role and _is_called(one, told.role)]
    found = []
    if told.country:
        countries = known.countries.get(id)
        found.append(Weight(MatchReason.country, _effect(countries and told.country in countries)))
    if told.role:
        named = [one for one in offices if len(one.words) > 1]
        found.append(Weight(MatchReason.role, _effect(bool(held) if held or named else None)))
    if told.days:
        spans = [one.days for one in held] or [known.days.get(id, (None, None))]
        found.append(Weight(MatchReason.date, _effect(_overlaps(told.days, spans))))
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


def is_certain(kind: MatchKind, weights: Iterable[Weight]) -> bool:
    """Whether a name is the same and nothing contradicts."""
    return kind in CERTAIN and all(one.effect is not MatchEffect.lowers for one in weights)


def _effect(agrees: Any) -> MatchEffect:
    if agrees is None:
        return MatchEffect.none
    return MatchEffect.raises if agrees else MatchEffect.lowers


def _is_called(office: Office, role: str) -> bool:
    """Whether a role is an office, or one of them says more of it than the other."""
    asked = set(plain(role).split())
    called = [set(words.split()) for words in office.words if words]
    return any(asked and (asked <= words or words <= asked) for words in called)


def _overlaps(asked: Days, spans: Iterable[Days]) -> bool | None:
    """Whether a day may be within one of some spans; None where no span has an end."""
    known = [(first, last) for first, last in spans if first or last]
    if not known:
        return None
    start, end = asked[0] or date.min, asked[1] or date.max
    return any((first or date.min) <= end and (last or date.max) >= start for first, last in known)
