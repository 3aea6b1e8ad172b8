"""Tools that find records: search, get, list."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import Field

from app.assistants import prose
from app.assistants.also import beside
from app.assistants.asking import Api, Json
from app.assistants.covered import NOTHING, Answered, nothing_found
from app.assistants.facts import Fact, Text, fact, without_nothing
from app.assistants.tool import Arguments, Told, Tool, invalid, wording
from app.errors import FAULTS_AT_MOST, Fault, fault, nearest
from app.query.resource import COMMON_FILTERS, Resource
from app.resources import RESOURCES

BY_NAME = {one.name: one for one in RESOURCES}
SHOWN_AT_MOST = 20
NO_RECORD = (
    "No record has all of these words, which is no denial. Ask for fewer words, one name or one"
    " subject, or use the tool list with filters."
)
Limit = Annotated[int, Field(ge=1, le=SHOWN_AT_MOST)]
Slug = Annotated[str, Field(pattern=r"^[^,!][^,]*$", max_length=200)]
Collection: Any = Annotated[str, Field(json_schema_extra={"enum": [*BY_NAME]})]


class Paged(Arguments):
    """What a tool takes that has pages."""

    limit: Limit = 10
    """How many records are shown at most."""
    cursor: Text = None
    """`next_cursor` of the answer before; all other arguments must stay as they were."""


class Facts(Answered):
    """A page of records."""

    total: int
    """How many there are, on all pages."""
    facts: list[Fact] = Field(default_factory=list)
    next_cursor: Text = None
    """Asks for the next page, as `cursor`; absent on the last."""


async def page(
    api: Api, facts: list[Json], total: int, cursor: str | None, also: Sequence[str] = ()
) -> Told:
    """Some of all the records that there are, how to go on, and what else there is."""
    if not total:
        text, content = await nothing_found(api, {"total": 0})
        return Told("\n".join([text, *also]), without_nothing({**content, "also": [*also]}))
    lines = [f"{len(facts)} of {total} records.", prose.listed(facts), *also]
    if cursor:
        lines.append(f"There is more: ask again with the same arguments and cursor: {cursor}")
    found = {"total": total, "facts": facts, "next_cursor": cursor, "also": [*also]}
    return Told("\n".join(lines), without_nothing(found))


class Found(Facts):
    """What a search finds, the best first."""

    counts: dict[str, int] = Field(default_factory=dict)
    """How many there are in each collection that has any."""
    did_you_mean: dict[str, int] = Field(default_factory=dict)
    """What else to look for as `q`, with the number of records that it finds."""


class SearchArguments(Paged):
    """What a search takes."""

    q: str
    """Words, all of which must be found; names in any script or language, also of capitals."""
    collection: Text = None
    """Only these collections, separated by commas."""


async def search(api: Api, asked: SearchArguments) -> Told:
    """Records that hold every word."""
    given = asked.model_dump()
    answer = await api.ask("/v1/search", given)
    whole = await api.whole([item["id"] for item in answer["items"]], wording(asked))
    facts = [
        fact(whole[item["id"]], item["collection"], api.address(item["collection"], item["slug"]))
        for item in answer["items"]
    ]
    counts = {name: count for name, count in answer["counts"].items() if count}
    told = await page(api, facts, sum(counts.values()), answer["next_cursor"])
    meant = {one["q"]: one["count"] for one in answer["did_you_mean"]}
    content = without_nothing({**told.content, "counts": counts, "did_you_mean": meant})
    lines = [told.text] if counts else [NO_RECORD, told.text.partition(NOTHING)[2].strip()]
    lines += [f"Did you mean {_found(meant)}?"] if meant else []
    return Told("\n".join(lines), content)


def _found(meant: Mapping[str, int]) -> str:
    return " or ".join(f"`{q}` ({number} records)" for q, number in meant.items())


class GetArguments(Arguments):
    """What names a record."""

    collection: Collection
    """The collection of the record."""
    slug: Slug
    """Its slug as answers tell it, or its id; of countries also the ISO code."""


async def get(api: Api, asked: GetArguments) -> Told:
    """One record, whole."""
    resource = chosen(asked.collection)
    given = {**wording(asked), "slug": asked.slug, "include": including(resource)}
    [record] = (await api.ask(f"/v1/{resource.name}", given))["items"]
    found = fact(record, resource.name, api.address(resource.name, record["slug"]))
    return Told(prose.told(found), found)


Value = str | int | bool | list[str]


class ListArguments(Paged):
    """What a list takes."""

    collection: Collection
    """Which collection to list."""
    filters: dict[str, Value] = Field(default_factory=dict)
    """Filters by name, such as {"about": "prk", "date_from": "2025"}. Several values, as a list or
    separated by commas, mean any of them; `!` before a value excludes it. Different filters must
    all hold."""
    sort: Text = None
    """Sort keys separated by commas, `-` before one turns it round; such as -date or name."""


async def list_(api: Api, asked: ListArguments) -> Told:
    """A page of one collection."""
    resource = chosen(asked.collection)
    if faults := [*unknown_filters(resource, asked.filters)]:
        raise invalid(faults)
    given = asked.model_dump(exclude={"collection", "filters"}) | asked.filters
    given |= {"include": including(resource), "with_total": True}
    answer = await api.ask(f"/v1/{resource.name}", given)
    facts = [
        fact(record, resource.name, api.address(resource.name, record["slug"]))
        for record in answer["items"]
    ]
    also = await beside(api, resource, {**wording(asked), **asked.filters}, answer["total"])
    return await page(api, facts, answer["total"], answer["next_cursor"], also)


def chosen(name: str) -> Resource:
    """The collection of a name. Raises InvalidQuery where there is none."""
    if name in BY_NAME:
        return BY_NAME[name]
    meant = nearest(name, BY_NAME)
    detail = "There is no such collection."
    raise invalid([fault("unknown_value", "collection", detail, allowed=[*BY_NAME], meant=meant)])


def including(resource: Resource) -> str | None:
    """What a list of ``resource`` is to add to its records: evidence, where they have any."""
    return "evidence" if "evidence" in resource.includes else None


def unknown_filters(resource: Resource, filters: dict[str, Value]) -> Iterator[Fault]:
    """The faults of what is no filter of ``resource``, such as a parameter of another kind."""
    allowed = [*resource.filter_parameters]
    for name in [one for one in filters if one not in allowed][:FAULTS_AT_MOST]:
        meant = nearest(name, allowed)
        detail = f"That is no filter of {resource.name}."
        yield fault("unknown_parameter", name, detail, allowed=allowed, meant=meant)
    for name in [one for one, value in filters.items() if value == [] and one in allowed]:
        detail = f"`{name}` is a list of no values, which asks for nothing: leave it out."
        yield fault("empty_value", name, detail)


FILTERS = "\n".join(f"- {one.name}: {', '.join(one.own_parameters)}" for one in RESOURCES)
"""The filters of each collection that not every collection has."""

TOOLS = (
    Tool(
        name="search",
        title="Search everything",
        about="Find records of any kind by words: people, countries, meetings, statements,"
        " silences, disputes, proposals and so on. Start here when you have only a name or a"
        " subject. Every word must be found; names are found in any script (王毅, Beijing, 독도)."
        " Each record comes with the places in the sources on which it rests.",
        arguments=SearchArguments,
        answer=Found,
        ask=search,
    ),
    Tool(
        name="get",
        title="Get one record",
        about="Get one record whole, by its collection and slug as other answers tell them.",
        arguments=GetArguments,
        answer=Fact,
        ask=get,
    ),
    Tool(
        name="list",
        title="List records by filters",
        about="List the records of one collection that meet filters, each with its evidence."
        " Use it for who said what about what (statements: speaker, country, about, topic), who"
        " conspicuously did not (silences), what is in dispute, what was proposed by whom and how"
        " far it got (proposals: proposer, stage), what an author concludes (assessments)."
        " Countries are named by ISO code; a topic includes those below it; dates are YYYY,"
        " YYYY-MM or YYYY-MM-DD. A filter that does not exist is refused, never ignored."
        f" Filters by collection:\n{FILTERS}\n"
        f"All have slug, {', '.join(COMMON_FILTERS)}, and has_ before the name of a filter (true"
        " or false) for whether its value is known at all.",
        arguments=ListArguments,
        answer=Facts,
        ask=list_,
    ),
)
