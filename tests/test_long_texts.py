"""A source's whole text, however long and strange: each form tells it as it was sealed."""

import csv
import io
import json
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pyarrow.parquet
import pytest
import rdflib
from bundles import RECORDS, TEXT, change, sealed
from conftest import Databases, client_of, disposing, service
from pydantic import TypeAdapter, ValidationError
from reading import read
from starlette.testclient import TestClient

from app.bundles.notation import quoted
from app.db import create_engine
from seeds.load import seed
from seeds.records import Prose, Quotation, WholeText

STRANGE = (
    '=1+1 is no formula, nor is @SUM(A1). “日本” 🕊️ it\'s \\ "so": # - {x}, [y]; 독도 ｢半角｣.\n\n'
    "\t+1 <b>&amp;</b> ]]> e\u0301 \u00a0 \u2028 1.0 null ~ {0} ${1} 中华人民共和国。\r\n-1;2,3\n"
)
CHARACTERS = 150_000
LONG = (TEXT + STRANGE * (CHARACTERS // len(STRANGE) + 1))[:CHARACTERS]
SOURCE = "/v1/sources/toy-times"


@pytest.fixture(scope="module")
def long(databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database whose source carries a long text."""
    toy = sealed(
        tmp_path_factory.mktemp("long") / "toy",
        RECORDS.replace("rights: excerpts", "rights: full_text"),
        LONG,
    )
    change(toy, "    rights: full_text\n", f"    rights: full_text\n    text: {quoted(LONG)}\n")
    return seeded_with(databases.copy(migrated), toy)


def seeded_with(url: str, *paths: Path) -> str:
    with disposing(create_engine(url)) as engine:
        seed(engine, paths)
    return url


@pytest.fixture(scope="module")
def asked(long: str) -> Iterator[TestClient]:
    with client_of(service(long)) as client:
        yield client


def told(client: TestClient, form: str) -> bytes:
    """The list of sources in a form."""
    answer = client.get(f"/v1/sources?format={form}")
    assert answer.status_code == 200, answer.text[:300]
    return answer.content


def test_json_and_its_lines(asked: TestClient) -> None:
    record = read(asked, SOURCE)
    assert record["text"] == LONG
    assert (record["characters"], record["sha256"]) == (
        CHARACTERS,
        sha256(LONG.encode()).hexdigest(),
    )
    assert json.loads(told(asked, "json"))["items"][0]["text"] == LONG
    assert json.loads(told(asked, "ndjson"))["text"] == LONG
    export = asked.get("/v1/exports/sources.ndjson").content
    assert json.loads(export)["text"] == LONG


def test_csv(asked: TestClient) -> None:
    limit = csv.field_size_limit(CHARACTERS)
    for content in (told(asked, "csv"), asked.get("/v1/exports/sources.csv").content):
        [row] = csv.DictReader(io.StringIO(content.decode(), newline=""))
        assert row["text"] == LONG
    csv.field_size_limit(limit)


def test_feeds(asked: TestClient) -> None:
    assert any(LONG in text for text in texts(json.loads(told(asked, "jsonfeed"))))
    atom = ET.fromstring(told(asked, "atom"))  # noqa: S314
    assert any(LONG in text for text in atom.itertext())


def test_parquet(asked: TestClient) -> None:
    content = asked.get("/v1/exports/sources.parquet").content
    assert pyarrow.parquet.read_table(io.BytesIO(content))["text"].to_pylist() == [LONG]


@pytest.mark.parametrize(
    ("form", "parser"), [("jsonld", "json-ld"), ("ttl", "turtle"), ("nq", "nt")]
)
def test_linked_data(asked: TestClient, form: str, parser: str) -> None:
    content = told(asked, form)
    if form == "jsonld":
        assert LONG in texts(json.loads(content))
        return
    graph = rdflib.Graph().parse(data=content, format=parser)
    wanted = rdflib.URIRef("https://schema.org/text")
    assert [str(value) for value in graph.objects(None, wanted)] == [LONG]


def texts(value: Any) -> Iterator[str]:
    """Every text within plain data."""
    if isinstance(value, str):
        yield value
    for one in (
        value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    ):
        yield from texts(one)


def test_search_shows_no_more_than_some_words_of_it(asked: TestClient) -> None:
    found = read(asked, "/v1/search?q=%E4%B8%AD%E5%8D%8E%E4%BA%BA%E6%B0%91")
    assert [one["slug"] for one in found["items"]] == ["toy-times"]
    assert all(len(text) < 1000 for text in texts(found))


def test_another_becomes_the_same(
    asked: TestClient, databases: Databases, migrated: str, tmp_path: Path
) -> None:
    one = tmp_path / "one.zip"
    one.write_bytes(asked.get("/v1/exports/all.zip").content)
    url = seeded_with(databases.copy(migrated), one)
    with client_of(service(url)) as client:
        assert read(client, SOURCE)["text"] == LONG
        assert client.get("/v1/exports/all.zip").content == one.read_bytes()


def test_the_text_of_a_source_alone_may_be_so_long() -> None:
    assert len(TypeAdapter(WholeText).validate_python("x" * 1_000_000)) == 1_000_000
    for kind, length in ((WholeText, 1_000_001), (Prose, 20_001), (Quotation, 20_001)):
        with pytest.raises(ValidationError, match="at most"):
            TypeAdapter(kind).validate_python("x" * length)
