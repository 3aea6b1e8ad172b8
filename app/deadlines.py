"""A time after which the database gives up on a statement."""

import time
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

# SQLite does about a millisecond's work between two looks at the clock.
STEPS = 20_000
CONNECT_SECONDS = 5


def install(engine: sa.Engine, seconds: float) -> None:
    """Let every statement of ``engine`` fail with an OperationalError after ``seconds``."""
    if engine.dialect.name == "sqlite":
        _watch_clock(engine, seconds)
    else:
        _tell_server(engine, seconds)


def _watch_clock(engine: sa.Engine, seconds: float) -> None:
    @event.listens_for(engine, "connect")
    def watch(connection: Any, record: Any) -> None:
        info = record.info
        info["deadline"] = float("inf")
        connection.set_progress_handler(lambda: time.monotonic() > info["deadline"], STEPS)

    @event.listens_for(engine, "before_cursor_execute")
    def set_off(connection: sa.Connection, *_: object) -> None:
        connection.info["deadline"] = time.monotonic() + seconds

    @event.listens_for(engine, "reset")
    def clear(_connection: object, record: Any, _state: object) -> None:
        # A rollback is no statement of anybody's, and must not be interrupted.
        record.info["deadline"] = float("inf")


def _tell_server(engine: sa.Engine, seconds: float) -> None:
    @event.listens_for(engine, "do_connect")
    def bound(_dialect: object, _record: object, _: object, parameters: dict[str, Any]) -> None:
        parameters.setdefault("connect_timeout", CONNECT_SECONDS)

    @event.listens_for(engine, "connect")
    def tell(connection: Any, _record: object) -> None:
        with connection.cursor() as cursor:
            cursor.execute(f"SET statement_timeout = {int(seconds * 1000)}")
        connection.commit()
