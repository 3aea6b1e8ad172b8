"""Every table and enumeration of the knowledge base; imports nothing else of the application."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# Identifiers and sort keys compare by code point on every database.
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
SORT = sa.String(500).with_variant(sa.String(500, collation="C"), "postgresql")


# ---------------------------------------------------------------- enumerations


class Collection(StrEnum):
    """The collections that the API serves, and places, to which they refer."""

    meetings = "meetings"
    series = "series"
    participants = "participants"
    countries = "countries"
    statements = "statements"
    silences = "silences"
    disputes = "disputes"
    incidents = "incidents"
    proposals = "proposals"
    relations = "relations"
    assessments = "assessments"
    topics = "topics"
    sources = "sources"
    evidence = "evidence"
    places = "places"


SERVED = tuple(one.value for one in Collection if one is not Collection.places)
"""Those that the API serves."""

ID_PREFIXES = {
    Collection.meetings: "mtg",
    Collection.series: "ser",
    Collection.participants: "par",
    Collection.countries: "cty",
    Collection.statements: "stm",
    Collection.silences: "sil",
    Collection.disputes: "dsp",
    Collection.incidents: "inc",
    Collection.proposals: "prp",
    Collection.relations: "rel",
    Collection.assessments: "ast",
    Collection.topics: "top",
    Collection.sources: "src",
    Collection.evidence: "evd",
    Collection.places: "plc",
}
"""With what the ids of a collection begin."""


class Basis(StrEnum):
    """Whether something rests on a source or on reference knowledge."""

    source = "source"
    reference = "reference"


class Voice(StrEnum):
    """Who asserts: an official, the reporter (what is or happened), the author (what is judged)."""

    official = "official"
    reporter = "reporter"
    author = "author"


class Strength(StrEnum):
    """How directly a source carries a record, the strongest first."""

    own_words = "own_words"
    fragment = "fragment"
    paraphrase = "paraphrase"
    report = "report"
    inference = "inference"


class NameKind(StrEnum):
    """A main name in its language, another form, a party's own name, a capital said for a state."""

    main = "main"
    alias = "alias"
    usage = "usage"
    capital = "capital"


class KeyKind(StrEnum):
    """What of a name a key is: how it is written, another spelling, the end of either, a sound.

    A code stands for a name; a piece is a part of one, by which typing mistakes are found.
    """

    code = "code"
    name = "name"
    word = "word"
    spelling = "spelling"
    part = "part"
    sound = "sound"
    piece = "piece"


class DateBasis(StrEnum):
    """Stated whole by the source, or inferred in any part."""

    stated = "stated"
    inferred = "inferred"


class DateRelation(StrEnum):
    """How a relative date stands to its anchor."""

    same_day = "same_day"
    before = "before"
    after = "after"
    within = "within"


class MeetingLevel(StrEnum):
    """The rank of those who meet."""

    leaders = "leaders"
    foreign_ministers = "foreign_ministers"
    ministers = "ministers"
    senior_officials = "senior_officials"
    other = "other"


class MeetingStatus(StrEnum):
    """Whether a meeting took place."""

    held = "held"
    planned = "planned"
    postponed = "postponed"
    cancelled = "cancelled"


class ParticipationRole(StrEnum):
    """In what role somebody takes part in a meeting."""

    host = "host"
    participant = "participant"
    chair = "chair"
    signatory = "signatory"
    witness = "witness"
    observer = "observer"
    interpreter = "interpreter"


class ParticipantKind(StrEnum):
    """What takes part or speaks."""

    person = "person"
    delegation = "delegation"
    state = "state"
    organization = "organization"
    group = "group"
    unnamed = "unnamed"


class NameOrder(StrEnum):
    """The order in which a person's name is written."""

    family_first = "family_first"
    given_first = "given_first"


class CountryKind(StrEnum):
    """What a country record stands for."""

    state = "state"
    former_state = "former_state"
    territory = "territory"
    organization = "organization"


class StatementKind(StrEnum):
    """Quoted whole, a quoted fragment within the reporter's sentence, or the reporter's words."""

    direct = "direct"
    mixed = "mixed"
    paraphrase = "paraphrase"


class Stance(StrEnum):
    """How a statement stands to its target, in the source's own words."""

    supports = "supports"
    urges = "urges"
    concerned = "concerned"
    opposes = "opposes"
    neutral = "neutral"
    unclear = "unclear"


class DisputeKind(StrEnum):
    """What a dispute is about."""

    territorial = "territorial"
    maritime_rights = "maritime_rights"
    border = "border"
    historical = "historical"


class DisputeStatus(StrEnum):
    """How a dispute stands."""

    active = "active"
    flared_up = "flared_up"
    dormant = "dormant"
    settled = "settled"


class PartyRole(StrEnum):
    """A claimant only where the source says so, else a party."""

    claimant = "claimant"
    party = "party"


class IncidentRole(StrEnum):
    """Who acted, or whom it touched."""

    actor = "actor"
    affected = "affected"


class ProposalOrigin(StrEnum):
    """Whether officials or the author of the source propose."""

    official = "official"
    author = "author"


class ProposalKind(StrEnum):
    """Something to do together, or something that somebody ought to do."""

    cooperation = "cooperation"
    recommendation = "recommendation"


class ProposalStage(StrEnum):
    """How far a proposal has come, the furthest that any source supports."""

    suggested = "suggested"
    urged = "urged"
    proposed = "proposed"
    agreed = "agreed"
    under_way = "under_way"
    done = "done"
    stalled = "stalled"
    dropped = "dropped"


class RelationKind(StrEnum):
    """How two states stand to each other."""

    alliance = "alliance"
    close_ties = "close_ties"
    tension = "tension"
    military_cooperation = "military_cooperation"
    military_presence = "military_presence"
    support = "support"
    wariness = "wariness"
    rivalry = "rivalry"


class SourceRights(StrEnum):
    """How much of a source's text may be shown."""

    metadata_only = "metadata_only"
    excerpts = "excerpts"
    full_text = "full_text"


def one_of(enum: type[StrEnum]) -> Any:
    """A column type that holds a value of ``enum`` and, by a check, nothing else."""
    return sa.Enum(
        enum,
        native_enum=False,
        create_constraint=True,
        validate_strings=True,
        values_callable=lambda members: [member.value for member in members],
        length=32,
    )


# ------------------------------------------------------------ columns in common


def record_id() -> Any:
    """The primary key of a collection's table: the record that the row describes."""
    return Field(primary_key=True, foreign_key="record.id", ondelete="CASCADE", sa_type=KEY)


def owner(target: str) -> Any:
    """The part of a link's key that names the record to which the row belongs."""
    return Field(primary_key=True, foreign_key=target, ondelete="CASCADE", sa_type=KEY)


def value(target: str) -> Any:
    """The part of a link's key that names what its owner refers to."""
    return Field(primary_key=True, foreign_key=target, sa_type=KEY)


def reference(target: str, *, index: bool = True) -> Any:
    """A column that may refer to a record."""
    return Field(default=None, foreign_key=target, sa_type=KEY, nullable=True, index=index)


class Dated(SQLModel):
    """A date as precise as the source is: the day, the span it allows, EDTF and the words."""

    date_start: date | None = None
    date_end: date | None = None
    date_earliest: date | None = None
    date_latest: date | None = None
    date_edtf: str | None = None
    date_as_written: str | None = None
    date_basis: DateBasis | None = Field(default=None, sa_type=one_of(DateBasis))
    date_anchor_id: str | None = Field(default=None, foreign_key="record.id", sa_type=KEY)
    date_anchor_relation: DateRelation | None = Field(default=None, sa_type=one_of(DateRelation))


def dated(*more: Any) -> tuple[Any, ...]:
    """The constraints of a table that has the columns of ``Dated``."""
    return (
        sa.CheckConstraint("date_earliest <= date_latest", name="date_span"),
        sa.CheckConstraint("date_start >= date_earliest", name="date_start"),
        sa.CheckConstraint("date_end <= date_latest", name="date_end"),
        sa.CheckConstraint(
            "(date_anchor_id IS NULL) = (date_anchor_relation IS NULL)", name="date_anchor"
        ),
        *more,
    )


class Located(SQLModel):
    """Where something is, in degrees of WGS 84; always reference knowledge."""

    latitude: float | None = None
    longitude: float | None = None


def located(*more: Any) -> tuple[Any, ...]:
    """The constraints of a table that has the columns of ``Located``."""
    return (
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name="latitude"),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name="longitude"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="coordinates"),
        *more,
    )


# ------------------------------------------------------- the knowledge base itself


class Instance(SQLModel, table=True):
    """One row: the data revision, and the secret that signs cursors."""

    __table_args__ = (sa.CheckConstraint("id = 1", name="single"),)

    id: int = Field(default=1, primary_key=True)
    revision: int = Field(default=0, sa_type=sa.BigInteger)
    secret: str


class Bundle(SQLModel, table=True):
    """A bundle that was seeded."""

    name: str = Field(primary_key=True, sa_type=KEY)
    basis: Basis = Field(sa_type=one_of(Basis))
    sha256: str
    # Its title, licence and the like; null where a version that did not keep them seeded it.
    header: Any = Field(default=None, nullable=True, sa_type=sa.JSON(none_as_null=True))


class Contribution(SQLModel, table=True):
    """What one bundle says of one record; the record is what its contributions say together."""

    __table_args__ = (sa.Index(None, "collection", "key"),)

    bundle_name: str = Field(
        primary_key=True, foreign_key="bundle.name", ondelete="CASCADE", sa_type=KEY
    )
    collection: Collection = Field(primary_key=True, sa_type=one_of(Collection))
    key: str = Field(primary_key=True, sa_type=KEY)
    content: Any = Field(sa_type=sa.JSON)


class Record(SQLModel, table=True):
    """What every record of every collection has: its identity, names and history."""

    __table_args__ = (
        sa.UniqueConstraint("collection", "slug"),
        sa.UniqueConstraint("collection", "key"),
        sa.Index(None, "collection", "sort_name", "id"),
        sa.Index(None, "collection", "sources"),
        sa.Index(None, "collection", "strength"),
        sa.Index(None, "collection", "created_at", "updated_at", "id"),
        sa.CheckConstraint("version >= 1", name="version"),
        sa.CheckConstraint("sources >= 0", name="sources"),
    )

    id: str = Field(primary_key=True, sa_type=KEY)
    collection: Collection = Field(sa_type=one_of(Collection))
    key: str = Field(sa_type=KEY)
    slug: str = Field(sa_type=KEY)
    name: str | None = None
    label: str
    sort_name: str = Field(sa_type=SORT)
    basis: Basis = Field(default=Basis.source, sa_type=one_of(Basis))
    # How many independent ones carry it, and the strongest way in which any does: from evidence.
    sources: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    strength: Strength | None = Field(default=None, sa_type=one_of(Strength))
    sha256: str
    created_at: datetime
    updated_at: datetime
    version: int = 1


class FormerSlug(SQLModel, table=True):
    """A slug that a record once had."""

    __tablename__ = "former_slug"

    collection: Collection = Field(primary_key=True, sa_type=one_of(Collection))
    slug: str = Field(primary_key=True, sa_type=KEY)
    record_id: str = Field(foreign_key="record.id", ondelete="CASCADE", sa_type=KEY, index=True)


class Name(SQLModel, table=True):
    """One name of a record, in one language and script."""

    __table_args__ = (sa.Index(None, "used_by_id"),)

    record_id: str = owner("record.id")
    position: int = Field(primary_key=True)
    text: str
    language: str = Field(sa_type=KEY)
    kind: NameKind = Field(sa_type=one_of(NameKind))
    used_by_id: str | None = reference("country.id", index=False)
    basis: Basis = Field(sa_type=one_of(Basis))


class ReferenceField(SQLModel, table=True):
    """A field of a record that no source states."""

    __tablename__ = "reference_field"

    record_id: str = owner("record.id")
    field: str = Field(primary_key=True, sa_type=KEY)


class Contradiction(SQLModel, table=True):
    """What one source says of a field of which another says otherwise; the served value first."""

    __table_args__ = (sa.Index(None, "source_id"),)

    record_id: str = owner("record.id")
    position: int = Field(primary_key=True)
    field: str = Field(sa_type=KEY)
    value: Any = Field(sa_type=sa.JSON)
    source_id: str = Field(foreign_key="source.id", sa_type=KEY)


SEARCH_COLUMNS = ("source_names", "reference_names", "source_text", "reference_text")
"""The columns of terms of ``SearchDocument``, in the order of their weight."""


class SearchDocument(SQLModel, table=True):
    """The terms by which search finds a record, joined by blanks, and the passages it shows.

    Each database keeps its own index of the four columns of terms. A term of a name is not
    repeated in the texts, nor one that a source states among those of reference knowledge.
    """

    __tablename__ = "search_document"

    # The row number of SQLite's full-text index, which knows no other key: see `numbers`.
    id: int = Field(primary_key=True, sa_type=NUMBER, sa_column_kwargs={"autoincrement": False})
    record_id: str = Field(foreign_key="record.id", ondelete="CASCADE", sa_type=KEY, unique=True)
    source_names: str
    reference_names: str
    source_text: str
    reference_text: str
    # All words in their order, by which phrases are found and what is found is ranked.
    source_words: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    reference_words: str = Field(default="", sa_column_kwargs={"server_default": sa.text("''")})
    passages: Any = Field(sa_type=sa.JSON)
    sha256: str


class SearchWord(SQLModel, table=True):
    """In how many documents a term stands; the empty one stands for all documents."""

    __tablename__ = "search_word"

    term: str = Field(primary_key=True, sa_type=KEY)
    documents: int


class SearchSpelling(SQLModel, table=True):
    """A word by each text that it becomes when a letter is left out, and by itself."""

    __tablename__ = "search_spelling"

    key: str = Field(primary_key=True, sa_type=KEY)
    term: str = Field(primary_key=True, foreign_key="search_word.term", ondelete="CASCADE",
                      sa_type=KEY, index=True)  # fmt: skip


class Named(SQLModel, table=True):
    """A record that can be found by its names, and where it stands among those that are."""

    __table_args__ = (
        sa.Index(None, "standing", "sort_name", "record_id"),
        sa.Index(None, "collection", "standing", "sort_name", "record_id"),
        sa.CheckConstraint("standing <= 0", name="standing"),
    )

    record_id: str = owner("record.id")
    collection: Collection = Field(sa_type=one_of(Collection))
    # How many records refer to it, negative: what most is known of comes first.
    standing: int
    sort_name: str = Field(sa_type=SORT)
    sha256: str


class NameKey(SQLModel, table=True):
    """What a name is found under, in one of its spellings."""

    __tablename__ = "name_key"
    __table_args__ = (sa.Index(None, "key", "kind", "record_id"),)

    record_id: str = owner("named.record_id")
    key: str = Field(primary_key=True, sa_type=KEY)
    kind: KeyKind = Field(primary_key=True, sa_type=one_of(KeyKind))
    basis: Basis = Field(primary_key=True, sa_type=one_of(Basis))
    # Of the name among those of the record; null of a code.
    position: int | None = None


class NamedCountry(SQLModel, table=True):
    """A country to which a named record belongs."""

    __tablename__ = "named_country"
    __table_args__ = (sa.Index(None, "country_id", "record_id"),)

    record_id: str = owner("named.record_id")
    country_id: str = value("country.id")
    basis: Basis = Field(sa_type=one_of(Basis))


# --------------------------------------------------------- countries, places, topics


class Place(Located, table=True):
    """A city or other place that records refer to."""

    __table_args__ = located()

    id: str = record_id()


class Country(Located, table=True):
    """A state, former state, territory or organization of states."""

    __table_args__ = located(
        sa.UniqueConstraint("code"),
        sa.UniqueConstraint("alpha2"),
        sa.CheckConstraint("length(code) = 3 AND code = upper(code)", name="code"),
        sa.CheckConstraint("length(alpha2) = 2 AND alpha2 = upper(alpha2)", name="alpha2"),
    )

    id: str = record_id()
    kind: CountryKind = Field(sa_type=one_of(CountryKind), index=True)
    code: str | None = Field(default=None, sa_type=KEY)
    alpha2: str | None = Field(default=None, sa_type=KEY)
    wikidata: str | None = Field(default=None, sa_type=KEY)
    capital_id: str | None = reference("place.id")


class Topic(SQLModel, table=True):
    """A subject, in a small tree."""

    id: str = record_id()
    parent_id: str | None = reference("topic.id")


class TopicPath(SQLModel, table=True):
    """Each topic under each of its ancestors and under itself, so that one lookup finds a tree."""

    __tablename__ = "topic_path"
    __table_args__ = (sa.Index(None, "topic_id", "ancestor_id"),)

    ancestor_id: str = owner("topic.id")
    topic_id: str = owner("topic.id")
    depth: int


class RecordTopic(SQLModel, table=True):
    """A subject of a record of any collection."""

    __tablename__ = "record_topic"
    __table_args__ = (sa.Index(None, "topic_id", "record_id"),)

    record_id: str = owner("record.id")
    topic_id: str = value("topic.id")
    position: int


class RecordAbout(SQLModel, table=True):
    """A country that a record is about, however its source names it."""

    __tablename__ = "record_about"
    __table_args__ = (sa.Index(None, "country_id", "record_id"),)

    record_id: str = owner("record.id")
    country_id: str = value("country.id")
    position: int


# ----------------------------------------------------------- meetings and participants


class Series(SQLModel, table=True):
    """A row of meetings."""

    id: str = record_id()
    level: MeetingLevel = Field(sa_type=one_of(MeetingLevel), index=True)


class SeriesParty(SQLModel, table=True):
    """A state that meets in a series."""

    __tablename__ = "series_party"
    __table_args__ = (sa.Index(None, "country_id", "series_id"),)

    series_id: str = owner("series.id")
    country_id: str = value("country.id")
    position: int


class Meeting(Dated, Located, table=True):
    """One meeting, held or planned."""

    __table_args__ = dated(*located(sa.Index(None, "date_earliest", "date_latest", "id")))

    id: str = record_id()
    level: MeetingLevel = Field(sa_type=one_of(MeetingLevel), index=True)
    status: MeetingStatus = Field(sa_type=one_of(MeetingStatus), index=True)
    voice: Voice = Field(sa_type=one_of(Voice), index=True)
    host_id: str | None = reference("country.id")
    venue_country_id: str | None = reference("country.id")
    city_id: str | None = reference("place.id")
    venue: str | None = None
    purpose: str | None = None


class MeetingParty(SQLModel, table=True):
    """A state between which a meeting is held."""

    __tablename__ = "meeting_party"
    __table_args__ = (sa.Index(None, "country_id", "meeting_id"),)

    meeting_id: str = owner("meeting.id")
    country_id: str = value("country.id")
    position: int


class MeetingSeries(SQLModel, table=True):
    """A meeting's place in a series: its ordinal as a source says it, its rank as computed."""

    __tablename__ = "meeting_series"
    __table_args__ = (
        sa.Index(None, "series_id", "meeting_id"),
        sa.Index(None, "series_id", "rank"),
        sa.Index(None, "ordinal", "meeting_id"),
        sa.CheckConstraint("ordinal >= 1", name="ordinal"),
    )

    meeting_id: str = owner("meeting.id")
    series_id: str = value("series.id")
    position: int
    ordinal: int | None = None
    rank: int | None = None


class Participant(SQLModel, table=True):
    """Whoever takes part or speaks."""

    id: str = record_id()
    kind: ParticipantKind = Field(sa_type=one_of(ParticipantKind), index=True)
    family_name: str | None = None
    given_name: str | None = None
    name_order: NameOrder | None = Field(default=None, sa_type=one_of(NameOrder))
    country_id: str | None = reference("country.id")


class ParticipantOffice(Dated, table=True):
    """An office that somebody holds or held."""

    __tablename__ = "participant_office"
    __table_args__ = dated(
        sa.Index(None, "office", "participant_id"),
        sa.Index(None, "country_id", "participant_id"),
    )

    participant_id: str = owner("participant.id")
    position: int = Field(primary_key=True)
    office: str = Field(sa_type=KEY)
    title: str
    country_id: str | None = reference("country.id", index=False)
    basis: Basis = Field(sa_type=one_of(Basis))


class ParticipantCountry(SQLModel, table=True):
    """The countries for which a participant stands: by an office, or as a state or its organ."""

    __tablename__ = "participant_country"
    __table_args__ = (sa.Index(None, "country_id", "participant_id"),)

    participant_id: str = owner("participant.id")
    country_id: str = value("country.id")
    position: int
    basis: Basis = Field(sa_type=one_of(Basis))


class ParticipantMember(SQLModel, table=True):
    """A member of a group."""

    __tablename__ = "participant_member"
    __table_args__ = (sa.Index(None, "member_id", "participant_id"),)

    participant_id: str = owner("participant.id")
    member_id: str = value("participant.id")
    position: int


class Participation(SQLModel, table=True):
    """Somebody's part in a meeting."""

    __table_args__ = (
        sa.Index(None, "participant_id", "meeting_id"),
        sa.Index(None, "role", "participant_id"),
        sa.Index(None, "country_id"),
    )

    meeting_id: str = owner("meeting.id")
    participant_id: str = value("participant.id")
    role: ParticipationRole = Field(primary_key=True, sa_type=one_of(ParticipationRole))
    position: int
    country_id: str | None = reference("country.id", index=False)


# --------------------------------------------------------------- statements and silences


class Statement(Dated, table=True):
    """What somebody said. Its date is its own, else its meeting's."""

    __table_args__ = dated(
        sa.Index(None, "date_earliest", "date_latest", "id"),
        sa.CheckConstraint("NOT (kind = 'paraphrase' AND own_words)", name="own_words"),
    )

    id: str = record_id()
    meeting_id: str | None = reference("meeting.id")
    kind: StatementKind = Field(sa_type=one_of(StatementKind), index=True)
    own_words: bool = Field(index=True)
    voice: Voice = Field(sa_type=one_of(Voice), index=True)
    text: str


class StatementSpeaker(SQLModel, table=True):
    """Who made a statement."""

    __tablename__ = "statement_speaker"
    __table_args__ = (sa.Index(None, "participant_id", "statement_id"),)

    statement_id: str = owner("statement.id")
    participant_id: str = value("participant.id")
    position: int


class StatementQuote(SQLModel, table=True):
    """Words that a source puts in quotation marks, exactly as it prints them."""

    __tablename__ = "statement_quote"

    statement_id: str = owner("statement.id")
    position: int = Field(primary_key=True)
    text: str


class StatementStance(SQLModel, table=True):
    """How a statement stands to a record: a topic, country, proposal, dispute or the like."""

    __tablename__ = "statement_stance"
    __table_args__ = (
        sa.Index(None, "target_id", "statement_id"),
        sa.Index(None, "stance", "statement_id"),
    )

    statement_id: str = owner("statement.id")
    target_id: str = value("record.id")
    position: int
    stance: Stance = Field(sa_type=one_of(Stance))


class Silence(Dated, table=True):
    """What somebody conspicuously did not say."""

    __table_args__ = dated(sa.Index(None, "date_earliest", "date_latest", "id"))

    id: str = record_id()
    meeting_id: str | None = reference("meeting.id")
    voice: Voice = Field(sa_type=one_of(Voice), index=True)
    text: str


class SilenceParticipant(SQLModel, table=True):
    """Who kept silent."""

    __tablename__ = "silence_participant"
    __table_args__ = (sa.Index(None, "participant_id", "silence_id"),)

    silence_id: str = owner("silence.id")
    participant_id: str = value("participant.id")
    position: int


# ---------------------------------------------------------------- disputes and incidents


class Dispute(Located, table=True):
    """A disagreement between states."""

    __table_args__ = located()

    id: str = record_id()
    kind: DisputeKind = Field(sa_type=one_of(DisputeKind), index=True)
    status: DisputeStatus = Field(sa_type=one_of(DisputeStatus), index=True)
    administrator_id: str | None = reference("country.id")
    voice: Voice = Field(sa_type=one_of(Voice), index=True)
    text: str


class DisputeParty(SQLModel, table=True):
    """A state in a dispute."""

    __tablename__ = "dispute_party"
    __table_args__ = (
        sa.Index(None, "country_id", "dispute_id"),
        sa.Index(None, "role", "country_id", "dispute_id"),
    )

    dispute_id: str = owner("dispute.id")
    country_id: str = value("country.id")
    position: int
    role: PartyRole = Field(sa_type=one_of(PartyRole))


class Incident(Dated, Located, table=True):
    """Something that happened, often within a dispute."""

    __table_args__ = dated(*located(sa.Index(None, "date_earliest", "date_latest", "id")))

    id: str = record_id()
    dispute_id: str | None = reference("dispute.id")
    voice: Voice = Field(sa_type=one_of(Voice), index=True)
    text: str


class IncidentParty(SQLModel, table=True):
    """A state that acted in an incident or was affected by it."""

    __tablename__ = "incident_party"
    __table_args__ = (
        sa.Index(None, "country_id", "incident_id"),
        sa.Index(None, "participant_id", "incident_id"),
    )

    incident_id: str = owner("incident.id")
    country_id: str = value("country.id")
    role: IncidentRole = Field(primary_key=True, sa_type=one_of(IncidentRole))
    position: int
    participant_id: str | None = reference("participant.id", index=False)


# --------------------------------------------------------------------------- proposals


class Proposal(SQLModel, table=True):
    """A cooperation proposal or a recommendation."""

    __table_args__ = (
        sa.CheckConstraint("(origin = 'author') = (voice = 'author')", name="origin_voice"),
    )

    id: str = record_id()
    origin: ProposalOrigin = Field(sa_type=one_of(ProposalOrigin), index=True)
    kind: ProposalKind = Field(sa_type=one_of(ProposalKind), index=True)
    stage: ProposalStage = Field(sa_type=one_of(ProposalStage), index=True)
    voice: Voice = Field(sa_type=one_of(Voice), index=True)
    meeting_id: str | None = reference("meeting.id")
    text: str


class ProposalStageRow(Dated, table=True):
    """A stage that a proposal reached, who says so, and when."""

    __tablename__ = "proposal_stage"
    __table_args__ = dated(
        sa.Index(None, "meeting_id"),
        sa.Index(None, "asserted_by_id"),
    )

    proposal_id: str = owner("proposal.id")
    position: int = Field(primary_key=True)
    stage: ProposalStage = Field(sa_type=one_of(ProposalStage))
    voice: Voice = Field(sa_type=one_of(Voice))
    asserted_by_id: str | None = reference("participant.id", index=False)
    meeting_id: str | None = reference("meeting.id", index=False)


class ProposalItem(SQLModel, table=True):
    """A part of a proposal."""

    __tablename__ = "proposal_item"
    __table_args__ = (sa.Index(None, "topic_id"),)

    proposal_id: str = owner("proposal.id")
    position: int = Field(primary_key=True)
    key: str = Field(sa_type=KEY)
    label: str
    topic_id: str | None = reference("topic.id", index=False)


class ProposalProposer(SQLModel, table=True):
    """Who voices a proposal."""

    __tablename__ = "proposal_proposer"
    __table_args__ = (sa.Index(None, "participant_id", "proposal_id"),)

    proposal_id: str = owner("proposal.id")
    participant_id: str = value("participant.id")
    position: int


class ProposalAddressee(SQLModel, table=True):
    """To whom a proposal is addressed."""

    __tablename__ = "proposal_addressee"
    __table_args__ = (sa.Index(None, "country_id", "proposal_id"),)

    proposal_id: str = owner("proposal.id")
    country_id: str = value("country.id")
    position: int


# ------------------------------------------------------------ relations and assessments


class Relation(SQLModel, table=True):
    """How two states stand to each other; one per pair and kind."""

    __table_args__ = (sa.UniqueConstraint("pair"),)

    id: str = record_id()
    kind: RelationKind = Field(sa_type=one_of(RelationKind), index=True)
    directed: bool = Field(index=True)
    pair: str = Field(sa_type=KEY)
    voice: Voice = Field(sa_type=one_of(Voice), index=True)
    asserted_by_id: str | None = reference("participant.id")
    text: str


class RelationParty(SQLModel, table=True):
    """One of the two states; in a directed relation the first bears it towards the second."""

    __tablename__ = "relation_party"
    __table_args__ = (
        sa.Index(None, "country_id", "relation_id"),
        sa.Index(None, "position", "country_id", "relation_id"),
        sa.CheckConstraint("position IN (0, 1)", name="position"),
    )

    relation_id: str = owner("relation.id")
    country_id: str = value("country.id")
    position: int


class Assessment(SQLModel, table=True):
    """What the author concludes, expects or fears, and context that fits nowhere else."""

    id: str = record_id()
    hedged: bool = Field(index=True)
    voice: Voice = Field(sa_type=one_of(Voice), index=True)
    meeting_id: str | None = reference("meeting.id")
    text: str


# ------------------------------------------------------------------ sources and evidence


class Source(Dated, table=True):
    """A text that facts come from; its date is the day of publication."""

    __table_args__ = dated(
        sa.Index(None, "date_earliest", "date_latest", "id"),
        sa.CheckConstraint("characters >= 0 AND paragraphs >= 0", name="size"),
        sa.CheckConstraint("text IS NULL OR rights = 'full_text'", name="rights_text"),
    )

    id: str = record_id()
    publisher: str | None = None
    author: str | None = None
    language: str = Field(sa_type=KEY, index=True)
    rights: SourceRights = Field(sa_type=one_of(SourceRights), index=True)
    url: str | None = None
    sha256: str
    characters: int
    paragraphs: int
    text: str | None = None


class SourceSentence(SQLModel, table=True):
    """Where a sentence of a source stands, in code points, end exclusive; never its words."""

    __tablename__ = "source_sentence"
    __table_args__ = (sa.CheckConstraint("0 <= start_at AND start_at < end_at", name="span"),)

    source_id: str = owner("source.id")
    paragraph: int = Field(primary_key=True)
    sentence: int = Field(primary_key=True)
    start_at: int
    end_at: int


class Evidence(SQLModel, table=True):
    """The tie between one record and one passage of one source."""

    __table_args__ = (
        sa.Index(None, "record_id", "source_id"),
        sa.Index(None, "source_id", "paragraph", "sentence"),
        sa.Index(None, "source_id", "start_code_point", "id"),
        sa.Index(None, "paragraph"),
        sa.Index(None, "sentence"),
        sa.CheckConstraint("paragraph >= 1 AND sentence >= 1", name="position"),
        sa.CheckConstraint(
            "0 <= start_code_point AND start_code_point < end_code_point", name="span"
        ),
        sa.CheckConstraint("length(sha256) = 64", name="sha256"),
    )

    id: str = record_id()
    source_id: str = Field(foreign_key="source.id", sa_type=KEY)
    record_id: str = Field(foreign_key="record.id", ondelete="CASCADE", sa_type=KEY)
    part: str | None = None
    paragraph: int
    sentence: int
    start_code_point: int
    start_utf16: int
    start_utf8: int
    end_code_point: int
    end_utf16: int
    end_utf8: int
    sha256: str
    quote: str | None = None
    passage: str | None = None
