"""What has no date of its own: what each entry hangs on in the end, and the way to it."""

from typing import Any

import sqlalchemy as sa

from app.models import Record
from app.query.context import Context
from app.questions.beside import DATED, placed, undated, visible

STEPS_AT_MOST = 8
"""How far what stands beside something undated is followed; those in a circle end nowhere."""


def anchored(context: Context, entry: Any) -> Any:
    """Those entries that stand beside a record: that on which each hangs, and the way to it.

    ``entry`` has the columns id, position, beside, step and placement. The way begins at that
    record, so that sorted by it, what hangs on something stands beside it.
    """
    chain = _first_steps(entry)
    rows, link = _linked(context, chain, "linked")
    longer = sa.select(
        chain.c.id, chain.c.position, chain.c.beside, chain.c.placement,
        link["beside"], link["step"] + chain.c.path, chain.c.steps + 1,
    )  # fmt: skip
    longer = longer.select_from(rows).where(
        chain.c.steps < STEPS_AT_MOST, link["beside"].is_not(None)
    )
    whole = chain.union_all(longer)
    rows, link = _linked(context, whole, "last")
    root = placed(Record, "root")
    ends = sa.select(whole).select_from(rows).join(root, root.id == whole.c.root)
    return ends.where(
        link["beside"].is_(None), *visible(root, source_only=context.source_only)
    ).cte("anchored")


def _first_steps(entry: Any) -> Any:
    first = sa.select(
        entry.c.id,
        entry.c.position,
        entry.c.beside,
        entry.c.placement,
        entry.c.beside.label("root"),
        entry.c.step.label("path"),
        sa.cast(1, sa.Integer).label("steps"),
    )
    return first.where(entry.c.beside.is_not(None)).cte("chain", recursive=True)


def _linked(context: Context, chain: Any, place: str) -> tuple[Any, dict[str, Any]]:
    """The rows of ``chain``, and what the root of each stands beside, with the step from that."""
    rows, found = chain, []
    for table, collection in DATED.items():
        one = placed(table, place)
        rows = sa.outerjoin(rows, one, one.id == chain.c.root)
        found.append(undated(one, one.id, collection, context.source_only))
    steps = (sa.case((one.id.is_not(None), one.step)) for one in found)
    return rows, {
        "beside": sa.func.coalesce(*(one.beside for one in found)),
        "step": sa.func.coalesce(*steps),
    }
