"""Series: rows of meetings, each with its place as far as it is known."""

from typing import Annotated, ClassVar

from pydantic import Field

from app import models as m
from app.models import Collection, MeetingSeries, Series, SeriesParty
from app.query.filters import Choice
from app.query.meaning import UNTOLD, Types
from app.query.refs import Ref
from app.query.resource import Resource
from app.query.shape import Linked, Out, RefTo, Rows
from app.query.values import link, own
from app.resources import common
from app.resources.common import CountryRef
from app.resources.record import RecordOut


class MeetingInSeries(Out):
    """A meeting's place in the series."""

    meeting: Annotated[Ref, RefTo(column="meeting_id")]
    ordinal: int | None
    """As a source says it."""
    rank: int | None
    """Its place among the meetings that are known here; null where that cannot be told."""


class SeriesOut(RecordOut):
    """A row of meetings."""

    types: ClassVar[Types] = Types(("schema:EventSeries",))

    level: m.MeetingLevel
    parties: Annotated[
        list[CountryRef], Linked(owner=SeriesParty.series_id, value=SeriesParty.country_id)
    ]
    """The states that meet in it."""
    meetings: Annotated[
        list[MeetingInSeries],
        Rows(included=True, owner=MeetingSeries.series_id, order=MeetingSeries.rank.nulls_last()),
        Field(default_factory=list),
        UNTOLD,
    ]
    """Its meetings in their order; only with `include=meetings`."""


PARTY = common.countries(
    "A state that meets in it.", link(SeriesParty.series_id, SeriesParty.country_id), "parties"
)

RESOURCE = Resource(
    collection=Collection.series,
    about="Rows of meetings.",
    table=Series,
    out=SeriesOut,
    filters={
        "level": Choice("Rank of those who meet.", own(Series.level), enum=m.MeetingLevel),
        "country": PARTY,
        "meeting": common.meetings(link(MeetingSeries.series_id, MeetingSeries.meeting_id)),
        "between": common.between("Series in which both meet.", (PARTY, PARTY)),
    },
    sorts={},
)
