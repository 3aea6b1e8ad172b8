"""The same answer to the same question on every database, and the one that plain Python gives."""

import csv
import hashlib
import io
import json
import os
import random
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from conftest import SqliteFiles, client_of, disposing, service
from postgres import GIVEN, PostgresDatabases, server
from questions import BY_NAME, Asker, Base, Question
from reading import Json, local, world_of
from sqlalchemy.dialects import postgresql
from sqlmodel import SQLModel, col, select
from strange import strange
from test_hostile import TEXTS, parameters
from wire import Answer, Wire, wired

from app.db import create_engine, read, write
from app.migrate import migrate
from app.models import Instance, Record, SearchDocument
from app.query.resource import Resource
from app.resources import RESOURCES
from seeds.load import seed

# Their databases are made once where one process has all of them.
pytestmark = pytest.mark.xdist_group("differential")

QUESTIONS = int(os.environ.get("QUESTIONS", "360"))
"""How many are asked: more by `make differential`."""
BATCHES = 12
EACH = 40
SECRET = "0" * 64


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The addresses of databases of every kind with the same strange records."""
    if server() is None:
        pytest.skip(f"no PostgreSQL: install it, or name a server in {GIVEN}")
    folder = tmp_path_factory.mktemp("differential")
    bundles = strange(folder / "bundles", 1, EACH)
    found = [SqliteFiles(folder).new(), PostgresDatabases(folder).unlike()]
    for url in found:
        migrate(url)
        with disposing(create_engine(url)) as engine:
            seed(engine, bundles)
            equalise(engine)
    return found


def equalise(engine: sa.Engine) -> None:
    """Give records times with ties, and the database the secret of the others."""
    with write(engine) as session:
        session.execute(sa.update(Instance).values(secret=SECRET))
        for id in session.exec(select(Record.id)).all():
            days = hashlib.sha256(id.encode()).digest()[0] % 7
            at = datetime(2026, 1, 1, 23, 30, tzinfo=UTC) + timedelta(days=days, microseconds=days)
            told = {"created_at": at, "updated_at": at + timedelta(hours=days % 3)}
            session.execute(sa.update(Record).where(col(Record.id) == id).values(told))


@pytest.fixture(scope="module")
def wires(urls: list[str]) -> Iterator[list[Wire]]:
    """A connection to the service on each of them."""
    with wired(service(urls[0])) as one, wired(service(urls[1])) as other:
        yield [one, other]


@pytest.fixture(scope="module")
def base(urls: list[str]) -> Base:
    """All that is known."""
    with client_of(service(urls[0])) as client:
        return Base(world_of(client), world_of(client, basis="source"), documents(urls[0]))


def documents(url: str) -> dict[str, tuple[str, dict[str, set[str]]]]:
    columns = ("source_names", "reference_names", "source_text", "reference_text")
    query = select(Record.collection, SearchDocument).join(
        SearchDocument, col(SearchDocument.record_id) == Record.id
    )
    with disposing(create_engine(url)) as engine, read(engine) as session:
        return {
            one.record_id: (of, {name: {*getattr(one, name).split(" ")} for name in columns})
            for of, one in session.exec(query)
        }


@pytest.fixture(scope="module")
def asker(base: Base) -> Asker:
    return Asker(base, 1)


def test_the_same_bundles_are_the_same_rows(urls: list[str]) -> None:
    assert rows(urls[0]) == rows(urls[1])


def rows(url: str) -> dict[str, list[str]]:
    with disposing(create_engine(url)) as engine, read(engine) as session:
        return {
            table.name: sorted(repr(tuple(row)) for row in session.execute(sa.select(*columns)))
            for table in SQLModel.metadata.sorted_tables
            for columns in [table.c]
        }


def test_what_is_sorted_says_that_it_is_sorted_by_code_point() -> None:
    """Where a server does not know how people sort, nothing else here would notice."""
    sorted_by = [column for one in RESOURCES for key in one.all_sorts.values() for column in key]
    counted = [one.values.value for each in RESOURCES for one in each.facets.values()]
    keys = [column for one in SQLModel.metadata.sorted_tables for column in one.primary_key]
    for column in [*sorted_by, *counted, *keys]:
        kind = column.type.dialect_impl(postgresql.dialect())  # type: ignore[no-untyped-call]
        if isinstance(kind, sa.String) and not isinstance(column.type, sa.Enum):
            assert kind.collation == "C", column


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_database_answers_as_plain_python_does(
    wires: list[Wire], base: Base, batch: int
) -> None:
    asker = Asker(base, batch)
    told = 0
    for _ in range(QUESTIONS // BATCHES):
        question = asker.question()
        told += check(wires, question)
    assert told > 0


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_every_database_tells_all_of_everything(wires: list[Wire], resource: Resource) -> None:
    asked = [f"/facets?facet={','.join(resource.facets)}"]
    asked += [f"?limit=200&include={','.join(resource.includes)}"] * bool(resource.includes)
    for target in asked:
        for manner in ("", "&basis=source"):
            assert same(wires, f"/v1/{resource.name}{target}{manner}").status == 200


@pytest.mark.parametrize("form", ["json", "csv", "graphml", "gexf"])
def test_every_database_draws_the_same_graph(wires: list[Wire], base: Base, form: str) -> None:
    country = min(one["slug"] for one in base.every["countries"].values())
    for asked in ("", "nodes=participants&lang=ja", f"around={country}&depth=2", "basis=source"):
        assert same(wires, f"/v1/graph?{asked}&format={form}").status == 200


@pytest.mark.parametrize("kind", TEXTS)
def test_every_database_refuses_the_same(wires: list[Wire], kind: str) -> None:
    hostile = TEXTS[kind]
    chance = random.Random(kind)  # noqa: S311
    everywhere = [f"{address}{name}=" for name, address in parameters().items()]
    asked = chance.sample(everywhere, min(len(everywhere), QUESTIONS // 80))
    asked += [f"/v1/search?q={each}" for each in ("", "a%20")]
    asked += [f"/v1/{name}?names_by=" for name in BY_NAME][:2]
    asked += ["/v1/meetings/", "/v1/meetings/facets?facet=level&country=!"]
    for target in asked:
        assert same(wires, target + hostile).status < 500, target


def check(wires: Sequence[Wire], question: Question) -> int:
    """Ask page after page; tell how many records were answered."""
    found: list[str] = []
    cursor = None
    while True:
        target = question.target(cursor)
        answer = same(wires, target)
        if answer.status != 200:
            assert question.expected is None, target
            assert not question.counts or "/facets" not in question.path, target
            return 0
        if question.counts:
            check_counts(question, answer)
        if question.path.endswith("/pivot"):
            check_row(wires, answer.json()["rows"])
        if question.path.count("/") > 2:
            return 1
        found += ids(answer)
        cursor = following(answer)
        if cursor is None:
            break
    listed = found if question.ordered else sorted(found)
    assert question.expected is None or listed == question.expected, question
    return len(found)


def same(wires: Sequence[Wire], target: str) -> Answer:
    """The one answer of all databases, byte for byte."""
    one, *others = (wire.ask(target, [("X-Request-ID", "same")]) for wire in wires)
    for other in others:
        assert (other.status, other.body) == (one.status, one.body), target
        assert other.headers == one.headers, target
    return one


def ids(answer: Answer) -> list[str]:
    """The ids of the records in an answer, whatever its form."""
    kind = answer.headers["content-type"]
    if kind.startswith("text/csv"):
        return [row["id"] for row in csv.DictReader(io.StringIO(answer.text, newline=""))]
    if kind == "application/x-ndjson":
        # Not `splitlines`: line separators may stand in texts.
        return [json.loads(line)["id"] for line in answer.body.split(b"\n") if line]
    told = answer.json()
    return [one["id"] for one in told["features" if kind == "application/geo+json" else "items"]]


def following(answer: Answer) -> str | None:
    """The cursor of the next page."""
    found = re.search(r'<([^>]*)>; rel="next"', answer.headers.get("link", ""))
    return parse_qs(urlsplit(found[1]).query)["cursor"][0] if found else None


def check_row(wires: Sequence[Wire], rows: Sequence[Json]) -> None:
    """Whether the list behind one of the rows of a pivot is as long as it says."""
    for row in rows[len(rows) // 2 :][:1]:
        joint = "&" if "?" in row["url"] else "?"
        listed = same(wires, f"{local(row['url'])}{joint}limit=1&with_total=true")
        assert listed.json()["total"] == row["count"], row


def check_counts(question: Question, answer: Answer) -> None:
    told = answer.json()
    for name, expected in question.counts.items():
        if name == "counts":
            assert told["counts"] == expected, question
            continue
        rows: list[Json] = told["facets"][name]
        assert {row["value"]: row["count"] for row in rows} == expected, question
        assert [row["count"] for row in rows] == sorted(expected.values(), reverse=True), question
