"""What has no date of its own: the record beside which it stands, and on which side of it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased
from sqlmodel import SQLModel

from app import models as m
from app.models import KEY, Basis, Collection, DateRelation, Evidence, MeetingSeries, Record
from app.query.context import not_reference, shown
from app.query.values import ByCodePoint

RANKS = {
    Collection.meetings: 0,
    Collection.statements: 1,
    Collection.silences: 2,
    Collection.incidents: 3,
    Collection.proposals: 4,
}
"""What comes first of that which one passage tells of one date."""
OTHERS = 5
DATED: Mapping[type[SQLModel], Collection] = {
    m.Meeting: Collection.meetings,
    m.Statement: Collection.statements,
    m.Silence: Collection.silences,
    m.Incident: Collection.incidents,
    m.Source: Collection.sources,
}
"""The tables of records with a date of their own."""
SERIES_BEFORE = "0"
SIDES = {
    DateRelation.before: "1",
    DateRelation.same_day: "3",
    DateRelation.within: "4",
    DateRelation.after: "6",
}
"""On which side of its anchor a relative date stands."""
ITSELF = "2"
"""Where a record itself stands among those that stand beside it."""
AT_MEETING = "5"
SERIES_AFTER = "7"
DIGITS = 10**9
"""More than any number that stands in a way, so that all have as many digits."""


class Placement(StrEnum):
    """Why an entry stands where it stands.

    At its own date; beside the record to which its date is relative, or its meeting; beside a
    meeting of its series; where its source tells it; or at the end, since nothing tells its place.
    """

    dated = "dated"
    anchored = "anchored"
    series = "series"
    source = "source"
    unplaced = "unplaced"


@cache
def placed(table: type[SQLModel], place: str) -> Any:
    """A table under a name of its own, for one place in a statement."""
    return aliased(table, name=f"{place}_{table.__tablename__}")


def visible(record: Any, *, source_only: bool) -> list[Any]:
    """What a record must be for a request to see it."""
    return [record.basis == Basis.source] if source_only else []


def word(value: str) -> Any:
    """A word as a column of text, the same on every database."""
    return ByCodePoint(sa.cast(sa.literal_column(f"'{value}'"), KEY))


def evidence_of(
    id: Any, part: Any = None, tell: Callable[[Any], Any] = lambda told: told.id
) -> Any:
    """The evidence of a record that stands first: of all, or of one part and of the whole."""
    told = placed(Evidence, "told")
    query = sa.select(tell(told)).where(told.record_id == id)
    if part is not None:
        query = query.where(sa.or_(told.part.is_(None), told.part == part))
    query = query.order_by(told.source_id, told.start_code_point, told.id).limit(1)
    return query.correlate_except(told).scalar_subquery()


@dataclass(frozen=True)
class Undated:
    """A row of a table with dates, where it has none: beside what it stands, and why.

    Its own anchor comes first, then its meeting, then a dated meeting of its series.
    """

    row: Any
    id: Any
    """Its column with the record's id."""
    collection: Collection
    source_only: bool
    within: Any = ""
    """Where in its record the date stands, as ``reference_fields`` has it."""
    part: Any = None
    """Of which part the evidence tells it, where the whole record is not meant."""

    @cached_property
    def beside(self) -> Any:
        """The record beside which it stands; null where it has a date, or nothing to stand by."""
        ways = (self.row.date_anchor_id, self._meeting, self._in_series(_other))
        return sa.case((self._undated, sa.func.coalesce(*ways)))

    @cached_property
    def step(self) -> Any:
        """The step from that record to this one: the side of it, and the order on that side."""
        rank = f".{RANKS.get(self.collection, OTHERS)}"
        at = AT_MEETING + sa.func.coalesce(evidence_of(self.id, self.part, _passage), "")
        return sa.case(
            (self.row.date_anchor_id.is_not(None), self._relation + self.id + "."),
            (self._meeting.is_not(None), at + rank + self.id + "."),
            else_=self._in_series(_side_in_series) + self.id + ".",
        )

    @cached_property
    def placement(self) -> Any:
        """Why it stands there, if it stands beside something."""
        told = sa.or_(self.row.date_anchor_id.is_not(None), self._meeting.is_not(None))
        return sa.case((told, word(Placement.anchored)), else_=word(Placement.series))

    @property
    def _undated(self) -> Any:
        days = ("date_earliest", "date_latest")
        return sa.and_(*(self._seen(getattr(self.row, day), day).is_(None) for day in days))

    def _seen(self, column: Any, field: str) -> Any:
        return shown(self.id, column, self.within + field, source_only=self.source_only)

    @property
    def _relation(self) -> Any:
        return sa.case(SIDES, value=self.row.date_anchor_relation)

    @property
    def _meeting(self) -> Any:
        if not hasattr(self.row, "meeting_id"):
            return sa.cast(sa.null(), KEY)
        if not self.source_only:
            return self.row.meeting_id
        seen = self._seen(self.row.meeting_id, "meeting")
        record = placed(Record, "held")
        query = sa.select(record.id).where(
            record.id == seen, *visible(record, source_only=self.source_only)
        )
        return query.correlate_except(record).scalar_subquery()

    def _in_series(self, tell: Callable[[Any, Any], Any]) -> Any:
        """Of the nearest dated meeting in a series: one before this, else one after it."""
        if self.collection is not Collection.meetings:
            return sa.cast(sa.null(), KEY)
        return _nearest_in_series(self.id, tell, source_only=self.source_only)


undated = cache(Undated)
"""The same, each made once: to say it in SQL takes longer than to ask it."""


def _nearest_in_series(id: Any, tell: Callable[[Any, Any], Any], *, source_only: bool) -> Any:
    mine, other = placed(MeetingSeries, "mine"), placed(MeetingSeries, "other")
    meeting, record = placed(m.Meeting, "other"), placed(Record, "other")
    days = [
        shown(meeting.id, getattr(meeting, name), name, source_only=source_only).is_not(None)
        for name in ("date_earliest", "date_latest")
    ]
    query = sa.select(tell(mine, other)).select_from(mine)
    query = query.join(other, other.series_id == mine.series_id)
    query = query.join(meeting, meeting.id == other.meeting_id)
    query = query.join(record, record.id == other.meeting_id)
    query = query.where(
        mine.meeting_id == id,
        other.rank != mine.rank,
        sa.or_(*days),
        *visible(record, source_only=source_only),
    )
    if source_only:
        query = query.where(*(not_reference(one.meeting_id, "series") for one in (mine, other)))
    query = query.order_by(
        other.rank > mine.rank,
        mine.position,
        sa.func.abs(other.rank - mine.rank),
        other.meeting_id,
    )
    return query.limit(1).correlate_except(mine, other, meeting, record).scalar_subquery()


def _other(_: Any, other: Any) -> Any:
    return other.meeting_id


def _side_in_series(mine: Any, other: Any) -> Any:
    side = sa.case((other.rank > mine.rank, SERIES_BEFORE), else_=SERIES_AFTER)
    return side + _digits(mine.rank)


def _passage(told: Any) -> Any:
    return told.source_id + "." + _digits(told.start_code_point)


def _digits(number: Any) -> Any:
    """A number as a text that sorts as it does."""
    return sa.func.substr(sa.cast(number + DIGITS, sa.Text), 2)
