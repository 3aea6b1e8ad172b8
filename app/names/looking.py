"""The statements that look through names, each prepared once for all who ask the same way."""

from enum import Enum
from functools import cache
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlmodel import col

from app.models import Basis, KeyKind, Named, NamedCountry, NameKey
from app.names.keys import END
from app.query.many import Ids, OneOf

FEW = 400
"""So many keys are put in order; where there are more, records are gone through in theirs."""
LOOKED_AT = 5000
"""So many names are compared with what was typed."""

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
        Step.spelt: sa.and_(same, kind == KeyKind.spelling),
        Step.begun: sa.and_(begins, kind.in_((KeyKind.name, KeyKind.word))),
        Step.read: sa.and_(begins, kind.in_((KeyKind.spelling, KeyKind.part))),
        # No key of a name begins as those of sounds do.
        Step.heard: sa.and_(_one_of(key, "sounds"), kind.in_((KeyKind.sound, KeyKind.name))),
        Step.hearing: sa.and_(begins, kind.in_((KeyKind.sound, KeyKind.name, KeyKind.word))),
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
    """The first records that have such keys, which may be ``many``, with the first such name."""
    record, first = col(NameKey.record_id), sa.func.min(col(NameKey.position))
    condition = _condition(step, ranges, stated=narrowed.stated)
    same = record == col(Named.record_id)
    if many:
        has = sa.select(sa.literal(1)).where(condition, same).exists()
        at = sa.select(first).where(condition, same).scalar_subquery()
        query = sa.select(col(Named.record_id), at).where(has)
    else:
        # An expression: by the column itself, SQLite goes through all keys in the order of records.
        id = record.concat(sa.literal_column("''"))
        keys = sa.select(id.label("id"), first.label("at")).where(condition)
        found = keys.group_by(id).subquery()
        query = sa.select(col(Named.record_id), found.c.at)
        query = query.join(found, found.c.id == col(Named.record_id))
    query = query.where(*_narrowing(narrowed)).order_by(*_ORDER)
    return query.limit(sa.bindparam("most", type_=sa.Integer))


@cache
def near(dialect: str, *, stated: bool) -> Any:
    """The keys of pieces that begin as those of what was typed do."""
    asked = sa.bindparam("pieces", type_=Ids())
    value = sa.column("value", sa.Text)
    if dialect == "sqlite":
        begins = sa.func.json_each(asked).table_valued(value)
    else:
        begins = sa.func.unnest(asked).table_valued(value).render_derived()
    key = col(NameKey.key)
    same = key.between(begins.c.value, begins.c.value + END)
    query = sa.select(key).distinct().select_from(begins).join(NameKey, same)
    query = query.where(col(NameKey.kind) == KeyKind.piece, _seen(stated=stated))
    return query.order_by(key).limit(LOOKED_AT)


@cache
def called(narrowed: Narrowed) -> Any:
    """Of some whole names the records that have them, with their order."""
    key = col(NameKey.key)
    columns = (NameKey.record_id, NameKey.key, NameKey.position, Named.standing, Named.sort_name)
    query = sa.select(*map(col, columns)).join(Named, col(Named.record_id) == NameKey.record_id)
    query = query.where(_one_of(key, "names"), col(NameKey.kind).in_(WHOLE))
    return query.where(_seen(stated=narrowed.stated), *_narrowing(narrowed))


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
