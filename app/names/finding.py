"""Which records have a name that somebody begins to write, the surest first."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any, NamedTuple

import sqlalchemy as sa
from rapidfuzz.distance import OSA
from sqlmodel import col

from app.models import Basis, KeyKind, Named, NamedCountry, NameKey
from app.names.keys import END, Asked
from app.names.pieces import mistakes, probes, swaps
from app.query.context import Context
from app.query.many import is_one_of

FEW = 1000
"""So many keys are put in order; where there are more, records are gone through in theirs."""
LOOKED_AT = 5000
"""So many pieces are compared with what was typed."""

WHOLE = (KeyKind.name, KeyKind.spelling)
WRITTEN = (KeyKind.name, KeyKind.word)
READ = (KeyKind.spelling, KeyKind.part)
HEARD_FROM = 4
"""So many letters a sound has that may be the beginning of another one."""


class MatchKind(StrEnum):
    """In what way a name is the one that was asked for, the surest first."""

    same_name = "same_name"
    same_spelling = "same_spelling"
    prefix = "prefix"
    sound = "sound"
    typing_mistake = "typing_mistake"


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

    def keys(self, condition: Any) -> Any:
        """A condition on keys, of those that may be seen."""
        stated = col(NameKey.basis) == Basis.source
        return sa.and_(condition, stated) if self.context.source_only else condition

    @cached_property
    def conditions(self) -> list[Any]:
        """What holds of ``Named``."""
        found: list[Any] = []
        if self.collections:
            found.append(col(Named.collection).in_(self.collections))
        if self.country:
            found.append(self._of_country)
        return found

    @property
    def _of_country(self) -> Any:
        few = self._few_of_country
        if few is not None:
            return is_one_of(Named.record_id, few)
        named = sa.select(1).where(
            col(NamedCountry.record_id) == col(Named.record_id), *self._country
        )
        return named.exists()

    @property
    def _few_of_country(self) -> list[str] | None:
        """The records of a country, where there are few."""
        query = sa.select(col(NamedCountry.record_id)).where(*self._country).limit(FEW + 1)
        rows = self.context.rows(query)
        return [row[0] for row in rows] if len(rows) <= FEW else None

    @property
    def _country(self) -> list[Any]:
        stated = [col(NamedCountry.basis) == Basis.source] if self.context.source_only else []
        return [col(NamedCountry.country_id) == self.country, *stated]


def find(among: Among, asked: Asked, limit: int) -> list[Hit]:
    """The first records, each once: what is called so before what begins so, and what sounds so.

    Equal ones stand by how many records refer to them, then by name. Mistakes of typing are looked
    for where nothing else is found.
    """
    found: dict[str, Hit] = {}
    for kind, condition in _steps(asked):
        _add(found, _matching(among, kind, condition, limit, found))
        if len(found) >= limit:
            break
    if not found:
        _add(found, mistyped(among, asked, limit))
    return list(found.values())[:limit]


def _add(found: dict[str, Hit], hits: Iterable[Hit]) -> None:
    for hit in hits:
        found.setdefault(hit.record_id, hit)


def _steps(asked: Asked) -> Iterator[tuple[MatchKind, Any]]:
    """From the surest to the least sure, what holds of the keys."""
    key, kind = col(NameKey.key), col(NameKey.kind)
    if asked.written:
        called = (KeyKind.name, KeyKind.code)
        yield MatchKind.same_name, sa.and_(key == asked.written, kind.in_(called))
        same = [sa.and_(key == asked.written, kind == KeyKind.spelling)]
        same += [sa.and_(key == one, kind == KeyKind.name) for one in asked.latin]
        yield MatchKind.same_spelling, sa.or_(*same)
        begun = [_begins(one) for one in (asked.written, *asked.latin)]
        yield MatchKind.prefix, sa.and_(sa.or_(*begun), kind.in_(WRITTEN))
        # Readings say less: so many names have a syllable that begins with any letter.
        yield MatchKind.prefix, sa.and_(_begins(asked.written), kind.in_(READ))
    for sound in asked.sounds:
        yield MatchKind.sound, sa.and_(key == sound, kind == KeyKind.sound)
    for sound in asked.sounds:
        if len(sound) > HEARD_FROM:
            yield MatchKind.sound, sa.and_(_begins(sound), kind == KeyKind.sound)


def _begins(key: str) -> Any:
    return col(NameKey.key).between(key, f"{key}{END}")


def _matching(
    among: Among, kind: MatchKind, condition: Any, limit: int, but: Iterable[str]
) -> list[Hit]:
    """The first records that have such a key, in their order, without those found before."""
    condition = among.keys(condition)
    counted = sa.select(1).select_from(NameKey).where(condition).limit(FEW + 1).subquery()
    number = among.context.session.scalar(sa.select(sa.func.count()).select_from(counted)) or 0
    if not number:
        return []
    order = (col(Named.standing), col(Named.sort_name), col(Named.record_id))
    query = sa.select(col(Named.record_id)).where(*among.conditions).order_by(*order)
    has = sa.select(col(NameKey.record_id)).where(condition)
    if number > FEW:
        query = query.where(has.where(col(NameKey.record_id) == col(Named.record_id)).exists())
    else:
        query = query.where(col(Named.record_id).in_(has))
    known = set(but)
    ids = [row[0] for row in among.context.rows(query.limit(limit + len(known)))]
    ids = [id for id in ids if id not in known][: limit - len(known)]
    return list(_placed(among, kind, condition, ids))


def _placed(among: Among, kind: MatchKind, condition: Any, ids: Sequence[str]) -> Iterator[Hit]:
    """The records, each with the first of its names that is meant."""
    if ids:
        query = sa.select(col(NameKey.record_id), sa.func.min(col(NameKey.position)))
        query = query.where(is_one_of(NameKey.record_id, ids), condition)
        rows = among.context.rows(query.group_by(col(NameKey.record_id)))
        at: dict[str, int | None] = {row[0]: row[1] for row in rows}
        yield from (Hit(id, kind, at[id]) for id in ids)


def mistyped(among: Among, asked: Asked, limit: int) -> list[Hit]:
    """Records with a name that was typed with a mistake, those with the fewest first."""
    found: dict[str, tuple[Any, ...]] = {}
    for typed in asked.typed:
        for row in _near(among, typed):
            distance = OSA.distance(typed, row.key)
            if 0 < distance <= mistakes(max(len(row.key), 0)):
                order = (distance, row.standing, row.sort_name, row.record_id, row.position)
                if row.record_id not in found or order < found[row.record_id]:
                    found[row.record_id] = order
    best = sorted(found.values())[:limit]
    return [Hit(order[3], MatchKind.typing_mistake, order[4]) for order in best]


def _near(among: Among, typed: str) -> Sequence[Any]:
    """The whole names of which a piece is as in what was typed."""
    pieces = sa.select(col(NameKey.record_id)).where(
        is_one_of(NameKey.key, probes(typed)), col(NameKey.kind) == KeyKind.piece
    )
    swapped = sa.select(col(NameKey.record_id)).where(
        is_one_of(NameKey.key, swaps(typed)), col(NameKey.kind).in_(WHOLE)
    )
    near = sa.union(pieces, swapped).order_by("record_id").limit(LOOKED_AT)
    query = sa.select(
        col(NameKey.record_id), col(NameKey.key), col(NameKey.position),
        col(Named.standing), col(Named.sort_name),
    )  # fmt: skip
    query = query.join(Named, col(Named.record_id) == col(NameKey.record_id))
    query = query.where(
        col(NameKey.record_id).in_(near), col(NameKey.kind).in_(WHOLE), *among.conditions
    )
    return among.context.rows(query.where(among.keys(sa.true())))
