"""Workers that start on an empty database together, and writers that wait for one another."""

import os
import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from conftest import Databases, disposing
from processes import COMMUNIQUE, Process, Reply, everything, launched, request, until
from schemas import query, schema, tables
from sqlmodel import Session, select

from app.db import create_engine, write
from app.models import Basis, Bundle

TIMES = int(os.environ.get("STARTS", "1"))
"""How often they start: more by `make torture`."""


@pytest.mark.parametrize("_time", range(TIMES))
def test_two_workers_start_on_an_empty_database(
    databases: Databases, seeded: str, tmp_path: Path, _time: int
) -> None:
    url = databases.new()
    with starting(tmp_path, url, 2) as workers:
        assert {answer(worker, "/readyz").status for worker in workers} == {200}
        first, second = (answer(worker, "/v1/meetings?limit=200") for worker in workers)
        assert (first.status, second.status) == (200, 200)
        assert first.body == second.body
        created = [
            re.findall(r"Seed: (\d+) records created", worker.stdout()) for worker in workers
        ]
        assert min(int(one) for (one,) in created) == 0
        for worker in workers:
            assert worker.stop() == 0
    assert schema(url) == schema(seeded)
    assert numbers(url) == numbers(seeded)
    assert query(url, "SELECT revision FROM instance") == [(1,)]


def numbers(url: str) -> dict[str, int]:
    """How many rows each table has."""
    return {name: len(rows) for name, (_, rows) in tables(url).items()}


@contextmanager
def starting(folder: Path, url: str, number: int) -> Iterator[list[Process]]:
    """Servers that migrate and seed, started together."""
    command = [*COMMUNIQUE, "--migrate", "--seed"]
    with ExitStack() as stack:
        folders = [folder / str(each) for each in range(number)]
        begun = [stack.enter_context(launched(each, url, command)) for each in folders]
        yield [Process(*each) for each in zip(begun, folders, strict=True)]


def answer(worker: Process, path: str) -> Reply:
    with worker.connect() as connection:
        connection.sendall(request(path, "Connection: close"))
        return Reply(everything(connection))


@pytest.mark.parametrize("level", ["read committed", "repeatable read", "serializable"])
def test_writers_see_what_was_written_while_they_waited(
    databases: Databases, migrated: str, level: str
) -> None:
    url = databases.copy(migrated)
    if not url.startswith("sqlite"):
        name = sa.make_url(url).database
        execute(url, f"ALTER DATABASE {name} SET default_transaction_isolation TO '{level}'")
    with disposing(create_engine(url)) as engine, ThreadPoolExecutor(3) as threads:
        with write(engine) as session:
            add(session, "first")
            others = [threads.submit(_add_another, engine, name) for name in ("one", "two")]
            until(lambda: all(other.running() for other in others))
            time.sleep(0.1)
        assert sorted(other.result(30) for other in others) == [1, 2]
    assert query(url, "SELECT revision FROM instance") == [(3,)]


def _add_another(engine: sa.Engine, name: str) -> int:
    """Add a bundle, and tell how many there were."""
    with write(engine) as session:
        before = len(session.exec(select(Bundle)).all())
        add(session, name)
        return before


def add(session: Session, name: str) -> None:
    session.add(Bundle(name=name, basis=Basis.source, sha256="0"))
    session.flush()


def execute(url: str, statement: str) -> None:
    with disposing(create_engine(url)) as engine, engine.connect() as connection:
        connection.execution_options(access="write")
        with connection.begin():
            connection.exec_driver_sql(statement)
