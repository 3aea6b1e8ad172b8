"""The database: who may write, what a change does to the revision, and what survives."""

import multiprocessing
import sqlite3
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlmodel import SQLModel

from app.db import (
    UnusableDatabaseError,
    analyze,
    check,
    create_engine,
    is_unavailable,
    read,
    revision,
    write,
)

ADD = sa.text("INSERT INTO thing (name) VALUES ('a')")


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A database in a folder that does not exist yet, with an instance and a toy table."""
    url = f"sqlite:///{tmp_path}/folder/test.db"
    engine = create_engine(url)
    with engine.connect() as connection:
        connection.execution_options(access="write")
        with connection.begin():
            SQLModel.metadata.tables["instance"].create(connection)
            connection.exec_driver_sql("INSERT INTO instance VALUES (1, 0, 'secret')")
            connection.exec_driver_sql("CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT)")
    engine.dispose()
    return url


@pytest.fixture
def engine(url: str) -> sa.Engine:
    return create_engine(url, poolclass=sa.NullPool)


def revision_of(engine: sa.Engine) -> int:
    with read(engine) as session:
        return revision(session)


def count(engine: sa.Engine) -> int:
    with read(engine) as session:
        return int(session.execute(sa.text("SELECT count(*) FROM thing")).scalar_one())


def test_sqlite_is_opened_safely(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("foreign_keys", "journal_mode", "synchronous", "busy_timeout")
        }
    full = 2
    assert values == {
        "foreign_keys": 1,
        "journal_mode": "wal",
        "synchronous": full,
        "busy_timeout": 10_000,
    }


def test_a_change_raises_the_revision_by_one(engine: sa.Engine) -> None:
    with write(engine) as session:
        session.execute(ADD)
        session.execute(ADD)
    assert revision_of(engine) == 1


@pytest.mark.parametrize(
    "statement",
    ["SELECT 1", "UPDATE thing SET name = 'b' WHERE id = 99", "DELETE FROM thing", "ANALYZE"],
)
def test_nothing_changed_leaves_the_revision(engine: sa.Engine, statement: str) -> None:
    with write(engine) as session:
        session.execute(sa.text(statement))
    assert revision_of(engine) == 0


def test_statistics_are_no_change(engine: sa.Engine) -> None:
    analyze(engine)
    assert revision_of(engine) == 0


def test_an_error_undoes_all_even_what_was_committed_inside(engine: sa.Engine) -> None:
    def fail() -> None:
        with write(engine) as session:
            session.execute(ADD)
            session.commit()
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert (revision_of(engine), count(engine)) == (0, 0)


def test_reading_cannot_write(engine: sa.Engine) -> None:
    with read(engine) as session, pytest.raises(sa.exc.OperationalError, match="readonly"):
        session.execute(ADD)


def test_a_read_sees_one_state_throughout(engine: sa.Engine) -> None:
    with read(engine) as session:
        before = revision(session)
        with write(engine) as writer:
            writer.execute(ADD)
        assert revision(session) == before
    assert revision_of(engine) == before + 1


def test_foreign_keys_hold(engine: sa.Engine) -> None:
    with write(engine) as session:
        session.execute(sa.text("CREATE TABLE part (thing INTEGER REFERENCES thing (id))"))
    with pytest.raises(sa.exc.IntegrityError, match="FOREIGN KEY"), write(engine) as session:
        session.execute(sa.text("INSERT INTO part VALUES (99)"))


def _write_often(url: str, times: int) -> None:
    engine = create_engine(url, poolclass=sa.NullPool)
    for _ in range(times):
        with write(engine) as session:
            # Reading first is what makes a writer fail that takes its lock late.
            session.execute(sa.text("SELECT count(*) FROM thing")).all()
            session.execute(ADD)


def test_the_revision_counts_every_change_of_every_process(url: str, engine: sa.Engine) -> None:
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=_write_often, args=(url, 25)) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert (revision_of(engine), count(engine)) == (50, 50)


def test_a_sound_file_passes_the_check(engine: sa.Engine) -> None:
    check(engine)


def test_a_damaged_file_is_refused_by_name(engine: sa.Engine, tmp_path: Path) -> None:
    with write(engine) as session:
        session.execute(
            sa.text(
                "INSERT INTO thing (name) SELECT printf('%0500d', value) "
                "FROM (WITH RECURSIVE n(value) AS (VALUES (1) UNION ALL "
                "SELECT value + 1 FROM n WHERE value < 500) SELECT value FROM n)"
            )
        )
    path = tmp_path / "folder" / "test.db"
    content = bytearray(path.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    path.write_bytes(content)
    with pytest.raises(UnusableDatabaseError, match=r"test\.db cannot be used"):
        check(engine)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes. " * 100, encoding="utf-8")
    with pytest.raises(UnusableDatabaseError, match="not a database"):
        check(create_engine(f"sqlite:///{path}"))


def test_a_mistake_in_a_statement_is_no_state_of_the_database(engine: sa.Engine) -> None:
    """SQLite calls both an operational error; only one of them passes by itself."""
    for statement in ("SELECT nope FROM thing", "SELECT 1 FROM nowhere"):
        with engine.connect() as connection, pytest.raises(sa.exc.OperationalError) as raised:
            connection.exec_driver_sql(statement)
        assert not is_unavailable(raised.value)


def test_a_database_that_is_locked_or_missing_is_unavailable(url: str, engine: sa.Engine) -> None:
    path = Path(url.removeprefix("sqlite:///"))
    missing = create_engine(f"{url}.missing", existing=True)
    with pytest.raises(sa.exc.OperationalError) as raised:
        missing.connect()
    assert is_unavailable(raised.value)
    assert path.exists()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
        connection.exec_driver_sql("PRAGMA busy_timeout=1")
        with pytest.raises(sa.exc.OperationalError) as raised:
            connection.execute(ADD)
    assert is_unavailable(raised.value)
    other.close()
