"""Validators: what has not changed is not sent again, and what has changed always is."""

import subprocess
import sys
from pathlib import Path

import pytest
from conftest import Databases, client_of, disposing, service
from reading import read
from starlette.testclient import TestClient

from app import caching
from app.db import create_engine
from app.main import create_app
from app.resources import RESOURCES
from app.settings import Settings

READ = [
    "/",
    "/version",
    "/openapi.json",
    "/problems",
    *(f"/v1/{one.name}" for one in RESOURCES),
    *(f"/v1/{one.name}/facets?facet={next(iter(one.facets))}" for one in RESOURCES),
    "/v1/countries/jpn",
    "/v1/meetings?format=csv",
]
ADDRESSES = pytest.mark.parametrize("address", READ)
SEED = (
    "import sys; from app.cli import main; sys.argv = ['communique', 'seed', sys.argv[1]]; main()"
)


@ADDRESSES
def test_an_unchanged_answer_is_not_sent_again(client: TestClient, address: str) -> None:
    first = client.get(address)
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "cache-control", "vary"):
        assert again.headers[name] == first.headers[name]


@ADDRESSES
def test_what_is_kept_must_be_asked_about(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.headers["cache-control"] == "public, no-cache"
    assert answer.headers["etag"].startswith('W/"')
    named = {name.strip() for name in answer.headers["vary"].split(",")}
    assert {"Accept", "Accept-Language"} <= named


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("/v1/meetings", "/v1/series"),
        ("/v1/meetings", "/v1/meetings?lang=ja"),
        ("/v1/meetings", "/v1/meetings?format=csv"),
        ("/v1/meetings", "/v1/meetings?limit=1"),
        ("/v1/meetings", "/v1/meetings?basis=source"),
    ],
)
def test_other_answers_have_other_tags(client: TestClient, one: str, other: str) -> None:
    tag = client.get(one).headers["etag"]
    assert client.get(other, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("header", ["Accept-Language", "Accept"])
def test_headers_that_matter_are_part_of_the_tag(client: TestClient, header: str) -> None:
    plain = client.get("/v1/meetings")
    value = {"Accept-Language": "ja", "Accept": "text/csv"}[header]
    asked = {header: value, "If-None-Match": plain.headers["etag"]}
    assert client.get("/v1/meetings", headers=asked).status_code == 200


@pytest.mark.parametrize("listed", ['"x", {tag}', "{tag}", "{strong}", '{tag}, "y"'])
def test_tags_compare_weakly_and_in_lists(client: TestClient, listed: str) -> None:
    tag = client.get("/v1/meetings").headers["etag"]
    asked = listed.format(tag=tag, strong=tag.removeprefix("W/"))
    answer = client.get("/v1/meetings", headers={"If-None-Match": asked})
    assert answer.status_code == 304


def test_another_database_has_other_tags(
    client: TestClient, databases: Databases, seeded: str
) -> None:
    """Also where its revision is the same: it is another one's knowledge."""
    url = databases.copy(seeded)
    with disposing(create_engine(url)) as engine, engine.connect() as connection:
        connection.execution_options(access="write")
        with connection.begin():
            connection.exec_driver_sql("UPDATE instance SET secret = 'another'")
    tag = client.get("/v1/meetings").headers["etag"]
    with client_of(service(url)) as other:
        assert read(other, "/version") == read(client, "/version")
        answer = other.get("/v1/meetings", headers={"If-None-Match": tag})
        assert answer.status_code == 200


def test_another_program_or_address_has_other_tags(
    client: TestClient, seeded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = client.get("/v1/meetings").headers["etag"]
    asked = {"If-None-Match": tag}
    elsewhere = create_app(Settings(database_url=seeded, public_url="https://other.example"))
    with client_of(elsewhere) as other:
        assert other.get("/v1/meetings", headers=asked).status_code == 200
    monkeypatch.setattr(caching, "PROGRAM", "changed")
    assert client.get("/v1/meetings", headers=asked).status_code == 200


def test_any_answer_is_known_to_whoever_says_so(client: TestClient) -> None:
    anything = {"If-None-Match": "*"}
    answer = client.get("/v1/meetings", headers=anything)
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == client.get("/v1/meetings").headers["etag"]
    assert client.get("/v1/meetings/none", headers=anything).status_code == 404


@pytest.mark.parametrize("address", ["/docs", "/docs/swagger-ui.css", "/problems", "/"])
def test_what_does_not_depend_on_the_data_is_not_sent_twice(
    client: TestClient, address: str
) -> None:
    tag = client.get(address).headers["etag"]
    assert tag.startswith('W/"')
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize("address", ["/v1/nothing", "/v1/meetings?no=1", "/v1/meetings/none"])
def test_errors_are_not_kept(client: TestClient, address: str) -> None:
    answer = client.get(address)
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers


@pytest.mark.parametrize("address", ["/livez", "/readyz"])
def test_what_is_of_this_moment_has_no_tag(client: TestClient, address: str) -> None:
    assert "etag" not in client.get(address).headers


def test_what_another_process_writes_is_seen_at_once(copied: str, tmp_path: Path) -> None:
    """Seeding in one process, reading in another, several times over."""
    (tmp_path / "bundle.yaml").write_text(
        "bundle: cities\nbasis: reference\nlicense: CC0-1.0\n", encoding="utf-8"
    )
    with client_of(service(copied)) as client:
        tag = client.get("/v1/topics").headers["etag"]
        for number in range(3):
            topic = f"topics:\n  - key: made-up-{number}\n    name: Made up {number}\n"
            (tmp_path / "topics.yaml").write_text(topic, encoding="utf-8")
            seeded = subprocess.run(
                [sys.executable, "-c", SEED, tmp_path],
                env={"DATABASE_URL": copied},
                capture_output=True,
                text=True,
                check=False,
            )
            assert seeded.returncode == 0, seeded.stderr
            answer = client.get("/v1/topics", headers={"If-None-Match": tag})
            assert answer.status_code == 200
            found = client.get(f"/v1/topics/made-up-{number}")
            assert found.json()["name"] == f"Made up {number}"
            tag = answer.headers["etag"]
            again = client.get("/v1/topics", headers={"If-None-Match": tag})
            assert again.status_code == 304
