"""Walking pages: every record once, in order, with ties and gaps, and while others write."""

from collections.abc import Callable
from typing import Any

import pytest
from conftest import Databases, client_of, service
from generated import generate
from oracle import ordered, sort_keys
from reading import ids, local, read, refused
from starlette.testclient import TestClient

from app.migrate import migrate
from app.query.resource import Resource
from app.resources import RESOURCES

# Sort keys that all collections have are the same columns in all: two are enough to try them.
WITH_ALL_KEYS = ("meetings", "evidence")
each_sort = pytest.mark.parametrize(
    ("resource", "sort"),
    [
        pytest.param(one, sort, id=f"{one.name}-{sort}")
        for one in RESOURCES
        for key in (
            one.all_sorts if one.name in ("meetings", "evidence") else one.sorts or ["name"]
        )
        for sort in (key, f"-{key}")
    ],
)
NULLABLE = [one for one in RESOURCES if "date" in one.sorts]


@each_sort
def test_pages_are_the_records_in_order(crowd: TestClient, resource: Resource, sort: str) -> None:
    keys = sort_keys(engine_of(crowd), resource, sort.removeprefix("-"))
    expected = ordered(keys, descending=sort.startswith("-"))
    assert len(expected) == 400
    assert ids(crowd, resource.name, sort=sort, limit=137) == expected


@pytest.mark.parametrize("resource", NULLABLE, ids=lambda one: one.name)
def test_the_dates_have_ties_and_gaps(crowd: TestClient, resource: Resource) -> None:
    """Else the walks would prove nothing of them."""
    keys = list(sort_keys(engine_of(crowd), resource, "date").values())
    assert 40 < sum(earliest is None for earliest, _ in keys) < 360
    assert any(earliest is None and latest is not None for earliest, latest in keys)
    assert any(earliest is not None and latest is None for earliest, latest in keys)
    assert len(set(keys)) < 300


@pytest.mark.parametrize("resource", NULLABLE, ids=lambda one: one.name)
@pytest.mark.parametrize(
    ("sort", "limit"), [("date,-name", 3), ("-name,date", 7), ("-date,-updated_at,name", 20)]
)
def test_pages_by_several_keys_visit_each_record_once(
    crowd: TestClient, resource: Resource, sort: str, limit: int
) -> None:
    asked: dict[str, Any] = {"sort": sort, "date_from": "2004-03", "date_to": "2004-06"}
    whole = ids(crowd, resource.name, **asked)
    assert 5 < len(whole) < 150
    assert len(set(whole)) == len(whole)
    assert ids(crowd, resource.name, limit=limit, **asked) == whole


@pytest.mark.parametrize("resource", NULLABLE, ids=lambda one: one.name)
@pytest.mark.parametrize("sort", ["date", "-date"])
def test_hidden_dates_are_unknown_ones(crowd: TestClient, resource: Resource, sort: str) -> None:
    """What no source states orders nothing: those records come last, by their id."""
    records = []
    cursor: dict[str, str] = {}
    while True:
        page = read(crowd, f"/v1/{resource.name}", basis="source", sort=sort, limit=90, **cursor)
        records += page["items"]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    keys = {one["id"]: (one["date_earliest"], one["date_latest"]) for one in records}
    assert len(keys) == len(records)
    assert list(keys) == ordered(keys, descending=sort == "-date")


@pytest.mark.parametrize("sort", ["-date", "-created_at,name"])
def test_records_added_on_the_way_disturb_nothing(
    databases: Databases, crowded: str, sort: str
) -> None:
    """Whatever was there from the start is visited once, whatever is added before or behind."""
    with client_of(service(databases.copy(crowded))) as client:
        before = ids(client, "statements", sort=sort)
        added = 400

        def write() -> None:
            nonlocal added
            generate(engine_of(client), 15, first=added)
            added += 15

        seen = walk(client, f"/v1/statements?sort={sort}&limit=120&fields=id", write)
        assert added > 430
        assert len(set(seen)) == len(seen)
        assert [id for id in seen if id in set(before)] == before
        assert ids(client, "statements", sort=sort) != before


def walk(client: TestClient, address: str, between: Callable[[], None]) -> list[str]:
    """The ids on all pages, each of which the one before links to."""
    seen = []
    while True:
        response = client.get(address)
        assert response.status_code == 200
        seen += [one["id"] for one in response.json()["items"]]
        if "next" not in response.links:
            return seen
        address = local(response.links["next"]["url"])
        between()


def test_a_cursor_holds_in_another_process_on_the_same_database(
    crowd: TestClient, crowded: str
) -> None:
    cursor = read(crowd, "/v1/meetings", limit=3)["next_cursor"]
    following = read(crowd, "/v1/meetings", limit=3, cursor=cursor)
    with client_of(service(crowded)) as other:
        assert read(other, "/v1/meetings", limit=3, cursor=cursor) == following


def test_a_cursor_fits_one_list_alone(crowd: TestClient) -> None:
    cursor = read(crowd, "/v1/meetings", limit=3)["next_cursor"]
    others: list[tuple[str, dict[str, str]]] = [
        ("meetings", {"sort": "date"}),
        ("meetings", {"status": "held"}),
        ("meetings", {"basis": "source"}),
        ("meetings", {"has_name": "true"}),
        ("meetings", {"date_from": "1999"}),
        ("statements", {}),
        ("incidents", {}),
    ]
    for collection, asked in others:
        problem = refused(crowd, f"/v1/{collection}", 400, cursor=cursor, **asked)
        assert problem["code"] == "bad_cursor"


@pytest.mark.parametrize("cursor", ["", " ", ".", "!!", "€", "a" * 4001, "a\u202e", "a,b"])
@pytest.mark.parametrize("path", ["/v1/meetings", "/v1/search?q=a"])
def test_what_cannot_be_a_cursor_is_no_other_mistake(
    crowd: TestClient, path: str, cursor: str
) -> None:
    refusal = crowd.get(path, params={"cursor": cursor, **({"q": "a"} if "?" in path else {})})
    [fault] = refusal.json()["errors"]
    assert (refusal.status_code, fault["code"]) == (400, "bad_cursor")
    assert (fault["location"], fault["parameter"]) == ("query", "cursor")


@pytest.mark.parametrize(
    "more", [{"limit": 9}, {"fields": "id"}, {"with_total": "true"}, {"lang": "ja"}]
)
def test_the_manner_of_answering_may_change_on_the_way(
    crowd: TestClient, more: dict[str, Any]
) -> None:
    cursor = read(crowd, "/v1/meetings", limit=3)["next_cursor"]
    plain = read(crowd, "/v1/meetings", cursor=cursor)
    told = read(crowd, "/v1/meetings", cursor=cursor, **more)
    assert told["items"][0]["id"] == plain["items"][0]["id"]


def test_a_cursor_of_another_database_is_none_of_ours(
    databases: Databases, client: TestClient
) -> None:
    cursor = read(client, "/v1/meetings", limit=1)["next_cursor"]
    # A copy of ours would take it.
    another = databases.new()
    migrate(another)
    with client_of(service(another)) as asked:
        refused(asked, "/v1/meetings", 400, cursor=cursor)


def engine_of(client: TestClient) -> Any:
    return client.app.state.engine  # type: ignore[attr-defined]
