"""The statements that look through names, each prepared once for all who ask the same way."""

from enum import Enum
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import col

from app.models import Basis, KeyKind, Named, NamedCountry, NameKey
from app.query.many import Ids, OneOf

FEW = 1000
"""So many keys are put in order; where there are more, records are gone through in theirs."""
LOOKED_AT = 5000
"""So many records are compared with what was typed."""

WHOLE = (KeyKind.name, KeyKind.spelling)
_ORDER = (col(Named.standing), col(Named.sort_name), col(Named.record_id))


class Step(Enum):
    """What keys are looked for."""

    same = "same"
    spelt = "spelt"
    begun = "begun"
    read = "read"
    heard = "heard"
    hearing = "hearing"


class Narrowed(NamedTuple):
    """In what way records are left out, whichever they are."""

    stated: bool
    """Whether names count that no source states."""
    collections: int
    """None, one, or 2 for several."""
    country: bool | None
    """None, or whether it is one with few records."""


def _one_of(column: Any, name: str) -> Any:
    return OneOf(column, sa.bindparam(name, type_=Ids()))


def _condition(step: Step, ranges: int, *, stated: bool) -> Any:
    """What a step asks of keys."""
    key, kind = col(NameKey.key), col(NameKey.kind)
    same = key == sa.bindparam("written")
    begins = sa.or_(
        sa.false(),
        *(key.between(sa.bindparam(f"low{at}"), sa.bindparam(f"high{at}")) for at in range(ranges)),
    )
    asked = {
        Step.same: sa.and_(same, kind.in_((KeyKind.name, KeyKind.code))),
        Step.spelt: sa.or_(
            sa.and_(same, kind == KeyKind.spelling),
            sa.and_(_one_of(key, "latin"), kind == KeyKind.name),
        ),
        Step.begun: sa.and_(begins, kind.in_((KeyKind.name, KeyKind.word))),
        Step.read: sa.and_(begins, kind.in_((KeyKind.spelling, KeyKind.part))),
        Step.heard: sa.and_(_one_of(key, "sounds"), kind == KeyKind.sound),
        Step.hearing: sa.and_(begins, kind == KeyKind.sound),
    }[step]
    return sa.and_(asked, _seen(stated=stated))


def _seen(*, stated: bool) -> Any:
    return col(NameKey.basis) == Basis.source if stated else sa.true()


@cache
def counting(step: Step, ranges: int, *, stated: bool) -> Any:
    """How many keys there are, as far as it matters."""
    keys = sa.select(sa.literal(1)).select_from(NameKey)
    keys = keys.where(_condition(step, ranges, stated=stated)).limit(FEW + 1)
    return sa.select(sa.func.count()).select_from(keys.subquery())


@cache
def ordered(step: Step, ranges: int, narrowed: Narrowed, *, many: bool) -> Any:
    """The first records that have such keys, which may be ``many``."""
    has = sa.select(col(NameKey.record_id)).where(_condition(step, ranges, stated=narrowed.stated))
    query = sa.select(col(Named.record_id)).where(*_narrowing(narrowed)).order_by(*_ORDER)
    if many:
        query = query.where(has.where(col(NameKey.record_id) == col(Named.record_id)).exists())
    else:
        query = query.where(col(Named.record_id).in_(has))
    return query.limit(sa.bindparam("most", type_=sa.Integer))


@cache
def placed(step: Step, ranges: int, *, stated: bool) -> Any:
    """For some records the first of their names that have such keys."""
    query = sa.select(col(NameKey.record_id), sa.func.min(col(NameKey.position)))
    query = query.where(_one_of(NameKey.record_id, "ids"), _condition(step, ranges, stated=stated))
    return query.group_by(col(NameKey.record_id))


@cache
def near(narrowed: Narrowed) -> Any:
    """The whole names of records of which a name has a piece of what was typed, or two swapped."""
    record, key, kind = col(NameKey.record_id), col(NameKey.key), col(NameKey.kind)
    pieces = sa.select(record).where(_one_of(key, "pieces"), kind == KeyKind.piece)
    swapped = sa.select(record).where(_one_of(key, "swaps"), kind.in_(WHOLE))
    alike = sa.union(pieces, swapped).order_by("record_id").limit(LOOKED_AT)
    columns = (record, key, col(NameKey.position), col(Named.standing), col(Named.sort_name))
    query = sa.select(*columns).join(Named, col(Named.record_id) == record)
    query = query.where(record.in_(alike), kind.in_(WHOLE), _seen(stated=narrowed.stated))
    return query.where(*_narrowing(narrowed))


@cache
def of_country(*, stated: bool) -> Any:
    """The records of a country."""
    query = sa.select(col(NamedCountry.record_id)).where(*_country(stated=stated))
    return query.limit(sa.bindparam("most", type_=sa.Integer))


def _narrowing(narrowed: Narrowed) -> list[Any]:
    found: list[Any] = []
    if narrowed.collections == 1:
        found.append(col(Named.collection) == sa.bindparam("collection"))
    elif narrowed.collections:
        found.append(_one_of(Named.collection, "collections"))
    if narrowed.country:
        found.append(_one_of(Named.record_id, "few"))
    elif narrowed.country is not None:
        belongs = sa.select(sa.literal(1)).where(
            col(NamedCountry.record_id) == col(Named.record_id), *_country(stated=narrowed.stated)
        )
        found.append(belongs.exists())
    return found


def _country(*, stated: bool) -> list[Any]:
    seen = [col(NamedCountry.basis) == Basis.source] if stated else []
    return [col(NamedCountry.country_id) == sa.bindparam("country"), *seen]
