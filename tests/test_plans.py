"""How SQLite answers each filter: from an index, and never by reading a whole table for a few rows.

What EXPLAIN QUERY PLAN says of every statement behind a list is held to three rules:

- A value that few records have (a reference, a number, a word, a pair) leads to them: no table and
  no index is read from end to end. The distinct values of an open vocabulary are read from an
  index that holds nothing else.
- A value that many have (an enumeration, yes or no, a count, a span of days) may be looked for
  along an index in the order of the page, which ends as soon as the page is full; never without
  one. What sources say differently is read from an index that holds no more than whose it is.
- What leaves out a few records, or asks whether anything is known, has most of the collection for
  an answer: its own rows may be read and sorted, but no table of links without an index.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import Databases, client_of, disposing, on_sqlite, service
from generated import generate
from oracle import has
from reading import Json, read
from sqlalchemy import event
from sqlmodel import SQLModel
from starlette.testclient import TestClient

from app.db import create_engine
from app.query.filters import (
    AtLeast,
    Between,
    Choice,
    Discrete,
    Filter,
    FullText,
    Identity,
    Known,
    Presence,
    Span,
    YesNo,
)
from app.query.resource import Resource
from app.resources import RESOURCES

SCAN = re.compile(r"^SCAN (?P<table>\w+?)(?:_\d+)?(?: USING (?P<index>(?:COVERING )?INDEX \w+))?$")
"""A table that is read from end to end, maybe under an alias, along an index if any."""

SELECTIVE: tuple[Json, ...] = ({}, {"sort": "-name,slug"}, {"basis": "source"})
"""With what else a filter is tried."""


@pytest.fixture(scope="module")
def crowd(databases: Databases, migrated: str) -> Iterator[TestClient]:
    url = databases.copy(migrated)
    with disposing(create_engine(url)) as engine:
        # With fewer records reading all of them is no mistake.
        generate(engine, 1000)
    with client_of(service(url)) as client:
        yield client


def each(wanted: Callable[[Filter], bool]) -> pytest.MarkDecorator:
    """One test for each filter of a kind."""
    found = [
        pytest.param(one, name, id=f"{one.name}-{name}")
        for one in RESOURCES
        for name, of in one.all_filters.items()
        if wanted(of)
    ]
    return pytest.mark.parametrize(("resource", "name"), found)


def is_common(one: Filter) -> bool:
    """Whether many records have each of a filter's values."""
    return isinstance(one, Choice | YesNo)


@on_sqlite
@each(lambda one: isinstance(one, Discrete) and not is_common(one))
def test_what_few_records_have_leads_to_them(
    crowd: TestClient, resource: Resource, name: str
) -> None:
    value = example(crowd, resource, name)
    for more in SELECTIVE:
        for table, index in scans(crowd, resource, {name: value, **more}):
            assert isinstance(resource.all_filters[name], Known), (table, index, more)
            assert index is not None, table


@on_sqlite
@each(lambda one: isinstance(one, Between | FullText))
def test_pairs_and_words_lead_to_what_has_them(
    crowd: TestClient, resource: Resource, name: str
) -> None:
    words = isinstance(resource.all_filters[name], FullText)
    one = resource.all_filters[name]
    to = one.to.collection if isinstance(one, Between) else "countries"
    pair = [record["slug"] for record in some(crowd, to)[:2]]
    for more in SELECTIVE:
        asked = {name: "word7" if words else ",".join(pair), **more}
        assert list(scans(crowd, resource, asked)) == []


@on_sqlite
def test_the_evidence_of_a_record_is_found_by_it(crowd: TestClient) -> None:
    resource = next(one for one in RESOURCES if one.name == "evidence")
    record = some(crowd, "evidence")[0]["record"]
    slug = {"record": record["slug"], "collection": record["collection"]}
    for asked in ({"record": record["id"]}, slug):
        assert list(scans(crowd, resource, asked)) == []


@on_sqlite
@each(is_common)
def test_what_many_records_have_is_looked_for_along_an_index(
    crowd: TestClient, resource: Resource, name: str
) -> None:
    value = example(crowd, resource, name)
    for more in ({}, {"sort": "-name,slug"}):
        found = scans(crowd, resource, {name: value, **more})
        assert [table for table, index in found if index is None] == []


@on_sqlite
@each(lambda one: isinstance(one, AtLeast))
def test_a_count_is_looked_for_along_an_index(
    crowd: TestClient, resource: Resource, name: str
) -> None:
    for number in (1, 2, 3, 9):
        for more in SELECTIVE:
            found = scans(crowd, resource, {name: number, **more})
            assert [table for table, index in found if index is None] == []


@on_sqlite
@each(lambda one: isinstance(one, Presence) and one.field == "contradictions")
def test_what_contradicts_leads_to_it(crowd: TestClient, resource: Resource, name: str) -> None:
    assert some(crowd, resource.name, **{name: "true"})
    for more in SELECTIVE:
        found = set(scans(crowd, resource, {name: "true", **more}))
        assert found <= {("contradiction", "COVERING INDEX sqlite_autoindex_contradiction_1")}


@on_sqlite
@each(lambda one: isinstance(one, Span))
def test_a_span_of_days_is_looked_for_along_an_index(
    crowd: TestClient, resource: Resource, name: str
) -> None:
    spans = (
        {f"{name}_from": "2005-03", f"{name}_to": "2005-04"},
        {f"{name}_from": "2009-11"},
        {f"{name}_to": "2000-02"},
    )
    for span in spans:
        for more in SELECTIVE:
            found = scans(crowd, resource, {**span, **more})
            assert [table for table, index in found if index is None] == []


@on_sqlite
@each(lambda one: isinstance(one, Discrete))
def test_what_is_left_out_costs_no_table_of_links(
    crowd: TestClient, resource: Resource, name: str
) -> None:
    asked = []
    if not isinstance(resource.all_filters[name], YesNo):
        asked.append({name: f"!{example(crowd, resource, name)}"})
    if has(resource, name):
        asked += [{f"has_{name}": "true"}, {f"has_{name}": "false"}]
    own = {resource.table.__tablename__, "record"}
    for each in asked:
        found = scans(crowd, resource, each)
        assert {table for table, index in found if index is None} <= own


@on_sqlite
@pytest.mark.parametrize("by", ["kind", "speaker", "topic", "topic,stance"])
def test_records_are_counted_in_one_pass_over_indexes(crowd: TestClient, by: str) -> None:
    engine: sa.Engine = crowd.app.state.engine  # type: ignore[attr-defined]
    with watching(engine) as seen:
        read(crowd, "/v1/statements/pivot", by=by, zeros="false")
    counting = [(sql, values) for sql, values in seen if "statement" in sql]
    assert len(counting) == (3 if by == "speaker" else 2)
    steps = [*explained(engine, counting)]
    assert steps
    assert not [step for step in steps if re.search("TEMP B-TREE|AUTOMATIC|MATERIALIZE", step)]
    tables = SQLModel.metadata.tables.keys()
    matches = [match for match in map(SCAN.match, steps) if match and match["table"] in tables]
    assert matches
    assert all((match["index"] or "").startswith("COVERING") for match in matches)


def example(client: TestClient, resource: Resource, name: str) -> str:
    """A value that some records have."""
    if isinstance(resource.all_filters[name], Identity):
        return str(some(client, resource.name)[0]["slug"])
    return examples(client, resource.name, name)


@cache
def examples(client: TestClient, collection: str, name: str) -> str:
    answer = read(client, f"/v1/{collection}/facets", facet=name)
    return str(answer["facets"][name][-1]["value"])


def some(client: TestClient, collection: str, **asked: Any) -> list[Json]:
    """A few records."""
    items: list[Json] = read(client, f"/v1/{collection}", sort="id", limit=5, **asked)["items"]
    return items


def scans(client: TestClient, resource: Resource, asked: Json) -> Iterator[tuple[str, str | None]]:
    """The tables that a list reads from end to end, each with the index that it follows.

    Subqueries and lists of values are no tables, and one row of the instance is not many.
    """
    tables = SQLModel.metadata.tables.keys() - {"instance"}
    for step in plan(client, f"/v1/{resource.name}", asked):
        match = SCAN.match(step)
        if match and match["table"] in tables:
            yield match["table"], match["index"]


def plan(client: TestClient, path: str, asked: Json) -> Iterator[str]:
    """How the database answers all that the service asks of it for one request."""
    engine: sa.Engine = client.app.state.engine  # type: ignore[attr-defined]
    with watching(engine) as seen:
        read(client, path, limit=2, **asked)
    assert seen
    yield from explained(engine, seen)


def explained(engine: sa.Engine, seen: Iterable[tuple[str, Any]]) -> Iterator[str]:
    """How SQLite goes about each of some statements."""
    with engine.connect() as connection:
        for statement, values in seen:
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
            yield from (row[3] for row in rows)


@contextmanager
def watching(engine: sa.Engine) -> Iterator[list[tuple[str, Any]]]:
    """What is asked of a database for as long as the block lasts."""
    seen: list[tuple[str, Any]] = []

    def note(_: object, _cursor: object, statement: str, values: Any, *_more: object) -> None:
        if statement.startswith("SELECT"):
            seen.append((statement, values))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_a_scan_is_recognized() -> None:
    """Else the tests above could not fail."""
    told = {
        "SCAN meeting": ("meeting", None),
        "SCAN meeting_series_1": ("meeting_series", None),
        "SCAN record USING INDEX ix_a_b": ("record", "INDEX ix_a_b"),
        "SCAN record USING COVERING INDEX ix_a": ("record", "COVERING INDEX ix_a"),
    }
    for step, expected in told.items():
        match = SCAN.match(step)
        assert match
        assert (match["table"], match["index"]) == expected
    assert not SCAN.match("SEARCH meeting USING INDEX ix_a (id=?)")
    assert not SCAN.match("SCAN (subquery-1)")
