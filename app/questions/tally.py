"""Tallies: how much each side says of each topic, and the latest of it, in few SQL statements."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.models import Stance
from app.query import paging
from app.query.listing import Listing
from app.query.pivot import Dimension, unchosen

Cell = tuple[str, str]
"""The ids of a topic and of a side."""


@dataclass
class Tally:
    """What a list has in one cell."""

    kinds: Counter[str] = field(default_factory=Counter)
    """How many records of each kind; all of them in one where there are no kinds."""
    stances: Counter[Stance | None] = field(default_factory=Counter)
    """How many take each stance to the topic or to one below it; under None, any at all."""
    place: int = 0
    """Where the latest stands in the list."""
    latest: str | None = None
    """The id of the latest."""

    @property
    def count(self) -> int:
        """How many records."""
        return self.kinds.total()


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
        for topic, side, kind, number, place, id in self._counted():
            tally = found[topic, side]
            tally.kinds[kind] = number
            if tally.latest is None or place < tally.place:
                tally.place, tally.latest = place, id
        for topic, side, stance, number in self._stances() if self.kind is not None else ():
            found[topic, side].stances[stance] = number
        return dict(found)

    def _counted(self) -> Iterator[Any]:
        """Topic, side and kind; how many records, and place and id of the first of them."""
        ranked = self._ranked().cte("ranked")
        joined, cell = self._joined(ranked)
        groups = sa.select(
            *cell,
            ranked.c.kind,
            sa.func.count(ranked.c.id.distinct()).label("number"),
            sa.func.min(ranked.c.place).label("place"),
        )
        groups = groups.select_from(joined).where(*self._chosen(cell))
        counted = groups.group_by(*cell, ranked.c.kind).subquery()
        first = ranked.alias("first")
        query = sa.select(counted, first.c.id).join(first, first.c.place == counted.c.place)
        yield from self.listing.context.session.execute(query)

    def _ranked(self) -> sa.Select[Any]:
        """The records with their places in the list, as it is sorted unless told."""
        listing, resource = self.records, self.records.resource
        only = listing.context.source_only
        keys = paging.keys(resource.all_sorts, resource.default_sort, listing.id, source_only=only)
        place = sa.func.row_number().over(order_by=[key.order() for key in keys])
        kind = sa.literal("") if self.kind is None else self.kind
        return listing.matching(listing.id.label("id"), kind.label("kind"), place.label("place"))

    def _stances(self) -> Iterator[tuple[str, str, Stance | None, int]]:
        """Topic, side and stance, and how many take it; None where it is any."""
        records = self.records.matching(self.records.id.label("id")).subquery()
        joined, cell = self._joined(records)
        taken = self._taken()
        to_topic = sa.and_(taken.c.owner == records.c.id, taken.c.value == cell[0])
        number = sa.func.count(records.c.id.distinct())
        for by in ((taken.c.stance,), ()):
            query = sa.select(*cell, *by, number).select_from(joined.join(taken, to_topic))
            query = query.where(*self._chosen(cell)).group_by(*cell, *by)
            for topic, side, *stance, count in self.listing.context.session.execute(query):
                yield topic, side, Stance(stance[0]) if stance else None, count

    def _taken(self) -> Any:
        """Each record with each topic to which it takes a stance, and that stance."""
        listing, taken = self.listing, []
        for stance in Stance:
            pairs = (
                listing.resource.facets[stance.value].seen(stance.value, listing.context).pairs()
            )
            taken.append(pairs.add_columns(sa.literal(stance.value).label("stance")))
        return sa.union_all(*taken).subquery("taken")

    def _joined(self, records: Any) -> tuple[Any, Sequence[Any]]:
        """The records in each cell where they stand, and the columns of topic and side."""
        topic, side = (axis.pairs() for axis in self.axes)
        joined = records.join(topic, topic.c.owner == records.c.id)
        joined = joined.join(side, side.c.owner == records.c.id)
        return joined, (topic.c.value.label("topic"), side.c.value.label("side"))

    def _chosen(self, cell: Sequence[Any]) -> Iterator[Any]:
        """That a cell is among those that were asked for."""
        for axis, column in zip(self.axes, cell, strict=True):
            if axis.chosen[0]:
                yield column.in_(axis.wanted)
