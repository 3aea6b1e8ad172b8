"""The tool that compares which side said what of which topic, and where it kept silent."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.assistants import prose
from app.assistants.asking import Api, Json
from app.assistants.covered import Answered, nothing_found
from app.assistants.facts import Place, Reference, Short, Text, places, short, without_nothing
from app.assistants.tool import Narrowed, Told, Tool, wording

ROWS_AT_MOST = 40


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
    voice: str
    """Who asserts it: official, reporter or author."""
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
    total, shown = len(answer["rows"]), answer["rows"][:ROWS_AT_MOST]
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
        lines.append(prose.rows_left(len(rows), total, "topic, country, meeting or date"))
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
        "voice": whole[one["id"]]["voice"],
        "evidence": places(whole[one["id"]]["evidence"]),
    }


def _in_words(row: Mapping[str, Any]) -> str:
    stances = ", ".join(f"{name} {count}" for name, count in row.get("stances", {}).items())
    taken = f" (stances: {stances})" if stances else ""
    pair = f"{prose.words(row['topic'])}, {prose.words(row['side'])}"
    lines = [f"- {pair}: statements {row['statements']}{taken}; silences {row['silences']}"]
    for name, kind in (("latest_statement", "STATEMENT"), ("latest_silence", "SILENCE")):
        if latest := row.get(name):
            voice = f"voice: {latest['voice']}"
            lines.append(f"latest {kind} [{latest['slug']}], {voice}: {latest['label']}")
            lines.append(f"evidence: {prose.cited(latest['evidence'])}; {latest['address']}")
    return prose.lines(lines, "\n  ")


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
)
