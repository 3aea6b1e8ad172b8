"""The rows of each record: one function for each collection, from what is told to what is kept."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlmodel import SQLModel

from app import models as m
from app.models import Basis, Collection
from seeds import records as r
from seeds.dates import Span, parse
from seeds.ids import record_id, target_id
from seeds.merge import DATE_FIELDS
from seeds.reader import NodePath, Problem
from seeds.told import Content, Sides, Told

Values = dict[str, Any]
Row = tuple[type[SQLModel], Values]
"""A table and the values of its columns."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A record as all bundles together tell it, validated."""

    record: r.Record
    id: str
    content: Content
    """What the record was made of."""
    told: Sequence[Told]
    basis: Basis
    reference_fields: frozenset[str]
    """The fields, as answers name them, that no source states."""
    stated: Mapping[str, int]
    """How many of its names and of its offices sources state; they come first."""
    contradictions: Mapping[str, Sides]
    """What sources say differently, by field."""

    def problem(self, message: str, path: NodePath = ()) -> Problem:
        """Something that is wrong with the record, where the bundle that tells it first does."""
        return self.told[0].problem(message, path if len(self.told) == 1 else ())

    def basis_of(self, name: str) -> Basis:
        """Whether a source states a field."""
        return Basis.reference if name in self.reference_fields else self.basis

    def basis_in(self, name: str, index: int) -> Basis:
        """Whether a source states a row of `names` or `offices`."""
        return Basis.source if index < self.stated[name] else Basis.reference


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rows of a record need to know of other records."""

    meetings: Mapping[str, Whole] = field(default_factory=dict)
    ancestors: Mapping[str, list[str]] = field(default_factory=dict)
    """Each topic's ancestors, itself first."""
    ranks: Mapping[tuple[str, str], int | None] = field(default_factory=dict)
    """By series and meeting."""
    publishers: Mapping[str, str] = field(default_factory=dict)
    """What stands for the publisher of each source: itself, where that is not known."""


class HasDate(Protocol):
    """What has a date of its own or that of a meeting."""

    meeting: str | None
    date: r.Date | None


def ref(collection: Collection, key: str | None) -> str | None:
    """The id of the record that a field names, if it names any."""
    return None if key is None else record_id(collection, key)


def dated(date: r.Date | None) -> Values:
    """The columns of a date."""
    span = parse(date.edtf) if date and date.edtf else Span()
    anchor = date.anchor if date else None
    return {
        "date_start": span.start,
        "date_end": span.end,
        "date_earliest": span.earliest,
        "date_latest": span.latest,
        "date_edtf": date.edtf if date else None,
        "date_as_written": date.as_written if date else None,
        # A date that is only relative is neither stated whole nor inferred.
        "date_basis": date.basis if date and date.edtf else None,
        "date_anchor_id": target_id(anchor.record) if anchor else None,
        "date_anchor_relation": anchor.relation if anchor else None,
    }


def own_or_meeting_date(said: HasDate, facts: Facts) -> r.Date | None:
    """The date of something said at a meeting."""
    if said.date is not None or said.meeting is None:
        return said.date
    meeting = facts.meetings[said.meeting].record
    assert isinstance(meeting, r.Meeting)  # noqa: S101
    return meeting.date


def inherited_fields(whole: Whole, facts: Facts) -> Iterator[str]:
    """The fields within a record, or from its meeting's date, that no source states."""
    record = whole.record
    if isinstance(record, r.Statement | r.Silence):
        yield from _of_meeting(record, facts)
    if isinstance(record, r.Proposal):
        for position, stage in enumerate(record.stages):
            yield from (f"stages/{position}/{name}" for name in _of_meeting(stage, facts))
    if isinstance(record, r.Dispute):
        yield from _names_of_parties(whole, record)


def _names_of_parties(whole: Whole, dispute: r.Dispute) -> Iterator[str]:
    """The parties whose own name for the place no source states."""
    names = list(enumerate(dispute.names))
    for position, party in enumerate(dispute.parties):
        own = {whole.basis_in("names", i) for i, name in names if name.used_by == party.country}
        if own == {Basis.reference}:
            yield f"parties/{position}/name"


def _of_meeting(said: HasDate, facts: Facts) -> Iterable[str]:
    if said.date is not None or said.meeting is None:
        return ()
    return facts.meetings[said.meeting].reference_fields.intersection(DATE_FIELDS)


def located(coordinates: r.Coordinates | None) -> Values:
    """The columns of a point."""
    return {
        "latitude": coordinates.latitude if coordinates else None,
        "longitude": coordinates.longitude if coordinates else None,
    }


def links(
    table: type[SQLModel], owner: Values, column: str, collection: Collection, keys: Iterable[str]
) -> Iterator[Row]:
    """The rows of a link table, in the order in which the keys are given."""
    for position, key in enumerate(keys):
        yield table, {**owner, column: record_id(collection, key), "position": position}


# ------------------------------------------------------------------ what all records have


def common(whole: Whole, facts: Facts) -> Iterator[Row]:
    """Names, former slugs, topics, countries that it is about, and what no source states."""
    owner = {"record_id": whole.id}
    yield from names(whole)
    for slug in whole.record.former_slugs:
        yield m.FormerSlug, {"collection": whole.record.collection, "slug": slug, **owner}
    for name in sorted({*whole.reference_fields, *inherited_fields(whole, facts)}):
        yield m.ReferenceField, {**owner, "field": name}
    topics = getattr(whole.record, "topics", [])
    yield from links(m.RecordTopic, owner, "topic_id", Collection.topics, topics)
    about = getattr(whole.record, "about", getattr(whole.record, "countries", []))
    yield from links(m.RecordAbout, owner, "country_id", Collection.countries, about)


def names(whole: Whole) -> Iterator[Row]:
    """The main English name first, then the others in the order in which they are told."""
    every = [(name, whole.basis_in("names", i)) for i, name in enumerate(whole.record.names)]
    if whole.record.name is not None:
        main = r.NameOf(text=whole.record.name, language="en")
        every.insert(0, (main, whole.basis_of("name")))
    for position, (name, basis) in enumerate(every):
        yield (
            m.Name,
            {
                "record_id": whole.id,
                "position": position,
                "text": name.text,
                "language": name.language,
                "kind": name.kind,
                "used_by_id": ref(Collection.countries, name.used_by),
                "basis": basis,
            },
        )


# ------------------------------------------------------------------------- collections


def _place(whole: Whole, record: r.Place, _facts: Facts) -> Iterator[Row]:
    yield m.Place, {"id": whole.id, **located(record.coordinates)}


def _country(whole: Whole, record: r.Country, _facts: Facts) -> Iterator[Row]:
    yield (
        m.Country,
        {
            "id": whole.id,
            "kind": record.kind,
            "code": record.code,
            "alpha2": record.alpha2,
            "wikidata": record.wikidata,
            "capital_id": ref(Collection.places, record.capital),
            **located(record.coordinates),
        },
    )


def _topic(whole: Whole, record: r.Topic, facts: Facts) -> Iterator[Row]:
    yield m.Topic, {"id": whole.id, "parent_id": ref(Collection.topics, record.parent)}
    for depth, key in enumerate(facts.ancestors[record.key]):
        ancestor_id = record_id(Collection.topics, key)
        yield m.TopicPath, {"ancestor_id": ancestor_id, "topic_id": whole.id, "depth": depth}


def _series(whole: Whole, record: r.Series, _facts: Facts) -> Iterator[Row]:
    yield m.Series, {"id": whole.id, "level": record.level}
    owner = {"series_id": whole.id}
    yield from links(m.SeriesParty, owner, "country_id", Collection.countries, record.parties)


def _meeting(whole: Whole, record: r.Meeting, facts: Facts) -> Iterator[Row]:
    yield (
        m.Meeting,
        {
            "id": whole.id,
            "level": record.level,
            "status": record.status,
            "voice": record.voice,
            "host_id": ref(Collection.countries, record.host),
            "venue_country_id": ref(Collection.countries, record.venue_country),
            "city_id": ref(Collection.places, record.city),
            "venue": record.venue,
            "purpose": record.purpose,
            **dated(record.date),
            **located(record.coordinates),
        },
    )
    owner = {"meeting_id": whole.id}
    yield from links(m.MeetingParty, owner, "country_id", Collection.countries, record.parties)
    for position, part in enumerate(record.participations):
        yield m.Participation, {**owner, "position": position, **_participation(part)}
    for position, row in enumerate(record.series):
        place_in = {
            "series_id": record_id(Collection.series, row.series),
            "ordinal": row.ordinal,
            "rank": facts.ranks[row.series, record.key],
        }
        yield m.MeetingSeries, {**owner, "position": position, **place_in}


def _participation(part: r.Participation) -> Values:
    return {
        "participant_id": record_id(Collection.participants, part.participant),
        "role": part.role,
        "country_id": ref(Collection.countries, part.country),
    }


def _participant(whole: Whole, record: r.Participant, _facts: Facts) -> Iterator[Row]:
    yield (
        m.Participant,
        {
            "id": whole.id,
            "kind": record.kind,
            "family_name": record.family_name,
            "given_name": record.given_name,
            "name_order": record.name_order,
            "country_id": ref(Collection.countries, record.country),
        },
    )
    owner = {"participant_id": whole.id}
    for position, held in enumerate(record.offices):
        basis = whole.basis_in("offices", position)
        yield m.ParticipantOffice, {**owner, "position": position, "basis": basis, **_office(held)}
    for position, (key, basis) in enumerate(_countries(whole, record).items()):
        country_id = record_id(Collection.countries, key)
        values = {**owner, "country_id": country_id, "position": position, "basis": basis}
        yield m.ParticipantCountry, values
    members = links(
        m.ParticipantMember, owner, "member_id", Collection.participants, record.members
    )
    yield from members


def _office(held: r.Office) -> Values:
    return {
        "office": held.office,
        "title": held.title,
        "country_id": ref(Collection.countries, held.country),
        **dated(held.date),
    }


def _countries(whole: Whole, record: r.Participant) -> dict[str, Basis]:
    """The countries for which somebody stands, those that a source states first."""
    every = [(record.country, whole.basis_of("country"))]
    every += [(held.country, whole.basis_in("offices", i)) for i, held in enumerate(record.offices)]
    every.sort(key=lambda each: each[1] is Basis.reference)
    found: dict[str, Basis] = {}
    for key, basis in every:
        if key is not None:
            found.setdefault(key, basis)
    return found


def _statement(whole: Whole, record: r.Statement, facts: Facts) -> Iterator[Row]:
    yield (
        m.Statement,
        {
            "id": whole.id,
            "meeting_id": ref(Collection.meetings, record.meeting),
            "kind": record.kind,
            "own_words": record.own_words,
            "voice": record.voice,
            "text": record.text,
            **dated(own_or_meeting_date(record, facts)),
        },
    )
    owner = {"statement_id": whole.id}
    yield from links(
        m.StatementSpeaker, owner, "participant_id", Collection.participants, record.speakers
    )
    for position, text in enumerate(record.quotes):
        yield m.StatementQuote, {**owner, "position": position, "text": text}
    for position, row in enumerate(record.stances):
        values = {"target_id": target_id(row.target), "position": position, "stance": row.stance}
        yield m.StatementStance, {**owner, **values}


def _silence(whole: Whole, record: r.Silence, facts: Facts) -> Iterator[Row]:
    yield (
        m.Silence,
        {
            "id": whole.id,
            "meeting_id": ref(Collection.meetings, record.meeting),
            "voice": record.voice,
            "text": record.text,
            **dated(own_or_meeting_date(record, facts)),
        },
    )
    owner, people = {"silence_id": whole.id}, Collection.participants
    yield from links(m.SilenceParticipant, owner, "participant_id", people, record.participants)


def _dispute(whole: Whole, record: r.Dispute, _facts: Facts) -> Iterator[Row]:
    yield (
        m.Dispute,
        {
            "id": whole.id,
            "kind": record.kind,
            "status": record.status,
            "administrator_id": ref(Collection.countries, record.administrator),
            "voice": record.voice,
            "text": record.text,
            **located(record.coordinates),
        },
    )
    for position, party in enumerate(record.parties):
        country_id = record_id(Collection.countries, party.country)
        values = {"country_id": country_id, "position": position, "role": party.role}
        yield m.DisputeParty, {"dispute_id": whole.id, **values}


def _incident(whole: Whole, record: r.Incident, _facts: Facts) -> Iterator[Row]:
    yield (
        m.Incident,
        {
            "id": whole.id,
            "dispute_id": ref(Collection.disputes, record.dispute),
            "voice": record.voice,
            "text": record.text,
            **dated(record.date),
            **located(record.coordinates),
        },
    )
    for position, party in enumerate(record.parties):
        values = {
            "country_id": record_id(Collection.countries, party.country),
            "role": party.role,
            "participant_id": ref(Collection.participants, party.participant),
        }
        yield m.IncidentParty, {"incident_id": whole.id, "position": position, **values}


def _proposal(whole: Whole, record: r.Proposal, facts: Facts) -> Iterator[Row]:
    order = list(m.ProposalStage)
    voice = m.Voice(record.origin.value)
    yield (
        m.Proposal,
        {
            "id": whole.id,
            "origin": record.origin,
            "kind": record.kind,
            "stage": max((row.stage for row in record.stages), key=order.index),
            "voice": voice,
            "meeting_id": ref(Collection.meetings, record.meeting),
            "text": record.text,
        },
    )
    owner = {"proposal_id": whole.id}
    for position, stage in enumerate(record.stages):
        values = {"position": position, "voice": voice, **_stage(stage, facts)}
        yield m.ProposalStageRow, {**owner, **values}
    for position, item in enumerate(record.items):
        topic_id = ref(Collection.topics, item.topic)
        values = {"key": item.key, "label": item.label, "topic_id": topic_id}
        yield m.ProposalItem, {**owner, "position": position, **values}
    people, countries = Collection.participants, Collection.countries
    yield from links(m.ProposalProposer, owner, "participant_id", people, record.proposers)
    yield from links(m.ProposalAddressee, owner, "country_id", countries, record.addressees)


def _stage(stage: r.Stage, facts: Facts) -> Values:
    return {
        "stage": stage.stage,
        "asserted_by_id": ref(Collection.participants, stage.asserted_by),
        "meeting_id": ref(Collection.meetings, stage.meeting),
        **dated(own_or_meeting_date(stage, facts)),
    }


def _relation(whole: Whole, record: r.Relation, _facts: Facts) -> Iterator[Row]:
    parties = record.ordered_parties()
    yield (
        m.Relation,
        {
            "id": whole.id,
            "kind": record.kind,
            "directed": record.directed,
            "pair": pair(record),
            "voice": record.voice,
            "asserted_by_id": ref(Collection.participants, record.asserted_by),
            "text": record.text,
        },
    )
    owner = {"relation_id": whole.id}
    yield from links(m.RelationParty, owner, "country_id", Collection.countries, parties)


def pair(record: r.Relation) -> str:
    """What no two relations share: the kind, the direction and the ids of the two states."""
    one, other = (record_id(Collection.countries, key) for key in record.ordered_parties())
    return f"{record.kind} {one} {'>' if record.directed else '-'} {other}"


def _assessment(whole: Whole, record: r.Assessment, _facts: Facts) -> Iterator[Row]:
    yield (
        m.Assessment,
        {
            "id": whole.id,
            "hedged": record.hedged,
            "voice": record.voice,
            "meeting_id": ref(Collection.meetings, record.meeting),
            "text": record.text,
        },
    )


def _source(whole: Whole, record: r.Source, _facts: Facts) -> Iterator[Row]:
    yield (
        m.Source,
        {
            "id": whole.id,
            "publisher": record.publisher,
            "author": record.author,
            "language": record.language,
            "rights": record.rights,
            "url": record.url,
            "sha256": record.sha256,
            "characters": record.characters,
            "paragraphs": max((row[0] for row in record.outline), default=0),
            "text": record.text,
            **dated(record.date),
        },
    )
    columns = ("paragraph", "sentence", "start_at", "end_at")
    for row in record.outline:
        yield m.SourceSentence, {"source_id": whole.id, **dict(zip(columns, row, strict=True))}


ROWS: dict[Collection, Callable[[Whole, Any, Facts], Iterator[Row]]] = {
    Collection.places: _place,
    Collection.countries: _country,
    Collection.topics: _topic,
    Collection.series: _series,
    Collection.meetings: _meeting,
    Collection.participants: _participant,
    Collection.statements: _statement,
    Collection.silences: _silence,
    Collection.disputes: _dispute,
    Collection.incidents: _incident,
    Collection.proposals: _proposal,
    Collection.relations: _relation,
    Collection.assessments: _assessment,
    Collection.sources: _source,
}
"""For each collection, the record's own row first and then those of its lists."""
