"""Positions: which side said what of which topic, how it stands to it, and where it kept silent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, create_model

from app.errors import InvalidQuery, fault
from app.models import Stance, StatementKind
from app.query import parse
from app.query.filters import Filter, two
from app.query.params import TabularManner, name
from app.query.pivot import check_rows
from app.query.refs import Ref
from app.questions.comparison import Change, Comparison, change, compared, covered
from app.questions.ledger import SAID, UNSAID, WHO, Counted, Latest, Ledger, Position
from app.questions.narrowing import SHARED
from app.questions.question import Answer, Asking, Labelled, Question
from app.questions.tally import Cell
from app.questions.tree import TopicInTree, in_tree
from app.resources.common import CountryRef


class PositionsManner(TabularManner):
    """The parameters of positions, filters aside."""

    by: name(("country", "participant")) = "country"  # type: ignore[valid-type]
    """What a side is."""
    compare: parse.many(str, two) = Field(default_factory=list)  # type: ignore[valid-type]
    """Two meetings of one series, by id or slug: what each side says anew, again, or no more."""
    zeros: parse.Flag = None
    """Whether a topic has a row for a side that neither spoke of it nor kept silent."""


BY_CODE = "Id, slug, alpha-3 or alpha-2."
FILTERS: Mapping[str, Filter] = {
    "country": replace(SAID.all_filters["country"], about=f"The country of a side. {BY_CODE}"),
    "participant": replace(
        UNSAID.all_filters["participant"], about="Who said it or kept silent. Id or slug."
    ),
    "speaker": replace(
        SAID.all_filters["speaker"], about="The same as `participant`, as statements call it."
    ),
    "about": replace(SAID.all_filters["about"], about=f"A country that it is about. {BY_CODE}"),
    "between": replace(
        SAID.all_filters["between"], about="By one of two countries about the other."
    ),
    **{one: SAID.all_filters[one] for one in ("topic", "meeting", "series", *SHARED)},
}
"""What statements and silences can both be asked."""
FILTER_PARAMETERS: Mapping[str, Any] = {
    parameter: kind
    for called, one in FILTERS.items()
    for parameter, kind in one.parameters(called).items()
}
PositionsParameters = create_model(
    "PositionsParameters", __base__=PositionsManner, **FILTER_PARAMETERS
)


class Side(Labelled):
    """A country or a participant."""

    code: str | None
    """ISO 3166-1 alpha-3; null for a participant, and for what ISO does not code."""


class PositionRow(Position):
    """One topic by one side."""

    topic: Ref
    side: Side
    change: Change | None
    """By whether it speaks of the topic at each meeting; null where it does at neither, and where
    a meeting is not covered: it was not held, or `comparison` counts nothing of it."""
    earlier: Position | None
    """What it said at the earlier meeting; null unless meetings are compared."""
    later: Position | None
    """What it said at the later meeting."""


class OfNoSide(BaseModel):
    """What no row can tell, since nothing says which side it is of."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    statements: Counted
    """Statements of no side, such as those of a group that speaks for several countries."""
    silences: Counted
    """Silences of no side."""


class Positions(BaseModel):
    """Which side said what of which topic."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    by: str
    """What a side is: `country` or `participant`."""
    statements: Counted
    """All statements that match, each counted once, also those of no topic or side."""
    silences: Counted
    """All silences that match, each counted once."""
    of_no_side: OfNoSide | None
    """What of these stands in no row for want of a side; null where only what has one is asked."""
    comparison: Comparison | None
    """The meetings that are compared; null unless asked for."""
    topics: list[TopicInTree]
    """The topics that have a row, in the order of their tree."""
    sides: list[Side]
    """The sides that have a row, by slug."""
    rows: list[PositionRow]
    """By topic, then by side."""


class CountrySide(Side):
    """A country."""

    more: ClassVar[dict[str, Any]] = CountryRef.more


KINDS_AND_STANCES: dict[str, Any] = {
    one.value: (int, Field(description=f"How many statements: `{one.value}`."))
    for one in (*StatementKind, *Stance)
}


class PositionTold(BaseModel):
    """One topic by one side, as a row of a table."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    topic: Ref
    side: Side
    statements: int
    """How many statements."""
    no_stance: int
    """How many of them take no stance to the topic."""
    latest: Latest | None
    """The latest statement."""
    silences: int
    """How often the topic was conspicuously left out."""
    change: Change | None
    """From the earlier meeting to the later; null unless meetings are compared and covered."""
    earlier_statements: int | None
    """How many statements at the earlier meeting."""
    earlier_silences: int | None
    """How many silences at the earlier meeting."""
    later_statements: int | None
    """How many statements at the later meeting."""
    later_silences: int | None
    """How many silences at the later meeting."""
    url: str
    """The list of the statements."""
    silences_url: str
    """The list of the silences."""


PositionTableRow = create_model(
    "PositionTableRow", __base__=PositionTold, __doc__=PositionTold.__doc__, **KINDS_AND_STANCES
)


def positions(asking: Asking, query: Any) -> Answer:
    """Every topic by every side."""
    given, as_speaker = _given(query)
    comparison = compared(asking, query.compare) if query.compare else None
    parts = _parts(given, comparison)
    whole, *meetings = [Ledger.of(asking, query.by, asked) for asked in parts]
    # First what is called as it was written: a mistake in it is told by that name.
    for matrix in (whole.said, whole.unsaid) if as_speaker else (whole.unsaid, whole.said):
        matrix.listing.conditions()
    check_rows(len(whole.cells))
    topics, sides = _axes(asking, query.by, whole)
    check_rows(len(topics) * len(sides) if query.zeros else 0)
    cells = product(topics, sides) if query.zeros else _sorted(whole.cells, topics, sides)
    ledgers = (whole, *meetings)
    rows = [_row(ledgers, (one, other), topics[one], sides[other]) for one, other in cells]
    if comparison and covered(comparison):
        for row in rows:
            earlier, later = (row[one]["statements"]["count"] for one in ("earlier", "later"))
            row["change"] = change(earlier, later)
    return {
        "by": query.by,
        **whole.whole,
        "of_no_side": None if _has_side(query.by, given) else whole.of_no_side,
        "comparison": comparison,
        "topics": [*topics.values()],
        "sides": [*sides.values()],
        "rows": rows,
    }


def _given(query: Any) -> tuple[dict[str, Any], bool]:
    """The filters that were sent, as silences call them; and whether a side was called speaker."""
    sent = query.model_dump(exclude_unset=True)
    given = {one: value for one, value in sent.items() if one in FILTER_PARAMETERS}
    spoken = [one for one, other in WHO.items() if other in given]
    for one in spoken:
        if one in given:
            detail = f"`{WHO[one]}` and `{one}` are the same here: give one of them."
            raise InvalidQuery(detail, [fault("repeated_parameter", WHO[one], detail)])
        given[one] = given.pop(WHO[one])
    if "meeting" in given and query.compare:
        detail = "`compare` names the meetings: leave `meeting` out."
        raise InvalidQuery(detail, [fault("repeated_parameter", "meeting", detail)])
    return given, bool(spoken)


def _parts(given: Mapping[str, Any], comparison: Answer | None) -> list[Mapping[str, Any]]:
    """What is asked of all records; and of those of either meeting, where two are compared."""
    if comparison is None:
        return [given]
    pair = [comparison[one]["slug"] for one in ("earlier", "later")]
    return [{**given, "meeting": meetings} for meetings in (pair, pair[:1], pair[1:])]


def _has_side(by: str, given: Mapping[str, Any]) -> bool:
    """Whether only what has a side is asked for."""
    chosen = [value for value in given.get(by, ()) if not str(value).startswith("!")]
    return bool(chosen or given.get(f"has_{by}"))


def _axes(
    asking: Asking, by: str, whole: Ledger
) -> tuple[Mapping[str, Answer], Mapping[str, Answer]]:
    """Topics and sides by id, in order: those that were asked for, else those that have a cell."""
    topics, sides = (axis.wanted for axis in whole.said.axes)
    found = asking.labelled(
        CountrySide if by == "country" else Side, sides or {side for _, side in whole.cells}
    )
    for ref in found.values():
        ref.setdefault("code", None)
    ordered = sorted(found.items(), key=lambda pair: str(pair[1]["slug"]))
    return in_tree(asking, topics or {topic for topic, _ in whole.cells}), dict(ordered)


def _sorted(cells: Iterable[Cell], *axes: Mapping[str, Answer]) -> list[Cell]:
    """Cells in the order of both axes."""
    topics, sides = ({id: place for place, id in enumerate(axis)} for axis in axes)
    return sorted(cells, key=lambda cell: (topics[cell[0]], sides[cell[1]]))


def _row(ledgers: Sequence[Ledger], cell: Cell, topic: Answer, side: Answer) -> Answer:
    """One row: of all records, then of the meetings that are compared, if any."""
    told = [ledger.position(cell, topic["slug"], side["slug"]) for ledger in ledgers]
    earlier, later = told[1:] or (None, None)
    row = {"topic": {one: topic[one] for one in Ref.model_fields}, "side": side, **told[0]}
    return row | {"change": None, "earlier": earlier, "later": later}


def rows(_: Asking, answer: Answer) -> Iterator[Answer]:
    """The rows of a table: numbers side by side, with the addresses of both lists."""
    for row in answer["rows"]:
        told = {one: row[one] for one in ("topic", "side", "latest", "change")}
        told |= dict.fromkeys(KINDS_AND_STANCES, 0)
        told |= {one["kind"]: one["count"] for one in row["kinds"]}
        told |= {one["stance"]: one["count"] for one in row["stances"]}
        for one in ("statements", "no_stance", "silences"):
            told[one] = row[one]["count"]
        for meeting, one in product(("earlier", "later"), ("statements", "silences")):
            told[f"{meeting}_{one}"] = row[meeting] and row[meeting][one]["count"]
        yield told | {"url": row["statements"]["url"], "silences_url": row["silences"]["url"]}


QUESTIONS = (
    Question(
        name="positions",
        path="/v1/positions",
        about="What each side said of each topic. How many statements and of which kinds, which"
        " stances they take, the latest of them, and the silences apart; of two meetings also"
        " what is new, repeated or dropped.",
        parameters=PositionsParameters,
        answer=Positions,
        row=PositionTableRow,
        ask=positions,
        rows=rows,
    ),
)
