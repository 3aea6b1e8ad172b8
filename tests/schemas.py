"""What a database is made of and what it holds, as plain values that can be compared."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic.config import Config

from app import migrate as migrations
from app.db import create_engine, read
from app.query.han import unified

Rows = Mapping[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]
"""The columns and rows of each table."""

_SQLITE = """
    SELECT type || ' ' || name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_stat%'
"""
# Each with its definition as the database itself writes it.
_POSTGRESQL = """
    SELECT 'column ' || attrelid::regclass || '.' || attname,
        concat_ws(' ', format_type(atttypid, atttypmod), attcollation::regcollation, attnotnull,
            attidentity, attgenerated, pg_get_expr(adbin, adrelid))
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE relnamespace = 'public'::regnamespace AND attnum > 0 AND NOT attisdropped
UNION ALL
    SELECT concat_ws(' ', 'relation', relkind, relname), '' FROM pg_class
    WHERE relnamespace = 'public'::regnamespace
UNION ALL
    SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
UNION ALL
    SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL
    SELECT 'trigger ' || tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid)
    FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
    SELECT 'function ' || proname, pg_get_functiondef(oid)
    FROM pg_proc WHERE pronamespace = 'public'::regnamespace
"""


def config(url: str) -> Config:
    """How Alembic is asked about a database."""
    found = Config(attributes={"url": url})
    found.set_main_option("script_location", str(migrations.FOLDER))
    found.set_main_option("path_separator", "os")
    return found


def query(url: str, statement: str) -> list[tuple[Any, ...]]:
    """The rows that a statement gives."""
    engine = create_engine(url, poolclass=sa.NullPool)
    with read(engine) as session:
        # Neither `:` nor `%` in it is a parameter.
        return [tuple(row) for row in session.connection().exec_driver_sql(statement)]


def schema(url: str) -> dict[str, str]:
    """Everything that a database is made of, by its kind and name."""
    statement = _SQLITE if url.startswith("sqlite") else _POSTGRESQL
    return dict(query(url, statement))


def tables(url: str) -> Rows:
    """Every row of every table that is no part of an index."""
    engine = create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        inspected = sa.inspect(connection)
        found = {
            name: tuple(column["name"] for column in inspected.get_columns(name))
            for name in inspected.get_table_names()
            if not name.startswith(("fts_", "sqlite_"))
        }
    return {name: (columns, _rows(url, name, columns)) for name, columns in found.items()}


def _rows(url: str, table: str, columns: tuple[str, ...]) -> list[tuple[Any, ...]]:
    listed = ", ".join(f'"{column}"' for column in columns)
    return sorted(query(url, f'SELECT {listed} FROM "{table}"'), key=repr)


def shared(one: Rows, other: Rows) -> tuple[Rows, Rows]:
    """What both hold, of the tables and columns that both have."""
    names = one.keys() & other.keys() - {"alembic_version"}
    return _only(one, other, names), _only(other, one, names)


NUMBERED = {"search_document": {"id", "sha256", "fts_vector"}}
"""Columns that migrations make anew: numbers of rows, digests that tell seeding to write them
again, and what is computed of others."""


def _only(rows: Rows, other: Rows, names: set[str]) -> Rows:
    found = {}
    for name in sorted(names):
        columns, content = rows[name]
        kept = tuple(sorted({*columns} & {*other[name][0]} - NUMBERED.get(name, set())))
        places = [columns.index(column) for column in kept]
        found[name] = (
            kept,
            sorted((tuple(_one(row[place]) for place in places) for row in content), key=repr),
        )
    return found


def _one(value: Any) -> Any:
    """A value with Chinese characters in one form, in which migrations may bring terms."""
    return unified(value) if isinstance(value, str) else value


def orphans(url: str) -> list[tuple[Any, ...]]:
    """The rows whose parent is missing; PostgreSQL has none that its constraints allow."""
    return query(url, "PRAGMA foreign_key_check") if url.startswith("sqlite") else []
