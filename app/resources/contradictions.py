"""What sources say differently of one record, side by side."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Annotated, Any

import sqlalchemy as sa
from sqlmodel import col

from app.models import Contradiction
from app.query.context import Context
from app.query.meaning import Means
from app.query.refs import Ref
from app.query.shape import Out


class ValueOut(Out):
    """One value of the field, and who gives it."""

    value: str | bool | int
    """As the sources give it; what refers to a record is told as its slug, a point as latitude and
    longitude, a relative date as `before meetings/talks-2`."""
    sources: list[Ref]
    """The sources that say so."""


class ContradictionOut(Out):
    """A field on which sources contradict each other."""

    field: str
    """Its name in this record; in a row of a list after what identifies the row, as in
    `series/lake-talks/ordinal`; `date` where a calendar date stands against a relative one."""
    values: Annotated[list[ValueOut], Means("account")]
    """Every value, that of the field itself first."""


def contradictions(context: Context, ids: Sequence[str]) -> Mapping[str, list[dict[str, Any]]]:
    """The contradictions of the records of a page, by the record's id."""
    query = sa.select(Contradiction).where(col(Contradiction.record_id).in_(ids))
    query = query.order_by(col(Contradiction.record_id), col(Contradiction.position))
    rows = context.session.scalars(query).all()
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for (id, field), told in groupby(rows, lambda row: (row.record_id, row.field)):
        found[id].append({"field": field, "values": _values(context, told)})
    return found


def _values(context: Context, rows: Any) -> list[dict[str, Any]]:
    return [
        {"value": value, "sources": [context.refs.to(Ref, row.source_id) for row in each]}
        for value, each in groupby(rows, lambda row: row.value)
    ]
