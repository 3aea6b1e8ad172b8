"""How Alembic reaches the database and compares it with the models."""

from collections.abc import Sequence
from typing import Any, Literal

import sqlalchemy as sa
from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.ddl.sqlite import SQLiteImpl
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString

import app.models  # noqa: F401  (fills the metadata)
from app.db import create_engine
from app.settings import Settings


def render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write plain SQLAlchemy types, so that a migration needs no import of SQLModel."""
    if kind == "type" and isinstance(item, AutoString):
        return f"sa.String(length={item.length})" if item.length else "sa.String()"
    if kind == "type" and isinstance(item, sa.types.TypeDecorator):
        return render_item(kind, item.impl_instance, _context) or f"sa.{item.impl_instance!r}"
    return False


def include_name(name: str | None, _kind: str, _parents: Any) -> bool:
    """Pass over what belongs to the full-text index, which no model describes."""
    return not (name and name.startswith("fts_"))


class SqliteKeepingTriggers(SQLiteImpl):
    """Makes the triggers of a table again where a batch puts a new table in its place."""

    __dialect__ = "sqlite"
    _triggers: Sequence[str] = ()

    def drop_table(self, table: sa.Table, **options: Any) -> None:
        """Drop a table, and remember its triggers, which go with it."""
        query = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = ?"
        assert self.connection is not None  # noqa: S101
        self._triggers = self.connection.exec_driver_sql(query, (table.name,)).scalars().all()
        super().drop_table(table, **options)

    def rename_table(self, old: str, new: Any, schema: Any = None) -> None:
        """Rename a table; the new one of a batch gets the triggers of the old one."""
        super().rename_table(old, new, schema)
        if old.startswith("_alembic_tmp_") and self.connection is not None:
            for trigger in self._triggers:
                self.connection.exec_driver_sql(trigger)
            self._triggers = ()


def run(connection: sa.Connection) -> None:
    """Do what Alembic was asked for, in one transaction that nobody else writes beside."""
    context.configure(
        connection=connection,
        target_metadata=SQLModel.metadata,
        render_item=render_item,
        include_name=include_name,
        render_as_batch=True,
        compare_server_default=True,
        transactional_ddl=True,
    )
    context.run_migrations()
    if connection.dialect.name == "sqlite":
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            raise RuntimeError(
                f"The migration would leave rows without their parent: {orphans[:5]}"
            )


def main() -> None:
    """Connect with the address given by the caller, else by DATABASE_URL."""
    if context.is_offline_mode():
        raise SystemExit("Migrations read the database: --sql is not supported.")
    url: str = context.config.attributes.get("url") or Settings().database_url
    engine = create_engine(url, foreign_keys=False, poolclass=sa.NullPool)
    with engine.connect() as connection:
        # The write lock is taken before the schema's state is read: of two migrations at once,
        # the second waits and then finds nothing to do.
        connection.execution_options(access="write")
        with connection.begin():
            run(connection)


main()
