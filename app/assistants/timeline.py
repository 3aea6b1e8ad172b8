"""The tool that tells what happened and what was said in one order: the timeline."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.assistants.also import undated_entries
from app.assistants.asking import Api, Json
from app.assistants.covered import Answered
from app.assistants.facts import Fact, Reference, Text, fact, short, when, without_nothing
from app.assistants.records import Paged, page
from app.assistants.tool import Narrowed, Told, Tool, wording

OF_PROPOSAL = ("slug", "name", "label", "origin", "kind", "text", "proposers", "addressees")
"""What of a proposal is told with one of its stages."""


class TimelineArguments(Paged, Narrowed):
    """What a timeline takes."""

    country: Text = None
    """Countries by ISO code: parties of meetings, whose officials speak, who acts."""
    participant: Text = None
    """Slugs of people or groups who take part, speak or keep silent."""
    about: Text = None
    """Countries that the words are about."""
    series: Text = None
    """Slugs of series of meetings."""
    between: Text = None
    """Two countries: CHN,JPN."""
    q: Text = None
    """Words, all of which must be found."""
    kind: Text = None
    """Kinds of entries, separated by commas: meetings, statements, silences, incidents, stages."""
    sort: Text = Field(default=None, json_schema_extra={"enum": ["date", "-date"]})
    """-date for the latest first."""


class Entry(Fact):
    """An entry of a timeline: a record, or a stage that a proposal reached."""

    entry: str
    """meetings, statements, silences, incidents or stages."""
    stage: Text = None
    """The stage that the proposal reached."""
    placement: str
    """dated: it stands at its own date. Whatever else has no date of its own, and stands beside
    what it is relative to or its meeting (anchored), in its series (series), where its source
    tells it (source), or last (unplaced)."""
    placed_by: Reference | SkipJsonSchema[None] = None
    """The record beside which it stands; the date of that one is not its own."""


class Entries(Answered):
    """A page of a timeline, in its order."""

    total: int
    """How many entries there are, on all pages."""
    facts: list[Entry] = Field(default_factory=list)
    next_cursor: Text = None
    """Asks for the next page, as `cursor`; absent on the last."""
    left_out: list[str] = Field(default_factory=list)
    """The kinds of entries that cannot be asked all of this, and are missing."""


async def timeline(api: Api, asked: TimelineArguments) -> Told:
    """A page of the timeline."""
    answer = await api.ask("/v1/timeline", asked.model_dump())
    whole = await api.whole([item["id"] for item in answer["items"]], wording(asked))
    entries = [_entry(api, item, whole[item["id"]]) for item in answer["items"]]
    total = sum(one["count"] for one in answer["counts"].values() if one)
    also = await undated_entries(api, asked.model_dump())
    told = await page(api, entries, total, answer["next_cursor"], also)
    if not answer["left_out"]:
        return told
    left_out = [one["kind"] for one in answer["left_out"]]
    text = f"{told.text}\nLeft out, since they cannot be asked all of this: {', '.join(left_out)}."
    return Told(text, {**told.content, "left_out": left_out})


def _entry(api: Api, item: Mapping[str, Any], record: Json) -> Json:
    """What an entry tells: its record, or what its stage has of a proposal."""
    collection = item["collection"]
    if item["stage"] is not None:
        record = _of_stage(record, item["stage"])
    told = fact(record, collection, api.address(collection, item["slug"]))
    if item["stage"] is not None:
        told |= {"stage": item["stage"], "voice": item["voice"], "date": when(item)}
        told |= {"asserted_by": short(item["asserted_by"])}
    placed = {"placement": item["placement"], "placed_by": short(item["placed_by"])}
    return without_nothing({"entry": item["kind"], **told, **placed})


def _of_stage(proposal: Json, stage: str) -> Json:
    """What of a proposal is told of one of its stages."""
    starts = tuple(
        f"stages/{at}/" for at, one in enumerate(proposal["stages"]) if one["stage"] == stage
    )
    every = proposal["evidence"]
    own = [one for one in every if one["part"] == f"stages/{stage}"]
    whole = [one for one in every if one["part"] is None]
    named = [one for one in proposal["reference_fields"] if one.startswith(starts)]
    return {
        **{name: proposal[name] for name in OF_PROPOSAL},
        "reference_fields": [one.split("/")[2] for one in named],
        "evidence": own or whole or every,
    }


TOOLS = (
    Tool(
        name="timeline",
        title="Tell what happened in order",
        about="Tell meetings, statements, silences, incidents and stages of proposals in one order"
        " of time, each with its evidence. Read `placement`: an entry that is not `dated` has no"
        " calendar date and only stands beside another one; never give it that one's date. A month"
        " or a year stands before the days within it and is no first day. Several values of an"
        " argument are separated by commas.",
        arguments=TimelineArguments,
        answer=Entries,
        ask=timeline,
    ),
)
