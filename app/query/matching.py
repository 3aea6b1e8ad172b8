"""What search asks of a record: that every one of some terms is among those it is stored under."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement
from sqlmodel import col

from app.models import SEARCH_COLUMNS, SearchDocument

# What PostgreSQL calls the columns in its index.
WEIGHTS = dict(zip(SEARCH_COLUMNS, "ABCD", strict=True))


@dataclass(frozen=True)
class Asked:
    """What is to stand in a document, each of it in any of ``columns``, and what is not to."""

    columns: Sequence[str]
    terms: Sequence[str]
    """All of these."""
    prefixes: Sequence[str] = ()
    """And of each of these a word that begins so."""
    otherwise: Sequence[str] = ()
    """Or else any of these."""
    without: Sequence[str] = ()
    """None of these, in whatever column may be looked through."""
    without_prefixes: Sequence[str] = ()
    """And no word that begins so."""
    looked_through: Sequence[str] = SEARCH_COLUMNS
    """The columns that may be looked through."""


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
    here, anywhere = (
        f"{{{' '.join(names)}}} : " for names in (asked.columns, asked.looked_through)
    )
    every = " AND ".join(_quoted(asked.terms, asked.prefixes))
    any_of = " OR ".join(_quoted(asked.otherwise))
    wanted = " OR ".join(f"({here}({each}))" for each in (every, any_of) if each)
    unwanted = " OR ".join(_quoted(asked.without, asked.without_prefixes))
    return f"({wanted}) NOT ({anywhere}({unwanted}))" if unwanted else wanted


def _quoted(terms: Sequence[str], prefixes: Sequence[str] = ()) -> Sequence[str]:
    return [*(f'"{term}"' for term in terms), *(f'"{prefix}"*' for prefix in prefixes)]


def tsquery(asked: Asked) -> str:
    """The expression for PostgreSQL, which need not look at its rows where all columns count."""
    here, anywhere = (_weights(names) for names in (asked.columns, asked.looked_through))
    every = [_weighted(one, here) for one in asked.terms]
    every += [_weighted(one, f"*{here}") for one in asked.prefixes]
    any_of = [_weighted(one, here) for one in asked.otherwise]
    wanted = " | ".join(f"({each})" for each in (" & ".join(every), " | ".join(any_of)) if each)
    without = [f"!{_weighted(one, anywhere)}" for one in asked.without]
    without += [f"!{_weighted(one, f'*{anywhere}')}" for one in asked.without_prefixes]
    return " & ".join([f"({wanted})", *without])


def _weights(names: Sequence[str]) -> str:
    every = len(names) == len(SEARCH_COLUMNS)
    return "" if every else "".join(WEIGHTS[name] for name in names)


def _weighted(term: str, suffix: str) -> str:
    return f"'{term}'{':' if suffix else ''}{suffix}"


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


class Contains(FunctionElement[bool]):
    """True where a text has another one within it."""

    name = "contains"
    type = sa.Boolean()
    inherit_cache = True


@compiles(Contains, "sqlite")
def _within_on_sqlite(contains: Contains, compiler: Any, **options: Any) -> str:
    text, part = (compiler.process(clause, **options) for clause in contains.clauses)
    return f"(instr({text}, {part}) > 0)"


@compiles(Contains, "postgresql")
def _within_on_postgresql(contains: Contains, compiler: Any, **options: Any) -> str:
    text, part = (compiler.process(clause, **options) for clause in contains.clauses)
    return f"(strpos({text}, {part}) > 0)"


def holding(asked: Asked) -> sa.ColumnElement[bool]:
    """True of search documents that hold what is asked, of which there is something."""
    return Holds(col(SearchDocument.id), sa.literal(asked, Expression()))


def numbers(dialect: str, asked: Asked) -> tuple[Any, Any, sa.ColumnElement[bool]]:
    """Where the numbers of documents that hold what is asked come from, in their own order.

    What is selected from, the number there, and the condition. SQLite lists them from the index
    alone, the highest first where that is asked, and reads no more of them than are wanted.
    """
    if dialect == "sqlite":
        index = sa.table("fts_record", sa.column("rowid", sa.BigInteger))
        match: Any = sa.literal_column("fts_record").op("MATCH")
        return index, index.c.rowid, match(sa.literal(asked, Expression()))
    return SearchDocument, col(SearchDocument.id), holding(asked)


def holds(terms: Sequence[str], columns: Sequence[str]) -> sa.ColumnElement[bool]:
    """True of search documents that hold every one of ``terms``, each in any of ``columns``."""
    return holding(Asked(columns, terms)) if terms else sa.false()


def found(terms: Sequence[str], *, source_only: bool) -> sa.Select[Any]:
    """The ids of the records that hold every one of ``terms``."""
    asked = holds(terms, columns(source_only=source_only))
    return sa.select(col(SearchDocument.record_id)).where(asked)
