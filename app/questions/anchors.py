"""Relative dates: what each of them hangs on in the end, and on which side of it."""

from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel

from app import models as m
from app.models import Basis, DateRelation, Record
from app.query.context import Context, shown

DATED: tuple[type[SQLModel], ...] = (m.Meeting, m.Statement, m.Silence, m.Incident, m.Source)
"""The tables of records with a date of their own."""
STEPS_AT_MOST = 8
"""How far a date that is relative to a relative date is followed; those in a circle end nowhere."""
SIDES = {
    DateRelation.before: "0",
    DateRelation.same_day: "2",
    DateRelation.within: "3",
    DateRelation.after: "4",
}
"""On which side of its anchor a relative date stands."""
ITSELF = "1"
"""Where the anchor itself stands among those that hang on it."""


@cache
def placed(table: type[SQLModel], place: str) -> Any:
    """A table under a name of its own, for one place in a statement."""
    return aliased(table, name=f"{place}_{table.__tablename__}")


def visible(context: Context, record: Any) -> list[Any]:
    """What a record must be for this request to see it."""
    return [record.basis == Basis.source] if context.source_only else []


def anchored(context: Context, entry: Any) -> Any:
    """Those entries whose date is relative: the record on which each hangs, and the way to it.

    ``entry`` has the columns id, position, anchor and relation. The way begins at that record,
    so that sorted by it, what hangs on something stands beside it.
    """
    links, chain = _links(context), _first_steps(entry)
    step = _side(links.c.relation, links.c.id)
    longer = sa.select(
        chain.c.id, chain.c.position, chain.c.anchor,
        links.c.anchor, step + chain.c.path, chain.c.steps + 1,
    )  # fmt: skip
    longer = longer.select_from(sa.join(chain, links, links.c.id == chain.c.root))
    whole = chain.union_all(longer.where(chain.c.steps < STEPS_AT_MOST))
    root = placed(Record, "root")
    ends = sa.select(whole).join(root, root.id == whole.c.root).where(*visible(context, root))
    return ends.where(whole.c.root.not_in(sa.select(links.c.id))).cte("anchored")


def _first_steps(entry: Any) -> Any:
    first = sa.select(
        entry.c.id,
        entry.c.position,
        entry.c.anchor,
        entry.c.anchor.label("root"),
        _side(entry.c.relation, entry.c.id).label("path"),
        sa.cast(1, sa.Integer).label("steps"),
    )
    return first.where(entry.c.anchor.is_not(None)).cte("chain", recursive=True)


def _links(context: Context) -> Any:
    """Every record whose date is only relative, with its anchor."""
    branches = []
    for table in DATED:
        one = placed(table, "linked")
        query = sa.select(
            one.id.label("id"),
            one.date_anchor_id.label("anchor"),
            one.date_anchor_relation.label("relation"),
        )
        days = (
            shown(context, one.id, getattr(one, name), name)
            for name in ("date_earliest", "date_latest")
        )
        query = query.where(one.date_anchor_id.is_not(None), *(day.is_(None) for day in days))
        branches.append(query)
    return sa.union_all(*branches).cte("links")


def _side(relation: Any, id: Any) -> Any:
    """One step from an anchor to what hangs on it."""
    return sa.case(SIDES, value=relation) + id + "."
