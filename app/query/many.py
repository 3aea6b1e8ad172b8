"""Many rows at once: found by many ids in one parameter, and read as columns."""

import json
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import Session


class Ids(sa.types.TypeDecorator[list[str]]):
    """Ids, as each database takes several of them."""

    impl = sa.Text
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> Any:
        kind = sa.Text() if dialect.name == "sqlite" else ARRAY(sa.Text)
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: list[str] | None, dialect: sa.Dialect) -> Any:
        return json.dumps(value) if dialect.name == "sqlite" else value


class OneOf(FunctionElement[bool]):
    """True where a column holds one of some ids."""

    name = "one_of"
    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "OneOf":
        """As it is: compared with 1, as SQLAlchemy would have it, SQLite finds no index for it."""
        return self


@compiles(OneOf, "sqlite")
def _on_sqlite(one: OneOf, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in one.clauses)
    return f"({column} IN (SELECT value FROM json_each({ids})))"  # noqa: S608


@compiles(OneOf, "postgresql")
def _on_postgresql(one: OneOf, compiler: Any, **options: Any) -> str:
    column, ids = (compiler.process(clause, **options) for clause in one.clauses)
    return f"({column} = ANY ({ids}))"


def columns_of(session: Session, query: sa.Executable) -> Sequence[Any]:
    """What a query of columns finds, without the cost of looking for objects among them."""
    return session.connection().execute(query).all()


def is_one_of(column: Any, ids: Iterable[str]) -> sa.ColumnElement[bool]:
    """True of rows whose ``column`` holds one of ``ids``.

    A statement with a parameter for each would be written anew for each number of them.
    """
    return OneOf(column, sa.literal([*ids], Ids()))
