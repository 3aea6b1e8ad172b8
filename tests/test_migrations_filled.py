"""Migrations of databases that hold something: nothing is lost on the way, done at once or not."""

import multiprocessing
import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from conftest import Databases, client_of, disposing, service
from generated import generate
from migrating import migrate_at, migrate_from
from reading import everything
from schemas import config, orphans, query, schema, shared, tables

from app import migrate as migrations
from app.db import create_engine
from app.migrate import is_current, migrate
from app.search.ranking import Kind
from seeds.load import seed

WORDS = ("island", "Japan", "日本", "독도", "trilateral", "harbour keel", "Wang Yi")

FAILURES = {
    "sql": 'op.execute("INSERT INTO nowhere VALUES (1)")',
    "python": 'raise OverflowError("nowhere")',
    "batch": """
    with op.batch_alter_table("record", recreate="auto") as batch:
        batch.drop_column("sort_name")
        batch.create_check_constraint("nowhere", "version > 1")
    """,
}
BROKEN = """
import sqlalchemy as sa
from alembic import op

revision = "broken"
down_revision = "{head}"


def upgrade() -> None:
    op.execute("CREATE TABLE extra (id INTEGER PRIMARY KEY)")
    op.execute("INSERT INTO extra VALUES (1)")
    op.execute("DELETE FROM name")
    op.execute("DROP TABLE reference_field")
    with op.batch_alter_table("topic") as batch:
        batch.add_column(sa.Column("more", sa.Integer()))
    {failure}
"""


@pytest.fixture(scope="module")
def made_up(databases: Databases, migrated: str) -> str:
    """The address of a database with some rows in every table."""
    url = databases.copy(migrated)
    with disposing(create_engine(url)) as engine:
        generate(engine, 20)
    return url


@pytest.fixture(params=["seeded", "made_up"])
def filled(request: pytest.FixtureRequest, databases: Databases) -> str:
    """The address of a database that may be migrated, with data from bundles or made-up data."""
    url: str = request.getfixturevalue(request.param)
    return databases.copy(url)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the migrations, to which a test may add."""
    copy = tmp_path / "migrations"
    shutil.copytree(migrations.FOLDER, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(migrations, "FOLDER", copy)
    return copy


def history() -> list[str]:
    """Every revision, the newest first."""
    return [one.revision for one in ScriptDirectory(str(migrations.FOLDER)).walk_revisions()]


def test_each_migration_down_and_up_again_loses_nothing(filled: str) -> None:
    for revision in history():
        above, rows_above = schema(filled), tables(filled)
        command.downgrade(config(filled), f"{revision}-1")
        rows_below = tables(filled)
        kept, held = shared(rows_above, rows_below)
        assert held == kept
        assert orphans(filled) == []
        command.upgrade(config(filled), revision)
        assert schema(filled) == above
        kept, held = shared(rows_below, tables(filled))
        assert held == kept
        assert orphans(filled) == []
        command.downgrade(config(filled), f"{revision}-1")
    assert {name.partition(".")[0].split()[-1] for name in schema(filled)} <= {
        "alembic_version", "alembic_version_pkc", "sqlite_autoindex_alembic_version_1",
    }  # fmt: skip


def test_base_and_back_makes_the_same_schema(filled: str) -> None:
    before = schema(filled)
    command.downgrade(config(filled), "base")
    migrate(filled)
    assert schema(filled) == before
    command.check(config(filled))
    assert sum(len(rows) for _, rows in tables(filled).values()) == len(["instance", "version"])


def test_what_was_found_is_found_after_each_migration(filled: str) -> None:
    before = found(filled)
    assert any(before.values())
    for revision in history()[:-1]:
        command.downgrade(config(filled), f"{revision}-1")
    migrate(filled)
    check_index(filled)
    assert found(filled) == before


def found(url: str) -> dict[str, list[str]]:
    """The records that hold some words, of all collections.

    Those of which only a name is near them are left out: names are known from the next seeding on.
    """
    with client_of(service(url)) as client:
        every = {word: everything(client, "search", q=word) for word in WORDS}
    near = max(Kind.near.value)
    return {
        word: sorted(one["id"] for one in items if one["score"] > near)
        for word, items in every.items()
    }


def check_index(url: str) -> None:
    """SQLite compares its full-text index with what it is of; PostgreSQL computes it itself."""
    if url.startswith("sqlite") and "table fts_record" in schema(url):
        with create_engine(url, poolclass=sa.NullPool).connect() as connection:
            connection.execution_options(access="write")
            with connection.begin():
                check = "INSERT INTO fts_record (fts_record, rank) VALUES ('integrity-check', 1)"
                connection.exec_driver_sql(check)


def test_seeding_after_a_migration_makes_the_data_whole(databases: Databases, seeded: str) -> None:
    url = databases.copy(seeded)
    before = {name: kept for name, kept in tables(url).items() if name != "alembic_version"}
    for revision in history()[:-1]:
        command.downgrade(config(url), f"{revision}-1")
    migrate(url)
    with disposing(create_engine(url)) as engine:
        seed(engine)
    after = tables(url)
    for name, (columns, rows) in before.items():
        volatile = {"search_document": {"id"}, "instance": {"revision"}}.get(name, set())
        places = [at for at, column in enumerate(columns) if column not in volatile]
        expected, got = (
            sorted(repr([row[at] for at in places]) for row in each)
            for each in (rows, after[name][1])
        )
        assert got == expected, name


def test_the_models_and_the_migrations_agree(databases: Databases) -> None:
    url = databases.new()
    migrate(url)
    command.check(config(url))


def at_once(url: str) -> None:
    """Migrate in several processes that start together."""
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    processes = [context.Process(target=migrate_at, args=(barrier, url)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0, 0]
    assert is_current(url)


def test_migrations_at_once_of_nothing(databases: Databases) -> None:
    url = databases.new()
    at_once(url)
    assert query(url, "SELECT id, revision FROM instance") == [(1, 0)]


def test_migrations_at_once_of_a_filled_database(databases: Databases, seeded: str) -> None:
    url = databases.copy(seeded)
    above = schema(url)
    command.downgrade(config(url), history()[1])
    below = tables(url)
    at_once(url)
    assert schema(url) == above
    kept, held = shared(below, tables(url))
    assert held == kept


@pytest.mark.parametrize("failure", FAILURES)
def test_a_migration_that_fails_half_way_leaves_nothing_half_done(
    databases: Databases, made_up: str, folder: Path, failure: str
) -> None:
    url = databases.copy(made_up)
    before = schema(url), tables(url)
    broken = breaking(folder, FAILURES[failure])
    with pytest.raises((sa.exc.DBAPIError, OverflowError)):
        migrate(url)
    assert (schema(url), tables(url)) == before
    assert not is_current(url)
    broken.unlink()
    assert is_current(url)


def test_a_migration_that_is_killed_leaves_nothing_half_done(
    databases: Databases, made_up: str, folder: Path
) -> None:
    url = databases.copy(made_up)
    before = schema(url), tables(url)
    breaking(folder, "import os; os.kill(os.getpid(), 9)")
    process = multiprocessing.get_context("spawn").Process(target=migrate_from, args=(folder, url))
    process.start()
    process.join()
    assert process.exitcode == -9
    assert (schema(url), tables(url)) == before
    with client_of(service(url)) as client:
        assert client.get("/v1/meetings").json()["items"]


def breaking(folder: Path, failure: str) -> Path:
    """Add a migration that changes schema and data, and then fails."""
    path = folder / "versions" / "broken.py"
    path.write_text(BROKEN.format(head=history()[0], failure=failure), "utf-8")
    return path
