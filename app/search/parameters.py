"""What a search may be asked, and what its answer is like."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from app.models import SERVED, Collection
from app.query import params, parse
from app.query.highlights import Highlight
from app.query.params import Cursor, Manner
from app.query.shape import Out
from app.search.language import TEXT_AT_MOST, Sought, check


class SearchParameters(Manner):
    """The parameters of a search."""

    q: Annotated[
        str,
        BeforeValidator(check),
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": TEXT_AT_MOST}),
    ]
    """What to look for, in any script: every word must be found. `"a phrase"`, `begin*`, `-without`
    and `speaker:`, `topic:`, `country:` before a slug ask for more."""
    collection: parse.many(  # type: ignore[valid-type]
        Annotated[str, WithJsonSchema({"enum": [*SERVED, *(f"!{name}" for name in SERVED)]})],
        parse.among(SERVED),
    ) = Field(default_factory=list)
    """Only these collections. Several, separated by commas or repeated; `!` before one leaves it
    out."""
    limit: params.up_to(200, 50) = 50  # type: ignore[valid-type]
    """How many records a page holds."""
    cursor: Cursor = None
    """`next_cursor` of the page before."""


class AskedFilter(Out):
    """A filter that the text of a search holds."""

    name: str
    """What the lists of collections call it."""
    values: list[str]
    """What it is asked; `!` before a value leaves out what has it."""


class Understood(Out):
    """How the text of a search was read."""

    words: list[str]
    """What must be found somewhere, without differences of case, accent and character form."""
    phrases: list[str]
    """Words that must stand one after another."""
    prefixes: list[str]
    """Beginnings of words."""
    excluded: list[str]
    """Words, phrases and, with a star, beginnings that must not be found."""
    filters: list[AskedFilter]
    """Filters, as lists of collections have them."""


class Found(Out):
    """A record that holds all that is asked for."""

    collection: Collection
    id: str
    """Opaque and immutable."""
    slug: str
    """Readable, unique within its collection."""
    name: str | None
    """In the language asked for; null where no source gives one."""
    label: str
    """What it is, in our words."""
    score: float
    """From 1, a name is what was asked for, to 0, too old to be compared with what is newer."""
    highlights: list[Highlight]
    """Where the words were found."""


class SearchPage(Out):
    """A page of what was found."""

    understood: Understood
    items: list[Found]
    """The best first; equal ones newest first, then by name."""
    counts: dict[str, int]
    """How many records match in each collection, whichever of them are asked for."""
    next_cursor: str | None
    """Asks for the next page; null on the last."""


def understood(sought: Sought) -> dict[str, Any]:
    """What was read in a text."""
    beginnings = [f"{each}*" for each in sought.excluded_prefixes]
    return {
        "words": sought.words,
        "phrases": [" ".join(phrase) for phrase in sought.phrases],
        "prefixes": sought.prefixes,
        "excluded": [*(" ".join(phrase) for phrase in sought.excluded), *beginnings],
        "filters": [{"name": name, "values": each} for name, each in sought.filters.items()],
    }
