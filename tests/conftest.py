"""What tests share: seeded databases, and the service on them."""

import gc
import sqlite3
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Protocol

import pytest
import sqlalchemy as sa
from declared import Schemas
from fastapi import FastAPI
from generated import generate
from postgres import GIVEN, PostgresDatabases, server
from reading import PUBLIC_URL, World, read, world_of
from starlette.testclient import TestClient
from wire import Client

from app.db import create_engine
from app.main import create_app
from app.migrate import migrate
from app.settings import Settings
from seeds.load import seed


class Databases(Protocol):
    """Where tests get databases from. Whatever stores them, tests see addresses alone."""

    def new(self) -> str:
        """The address of a database that holds nothing."""

    def copy(self, url: str) -> str:
        """The address of a new database with the content of another one."""


class SqliteFiles:
    """Databases in a folder."""

    def __init__(self, folder: Path) -> None:
        self._names = (folder / f"{number}.db" for number in count(1))

    def new(self) -> str:
        return f"sqlite:///{next(self._names)}"

    def copy(self, url: str) -> str:
        copied = self.new()
        here, there = (sqlite3.connect(each.removeprefix("sqlite:///")) for each in (url, copied))
        here.backup(there)
        here.close()
        there.close()
        return copied


BACKENDS: dict[str, Callable[[Path], Databases]] = {
    "sqlite": SqliteFiles,
    "postgresql": PostgresDatabases,
}
"""Every test that takes a database runs on each of these."""

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True, scope="session")
"""Lets a test run once: what it asks of a database is the same on all, or is SQLite's own."""


def pytest_sessionstart() -> None:
    """Look for garbage less often: what is imported stays, and looking through it takes long."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where tests run in several processes, let few of them make the same databases.

    One process has the server and all its databases; files are made sooner, and any process may
    have the tests of a module.
    """
    for item in items:
        backend = getattr(item, "callspec", None) and item.callspec.params.get("databases")  # type: ignore[attr-defined]
        if backend:
            group = backend if backend == "postgresql" else f"{backend} {_together(item)}"
            item.add_marker(pytest.mark.xdist_group(group))


def _together(item: pytest.Item) -> str:
    """What is run by one process: a module or, where it says so, each of its tests apart."""
    module = getattr(item, "module", None)
    apart = getattr(module, "EACH_APART", False)
    return f"{item.path.stem} {getattr(item, 'originalname', '')}" if apart else item.path.stem


@pytest.fixture(scope="session", params=BACKENDS)
def databases(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Databases:
    if request.param == "postgresql" and server() is None:
        pytest.skip(f"no PostgreSQL: install it, or name a server in {GIVEN}")
    return BACKENDS[request.param](tmp_path_factory.mktemp("databases"))


@pytest.fixture(scope="session")
def migrated(databases: Databases) -> str:
    """The address of a migrated database that holds nothing, to take copies of."""
    url = databases.new()
    migrate(url)
    return url


@pytest.fixture(scope="session")
def seeded(databases: Databases, migrated: str) -> str:
    """The address of a migrated database with the bundles that come with the program.

    Never written to: a test that writes takes a copy of it.
    """
    url = databases.copy(migrated)
    with disposing(create_engine(url)) as engine:
        seed(engine)
    return url


@pytest.fixture(scope="session")
def crowded(databases: Databases, migrated: str) -> str:
    """The address of a migrated database with made-up records, several pages of each collection."""
    url = databases.copy(migrated)
    with disposing(create_engine(url)) as engine:
        generate(engine, 400)
    return url


@pytest.fixture
def copied(databases: Databases, seeded: str) -> str:
    """The address of a copy of the seeded database, for a test that writes."""
    return databases.copy(seeded)


@pytest.fixture(scope="session")
def engine(seeded: str) -> Iterator[sa.Engine]:
    """The seeded database, to read."""
    with disposing(create_engine(seeded)) as engine:
        yield engine


@pytest.fixture(scope="session")
def app(seeded: str) -> Iterator[FastAPI]:
    """The service on the seeded database."""
    app = service(seeded)
    yield app
    app.state.engine.dispose()


@pytest.fixture(scope="session")
def client(app: FastAPI) -> Iterator[TestClient]:
    """A client of the service on the seeded database."""
    with client_of(app) as client:
        yield client


@pytest.fixture(scope="session")
def schemas(client: TestClient) -> Schemas:
    """What the answers must be like."""
    return Schemas(read(client, "/openapi.json"))


@pytest.fixture(scope="session")
def world(client: TestClient) -> World:
    """Every record of every collection, as the API tells it."""
    return world_of(client)


@pytest.fixture(scope="session")
def stated_world(client: TestClient) -> World:
    """The same without reference knowledge."""
    return world_of(client, basis="source")


@pytest.fixture(scope="session")
def crowd(crowded: str) -> Iterator[TestClient]:
    """A client of the service on the database with made-up records."""
    app = service(crowded)
    with client_of(app) as client:
        yield client
    app.state.engine.dispose()


@pytest.fixture(scope="session")
def everyone(crowd: TestClient) -> World:
    """Every made-up record."""
    return world_of(crowd)


def service(url: str) -> FastAPI:
    """The service on a database."""
    return create_app(Settings(database_url=url, public_url=PUBLIC_URL))


def client_of(app: FastAPI) -> TestClient:
    """A client that sees a fault of the service as its callers do."""
    return Client(app)


class disposing:  # noqa: N801
    """An engine that lets go of its database at the end."""

    def __init__(self, engine: sa.Engine) -> None:
        self._engine = engine

    def __enter__(self) -> sa.Engine:
        return self._engine

    def __exit__(self, *_: object) -> None:
        self._engine.dispose()
