"""The tool that tells what stands between two countries, part by part."""

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote, urlsplit

from pydantic import Field
from pydantic.json_schema import SkipJsonSchema

from app.assistants import prose
from app.assistants.asking import Api, Json, Refused
from app.assistants.covered import Answered, countries, nothing_found
from app.assistants.facts import Fact, Reference, Short, fact, short, without_nothing
from app.assistants.tool import Arguments, Narrowed, Told, Tool, wording
from app.errors import Fault
from app.questions.dossier import BETWEEN

OTHERS = (
    "What others say about either, or do not say, is not between the two: list statements and"
    " silences with the filter `about`."
)
Code = Annotated[str, Field(min_length=1, max_length=200)]


class BetweenArguments(Narrowed):
    """The two countries, and what narrows what is told of them."""

    one: Code
    """A country: ISO code or slug."""
    other: Code
    """Another country."""
    limit: Annotated[int, Field(ge=1, le=10)] = 5
    """How many records each part shows at most."""


class More(Short):
    """What the tool `list` is asked to tell a whole part."""

    collection: str
    filters: dict[str, str]


class PartTold(Short):
    """One part of what stands between two countries."""

    part: str
    about: str
    """What stands in it; one is the country named first."""
    total: int
    """How many records it has."""
    facts: list[Fact]
    """The first of them."""
    more: More | SkipJsonSchema[None] = None
    """Tells all of them with the tool `list`; absent where all are shown."""


class BetweenTold(Answered):
    """What stands between two countries."""

    one: Reference
    other: Reference
    parts: list[PartTold] = Field(default_factory=list)
    """The parts of which anything is known."""
    empty: list[str] = Field(default_factory=list)
    """The parts of which nothing is known."""
    left_out: list[str] = Field(default_factory=list)
    """The parts that cannot be asked all of this, and are missing."""


async def between(api: Api, asked: BetweenArguments) -> Told:
    """What stands between two countries."""
    path = f"/v1/countries/{quote(asked.one, safe='')}/with/{quote(asked.other, safe='')}"
    try:
        answer = await api.ask(path, asked.model_dump(exclude={"one", "other"}))
    except Refused as refused:
        known = await countries(api)
        faults = [_of_pair(one, known) for one in refused.faults]
        raise Refused(refused.detail, faults) from None
    told = {name: answer[name] for name in BETWEEN if answer[name] is not None}
    whole = await api.whole(
        [item["id"] for part in told.values() for item in part["items"]], wording(asked)
    )
    parts = [_part(api, name, part, whole) for name, part in told.items() if part["count"]]
    content = {
        "one": short(answer["one"]),
        "other": short(answer["other"]),
        "parts": parts,
        "empty": [name for name, part in told.items() if not part["count"]],
        "left_out": [one["part"] for one in answer["left_out"]],
    }
    content = without_nothing(content)
    if not parts:
        text, content = await nothing_found(api, content)
        return Told("\n".join([text, OTHERS, *_missing(content)]), content)
    return Told(_text(content), content)


def _of_pair(one: Fault, known: list[str]) -> Fault:
    """A fault, by the names that the two countries have here, with all that there are."""
    if one.location != "path":
        return one
    name = "one" if one.parameter == "code" else one.parameter
    allowed = known if one.code == "unknown_record" else one.allowed
    return one.model_copy(update={"parameter": name, "allowed": allowed})


def _part(api: Api, name: str, part: Mapping[str, Any], whole: Mapping[str, Json]) -> Json:
    collection = BETWEEN[name].resource.name
    facts = [
        fact(whole[item["id"]], collection, api.address(collection, item["slug"]))
        for item in part["items"]
    ]
    more = None
    if part["count"] > len(facts):
        asked = parse_qsl(urlsplit(part["url"]).query)
        filters = {name: value for name, value in asked if name not in Arguments.model_fields}
        more = {"collection": collection, "filters": filters}
    told = {"part": name, "about": BETWEEN[name].about, "total": part["count"]}
    return without_nothing({**told, "facts": facts, "more": more})


def _text(content: Mapping[str, Any]) -> str:
    names = [prose.words(content[name]) for name in ("one", "other")]
    lines = [f"Between {names[0]} (one) and {names[1]} (the other)."]
    for part in content["parts"]:
        lines.append(f"\n{part['part']}, {part['total']}: {part['about']}")
        lines.append(prose.listed(part["facts"]))
        if "more" in part:
            lines.append(f"There is more: call list with {json.dumps(part['more'])}")
    return "\n".join([*lines, "", *_missing(content)])


def _missing(content: Mapping[str, Any]) -> Iterator[str]:
    if "empty" in content:
        yield f"Nothing is known of: {', '.join(content['empty'])}."
    if "left_out" in content:
        yield f"Left out, cannot be asked all of this: {', '.join(content['left_out'])}."


TOOLS = (
    Tool(
        name="between",
        title="Tell what stands between two countries",
        about="Everything between two countries: relations, disputes with the name that each party"
        " uses, incidents, meetings, what each said about the other, what both said as one, what"
        " each conspicuously did not say, proposals of one to the other and of others to both, and"
        " what authors conclude. A part that cannot be asked for a topic, date or the like is left"
        " out and named. Each part has its length, its first records with their evidence,"
        " and how to list the rest.",
        arguments=BetweenArguments,
        answer=BetweenTold,
        ask=between,
    ),
)
