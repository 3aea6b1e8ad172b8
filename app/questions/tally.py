"""Tallies: how much each side says of each topic, and the latest of it, in one pass."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from itertools import product
from typing import Any

import sqlalchemy as sa

from app.models import Stance
from app.query import paging
from app.query.counting import each, reader
from app.query.listing import Listing
from app.query.pivot import Dimension, unchosen
from app.query.values import own

Cell = tuple[str, str]
"""The ids of a topic and of a side."""


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
    def tallies(self) -> Mapping[Cell, Tally]:
        """Every cell that has anything."""
        found: dict[Cell, Tally] = defaultdict(Tally)
        taken = self._taken() if self.kind else {}
        for topics, sides, kind, id in self._records():
            stances = taken.get(id, {})
            for cell in product(topics, sides):
                found[cell].add(id, kind, stances.get(cell[0], ()))
        return found

    def _records(self) -> Iterator[tuple[Sequence[str], Sequence[str], str | None, str]]:
        """The topics, the sides, the kind and the id of each record, in the order of its list.

        Of topics and sides only those that were chosen, where any were.
        """
        listing, resource = self.listing, self.listing.resource
        only = listing.context.source_only
        keys = paging.keys(resource.all_sorts, resource.default_sort, listing.id, source_only=only)
        by = [axis.values for axis in self.axes] + ([own(self.kind)] if self.kind else [])
        query, (id, *columns) = each(
            listing.matching, listing.id, by, listing.id, *(key.expression for key in keys)
        )
        order = (replace(key, expression=at) for key, at in zip(keys, columns, strict=True))
        query = query.order_by(*(key.order() for key in order))
        readers = [_chosen(axis) for axis in self.axes]
        kept = query.with_only_columns(*[*query.selected_columns][: len(by)], id)
        for row in listing.context.session.execute(kept):
            topics, sides = (read(told) for read, told in zip(readers, row, strict=False))
            yield topics, sides, row[2].value if self.kind else None, row[-1]

    def _taken(self) -> Mapping[str, Mapping[str, Sequence[str]]]:
        """The stances that each record takes, by topic, to it or to one below."""
        facets, context = self.listing.resource.facets, self.listing.context
        among = self.listing.matching(self.listing.id.label("id"))
        # Else all stances would be read for the few records that are asked for.
        few = None if among.whereclause is None else sa.select(among.cte().c.id)
        named = []
        for stance in Stance:
            pair = facets[stance.value].seen(stance.value, context).pairs().subquery().c
            said = sa.select(pair.owner, pair.value, sa.literal(stance.value))
            named.append(said if few is None else said.where(pair.owner.in_(few)))
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
