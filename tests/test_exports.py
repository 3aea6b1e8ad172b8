"""Exports: all records of a collection as one file, read by the tools that people have."""

import csv
import io
import json
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import on_sqlite
from reading import PUBLIC_URL, read
from serving import serving
from starlette.testclient import TestClient

from app.query.forms import EXPORTED, exported, flat
from app.query.resource import Resource
from app.resources import RESOURCES

COLLECTIONS = pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
EACH = pytest.mark.parametrize(
    ("resource", "form"),
    [(one, form) for one in RESOURCES for form in exported(one.out)],
    ids=lambda one: getattr(one, "name", one),
)


def slugs(client: TestClient, resource: Resource, **params: str) -> list[str]:
    """The records of the paged list, page by page."""
    path = f"/v1/{resource.name}"
    found: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = client.get(path, params={"limit": "200", **params, **cursor}).json()
        found += [item["slug"] for item in answer["items"]]
        if answer["next_cursor"] is None:
            return found
        cursor = {"cursor": answer["next_cursor"]}


@EACH
def test_every_form_that_suits_is_exported(
    client: TestClient, resource: Resource, form: str
) -> None:
    answer = client.get(f"/v1/exports/{resource.name}.{form}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == EXPORTED[form].media_type
    assert answer.headers["content-disposition"] == (
        f'attachment; filename="{resource.name}.{form}"'
    )
    assert int(answer.headers["total-count"]) == len(slugs(client, resource))
    assert int(answer.headers["content-length"]) == len(answer.content)


@COLLECTIONS
def test_parquet(client: TestClient, resource: Resource) -> None:
    answer = client.get(f"/v1/exports/{resource.name}.parquet")
    table = pq.read_table(io.BytesIO(answer.content))
    assert table.column("slug").to_pylist() == slugs(client, resource)
