"""The OpenAPI document: complete, described, and such that clients come out of it clean."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from conftest import on_sqlite
from openapi_spec_validator import validate
from reading import Json, read
from starlette.testclient import TestClient

from app.exports.whole import WHOLE
from app.questions import QUESTIONS
from app.resources import RESOURCES

pytestmark = on_sqlite

NAMES = {"/v1/suggest", "/v1/match", "/v1/reconcile"} | {
    f"/v1/reconcile/{rest}"
    for rest in ("preview", "properties", "suggest/entity", "suggest/property", "suggest/type")
}
"""The addresses that take names."""


@pytest.fixture(scope="module")
def document(client: TestClient) -> Json:
    return read(client, "/openapi.json")


@pytest.fixture(scope="module")
def operations(document: Json) -> dict[str, Json]:
    return {
        f"{method} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def nodes(value: Any, path: str = "") -> Iterator[tuple[str, Json]]:
    """Every object in the document, and where it stands."""
    if isinstance(value, list):
        for index, each in enumerate(value):
            yield from nodes(each, f"{path}/{index}")
    elif isinstance(value, dict):
        yield path, value
        for name, each in value.items():
            yield from nodes(each, f"{path}/{name}")


def test_the_document_is_valid(document: Json) -> None:
    validate(document)


def test_every_collection_is_there_and_nothing_undeclared(document: Json) -> None:
    paths = {path for path in document["paths"] if path.startswith("/v1/")}
    for resource in RESOURCES:
        base = f"/v1/{resource.name}"
        own = {base, f"{base}/facets", f"{base}/pivot", f"{base}/{{id}}", f"{base}/{{id}}/citation"}
        own.add(f"/v1/exports/{resource.name}.{{form}}")
        assert own <= paths
        paths -= own
    others = {"/v1/search", "/v1/pivot", "/v1/dashboard", "/v1/exports", *NAMES}
    others |= {f"/v1/exports/all.{form}" for form in WHOLE}
    assert paths == {*others, *(one.path for one in QUESTIONS)}


def test_every_operation_is_described_and_says_how_it_fails(operations: dict[str, Json]) -> None:
    for name, operation in operations.items():
        assert operation.get("summary"), name
        assert operation.get("description"), name
        assert len(operation["tags"]) == 1, name
        failing = operation["responses"]["default"]["content"]["application/problem+json"]
        assert failing["schema"] == {"$ref": "#/components/schemas/Problem"}, name
        assert "HTTPValidationError" not in str(operation), name


def test_every_operation_id_is_short_and_unique(operations: dict[str, Json]) -> None:
    ids = [operation["operationId"] for operation in operations.values()]
    assert max(Counter(ids).values()) == 1
    assert [id for id in ids if not re.fullmatch(r"[a-z]+(_[a-z]+){0,2}", id) or len(id) > 24] == []
    assert {"statements_list", "statements_get", "statements_facets"} <= set(ids)


def test_every_tag_is_described(document: Json, operations: dict[str, Json]) -> None:
    described = {tag["name"] for tag in document["tags"] if tag["description"]}
    assert {tag for operation in operations.values() for tag in operation["tags"]} <= described


def test_every_parameter_is_described_and_typed(operations: dict[str, Json]) -> None:
    for name, operation in operations.items():
        for parameter in operation.get("parameters", []):
            at = f"{name} {parameter['name']}"
            assert len(parameter.get("description", "")) > 5, at
            assert parameter["schema"].keys() & {"type", "$ref", "anyOf", "items", "enum"}, at


def test_no_parameter_may_be_null(operations: dict[str, Json]) -> None:
    for name, operation in operations.items():
        assert '"null"' not in str(operation.get("parameters", [])).replace("'", '"'), name


def test_every_parameter_is_documented_and_every_documented_one_taken(
    client: TestClient, operations: dict[str, Json]
) -> None:
    for resource in RESOURCES:
        operation = operations[f"get /v1/{resource.name}"]
        documented = {parameter["name"] for parameter in operation["parameters"]}
        assert documented == set(resource.list_parameters.model_fields)
        problem = client.get(f"/v1/{resource.name}?none=").json()
        assert set(problem["errors"][0]["allowed"]) == documented


def test_every_field_of_every_answer_is_described(document: Json) -> None:
    """A field whose name and type say it all needs no words: its schema is named or an enum."""
    bare = [
        f"{name}.{field}"
        for name, schema in document["components"]["schemas"].items()
        for field, told in schema.get("properties", {}).items()
        if not told.get("description") and not is_named(told)
    ]
    assert bare == []


def is_named(told: Json) -> bool:
    options = told.get("anyOf", [told])
    return any("$ref" in option for option in options)


def test_every_enumeration_is_named_and_lower_snake_case(document: Json) -> None:
    named = {}
    for path, node in nodes(document["components"]["schemas"], "/schemas"):
        if "enum" in node and node.get("type") == "string":
            assert re.fullmatch(r"/schemas/[A-Za-z]+", path), path
            named[path] = node["enum"]
    assert named
    for path, members in named.items():
        # Languages have the names that they have elsewhere.
        if path.rpartition("/")[2] != "Language":
            assert [one for one in members if not re.fullmatch(r"[a-z0-9_]+", one)] == [], path


def test_no_enumeration_is_empty(document: Json) -> None:
    assert [path for path, node in nodes(document) if node.get("enum") == []] == []


def test_fields_that_are_always_there_are_required(document: Json) -> None:
    schemas = document["components"]["schemas"]
    for resource in RESOURCES:
        schema = (
            schemas[resource.out.__name__.removesuffix("Out")]
            if (resource.out.__name__ not in schemas)
            else schemas[resource.out.__name__]
        )
        optional = set(schema["properties"]) - set(schema.get("required", []))
        assert optional == set(resource.includes), resource.name


def test_schema_names_are_plain_words(document: Json) -> None:
    names = document["components"]["schemas"]
    assert [name for name in names if not re.fullmatch(r"[A-Z][A-Za-z]+", name)] == []


def test_the_document_names_no_other_host_than_this_one(document: Json) -> None:
    assert [server["url"] for server in document["servers"]] == ["/"]
    assert document["info"]["license"]["identifier"] == "Apache-2.0"
