"""Networks: the edges that ties make, counted over their records, all of them or around one."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app.errors import InvalidQuery, fault
from app.query.context import not_reference
from app.query.filters import Span
from app.query.listing import Listing
from app.query.resolve import Among
from app.query.values import Values
from app.questions.question import Asking, Given
from app.questions.ties import EdgeKind, Tie
from app.resources import participants

EDGES_AT_MOST = 2000

Ends = Callable[[Any, Any], sa.ColumnElement[bool]]
"""What is asked of the two ends of an edge."""


@dataclass(frozen=True)
class Edge:
    """How often two are tied in one way, and when."""

    tie: Tie
    kind: EdgeKind
    source: str
    target: str
    weight: int
    first: date | None
    last: date | None
    undated: int

    @property
    def ends(self) -> Iterator[tuple[str, Among]]:
        """The id of each end, and where it is looked for."""
        first, second = self.tie.ends
        yield self.source, first.to
        yield self.target, second.to


@dataclass(frozen=True)
class Network:
    """The edges of some ties, of those records that meet what is asked."""

    asking: Asking
    ties: Sequence[Tie]
    given: Given
    least: int = 1
    """How many records an edge has at least."""

    def around(self, center: str, depth: int) -> list[Edge]:
        """The edges among all nodes that are at most ``depth`` edges from one."""
        known = {center}
        newest = known
        for _ in range(depth):
            if not newest:
                break
            # Asked for apart, each end leads along an index to what has it.
            found = [*self.edges(leaving(newest)), *self.edges(arriving(newest))]
            ends = {id for one in found for id in (one.source, one.target)}
            newest = ends - known
            known = known | ends
        return self.edges(within(known))

    def edges(self, ends: Ends | None = None) -> list[Edge]:
        """All edges, or those whose ends are as asked. Raises InvalidQuery for too many."""
        found: list[Edge] = []
        for tie, query in self._counted:
            told = query.selected_columns
            asked = query.where(ends(told["source"], told["target"])) if ends else query
            found += [_edge(tie, row) for row in self.asking.context.session.execute(asked)]
            _check(len(found))
        return found

    @cached_property
    def _counted(self) -> Sequence[tuple[Tie, sa.Select[Any]]]:
        """Each tie with the statement that counts its edges."""
        found = []
        for tie in self.ties:
            query = counted(self.asking.listing(tie.resource, tie.given(self.given)), tie)
            weighty = query.having(query.selected_columns["weight"] >= self.least)
            found.append((tie, weighty.limit(EDGES_AT_MOST + 1)))
        return found


def leaving(ids: Collection[str]) -> Ends:
    """The first end among some."""
    return lambda source, _: source.in_(ids)


def arriving(ids: Collection[str]) -> Ends:
    """The second end among some."""
    return lambda _, target: target.in_(ids)


def within(ids: Collection[str]) -> Ends:
    """Both ends among some."""
    return lambda source, target: sa.and_(source.in_(ids), target.in_(ids))


def counted(listing: Listing, tie: Tie) -> sa.Select[Any]:
    """How many records of a list tie which two, by kind, and the days on which they begin and end.

    None ties anybody to itself.
    """
    records = listing.matching(listing.id.label("id"), *_days(listing)).subquery()
    here, there = (values.pairs().subquery() for values in tie.seen(listing.context))
    joined: Any = records.join(here, here.c.owner == records.c.id)
    joined = joined.join(there, there.c.owner == records.c.id)
    source, target = here.c.value, there.c.value
    kind: Any = sa.null()
    if tie.by:
        named = tie.resource.facets[tie.by].seen(tie.by, listing.context).pairs().subquery()
        joined = joined.join(named, named.c.owner == records.c.id)
        kind = named.c.value
    query = sa.select(
        kind.label("kind"),
        source.label("source"),
        target.label("target"),
        sa.func.count(records.c.id.distinct()).label("weight"),
        *_bounds(records),
    ).select_from(joined)
    query = query.where(source < target if tie.pair else source != target)
    if tie.apart:
        pairs = participants.RESOURCE.facets[tie.apart].seen(tie.apart, listing.context)
        query = query.where(*(_not_among(pairs, *ends) for ends in _both(source, target)))
    return query.group_by(source, target, *([kind] if tie.by else []))


def _bounds(records: Any) -> Iterator[Any]:
    """The first day and the last, where no date leaves that end open, and how many have no date."""
    first, last = records.c.first, records.c.last
    for name, least, day, other in (
        ("first", sa.func.min, first, last),
        ("last", sa.func.max, last, first),
    ):
        # A count passes over what is null, as the least and the greatest do.
        left_open = sa.func.count(sa.case((day.is_(None), other), else_=None))
        yield sa.case((left_open == 0, least(day)), else_=None).label(name)
    nowhere = sa.and_(first.is_(None), last.is_(None))
    undated = sa.case((nowhere, records.c.id), else_=None)
    yield sa.func.count(undated.distinct()).label("undated")


def _both(source: Any, target: Any) -> tuple[tuple[Any, Any], tuple[Any, Any]]:
    return (source, target), (target, source)


def _not_among(pairs: Values, first: Any, second: Any) -> sa.ColumnElement[bool]:
    """True of two that are none of ``pairs``."""
    there = pairs.pairs().where(pairs.owner == first, pairs.value == second)
    return sa.not_(there.exists())


def _days(listing: Listing) -> Iterator[Any]:
    """The first day and the last that the date of a record allows, as far as lists show them."""
    span = listing.resource.filters.get("date")
    columns = (span.earliest, span.latest) if isinstance(span, Span) else (None, None)
    for name, column in zip(("first", "last"), columns, strict=True):
        shown: Any = column
        if column is None:
            shown = sa.cast(sa.null(), sa.Date)
        elif listing.context.source_only:
            shown = sa.case((not_reference(listing.id, column.key), column), else_=None)
        yield shown.label(name)


def _edge(tie: Tie, row: Any) -> Edge:
    kind = EdgeKind(row.kind.value) if tie.by else tie.kinds[0]
    days = (row.first, row.last, row.undated)
    return Edge(tie, kind, row.source, row.target, row.weight, *days)


def _check(edges: int) -> None:
    """Refuse what would be more edges than are told: fewer than there are would mislead."""
    if edges > EDGES_AT_MOST:
        detail = (
            f"There would be more than {EDGES_AT_MOST} edges: name what it is to be `around`, or"
            " take less `depth`, choose kinds, or narrow by filter."
        )
        raise InvalidQuery(detail, [fault("too_many_rows", "kind", detail)])
