"""The OpenAPI document, so far as FastAPI does not write it by itself."""

from typing import Any

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
    return app.openapi_schema


def _add_problem(schemas: dict[str, Any]) -> None:
    """Errors have a media type of their own, for which FastAPI makes no schemas."""
    _, found = models_json_schema([(Problem, "serialization")], ref_template=REFERENCE)
    schemas.update(found["$defs"])
