"""The overview of a series: its meetings in their order, who hosts, who attends, what is raised."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from operator import itemgetter
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, create_model

from app.models import Meeting, MeetingSeries, MeetingStatus, Statement
from app.query.counting import each, reader
from app.query.listing import Listing, facet, read, total
from app.query.params import TabularManner
from app.query.refs import Ref
from app.query.router import FacetCount
from app.questions.narrowing import SHARED, Narrowing
from app.questions.ordinals import ordinals
from app.questions.question import Answer, Asking, Given, Labelled, Question
from app.resources import meetings, series, statements
from app.resources.common import SERIES, CountryRef
from app.resources.meetings import Gap, gap_between

SHOWN = ("status", "host", "date_earliest", "date_latest", "date_edtf", "date_as_written", "series")


class SeriesMeeting(BaseModel):
    """A meeting of the series."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    meeting: Ref
    label: str
    """What it is, in our words."""
    rank: int | None
    """Its place among the meetings that are known here; null where that cannot be told."""
    ordinal: int | None
    """Its number in the series, as a source says it."""
    missing_before: int | None
    """How many numbers lie between it and the one before that has a number, both of whatever
    status; null without one. A meeting without a number between them may have one of these."""
    status: MeetingStatus
    host: CountryRef | None
    date_earliest: date | None
    """The first day that its date allows."""
    date_latest: date | None
    """The last day that its date allows."""
    date_edtf: str | None
    """EDTF (ISO 8601-2)."""
    date_as_written: str | None
    """The words in which the source writes it."""
    gap: Gap | None
    """The days from the one held before to this one, if it was held; null where either date is
    not known."""
    url: str
    """The whole record."""


class SeriesTopic(BaseModel):
    """A subject of the series' meetings, or of what was said at them."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    topic: Ref
    meetings: FacetCount
    """At how many meetings that were held it is a subject."""
    statements: FacetCount
    """How many statements at meetings that were held are about it."""
    first: Ref | None
    """The meeting at which it was first raised, of those held whose place is known."""
    last: Ref | None
    """The meeting at which it was last raised."""


class SeriesOverview(BaseModel):
    """A series at a glance."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    series: series.SeriesOut
    """The series itself."""
    count: int
    """How many of its meetings are known, of those asked for."""
    url: str
    """Their list."""
    held_count: int
    """How many of them were held: those alone, and what was said at them, count below."""
    held_url: str
    """Their list."""
    ordinals_known: list[int]
    """The numbers of its meetings that were held, in their order, whatever is asked for."""
    ordinals_missing: list[int]
    """The numbers between the first and the last of those that no meeting here, of whatever
    status, has or may have."""
    ordinals_uncertain: list[int]
    """The other numbers in between that no meeting has: a meeting that was held, and whose number
    no source says, stands in that gap or has no known place. It may have the number or not."""
    hosts: list[FacetCount]
    """Who hosts, and how often; in which order, the rows tell."""
    attendance: list[FacetCount]
    """Who attends, in whatever role, and how often."""
    topics: list[SeriesTopic]
    """What is raised, and when first and last."""
    rows: list[SeriesMeeting]
    """Its meetings in their order, of those asked for; those whose place is not known come last.
    Gaps and missing numbers are to the meeting before in the series, which may not be shown."""


NARROWING = Narrowing(
    (meetings.RESOURCE, statements.RESOURCE),
    ("country", "host", "venue_country", "participant", "topic", *SHARED),
)
"""What both meetings and statements have."""

PARAMETERS: Any = create_model(
    "OverviewParameters",
    __doc__="The parameters of an overview: meetings and what was said at them are both narrowed.",
    __base__=TabularManner,
    **NARROWING.parameters,
)
HELD = {"status": [MeetingStatus.held]}


def overview(asking: Asking, query: Any) -> Answer:
    """A series at a glance."""
    slug = asking.ref(Ref, asking.places["id"])["slug"]
    [own] = asking.first(series.RESOURCE, {"slug": [slug]}, 1)
    given = NARROWING.given(asking.context, query)
    of_series = {"series": [slug]}
    at, said = ({**of_series, **NARROWING.asked(one, given)} for one in NARROWING.resources)
    asked, held = (asking.listing(meetings.RESOURCE, {**at, **more}) for more in ({}, HELD))
    every = list(_meetings(asking, asking.listing(meetings.RESOURCE, of_series)))
    held_ones = {row["meeting"]["id"] for row in every if row["status"] is MeetingStatus.held}
    said_there = asking.listing(statements.RESOURCE, {**said, **_at(asking, of_series, held_ones)})
    among = set(asking.context.session.scalars(asked.matching(asked.id)))
    rows = [row for row in every if row["meeting"]["id"] in among]
    return {
        "series": own,
        "count": len(rows),
        "url": asking.url(meetings.RESOURCE, at),
        "held_count": total(held),
        "held_url": asking.url(meetings.RESOURCE, held.given),
        **ordinals(every),
        "hosts": _counted(asking, held, "host"),
        "attendance": _counted(asking, held, "participant"),
        "topics": list(_topics(asking, held, said_there)),
        "rows": rows,
    }


def _at(asking: Asking, of_series: Given, held: AbstractSet[str]) -> Given:
    """What leaves out the statements that are tied to meetings that were not held.

    Lists of statements know no status: such meetings are named, as far as anything is tied to them.
    """
    listing = asking.listing(statements.RESOURCE, of_series)
    spoken = asking.context.session.scalars(listing.matching(Statement.meeting_id).distinct())
    others = sorted(asking.labelled(Labelled, {*spoken} - held).values(), key=itemgetter("slug"))
    return {"meeting": [f"!{one['slug']}" for one in others]} if others else {}


def _counted(asking: Asking, listing: Listing, name: str) -> list[Answer]:
    """How many of the records have each value of a facet."""
    return [
        {**row, "url": asking.url(listing.resource, {**listing.given, name: [row["value"]]})}
        for row in facet(_without(listing, name), name, own=True)
    ]


def _without(listing: Listing, name: str) -> Listing:
    """The list without the values that were chosen of a facet: each row takes one in their place.

    Whether there is any at all (``has_host``) stays, as it does in the addresses of the rows.
    """
    return replace(listing, given={one: of for one, of in listing.given.items() if one != name})


def _ranks(asking: Asking) -> Mapping[str, int | None]:
    """The place of each meeting of the series."""
    mine = MeetingSeries
    query = sa.select(mine.meeting_id, mine.rank).where(  # type: ignore[call-overload]
        mine.series_id == asking.places["id"]
    )
    return {row.meeting_id: row.rank for row in asking.context.session.execute(query)}


def _meetings(asking: Asking, every: Listing) -> Iterator[Answer]:
    """The meetings in their order."""
    found = asking.context.session.execute(every.matching(*every.resource.plan.columns)).all()
    items = read(every, found, (), ("slug", "name", "label", *SHOWN))
    ranks = _ranks(asking)
    items.sort(key=lambda one: (ranks[one["id"]] is None, ranks[one["id"]], one["id"]))
    before: int | None = None
    last: Answer | None = None
    for item in items:
        [place] = [one for one in item.pop("series") if one["series"]["id"] == asking.places["id"]]
        ordinal = place["ordinal"]
        ref = {name: item.pop(name) for name in ("id", "slug", "name")}
        held = item["status"] is MeetingStatus.held and ranks[ref["id"]] is not None
        yield {
            "meeting": ref,
            "rank": ranks[ref["id"]],
            "ordinal": ordinal,
            "missing_before": _missing(before, ordinal),
            "gap": gap_between(last, item) if last and held else None,
            "url": asking.record_url(meetings.RESOURCE, ref["slug"]),
            **item,
        }
        before = ordinal if ordinal is not None else before
        last = item if held else last


def _missing(before: int | None, ordinal: int | None) -> int | None:
    """How many numbers lie between two."""
    return None if before is None or ordinal is None else max(ordinal - before - 1, 0)


def _topics(asking: Asking, held: Listing, said: Listing) -> Iterator[Answer]:
    """What is raised: as a subject of a meeting, or in a statement made at it."""
    refs = asking.context.refs
    raised: list[tuple[Answer, Any, Any]] = [
        (refs.to(Ref, topic), refs.get(Ref, first), refs.get(Ref, last))
        for topic, (first, last) in _raised(asking, held, said).items()
    ]
    refs.resolve()
    both = (held, said)
    counts = [{row["value"]: row for row in _counted(asking, one, "topic")} for one in both]
    for topic, first, last in sorted(raised, key=lambda row: str(row[0]["slug"])):
        at, in_ = (
            found.get(topic["slug"]) or _none(asking, listing, topic)
            for found, listing in zip(counts, both, strict=True)
        )
        yield {"topic": topic, "meetings": at, "statements": in_, "first": first, "last": last}


def _none(asking: Asking, listing: Listing, topic: Answer) -> Answer:
    """That no record has a topic."""
    url = asking.url(listing.resource, {**listing.given, "topic": [topic["slug"]]})
    name = topic["name"] or asking.context.refs.label(topic["id"])
    return {"value": topic["slug"], "name": name, "count": 0, "url": url}


def _raised(
    asking: Asking, held: Listing, said: Listing
) -> Mapping[str, tuple[str | None, str | None]]:
    """By topic the first and the last meeting at which it was raised."""
    at: dict[str, set[str]] = defaultdict(set)
    for listing, meeting in ((held, Meeting.id), (said, Statement.meeting_id)):
        for topics, where in _each(_without(listing, "topic"), meeting):
            for topic in topics:
                at[topic].add(where)
    ranks = _ranks(asking)
    return {topic: _ends(found, ranks) for topic, found in at.items()}


def _each(listing: Listing, meeting: Any) -> Iterator[tuple[Sequence[str], str]]:
    """The topics of the records, and the meeting at which they were raised."""
    values = listing.resource.facets["topic"].seen("topic", listing.context)
    query, _ = each(listing.matching, listing.id, [values], meeting)
    told = reader(values)
    for topics, where in {*map(tuple, listing.context.session.execute(query))}:
        yield [topic for topic in told(topics) if topic is not None], where


def _ends(found: Iterable[str], ranks: Mapping[str, int | None]) -> tuple[str | None, str | None]:
    ordered = sorted((rank, one) for one in found if (rank := ranks[one]) is not None)
    return (ordered[0][1], ordered[-1][1]) if ordered else (None, None)


QUESTIONS = (
    Question(
        name="overview",
        path="/v1/series/{id}/overview",
        about="A series at a glance. Its meetings in their order with ordinals and gaps, who"
        " hosted, who attended how often, and what was raised first and last at which of them.",
        places={"id": SERIES},
        parameters=PARAMETERS,
        answer=SeriesOverview,
        row=SeriesMeeting,
        ask=overview,
    ),
)
