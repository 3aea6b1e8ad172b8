"""Counts of records by the values that they have: the one pass behind facets, pivots, positions."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import product
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.query.values import Values

Records = Callable[..., sa.Select[Any]]
"""The query of the records that are counted, given the columns that it is to select."""
Counts = Mapping[tuple[Any, ...], int]
"""How many there are of each combination of values; None where a value is not known."""

# What links hold are ids, keys, members of enumerations and numbers, and none of these holds it.
SEPARATOR = "\x1f"


def counts(
    session: Session,
    records: Records,
    id: Any,
    by: Sequence[Values],
    different: Values | None = None,
) -> Counts:
    """How many records have each combination of values: of several values, each of them.

    With ``different``, how many different values of that they have, of which there may be none.
    """
    if different is not None:
        return _different(session, records, id, by, different)
    if all(values.own for values in by):
        return _own(session, records, id, by)
    if len(by) == 1 and _alone(records, id, by[0]):
        return _linked(session, id, by[0])
    query, _ = each(records, id, by)
    read = [reader(values) for values in by]
    found: Counter[tuple[Any, ...]] = Counter()
    # Plain tuples are compared several times as fast as rows.
    for row, number in Counter(map(tuple, session.execute(query))).items():
        for pair in product(*(of(told) for of, told in zip(read, row, strict=True))):
            found[pair] += number
    return found


def each(
    records: Records, id: Any, by: Sequence[Values], *more: Any
) -> tuple[sa.Select[Any], Sequence[Any]]:
    """Each record in one row, with what it has of everything in ``by``, as ``reader`` reads it.

    Also the columns of ``more``, by which rows can be sorted. Nothing is sorted, joined or told
    twice in the database, which is left to go through an index once.
    """
    own = [values.seen.label(f"value_{place}") for place, values in enumerate(by) if values.own]
    wanted = [one.label(f"more_{place}") for place, one in enumerate(more)]
    whole = records(id.label("id"), *own, *wanted)
    found = whole.subquery()
    columns = [
        found.c[f"value_{place}"] if values.own else _joined(values, found)
        for place, values in enumerate(by)
    ]
    further = [found.c[one.name] for one in wanted]
    query = sa.select(*columns, *further).select_from(found)
    # In the order in which their values stand in the index of each link.
    if not more and whole.whereclause is None:
        query = query.order_by(found.c.id)
    return query, further


def reader(values: Values) -> Callable[[Any], tuple[Any, ...]]:
    """What reads a column of ``each``: the different values, None alone where none is known."""
    if values.own:
        return lambda told: (told,)
    kind = values.value.type.python_type

    @cache
    def read(told: str | None) -> tuple[Any, ...]:
        return (None,) if told is None else tuple(map(kind, {*told.split(SEPARATOR)}))

    return read


def _joined(values: Values, found: Any) -> Any:
    """What a record has of ``values``, as one text."""
    several = values.of(found.c.id).subquery()
    text = sa.cast(several.c.value, sa.Text)
    return sa.select(sa.func.aggregate_strings(text, SEPARATOR)).scalar_subquery()


def _own(session: Session, records: Records, id: Any, by: Sequence[Values]) -> Counts:
    """By columns of the records' own rows alone."""
    own = [values.seen.label(f"value_{place}") for place, values in enumerate(by)]
    found = records(id.label("id"), *own).subquery().c
    columns = [found[one.name] for one in own]
    rows = session.execute(sa.select(*columns, sa.func.count()).group_by(*columns))
    return {tuple(row[:-1]): row[-1] for row in rows}


def _alone(records: Records, id: Any, values: Values) -> bool:
    """Whether the pairs tell all: of every record, each of them once, and of no other one."""
    keys = values.owner.property.columns[0].foreign_keys
    owned = any(key.column is id.property.columns[0] for key in keys)
    return owned and values.unique and not values.where and records(id).whereclause is None


def _linked(session: Session, id: Any, values: Values) -> Counts:
    """By pairs alone, without a look at the records."""
    pairs = values.pairs().subquery().c
    rows = session.execute(sa.select(pairs.value, sa.func.count()).group_by(pairs.value))
    found: dict[tuple[Any, ...], int] = {(value,): number for value, number in rows}
    having = sa.select(sa.func.count()).select_from(sa.select(pairs.owner).distinct().subquery())
    without = sa.select(sa.func.count(id)).scalar_subquery() - having.scalar_subquery()
    number = session.scalar(sa.select(without))
    return found | ({(None,): number} if number else {})


def _different(
    session: Session, records: Records, id: Any, by: Sequence[Values], different: Values
) -> Counts:
    query, _ = each(records, id, [*by, different])
    read = [reader(values) for values in (*by, different)]
    found: dict[tuple[Any, ...], set[Any]] = defaultdict(set)
    for row in {*map(tuple, session.execute(query))}:
        *told, those = (of(column) for of, column in zip(read, row, strict=True))
        for pair in product(*told):
            found[pair].update(those)
    return {pair: len(those - {None}) for pair, those in found.items()}
