"""Batches: what is asked for, in its order, and what was not found."""

from uuid import UUID

import pytest
from conftest import client_of, on_sqlite, service
from reading import World, read, refused
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import write
from app.models import Basis, Record
from app.resources import RESOURCES


def test_records_of_all_collections_come_in_the_order_in_which_they_were_asked_for(
    client: TestClient, world: World
) -> None:
    records = {one.name: next(iter(world[one.name].values())) for one in RESOURCES}
    asked = [record["id"] for record in records.values()]
    asked += [f"{name}/{record['slug']}" for name, record in records.items()]
    answer = read(client, "/v1/batch", ids=",".join(reversed(asked)))
    assert [one["asked"] for one in answer["items"]] == asked[::-1]
    assert answer["missing"] == []
    for one in answer["items"]:
        alone = read(client, f"/v1/{one['collection']}/{one['record']['id']}")
        assert one["record"] == alone


@on_sqlite
def test_what_is_asked_for_twice_is_told_twice(client: TestClient) -> None:
    answer = read(client, "/v1/batch", ids="countries/jpn,topics/trade,countries/jpn")
    assert [one["record"]["slug"] for one in answer["items"]] == ["jpn", "trade", "jpn"]


@on_sqlite
def test_what_is_not_found_is_said_in_its_place(client: TestClient) -> None:
    nobody = f"cty_{UUID(int=0)}"
    ids = f"countries/JP,meetings/jpn,{nobody},countries/,countries/jpn/x"
    answer = read(client, "/v1/batch", ids=ids)
    assert [one["record"] and one["record"]["slug"] for one in answer["items"]] == [
        "jpn", None, None, None, None,
    ]  # fmt: skip
    assert answer["missing"] == ids.split(",")[1:]


@on_sqlite
@pytest.mark.parametrize(
    ("ids", "code", "meant"),
    [
        ("jpn", "ambiguous_reference", None),
        ("cty_0", "ambiguous_reference", None),
        ("!countries/jpn", "unknown_value", "countries"),
        ("countries/jpn,Countries/jpn", "unknown_value", "countries"),
        ("places/tokyo", "unknown_value", None),
    ],
)
def test_what_can_name_no_record_is_refused(
    client: TestClient, ids: str, code: str, meant: str | None
) -> None:
    [fault] = refused(client, "/v1/batch", ids=ids)["errors"]
    assert (fault["parameter"], fault["code"], fault["did_you_mean"]) == ("ids", code, meant)


def test_what_a_source_does_not_state_is_not_found_on_that_basis(copied: str) -> None:
    app = service(copied)
    with client_of(app) as client:
        with write(app.state.engine) as session:
            [topic] = session.exec(select(Record).where(Record.slug == "trade")).all()
            topic.basis = Basis.reference
        assert read(client, "/v1/batch", ids="topics/trade")["missing"] == []
        answer = read(client, "/v1/batch", ids="topics/trade,countries/jpn", basis="source")
        assert answer["missing"] == ["topics/trade"]


@on_sqlite
def test_evidence_is_included_where_there_is_any(client: TestClient) -> None:
    ids = "silences/wang-on-north-korea-and-the-war,topics/trade"
    answer = read(client, "/v1/batch", ids=ids, include="evidence")
    silence, topic = (one["record"] for one in answer["items"])
    assert silence["evidence"][0]["record"]["id"] == silence["id"]
    assert "evidence" not in topic


@on_sqlite
def test_a_batch_of_nothing_or_of_too_many_is_refused(client: TestClient) -> None:
    assert refused(client, "/v1/batch")["errors"][0]["code"] == "missing"
    assert refused(client, "/v1/batch?ids=")["errors"][0]["code"] == "empty_value"
    many = ",".join(f"countries/c{number}" for number in range(101))
    assert refused(client, f"/v1/batch?ids={many}")["errors"][0]["code"] == "too_many_values"
