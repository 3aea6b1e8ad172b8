"""What is known of a list: how many records, from when to when, and since when they are told of."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from app.models import Record
from app.query.context import not_reference
from app.query.counting import each, reader
from app.query.filters import Span
from app.query.listing import Listing
from app.query.resource import Resource


@dataclass(slots=True)
class Known:
    """What is known of some records; nothing, as it begins."""

    count: int = 0
    undated: int = 0
    earliest: date | None = None
    latest: date | None = None
    begins: bool = True
    """Whether no date is open at its beginning: else there is no first day."""
    ends: bool = True
    """Whether no date is open at its end."""
    recorded: datetime | None = None
    """When this knowledge base first told of any."""
    updated: datetime | None = None
    """When what it tells of any last changed."""

    def add(self, other: "Known") -> None:
        """Count other records as well."""
        self.count += other.count
        self.undated += other.undated
        self.begins &= other.begins
        self.ends &= other.ends
        self.earliest = least(self.earliest, other.earliest)
        self.latest = most(self.latest, other.latest)
        self.recorded = least(self.recorded, other.recorded)
        self.updated = most(self.updated, other.updated)


def least(one: Any, other: Any) -> Any:
    """The earlier of two, of which either may be None."""
    return one if other is None or (one is not None and one <= other) else other


def most(one: Any, other: Any) -> Any:
    """The later of two, of which either may be None."""
    return one if other is None or (one is not None and one >= other) else other


def is_dated(resource: Resource) -> bool:
    """Whether its records have dates that filters know."""
    return isinstance(resource.filters.get("date"), Span)


def known_by(listing: Listing, facet: str) -> Mapping[Any, Known]:
    """What is known by each value of a facet; by None, of the records that have no value."""
    values = listing.resource.facets[facet].seen(facet, listing.context)
    columns = (*_dates(listing), Record.created_at, Record.updated_at)
    # Of a whole collection, so that its records are read from an index, and not looked up each.
    listed = partial(listing.matching, also=[col(Record.collection) == listing.resource.collection])
    query, _ = each(listed, listing.id, [values], *columns)
    told, first, last, recorded, updated = query.subquery().c
    counted = sa.select(told, *_bounds(first, last), *_since(recorded, updated)).group_by(told)
    read = reader(values)
    found: dict[Any, Known] = defaultdict(Known)
    # By all that a record has at once, and only then by each.
    for several, *rest in listing.context.session.execute(counted):
        for value in read(several):
            found[value].add(Known(*rest))
    return found


def known(listing: Listing) -> Known:
    """What is known of all of it.

    What stands in the records' own rows and what every record has are asked apart: each is then
    read from an index.
    """
    session = listing.context.session
    first, last = listing.matching(*_dates(listing)).subquery().c
    bounds = session.execute(sa.select(*_bounds(first, last))).one()
    since = listing.matching(*_since(col(Record.created_at), col(Record.updated_at)))
    return Known(*bounds, *session.execute(since).one())


def _bounds(first: Any, last: Any) -> Iterator[Any]:
    """How many records there are and how far they reach, as ``Known`` has it."""
    yield sa.func.count()
    yield sa.func.count(sa.case((sa.and_(first.is_(None), last.is_(None)), 1)))
    yield sa.func.min(first)
    yield sa.func.max(last)
    for day, other in ((first, last), (last, first)):
        yield sa.func.count(sa.case((day.is_(None), other))) == 0


def _since(recorded: Any, updated: Any) -> Iterator[Any]:
    yield sa.func.min(recorded)
    yield sa.func.max(updated)


def _dates(listing: Listing) -> Iterator[Any]:
    """The span of a record's date, so far as the request may see it."""
    table: Any = listing.resource.table
    for name in ("earliest", "latest"):
        if not is_dated(listing.resource):
            yield sa.cast(sa.null(), sa.Date).label(name)
            continue
        column = getattr(table, f"date_{name}")
        if listing.context.source_only:
            # As filters see a date: one of which reference knowledge gives an end is not known.
            stated = not_reference(listing.id, "date_earliest", "date_latest")
            column = sa.case((stated, column), else_=None)
        yield column.label(name)
