"""Exports: all records of a collection as one file, read by the tools that people have."""

import csv
import errno
import io
import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from urllib.request import urlretrieve

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
import rdflib
from conftest import client_of, disposing, on_sqlite
from httpx2 import Response
from reading import PUBLIC_URL, everything, local, read, refused
from serving import serving
from sqlmodel import col, select
from starlette.testclient import TestClient

from app import db, main
from app.bundles import whole
from app.db import create_engine, write
from app.exports.making import Draft, Exports
from app.exports.router import build_router
from app.exports.whole import WHOLE, Everything, Whole
from app.main import create_app
from app.models import Record
from app.query import listing
from app.query.forms import EXPORTED, exported, flat
from app.query.forms.tabular import NDJSON
from app.query.resource import Resource
from app.resources import RESOURCES
from app.settings import Settings

COLLECTIONS = pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
EACH = [(one.name, form) for one in RESOURCES for form in exported(one.out)]
TOPICS = "/v1/exports/topics.ndjson"


@pytest.fixture(scope="module")
def server(seeded: str) -> Iterator[str]:
    with serving(seeded) as address:
        yield address


@contextmanager
def service(url: str, **settings: Any) -> Iterator[tuple[TestClient, Exports]]:
    """A service with settings of its own, and what keeps its files."""
    app = create_app(Settings(database_url=url, public_url=PUBLIC_URL, **settings))
    with client_of(app) as client:
        yield client, app.state.exports


def files(exports: Exports) -> list[Path]:
    assert exports.folder is not None
    return [*exports.folder.iterdir()]


def rows_of(query: str) -> list[Any]:
    """What DuckDB answers."""
    relation = duckdb.sql(query)
    assert relation is not None
    return relation.fetchall()


def lines(answer: Response) -> list[dict[str, Any]]:
    assert answer.status_code == 200, answer.text
    return [json.loads(line) for line in answer.text.splitlines()]


@pytest.mark.parametrize(("collection", "form"), EACH)
def test_every_collection_in_every_form(client: TestClient, collection: str, form: str) -> None:
    answer = client.get(f"/v1/exports/{collection}.{form}")
    assert answer.status_code == 200
    headers = answer.headers
    assert headers["content-type"] == EXPORTED[form].media_type
    assert headers["content-disposition"] == f'attachment; filename="{collection}.{form}"'
    assert headers["content-language"] == "en"
    assert int(headers["content-length"]) == len(answer.content)
    total = read(client, f"/v1/{collection}", limit=1, with_total="true")["total"]
    assert int(headers["total-count"]) == total


@COLLECTIONS
def test_records_are_those_of_the_pages(client: TestClient, resource: Resource) -> None:
    include = ",".join(resource.includes)
    params = {"include": include} if include else {}
    pages = everything(client, resource.name, **params)
    rows = list(flat.rows(resource.out, [*resource.shown, *resource.includes], pages))
    assert lines(client.get(f"/v1/exports/{resource.name}.ndjson", params=params)) == rows
    answer = client.get(f"/v1/exports/{resource.name}.csv", params=params)
    found = list(csv.reader(io.StringIO(answer.text, newline="")))
    assert found == [[*rows[0]], *([*map(flat.text, row.values())] for row in rows)]


@pytest.mark.parametrize(
    "params",
    [
        {"about": "PRK", "sort": "date,-slug"},
        {"fields": "name,date_edtf,speakers", "lang": "ja", "basis": "source"},
        {"include": "evidence", "own_words": "false"},
        {"names_by": "KOR"},
        {"q": "nothing of the kind"},
    ],
)
def test_an_export_takes_what_the_list_takes(client: TestClient, params: dict[str, str]) -> None:
    paged = {**params, "format": "ndjson", "limit": "100"}
    answer = client.get("/v1/statements", params=paged)
    assert answer.status_code == 200
    pages = answer.text.splitlines()
    while "next" in answer.links:
        answer = client.get(local(answer.links["next"]["url"]))
        pages += answer.text.splitlines()
    assert client.get("/v1/exports/statements.ndjson", params=params).text.splitlines() == pages


@on_sqlite
@COLLECTIONS
def test_tools_find_the_records(
    server: str, client: TestClient, tmp_path: Path, resource: Resource
) -> None:
    slugs = [one["slug"] for one in everything(client, resource.name, fields="slug")]
    address = f"{server}/v1/exports/{resource.name}"
    assert list(pd.read_csv(f"{address}.csv")["slug"]) == slugs
    assert list(pl.read_csv(f"{address}.csv", infer_schema=False)["slug"]) == slugs
    assert list(pd.read_json(f"{address}.ndjson", lines=True)["slug"]) == slugs
    ndjson = pl.read_ndjson(f"{address}.ndjson", infer_schema_length=None)
    assert list(ndjson["slug"]) == slugs
    # DuckDB needs an extension to open addresses.
    for form in ("csv", "ndjson", "parquet"):
        urlretrieve(f"{address}.{form}", tmp_path / f"all.{form}")
        found = rows_of(f"SELECT slug FROM '{tmp_path}/all.{form}'")
        assert [slug for (slug,) in found] == slugs
    path = tmp_path / "all.parquet"
    assert pq.read_table(path).column("slug").to_pylist() == slugs
    assert list(pd.read_parquet(path)["slug"]) == slugs
    assert list(pl.read_parquet(path)["slug"]) == slugs


@on_sqlite
def test_columns_of_parquet_have_types(client: TestClient, tmp_path: Path) -> None:
    path = tmp_path / "statements.parquet"
    slug = "iwaya-on-shared-responsibility"
    path.write_bytes(client.get("/v1/exports/statements.parquet", params={"slug": slug}).content)
    table = pq.read_table(path)
    kinds = {field.name: str(field.type) for field in table.schema}
    told = {
        "slug": "string",
        "date_earliest": "date32[day]",
        "created_at": "timestamp[us, tz=UTC]",
        "version": "int64",
        "own_words": "bool",
        "kind": "string",
        "speakers_count": "int64",
        "about_code": "list<element: string>",
        "name": "string",
    }
    assert {name: kinds[name] for name in told} == told
    [row] = table.to_pylist()
    record = read(client, f"/v1/statements/{slug}")
    assert row["date_earliest"] == date.fromisoformat(record["date_earliest"])
    assert row["created_at"] == datetime.fromisoformat(record["created_at"])
    assert row["created_at"].utcoffset() == timedelta(0)
    assert (row["speaker_slug"], row["own_words"]) == (["iwaya-takeshi"], True)
    assert (row["about_code"], row["name"]) == (["CHN", "JPN", "KOR"], None)
    assert list(pd.read_parquet(path)["about_code"][0]) == ["CHN", "JPN", "KOR"]
    assert pl.read_parquet(path)["about_code"].to_list() == [["CHN", "JPN", "KOR"]]
    query = f"SELECT about_code, typeof(date_earliest), own_words FROM '{path}'"
    assert rows_of(query) == [(["CHN", "JPN", "KOR"], "DATE", True)]


@on_sqlite
def test_parquet_of_nothing_has_its_columns(client: TestClient) -> None:
    answer = client.get("/v1/exports/disputes.parquet?q=nothing+of+the+kind&fields=slug")
    table = pq.read_table(io.BytesIO(answer.content))
    assert (table.num_rows, table.column_names) == (0, ["id", "slug"])
    assert answer.headers["total-count"] == "0"


@on_sqlite
def test_without_the_library_parquet_is_refused(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    problem = refused(client, "/v1/exports/topics.parquet", 501)
    assert (problem["code"], "`parquet`" in problem["detail"]) == ("not_installed", True)
    forms = {one["form"] for one in read(client, "/v1/exports")["exports"]}
    assert "parquet" not in forms


def test_what_can_be_exported_is_listed(client: TestClient) -> None:
    assert read(client, "/v1/exports")["exports"] == [
        {
            "collection": collection,
            "form": form,
            "media_type": EXPORTED[form].media_type,
            "url": f"{PUBLIC_URL}/v1/exports/{collection}.{form}",
        }
        for collection, form in EACH
    ] + [
        {
            "collection": "all",
            "form": form,
            "media_type": whole.media_type,
            "url": f"{PUBLIC_URL}/v1/exports/all.{form}",
        }
        for form, whole in WHOLE.items()
    ]
    assert {"csv", "ndjson", "geojson", "parquet"} <= {form for _, form in EACH}
    assert ("statements", "geojson") not in EACH
    assert read(client, "/")["links"]["exports"] == f"{PUBLIC_URL}/v1/exports"


@on_sqlite
def test_the_last_line_tells_how_many(client: TestClient) -> None:
    plain = client.get(TOPICS)
    counted = client.get(TOPICS, params={"count": "true"})
    number = int(plain.headers["total-count"])
    assert counted.text == plain.text + json.dumps({"count": number}, separators=(",", ":")) + "\n"
    assert counted.headers["total-count"] == str(number)
    params = {"fields": "slug,label", "dialect": "excel"}
    plain = client.get("/v1/exports/topics.csv", params=params)
    counted = client.get("/v1/exports/topics.csv", params={**params, "count": "true"})
    assert counted.text == f"{plain.text}count={number},,\r\n"


@on_sqlite
@pytest.mark.parametrize(
    ("path", "status", "expected"),
    [
        ("statments.csv", 404, ("unknown_path", "collection", "statements")),
        ("statements.cvs", 404, ("unknown_path", "form", "csv")),
        ("statements.json", 406, ("not_acceptable", "form", None)),
        ("statements.geojson", 406, ("not_acceptable", "form", None)),
        ("disputes.ics", 406, ("not_acceptable", "form", None)),
        ("disputes.zip", 406, ("not_acceptable", "form", None)),
        ("all.csv", 406, ("not_acceptable", "form", None)),
        ("statements", 404, ("unknown_path", "form", None)),
        ("all.zpi", 404, ("unknown_path", "form", "zip")),
        ("topics.csv?limit=5", 422, ("unknown_parameter", "limit", None)),
        ("topics.csv?cursor=5", 422, ("unknown_parameter", "cursor", "sort")),
        ("topics.csv?format=csv", 422, ("unknown_parameter", "format", "sort")),
        ("topics.csv?parnet=trade", 422, ("unknown_parameter", "parnet", "parent")),
        ("topics.csv?parent=trad", 422, ("unknown_reference", "parent", "trade")),
        ("topics.csv?sort=nmae", 422, ("unknown_sort", "sort", "name")),
        ("topics.ndjson?dialect=excel", 422, ("unsuitable_parameter", "dialect", None)),
        ("topics.parquet?count=true", 422, ("unsuitable_parameter", "count", None)),
    ],
)
def test_what_is_refused(
    client: TestClient, path: str, status: int, expected: tuple[str | None, ...]
) -> None:
    [fault] = refused(client, f"/v1/exports/{path}", status)["errors"]
    assert (fault["code"], fault["parameter"], fault["did_you_mean"]) == expected
    if status in (404, 406):
        names = {one.name for one in RESOURCES} | {"all"}
        of = path.partition(".")[0]
        forms = {*WHOLE} if of == "all" else {form for name, form in EACH if name == of}
        assert {*fault["allowed"]} == (names if expected[1] == "collection" else forms)


@on_sqlite
def test_no_export_within_a_dashboard(client: TestClient) -> None:
    problem = refused(client, "/v1/dashboard", ask=f"all={TOPICS}")
    assert problem["errors"][0]["detail"].startswith("`all`: An export is a file")


@on_sqlite
def test_the_document_has_every_export(client: TestClient) -> None:
    paths = read(client, "/openapi.json")["paths"]
    told = paths["/v1/exports/statements.{form}"]["get"]
    assert told["operationId"] == "exports_statements"
    names = {one["name"]: one for one in told["parameters"]}
    assert names["form"]["schema"]["enum"] == [form for of, form in EACH if of == "statements"]
    assert {"speaker", "q", "sort", "lang", "count", "dialect"} <= {*names}
    assert {"limit", "cursor", "format", "with_total"}.isdisjoint(names)
    assert paths["/v1/exports"]["get"]["operationId"] == "exports_list"


# Parts, as RFC 9110 has them


@on_sqlite
@pytest.mark.parametrize(
    ("range_", "part"),
    [
        ("bytes=0-9", slice(0, 10)),
        ("bytes=5-", slice(5, None)),
        ("bytes=-7", slice(-7, None)),
        ("bytes=0-999999999", slice(0, None)),
        ("bytes=0-1,3-4", None),
        ("lines=0-1", None),
    ],
)
def test_a_part(client: TestClient, range_: str, part: slice | None) -> None:
    whole = client.get(TOPICS)
    answer = client.get(TOPICS, headers={"Range": range_})
    assert (whole.headers["accept-ranges"], whole.status_code) == ("bytes", 200)
    assert answer.headers["etag"] == whole.headers["etag"]
    assert answer.content == (whole.content if part is None else whole.content[part])
    size = len(whole.content)
    start, end, _ = (part or slice(0)).indices(size)
    told = None if part is None else f"bytes {start}-{end - 1}/{size}"
    assert (answer.status_code, answer.headers.get("content-range")) == (
        (200, None) if part is None else (206, told)
    )


@on_sqlite
@pytest.mark.parametrize("range_", ["bytes=999999999-", "bytes=9-3", "bytes=-0"])
def test_a_part_that_there_is_not(client: TestClient, range_: str) -> None:
    size = len(client.get(TOPICS).content)
    answer = client.get(TOPICS, headers={"Range": range_})
    assert (answer.status_code, answer.json()["code"]) == (416, "range_not_satisfiable")
    assert answer.headers["content-range"] == f"bytes */{size}"


@on_sqlite
def test_a_part_under_a_condition(client: TestClient) -> None:
    tag = client.get(TOPICS).headers["etag"]
    assert tag.startswith('"')
    for known, status in [(tag, 206), (f"W/{tag}", 200), ('"other"', 200), (LONG_AGO, 200)]:
        headers = {"Range": "bytes=3-5", "If-Range": known}
        answer = client.get(TOPICS, headers=headers)
        assert (answer.status_code, len(answer.content) == 3) == (status, status == 206)


@on_sqlite
@pytest.mark.parametrize(
    ("known", "status"),
    [("{tag}", 200), ('"x", {tag}', 200), ("*", 200), ('"x"', 412), ("W/{tag}", 412)],
)
def test_a_file_that_must_be_the_same(seeded: str, known: str, status: int) -> None:
    with service(seeded) as (client, exports):
        tag = client.head("/v1/exports/topics.csv").headers["etag"]
        other = client.get(TOPICS, headers={"If-Match": known.format(tag=tag)})
        assert other.status_code == (200 if known == "*" else 412)
        answer = client.get("/v1/exports/topics.csv", headers={"If-Match": known.format(tag=tag)})
        assert answer.status_code == status
        if status == 412:
            assert (answer.json()["code"], "etag" in answer.headers) == (
                "precondition_failed",
                False,
            )
        # What is not wanted is not made.
        assert len(files(exports)) == (2 if known == "*" else 1)


@on_sqlite
def test_the_tag_depends_on_the_language_and_not_on_accept(client: TestClient) -> None:
    plain = client.get(TOPICS)
    tag = plain.headers["etag"]
    varying = {one.strip() for one in plain.headers["vary"].split(",")}
    assert "Accept-Language" in varying
    assert "Accept" not in varying
    known = client.get(TOPICS, headers={"Accept": "text/csv", "If-None-Match": tag})
    assert (known.status_code, known.headers["etag"]) == (304, tag)
    assert known.headers["vary"] == plain.headers["vary"]
    assert client.get(TOPICS, headers={"Accept-Language": "ja"}).headers["etag"] != tag


LONG_AGO = "Mon, 01 Jan 2001 00:00:00 GMT"


@on_sqlite
def test_head_tells_all_but_the_file(client: TestClient) -> None:
    whole = client.get(TOPICS)
    head = client.head(TOPICS, headers={"Range": "bytes=0-3"})
    assert (head.status_code, head.content) == (200, b"")
    told = {*whole.headers} - {"x-request-id", "date"}
    assert {name: head.headers[name] for name in told} == {
        name: whole.headers[name] for name in told
    }


@on_sqlite
def test_a_part_goes_on_after_a_restart_and_what_is_known_is_not_made(seeded: str) -> None:
    with service(seeded) as (client, _):
        begun = client.get("/v1/exports/topics.parquet")
    with service(seeded) as (client, exports):
        known = {"If-None-Match": begun.headers["etag"]}
        same = client.get("/v1/exports/topics.parquet", headers=known)
        assert (same.status_code, same.content) == (304, b"")
        assert same.headers["etag"] == begun.headers["etag"]
        assert files(exports) == []
        headers = {"Range": "bytes=100-", "If-Range": begun.headers["etag"]}
        rest = client.get("/v1/exports/topics.parquet", headers=headers)
        assert (rest.status_code, begun.content[:100] + rest.content) == (206, begun.content)


# Making and keeping


class Held:
    """Reads that stop after the first record until they are let go."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.begun, self.go = threading.Event(), threading.Event()
        self.times = 0
        self._every = listing.every
        monkeypatch.setattr("app.exports.whole.every", self)

    def __call__(self, *arguments: Any) -> Iterator[Any]:
        self.times += 1
        items = self._every(*arguments)
        yield next(items)
        self.begun.set()
        assert self.go.wait(30)
        yield from items


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Held:
    return Held(monkeypatch)


@on_sqlite
def test_few_are_made_at_a_time_and_each_once(
    seeded: str, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.exports.making.PATIENCE", 0.05)
    with (
        service(seeded, exports_at_once=1) as (client, exports),
        ThreadPoolExecutor(2) as pool,
    ):
        first = pool.submit(client.get, TOPICS)
        assert held.begun.wait(30)
        second = pool.submit(client.get, TOPICS)
        answer = client.get("/v1/exports/topics.csv")
        assert (answer.status_code, answer.json()["code"]) == (429, "too_many_exports")
        assert answer.headers["retry-after"] == "5"
        held.go.set()
        assert first.result(30).content == second.result(30).content
        assert client.get("/v1/exports/topics.csv").status_code == 200
        assert client.get(TOPICS).content == first.result().content
        assert (held.times, len(files(exports))) == (2, 2)


@on_sqlite
def test_a_short_while_is_waited_for_a_place(
    seeded: str, held: Held, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.exports.making.PATIENCE", 60)
    with (
        service(seeded, exports_at_once=1) as (client, exports),
        ThreadPoolExecutor(4) as pool,
    ):
        first = pool.submit(client.get, TOPICS)
        assert held.begun.wait(30)
        others = [pool.submit(client.get, "/v1/exports/topics.csv") for _ in range(2)]
        others.append(pool.submit(client.get, "/v1/exports/topics.ttl"))
        assert not wait(others, timeout=0.2).done
        assert held.times == 1
        held.go.set()
        assert [one.result(30).status_code for one in (first, *others)] == [200] * 4
        # What two waited for is made once.
        assert (held.times, len(files(exports))) == (3, 3)


def test_a_file_is_of_one_moment(copied: str, held: Held) -> None:
    with (
        service(copied) as (client, exports),
        ThreadPoolExecutor(1) as pool,
        disposing(create_engine(copied)) as other,
    ):
        made = pool.submit(client.get, TOPICS)
        assert held.begun.wait(30)
        with write(other) as session:
            record = session.exec(select(Record).where(col(Record.slug) == "trade")).one()
            record.label = "Trade by another name"
            session.add(record)
        held.go.set()
        old, new = made.result(30), client.get(TOPICS)
        labels = [{row["slug"]: row["label"] for row in lines(each)} for each in (old, new)]
        assert labels[1] == {**labels[0], "trade": "Trade by another name"} != labels[0]
        assert old.headers["etag"] != new.headers["etag"]
        # The older file is of no more use.
        assert len(files(exports)) == 1


@on_sqlite
@pytest.mark.parametrize("settings", [{"exports_bytes": 1000}, {"exports_seconds": 1e-6}])
def test_what_is_too_much_leaves_nothing(seeded: str, settings: dict[str, Any]) -> None:
    with service(seeded, **settings) as (client, exports):
        answer = client.get(TOPICS)
        assert (answer.status_code, answer.json()["code"]) == (503, "export_failed")
        assert answer.headers["retry-after"] == "60"
        assert (files(exports), exports.shelf.taken) == ([], 0)


@on_sqlite
def test_a_full_disk_leaves_nothing(seeded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    with service(seeded) as (client, exports):
        monkeypatch.setattr(Draft, "write", full)
        problem = refused(client, TOPICS, 503)
        assert (problem["code"], files(exports)) == ("export_failed", [])
        monkeypatch.undo()
        assert client.get(TOPICS).status_code == 200


@on_sqlite
def test_without_a_folder_all_else_is_answered(seeded: str, tmp_path: Path) -> None:
    with service(seeded, exports_folder=tmp_path / "missing") as (client, exports):
        assert exports.folder is None
        assert refused(client, TOPICS, 503)["code"] == "export_failed"
        assert client.get("/v1/topics").status_code == 200


@on_sqlite
def test_what_was_asked_for_longest_ago_goes_first(seeded: str) -> None:
    asked = [f"{TOPICS}?fields={name}" for name in ("slug", "label", "name")]
    with service(seeded) as (client, _):
        sizes = [len(client.get(each).content) for each in asked]
    with service(seeded, exports_bytes=sum(sizes) - 1) as (client, exports):
        for each in (asked[0], asked[1], asked[0], asked[2]):
            assert client.get(each).status_code == 200
        assert {path.stat().st_size for path in files(exports)} == {sizes[0], sizes[2]}
        assert exports.shelf.taken == sizes[0] + sizes[2]


@on_sqlite
def test_a_folder_of_its_own_is_gone_at_the_end(seeded: str, tmp_path: Path) -> None:
    with service(seeded, exports_folder=tmp_path) as (client, exports):
        assert client.get(TOPICS).status_code == 200
        [path] = files(exports)
        assert path.parent.parent == tmp_path
        # Whoever tidies up temporary folders does no harm.
        path.unlink()
        path.parent.rmdir()
        assert client.get(TOPICS).status_code == 200
    assert [*tmp_path.iterdir()] == []


@on_sqlite
def test_the_whole_is_written_by_a_function_of_its_own(
    seeded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def slugs(all_: Everything, file: BinaryIO) -> None:
        for page in all_.pages(NDJSON):
            file.write(page.collection.encode() + b"\n")
            file.writelines(NDJSON.blocks(page))

    wholes = {"lines": Whole("text/plain", slugs), "bare": Whole("text/plain", slugs, told=False)}
    monkeypatch.setattr(main, "build_exports", partial(build_router, wholes=wholes))
    with service(seeded) as (client, _):
        answer = client.get("/v1/exports/all.lines?lang=ja")
        told = answer.text.splitlines()
        names = [one.name for one in RESOURCES]
        assert [line for line in told if line[0] != "{"] == names
        assert int(answer.headers["total-count"]) == len(told) - len(names)
        assert answer.headers["content-disposition"] == 'attachment; filename="communique.lines"'
        assert client.get("/v1/exports/all.bare?lang=ja").status_code == 422
        bare = client.get("/v1/exports/all.bare")
        assert bare.text == client.get("/v1/exports/all.lines").text
        [fault] = refused(client, "/v1/exports/all.line", 404)["errors"]
        assert (fault["did_you_mean"], fault["allowed"]) == ("lines", ["lines", "bare"])
        last = read(client, "/v1/exports")["exports"][-1]
        assert last["url"] == f"{PUBLIC_URL}/v1/exports/all.bare"
        paths = read(client, "/openapi.json")["paths"]
        assert paths["/v1/exports/all.lines"]["get"]["operationId"] == "exports_all_lines"


@on_sqlite
def test_a_refusal_names_forms_of_exports(client: TestClient) -> None:
    told = refused(client, "/v1/exports/statements.ttl?fields=slug")["detail"]
    assert told == "`fields` chooses what these forms tell: csv, ndjson, parquet."


def test_the_whole_comes_as_bundles(seeded: str, tmp_path: Path) -> None:
    with service(seeded) as (client, _):
        answer = client.get("/v1/exports/all.zip")
        assert (answer.status_code, answer.headers["content-type"]) == (200, "application/zip")
        total = sum(
            read(client, f"/v1/{one.name}?limit=1&with_total=true")["total"] for one in RESOURCES
        )
        assert int(answer.headers["total-count"]) == total
    written = tmp_path / "whole.zip"
    with (
        disposing(create_engine(seeded)) as engine,
        db.read(engine) as session,
        written.open("wb") as file,
    ):
        whole.write(session, file)
    assert answer.content == written.read_bytes()


def test_what_no_bundle_tells_is_no_file(crowded: str) -> None:
    with service(crowded) as (client, _):
        problem = refused(client, "/v1/exports/all.zip", 503)
    assert problem["code"] == "export_failed"
    assert "Copy the database instead." in problem["detail"]


def test_the_whole_comes_as_a_graph(seeded: str) -> None:
    with service(seeded) as (client, _):
        parts = {
            line
            for one in RESOURCES
            for line in client.get(f"/v1/exports/{one.name}.nq").text.splitlines()
        }
        assert {*client.get("/v1/exports/all.nq").text.splitlines()} == parts
        turtle = rdflib.Graph().parse(data=client.get("/v1/exports/all.ttl").text, format="turtle")
    assert len(turtle) == len(parts)
