"""What search asks of a record: that every one of some terms is among those it is stored under."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col

from app.models import SEARCH_COLUMNS, SearchDocument

# What PostgreSQL calls the columns in its index.
WEIGHTS = dict(zip(SEARCH_COLUMNS, "ABCD", strict=True))


class Asked(NamedTuple):
    """Terms, and the columns among which each of them is to stand."""

    terms: Sequence[str]
    columns: Sequence[str]


def columns(*, source_only: bool, names_only: bool = False) -> tuple[str, ...]:
    """The columns that are looked through."""
    return tuple(
        name
        for name in SEARCH_COLUMNS
        if not (source_only and name.startswith("reference"))
        and not (names_only and name.endswith("text"))
    )


class Expression(sa.types.TypeDecorator[Asked]):
    """What is asked, as each database writes it. Nothing that a user types is syntax there."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Asked | None, dialect: sa.Dialect) -> str:
        assert value is not None  # noqa: S101
        return fts5(value) if dialect.name == "sqlite" else tsquery(value)


def fts5(asked: Asked) -> str:
    """The expression for SQLite. Terms hold no quotation marks."""
    terms = " AND ".join(f'"{term}"' for term in asked.terms)
    return f"{{{' '.join(asked.columns)}}} : ({terms})"


def tsquery(asked: Asked) -> str:
    """The expression for PostgreSQL, which need not look at its rows where all columns count."""
    every = len(asked.columns) == len(SEARCH_COLUMNS)
    weights = "" if every else ":" + "".join(WEIGHTS[name] for name in asked.columns)
    return " & ".join(f"'{term}'{weights}" for term in asked.terms)


class Holds(FunctionElement[bool]):
    """True of search documents that hold what is asked."""

    name = "holds"
    type = sa.Boolean()
    inherit_cache = True

    def self_group(self, against: Any = None) -> "Holds":
        """As it is: compared with 1, as SQLAlchemy would have it, SQLite finds no index for it."""
        return self


@compiles(Holds, "sqlite")
def _on_sqlite(holds: Holds, compiler: Any, **options: Any) -> str:
    id, asked = (compiler.process(clause, **options) for clause in holds.clauses)
    rows = f"SELECT rowid FROM fts_record WHERE fts_record MATCH {asked}"  # noqa: S608
    return f"({id} IN ({rows}))"


@compiles(Holds, "postgresql")
def _on_postgresql(holds: Holds, compiler: Any, **options: Any) -> str:
    asked = compiler.process(list(holds.clauses)[1], **options)
    return f"(search_document.fts_vector @@ CAST({asked} AS tsquery))"


def holds(terms: Sequence[str], columns: Sequence[str]) -> sa.ColumnElement[bool]:
    """True of search documents that hold every one of ``terms``, each in any of ``columns``."""
    if not terms:
        return sa.false()
    return Holds(col(SearchDocument.id), sa.literal(Asked(terms, columns), Expression()))


def found(terms: Sequence[str], *, source_only: bool) -> sa.Select[Any]:
    """The ids of the records that hold every one of ``terms``."""
    asked = holds(terms, columns(source_only=source_only))
    return sa.select(col(SearchDocument.record_id)).where(asked)
