"""Meetings: who met, when, where, at what level, as which in its series."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from app import models as m
from app.models import Collection, Meeting, MeetingParty, MeetingSeries, Participation, RecordTopic
from app.query.context import Context
from app.query.filters import Choice, Number, Reference
from app.query.meaning import Means, Types
from app.query.periods import periods
from app.query.refs import Ref
from app.query.resource import Resource
from app.query.shape import Computed, Linked, Out, RefTo, Rows, reference_fields
from app.query.values import link, own
from app.resources import common
from app.resources.common import CountryRef, DatedOut, Located
from app.resources.meanings import EVENT_STATUS, LOCATION, VOICE
from app.resources.record import RecordOut


class ParticipationOut(Out):
    """Somebody's part in the meeting."""

    types: ClassVar[Types] = Types(("schema:Role",))

    participant: Annotated[Ref, RefTo(column="participant_id"), Means("schema:attendee")]
    role: Annotated[m.ParticipationRole, Means("schema:roleName")]
    country: Annotated[CountryRef | None, RefTo(column="country_id")]
    """On whose behalf."""


class Gap(Out):
    """The days between two meetings; two numbers, since dates may be known only roughly."""

    days_min: int
    """The fewest days that the two dates allow."""
    days_max: int
    """The most days that the two dates allow."""


class PlaceInSeries(Out):
    """Where the meeting stands in a series, as far as this knowledge base knows the series."""

    series: Ref
    """Which series it is."""
    ordinal: Annotated[int | None, Means("schema:position")]
    """As a source says it."""
    previous: Ref | None
    """The meeting before it, among those that are known here."""
    next: Ref | None
    """The meeting after it, among those that are known here."""
    gap: Gap | None
    """Since the previous one; null where either date is unknown."""


def places_in_series(context: Context, ids: Sequence[str]) -> Mapping[str, list[dict[str, Any]]]:
    """For each meeting its series, with the meetings before and after it."""
    mine, before, after = (aliased(MeetingSeries) for _ in range(3))
    this, last = aliased(Meeting), aliased(Meeting)
    query = (
        sa.select(  # type: ignore[call-overload]
            mine.meeting_id, mine.series_id, mine.ordinal,
            before.meeting_id.label("previous"), after.meeting_id.label("next"),  # type: ignore[attr-defined]
            this.date_earliest, this.date_latest,
            last.date_earliest.label("last_earliest"), last.date_latest.label("last_latest"),  # type: ignore[union-attr]
        )
        .join(this, this.id == mine.meeting_id)
        .outerjoin(before, _next_to(before, mine, -1))
        .outerjoin(after, _next_to(after, mine, 1))
        .outerjoin(last, last.id == before.meeting_id)
        .where(mine.meeting_id.in_(ids))  # type: ignore[attr-defined]
        .order_by(mine.meeting_id, mine.position)
    )  # fmt: skip
    rows = context.session.execute(query).all()
    hidden = _undated(context, rows)
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        gap = None if {row.meeting_id, row.previous} & hidden else _gap(row)
        found[row.meeting_id].append(_place(context, row, gap))
    return found


def _next_to(other: Any, mine: Any, step: int) -> Any:
    return sa.and_(other.series_id == mine.series_id, other.rank == mine.rank + step)


def _undated(context: Context, rows: Sequence[Any]) -> set[str]:
    """The meetings whose date this request may not see."""
    if not context.source_only:
        return set()
    ids = {id for row in rows for id in (row.meeting_id, row.previous) if id}
    unstated = reference_fields(context, list(ids))
    return {id for id in ids if "date_earliest" in unstated.get(id, ())}


def _gap(row: Any) -> dict[str, int] | None:
    last = {"date_earliest": row.last_earliest, "date_latest": row.last_latest}
    return gap_between(last, {"date_earliest": row.date_earliest, "date_latest": row.date_latest})


def gap_between(last: Mapping[str, Any], this: Mapping[str, Any]) -> dict[str, int] | None:
    """The days between two meetings; None where a date is not known, or open."""
    ends = [one[f"date_{end}"] for one in (last, this) for end in ("earliest", "latest")]
    if None in ends:
        return None
    last_first, last_last, first, final = ends
    return {"days_min": max((first - last_last).days, 0), "days_max": (final - last_first).days}


def _place(context: Context, row: Any, gap: dict[str, int] | None) -> dict[str, Any]:
    return {
        "series": context.refs.get(Ref, row.series_id),
        "ordinal": row.ordinal,
        "previous": context.refs.get(Ref, row.previous),
        "next": context.refs.get(Ref, row.next),
        "gap": gap,
    }


class MeetingOut(DatedOut, RecordOut):
    """A meeting, held or planned."""

    types: ClassVar[Types] = Types(("schema:Event",))

    level: m.MeetingLevel
    status: Annotated[m.MeetingStatus, EVENT_STATUS]
    voice: Annotated[m.Voice, VOICE]
    host: Annotated[CountryRef | None, RefTo(column="host_id")]
    """The country that hosts."""
    venue_country: Annotated[CountryRef | None, RefTo(column="venue_country_id")]
    """The country in which it takes place, which may be another."""
    city: Annotated[Ref | None, RefTo(column="city_id"), LOCATION]
    venue: str | None
    """The building or the like, as the source names it."""
    coordinates: Located
    """Where it is held."""
    purpose: Annotated[str | None, Means("schema:description")]
    """What it was for, in our words."""
    parties: Annotated[
        list[CountryRef], Linked(owner=MeetingParty.meeting_id, value=MeetingParty.country_id)
    ]
    """The states between which it is held; witnesses are none."""
    participations: Annotated[
        list[ParticipationOut],
        Rows(owner=Participation.meeting_id),
        Means("schema:attendee"),
    ]
    """Who takes part, in which role."""
    series: Annotated[list[PlaceInSeries], Computed(function=places_in_series)]
    """The series in which it stands, and where in each."""
    topics: Annotated[
        list[Ref],
        Linked(owner=RecordTopic.record_id, value=RecordTopic.topic_id),
        Means("dcterms:subject"),
    ]
    """What it is about; the filter finds the topics above these as well."""


PARTY = common.countries(
    "Any party.", link(MeetingParty.meeting_id, MeetingParty.country_id), "parties"
)
PARTICIPANT = common.participants(
    "Who takes part, in any role.",
    link(Participation.meeting_id, Participation.participant_id),
    "participations",
)

RESOURCE = Resource(
    collection=Collection.meetings,
    about="Meetings, held or planned.",
    table=Meeting,
    out=MeetingOut,
    filters={
        "series": Reference(
            "Series; id or slug.",
            link(MeetingSeries.meeting_id, MeetingSeries.series_id),
            to=common.SERIES,
        ),
        "ordinal": Number(
            "Ordinal within a series.",
            link(MeetingSeries.meeting_id, MeetingSeries.ordinal),
            "series",
        ),
        "level": Choice("Rank of those who meet.", own(Meeting.level), enum=m.MeetingLevel),
        "status": Choice("Whether it took place.", own(Meeting.status), enum=m.MeetingStatus),
        "country": PARTY,
        "host": common.countries("The country that hosts.", own(Meeting.host_id)),
        "venue_country": common.countries("Where it is held.", own(Meeting.venue_country_id)),
        "city": Reference("City; id or slug.", own(Meeting.city_id), to=common.PLACES),
        "participant": PARTICIPANT,
        "topic": common.topics(),
        "voice": common.voice(Meeting),
        "date": common.dates(Meeting),
        **periods(Meeting),
        "between": common.between("Meetings to which both are parties.", (PARTY, PARTY)),
        "together": common.together(
            "Meetings in which both of two participants take part.", PARTICIPANT
        ),
    },
    sorts={"date": common.by_date(Meeting)},
    default_sort="-date",
)
