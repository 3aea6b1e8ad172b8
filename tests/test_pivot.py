"""Pivots: every collection by every facet, and that each count is the length of its list."""

import csv
import io
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import on_sqlite
from oracle import by_value, has, some
from pydantic import ValidationError
from reading import PUBLIC_URL, Json, World, local, read, read_url, refused
from starlette.testclient import TestClient
from test_contract import each, each_basis

from app.query.counting import SEPARATOR
from app.query.filters import Choice
from app.query.periods import Period, Unit, between
from app.query.resource import Resource
from app.query.values import Either
from app.resources import RESOURCES
from seeds.records import Office

BY_NAME = {one.name: one for one in RESOURCES}
PAIRS = [
    ("statements", "stance", "topic"),
    ("statements", "kind", "own_words"),
    ("meetings", "month", "level"),
    ("proposals", "stage", "addressee"),
    ("relations", "country", "kind"),
    ("evidence", "collection", "source"),
]


@pytest.fixture(scope="module")
def worlds(world: World, stated_world: World) -> dict[str, World]:
    return {"any": world, "source": stated_world}


def rows(client: TestClient, collection: str, by: str, /, **parameters: Any) -> dict[Any, Json]:
    """The rows of a pivot by their keys."""
    answer = read(client, f"/v1/{collection}/pivot", by=by, **parameters)
    keyed = {key(row): row for row in answer["rows"]}
    assert len(keyed) == len(answer["rows"])
    return keyed


def key(row: Json) -> Any:
    """What a row counts: a value, or a pair of them."""
    value = row["row"]["value"]
    return value if row["column"] is None else (value, row["column"]["value"])


def length(client: TestClient, url: str) -> int:
    """How many records the list at an address has."""
    return int(
        read_url(client, f"{url}{'&' if '?' in url else '?'}with_total=true&limit=1")["total"]
    )


def expected(world: World, resource: Resource, name: str) -> dict[Any, set[str]]:
    """The records that have each value of a facet, those without any under None."""
    having: dict[Any, set[str]] = dict(by_value(world, resource, name))
    without = set(world[resource.name]).difference(*having.values())
    return having | ({None: without} if without and has(resource, name) else {})


@on_sqlite
@each(lambda one: one.facets)
@each_basis
def test_each_row_counts_what_has_its_value(
    client: TestClient, worlds: dict[str, World], basis: str, resource: Resource, name: str
) -> None:
    asked = {"basis": basis} if basis == "source" else {}
    counted = rows(client, resource.name, name, **asked)
    having = expected(worlds[basis], resource, name)
    assert {value: row["count"] for value, row in counted.items() if row["count"]} == {
        value: len(ids) for value, ids in having.items() if ids
    }
    for row in [*counted.values()][-1:]:
        assert length(client, row["url"]) == row["count"]


@pytest.mark.parametrize(("collection", "first", "second"), PAIRS)
def test_pairs_of_values_are_a_whole_table(
    crowd: TestClient, everyone: World, collection: str, first: str, second: str
) -> None:
    resource = BY_NAME[collection]
    one, other = (expected(everyone, resource, name) for name in (first, second))
    counted = rows(crowd, collection, f"{first},{second}")
    seen = [{pair[place] for pair in counted} for place in (0, 1)]
    assert set(counted) == set(product(*seen))
    assert seen[0] >= set(one)
    assert seen[1] >= set(other)
    for (a, b), row in counted.items():
        assert row["count"] == len(one.get(a, set()) & other.get(b, set())), (a, b)
    without_zeros = rows(crowd, collection, f"{first},{second}", zeros="false")
    assert [*without_zeros] == [pair for pair, row in counted.items() if row["count"]]
    for row in [*without_zeros.values()][:: max(len(without_zeros) // 5, 1)]:
        assert length(crowd, row["url"]) == row["count"]


@on_sqlite
@each(lambda one: {type(it): name for name, it in one.facets.items()}.values())
def test_every_address_of_a_crowd_is_as_long_as_it_says(
    crowd: TestClient, resource: Resource, name: str
) -> None:
    other = next(iter(resource.facets))
    by = name if other == name else f"{name},{other}"
    counted = [*rows(crowd, resource.name, by, zeros="false").values()]
    for row in counted[:: max(len(counted) // 2, 1)]:
        assert length(crowd, row["url"]) == row["count"], row["url"]


@on_sqlite
@each(lambda one: [name for name, it in one.facets.items() if isinstance(it, Choice)])
def test_every_member_of_an_enumeration_has_a_row(
    client: TestClient, resource: Resource, name: str
) -> None:
    one = resource.facets[name]
    assert isinstance(one, Choice)
    members = {member.value for member in one.enum}
    assert set(rows(client, resource.name, name)) - {None} == members
    first = min(members)
    assert set(rows(client, resource.name, name, **{name: f"!{first}"})) - {None} == members - {
        first
    }
    assert set(rows(client, resource.name, name, **{name: first})) == {first}


@on_sqlite
@each(lambda one: [name for name, it in one.facets.items() if isinstance(it, Period)])
def test_no_period_is_missing_between_the_first_and_the_last(
    crowd: TestClient, resource: Resource, name: str
) -> None:
    found = [value for value in rows(crowd, resource.name, name) if value is not None]
    assert found == between(Unit(name), found[0], found[-1])
    assert len(found) > 5


@on_sqlite
@each(lambda one: [name for name in one.facets if has(one, name)])
def test_a_choice_of_values_chooses_rows_and_not_records(
    crowd: TestClient, everyone: World, resource: Resource, name: str
) -> None:
    having = some(by_value(everyone, resource, name))
    (one, first), (other, last) = having[0], having[-1]
    chosen = rows(crowd, resource.name, name, **{name: f"{one},{other}"}, zeros="false")
    assert {value: row["count"] for value, row in chosen.items()} == {
        one: len(first), other: len(last),
    }  # fmt: skip
    answer = read(crowd, f"/v1/{resource.name}/pivot", by=name, **{name: f"{one},{other}"})
    assert answer["total"] == len(first | last) == length(crowd, answer["url"])
    unknown = rows(crowd, resource.name, name, zeros="false", **{f"has_{name}": "false"})
    assert set(unknown) <= {None}
    without = rows(crowd, resource.name, name, **{name: f"!{one}"}, zeros="false")
    assert one not in without
    for row in [*without.values()][:2]:
        assert length(crowd, row["url"]) == row["count"]


@pytest.mark.parametrize(
    ("collection", "by", "distinct"),
    [
        ("statements", "country", "topic"),
        ("meetings", "year", "host"),
        ("proposals", "stage", "topic"),
    ],
)
def test_different_values_are_counted_once(
    crowd: TestClient, everyone: World, collection: str, by: str, distinct: str
) -> None:
    resource = BY_NAME[collection]
    having = expected(everyone, resource, by)
    values = by_value(everyone, resource, distinct)
    for value, row in rows(crowd, collection, by, distinct=distinct, zeros="false").items():
        different = {one for one, ids in values.items() if ids & having[value]}
        assert row["count"] == len(different)
        assert len(read_url(crowd, row["url"])["facets"][distinct]) == row["count"]


@on_sqlite
def test_rows_stand_by_weight_or_in_time_with_the_unknown_last(crowd: TestClient) -> None:
    for by, ordered in (("kind", False), ("month", True)):
        found = [*rows(crowd, "statements", by).items()]
        known = [(value, row["count"]) for value, row in found if value is not None]
        assert [value for value, _ in found[: len(known)]] == [value for value, _ in known]
        wanted = sorted(known, key=lambda pair: pair[0] if ordered else (-pair[1], pair[0]))
        assert known == wanted


@on_sqlite
def test_the_article_by_topic_and_country(client: TestClient) -> None:
    asked = {"topic": "north-korea,trade", "country": "CHN,JPN,KOR"}
    counted = rows(client, "statements", "topic,country", **asked)
    assert {pair: row["count"] for pair, row in counted.items()} == {
        ("north-korea", "jpn"): 2, ("north-korea", "chn"): 0, ("north-korea", "kor"): 1,
        ("trade", "jpn"): 0, ("trade", "chn"): 3, ("trade", "kor"): 0,
    }  # fmt: skip
    # Wang did not speak of it, and that he did not is told where silences are counted.
    silent = rows(client, "silences", "topic,country", topic="north-korea", country="chn")
    assert [row["count"] for row in silent.values()] == [1]


@on_sqlite
def test_a_date_that_is_not_known_is_in_no_period(client: TestClient) -> None:
    counted = rows(client, "incidents", "year")
    assert [(value, row["count"]) for value, row in counted.items()] == [(None, 1)]
    assert counted[None]["row"]["name"] == "not known"
    stated = rows(client, "meetings", "year", basis="source")
    assert [(value, row["count"]) for value, row in stated.items()] == [("2023", 1), (None, 2)]


@on_sqlite
def test_names_are_told_in_the_language_asked_for(client: TestClient) -> None:
    answer = read(client, "/v1/statements/pivot", by="country", country="jpn", lang="ja")
    assert answer["rows"][0]["row"] == {"value": "jpn", "name": "日本"}
    assert "lang=ja" in answer["rows"][0]["url"]


@on_sqlite
def test_its_csv_holds_the_same_rows(client: TestClient) -> None:
    answer = read(client, "/v1/statements/pivot", by="topic,kind")
    response = client.get("/v1/statements/pivot?by=topic,kind&format=csv")
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    table = [*csv.DictReader(io.StringIO(response.text))]
    assert [
        (row["row_value"], row["column_value"], int(row["count"]), row["url"]) for row in table
    ] == [(*key(row), row["count"], row["url"]) for row in answer["rows"]]
    assert client.get("/v1/statements/pivot?by=topic", headers={"accept": "text/csv"}).text


@on_sqlite
@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("", "by", "missing"),
        ("by=topic,kind,country", "by", "too_many_values"),
        ("by=topik", "by", "unknown_value"),
        ("by=topic,topic", "by", "counted_twice"),
        ("by=topic&by=topic", "by", "counted_twice"),
        ("by=kind&distinct=topic&distinct=topic", "distinct", "repeated_parameter"),
        ("by=kind&distinct=topic,topic", "distinct", "unknown_value"),
        ("by=topic&distinct=topic", "distinct", "counted_twice"),
        ("by=kind&distinct=topic&topic=trade", "distinct", "counted_twice"),
        ("by=kind&distinct=topic&has_topic=true", "distinct", "counted_twice"),
        ("by=kind&distinct=words", "distinct", "unknown_value"),
        ("by=topic&topic=nothing-of-the-kind", "topic", "unknown_reference"),
        ("by=topic&zeros=no", "zeros", "not_a_boolean"),
        ("by=topic&limit=5", "limit", "unknown_parameter"),
        ("by=topic&dialect=excel", "dialect", "unsuitable_parameter"),
    ],
)
def test_what_cannot_be_counted_is_refused(
    client: TestClient, query: str, parameter: str, code: str
) -> None:
    fault = refused(client, f"/v1/statements/pivot?{query}")["errors"][0]
    assert (fault["parameter"], fault["code"]) == (parameter, code)


@on_sqlite
def test_too_many_rows_are_refused_and_not_cut(crowd: TestClient) -> None:
    fault = refused(crowd, "/v1/statements/pivot?by=speaker,topic")["errors"][0]
    assert (fault["parameter"], fault["code"]) == ("by", "too_many_rows")
    assert rows(crowd, "statements", "speaker,topic", zeros="false")


@on_sqlite
def test_a_form_that_does_not_suit_is_not_acceptable(client: TestClient) -> None:
    refused(client, "/v1/statements/pivot?by=kind&format=ndjson", 406)


@on_sqlite
def test_a_pivot_of_whatever_collection(client: TestClient) -> None:
    response = client.get("/v1/pivot?collection=statements&by=kind&lang=ja", follow_redirects=False)
    assert response.status_code == 308
    address = response.headers["location"]
    assert address == f"{PUBLIC_URL}/v1/statements/pivot?by=kind&lang=ja"
    assert read(client, local(address))["collection"] == "statements"
    fault = refused(client, "/v1/pivot?collection=statement&by=kind")["errors"][0]
    assert (fault["parameter"], fault["did_you_mean"]) == ("collection", "statements")
    assert refused(client, "/v1/pivot?by=kind")["errors"][0]["code"] == "missing"


def test_no_linked_value_holds_what_stands_between_several() -> None:
    texts = {
        (resource.name, name)
        for resource in RESOURCES
        for name, facet in resource.facets.items()
        for way in (facet.values.ways if isinstance(facet.values, Either) else (facet.values,))
        if not way.own and type(way.value.type) is sa.String
        # An id, which refers to a record.
        if not way.value.property.columns[0].foreign_keys
    }
    assert texts == {("participants", "office")}
    with pytest.raises(ValidationError):
        Office.model_validate({"office": f"a{SEPARATOR}b"})
