"""What somebody may mean who begins to write a name."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from app.errors import refused
from app.models import SERVED, Collection
from app.names.finding import Among, MatchKind, find
from app.names.keys import Asked
from app.names.matched import Matched, matched
from app.query import params, parse
from app.query.params import Country, Manner
from app.query.refs import RecordRef
from app.query.shape import Out

AT_MOST = 50


def name(value: Any) -> str:
    """A name that has a letter, as somebody writes it or copies it from somewhere."""
    found = parse.cleaned(value)
    if len(found) > parse.TEXT_AT_MOST:
        raise refused("too_long", f"A name has at most {parse.TEXT_AT_MOST} characters here.")
    if not Asked(found).written:
        raise refused("empty_value", "There is nothing to look for: give a letter of a name.")
    return found


NameAsked = Annotated[
    str,
    BeforeValidator(name),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": parse.TEXT_AT_MOST}),
]


class SuggestParameters(Manner):
    """The parameters of a suggestion."""

    q: NameAsked
    """The beginning of a name or of a word of it, in any script and spelling."""
    collection: parse.many(  # type: ignore[valid-type]
        Annotated[str, WithJsonSchema({"enum": [*SERVED, *(f"!{name}" for name in SERVED)]})],
        parse.among(SERVED),
    ) = Field(default_factory=list)
    """Only these collections. Several, separated by commas or repeated; `!` before one leaves it
    out."""
    country: Country = None
    """Only what belongs to this country: its people, meetings, disputes, itself. Id, slug, alpha-3
    or alpha-2."""
    limit: params.up_to(AT_MOST, 10) = 10  # type: ignore[valid-type]
    """How many records are suggested."""


def collections(asked: Sequence[str]) -> list[str]:
    """The collections that are wanted; none where all that are told are left out."""
    wanted = {one for one in asked if not one.startswith("!")} or {*SERVED}
    return [one for one in SERVED if one in wanted and f"!{one}" not in asked]


class Suggestion(Out):
    """A record that may be meant."""

    collection: Collection
    id: str
    """Opaque and immutable."""
    slug: str
    """Readable, unique within its collection."""
    name: str | None
    """In the language asked for; null where no source gives one."""
    label: str
    """What it is, in our words."""
    match: MatchKind
    """In what way it was found."""
    matched: Matched
    """The name by which it was found."""
    url: str
    """The record."""


class Suggestions(Out):
    """What may be meant."""

    items: list[Suggestion]
    """The surest first; equal ones by how many records refer to them, then by name."""


def suggest(among: Among, text: str, limit: int, manner: str) -> dict[str, Any]:
    """The records that somebody may mean; ``manner`` is what their addresses are to carry."""
    context, asked = among.context, Asked(text)
    hits = find(among, asked, limit)
    refs = {hit.record_id: context.refs.to(RecordRef, hit.record_id) for hit in hits}
    context.refs.resolve()
    names = matched(context, [(hit, asked) for hit in hits])
    return {
        "items": [
            {
                **refs[hit.record_id],
                "label": context.refs.label(hit.record_id),
                "match": hit.kind,
                "matched": called,
                "url": _url(among, refs[hit.record_id], manner),
            }
            for hit, called in zip(hits, names, strict=True)
        ]
    }


def _url(among: Among, ref: dict[str, Any], manner: str) -> str:
    return f"{among.context.public_url}/v1/{ref['collection'].value}/{ref['slug']}{manner}"
