"""Which values each record has, as a relation of two columns: what filters ask and facets count."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.models import Basis
from app.query.context import not_reference


@dataclass(frozen=True)
class Values:
    """Pairs of a record's id and a value that it has."""

    owner: Any
    value: Any
    joins: tuple[tuple[Any, Any], ...] = ()
    """Further tables on the way from owner to value, each with its condition."""
    where: tuple[Any, ...] = ()
    passing: tuple[tuple[Any, str], ...] = ()
    """Fields of other records on the way: the column that names each record, and its field."""

    @property
    def own(self) -> bool:
        """Whether the value is a column of the record's own row."""
        return bool(self.owner.class_ is self.value.class_ and self.owner.key == "id")

    @property
    def alternatives(self) -> Sequence["Values"]:
        """Where they stand."""
        return (self,)

    @property
    def always(self) -> bool:
        """Whether every record has a value."""
        return self.own and not self.value.property.columns[0].nullable

    @property
    def seen(self) -> Any:
        """The value of the record's own row; null where it may not be seen."""
        return sa.case((sa.and_(*self.where), self.value), else_=None) if self.where else self.value

    @property
    def unique(self) -> bool:
        """Whether no pair is told twice."""
        if self.own:
            return True
        key = {column.key for column in sa.inspect(self.owner.class_).primary_key}
        return not self.joins and key == {self.owner.key, self.value.key}

    def stated(self, field: str) -> "Values":
        """Those pairs that rest on a source; ``field`` is what answers call the value."""
        tables = {self.owner.class_, self.value.class_, *(table for table, _ in self.joins)}
        told = [table.basis == Basis.source for table in tables if hasattr(table, "basis")]
        told += [not_reference(*passed) for passed in ((self.owner, field), *self.passing)]
        return replace(self, where=(*self.where, *told))

    def pairs(self) -> sa.Select[Any]:
        """The relation, its columns named ``owner`` and ``value``."""
        query = sa.select(self.owner.label("owner"), self.value.label("value"))
        for table, condition in self.joins:
            query = query.join(table, condition)
        return query.where(self.value.is_not(None), *self.where)

    def of(self, id: Any) -> Any:
        """The values of one record, whose ``id`` a query around this one has, named ``value``."""
        pairs = self.pairs().where(self.owner == id).with_only_columns(self.value.label("value"))
        return pairs.correlate(id.table)

    def having(self, id: Any, values: Sequence[Any]) -> sa.ColumnElement[bool]:
        """True of records that have one of ``values``."""
        if self.own:
            return self._own(self.value.in_(values))
        query = self.pairs().where(self.value.in_(values))
        return self._among(id, query)

    def lacking(self, id: Any, values: Sequence[Any]) -> sa.ColumnElement[bool]:
        """True of records that have none of ``values``; also where nothing is known."""
        if self.own:
            hidden = (sa.not_(condition) for condition in self.where)
            return sa.or_(self.value.is_(None), self.value.not_in(values), *hidden)
        return sa.not_(self.having(id, values))

    def known(self, id: Any) -> sa.ColumnElement[bool]:
        """True of records that have any value."""
        return self._own(self.value.is_not(None)) if self.own else self._among(id, self.pairs())

    def unknown(self, id: Any) -> sa.ColumnElement[bool]:
        """True of records that have no value. Each is looked up: not all links are read."""
        if self.own or any(one.owner.table is id.table for one in self.alternatives):
            return sa.not_(self.known(id))
        there: sa.ColumnElement[bool] = self.of(id).exists()
        return sa.not_(there)

    def _own(self, condition: Any) -> sa.ColumnElement[bool]:
        return sa.and_(condition, *self.where)

    def _among(self, id: Any, pairs: sa.Select[Any]) -> sa.ColumnElement[bool]:
        return sa.and_(id.in_(pairs.with_only_columns(self.owner)))


@dataclass(frozen=True)
class Either(Values):
    """Values that stand in any of several other tables."""

    ways: tuple[Values, ...] = ()
    """Where they stand; the first is what its own fields say."""

    @property
    def alternatives(self) -> Sequence[Values]:
        return self.ways

    @property
    def own(self) -> bool:
        return False

    @property
    def unique(self) -> bool:
        return False

    def stated(self, field: str) -> Values:
        return either(*(one.stated(field) for one in self.ways))

    def pairs(self) -> sa.Select[Any]:
        every = sa.union_all(*(one.pairs() for one in self.ways)).subquery()
        return sa.select(every.c.owner, every.c.value)

    def of(self, id: Any) -> Any:
        return sa.union_all(*(one.of(id) for one in self.ways))

    def having(self, id: Any, values: Sequence[Any]) -> sa.ColumnElement[bool]:
        found = (one.pairs().where(one.value.in_(values)) for one in self.ways)
        return self._any(id, found)

    def known(self, id: Any) -> sa.ColumnElement[bool]:
        return self._any(id, (one.pairs() for one in self.ways))

    def _any(self, id: Any, found: Iterable[sa.Select[Any]]) -> sa.ColumnElement[bool]:
        owners = (
            query.with_only_columns(one.owner) for one, query in zip(self.ways, found, strict=True)
        )
        return sa.and_(id.in_(sa.union_all(*owners)))


def own(column: Any) -> Values:
    """A column of the record's own row."""
    return Values(column.class_.id, column)


def link(owner: Any, value: Any, *joins: tuple[Any, Any], where: Any = None) -> Values:
    """Values that stand in another table, reached through ``joins``."""
    return Values(owner, value, joins, () if where is None else (where,))


def either(*ways: Values) -> Either:
    """Values that stand in any of some other tables."""
    return Either(ways[0].owner, ways[0].value, ways=ways)


class ByCodePoint(FunctionElement[str]):
    """A text that every database sorts by its code points."""

    inherit_cache = True


@compiles(ByCodePoint)
def _as_it_is(element: ByCodePoint, compiler: Any, **options: Any) -> str:
    found: str = compiler.process(element.clauses, **options)
    return found


@compiles(ByCodePoint, "postgresql")
def _collated(element: ByCodePoint, compiler: Any, **options: Any) -> str:
    return f'{compiler.process(element.clauses, **options)} COLLATE "C"'


def alike(column: Any) -> Any:
    """A column as every database sorts it; texts other than of enumerations say so themselves."""
    return ByCodePoint(column) if isinstance(column.type, sa.Enum) else column
