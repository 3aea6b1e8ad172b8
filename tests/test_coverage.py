"""Coverage: nothing found is told from not covered, and every number is that of plain Python."""

from collections.abc import Iterable
from itertools import product
from typing import Any

import pytest
from conftest import client_of, on_sqlite, service
from oracle import by_value
from reading import Json, World, read, refused
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import write
from app.models import Meeting
from app.resources import RESOURCES

BY_NAME = {one.name: one for one in RESOURCES}


def rows(client: TestClient, **asked: str) -> dict[tuple[str | None, str], Json]:
    """The rows by what they are of."""
    answer = read(client, "/v1/coverage", **asked)
    return {
        (row["key"] and (row["key"]["value"] or "not known"), row["collection"]): row
        for row in answer["rows"]
    }


@on_sqlite
def test_what_is_not_covered_has_a_row(client: TestClient) -> None:
    told = rows(client, by="country", collection="statements,silences")
    assert {key: row["count"] for key, row in told.items() if key[0] in ("chn", "prk", "usa")} == {
        ("chn", "statements"): 5, ("chn", "silences"): 1,
        ("prk", "statements"): 0, ("prk", "silences"): 0,
        ("usa", "statements"): 0, ("usa", "silences"): 0,
    }  # fmt: skip
    assert told["prk", "statements"]["first_recorded_at"] is None
    about = rows(client, by="about", collection="silences", zeros="false")
    assert {key[0] for key in about} == {"prk", "rus", "ukr"}


@on_sqlite
def test_what_is_dated_by_reference_alone_is_undated_to_sources(client: TestClient) -> None:
    told, stated = rows(client), rows(client, basis="source")
    assert told[None, "meetings"]["date_latest"] == "2025-03-22"
    assert told[None, "meetings"]["undated_count"] == 1
    assert stated[None, "meetings"]["date_latest"] == "2023-12-31"
    assert stated[None, "meetings"]["undated_count"] == 2
    assert told[None, "incidents"]["undated_count"] == told[None, "incidents"]["count"] == 1
    assert told[None, "disputes"]["undated_count"] is None


@on_sqlite
def test_no_year_is_missing_between_the_first_and_the_last(client: TestClient) -> None:
    told = rows(client, by="year", collection="meetings")
    assert {key[0]: row["count"] for key, row in told.items()} == {
        "2023": 1, "2024": 0, "2025": 1, "not known": 1,
    }  # fmt: skip
    # What no source dates is in no year, and is not lost.
    stated = rows(client, by="year", collection="meetings,statements", basis="source")
    assert stated["not known", "meetings"]["count"] == 2
    assert stated["not known", "statements"]["count"] == 10


@on_sqlite
def test_what_has_no_country_is_told_as_well(client: TestClient) -> None:
    told = rows(client, by="country", collection="proposals", zeros="false")
    assert {key[0]: row["count"] for key, row in told.items()} == {"chn": 4, "not known": 5}


@on_sqlite
def test_what_all_collections_can_be_asked_narrows_it(client: TestClient) -> None:
    told = rows(client, strength="inference", zeros="false")
    assert {key[1] for key in told} == {"assessments", "proposals"}
    assert all("strength=inference" in row["url"] for row in told.values())
    assert rows(client, sources_min="2", zeros="false") == {}


def test_a_date_without_an_end_has_no_last_day(copied: str) -> None:
    app = service(copied)
    with client_of(app) as client:
        with write(app.state.engine) as session:
            meeting = session.exec(select(Meeting).where(Meeting.date_edtf == "2023")).one()
            meeting.date_latest = None
        told = rows(client)[None, "meetings"]
        assert (told["date_earliest"], told["date_latest"]) == ("2023-01-01", None)


@on_sqlite
def test_a_source_tells_what_it_carries(client: TestClient, world: World) -> None:
    told = rows(client, by="source", zeros="false")
    carried = {one["record"]["id"] for one in world["evidence"].values()}
    expected = {
        (slug, name): len(carried & {*world[name]})
        for slug, name in product(
            ("trilateral-talks-in-tokyo", "not known"), (one.name for one in RESOURCES)
        )
    }
    for one in RESOURCES:
        if one.is_carried:
            expected["not known", one.name] = len({*world[one.name]} - carried)
    expected["trilateral-talks-in-tokyo", "evidence"] = len(world["evidence"])
    assert {key: row["count"] for key, row in told.items()} == {
        key: count for key, count in expected.items() if count
    }
    [row] = rows(client, by="source", collection="silences", country="chn", zeros="false").values()
    assert (row["count"], row["undated_count"]) == (1, 0)


@on_sqlite
@pytest.mark.parametrize("by", ["country", "topic", "year"])
@pytest.mark.parametrize("collection", ["statements", "meetings"])
def test_a_crowd_is_counted_as_plain_python_counts(
    crowd: TestClient, everyone: World, by: str, collection: str
) -> None:
    records = everyone[collection]
    expected = by_value(everyone, BY_NAME[collection], by)
    told = rows(crowd, by=by, collection=collection)
    assert {key[0] for key in told} >= set(expected)
    for (value, _), row in told.items():
        found = [records[id] for id in expected.get(str(value), ())]
        if value == "not known":
            having = set().union(*expected.values())
            found = [one for id, one in records.items() if id not in having]
        assert row["count"] == len(found)
        dated = [one for one in found if one["date_earliest"] or one["date_latest"]]
        for end, outermost in (("date_earliest", least), ("date_latest", most)):
            bounds = [one[end] for one in dated]
            assert row[end] == (None if None in bounds else outermost(bounds))
        assert row["first_recorded_at"] == least(one["created_at"] for one in found)
        undated = [one for one in found if one["date_earliest"] is one["date_latest"] is None]
        assert row["undated_count"] == len(undated)


def least(values: Iterable[Any]) -> Any:
    return min(values, default=None)


def most(values: Iterable[Any]) -> Any:
    return max(values, default=None)


@on_sqlite
def test_what_cannot_be_told_is_refused(client: TestClient) -> None:
    for query, parameter in (("by=town", "by"), ("collection=metings", "collection")):
        fault = refused(client, f"/v1/coverage?{query}")["errors"][0]
        assert (fault["parameter"], fault["code"]) == (parameter, "unknown_value")
    for query in ("by=country&collection=sources", "by=source&collection=countries"):
        fault = refused(client, f"/v1/coverage?{query}")["errors"][0]
        assert (fault["parameter"], fault["code"]) == ("collection", "unsuitable_parameter")


@on_sqlite
def test_a_collection_that_lacks_a_filter_is_left_out_and_says_so(client: TestClient) -> None:
    answer = read(client, "/v1/coverage", date_from="2025", topic="trade")
    assert [one["collection"] for one in answer["left_out"]] == [
        "series", "participants", "countries", "disputes", "proposals", "relations",
        "assessments", "topics", "sources", "evidence",
    ]  # fmt: skip
    told = {one["collection"]: one["parameters"] for one in answer["left_out"]}
    assert (told["disputes"], told["sources"]) == (["date_from"], ["topic"])
    assert told["evidence"] == ["topic", "date_from"]
    counts = {row["collection"]: row["count"] for row in answer["rows"]}
    assert counts == {"meetings": 1, "statements": 3, "silences": 0, "incidents": 0}
    assert answer["collections"] == [*counts]


@on_sqlite
@pytest.mark.parametrize(
    ("asked", "parameter"),
    [
        ({"by": "topic", "topic": "trade"}, "topic"),
        ({"by": "source", "collection": "series", "topic": "trade"}, "topic"),
        ({"collection": "disputes", "date_from": "2025"}, "date_from"),
        ({"collection": "topics", "date_from": "2025", "participant": "wang-yi"}, None),
    ],
)
def test_what_would_tell_nothing_is_refused(
    client: TestClient, asked: dict[str, str], parameter: str | None
) -> None:
    [fault] = refused(client, "/v1/coverage", **asked)["errors"]
    assert (fault["code"], fault["parameter"]) == ("unsuitable_parameter", parameter)
