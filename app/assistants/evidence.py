"""The tool that shows on what a record rests: passages, with their sources and digests."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from app.assistants import prose
from app.assistants.asking import Api, Json, Refused
from app.assistants.facts import Place, Short, Text, bounded, places, without_nothing
from app.assistants.records import Collection, Paged, Slug, chosen
from app.assistants.tool import Told, Tool, wording


class Passage(Place):
    """A passage of a source, and the part of the record that it carries."""

    passage: Text = None
    """The passage itself; absent where the rights in the source do not allow it to be shown."""
    start: int
    """Where it starts in the text of the source, in Unicode code points from 0."""
    end: int
    """Where it ends, exclusive."""
    sha256: str
    """Of the passage as UTF-8: whoever has the text can check it."""
    cut: list[str] = Field(default_factory=list)
    """What is longer than it is told here; `address` has it whole."""
    address: str
    """Of this piece of evidence in the API."""


class SourceTold(Short):
    """A source."""

    slug: str
    label: str
    publisher: Text = None
    """Absent where it is not known."""
    author: Text = None
    """Absent where it is not known."""
    language: str
    rights: str
    """metadata_only, excerpts or full_text: what of it may be shown."""
    address: str
    """Of the source in the API."""


class Evidence(Short):
    """On what a record rests."""

    total: int
    """How many passages there are, on all pages."""
    sources: list[SourceTold] = Field(default_factory=list)
    """The sources of the passages shown."""
    passages: list[Passage] = Field(default_factory=list)
    """In the order of the sources' texts."""
    next_cursor: Text = None
    """Asks for the next page, as `cursor`; absent on the last."""


class EvidenceArguments(Paged):
    """What names the record whose evidence is asked for."""

    collection: Collection
    """The collection of the record."""
    slug: Slug
    """Its slug as answers tell it, or its id."""


UNSHOWN = "A passage without its text may not be shown, or its text is not kept here."
NO_RECORD = "There is none of the {} with this slug or id."
NONE = "{} rest on no passage: they are what records refer to, or reference knowledge."


async def evidence(api: Api, asked: EvidenceArguments) -> Told:
    """The passages on which a record rests."""
    resource = chosen(asked.collection)
    given = asked.model_dump(exclude={"slug"}) | {"record": asked.slug, "with_total": True}
    try:
        answer = await api.ask("/v1/evidence", given)
    except Refused as refused:
        # The argument that the model gave, and not what the list calls it.
        faults = [
            one.model_copy(update={"parameter": "slug", "detail": NO_RECORD.format(resource.name)})
            if one.parameter == "record"
            else one
            for one in refused.faults
        ]
        raise Refused(refused.detail, faults) from None
    if not answer["total"]:
        return Told(NONE.format(resource.name.capitalize()), {"total": 0})
    passages = [_passage(api, one) for one in answer["items"]]
    sources = await _sources(api, passages, wording(asked))
    cursor = answer["next_cursor"]
    content = {
        "total": answer["total"], "sources": sources, "passages": passages, "next_cursor": cursor,
    }  # fmt: skip
    lines = [
        f"{len(passages)} of {answer['total']} passages carry {resource.name}/{asked.slug}.",
        *(prose.lines([_told_source(one)], "") for one in sources),
        *(f"{number}. {_told(one)}" for number, one in enumerate(passages, 1)),
    ]
    if any("passage" not in one for one in passages):
        lines.append(UNSHOWN)
    if cursor:
        lines.append(f"There is more: ask again with the same arguments and cursor: {cursor}")
    return Told("\n".join(lines), without_nothing(content))


def _passage(api: Api, one: Mapping[str, Any]) -> Json:
    [place] = places([one])
    return without_nothing(
        {
            **place,
            "passage": bounded(one["passage"]),
            "cut": [name for name in ("quote", "passage") if one[name] != bounded(one[name])],
            "start": one["start"]["code_point"],
            "end": one["end"]["code_point"],
            "sha256": one["sha256"],
            "address": api.address("evidence", one["slug"]),
        }
    )


async def _sources(api: Api, passages: list[Json], worded: Json) -> list[Json]:
    """The sources of some passages, in the order in which they are named."""
    slugs = list(dict.fromkeys(one["source"] for one in passages))
    asked = {**worded, "slug": slugs, "fields": "slug,label,publisher,author,language,rights"}
    items = (await api.ask("/v1/sources", asked))["items"]
    found = {one["slug"]: one for one in items}
    return [
        without_nothing(
            {
                **{
                    name: found[slug][name] for name in SourceTold.model_fields if name != "address"
                },
                "address": api.address("sources", slug),
            }
        )
        for slug in slugs
    ]


def _told_source(one: Mapping[str, Any]) -> str:
    publisher = one.get("publisher", "publisher not known")
    return f"SOURCE {one['slug']}: {one['label']}; {publisher}; rights: {one['rights']}"


def _told(one: Mapping[str, Any]) -> str:
    place = f"{one['source']} paragraph {one['paragraph']} sentence {one['sentence']}"
    part = f" carries {one['part']}" if "part" in one else ""
    lines = [f"{place}{part}, characters {one['start']} to {one['end']}, sha256 {one['sha256']}"]
    lines += [f"quotes: “{one['quote']}”"] if "quote" in one else []
    lines += [f"passage: {one['passage']}"] if "passage" in one else []
    return prose.lines([*lines, one["address"]], "\n   ")


TOOLS = (
    Tool(
        name="evidence",
        title="Show what a record rests on",
        about="Show the passages of sources on which one record rests: source, publisher,"
        " paragraph, sentence, quoted words, and a digest by which whoever has the text can check"
        " it. Use it before you cite, and to see which part of a record (a date, a party, a stage)"
        " each passage carries. The passage itself comes only where rights allow.",
        arguments=EvidenceArguments,
        answer=Evidence,
        ask=evidence,
    ),
)
