"""Tallies: how much each side says of each topic, and the latest of it, in few SQL statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.models import Stance
from app.query import paging
from app.query.listing import Listing
from app.query.pivot import Dimension, unchosen

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
        rows = self.listing.context.session.execute(self._counted())
        return {(row.topic, row.side): self._tally(row) for row in rows}

    def _tally(self, row: Any) -> Tally:
        if self.kind is None:
            return Tally(row.number, latest=row.latest)
        kinds = {kind.value: getattr(row, kind.value) for kind in self.kinds}
        stances = {stance.value: getattr(row, stance.value) for stance in Stance}
        return Tally(row.number, kinds, stances, row.number - row.taking, row.latest)

    @property
    def kinds(self) -> type[StrEnum]:
        """The kinds that there are."""
        kinds: type[StrEnum] = self.kind.type.enum_class
        return kinds

    def _counted(self) -> sa.Select[Any]:
        """One row for each cell. A record is in a cell once, or it would count several times.

        Its place stands for the record: a number is sorted sooner than an id.
        """
        ranked = self._ranked().cte("ranked")
        topics, sides = self._topics(ranked), self._sides(ranked)
        numbers = [sa.func.sum(topics.c[name]).label(name) for name in topics.c.keys()[2:]]
        if self.kind is not None:
            numbers += [_number(ranked.c.kind == kind, kind.value) for kind in self.kinds]
        cells = sa.select(
            topics.c.value.label("topic"),
            sides.c.value.label("side"),
            sa.func.count().label("number"),
            sa.func.min(ranked.c.place).label("place"),
            *numbers,
        )
        cells = cells.join(topics, topics.c.place == ranked.c.place)
        cells = cells.join(sides, sides.c.place == ranked.c.place)
        counted = cells.group_by(topics.c.value, sides.c.value).subquery()
        first = ranked.alias("first")
        query = sa.select(counted, first.c.id.label("latest"))
        return query.join(first, first.c.place == counted.c.place)

    def _ranked(self) -> sa.Select[Any]:
        """The records with their places in the list, as it is sorted unless told."""
        listing, resource = self.records, self.records.resource
        only = listing.context.source_only
        keys = paging.keys(resource.all_sorts, resource.default_sort, listing.id, source_only=only)
        place = sa.func.row_number().over(order_by=[key.order() for key in keys])
        kind = [] if self.kind is None else [self.kind.label("kind")]
        return listing.matching(listing.id.label("id"), place.label("place"), *kind)

    def _topics(self, ranked: Any) -> Any:
        """Each record with each of its topics and, where it takes stances, which it takes to it."""
        axis, pairs = self.axes[0], self.axes[0].values.pairs().subquery()
        joined = ranked.join(pairs, pairs.c.owner == ranked.c.id)
        columns = []
        if self.kind is not None:
            taken = self._taken(ranked)
            same = sa.and_(taken.c.owner == ranked.c.id, taken.c.value == pairs.c.value)
            joined = joined.outerjoin(taken, same)
            columns = [_any(taken.c.stance == stance.value, stance.value) for stance in Stance]
            columns.append(_any(taken.c.stance.is_not(None), "taking"))
        query = sa.select(ranked.c.place, pairs.c.value, *columns).select_from(joined)
        query = query.where(*self._chosen(axis, pairs.c.value))
        return query.group_by(ranked.c.place, pairs.c.value).subquery("topics")

    def _sides(self, ranked: Any) -> Any:
        """Each record with each of its sides."""
        axis, pairs = self.axes[1], self.axes[1].values.pairs().subquery()
        query = sa.select(ranked.c.place, pairs.c.value).join(pairs, pairs.c.owner == ranked.c.id)
        return query.where(*self._chosen(axis, pairs.c.value)).distinct().subquery("sides")

    def _taken(self, ranked: Any) -> Any:
        """Each record with each topic to which it takes a stance, and that stance."""
        facets, context = self.listing.resource.facets, self.listing.context
        taken = []
        for stance in Stance:
            pairs = facets[stance.value].seen(stance.value, context).pairs().subquery()
            named = sa.select(pairs, sa.literal(stance.value).label("stance"))
            named = named.where(pairs.c.owner.in_(sa.select(ranked.c.id)))
            taken.append(named.where(*self._chosen(self.axes[0], pairs.c.value)))
        return sa.union_all(*taken).subquery("taken")

    def _chosen(self, axis: Dimension, value: Any) -> Sequence[Any]:
        """That a value is among those that were asked for."""
        return [value.in_(axis.wanted)] if axis.chosen[0] else []


def _any(condition: Any, name: str) -> Any:
    """One where a condition holds of any row, else zero."""
    return sa.func.max(sa.case((condition, 1), else_=0)).label(name)


def _number(condition: Any, name: str) -> Any:
    """Of how many rows a condition holds."""
    return sa.func.sum(sa.case((condition, 1), else_=0)).label(name)
