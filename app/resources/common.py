"""What the collections share: the fields of every record, dates, places, filters by topic."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar

from pydantic import Field

from app import models as m
from app.models import Collection, Country, Name, Record
from app.query.filters import Between, Choice, Reference, Span
from app.query.meaning import UNTOLD, Means, Types
from app.query.refs import RecordRef, Ref
from app.query.resolve import Among
from app.query.shape import (
    STATED_BY_NO_SOURCE,
    Column,
    Computed,
    Nested,
    Out,
    OwnName,
    RefTo,
    Rows,
)
from app.query.values import Values, link, own
from app.resources.contradictions import ContradictionOut, contradictions
from app.resources.meanings import NAMES

COUNTRIES = Among(Collection.countries, also=(Country.alpha2,))
MEETINGS = Among(Collection.meetings)
PARTICIPANTS = Among(Collection.participants)
PLACES = Among(Collection.places)
SERIES = Among(Collection.series)
SOURCES = Among(Collection.sources)
TOPICS = Among(Collection.topics)
DISPUTES = Among(Collection.disputes)


class CountryRef(Ref):
    """A reference to a country."""

    more: ClassVar[dict[str, Any]] = {"code": Country.code}

    code: str | None
    """ISO 3166-1 alpha-3; null for what ISO does not code."""


class NameOut(Out):
    """One name of a record."""

    text: Annotated[str, Means("schema:name")]
    """The name as it is written."""
    language: Annotated[str, UNTOLD]
    """BCP 47."""
    kind: m.NameKind
    used_by: Annotated[CountryRef | None, RefTo(column="used_by_id")]
    """The country whose own name it is."""
    basis: m.Basis


class Identified(Out):
    """What every record has."""

    id: Annotated[str, Column(column=Record.id)]
    """Opaque, immutable, the same on every installation."""
    slug: Annotated[str, Column(column=Record.slug)]
    """Readable, unique within the collection."""
    name: Annotated[str | None, OwnName(column=Record.id), UNTOLD]
    """In the language asked for; null where no source gives a name."""
    label: Annotated[str, Column(column=Record.label), Means("rdfs:label")]
    """What it is, in our words."""
    reference_fields: Annotated[list[str], STATED_BY_NO_SOURCE]
    """The fields that no source states: reference knowledge. In a list: `stages/0/date_start`."""
    sources_count: Annotated[int, Column(column=Record.sources)]
    """How many independent sources carry it; those of one publisher count as one."""
    strength: Annotated[m.Strength | None, Column(column=Record.strength)]
    """The strongest way in which a source carries it; null for what rests on no passage."""
    contradictions: Annotated[list[ContradictionOut], Computed(function=contradictions)]
    """The fields on which sources contradict each other, with what each says."""
    created_at: Annotated[datetime, Column(column=Record.created_at)]
    """When this knowledge base first told of it."""
    updated_at: Annotated[datetime, Column(column=Record.updated_at)]
    """When what is told of it last changed."""
    version: Annotated[int, Column(column=Record.version)]
    """Grows by one with each change of the record."""


class Named(Identified):
    """A record with all its names."""

    names: Annotated[
        list[NameOut],
        Rows(included=True, owner=Name.record_id, stated=Name.basis == m.Basis.source),
        Field(default_factory=list),
        NAMES,
    ]
    """Every name in every language; only with `include=names`."""


class DateAnchor(Out):
    """The record to which a relative date is tied."""

    record: RecordRef
    """The record that a relative date is relative to."""
    relation: m.DateRelation


def is_unsure(edtf: str | None) -> bool:
    """Whether any part of a date is uncertain or approximate."""
    return edtf is not None and not {*"?~%"}.isdisjoint(edtf)


class DatedOut(Out):
    """A date, as precise as it is known."""

    date_start: Annotated[date | None, Means("schema:startDate")]
    """The first day; null unless the day is known, neither uncertain nor approximate."""
    date_end: Annotated[date | None, Means("schema:endDate")]
    """The last day; null unless the day is known, neither uncertain nor approximate."""
    date_earliest: date | None
    """The first day that the date allows."""
    date_latest: date | None
    """The last day that the date allows."""
    date_edtf: Annotated[str | None, Means("dcterms:date", "edtf:EDTF")]
    """EDTF (ISO 8601-2)."""
    date_as_written: str | None
    """The words in which the source writes it."""
    date_basis: m.DateBasis | None
    """Inferred where any part of it, such as the year, is not in the source."""
    date_anchor: Annotated[
        DateAnchor | None,
        Nested(fields=(("record", "date_anchor_id"), ("relation", "date_anchor_relation"))),
    ]
    """What a relative date is relative to, where that is a record."""


class Coordinates(Out):
    """A point, in degrees of WGS 84."""

    types: ClassVar[Types] = Types(("schema:GeoCoordinates",))

    latitude: Annotated[float, Means("schema:latitude")]
    """North of the equator, else negative."""
    longitude: Annotated[float, Means("schema:longitude")]
    """East of Greenwich, else negative."""


Located = Annotated[
    Coordinates | None, Nested(fields=(("latitude", "latitude"), ("longitude", "longitude")))
]


def topics(field: str = "topics") -> Reference:
    """The filter by topic: one that stands higher in the tree finds what is below it."""
    values = link(
        m.RecordTopic.record_id,
        m.TopicPath.ancestor_id,
        (m.TopicPath, m.TopicPath.topic_id == m.RecordTopic.topic_id),
    )
    return Reference("Topic; includes the topics below it.", values, field, to=TOPICS)


def countries(about: str, values: Values, field: str | None = None) -> Reference:
    """A filter by country."""
    return Reference(f"{about} Id, slug, alpha-3 or alpha-2.", values, field, to=COUNTRIES)


def about_countries(about: str, field: str) -> Reference:
    """The filter by the countries that records are about."""
    return countries(about, link(m.RecordAbout.record_id, m.RecordAbout.country_id), field)


def between(about: str, *places: tuple[Reference, Reference]) -> Between:
    """The filter by a pair of countries; ``places`` are the filters in which the two stand."""
    return Between(about, places, COUNTRIES)


def together(about: str, in_what: Reference) -> Between:
    """The filter by a pair of participants; ``in_what`` is the filter in which both stand."""
    return Between(about, ((in_what, in_what),), PARTICIPANTS)


def participants(about: str, values: Values, field: str | None = None) -> Reference:
    """A filter by participant."""
    return Reference(f"{about} Id or slug.", values, field, to=PARTICIPANTS)


def meetings(values: Values) -> Reference:
    """A filter by meeting."""
    return Reference("Meeting; id or slug.", values, to=MEETINGS)


def of_meeting(table: Any, meeting: Any, value: Any, field: str) -> Values:
    """What the meeting of a record has in ``field``, found where ``meeting`` is its id."""
    join = (meeting.class_, meeting == table.meeting_id)
    return Values(table.id, value, (join,), passing=((table.meeting_id, field),))


def series(table: Any) -> Reference:
    """The filter by the series of the meeting to which a record belongs."""
    values = of_meeting(table, m.MeetingSeries.meeting_id, m.MeetingSeries.series_id, "series")
    return Reference("Series of its meeting; id or slug.", values, "meeting", to=SERIES)


def voice(table: Any) -> Choice:
    """The filter by who asserts."""
    return Choice("Who asserts it.", own(table.voice), enum=m.Voice)


def dates(table: Any) -> Span:
    """The filters by date."""
    return Span("Dated", table.date_earliest, table.date_latest)


def by_date(table: Any) -> tuple[Any, Any]:
    """The sort key of a date."""
    return (table.date_earliest, table.date_latest)
