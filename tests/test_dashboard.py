"""Dashboards: several answers of one revision, each as it is alone."""

import csv
import io
from typing import Any

import pytest
from conftest import client_of, on_sqlite, service
from reading import Json, read, refused
from starlette.testclient import TestClient

from app.db import write
from app.models import Record

ADDRESSES = {
    "meetings": "/v1/meetings?limit=1&sort=-date",
    "trade": "/v1/statements/pivot?by=country&topic=trade",
    "names": "/v1/search?q=독도&lang=ko",
    "china": "/v1/countries/CHN/profile?limit=2",
    "record": "/v1/countries/jpn",
    "topics": "/v1/statements/facets?facet=topic,speaker",
}


def board(client: TestClient, addresses: dict[str, str], **headers: str) -> Any:
    asked = [f"{name}={address}" for name, address in addresses.items()]
    return client.get("/v1/dashboard", params={"ask": asked}, headers=headers)


def test_each_answer_is_as_it_is_alone(client: TestClient) -> None:
    answer: Json = board(client, ADDRESSES).json()
    assert list(answer["answers"]) == list(ADDRESSES)
    for name, address in ADDRESSES.items():
        assert answer["answers"][name] == read(client, address), name
    assert answer["revision"] == read(client, "/version")["revision"]


@on_sqlite
def test_the_language_of_the_request_is_that_of_its_questions(client: TestClient) -> None:
    answer = board(client, {"japan": "/v1/countries/jpn"}, **{"accept-language": "ja"}).json()
    assert answer["answers"]["japan"]["name"] == "日本"


def test_one_tag_holds_until_anything_changes(copied: str) -> None:
    app = service(copied)
    with client_of(app) as client:
        first = board(client, ADDRESSES)
        tag = first.headers["etag"]
        assert board(client, ADDRESSES, **{"if-none-match": tag}).status_code == 304
        with write(app.state.engine) as session:
            record = session.get(Record, first.json()["answers"]["record"]["id"])
            assert record
            record.label = "Another label"
        second = board(client, ADDRESSES, **{"if-none-match": tag})
        assert second.status_code == 200
        assert second.json()["revision"] == first.json()["revision"] + 1
        assert second.json()["answers"]["record"]["label"] == "Another label"


@on_sqlite
@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "missing"),
        ("ask=", "invalid_question"),
        ("ask=meetings", "invalid_question"),
        ("ask=/v1/meetings", "invalid_question"),
        ("ask=a=/version", "invalid_question"),
        ("ask=a=/v1/dashboard%3Fask=b", "invalid_question"),
        ("ask=a=//v1/meetings", "invalid_question"),
        ("ask=a=https://kb.example/v1/meetings", "invalid_question"),
        ("ask=a=/v1/meetings&ask=a=/v1/topics", "repeated_name"),
        ("ask=a=/v1/nowhere", "invalid_question"),
        ("ask=a=/v1/meetings%3Flimit=0", "invalid_question"),
        ("ask=a=/v1/meetings/../dashboard", "invalid_question"),
        ("ask=a=/v1/countries/none", "invalid_question"),
        ("ask=a=/v1/meetings%3Fformat=csv", "invalid_question"),
        ("ask=a=/v1/pivot%3Fcollection=meetings%26by=level", "invalid_question"),
        ("ask=a=/v1/meetings&limit=1", "unknown_parameter"),
        ("&".join(f"ask=a{number}=/v1/meetings" for number in range(21)), "too_many_values"),
    ],
)
def test_what_cannot_be_asked_is_refused(client: TestClient, query: str, code: str) -> None:
    fault = refused(client, f"/v1/dashboard?{query}")["errors"][0]
    assert fault["code"] == code, fault


@on_sqlite
def test_it_comes_in_no_other_form(client: TestClient) -> None:
    answer = client.get("/v1/dashboard?ask=a=/v1/meetings", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert refused(client, "/v1/dashboard?ask=a=/v1/meetings&format=ndjson", 406)
    [fault] = refused(client, "/v1/dashboard?ask=a=/v1/meetings&dialect=excel")["errors"]
    assert fault["code"] == "unsuitable_parameter"


@on_sqlite
def test_in_csv_each_value_of_each_answer_has_a_row(client: TestClient) -> None:
    answer = board(client, ADDRESSES, accept="text/csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    table = [*csv.DictReader(io.StringIO(answer.text, newline=""))]
    whole = board(client, ADDRESSES).json()
    assert {row["revision"] for row in table} == {str(whole["revision"])}
    assert {row["name"]: row["address"] for row in table} == ADDRESSES
    # Made whole again row by row, it is what the address answers.
    values = {(row["name"], row["row"], row["column"]): row["value"] for row in table}
    assert len(values) == len(table)
    pivot = whole["answers"]["trade"]
    assert values["trade", "", "total"] == str(pivot["total"])
    counts = [values["trade", str(at), "rows.count"] for at in range(1, len(pivot["rows"]) + 1)]
    assert counts == [str(row["count"]) for row in pivot["rows"]]
    [meeting] = whole["answers"]["meetings"]["items"]
    assert values["meetings", "1", "items.host.code"] == meeting["host"]["code"]
    assert values["meetings", "1", "items.parties.1.slug"] == meeting["parties"][1]["slug"]
    assert values["record", "", "code"] == "JPN"
    assert values["topics", "1", "facets.speaker.value"]


@on_sqlite
def test_a_csv_has_a_tag_of_its_own_and_is_defused(client: TestClient) -> None:
    query = {"ask": "a=/v1/meetings?limit=1&sort=-date", "format": "csv", "dialect": "excel"}
    answer = client.get("/v1/dashboard", params=query)
    assert "'-" not in answer.text
    assert answer.content.startswith(b"\xef\xbb\xbf")
    tag = answer.headers["etag"]
    assert tag != board(client, {"a": "/v1/meetings?limit=1&sort=-date"}).headers["etag"]
    again = client.get("/v1/dashboard", params=query, headers={"if-none-match": tag})
    assert again.status_code == 304
    both = [
        client.get("/v1/dashboard?ask=a=/v1/topics", headers={"accept": one}).headers["etag"]
        for one in ("application/json", "text/csv")
    ]
    assert len({*both}) == 2


@on_sqlite
def test_a_question_that_is_elsewhere_is_told_where(client: TestClient) -> None:
    query = "ask=a=/v1/pivot%3Fcollection=meetings%26by=level"
    [fault] = refused(client, f"/v1/dashboard?{query}")["errors"]
    assert "/v1/meetings/pivot" in fault["detail"]


@on_sqlite
def test_the_question_that_is_wrong_is_named_with_what_was_meant(client: TestClient) -> None:
    query = "ask=good=/v1/meetings&ask=bad=/v1/meetings%3Flevl=leaders"
    [fault] = refused(client, f"/v1/dashboard?{query}")["errors"]
    assert fault["parameter"] == "ask"
    assert fault["detail"].startswith("`bad`: ")
    assert "level" in fault["detail"]
