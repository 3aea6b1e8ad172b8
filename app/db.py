"""The engine, and the only two ways to the database: `read` and `write`."""

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlmodel import Session, col, select, update

from app import deadlines
from app.models import Instance

# Any number that no other program of the same database server takes a lock on.
WRITE_LOCK = 4_021_965_311_847
BUSY_MILLISECONDS = 10_000

# What each transaction says first. A transaction that names no access may only read, so that
# nothing is written past `write`. A writer takes the lock at once: one that reads first and is
# promoted later fails when another has written in between.
_BEGIN = {
    ("sqlite", "read"): ("PRAGMA query_only=ON", "BEGIN"),
    ("sqlite", "write"): ("PRAGMA query_only=OFF", "BEGIN IMMEDIATE"),
    ("postgresql", "read"): ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",),
    ("postgresql", "write"): (
        # At a higher level what is read is as old as the wait for the lock.
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED",
        f"SELECT pg_advisory_xact_lock({WRITE_LOCK})",
    ),
}

_SESSION = {
    "client_encoding": "UTF8",
    "datestyle": "ISO",
    "timezone": "UTC",
    "extra_float_digits": "1",
    # What is asked here takes milliseconds, and to compile the longest of it takes seconds.
    "jit": "off",
}
"""How a PostgreSQL server is to write values and to work, whatever it was set to."""

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_STATES = (
    *_DAMAGED, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_INTERRUPT, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PROTOCOL,
)  # fmt: skip


class UnusableDatabaseError(Exception):
    """The database cannot be served from; the message says why and what to do."""


def create_engine(
    url: str,
    *,
    existing: bool = False,
    foreign_keys: bool = True,
    statement_seconds: float | None = None,
    **options: Any,
) -> sa.Engine:
    """An engine for SQLite or PostgreSQL; an SQLite file is made when missing, with its folder.

    One that must be ``existing`` is not made: where it went, an empty one would be served.
    Foreign keys are off for migrations alone, which copy tables and would delete their children.
    A statement that takes longer than ``statement_seconds`` fails, and its connection lives on.
    """
    # What was asked for is in no exception, and so in no log.
    options |= {"hide_parameters": True, "pool_pre_ping": not url.startswith("sqlite")}
    engine = sa.create_engine(url, **options)
    if statement_seconds:
        deadlines.install(engine, statement_seconds)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _must_exist if existing else _make_folder)
        event.listen(engine, "connect", _noting_file())
        event.listen(engine, "checkout", _require_same_file)
        event.listen(engine, "connect", _prepare_sqlite)
        if not foreign_keys:
            event.listen(engine, "connect", _without_foreign_keys)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    event.listen(engine, "begin", _begin)
    return engine


def _make_folder(_dialect: object, _record: object, arguments: list[Any], _: object) -> None:
    if arguments and arguments[0] != ":memory:":
        Path(arguments[0]).parent.mkdir(parents=True, exist_ok=True)


def _must_exist(
    _dialect: object, _record: object, arguments: list[Any], parameters: dict[str, Any]
) -> None:
    if arguments and arguments[0] != ":memory:" and not parameters.get("uri"):
        arguments[0] = f"file:{quote(arguments[0])}?mode=rw"
        parameters["uri"] = True


def _noting_file() -> Callable[[Any, Any], None]:
    """What notes, with each connection of one engine, the file that its first one opened."""
    first: list[tuple[str, tuple[int, int] | None]] = []

    def note(connection: Any, record: Any) -> None:
        query = "SELECT file FROM pragma_database_list WHERE name='main'"
        path = connection.execute(query).fetchone()
        if path and path[0]:
            if not first:
                first.append((path[0], identity(Path(path[0]))))
            record.info["file"] = first[0]

    return note


def file_of(engine: sa.Engine) -> Path | None:
    """The file of an SQLite database."""
    stored = engine.dialect.name == "sqlite" and engine.url.database not in (None, ":memory:")
    return Path(engine.url.database or "") if stored else None


def identity(path: Path) -> tuple[int, int] | None:
    """What stays the same for as long as a name stands for the same file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _require_same_file(_connection: Any, record: Any, _proxy: object) -> None:
    """Refuse a file that was moved away or replaced: it may be of another time than the others."""
    _require_file(record.info)


def _require_file(info: Mapping[str, Any]) -> None:
    """Refuse what was opened where its name stands for another file by now, or for none."""
    noted = info.get("file")
    if noted and identity(Path(noted[0])) != noted[1]:
        raise UnusableDatabaseError(
            f"The database {noted[0]} is no longer the file that was opened; nothing was changed."
        )


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # The driver would begin transactions late and by itself; `_begin` does it instead.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
    _log_ahead(connection)
    # NORMAL loses acknowledged writes when the power fails.
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA foreign_keys=ON")


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # Servers may be set to write dates, times and numbers in ways that the driver cannot read.
    chosen = ", ".join(f"set_config('{name}', '{to}', false)" for name, to in _SESSION.items())
    connection.autocommit = True
    connection.execute(f"SELECT {chosen}")
    connection.autocommit = False


def _log_ahead(connection: Any) -> None:
    """Switch to write-ahead logging, also when another process does so at this moment."""
    deadline = time.monotonic() + BUSY_MILLISECONDS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            # SQLite does not wait here, whatever its busy_timeout.
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _without_foreign_keys(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA foreign_keys=OFF")


def _begin(connection: sa.Connection) -> None:
    access = connection.get_execution_options().get("access", "read")
    for statement in _BEGIN[connection.dialect.name, access]:
        connection.exec_driver_sql(statement)


@contextmanager
def read(engine: sa.Engine) -> Iterator[Session]:
    """A session that sees one state of the database throughout, and cannot write."""
    with engine.connect() as connection, Session(connection) as session:
        yield session


@contextmanager
def write(engine: sa.Engine) -> Iterator[Session]:
    """A session that holds the one write lock, and commits when the block ends without an error.

    When any row was inserted, updated or deleted, the data revision grows by one in the same
    transaction. An update that sets equal values counts as a change: leave it out.
    """
    with engine.connect() as connection:
        connection.execution_options(access="write")
        with connection.begin():
            before = _changes(connection)
            with Session(connection) as session:
                yield session
                session.flush()
            if _changes(connection) != before:
                connection.execute(update(Instance).values(revision=col(Instance.revision) + 1))
            # Nobody would find again what is committed to a file that was moved away.
            _require_file(connection.info)


def _changes(connection: sa.Connection) -> Any:
    """A value that differs after any row was changed on this connection's transaction."""
    if connection.dialect.name == "sqlite":
        driver: Any = connection.connection.driver_connection
        return driver.total_changes
    return connection.exec_driver_sql("SELECT pg_current_xact_id_if_assigned()").scalar()


def revision(at: Session | sa.Connection) -> int:
    """The data revision: it grows with every committed change, whichever process made it."""
    return int(at.scalar(select(Instance.revision)) or 0)


def state(session: Session) -> str:
    """The data revision together with what tells this database from any other one."""
    row = session.exec(select(Instance.revision, Instance.secret)).one()
    return f"{row[0]} {hashlib.sha256(row[1].encode()).hexdigest()}"


def analyze(engine: sa.Engine) -> None:
    """Renew the statistics from which the database plans queries; no change of data."""
    with engine.connect() as connection:
        connection.execution_options(access="write")
        with connection.begin():
            connection.exec_driver_sql("ANALYZE")


def check(engine: sa.Engine) -> None:
    """Refuse an SQLite file that is damaged or is none.

    Raises:
        UnusableDatabaseError: with the file and what was found.
    """
    if engine.dialect.name != "sqlite":
        return
    try:
        with engine.connect() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar()
    except sa.exc.DatabaseError as error:
        found = str(error.orig)
    if found != "ok":
        raise UnusableDatabaseError(
            f"The database {engine.url.database} cannot be used: {found}. "
            "Restore it from a backup, or name another one in DATABASE_URL."
        )


def is_unavailable(error: sa.exc.DBAPIError) -> bool:
    """Whether ``error`` is the database's state and not a fault of the program."""
    if isinstance(error.orig, sqlite3.Error):
        # It calls a mistake in a statement an operational error as well.
        return _code(error.orig) in _STATES
    return isinstance(error, sa.exc.OperationalError | sa.exc.InterfaceError)


def is_damaged(raised: BaseException | None) -> bool:
    """Whether SQLite found its file to be broken, or to be none of its own."""
    return _code(raised) in _DAMAGED


def _code(raised: BaseException | None) -> int:
    """SQLite's primary result code; 0 of what is none of its errors."""
    return getattr(raised, "sqlite_errorcode", 0) & 0xFF
