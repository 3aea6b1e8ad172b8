"""Two meetings of one series beside each other: what is said anew, again, or no more."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict
from sqlmodel import col

from app.errors import InvalidQuery, fault
from app.models import Meeting, MeetingSeries, MeetingStatus
from app.query.context import Context
from app.query.filters import Asked
from app.questions.ledger import SAID, UNSAID, Counted
from app.questions.question import Answer, Asking, Labelled
from app.resources import meetings
from app.resources.common import MEETINGS


class Change(StrEnum):
    """What becomes of a topic from one meeting to another, by whether a side speaks of it."""

    new = "new"
    repeated = "repeated"
    dropped = "dropped"


class Compared(Labelled):
    """A meeting that is compared, and how much is recorded of it.

    It is not covered where it was not held, or where neither number is more than 0: then nothing
    changes from it or to it.
    """

    status: MeetingStatus
    statements: Counted
    """All statements at it, whatever else is asked for."""
    silences: Counted
    """All silences at it, whatever else is asked for."""


class ComparedMeeting(Labelled):
    """What a meeting tells of itself."""

    more: ClassVar[dict[str, Any]] = {"status": Meeting.status}


class Comparison(BaseModel):
    """Which meetings are compared."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    series: Labelled
    """The series in which both stand."""
    earlier: Compared
    """The one that stands first in it."""
    later: Compared
    """The other."""


def compared(asking: Asking, written: Sequence[str]) -> Answer:
    """The two meetings that were ``written``, in the order of a series.

    Raises InvalidQuery where there is no such order: which one repeats the other cannot be told.
    """
    series, *pair = _in_order(asking.context, _meetings(asking.context, written))
    found = asking.labelled(ComparedMeeting, pair)
    earlier, later = (found[id] | _recorded(asking, found[id]["slug"]) for id in pair)
    shared = asking.labelled(Labelled, [series])[series]
    return {"series": shared, "earlier": earlier, "later": later}


def covered(comparison: Answer) -> bool:
    """Whether both meetings were held, and of each something is recorded, were it a silence."""
    return all(
        one["status"] is MeetingStatus.held
        and (one["statements"]["count"] or one["silences"]["count"])
        for one in (comparison["earlier"], comparison["later"])
    )


def _recorded(asking: Asking, slug: str) -> Answer:
    """All that is recorded of a meeting: what else is asked for does not say how well it is."""
    given = {"meeting": [slug]}
    return {
        one.name: {"count": asking.count(one, given), "url": asking.url(one, given)}
        for one in (SAID, UNSAID)
    }


def change(earlier: int, later: int) -> Change | None:
    """What so many statements at two meetings make of a topic; silences change nothing."""
    if earlier and later:
        return Change.repeated
    return Change.dropped if earlier else Change.new if later else None


def _meetings(context: Context, written: Sequence[str]) -> list[str]:
    """The ids of two meetings."""
    asked = Asked(context, None, {})
    ids = asked.ids("compare", MEETINGS, written)
    if len(ids) != len(written) and not asked.faults:
        asked.faults.append(fault("not_a_pair", "compare", "Name two that differ."))
    if asked.faults:
        raise InvalidQuery(" ".join(one.detail for one in asked.faults), asked.faults)
    return ids


def _in_order(context: Context, ids: Sequence[str]) -> tuple[str, str, str]:
    """A series of both meetings, the earlier and the later."""
    shared = {series: ranks for series, ranks in _ranks(context, ids).items() if len(ranks) == 2}
    known = {series: ranks for series, ranks in shared.items() if None not in ranks.values()}
    if not known:
        detail = (
            "Which of these meetings stands first in their series is not known."
            if shared
            else "These meetings stand in no series together."
        )
        raise InvalidQuery(detail, [fault("not_comparable", "compare", detail)])
    series, ranks = min(known.items())
    earlier, later = sorted(ranks, key=lambda id: (ranks[id] or 0, id))
    return series, earlier, later


def _ranks(context: Context, ids: Sequence[str]) -> Mapping[str, Mapping[str, int | None]]:
    """The ranks of meetings, by series and meeting."""
    seen = meetings.RESOURCE.facets["series"].seen("series", context).pairs()
    query = seen.add_columns(col(MeetingSeries.rank))
    found: dict[str, dict[str, int | None]] = defaultdict(dict)
    for meeting, series, rank in context.session.execute(
        query.where(col(MeetingSeries.meeting_id).in_(ids))
    ):
        found[series][meeting] = rank
    return found
