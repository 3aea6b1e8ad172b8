"""Tallies: how much each side says of each topic, and the latest of it, in one pass."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import product
from typing import Any, NamedTuple

import sqlalchemy as sa

from app.models import Stance
from app.query import paging
from app.query.counting import each, reader
from app.query.listing import Listing
from app.query.many import is_one_of
from app.query.pivot import Dimension, unchosen
from app.query.values import own

Cell = tuple[str, str]
"""The ids of a topic and of a side."""

FEW = 10_000
"""Of how many records at most stances are looked up, and not all of them read."""


@dataclass
class Tally:
    """What a list has in one cell."""

    count: int = 0
    """How many records."""
    kinds: Counter[str | None] = field(default_factory=Counter)
    """How many of each kind; of None where records have no kinds."""
    stances: Counter[str] = field(default_factory=Counter)
    """How many take each stance to the topic or to one below it."""
    without: int = 0
    """How many take none."""
    latest: str | None = None
    """The id of the latest."""

    def add(self, id: str, kind: str | None, stances: Sequence[str]) -> None:
        """Count one more record; the latest comes first."""
        self.count += 1
        self.kinds[kind] += 1
        if not self.latest:
            self.latest = id
        for stance in stances:
            self.stances[stance] += 1
        if not stances:
            self.without += 1


@dataclass
class Tallies:
    """What a list has, in its cells and beside them."""

    whole: int = 0
    """How many records, each counted once."""
    of_no_side: int = 0
    """How many of them are of no side."""
    cells: dict[Cell, Tally] = field(default_factory=lambda: defaultdict(Tally))
    """Every cell that has anything."""


class Told(NamedTuple):
    """A record, with those of its topics and sides that are shown."""

    topics: Sequence[str]
    sides: Sequence[str]
    kind: str | None
    id: str
    has_side: bool


@dataclass(frozen=True)
class Matrix:
    """A list by topic and by side. What is asked of these two chooses cells, and not records."""

    listing: Listing
    side: str
    """The filter by side."""
    kind: Any = None
    """The column of the kinds that records are of; records that have no kinds take no stance."""

    @cached_property
    def axes(self) -> tuple[Dimension, Dimension]:
        """Topic and side."""
        return Dimension(self.listing, "topic"), Dimension(self.listing, self.side)

    @cached_property
    def records(self) -> Listing:
        """The list whose records stand in cells."""
        return unchosen(self.axes)

    def asked(self, topic: str, side: str) -> dict[str, Any]:
        """What the list of one cell is asked; topic and side by their slugs."""
        found = dict(self.records.given)
        for axis, slug in zip(self.axes, (topic, side), strict=True):
            found |= axis.address({"value": slug})
        return found

    @cached_property
    def tallies(self) -> Tallies:
        """What the list has, counted in one pass. The latest stands first."""
        found = Tallies()
        records: Iterable[Told] = self._records()
        ids = None
        if self.kind and self.listing.matching(self.listing.id).whereclause is not None:
            records = [*records]
            ids = [one.id for one in records]
        taken = self._taken(ids) if self.kind else {}
        for one in records:
            found.whole += 1
            found.of_no_side += not one.has_side
            stances = taken.get(one.id, {})
            for cell in product(one.topics, one.sides):
                found.cells[cell].add(one.id, one.kind, stances.get(cell[0], ()))
        return found

    def _records(self) -> Iterator[Told]:
        """Each record, in the order of its list."""
        listing, resource = self.listing, self.listing.resource
        only = listing.context.source_only
        keys = paging.keys(resource.all_sorts, resource.default_sort, listing.id, source_only=only)
        by = [axis.values for axis in self.axes] + ([own(self.kind)] if self.kind else [])
        query, (id, *columns) = each(
            listing.matching, listing.id, by, listing.id, *(key.expression for key in keys)
        )
        order = (replace(key, expression=at) for key, at in zip(keys, columns, strict=True))
        query = query.order_by(*(key.order() for key in order))
        of_topic, of_side = (_chosen(axis) for axis in self.axes)
        kept = query.with_only_columns(*[*query.selected_columns][: len(by)], id)
        for topic, side, *kind, at in listing.context.session.execute(kept):
            named = kind[0].value if kind else None
            yield Told(of_topic(topic), of_side(side), named, at, side is not None)

    def _taken(self, ids: Sequence[str] | None) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """The stances that each record takes, by topic, to it or to one below.

        Of all records, or of these at least: where they are few, the others are left unread.
        """
        facets, context = self.listing.resource.facets, self.listing.context
        few = ids is not None and len(ids) <= FEW
        named = []
        for stance in Stance:
            pair = facets[stance.value].seen(stance.value, context).pairs().subquery().c
            said = sa.select(pair.owner, pair.value, sa.literal(stance.value))
            named.append(said.where(is_one_of(pair.owner, ids)) if few and ids else said)
        found: dict[str, dict[str, list[str]]] = {}
        for id, topic, stance in {*map(tuple, context.session.execute(sa.union_all(*named)))}:
            found.setdefault(id, {}).setdefault(topic, []).append(stance)
        return found


def _chosen(axis: Dimension) -> Callable[[Any], Sequence[str]]:
    """What reads the values of a record that stand on an axis."""
    read = reader(axis.values)

    @cache
    def kept(told: Any) -> Sequence[str]:
        return [value for value in read(told) if value is not None and axis.shows(value)]

    return kept
