"""Answers that know where they are read from: a field says its type, and its source beside it.

A field without a source is the column of its own name. What refers to records goes through
``Refs``, so that a page costs one query for its rows, one for each list within them, and one
for all that they refer to, however many rows it has.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, ClassVar, get_args, get_origin

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict
from pydantic.fields import FieldInfo
from sqlmodel import SQLModel

from app.models import Record, ReferenceField
from app.query.context import Context
from app.query.many import is_one_of
from app.query.meaning import Types
from app.query.refs import Ref
from app.query.values import alike

Row = Any
Item = dict[str, Any]
Table = type[SQLModel]


class Out(BaseModel):
    """Base of what is answered: every declared field is present, unknown is null."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    types: ClassVar[Types] = Types()


@dataclass(frozen=True)
class Source:
    """Where a field is read from. One that is ``included`` is absent unless asked for."""

    included: bool = False


@dataclass(frozen=True)
class Inline(Source):
    """Read from the row itself."""

    def columns(self, table: Table, name: str) -> Sequence[Any]:
        """The columns that the row must have."""
        raise NotImplementedError

    def read(self, context: Context, row: Row, kind: Any) -> Any:
        """The field's value; references may still be empty."""
        raise NotImplementedError

    def write(self, context: Context, item: Item, name: str, row: Row, kind: Any) -> None:
        """Set the field in ``item``, now or once references are resolved."""
        item[name] = self.read(context, row, kind)


@dataclass(frozen=True)
class Apart(Source):
    """Read for all the rows of a page at once."""

    empty: Callable[[], Any] = list
    """What a record has for which nothing is found."""

    def read(self, context: Context, ids: Sequence[str], kind: Any) -> Mapping[str, Any]:
        """The field's value by the record's id."""
        raise NotImplementedError


def column_of(table: Table, column: Any) -> Any:
    """``column``, which may be named where it is one of ``table``."""
    return getattr(table, column) if isinstance(column, str) else column


@dataclass(frozen=True)
class Column(Inline):
    """A column, that of the field's name unless told."""

    column: Any = None

    def columns(self, table: Table, name: str) -> Sequence[Any]:
        return (column_of(table, name if self.column is None else self.column),)

    def read(self, context: Context, row: Row, kind: Any) -> Any:
        return row[0]


@dataclass(frozen=True)
class RefTo(Inline):
    """A reference to the record whose id a column holds."""

    column: Any = None

    def columns(self, table: Table, name: str) -> Sequence[Any]:
        return (column_of(table, self.column),)

    def read(self, context: Context, row: Row, kind: Any) -> Any:
        return context.refs.get(kind, row[0])


@dataclass(frozen=True)
class Nested(Inline):
    """An object made of columns of the same row; null where the first of them is null."""

    fields: tuple[tuple[str, Any], ...] = ()

    def columns(self, table: Table, name: str) -> Sequence[Any]:
        return [column_of(table, column) for _, column in self.fields]

    def read(self, context: Context, row: Row, kind: Any) -> Any:
        if row[0] is None:
            return None
        values = dict(zip((name for name, _ in self.fields), row, strict=True))
        for name, field in kind.model_fields.items():
            if is_ref(field.annotation):
                values[name] = context.refs.get(field.annotation, values[name])
        return values


@dataclass(frozen=True)
class OwnName(Column):
    """The record's own name, in the language and usage asked for."""

    def write(self, context: Context, item: Item, name: str, row: Row, kind: Any) -> None:
        own = context.refs.to(Ref, row[0])
        item[name] = None
        context.refs.afterwards(lambda: item.update({name: own["name"]}))


@dataclass(frozen=True)
class NameUsed(Inline):
    """The name that a country uses for a record."""

    record: Any = None
    country: Any = None

    def columns(self, table: Table, name: str) -> Sequence[Any]:
        return (column_of(table, self.record), column_of(table, self.country))

    def write(self, context: Context, item: Item, name: str, row: Row, kind: Any) -> None:
        used = context.refs.name_used
        record, country = row
        context.refs.get(Ref, record)
        item[name] = None
        context.refs.afterwards(lambda: item.update({name: used(record, country)}))


def total(owner: Any, order: Any) -> Iterator[Any]:
    """What rows are sorted by: owner, ``order`` or else position, and the rest of their key."""
    table = owner.class_
    yield owner
    yield table.position if order is None else order
    yield from (
        alike(column) for column in sa.inspect(table).primary_key if column.key != owner.key
    )


@dataclass(frozen=True)
class Linked(Apart):
    """References through a link table, by its ``position`` unless told."""

    owner: Any = None
    value: Any = None
    order: Any = None

    def read(self, context: Context, ids: Sequence[str], kind: Any) -> Mapping[str, Any]:
        query = sa.select(self.owner, self.value).where(is_one_of(self.owner, ids))
        query = query.order_by(*total(self.owner, self.order))
        found: dict[str, list[Any]] = defaultdict(list)
        for owner, value in context.rows(query):
            found[owner].append(context.refs.get(kind, value))
        return found


@dataclass(frozen=True)
class Listed(Apart):
    """Values of one column of a table of details."""

    owner: Any = None
    value: Any = None
    order: Any = None

    def read(self, context: Context, ids: Sequence[str], kind: Any) -> Mapping[str, Any]:
        order = self.value if self.order is None else self.order
        query = sa.select(self.owner, self.value).where(is_one_of(self.owner, ids)).order_by(order)
        found: dict[str, list[Any]] = defaultdict(list)
        for owner, value in context.rows(query):
            found[owner].append(value)
        return found


@dataclass(frozen=True)
class Rows(Apart):
    """The rows of a table of details, each an object of its own shape."""

    owner: Any = None
    order: Any = None
    stated: Any = None
    """A condition that leaves the rows which a source states (``basis=source``)."""

    def read(self, context: Context, ids: Sequence[str], kind: Any) -> Mapping[str, Any]:
        table = self.owner.class_
        plan = Plan.of(kind, table)
        query = sa.select(self.owner, *plan.columns).where(is_one_of(self.owner, ids))
        if context.source_only and self.stated is not None:
            query = query.where(self.stated)
        found: dict[str, list[Any]] = defaultdict(list)
        for row in context.rows(query.order_by(*total(self.owner, self.order))):
            found[row[0]].append(plan.inline(context, row[1:]))
        return found


@dataclass(frozen=True)
class Records(Apart):
    """Whole records of another collection, which point at those of the page."""

    owner: Any = None
    order: tuple[Any, ...] = ()

    def read(self, context: Context, ids: Sequence[str], kind: Any) -> Mapping[str, Any]:
        table = self.owner.class_
        plan = Plan.of(kind, table)
        query = sa.select(self.owner, *plan.columns).join(Record, Record.id == table.id)
        query = query.where(is_one_of(self.owner, ids)).order_by(*self.order, table.id)
        rows = context.rows(query)
        items = plan.read(context, [row[1:] for row in rows], set(plan.kinds) - plan.included)
        found: dict[str, list[Any]] = defaultdict(list)
        for row, item in zip(rows, items, strict=True):
            found[row[0]].append(item)
        return found


@dataclass(frozen=True)
class Computed(Apart):
    """Whatever a function makes of the page's ids."""

    function: Callable[[Context, Sequence[str]], Mapping[str, Any]] = lambda *_: {}

    def read(self, context: Context, ids: Sequence[str], kind: Any) -> Mapping[str, Any]:
        return self.function(context, ids)


def is_ref(annotation: Any) -> bool:
    """Whether ``annotation`` is a kind of reference."""
    return isinstance(annotation, type) and issubclass(annotation, Ref)


def inner(annotation: Any) -> Any:
    """The class within ``list[X]`` or ``X | None``."""
    if get_origin(annotation) is None:
        return annotation
    return inner(next(one for one in get_args(annotation) if one is not type(None)))


def source_of(field: FieldInfo) -> Source:
    """Where ``field`` is read from."""
    return next((mark for mark in field.metadata if isinstance(mark, Source)), Column())


@dataclass(frozen=True)
class Plan:
    """How the objects of one shape are read from the rows of one table."""

    kinds: Mapping[str, Any]
    inlined: tuple[tuple[str, Inline, int, int], ...]
    """Name, source, and which of ``columns`` are its."""
    columns: tuple[Any, ...]
    apart: Mapping[str, Apart]

    @staticmethod
    @cache
    def of(shape: type[BaseModel], table: Table) -> "Plan":
        """The plan of ``shape``, whose own columns are those of ``table``."""
        inlined: list[tuple[str, Inline, int, int]] = []
        columns: list[Any] = []
        apart: dict[str, Apart] = {}
        for name, field in shape.model_fields.items():
            source = source_of(field)
            if isinstance(source, Inline):
                needed = source.columns(table, name)
                inlined.append((name, source, len(columns), len(columns) + len(needed)))
                columns += needed
            elif isinstance(source, Apart):
                apart[name] = source
        kinds = {name: inner(field.annotation) for name, field in shape.model_fields.items()}
        return Plan(kinds, tuple(inlined), tuple(columns), apart)

    @property
    def included(self) -> set[str]:
        """The fields that are absent unless asked for."""
        return {name for name, source in self.apart.items() if source.included}

    def inline(self, context: Context, row: Row, wanted: Container[str] | None = None) -> Item:
        """What stands in the row itself: all, or the fields ``wanted``."""
        return next(self.inlines(context, [row], wanted))

    def inlines(
        self, context: Context, rows: Iterable[Row], wanted: Container[str] | None = None
    ) -> Iterator[Item]:
        """The same of several rows; fields that are ``wanted`` stand in their order, and empty."""
        chosen = [one for one in self.inlined if wanted is None or one[0] in wanted]
        plain = [(name, at) for name, source, at, _ in chosen if type(source) is Column]
        others = [
            (name, source.write, start, end, self.kinds[name])
            for name, source, start, end in chosen
            if type(source) is not Column
        ]
        order = [name for name in self.kinds if wanted is None or name in wanted]
        empty: Item = dict.fromkeys(order)
        for row in rows:
            item = empty.copy()
            for name, at in plain:
                item[name] = row[at]
            for name, write, start, end, kind in others:
                write(context, item, name, row[start:end], kind)
            yield item

    def read(self, context: Context, rows: Iterable[Row], wanted: set[str]) -> list[Item]:
        """The objects of ``rows``, with the fields ``wanted``; references not yet resolved."""
        items = list(self.inlines(context, rows, wanted | {"id"}))
        ids = [item["id"] for item in items]
        for name, source in self.apart.items():
            if name in wanted and ids:
                found = source.read(context, ids, self.kinds[name])
                for item in items:
                    value = found.get(item["id"])
                    item[name] = source.empty() if value is None else value
        return items


def lists(shape: type[BaseModel]) -> set[str]:
    """The fields of ``shape`` that hold lists."""
    fields = shape.model_fields.items()
    return {name for name, field in fields if get_origin(field.annotation) is list}


def reference_fields(context: Context, ids: Sequence[str]) -> Mapping[str, list[str]]:
    """Which fields of each record no source states."""
    return STATED_BY_NO_SOURCE.read(context, ids, str)


STATED_BY_NO_SOURCE = Listed(owner=ReferenceField.record_id, value=ReferenceField.field)
