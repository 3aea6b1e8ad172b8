"""Search across collections: a page of what is found, the best first, with counts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app.db import revision
from app.errors import BadCursor
from app.models import SERVED, Record, SearchWord
from app.names.alike import sounding, spelt
from app.query.context import Context
from app.query.highlights import highlights
from app.query.many import is_one_of
from app.query.matching import Asked
from app.query.paging import Cursors, Key
from app.query.refs import Ref
from app.query.terms import ALL, whole
from app.search.language import Sought, sought
from app.search.matches import NEWEST, Matches
from app.search.near import nearest
from app.search.parameters import understood
from app.search.ranking import OLDER, Kind, Ranked, Ranking

POSITION = [Key(None, False, False, int)] * 3
"""What a cursor holds: the revision, how many of the best were told, and the last number after."""


@dataclass(frozen=True)
class Search:
    """One question to all collections."""

    context: Context
    text: str
    collections: Sequence[str]
    """Those that are asked for, or left out, as they were sent."""

    @cached_property
    def sought(self) -> Sought:
        """What the text asks."""
        return sought(self.text)

    @cached_property
    def matches(self) -> Matches:
        """The documents that are found."""
        return Matches(self.context, self.sought, self.collections)

    @cached_property
    def anything(self) -> bool:
        """Whether anything is asked for; what is only to be left out asks for nothing."""
        return self.sought.positive or bool(self.sought.filters)

    @cached_property
    def named(self) -> Sequence[tuple[Kind, Sequence[Any]]]:
        """What is called so, or has names with every word: of each the newest."""
        as_whole = whole(self.sought.text) if not self.sought.prefixes else None
        kinds = [(Kind.whole, self.matches.holding(whole=[as_whole]))] if as_whole else []
        kinds.append((Kind.names, self.matches.holding(names=True)))
        return [(kind, self.matches.newest(asked)) for kind, asked in kinds]

    @cached_property
    def otherwise(self) -> Mapping[Kind, Sequence[str]]:
        """The terms of names that are spelt otherwise or sound alike, or else are nearest.

        They are looked for where nothing is called as it was written, and words alone are asked;
        the nearest where nothing else is found.
        """
        if not self.sought.plain or not self.sought.words:
            return {}
        if self.matches.any(self.matches.holding(names=True)):
            return {}
        text = self.sought.text
        found = {Kind.spelling: spelt(text), Kind.sound: sounding(text)}
        if self.matches.any(self.matches.holding(otherwise=[*chain(*found.values())])):
            return found
        return {Kind.near: nearest(self.matches, self.ranking.documents)}

    @cached_property
    def asked(self) -> Asked | None:
        """What the index is asked; None where filters alone say what is found."""
        if not self.sought.positive:
            return None
        terms = [term for some in self.otherwise.values() for term in some]
        return self.matches.holding(otherwise=terms)

    @cached_property
    def counts(self) -> Mapping[str, int]:
        """How many match in each collection, whichever of them are asked for."""
        found = self.matches.counts(self.asked) if self.anything else {}
        return dict.fromkeys(SERVED, 0) | {name: found[name] for name in found if name in SERVED}

    @property
    def count(self) -> int:
        """How many match in the collections asked for."""
        wanted = {name for name in self.collections if not name.startswith("!")} or {*SERVED}
        unwanted = {name[1:] for name in self.collections if name.startswith("!")}
        return sum(self.counts[name] for name in wanted - unwanted)

    @cached_property
    def ranking(self) -> Ranking:
        """What is compared by."""
        terms = [ALL, *self.sought.terms, *self.sought.prefixes]
        query = sa.select(col(SearchWord.term), col(SearchWord.documents))
        known = self.context.rows(query.where(is_one_of(SearchWord.term, terms)))
        counts = {row.term: row.documents for row in known}
        return Ranking(self.sought, counts, self.context.source_only)

    @cached_property
    def newest(self) -> Sequence[Any]:
        """The newest of what holds every word, or of what filters keep."""
        return self.matches.newest(self.matches.holding() if self.sought.positive else None)

    @cached_property
    def windows(self) -> Sequence[tuple[Kind, Sequence[Any]]]:
        """What is compared with one another, what matches in two ways first in the better one."""
        if not self.sought.positive:
            return [(Kind.text, self.newest)]
        alike = {
            kind: self.matches.newest(self.matches.holding(whole=[], otherwise=terms))
            for kind, terms in self.otherwise.items()
            if terms
        }
        found = {**dict(self.named), **alike, Kind.text: self.newest}
        return [(kind, found[kind]) for kind in Kind if kind in found]

    @cached_property
    def best(self) -> Sequence[Ranked]:
        """All of that, the best first."""
        found: dict[int, tuple[Any, Kind]] = {}
        for kind, rows in self.windows:
            for row in rows:
                found.setdefault(row.number, (row, kind))
        ranked = (self.ranking.ranked(row, kind) for row, kind in found.values())
        return sorted(ranked, key=lambda one: one.order)

    @cached_property
    def oldest(self) -> int | None:
        """The number below which others match that were not compared, if any do."""
        return self.newest[-1].number if len(self.newest) == NEWEST else None

    def rest(self, last: int | None, limit: int) -> Sequence[Ranked]:
        """What follows the best, the newest first."""
        if self.oldest is None:
            return []
        told = [one.number for one in self.best if one.number < self.oldest]
        rows = self.matches.older(self.asked, last or self.oldest, told, limit)
        return [Ranked(row.number, row.record_id, "", OLDER) for row in rows]

    @cached_property
    def cursors(self) -> Cursors:
        """The cursors of this very search."""
        query = ["search", self.text, sorted(self.collections), self.context.source_only]
        return Cursors(self.context.secret, json.dumps(query))

    def position(self, cursor: str | None) -> tuple[int, int | None]:
        """Where a page starts. Raises BadCursor where it is of another search or state."""
        if cursor is None:
            return 0, None
        at, told, last = self.cursors.read(cursor, POSITION)
        if at != revision(self.context.session):
            detail = "The data has changed since this cursor was issued; start again without it."
            raise BadCursor.of(detail)
        return told, last


def page(search: Search, limit: int, cursor: str | None) -> dict[str, Any]:
    """One page, the best first, with what was understood and the counts of all that match."""
    told, last = search.position(cursor)
    if not search.anything:
        return _answer(search, [], None)
    found = list(search.best[told : told + limit + 1]) if last is None else []
    if len(found) <= limit:
        found += search.rest(last, limit + 1 - len(found))
    more = None
    if len(found) > limit:
        end = told + limit
        among = last is None and end <= len(search.best)
        position = (end, None) if among else (len(search.best), found[limit - 1].number)
        more = search.cursors.write([revision(search.context.session), *position])
    return _answer(search, found[:limit], more)


def _answer(search: Search, found: Sequence[Ranked], more: str | None) -> dict[str, Any]:
    return {
        "understood": understood(search.sought),
        "items": _items(search, found),
        "counts": search.counts,
        "next_cursor": more,
    }


def _items(search: Search, found: Sequence[Ranked]) -> list[dict[str, Any]]:
    context, ids = search.context, [one.id for one in found]
    shown = (Record.id, Record.collection, Record.slug, Record.label)
    query = sa.select(*map(col, shown)).where(is_one_of(Record.id, ids))
    rows = {row.id: row for row in context.rows(query)}
    refs = {id: context.refs.to(Ref, id) for id in ids}
    context.refs.resolve()
    passages = highlights(context, search.sought.looked_for, ids)
    return [
        {
            "collection": rows[one.id].collection,
            "id": one.id,
            "slug": rows[one.id].slug,
            "name": refs[one.id]["name"],
            "label": rows[one.id].label,
            "score": one.score,
            # What a migration has indexed has passages once it is seeded again.
            "highlights": passages.get(one.id, []),
        }
        for one in found
    ]
