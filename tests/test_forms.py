"""Lists as csv and ndjson: the same records, read by the tools that people have."""

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

import pandas as pd
import polars as pl
import pytest
from pydantic import BaseModel
from reading import PUBLIC_URL
from serving import serving
from starlette.testclient import TestClient

from app.query.forms import FORMS, flat
from app.query.forms.tabular import CSV
from app.query.forms.writer import Dialect, Table
from app.query.resource import Resource
from app.resources import RESOURCES

BY_NAME = {one.name: one for one in RESOURCES}
COLLECTIONS = pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
FLAT = pytest.mark.parametrize("form", ["csv", "ndjson"])


@pytest.fixture(scope="module")
def server(seeded: str) -> Iterator[str]:
    with serving(seeded) as address:
        yield address


def rows(text: str, form: str) -> list[dict[str, Any]]:
    if form == "csv":
        return list(csv.DictReader(io.StringIO(text, newline="")))
    return [json.loads(line) for line in text.splitlines()]


def slugs(client: TestClient, resource: Resource) -> list[str]:
    answer = client.get(f"/v1/{resource.name}", params={"limit": 200}).json()
    return [item["slug"] for item in answer["items"]]


@COLLECTIONS
def test_columns_have_names_of_their_own(resource: Resource) -> None:
    names = flat.header(resource.out, tuple(resource.out.model_fields))
    assert len(names) == len(set(names))


@FLAT
@COLLECTIONS
def test_a_form_has_the_records_of_json(client: TestClient, resource: Resource, form: str) -> None:
    include = ",".join(resource.includes)
    params: dict[str, str] = {"limit": "200", "format": form, "include": include}
    answer = client.get(f"/v1/{resource.name}", params=params)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == FORMS[form].media_type
    found = rows(answer.text, form)
    assert [row["slug"] for row in found] == slugs(client, resource)
    header = flat.header(resource.out, (*resource.shown, *resource.includes))
    assert all(list(row) == header for row in found)


@FLAT
def test_accept_asks_for_a_form(client: TestClient, form: str) -> None:
    media_type = FORMS[form].media_type.partition(";")[0]
    answer = client.get("/v1/meetings", headers={"Accept": f"application/pdf, {media_type};q=0.5"})
    assert answer.headers["content-type"].partition(";")[0] == media_type


def test_the_first_form_that_suits_is_json(client: TestClient) -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    answer = client.get("/v1/meetings", headers={"Accept": browser})
    assert answer.headers["content-type"] == "application/json"


class Ally(BaseModel):
    name: str | None


class Allied(BaseModel):
    allies: list[Ally]


@pytest.mark.parametrize(
    ("names", "cell"),
    [
        ([], None),
        ([None], None),
        (["a"], "a"),
        (["a", None], "a; "),
        ([None, None], "; "),
        ([None, None, None], "; ; "),
    ],
)
def test_each_of_several_values_has_a_place(names: list[str | None], cell: str | None) -> None:
    item = {"allies": [{"name": name} for name in names]}
    [row] = flat.rows(Allied, ("allies",), [item])
    assert row == {"allies_count": len(names), "ally_name": cell}


def test_a_statement_as_a_row(client: TestClient) -> None:
    params = {"format": "csv", "slug": "iwaya-on-shared-responsibility"}
    row = rows(client.get("/v1/statements", params=params).text, "csv")[0]
    asked = ("speakers_count", "speaker_slug", "about_code", "own_words", "quotes_count", "name")
    assert {name: row[name] for name in asked} == {
        "speakers_count": "1",
        "speaker_slug": "iwaya-takeshi",
        "about_code": "CHN; JPN; KOR",
        "own_words": "true",
        "quotes_count": "2",
        "name": "",
    }


def test_values_keep_their_types_in_ndjson(client: TestClient) -> None:
    params = {"format": "ndjson", "slug": "dokdo-takeshima-islands"}
    row = rows(client.get("/v1/disputes", params=params).text, "ndjson")[0]
    assert (row["coordinates_latitude"], row["parties_count"], row["administrator_slug"]) == (
        37.2417,
        2,
        None,
    )


def test_a_form_that_does_not_suit_is_refused_with_those_that_do(client: TestClient) -> None:
    answer = client.get("/v1/statements?format=geojson")
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["parameter"]) == (406, "format")
    assert error["allowed"] == list(BY_NAME["statements"].forms)
    assert "geojson" not in error["allowed"]


def test_a_form_that_does_not_exist_is_refused(client: TestClient) -> None:
    answer = client.get("/v1/disputes?format=geojsno")
    error = answer.json()["errors"][0]
    assert (answer.status_code, error["did_you_mean"]) == (422, "geojson")


@COLLECTIONS
def test_other_forms_are_announced(client: TestClient, resource: Resource) -> None:
    first = client.get(f"/v1/{resource.name}?limit=1&sort=id").json()["items"][0]
    for path in (f"/v1/{resource.name}", f"/v1/{resource.name}/{first['id']}"):
        answer = client.get(path, params={"lang": "ja"})
        links = re.findall(r'<([^>]*)>; rel="alternate"; type="([^"]*)"', answer.headers["link"])
        wanted = [(name, form) for name, form in resource.forms.items() if name != "json"]
        assert [media_type for _, media_type in links] == [
            form.media_type.partition(";")[0] for _, form in wanted
        ]
        for (address, _), (name, form) in zip(links, wanted, strict=True):
            assert address == f"{PUBLIC_URL}{path}?lang=ja&format={name}"
            found = client.get(address.removeprefix(PUBLIC_URL))
            assert (found.status_code, found.headers["content-type"]) == (200, form.media_type)


def test_a_long_address_is_not_repeated_for_every_form(client: TestClient) -> None:
    answer = client.get("/v1/meetings", params={"q": "meeting " * 20, "slug": "a" * 200, "id": "b"})
    assert "alternate" not in answer.headers.get("link", "")


def test_a_record_comes_in_other_forms(client: TestClient) -> None:
    [row] = rows(client.get("/v1/disputes/dokdo-takeshima-islands?format=csv").text, "csv")
    assert row["slug"] == "dokdo-takeshima-islands"


@FLAT
def test_pages_follow_each_other(client: TestClient, form: str) -> None:
    address: str | None = f"{PUBLIC_URL}/v1/evidence?limit=40&with_total=true&format={form}"
    seen: list[str] = []
    while address:
        assert address.startswith(PUBLIC_URL)
        answer = client.get(address.removeprefix(PUBLIC_URL))
        seen += [row["id"] for row in rows(answer.text, form)]
        address = answer.links["next"]["url"] if "next" in answer.links else None
    assert len(seen) == len(set(seen)) == int(answer.headers["total-count"])


def test_nothing_found_is_a_header_alone(client: TestClient) -> None:
    answer = client.get("/v1/meetings?format=csv&status=cancelled&fields=slug")
    assert answer.text == "id,slug\r\n"


class Cells(BaseModel):
    text: str | None
    number: float | None
    whole: int | None
    texts: list[str]
    numbers: list[float]
    either: str | float | None


@pytest.mark.parametrize(
    ("cells", "written"),
    [
        ({"text": "=1+1", "number": -77.0164, "whole": -2}, "'=1+1,-77.0164,-2,0,,0,,"),
        ({"text": "-77.0164"}, "'-77.0164,,,0,,0,,"),
        ({"text": "@x"}, "'@x,,,0,,0,,"),
        ({"text": "\t=1"}, "'\t=1,,,0,,0,,"),
        ({"text": "\uff1d1"}, "'\uff1d1,,,0,,0,,"),
        ({"text": "\uff0b1"}, "'\uff0b1,,,0,,0,,"),
        ({"text": "\uff0d1"}, "'\uff0d1,,,0,,0,,"),
        ({"text": "\uff201"}, "'\uff201,,,0,,0,,"),
        ({"text": "a=b; =c"}, "a=b; =c,,,0,,0,,"),
        ({"texts": ["=a", "b=", "\uff1dc"]}, ",,,3,'=a; b=; '\uff1dc,0,,"),
        ({"either": -1.5}, ",,,0,,0,,-1.5"),
        ({"either": "-1.5"}, ",,,0,,0,,'-1.5"),
        ({"numbers": [-1.5, -2.5]}, ",,,0,,2,-1.5; -2.5,"),
    ],
)
def test_cells_that_a_spreadsheet_would_execute_are_defused(
    cells: dict[str, Any], written: str
) -> None:
    unknown = dict.fromkeys(("text", "number", "whole"))
    item = {**unknown, "texts": [], "numbers": [], "either": None, **cells}
    table = Table(Cells, tuple(item), {"items": [item]}, Dialect.excel)
    header = "\ufefftext,number,whole,texts_count,texts,numbers_count,numbers,either"
    assert CSV.write(table).decode() == f"{header}\r\n{written}\r\n"
    plain = CSV.write(Table(Cells, tuple(item), {"items": [item]})).decode()
    assert "'" not in plain


def test_numbers_stay_numbers_in_a_spreadsheet(client: TestClient) -> None:
    asked = {"format": "csv", "slug": "usa", "fields": "slug,coordinates"}
    plain = client.get("/v1/countries", params=asked).text
    excel = client.get("/v1/countries", params={**asked, "dialect": "excel"}).text
    assert rows(plain, "csv")[0]["coordinates_longitude"] == "-77.0164"
    assert excel == f"\ufeff{plain}"


def test_a_dialect_of_no_csv_is_refused(client: TestClient) -> None:
    answer = client.get("/v1/meetings?dialect=excel")
    assert (answer.status_code, answer.json()["errors"][0]["parameter"]) == (422, "dialect")


@pytest.mark.parametrize(
    ("range_", "status", "part"),
    [
        ("bytes=0-9", 206, slice(0, 10)),
        ("bytes=5-", 206, slice(5, None)),
        ("bytes=-7", 206, slice(-7, None)),
        ("bytes=0-999999999", 206, slice(0, None)),
        ("bytes=0-1,3-4", 200, slice(0, None)),
        ("lines=0-1", 200, slice(0, None)),
        ("bytes=-", 200, slice(0, None)),
        ("bytes=9-3", 416, None),
        ("bytes=999999999-", 416, None),
        ("bytes=-0", 416, None),
    ],
)
@FLAT
def test_ranges(client: TestClient, form: str, range_: str, status: int, part: Any) -> None:
    address = f"/v1/disputes?format={form}"
    whole = client.get(address).content
    answer = client.get(address, headers={"Range": range_})
    assert answer.status_code == status
    if part is None:
        assert answer.headers["content-range"] == f"bytes */{len(whole)}"
        assert answer.json()["code"] == "range_not_satisfiable"
    else:
        assert answer.content == whole[part]


@FLAT
def test_head_tells_the_length(client: TestClient, form: str) -> None:
    address = f"/v1/disputes?format={form}"
    head, whole = client.head(address), client.get(address)
    assert (head.content, int(head.headers["content-length"])) == (b"", len(whole.content))
    assert head.headers["accept-ranges"] == "bytes"
    # A range is one of a body, which the answer to HEAD does not have.
    part = client.head(address, headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.headers["content-length"]) == (200, str(len(whole.content)))


@COLLECTIONS
def test_pandas_opens_an_address(server: str, client: TestClient, resource: Resource) -> None:
    address = f"{server}/v1/{resource.name}?limit=200"
    assert list(pd.read_csv(f"{address}&format=csv")["slug"]) == slugs(client, resource)
    lines = pd.read_json(f"{address}&format=ndjson", lines=True)
    assert list(lines["slug"]) == slugs(client, resource)


@COLLECTIONS
def test_polars_opens_an_address(server: str, client: TestClient, resource: Resource) -> None:
    address = f"{server}/v1/{resource.name}?limit=200"
    assert list(pl.read_csv(f"{address}&format=csv")["slug"]) == slugs(client, resource)
    lazy = pl.scan_csv(f"{address}&format=csv", infer_schema=False)
    assert list(lazy.select("slug").collect()["slug"]) == slugs(client, resource)
    lines = pl.read_ndjson(f"{address}&format=ndjson", infer_schema_length=None)
    assert list(lines["slug"]) == slugs(client, resource)
