"""The timeline: what happened and what was said, each where its date or its source puts it."""

import json
from calendar import monthrange
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import BaseModel, BeforeValidator, ConfigDict, WithJsonSchema, create_model

from app import models as m
from app.errors import InvalidQuery, fault
from app.models import Collection
from app.query import params, parse
from app.query.filters import several
from app.query.listing import read
from app.query.paging import Cursors
from app.query.params import Cursor, TabularManner, sort_check
from app.query.refs import RecordRef, Ref
from app.query.shape import Out
from app.questions.beside import Placement
from app.questions.narrowing import check_some
from app.questions.placing import KEYS, Placing
from app.questions.question import Answer, Asking, Given, Question
from app.questions.strands import STRANDS, Kind, Strand, conditions, filter_parameters, left_out
from app.resources.common import DatedOut, is_unsure

DATE = tuple(DatedOut.model_fields)
NOT_OF_THE_QUERY = {*TabularManner.model_fields, "limit", "cursor", "sort"} - {"basis"}


class Precision(StrEnum):
    """How precisely a date is known: to the day, month or year, as some other span, or not."""

    day = "day"
    month = "month"
    year = "year"
    span = "span"
    none = "none"


class Paged(TabularManner):
    """The parameters of a timeline, its filters aside."""

    limit: params.up_to(200, 50) = 50  # type: ignore[valid-type]
    """How many entries a page holds."""
    cursor: Cursor = None
    """`next_cursor` of the page before."""
    sort: Annotated[
        str,
        BeforeValidator(sort_check(["date"])),
        WithJsonSchema({"type": "string", "enum": ["date", "-date"]}),
    ] = "date"
    """`-date` turns the order round; what has no place comes last both ways."""


PARAMETERS: Any = create_model(
    "TimelineParameters",
    __base__=Paged,  # type: ignore[call-overload]
    kind=several(parse.choices(Kind), "Which kinds of entries."),
    **filter_parameters(),
)


class TimelineEntry(DatedOut):
    """One entry of a timeline. It has the date of its record or stage, and never another one."""

    kind: Kind
    """What it is."""
    collection: Collection
    """Of the record that it is or, for a stage, that it belongs to."""
    id: str
    """Of that record. Opaque and immutable."""
    slug: str
    """Readable, unique within its collection."""
    name: str | None
    """In the language asked for; null where no source gives one."""
    label: str
    """What it is, in our words."""
    stage: m.ProposalStage | None
    """The stage that the proposal reached; null for what is no stage."""
    status: m.MeetingStatus | None
    """Whether the meeting took place; null for what is no meeting."""
    precision: Precision
    """A date of less than a day is a span, and not the first day of it."""
    placement: Placement
    """Why it stands here."""
    placed_by: RecordRef | None
    """The record beside which it stands: that to which its date is relative; else its meeting; else
    the dated meeting before it in a series, or after it; else the dated record that the same source
    tells last before it, or next."""
    sources_count: int
    """How many independent sources carry it; of a stage, its proposal."""
    strength: m.Strength | None
    """The strongest way in which a source carries it; of a stage, its proposal."""
    contested: bool
    """Whether sources contradict each other on one of its fields; of a stage, on one of its
    proposal. `contradictions` of the record tell what each says."""
    voice: m.Voice
    asserted_by: Ref | None
    """The participant who says that the stage was reached; null for what is no stage."""
    meeting: Ref | None
    """The meeting at which it was; null for a meeting itself."""
    url: str
    """The whole record."""


class EntriesOfRecords(Out):
    """How many entries of a kind there are that are records."""

    count: int
    """How many there are, on all pages."""
    url: str
    """Their list."""


class EntriesOfStages(Out):
    """How many stages there are. They are rows of proposals, and have no list of their own."""

    count: int
    """How many there are, on all pages."""
    proposals: str
    """The list of the proposals that are asked for, whatever the voice and date of their stages."""


class TimelineCounts(Out):
    """How many entries there are of each kind; null for kinds that are left out."""

    meetings: EntriesOfRecords | None
    statements: EntriesOfRecords | None
    silences: EntriesOfRecords | None
    incidents: EntriesOfRecords | None
    stages: EntriesOfStages | None


class LeftOut(Out):
    """A kind of entry that cannot be asked all that was asked, and is left out."""

    kind: Kind
    parameters: list[str]
    """What it cannot be asked."""


class Timeline(BaseModel):
    """Entries in their order. Filters leave entries out, and move none."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[TimelineEntry]
    """The entries of this page."""
    next_cursor: str | None
    """Asks for the next page; null on the last."""
    counts: TimelineCounts
    """How many entries there are of each kind."""
    left_out: list[LeftOut]
    """The kinds that have nothing of what was asked."""


def timeline(asking: Asking, query: Any) -> Answer:
    """One page of the timeline."""
    sent = query.model_dump(exclude_unset=True)
    given = {name: sent[name] for name in filter_parameters() if name in sent}
    asked = conditions(asking.context, given)
    strands = wanted(query.kind)
    lacking = left_out(strands, given)
    check_some({one.kind: lacking.get(one.kind, ()) for one in strands})
    strands = [one for one in strands if one.kind not in lacking]
    placing = Placing(
        asking.context, {one.kind: asked[one.kind] for one in strands}, query.sort == "-date"
    )
    rows, cursor = page(asking, placing, query, sent)
    return {
        "items": entries(asking, rows),
        "next_cursor": cursor,
        "counts": counts(asking, placing, given),
        "left_out": [{"kind": kind, "parameters": names} for kind, names in lacking.items()],
    }


def wanted(asked: Sequence[str]) -> list[Strand]:
    """The kinds of entries that are asked for. Raises InvalidQuery where that leaves none."""
    only = [one for one in asked if not one.startswith("!")]
    found = [
        one
        for one in STRANDS
        if f"!{one.kind.value}" not in asked and (not only or one.kind.value in only)
    ]
    if not found:
        detail = "This leaves no kind of entry: ask for one, or exclude fewer."
        raise InvalidQuery(detail, [fault("unsuitable_parameter", "kind", detail)])
    return found


def page(asking: Asking, placing: Placing, query: Any, sent: Given) -> tuple[Sequence[Any], Any]:
    """The rows of one page, and the cursor of the next."""
    asked = {name: value for name, value in sent.items() if name not in NOT_OF_THE_QUERY}
    text = json.dumps(["timeline", query.sort, sorted(asked.items())], default=str)
    cursors = Cursors(asking.context.secret, text)
    after = cursors.read(query.cursor, placing.keys()) if query.cursor else None
    rows = placing.page(after, query.limit + 1)
    shown = rows[: query.limit]
    more = len(rows) > len(shown)
    last = [getattr(shown[-1], name) for name in KEYS] if more else None
    return shown, cursors.write(last) if last else None


def counts(asking: Asking, placing: Placing, given: Given) -> Answer:
    """How many entries there are of each kind that is asked for."""
    found: Answer = dict.fromkeys(kind.value for kind in Kind)
    for one in placing.strands:
        listed = one.listed(given)
        url = asking.url(one.resource, listed)
        if one.kind is Kind.stages:
            query = sa.select(sa.func.count()).select_from(one.rows())
            number = asking.context.session.scalar(query.where(*placing.asked[one.kind]))
            found[one.kind] = {"count": number, "proposals": url}
        else:
            found[one.kind] = {"count": asking.count(one.resource, listed), "url": url}
    return found


def entries(asking: Asking, rows: Sequence[Any]) -> list[Answer]:
    """What the entries of a page tell."""
    ids: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        ids[row.kind].append(row.id)
    told = {one.kind.value: records(asking, one, ids[one.kind]) for one in STRANDS}
    beside = [asking.context.refs.get(RecordRef, row.beside) for row in rows]
    asking.context.refs.resolve()
    return [
        entry(asking, row, told[row.kind][row.id], ref)
        for row, ref in zip(rows, beside, strict=True)
    ]


def records(asking: Asking, strand: Strand, ids: Sequence[str]) -> Mapping[str, Answer]:
    """The records of a page's entries of one kind, by id."""
    if not ids:
        return {}
    listing = asking.listing(strand.resource, {})
    rows = asking.context.session.execute(
        listing.matching(*strand.resource.plan.columns).where(listing.id.in_(ids))
    ).all()
    fields = [name for name in TOLD if name in strand.resource.shown]
    return {item["id"]: item for item in read(listing, rows, (), fields)}


CARRIED = ("sources_count", "strength")
"""What records tell of how sources carry them."""
TOLD = (
    *("id", "slug", "name", "label", *DATE, *CARRIED),
    *("contradictions", "status", "voice", "meeting", "stages"),
)
"""What entries tell of their records."""


def entry(asking: Asking, row: Any, record: Answer, beside: Answer | None) -> Answer:
    """One entry: its record, or one of the stages of it."""
    [strand] = [one for one in STRANDS if one.kind == row.kind]
    of_stage = strand.kind is Kind.stages
    dated = record["stages"][row.position] if of_stage else record
    found = {name: dated[name] for name in DATE} | {
        "kind": strand.kind,
        "collection": strand.resource.collection,
        **{name: record[name] for name in ("id", "slug", "name", "label")},
        "stage": dated["stage"] if of_stage else None,
        "status": record.get("status"),
        "precision": precision(dated),
        "placement": row.placement,
        "placed_by": beside,
        **{name: record[name] for name in CARRIED},
        "contested": bool(record["contradictions"]),
        "voice": dated["voice"],
        "asserted_by": dated["asserted_by"] if of_stage else None,
        "meeting": dated.get("meeting"),
        "url": asking.record_url(strand.resource, record["slug"]),
    }
    return {name: found[name] for name in TimelineEntry.model_fields}


def precision(dated: Mapping[str, Any]) -> Precision:
    """How precisely a date is known."""
    first: date | None = dated["date_earliest"]
    last: date | None = dated["date_latest"]
    if first is None and last is None:
        return Precision.none
    # Of what is uncertain or approximate not even the day, month or year that it names is known.
    if is_unsure(dated["date_edtf"]):
        return Precision.span
    if first == last:
        return Precision.day
    # Of an interval each end is known on its own.
    if first is None or last is None or dated["date_start"] or dated["date_end"]:
        return Precision.span
    if (first.day, last.day) != (1, monthrange(last.year, last.month)[1]):
        return Precision.span
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    lengths = {1: Precision.month, 12: Precision.year}
    return lengths.get(months, Precision.span) if first.month in (1, last.month) else Precision.span


def rows_of_page(_: Asking, answer: Answer) -> Iterable[Answer]:
    """The entries, a row each."""
    items: Iterable[Answer] = answer["items"]
    return items


QUESTIONS = (
    Question(
        name="timeline",
        path="/v1/timeline",
        about="Meetings, statements, silences, incidents and stages of proposals in one order."
        " A date stands where its first day stands, a year or a month before the days within it;"
        " what has no date stands where its anchor, its meeting, its series or its source puts it,"
        " and says so. A kind of entry that cannot be asked what is asked is left out, and named in"
        " `left_out`.",
        parameters=PARAMETERS,
        answer=Timeline,
        row=TimelineEntry,
        ask=timeline,
        rows=rows_of_page,
    ),
)
