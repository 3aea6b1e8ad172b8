"""Tools that count: which side said what of which topic, and what is covered at all."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.assistants import prose
from app.assistants.asking import Api, Json
from app.assistants.facts import (
    Place,
    Reference,
    Short,
    Text,
    places,
    short,
    without_nothing,
)
from app.assistants.knowing import Answered, nothing_found
from app.assistants.tool import Arguments, Narrowed, Told, Tool, wording

POSITIONS_AT_MOST = 40
COUNTS_AT_MOST = 100
NARROWER = "Only the first {} of {} rows are told. Narrow the question, by {}, for the others."


class PositionsArguments(Narrowed):
    """What chooses topics, sides and records."""

    country: Text = None
    """The countries of the sides, by ISO code."""
    participant: Text = None
    """Who said it or kept silent, by slug."""
    by: Text = Field(default=None, json_schema_extra={"enum": ["country", "participant"]})
    """What a side is: a country unless told."""
    series: Text = None
    """Slugs of series of meetings."""
    about: Text = None
    """Countries that the words are about."""


class LatestTold(Short):
    """The latest record of a kind."""

    slug: str
    label: str
    """In the knowledge base's own words: no quotation."""
    address: str
    """Of the record in the API."""
    evidence: list[Place]


class PositionRowTold(Short):
    """What one side said of one topic, and whether it conspicuously left it out."""

    topic: Reference
    side: Reference
    statements: int
    """How many statements."""
    stances: dict[str, int] = Field(default_factory=dict)
    """How many take which stance to the topic: what their words show, and not what it thinks."""
    latest_statement: LatestTold | SkipJsonSchema[None] = None
    silences: int
    """How often the side conspicuously left the topic out. A silence is no stance."""
    latest_silence: LatestTold | SkipJsonSchema[None] = None


class PositionsTold(Answered):
    """Which side said what of which topic, and what it left out."""

    total: int
    """How many pairs of topic and side anything is known of."""
    rows: list[PositionRowTold] = Field(default_factory=list)
    """The first of them, by topic, then by side. Of a pair without a row nothing is known."""
    of_no_side: dict[str, int] = Field(default_factory=dict)
    """How many statements and silences stand in no row, since nothing says which side they are of:
    those of a group that speaks for several countries."""


async def positions(api: Api, asked: PositionsArguments) -> Told:
    """Every topic by every side."""
    answer = await api.ask("/v1/positions", asked.model_dump())
    total, shown = len(answer["rows"]), answer["rows"][:POSITIONS_AT_MOST]
    sideless = {name: one["count"] for name, one in (answer["of_no_side"] or {}).items()}
    content = without_nothing(
        {"of_no_side": {name: count for name, count in sideless.items() if count}}
    )
    if not total and not content:
        return Told(*await nothing_found(api, {"total": 0}))
    ids = [one["id"] for row in shown for one in (row["latest"], row["silences"]["latest"]) if one]
    whole = await api.whole(ids, wording(asked))
    rows = [_position(api, row, whole) for row in shown]
    lines = [_in_words(row) for row in rows]
    if total > len(rows):
        lines.append(NARROWER.format(len(rows), total, "topic, country, meeting or date"))
    for name, count in content.get("of_no_side", {}).items():
        lines.append(f"Of no side, such as of a group, and in no row: {name} {count}.")
    return Told("\n".join(lines), without_nothing({"total": total, "rows": rows, **content}))


def _position(api: Api, row: Mapping[str, Any], whole: Mapping[str, Json]) -> Json:
    return without_nothing(
        {
            "topic": short(row["topic"]),
            "side": short(row["side"]),
            "statements": row["statements"]["count"],
            "stances": {one["stance"]: one["count"] for one in row["stances"]},
            "latest_statement": _latest(api, "statements", row["latest"], whole),
            "silences": row["silences"]["count"],
            "latest_silence": _latest(api, "silences", row["silences"]["latest"], whole),
        }
    )


def _latest(
    api: Api, collection: str, one: Mapping[str, Any] | None, whole: Mapping[str, Json]
) -> Json | None:
    if one is None:
        return None
    return {
        "slug": one["slug"],
        "label": one["label"],
        "address": api.address(collection, one["slug"]),
        "evidence": places(whole[one["id"]]["evidence"]),
    }


def _in_words(row: Mapping[str, Any]) -> str:
    stances = ", ".join(f"{name} {count}" for name, count in row.get("stances", {}).items())
    taken = f" (stances: {stances})" if stances else ""
    pair = f"{prose.words(row['topic'])}, {prose.words(row['side'])}"
    lines = [f"- {pair}: statements {row['statements']}{taken}; silences {row['silences']}"]
    for name, kind in (("latest_statement", "STATEMENT"), ("latest_silence", "SILENCE")):
        if latest := row.get(name):
            lines.append(f"latest {kind} [{latest['slug']}]: {latest['label']}")
            lines.append(f"evidence: {prose.cited(latest['evidence'])}; {latest['address']}")
    return "\n  ".join(lines)


class CoverageArguments(Arguments):
    """By what coverage is told, and of what."""

    by: Text = Field(
        default=None,
        json_schema_extra={"enum": ["collection", "country", "about", "topic", "year", "source"]},
    )
    """By what it is told: by collection alone unless told."""
    collection: Text = None
    """Only these collections, separated by commas."""
    country: Text = None
    """Countries by ISO code; collections that cannot be asked for it are left out."""
    topic: Text = None
    """Slugs of topics; collections that cannot be asked for it are left out."""
    zeros: Annotated[bool, Field()] = False
    """Whether what nothing is known of has a row as well."""


class CoverageRowTold(Short):
    """How much is known."""

    key: Text = None
    """The country, topic, year or source; `not known` for records of which none is known; absent
    where it is all."""
    collection: str
    count: int
    """0 is not covered."""
    date_earliest: Text = None
    """The first day that any of their dates allows."""
    date_latest: Text = None
    """The last day that any of their dates allows."""
    undated_count: int | SkipJsonSchema[None] = None
    """How many have no calendar date; absent where records have no date."""


class CoverageTold(Answered):
    """What is known and what is not."""

    total: int
    """How many rows there are."""
    rows: list[CoverageRowTold] = Field(default_factory=list)
    """The first of them."""
    left_out: list[str] = Field(default_factory=list)
    """The collections that cannot be asked all of this, and are missing."""


async def coverage(api: Api, asked: CoverageArguments) -> Told:
    """What is known and what is not."""
    answer = await api.ask("/v1/coverage", asked.model_dump())
    total = len(answer["rows"])
    left_out = [one["collection"] for one in answer["left_out"]]
    content = without_nothing({"total": total, "left_out": left_out})
    if not total:
        return Told(*await nothing_found(api, content))
    rows = [_covered(row) for row in answer["rows"][:COUNTS_AT_MOST]]
    lines = [*_counted(rows)]
    if total > len(rows):
        lines.append(NARROWER.format(len(rows), total, "collection, country or topic"))
    if left_out:
        lines.append(f"Left out, cannot be asked all of this: {', '.join(left_out)}.")
    return Told("\n".join(lines), {**content, "rows": rows})


def _covered(row: Mapping[str, Any]) -> Json:
    key = row["key"] and (row["key"]["value"] or row["key"]["name"])
    fields = ("collection", "count", "date_earliest", "date_latest", "undated_count")
    return without_nothing({"key": key, **{name: row[name] for name in fields}})


def _counted(rows: list[Json]) -> Iterator[str]:
    for row in rows:
        first, last = row.get("date_earliest"), row.get("date_latest")
        dates = f", dated {first or 'open'} to {last or 'open'}" if first or last else ""
        undated = f", undated {row['undated_count']}" if row.get("undated_count") else ""
        of = f"{row['key']}, " if "key" in row else ""
        yield f"- {of}{row['collection']}: {row['count']}{dates}{undated}"


TOOLS = (
    Tool(
        name="positions",
        title="Compare what sides said of topics",
        about="Compare which side said how much of which topic, which stances its words show, and"
        " where it conspicuously kept silent; with the latest statement and silence of each and"
        " their evidence. A silence is told apart from having said nothing that is known: a pair of"
        " topic and side without a row is one of which nothing is known. Several values of an"
        " argument are separated by commas.",
        arguments=PositionsArguments,
        answer=PositionsTold,
        ask=positions,
    ),
    Tool(
        name="coverage",
        title="Tell what is covered",
        about="Tell what this knowledge base covers: how many records of each collection, by"
        " country, topic, year or source, and from when to when. Ask it before you say that"
        " something did not happen or was not said: what is not covered is not known.",
        arguments=CoverageArguments,
        answer=CoverageTold,
        ask=coverage,
    ),
)
