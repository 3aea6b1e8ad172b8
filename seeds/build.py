"""What is kept of each record: its rows, what finds it, and whether either has changed."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from pydantic_core import to_json

from app import models as m
from app.models import Basis, Collection
from app.query.terms import fold
from seeds import corroboration, documents, named
from seeds import records as r
from seeds.dates import Span, parse
from seeds.ids import record_id
from seeds.ranks import Sitting, ranks
from seeds.rows import ROWS, Facts, Row, Values, Whole, common
from seeds.told import Address


@dataclass(frozen=True, slots=True)
class Built:
    """A record as it is kept: its identity, its own row and those of its lists."""

    identity: Values
    """The columns of Record, without those that tell its history."""
    main: Row
    children: list[Row]
    document: Values | None
    """The columns of SearchDocument; None for what search does not serve."""
    found: named.Found | None
    """What finds it by its names; None for what has none."""
    sha256: str
    id: str


def build(wholes: Mapping[Address, Whole]) -> Iterator[Built]:
    """All records and the evidence for them, of records that agree with one another."""
    facts = _facts(wholes.values())
    called = documents.Called(wholes)
    referring = named.referring(wholes)
    keys: Counter[str] = Counter()
    for whole in wholes.values():
        yield _record(whole, wholes, facts, called, referring)
        yield from _evidence(whole, wholes, keys)


def _record(
    whole: Whole,
    wholes: Mapping[Address, Whole],
    facts: Facts,
    called: documents.Called,
    referring: Mapping[Address, int],
) -> Built:
    record = whole.record
    label = record.label or record.name or record.key
    identity = _identity(record.collection, record.key, record.address(), record.name, label)
    main, *children = ROWS[record.collection](whole, record, facts)
    children += common(whole, facts)
    children += corroboration.contradictions(whole, wholes)
    served = record.collection is not Collection.places
    document = documents.of_record(whole, called, _day(main)) if served else None
    number = referring.get((record.collection, record.key), 0)
    found = named.of_record(whole, identity, children, number) if served else None
    more = {
        "basis": whole.basis,
        "sources": corroboration.sources(record, facts),
        "strength": corroboration.strength(whole),
    }
    return _built({**identity, **more}, main, children, document, found)


def _day(main: Row) -> date | None:
    """The last day that the date of a record allows, else the first."""
    _, values = main
    day: date | None = values.get("date_latest") or values.get("date_earliest")
    return day


def _identity(collection: Collection, key: str, slug: str, name: str | None, label: str) -> Values:
    return {
        "id": record_id(collection, key),
        "collection": collection,
        "key": key,
        "slug": slug,
        "name": name,
        "label": label,
        "sort_name": fold(name or label)[:500],
        "basis": Basis.source,
        "sources": 1,
        "strength": None,
    }


def _built(
    identity: Values,
    main: Row,
    children: list[Row],
    document: Values | None,
    found: named.Found | None = None,
) -> Built:
    """The record with a digest of all that is kept of it, but for what finds it."""
    lists = [(table.__name__, values) for table, values in children]
    digest = hashlib.sha256(to_json([identity, main[1], lists]))
    return Built(identity, main, children, document, found, digest.hexdigest(), identity["id"])


# --------------------------------------------------------------- what follows from others


def _facts(wholes: Iterable[Whole]) -> Facts:
    """What rows need to know of other records than their own."""
    meetings: dict[str, Whole] = {}
    parents: dict[str, str | None] = {}
    publishers: dict[str, str] = {}
    for whole in wholes:
        if isinstance(whole.record, r.Meeting):
            meetings[whole.record.key] = whole
        if isinstance(whole.record, r.Topic):
            parents[whole.record.key] = whole.record.parent
        if isinstance(whole.record, r.Source):
            publisher = whole.record.publisher
            publishers[whole.record.key] = publisher.casefold() if publisher else whole.id
    ancestors = {key: [*_upwards(key, parents)] for key in parents}
    ranked = _ranks(whole.record for whole in meetings.values())
    return Facts(meetings, ancestors, ranked, publishers)


def _upwards(key: str | None, parents: Mapping[str, str | None]) -> Iterator[str]:
    while key is not None:
        yield key
        key = parents[key]


def _ranks(meetings: Iterable[r.Record]) -> dict[tuple[str, str], int | None]:
    """The rank of each meeting in each of its series, by series and meeting."""
    sittings: dict[str, list[Sitting]] = defaultdict(list)
    for meeting in meetings:
        assert isinstance(meeting, r.Meeting)  # noqa: S101
        span = parse(meeting.date.edtf) if meeting.date and meeting.date.edtf else Span()
        for row in meeting.series:
            sitting = Sitting(meeting.key, row.ordinal, meeting.status, span.earliest, span.latest)
            sittings[row.series].append(sitting)
    return {
        (series, key): rank
        for series, each in sittings.items()
        for key, rank in ranks(each).items()
    }


# ------------------------------------------------------------------------------- evidence


def _evidence(whole: Whole, wholes: Mapping[Address, Whole], keys: Counter[str]) -> Iterator[Built]:
    """A record for each passage that a record rests on; `keys` counts those given away."""
    for item in sorted(whole.record.evidence, key=lambda item: (item.source, item.start)):
        key = _key(whole.record, item, keys)
        source = wholes[Collection.sources, item.source].record
        of = source.label or source.name
        label = f"Paragraph {item.paragraph}, sentence {item.sentence} of {of}"
        identity = _identity(Collection.evidence, key, key, None, label)
        values = {
            "id": identity["id"],
            "source_id": record_id(Collection.sources, item.source),
            "record_id": whole.id,
            **_locator(item),
        }
        document = documents.of_evidence(identity["id"], item)
        yield _built(identity, (m.Evidence, values), [], document)


def _key(record: r.Record, item: r.Evidence, keys: Counter[str]) -> str:
    """A key that stays when the text around a passage moves; repeated ones are numbered."""
    part = re.sub(r"[^a-z0-9]+", "-", f"-{item.part}" if item.part else "")
    key = f"{record.collection}-{record.key}{part}"[:180].rstrip("-") + f"-{item.sha256[:8]}"
    keys[key] += 1
    return key if keys[key] == 1 else f"{key}-{keys[key]}"


def _locator(item: r.Evidence) -> Values:
    units = ("code_point", "utf16", "utf8")
    start = {f"start_{unit}": at for unit, at in zip(units, item.start, strict=True)}
    end = {f"end_{unit}": at for unit, at in zip(units, item.end, strict=True)}
    whole = item.model_dump(include={"part", "paragraph", "sentence", "sha256", "quote", "passage"})
    return {**whole, **start, **end}
