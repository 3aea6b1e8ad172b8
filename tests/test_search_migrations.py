"""The full-text index through migrations of a filled database: nothing is lost on the way."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from conftest import disposing

from app import migrate as migrations
from app.db import create_engine, read, write
from app.migrate import heads, migrate
from app.query.matching import found
from app.query.terms import query_terms
from seeds.load import Report, seed

BEFORE = "bb242029e764"
WORDS = ("尖閣", "钓鱼岛", "독도", "Takeshima", "王毅", "Pyongyang", "free trade")
REBUILD = """\"\"\"A batch.\"\"\"

import sqlalchemy as sa
from alembic import op

revision = "rebuilt"
down_revision = "{previous}"


def upgrade() -> None:
    with op.batch_alter_table("{table}", recreate="{recreate}") as batch:
        batch.alter_column("sha256", type_=sa.String(100), existing_type=sa.String())
"""


def config(url: str) -> Config:
    made = Config(attributes={"url": url})
    made.set_main_option("script_location", str(migrations.FOLDER))
    made.set_main_option("path_separator", "os")
    return made


def hits(url: str) -> Mapping[str, set[str]]:
    """The records that each of some words finds."""
    with disposing(create_engine(url)) as engine, read(engine) as session:
        return {q: set(session.scalars(found(query_terms(q), source_only=False))) for q in WORDS}


def catalogue(url: str) -> set[Any]:
    """The names of all tables, indexes and triggers."""
    query = {
        "sqlite": "SELECT type || ' ' || name FROM sqlite_master",
        "postgresql": "SELECT CAST(relkind AS text) || ' ' || relname FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace",
    }
    with disposing(create_engine(url)) as engine, engine.connect() as connection:
        return set(connection.exec_driver_sql(query[engine.dialect.name]).scalars())


def documents(url: str) -> list[Any]:
    """Every document, its number aside."""
    query = sa.text(
        "SELECT record_id, source_names, reference_names, source_text, reference_text, sha256,"
        " CAST(passages AS TEXT) FROM search_document ORDER BY record_id"
    )
    with disposing(create_engine(url)) as engine, engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_down_and_up_on_a_filled_database(copied: str) -> None:
    expected, names, whole = hits(copied), catalogue(copied), documents(copied)
    assert all(expected.values())
    command.downgrade(config(copied), BEFORE)
    assert not any("fts_" in name for name in catalogue(copied))
    command.upgrade(config(copied), "head")
    command.check(config(copied))
    assert catalogue(copied) == names
    assert hits(copied) == expected
    # The next seeding writes the documents whole, and nothing else.
    with disposing(create_engine(copied)) as engine:
        first, again = seed(engine), seed(engine)
    assert (first.created, first.updated, first.deleted) == (0, 0, 0)
    assert again == Report(0, 0, first.unchanged, 0, first.revision)
    assert documents(copied) == whole
    assert hits(copied) == expected


def test_all_the_way_down_and_up_again(copied: str) -> None:
    names = catalogue(copied)
    command.downgrade(config(copied), "base")
    assert {name for name in catalogue(copied) if "fts_" in name or "term" in name} == set()
    command.upgrade(config(copied), "head")
    assert catalogue(copied) == names
    assert hits(copied) == {q: set[str]() for q in WORDS}


@pytest.mark.parametrize("table", ["search_document", "record"])
def test_a_batch_keeps_the_index_and_what_keeps_it(
    copied: str, table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected, names, whole = hits(copied), catalogue(copied), documents(copied)
    (previous,) = heads()
    folder = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, folder)
    monkeypatch.setattr(migrations, "FOLDER", folder)
    recreate = "always" if copied.startswith("sqlite") else "auto"
    batch = REBUILD.format(previous=previous, table=table, recreate=recreate)
    (folder / "versions" / "rebuilt.py").write_text(batch, encoding="utf-8")
    assert migrate(copied)
    assert (hits(copied), catalogue(copied), documents(copied)) == (expected, names, whole)
    with disposing(create_engine(copied)) as engine, write(engine) as session:
        session.execute(sa.text("DELETE FROM search_document"))
    assert hits(copied) == {q: set[str]() for q in WORDS}
