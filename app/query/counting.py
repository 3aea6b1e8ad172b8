"""Counts of records by the values that they have: the one query behind facets and pivots."""

from collections.abc import Callable, Sequence
from typing import Any

import sqlalchemy as sa

from app.query.values import Values

Records = Callable[..., sa.Select[Any]]
"""The query of the records that are counted, given the columns that it is to select."""


def counted(
    records: Records, id: Any, by: Sequence[Values], different: Values | None = None
) -> tuple[sa.Select[Any], Sequence[Any], Any]:
    """How many records have each combination of values, its columns, and the column that counts.

    Records without a value of any of them are left out. With ``different``, the different values
    of that are counted, of which there may be none.
    """
    own = [values.seen.label(f"value_{place}") for place, values in enumerate(by) if values.own]
    found = records(id.label("id"), *own).subquery()
    joined: Any = found
    columns: list[Any] = []
    known: list[Any] = []
    counts: Any
    for place, values in enumerate(by):
        if values.own:
            columns.append(found.c[f"value_{place}"])
            known.append(columns[-1].is_not(None))
        else:
            pairs = values.pairs().subquery()
            joined = joined.join(pairs, pairs.c.owner == found.c.id)
            columns.append(pairs.c.value)
    if different is not None:
        pairs = different.pairs().subquery()
        joined = joined.outerjoin(pairs, pairs.c.owner == found.c.id)
        counts = sa.func.count(pairs.c.value.distinct())
    elif all(values.unique for values in by):
        counts = sa.func.count()
    else:
        counts = sa.func.count(found.c.id.distinct())
    number = counts.label("number")
    query = sa.select(*columns, number).select_from(joined).where(*known).group_by(*columns)
    return query, columns, number
