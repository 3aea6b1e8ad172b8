"""Reads: one page, one record, the counts of facets. What is asked is turned into SQL here."""

import json
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.visitors import iterate
from sqlmodel import col

from app.errors import InvalidQuery
from app.models import Basis, Record
from app.query import paging
from app.query.context import Context
from app.query.counting import counts
from app.query.filters import Asked, Discrete, Reference
from app.query.params import ListParameters
from app.query.refs import Ref
from app.query.resource import Resource
from app.query.shape import Item, Row, reference_fields

BATCH = 500
"""How many records an export has in memory."""
NOT_OF_THE_QUERY = {*ListParameters.model_fields} - {"basis"}


@dataclass(frozen=True)
class Listing:
    """One collection, asked one question."""

    context: Context
    resource: Resource
    given: Mapping[str, Any]
    """The parameters that were sent."""

    @property
    def id(self) -> Any:
        """The column that identifies the records."""
        return self.resource.table.id  # type: ignore[attr-defined]

    def conditions(self, *, ignoring: str | None = None) -> list[sa.ColumnElement[bool]]:
        """What is asked of a record. Raises InvalidQuery with every fault found."""
        asked = Asked(self.context, self.id, self.given)
        found: list[sa.ColumnElement[bool]] = []
        for name, one in self.resource.all_filters.items():
            # What is set aside is looked at all the same: a mistake in it is one.
            conditions = list(one.conditions(name, asked))
            found += conditions if name != ignoring else []
        if asked.faults:
            raise InvalidQuery(
                " ".join(fault.detail for fault in asked.faults)[:2000], asked.faults
            )
        return found

    def matching(
        self, *columns: Any, ignoring: str | None = None, also: Sequence[Any] = ()
    ) -> sa.Select[Any]:
        """The records that are asked for, and of which ``also`` some conditions are true."""
        query = sa.select(*columns).select_from(self.resource.table)
        conditions = [*self.conditions(ignoring=ignoring), *also]
        basis = [col(Record.basis) == Basis.source] if self.context.source_only else []
        of_records = [any(map(_is_of_records, some)) for some in (columns, conditions, basis)]
        if all(map(_is_of_records, columns)) and not conditions:
            # Of all, what every record has stands in its index of records: not one is looked up.
            query = sa.select(*columns).select_from(Record)
            return query.where(col(Record.collection) == self.resource.collection, *basis)
        if any(of_records):
            query = query.join(Record, col(Record.id) == self.id)
        if of_records[1]:
            # So that an index of records leads to those of this collection.
            query = query.where(col(Record.collection) == self.resource.collection)
        return query.where(*basis, *conditions)

    def cursors(self, sort: str) -> paging.Cursors:
        """The cursors of this very list."""
        asked = {name: value for name, value in self.given.items() if name not in NOT_OF_THE_QUERY}
        whole = [self.resource.name, sort, sorted(asked.items())]
        return paging.Cursors(self.context.secret, json.dumps(whole, default=str))


def _is_of_records(clause: Any) -> bool:
    """Whether something asks for what every record has, and not for its own row alone."""
    element = clause.__clause_element__() if hasattr(clause, "__clause_element__") else clause
    tables = (getattr(each, "table", None) for each in iterate(element))
    return any(getattr(table, "name", None) == Record.__tablename__ for table in tables)


def page(listing: Listing, parameters: ListParameters) -> dict[str, Any]:
    """One page, as ``items`` and ``next_cursor``."""
    context = listing.context
    sort = parameters.sort or listing.resource.default_sort
    query, keys = _sorted(listing, sort)
    cursors = listing.cursors(sort)
    if parameters.cursor:
        query = query.where(paging.after(keys, cursors.read(parameters.cursor, keys)))
    query = query.limit(parameters.limit + 1)
    rows = context.session.execute(query).all()
    shown = rows[: parameters.limit]
    more = len(rows) > len(shown)
    answer: dict[str, Any] = {
        "items": read(listing, shown, parameters.include, parameters.fields),
        "next_cursor": cursors.write(rows[len(shown) - 1][-len(keys) :]) if more else None,
    }
    return answer | ({"total": total(listing)} if parameters.with_total else {})


def _sorted(listing: Listing, sort: str) -> tuple[sa.Select[Any], list[paging.Key]]:
    """The records that match in their order, each with its sort key behind its columns."""
    resource, context = listing.resource, listing.context
    keys = paging.keys(resource.all_sorts, sort, listing.id, source_only=context.source_only)
    query = listing.matching(*resource.plan.columns, *(key.expression for key in keys))
    if _is_of_records(keys[0].expression):
        # So that an index of records leads to those of this collection in their order.
        query = query.where(col(Record.collection) == resource.collection)
    return query.order_by(*(key.order() for key in keys)), keys


def every(
    listing: Listing, sort: str, include: Sequence[str], fields: Sequence[str]
) -> Generator[Item]:
    """All records that match, however many, of which few are in memory at a time."""
    query, _ = _sorted(listing, sort or listing.resource.default_sort)
    options = {"yield_per": BATCH}
    with listing.context.session.execute(query, execution_options=options) as rows:
        ahead = rows.fetchmany()
        while ahead:
            items = read(listing, ahead, include, fields)
            # Now and not when they are asked for: the time of a statement runs in between.
            ahead = rows.fetchmany()
            yield from items
            listing.context.refs.forget()


def total(listing: Listing) -> int:
    """How many records match."""
    return listing.context.session.scalar(listing.matching(sa.func.count())) or 0


def one(listing: Listing, id: str, include: Sequence[str], fields: Sequence[str]) -> Item | None:
    """The record with this id, where this request may see it."""
    query = listing.matching(*listing.resource.plan.columns).where(listing.id == id)
    rows = listing.context.session.execute(query).all()
    return next(iter(read(listing, rows, include, fields)), None)


def read(
    listing: Listing, rows: Sequence[Row], include: Sequence[str], fields: Sequence[str]
) -> list[Item]:
    """The records in ``rows``, with what was asked for, references resolved."""
    context, resource = listing.context, listing.resource
    wanted = {*(fields or resource.shown), *include}
    if "reference_fields" in wanted:
        # Whether a name is one of them depends on the language.
        wanted.add("name")
    items = resource.plan.read(context, rows, wanted)
    context.refs.resolve()
    mark_names(context, items)
    if context.source_only:
        hide(context, items, resource.lists)
    order = told(resource, include, fields)
    return [{name: item[name] for name in order} for item in items]


def told(resource: Resource, include: Sequence[str], fields: Sequence[str]) -> list[str]:
    """The fields that are asked for, in their order; the id always."""
    wanted = {"id", *(fields or resource.shown), *include}
    return [name for name in (*resource.shown, *resource.includes) if name in wanted]


def mark_names(context: Context, items: Sequence[Item]) -> None:
    """Say of names in the language asked for that they are reference knowledge, where they are."""
    for item in items:
        if item["id"] in context.refs.unstated and "reference_fields" in item:
            item["reference_fields"] = sorted({"name", *item["reference_fields"]})


def hide(context: Context, items: Sequence[Item], lists: set[str]) -> None:
    """Take from ``items`` what no source states."""
    unstated = reference_fields(context, [item["id"] for item in items])
    for item in items:
        for path in unstated.get(item["id"], ()):
            _blank(item, path.split("/"), lists)


def _blank(item: Item, path: Sequence[str], lists: set[str]) -> None:
    """Empty the field at ``path``, which may lead into a row of a list: ``stages/0/date_start``."""
    name, *rest = path
    if name not in item:
        return
    if rest:
        item[name][int(rest[0])][rest[1]] = None
    else:
        item[name] = [] if name in lists else None


def facet(
    listing: Listing, name: str, at_most: int | None = None, *, own: bool = False
) -> list[dict[str, Any]]:
    """How many records have each value of a facet; most first.

    Its own filter is set aside, unless it is to narrow its values as well (``own``).
    """
    context, one = listing.context, listing.resource.facets[name]
    records = partial(listing.matching, ignoring=None if own else name)
    found = counts(context.session, records, listing.id, [one.seen(name, context)])
    known = ((value, count) for (value,), count in found.items() if value is not None)
    rows = sorted(known, key=lambda row: (-row[1], row[0]))[:at_most]
    keys = keys_of(context, one, [value for value, _ in rows])
    return [{**keys[value], "count": count} for value, count in rows]


def keys_of(context: Context, one: Discrete, values: Iterable[Any]) -> dict[Any, dict[str, str]]:
    """Each of a filter's values as it is asked for and as it is called."""
    if not isinstance(one, Reference):
        return {value: _plain(value) for value in values}
    refs = {value: context.refs.to(Ref, value) for value in values}
    context.refs.resolve()
    return {
        value: {"value": ref["slug"], "name": ref["name"] or context.refs.label(value)}
        for value, ref in refs.items()
    }


def _plain(value: Any) -> dict[str, str]:
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return {"value": text, "name": text.replace("_", " ")}
