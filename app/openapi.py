"""The OpenAPI document, so far as FastAPI does not write it by itself."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from app.errors import MEDIA_TYPE, Problem

REFERENCE = "#/components/schemas/{model}"
CONTENT = {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(model="Problem")}}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "What was wrong with the request (RFC 9457).", "content": CONTENT},
    "default": {"description": "What failed here (RFC 9457).", "content": CONTENT},
}

EXAMPLES = Path(__file__).resolve().parent / "static" / "examples.json"
"""A request of each operation and what the seeded knowledge base answers; see docs/examples.py."""


def document(app: FastAPI) -> dict[str, Any]:
    """The document of ``app``, made once."""
    if app.openapi_schema is None:
        app.openapi_schema = get_openapi(
            title=app.title,
            version=app.version,
            summary=app.summary,
            description=app.description,
            routes=app.routes,
            tags=app.openapi_tags,
            servers=app.servers,
            license_info=app.license_info,
        )
        # Everything is open to everybody, which the document is to say.
        app.openapi_schema["security"] = []
        _add_problem(app.openapi_schema["components"]["schemas"])
        _add_examples(app.openapi_schema["paths"])
    return app.openapi_schema


def _add_problem(schemas: dict[str, Any]) -> None:
    """Errors have a media type of their own, for which FastAPI makes no schemas."""
    _, found = models_json_schema([(Problem, "serialization")], ref_template=REFERENCE)
    schemas.update(found["$defs"])


def _add_examples(paths: dict[str, Any]) -> None:
    """A true answer for each operation, and the parameters that ask for it."""
    for path, methods in paths.items():
        for operation in methods.values():
            example = _examples().get(operation["operationId"])
            if example is not None:
                _add_parameters(path, operation, example["request"].rpartition(" ")[2])
                _add_answer(operation["responses"], example)
                if "body" in example:
                    [content] = operation["requestBody"]["content"].values()
                    content["examples"] = {"seeded": {"value": example["body"]}}


@cache
def _examples() -> dict[str, Any]:
    """The examples by operation; none where they have not been written yet."""
    found: dict[str, Any] = json.loads(EXAMPLES.read_text("utf-8")) if EXAMPLES.exists() else {}
    return found


def _add_parameters(path: str, operation: dict[str, Any], request: str) -> None:
    """The values that an example's request gives to parameters."""
    given = dict(_given(path, request))
    for parameter in operation.get("parameters", ()):
        if parameter["name"] in given:
            parameter["example"] = _typed(given[parameter["name"]], parameter["schema"])


def _given(path: str, request: str) -> Iterator[tuple[str, str]]:
    """The parameters of a request, those in its path among them."""
    asked = urlsplit(request)
    places = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
    found = re.fullmatch(places, asked.path)
    for name, value in found.groupdict().items() if found else ():
        yield name, unquote(value)
    yield from parse_qsl(asked.query)


def _typed(value: str, schema: dict[str, Any]) -> Any:
    """A value of a query, as the document's schema of the parameter has it."""
    match schema.get("type"):
        case "array":
            return [_typed(one, schema["items"]) for one in value.split(",")]
        case "integer" | "boolean":
            return json.loads(value)
        case _:
            return value


def _add_answer(responses: dict[str, Any], example: dict[str, Any]) -> None:
    """The answer, under the address that was asked; none where it is no text."""
    if "answer" not in example:
        return
    method, _, request = example["request"].rpartition(" ")
    told, summary = example["answer"], f"{method or 'GET'} {request}"
    if "of" in example:
        summary = f"{example['of'].capitalize()} of {summary}"
    media_type = example.get("media_type", "application/json")
    if "308" in responses:
        header = {"description": "Where it is.", "schema": {"type": "string"}}
        responses["308"]["headers"] = {"Location": header | {"example": told["Location"]}}
    else:
        content = responses["200"]["content"][media_type]
        content["examples"] = {"seeded": {"summary": summary, "value": told}}
