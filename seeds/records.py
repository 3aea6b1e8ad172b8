"""The records of the bundle format: what a person may write of each thing the base knows."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, ClassVar, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    Strict,
    StringConstraints,
    create_model,
    field_validator,
    model_validator,
)
from pydantic.fields import FieldInfo

from app import models as m
from seeds.dates import parse
from seeds.problems import nearest
from seeds.reader import clean

KEY_PATTERN = r"[a-z0-9]+(-[a-z0-9]+)*"
_KEY = re.compile(KEY_PATTERN)

Key = Annotated[str, StringConstraints(pattern=f"^{KEY_PATTERN}$", max_length=120)]
"""A readable name, unique within its collection, that never changes: lower case with hyphens."""


RESERVED = {"facets", "pivot"}
"""Addresses below a collection that are no record's."""


def _not_reserved(slug: str) -> str:
    if slug in RESERVED:
        raise ValueError(f"{slug!r} is the address of counts and cannot be a slug")
    return slug


Slug = Annotated[Key, AfterValidator(_not_reserved)]
"""The readable part of an address; `facets` and `pivot` are addresses of their own, so no slugs."""

Target = Annotated[str, StringConstraints(pattern=f"^[a-z]+/{KEY_PATTERN}$", max_length=150)]
"""A record of any collection, as `collection/key`."""

Language = Annotated[
    str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$", max_length=20)
]
"""A BCP 47 tag such as `en`, `ja` or `zh-Hans`."""

Line = Annotated[str, StringConstraints(min_length=1, max_length=300), AfterValidator(clean)]
"""A name or a short description."""

Prose = Annotated[str, StringConstraints(min_length=1, max_length=20_000), AfterValidator(clean)]
"""What a record says, in our own words."""

Quotation = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
"""Words exactly as a source prints them: not normalised, since digests are of the exact text."""

WholeText = Annotated[str, StringConstraints(min_length=1, max_length=1_000_000)]
"""The text of a source, as exactly."""

PartName = Annotated[str, StringConstraints(max_length=200)]
"""A field of a record such as `purpose`, or a row of one of its lists such as `stages/agreed`."""

Flag = Annotated[bool, Strict()]
"""`true` or `false`, and not `yes`."""

Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]

Offsets = Annotated[list[Annotated[int, Field(ge=0, lt=2**31)]], Field(min_length=3, max_length=3)]
"""One place in a source, counted in code points, UTF-16 units and UTF-8 bytes."""


def repeated(values: Iterable[str]) -> list[str]:
    """The values that occur more than once, each once, in order."""
    return [value for value, count in Counter(values).items() if count > 1]


class Part(BaseModel):
    """What a record is made of. Unknown fields are errors."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)


class DateAnchor(Part):
    """The record to which a relative date refers, and how."""

    record: Target
    relation: m.DateRelation


class Date(Part):
    """A date as precise as it is known."""

    edtf: Annotated[str, StringConstraints(max_length=60)] | None = None
    """EDTF (ISO 8601-2); absent where the date is known only relatively."""
    as_written: Quotation | None = None
    """The words in which the source writes it."""
    basis: m.DateBasis = m.DateBasis.stated
    """Stated, or inferred in any part."""
    anchor: DateAnchor | None = None

    @field_validator("edtf")
    @classmethod
    def _understood(cls, edtf: str | None) -> str | None:
        if edtf is not None:
            parse(edtf)
        return edtf

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.edtf is None and self.as_written is None and self.anchor is None:
            raise ValueError("a date has edtf, as_written or an anchor")
        return self


class Coordinates(Part):
    """A point, in degrees of WGS 84."""

    latitude: Annotated[float, Field(ge=-90, le=90)]
    longitude: Annotated[float, Field(ge=-180, le=180)]


class NameOf(Part):
    """A name, in one language and script."""

    text: Line
    language: Language
    kind: m.NameKind = m.NameKind.main
    used_by: Key | None = None
    """The country whose own name this is, for names of kind usage."""

    @model_validator(mode="after")
    def used_by_somebody(self) -> Self:
        if (self.kind is m.NameKind.usage) != (self.used_by is not None):
            raise ValueError("a name of kind usage, and no other, says which country it is used_by")
        return self


class Evidence(Part):
    """A sealed locator; a passage's own words become one by `communique seal`."""

    source: Key
    part: PartName | None = None
    """Which part of the record the passage carries, such as `stages/agreed`."""
    quote: Quotation | None = None
    """Words of the passage that the record itself quotes."""
    paragraph: Annotated[int, Field(ge=1)]
    sentence: Annotated[int, Field(ge=1)]
    start: Offsets
    end: Offsets
    sha256: Sha256
    passage: Quotation | None = None
    """The passage's text, where the source's rights allow it."""


class Row(Part):
    """An entry of a list within a record; evidence may name it as `list/key`."""

    def part_keys(self) -> Iterator[str]:
        """What may follow the list's name in the part of a piece of evidence."""
        raise NotImplementedError

    def identity(self) -> str:
        """What no two entries of one list share."""
        return " ".join(self.part_keys())


class Record(Part):
    """What every record may say."""

    collection: ClassVar[m.Collection]
    evidenced: ClassVar[bool] = True

    key: Key
    slug: Slug | None = None
    """Its address; the key unless told."""
    former_slugs: list[Slug] = []
    name: Line | None = None
    """Its name in English, as the source gives it."""
    label: Line | None = None
    """Our description; the name unless told."""
    names: list[NameOf] = []
    """Its names in other languages, and its other names."""
    evidence: list[Evidence] = []

    def address(self) -> str:
        """The slug under which it is served."""
        return self.slug or self.key

    def rules(self) -> Iterator[str]:
        """What is wrong with the record as a whole, which several bundles may tell together."""
        if self.name is None and self.label is None:
            yield "a record needs a name or a label"
        if self.evidenced and not self.evidence:
            yield "a record needs at least one piece of evidence"
        for name in repeated(self._first_names()):
            yield f"there are two {name}: make one of them an alias"
        for field in type(self).model_fields:
            yield from self._distinct(field, getattr(self, field))
        yield from self._cited()

    def _first_names(self) -> Iterator[str]:
        """What a record has at most one name as."""
        if self.name is not None:
            yield "main names in the language en"
        for name in self.names:
            if name.kind is m.NameKind.main:
                yield f"main names in the language {name.language}"
            if name.kind is m.NameKind.usage:
                yield f"names in the language {name.language} used by {name.used_by}"

    def _distinct(self, field: str, rows: object) -> Iterator[str]:
        if isinstance(rows, list):
            for identity in repeated(map(_identity, rows)):
                yield f"{field} has more than one entry for {identity}"

    def _cited(self) -> Iterator[str]:
        cited = [item.part for item in self.evidence if item.part is not None]
        parts = self.parts() if cited else set[str]()
        for part in cited:
            if part not in parts:
                yield (
                    f"evidence carries the part {part!r}, which the record has not; "
                    f"it has {', '.join(sorted(parts))}{nearest(part, parts)}"
                )

    def parts(self) -> set[str]:
        """The parts that evidence may name: each field that is set, each row of each list."""
        fields = type(self).model_fields.keys() - _NOT_PARTS
        found = {field for field in fields if getattr(self, field) not in (None, [])}
        for field in tuple(found):
            rows = getattr(self, field)
            for row in rows if isinstance(rows, list) else ():
                found.update(f"{field}/{key}" for key in _part_keys(row))
        return found


_NOT_PARTS = {"key", "slug", "former_slugs", "label", "evidence"}


def _part_keys(row: object) -> Iterable[str]:
    if isinstance(row, Row):
        return row.part_keys()
    # A list of keys; names and quotations are cited as the list that they are.
    return [row] if isinstance(row, str) and _KEY.fullmatch(row) else []


def _identity(row: object) -> str:
    if isinstance(row, Row):
        return row.identity()
    if isinstance(row, Evidence):
        return f"{row.part or 'the record'} at character {row.start[0]} of {row.source}"
    if isinstance(row, NameOf):
        return f"{row.text!r} ({row.language})" + (f" used by {row.used_by}" if row.used_by else "")
    return str(row)


class Place(Record):
    """A city or another place that records refer to."""

    collection = m.Collection.places
    evidenced = False

    coordinates: Coordinates | None = None


class Country(Record):
    """A state, former state, territory or organization of states."""

    collection = m.Collection.countries
    evidenced = False

    kind: m.CountryKind
    code: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    """ISO 3166-1 alpha-3."""
    alpha2: Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")] | None = None
    wikidata: Annotated[str, StringConstraints(pattern=r"^Q[1-9][0-9]{0,11}$")] | None = None
    """ISO 3166-1 alpha-2."""
    capital: Key | None = None
    coordinates: Coordinates | None = None

    def address(self) -> str:
        return self.slug or (self.code or self.key).lower()

    def rules(self) -> Iterator[str]:
        yield from super().rules()
        if self.code is not None and self.address() != self.code.lower():
            yield f"the slug of a country with a code is {self.code.lower()!r}: leave it out"


class Topic(Record):
    """A subject."""

    collection = m.Collection.topics
    evidenced = False

    parent: Key | None = None


class Series(Record):
    """A row of meetings."""

    collection = m.Collection.series

    level: m.MeetingLevel
    parties: list[Key] = []


class InSeries(Row):
    """A meeting's place in a series."""

    series: Key
    ordinal: Annotated[int, Field(ge=1, lt=10_000)] | None = None
    """As a source says it."""

    def part_keys(self) -> Iterator[str]:
        yield self.series


class Participation(Row):
    """Somebody's part in a meeting."""

    participant: Key
    role: m.ParticipationRole = m.ParticipationRole.participant
    country: Key | None = None
    """The country on whose behalf."""

    def part_keys(self) -> Iterator[str]:
        yield from (self.role, self.participant)


class Meeting(Record):
    """One meeting, held or planned."""

    collection = m.Collection.meetings

    level: m.MeetingLevel
    status: m.MeetingStatus
    voice: m.Voice = m.Voice.reporter
    date: Date | None = None
    host: Key | None = None
    """The country that hosts."""
    venue_country: Key | None = None
    city: Key | None = None
    """A place."""
    venue: Line | None = None
    coordinates: Coordinates | None = None
    purpose: Prose | None = None
    parties: list[Key] = []
    participations: list[Participation] = []
    series: list[InSeries] = []
    topics: list[Key] = []

    def parts(self) -> set[str]:
        ordinal = any(row.ordinal for row in self.series)
        return super().parts() | ({"ordinal"} if ordinal else set())


class Office(Row):
    """An office that somebody holds or held."""

    office: Key
    """What is held, such as `foreign-minister`."""
    title: Line
    """As the source writes it."""
    country: Key | None = None
    date: Date | None = None

    def part_keys(self) -> Iterator[str]:
        yield self.office

    def identity(self) -> str:
        return self.model_dump_json(exclude_defaults=True)


class Participant(Record):
    """Whoever takes part or speaks."""

    collection = m.Collection.participants

    kind: m.ParticipantKind
    family_name: Line | None = None
    given_name: Line | None = None
    name_order: m.NameOrder | None = None
    country: Key | None = None
    """The state that it is, or whose organ or delegation."""
    offices: list[Office] = []
    members: list[Key] = []
    """Who makes up a group."""


class StanceOn(Row):
    """How a statement stands to a record."""

    target: Target
    stance: m.Stance

    def part_keys(self) -> Iterator[str]:
        yield self.target


class Statement(Record):
    """What somebody said."""

    collection = m.Collection.statements

    speakers: Annotated[list[Key], Field(min_length=1)]
    meeting: Key | None = None
    kind: m.StatementKind
    own_words: Flag
    """Whether what is quoted are the speaker's own words, and not a report about them."""
    voice: m.Voice = m.Voice.official
    text: Prose
    quotes: list[Quotation] = []
    topics: list[Key] = []
    about: list[Key] = []
    """Countries that the words are about, also when named by capital, war or alliance."""
    stances: list[StanceOn] = []
    date: Date | None = None
    """Its own date; its meeting's unless told."""

    def rules(self) -> Iterator[str]:
        yield from super().rules()
        if (self.kind is m.StatementKind.paraphrase) == bool(self.quotes):
            yield "a direct or mixed statement has quotes, a paraphrase has none"
        if self.own_words and not self.quotes:
            yield "own_words is about quoted words, and a paraphrase has none"
        cited = {item.quote for item in self.evidence}
        for quote in self.quotes:
            if quote not in cited:
                yield f"{quote!r} is in quotes and not the quote of a piece of evidence"


class Silence(Record):
    """What somebody conspicuously did not say."""

    collection = m.Collection.silences

    participants: Annotated[list[Key], Field(min_length=1)]
    meeting: Key | None = None
    voice: m.Voice = m.Voice.reporter
    text: Prose
    topics: list[Key] = []
    about: list[Key] = []
    date: Date | None = None
    """Its own date; its meeting's unless told."""


class DisputeParty(Row):
    """A state in a dispute."""

    country: Key
    role: m.PartyRole = m.PartyRole.party

    def part_keys(self) -> Iterator[str]:
        yield self.country


class Dispute(Record):
    """A disagreement between states."""

    collection = m.Collection.disputes

    kind: m.DisputeKind
    status: m.DisputeStatus
    voice: m.Voice = m.Voice.reporter
    text: Prose
    parties: Annotated[list[DisputeParty], Field(min_length=2)]
    administrator: Key | None = None
    topics: list[Key] = []
    coordinates: Coordinates | None = None


class IncidentParty(Row):
    """A state that acted, or that an incident affected."""

    country: Key
    role: m.IncidentRole
    participant: Key | None = None
    """Who acted for the country."""

    def part_keys(self) -> Iterator[str]:
        yield from (self.role, self.country)


class Incident(Record):
    """Something that happened."""

    collection = m.Collection.incidents

    dispute: Key | None = None
    voice: m.Voice = m.Voice.reporter
    text: Prose
    parties: list[IncidentParty] = []
    topics: list[Key] = []
    date: Date | None = None
    coordinates: Coordinates | None = None


class Stage(Row):
    """A stage that a proposal reached."""

    stage: m.ProposalStage
    asserted_by: Key | None = None
    """The participant who says so."""
    meeting: Key | None = None
    date: Date | None = None
    """Its own date; its meeting's unless told."""

    def part_keys(self) -> Iterator[str]:
        yield self.stage

    def identity(self) -> str:
        return self.model_dump_json(exclude_defaults=True)


class Item(Row):
    """A part of a proposal."""

    key: Key
    label: Line
    topic: Key | None = None

    def part_keys(self) -> Iterator[str]:
        yield self.key


class Proposal(Record):
    """A cooperation proposal or a recommendation."""

    collection = m.Collection.proposals

    origin: m.ProposalOrigin
    kind: m.ProposalKind
    text: Prose
    stages: Annotated[list[Stage], Field(min_length=1)]
    items: list[Item] = []
    proposers: list[Key] = []
    """Whom the source has voicing it."""
    addressees: list[Key] = []
    """Countries to which it is addressed."""
    meeting: Key | None = None
    topics: list[Key] = []


class Relation(Record):
    """How two states stand to each other."""

    collection = m.Collection.relations

    kind: m.RelationKind
    directed: Flag = False
    parties: Annotated[list[Key], Field(min_length=2, max_length=2)]
    """The two states; in a directed relation the first bears it towards the second."""
    voice: m.Voice = m.Voice.reporter
    asserted_by: Key | None = None
    """The participant who says so."""
    text: Prose
    topics: list[Key] = []

    def ordered_parties(self) -> list[str]:
        """The parties, in the order of their keys where the relation has no direction."""
        return self.parties if self.directed else sorted(self.parties)


class Assessment(Record):
    """What the author concludes, expects or fears; context that fits nowhere else."""

    collection = m.Collection.assessments

    hedged: Flag
    voice: m.Voice = m.Voice.author
    text: Prose
    countries: list[Key] = []
    """Countries that are judged."""
    topics: list[Key] = []
    meeting: Key | None = None


Outlined = Annotated[list[Annotated[int, Field(ge=0, lt=2**31)]], Field(min_length=4, max_length=4)]


class Source(Record):
    """A text that facts come from."""

    collection = m.Collection.sources
    evidenced = False

    publisher: Line | None = None
    author: Line | None = None
    language: Language
    rights: m.SourceRights
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=2000)] | None = None
    date: Date | None = None
    """When it was published."""
    sha256: Sha256
    """Of the whole text as UTF-8."""
    characters: Annotated[int, Field(ge=0)]
    """Length in code points."""
    outline: list[Outlined]
    """Where each sentence stands: paragraph, sentence, start, end in code points."""
    text: WholeText | None = None
    """The whole text, where the rights allow it."""

    def sentences(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Start and end of each sentence, by paragraph and sentence."""
        return {(row[0], row[1]): (row[2], row[3]) for row in self.outline}

    def rules(self) -> Iterator[str]:
        yield from super().rules()
        at = 0
        for paragraph, sentence, start, end in self.outline:
            if paragraph < 1 or sentence < 1 or not at <= start < end <= self.characters:
                yield f"the outline is not in order at {[paragraph, sentence, start, end]}"
            at = end
        for place in repeated(f"{row[0]}, sentence {row[1]}" for row in self.outline):
            yield f"the outline has two entries for paragraph {place}"


RECORDS: dict[m.Collection, type[Record]] = {
    record.collection: record
    for record in (
        Source, Place, Country, Topic, Series, Participant, Meeting, Statement, Silence,
        Dispute, Incident, Proposal, Relation, Assessment,
    )
}  # fmt: skip
"""The record class of each collection, in an order in which none refers forward by need."""


def _optional(field: FieldInfo) -> Any:
    kind: Any = field.annotation
    return (Annotated[(kind, *field.metadata)] if field.metadata else kind) | None


@cache
def supplement(record: type[Record]) -> type[Record]:
    """``record`` with nothing but its key required: what one of several bundles may say of it."""
    fields: dict[str, Any] = {
        name: (_optional(field), None)
        for name, field in record.model_fields.items()
        if field.is_required() and name != "key"
    }
    return create_model(
        f"{record.__name__}Supplement", __base__=record, __doc__=record.__doc__, **fields
    )
