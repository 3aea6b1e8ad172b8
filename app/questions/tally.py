"""Tallies: how much each side says of each topic, and the latest of it, in few SQL statements."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.models import Stance
from app.query import paging
from app.query.counting import counted
from app.query.listing import Listing
from app.query.pivot import Dimension, unchosen
from app.query.values import own

Cell = tuple[str, str]
"""The ids of a topic and of a side."""


@dataclass(frozen=True)
class Tally:
    """What a list has in one cell."""

    count: int = 0
    """How many records."""
    kinds: Mapping[str, int] = field(default_factory=dict)
    """How many of each kind; nothing of records that have no kinds."""
    stances: Mapping[str, int] = field(default_factory=dict)
    """How many take each stance to the topic or to one below it."""
    without: int = 0
    """How many take none."""
    latest: str | None = None
    """The id of the latest."""


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
        latest = self._latest()
        if self.kind is None:
            return {cell: Tally(number, latest=latest[cell]) for cell, number in self._numbers()}
        kinds: dict[Cell, dict[str, int]] = {}
        for (*cell, kind), number in self._numbers():
            kinds.setdefault((cell[0], cell[1]), dict.fromkeys(self.kinds, 0))[kind] = number
        stances = self._taken(each=True)
        taking = self._taken(each=False)
        return {
            cell: Tally(
                sum(of.values()),
                {str(kind.value): of[kind] for kind in self.kinds},
                {stance.value: stances.get((*cell, stance.value), 0) for stance in Stance},
                sum(of.values()) - taking.get(cell, 0),
                latest[cell],
            )
            for cell, of in kinds.items()
        }

    @property
    def kinds(self) -> type[StrEnum]:
        """The kinds that there are."""
        kinds: type[StrEnum] = self.kind.type.enum_class
        return kinds

    def _numbers(self) -> Iterator[tuple[tuple[Any, ...], int]]:
        """How many records each cell has, of each kind where they have kinds.

        Records that stand in no chosen row and column are in no cell, and left out at once.
        """
        by = [axis.values for axis in self.axes]
        by += [] if self.kind is None else [own(self.kind)]
        query, columns, _ = counted(self.listing.matching, self.listing.id, by)
        for row in self._rows(query, columns):
            yield tuple(row[:-1]), row[-1]

    def _latest(self) -> Mapping[Cell, str]:
        """The record that comes first in the list of each cell, as it is sorted unless told."""
        listing, resource = self.listing, self.listing.resource
        only = listing.context.source_only
        keys = paging.keys(resource.all_sorts, resource.default_sort, listing.id, source_only=only)
        sorted_by = [key.expression.label(f"key_{at}") for at, key in enumerate(keys)]
        found = listing.matching(listing.id.label("id"), *sorted_by).subquery()
        joined, columns = self._joined(found)
        order = [
            replace(key, expression=found.c[f"key_{at}"]).order() for at, key in enumerate(keys)
        ]
        place = sa.func.row_number().over(partition_by=columns, order_by=order)
        query = sa.select(*columns, found.c.id, place.label("place")).select_from(joined)
        placed = self._within(query, columns).subquery()
        first = sa.select(*placed.c).where(placed.c.place == 1)
        rows = listing.context.session.execute(first)
        return {(topic, side): id for topic, side, id, _ in rows}

    def _taken(self, *, each: bool) -> Mapping[tuple[str, ...], int]:
        """How many records of each cell take a stance to its topic or to one below, or ``each``."""
        facets, context = self.listing.resource.facets, self.listing.context
        pairs = {one.value: facets[one.value].seen(one.value, context).pairs() for one in Stance}
        among = self.listing.matching(self.listing.id)
        named = []
        for stance, of in pairs.items():
            pair = of.subquery().c
            said = sa.select(*pair, sa.literal(stance).label("stance"))
            # Else all stances would be read for the few records that are asked for.
            named.append(said.where(pair.owner.in_(among)))
        taken = sa.union_all(*named).subquery()
        found = self.listing.matching(self.listing.id.label("id")).subquery()
        joined, columns = self._joined(found)
        same = sa.and_(taken.c.owner == found.c.id, taken.c.value == columns[0])
        by = [*columns, taken.c.stance] if each else columns
        query = sa.select(*by, sa.func.count(found.c.id.distinct()))
        query = query.select_from(joined.join(taken, same)).group_by(*by)
        return {tuple(row[:-1]): row[-1] for row in self._rows(query, columns)}

    def _joined(self, found: Any) -> tuple[Any, list[Any]]:
        """Records with each of their topics and of their sides."""
        joined, columns = found, []
        for axis in self.axes:
            pairs = axis.values.pairs().subquery()
            joined = joined.join(pairs, pairs.c.owner == found.c.id)
            columns.append(pairs.c.value)
        return joined, columns

    def _rows(self, query: Any, columns: Sequence[Any]) -> Any:
        return self.listing.context.session.execute(self._within(query, columns)).all()

    def _within(self, query: Any, columns: Sequence[Any]) -> Any:
        """What stands in a row and a column that were chosen."""
        for axis, column in zip(self.axes, columns, strict=False):
            if axis.chosen[0]:
                query = query.where(column.in_(axis.wanted))
        return query
