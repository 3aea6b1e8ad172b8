"""The tool that tells what is covered, so that nothing found is not taken for a denial."""

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.assistants import prose
from app.assistants.asking import Api, Json
from app.assistants.covered import Answered, nothing_found
from app.assistants.facts import Short, Text, without_nothing
from app.assistants.tool import Arguments, Told, Tool

ROWS_AT_MOST = 100
ABOUT = (
    "`country` is who acts, speaks or is a party: ask with `about` in its place what is said, or"
    " left unsaid, about it."
)


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
    """Countries by ISO code, of who acts, speaks or is a party; `about` tells what is said about
    one. Collections that cannot be asked for it are left out."""
    about: Text = None
    """Countries by ISO code that words, or a silence, are about."""
    topic: Text = None
    """Slugs of topics; collections that cannot be asked for it are left out."""
    zeros: bool = False
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
        text, content = await nothing_found(api, content)
        return Told(f"{text} {ABOUT}" if asked.country and not asked.about else text, content)
    rows = [_covered(row) for row in answer["rows"][:ROWS_AT_MOST]]
    lines = [*_counted(rows)]
    if any("date_earliest" in one or "date_latest" in one for one in rows):
        lines.append("Dates are bounds: of a year or a month, its first day and its last.")
    if asked.country and not asked.about:
        lines.append(ABOUT)
    if total > len(rows):
        lines.append(prose.rows_left(len(rows), total, "collection, country or topic"))
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
        dates = f", dates within {first or 'open'}..{last or 'open'}" if first or last else ""
        undated = f", undated {row['undated_count']}" if row.get("undated_count") else ""
        of = f"{row['key']}, " if "key" in row else ""
        yield f"- {of}{row['collection']}: {row['count']}{dates}{undated}"


TOOLS = (
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
