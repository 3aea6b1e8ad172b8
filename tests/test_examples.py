"""The examples of the OpenAPI document: one for each operation, true, and such as it describes."""

import json
import re
import runpy
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import rdflib
from conftest import on_sqlite
from jsonschema import Draft202012Validator
from reading import PUBLIC_URL, Json, read
from starlette.testclient import TestClient

from app.openapi import EXAMPLES

WRITER = runpy.run_path(str(Path(__file__).resolve().parent.parent / "docs" / "examples.py"))
AGAIN = "run: make docs"
STORED: dict[str, Json] = json.loads(
    EXAMPLES.read_text("utf-8").replace(WRITER["PUBLIC_URL"], PUBLIC_URL)
)


@pytest.fixture(scope="module")
def document(client: TestClient) -> Json:
    return read(client, "/openapi.json")


def operations(document: Json) -> Iterator[tuple[str, Json]]:
    """Every operation with its path."""
    for path, methods in document["paths"].items():
        for operation in methods.values():
            yield path, operation


def test_every_operation_has_an_example(document: Json) -> None:
    assert {one["operationId"] for _, one in operations(document)} == set(STORED), AGAIN


def test_every_example_is_a_true_answer(client: TestClient) -> None:
    requests = WRITER["requests"](client)
    assert {name: one["request"] for name, one in STORED.items()} == requests, AGAIN
    for name, one in STORED.items():
        assert one == WRITER["asked"](client, one["request"]), f"{name}: {AGAIN}"


def test_every_operation_shows_an_answer_but_that_whose_answer_is_no_text(document: Json) -> None:
    silent = {
        one["operationId"]
        for _, one in operations(document)
        if "308" not in one["responses"] and not shown(one["responses"]["200"])
    }
    assert silent == {"exports_all_zip"}, AGAIN
    redirected = [one for _, one in operations(document) if "308" in one["responses"]]
    assert all("example" in one["responses"]["308"]["headers"]["Location"] for one in redirected)


def shown(response: Json) -> list[Json]:
    """The examples of an answer, each a summary and a value."""
    return [
        example
        for content in response["content"].values()
        for example in content.get("examples", {}).values()
    ]


@on_sqlite
def test_a_beginning_says_that_it_is_one(document: Json) -> None:
    found = {
        path: example["summary"]
        for path, one in operations(document)
        if "308" not in one["responses"]
        for example in shown(one["responses"]["200"])
        if not example["summary"].startswith(("GET ", "POST "))
    }
    assert found == {
        "/context": "The first terms of GET /context",
        "/vocabulary": "The first terms of GET /vocabulary",
        "/llms.txt": "The first lines of GET /llms.txt",
        "/v1/exports/all.ttl": "The first lines of GET /v1/exports/all.ttl",
        "/v1/exports/all.nq": "The first lines of GET /v1/exports/all.nq",
    }, AGAIN


def test_a_beginning_is_how_the_answer_begins(client: TestClient) -> None:
    for form in ("ttl", "nq"):
        request = f"/v1/exports/all.{form}"
        told = WRITER["asked"](client, request)["answer"]
        answer = client.get(request).text
        assert told.endswith((" .\n", " ;\n"))
        assert same_moments(answer).startswith(same_moments(told))
        ended = told.removesuffix(";\n").removesuffix(".\n") + ".\n"
        parsed = rdflib.Graph().parse(data=ended, format={"ttl": "turtle", "nq": "nt"}[form])
        assert len(parsed) > 3
    context = WRITER["asked"](client, "/context")["answer"]["@context"]
    terms = client.get("/context").json()["@context"]
    assert [*context.items()] == [*terms.items()][: len(context)]
    assert 0 < len(context) < len(terms)
    told, answer = (
        WRITER["asked"](client, "/vocabulary")["answer"],
        client.get("/vocabulary").json(),
    )
    assert told == {**answer, "@graph": answer["@graph"][: len(told["@graph"])]}
    assert 0 < len(told["@graph"]) < len(answer["@graph"])


def same_moments(text: str) -> str:
    """A text in which every moment is the same."""
    return re.sub(r'"[0-9T:.-]+Z"', '"moment"', text)


def test_constants_stand_where_databases_differ_and_nowhere_else(client: TestClient) -> None:
    truth = client.get("/v1/statements?limit=1").json()
    told = STORED["statements_list"]["answer"]
    differing = {"created_at", "updated_at"}
    [record], [example] = truth["items"], told["items"]
    assert {name for name in record if record[name] != example[name]} == differing
    assert told["next_cursor"] == "as-it-is-answered" != truth["next_cursor"]
    # A constant tells no more than there is: what is null stays null.
    assert STORED["meetings_get"]["answer"]["date_start"] is None


@on_sqlite
def test_examples_are_what_the_document_describes(document: Json) -> None:
    seen = 0
    for path, operation in operations(document):
        for value, schema in examples(operation):
            whole = {**schema, "components": document["components"]}
            faults = [*Draft202012Validator(whole).iter_errors(value)]
            assert faults == [], (path, faults[0].message[:300] if faults else "")
            seen += 1
    assert seen > len(STORED)


def examples(operation: Json) -> Iterator[tuple[Any, Json]]:
    """The values of an operation's examples, each with its schema."""
    for parameter in operation.get("parameters", ()):
        if "example" in parameter:
            yield parameter["example"], parameter["schema"]
    for response in operation["responses"].values():
        for content in response.get("content", {}).values():
            for example in content.get("examples", {}).values():
                yield example["value"], content["schema"]


@on_sqlite
def test_the_parameters_of_an_example_are_its_request(document: Json) -> None:
    """Whoever sends what the document gives as values of parameters asks what it shows."""
    for path, operation in operations(document):
        stored: str = STORED[operation["operationId"]]["request"]
        request = urlsplit(stored.removeprefix("POST "))
        given = {
            one["name"]: one["example"]
            for one in operation.get("parameters", ())
            if "example" in one
        }
        written = {name: _text(value) for name, value in given.items()}
        query = "&".join(
            f"{one['name']}={written[one['name']]}"
            for one in operation.get("parameters", ())
            if one["in"] == "query" and one["name"] in written
        )
        assert path.format(**written) == request.path
        if operation["operationId"] == "questions_pivot":
            # It passes on what is none of its own.
            assert query == "collection=statements"
            continue
        assert sorted(query.split("&")) == sorted(_unquoted(request.query).split("&"))


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def _unquoted(query: str) -> str:
    return query.replace("%3D", "=").replace("%3F", "?")


def test_examples_are_short() -> None:
    sizes = {name: len(json.dumps(one, ensure_ascii=False)) for name, one in STORED.items()}
    assert sum(sizes.values()) < 1_100 * len(sizes)
    # Both list what there is, however much that is.
    assert {name for name, size in sizes.items() if size > 6000} == {
        "exports_list",
        "service_forms",
    }
