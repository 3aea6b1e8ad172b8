"""Search across collections: what is found, in which order, and how often in each collection."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import BeforeValidator, Field, WithJsonSchema
from sqlmodel import col

from app.db import revision
from app.errors import BadCursor
from app.models import Basis, Collection, Record, SearchDocument
from app.query import parse
from app.query.context import Context
from app.query.filters import words
from app.query.highlights import Highlight, highlights
from app.query.matching import columns, holds
from app.query.paging import Cursors, Key, after
from app.query.params import Cursor, Manner
from app.query.refs import Ref
from app.query.shape import Out
from app.query.terms import query_terms, whole

SERVED = tuple(one.value for one in Collection if one is not Collection.places)
TEXT_AT_MOST = 10_000
TERMS_AT_MOST = 256
SCORES = (1.0, 0.75, 0.5)
"""Of what is called exactly so, of what has a name with every word, and of the rest."""


class SearchParameters(Manner):
    """The parameters of a search."""

    q: Annotated[
        str,
        BeforeValidator(words(TEXT_AT_MOST, TERMS_AT_MOST)),
        WithJsonSchema({"type": "string", "minLength": 1, "maxLength": TEXT_AT_MOST}),
    ]
    """What to look for, in any script: every word must be found."""
    collection: parse.many(  # type: ignore[valid-type]
        Annotated[str, WithJsonSchema({"enum": [*SERVED, *(f"!{name}" for name in SERVED)]})],
        parse.among(SERVED),
    ) = Field(default_factory=list)
    """Only these collections. Several, separated by commas or repeated; `!` before one leaves it
    out."""
    limit: Annotated[
        int,
        BeforeValidator(parse.number(1, 200)),
        WithJsonSchema({"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
    ] = 50
    """How many records a page holds."""
    cursor: Cursor = None
    """`next_cursor` of the page before."""


class Found(Out):
    """A record that holds every word."""

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
    """1 where a name is what was asked for, 0.75 where names have every word, else 0.5."""
    highlights: list[Highlight]
    """Where the words were found."""


class SearchPage(Out):
    """A page of what was found."""

    items: list[Found]
    """The best first; equal ones by name."""
    counts: dict[str, int]
    """How many records match in each collection, whichever of them are asked for."""
    next_cursor: str | None
    """Asks for the next page; null on the last."""


@dataclass(frozen=True)
class Search:
    """One question to all collections."""

    context: Context
    text: str
    collections: Sequence[str]
    """Those that are asked for, or left out, as they were sent."""

    @cached_property
    def terms(self) -> Sequence[str]:
        """What every record that is found holds."""
        return query_terms(self.text)

    def matching(self, *selected: Any) -> sa.Select[Any]:
        """The records that match, of whatever collection."""
        only = self.context.source_only
        query = sa.select(*selected).select_from(SearchDocument)
        query = query.join(Record, col(Record.id) == col(SearchDocument.record_id))
        query = query.where(holds(self.terms, columns(source_only=only)))
        return query.where(col(Record.basis) == Basis.source) if only else query

    def chosen(self, query: sa.Select[Any]) -> sa.Select[Any]:
        """Those of a query that are of the collections asked for."""
        wanted = [name for name in self.collections if not name.startswith("!")]
        unwanted = [name[1:] for name in self.collections if name.startswith("!")]
        if wanted:
            query = query.where(col(Record.collection).in_(wanted))
        return query.where(col(Record.collection).not_in([Collection.places, *unwanted]))

    @property
    def rank(self) -> sa.ColumnElement[int]:
        """Which of ``SCORES`` a record has."""
        names = columns(source_only=self.context.source_only, names_only=True)
        as_whole = [one for one in [whole(self.text)] if one]
        return sa.case((holds(as_whole, names), 0), (holds(self.terms, names), 1), else_=2)

    @property
    def keys(self) -> list[Key]:
        """The sort key."""
        text = (col(Record.sort_name), col(Record.id))
        return [Key(self.rank, False, False, int), *(Key(one, False, False, str) for one in text)]

    @cached_property
    def cursors(self) -> Cursors:
        """The cursors of this very search."""
        whole = ["search", self.text, sorted(self.collections), self.context.source_only]
        return Cursors(self.context.secret, json.dumps(whole))

    def position(self, cursor: str) -> list[Any]:
        """The sort key in a cursor. Raises BadCursor where it is of another search or state."""
        of_revision = Key(None, False, False, int)
        at, *values = self.cursors.read(cursor, [of_revision, *self.keys])
        if at != revision(self.context.session):
            detail = "The data has changed since this cursor was issued; start again without it."
            raise BadCursor.of(detail)
        return values


def page(search: Search, limit: int, cursor: str | None) -> dict[str, Any]:
    """One page, the best first, with the counts of all that match."""
    session, keys = search.context.session, search.keys
    shown = (Record.collection, Record.slug, Record.label)
    query = search.chosen(search.matching(*shown, *(key.expression for key in keys)))
    if cursor:
        query = query.where(after(keys, search.position(cursor)))
    query = query.order_by(*(key.order() for key in keys)).limit(limit + 1)
    rows = session.execute(query).all()
    last = rows[limit - 1][-len(keys) :] if len(rows) > limit else None
    more = last and search.cursors.write([revision(session), *last])
    return {
        "items": _items(search, rows[:limit]),
        "counts": counts(search),
        "next_cursor": more or None,
    }


def counts(search: Search) -> Mapping[str, int]:
    """How many records match in each collection."""
    query = search.matching(col(Record.collection), sa.func.count())
    rows = search.context.session.execute(query.group_by(col(Record.collection))).all()
    return dict.fromkeys(SERVED, 0) | {row[0].value: row[1] for row in rows if row[0] in SERVED}


def _items(search: Search, rows: Sequence[Any]) -> list[dict[str, Any]]:
    refs = search.context.refs
    found = [(row, refs.to(Ref, row.id)) for row in rows]
    refs.resolve()
    shown = highlights(search.context, search.terms, [row.id for row in rows])
    return [
        {
            "collection": row.collection,
            "id": row.id,
            "slug": row.slug,
            "name": ref["name"],
            "label": row.label,
            "score": SCORES[row[3]],
            # What a migration has indexed has passages once it is seeded again.
            "highlights": shown.get(row.id, []),
        }
        for row, ref in found
    ]
