"""The page at /docs: complete, strict about what it may load, and from no other host."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from app.routes.docs import ASSETS, STATIC, router


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    application = FastAPI(docs_url=None, redoc_url=None)
    application.include_router(router)
    with TestClient(application) as client:
        yield client


def test_everything_the_page_names_is_served_from_here(client: TestClient) -> None:
    page = client.get("/docs")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    loaded = re.findall(r'(?:src|href)="docs/([^"]+)"', page.text)
    assert sorted(loaded) == sorted(ASSETS)
    for name in loaded:
        answer = client.get(f"/docs/{name}")
        assert (answer.status_code, answer.headers["x-content-type-options"]) == (200, "nosniff")
        assert answer.headers["content-type"].startswith(ASSETS[name][1])


@pytest.mark.parametrize("file", ["docs.html", "docs.js"])
def test_our_own_files_name_no_other_host(file: str) -> None:
    assert "//" not in re.sub(r"^//.*", "", (STATIC / file).read_text("utf-8"), flags=re.MULTILINE)


def test_the_page_runs_under_a_strict_policy(client: TestClient) -> None:
    page = client.get("/docs")
    policy = page.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\son\w+=|\sstyle=", page.text)


@pytest.mark.parametrize("name", ["", "VERSION.txt", "../docs.html", "%2e%2e/docs.html", "nothing"])
def test_only_what_the_page_needs_is_served(client: TestClient, name: str) -> None:
    assert client.get(f"/docs/{name}", follow_redirects=False).status_code in {404, 307}


def test_head_is_answered_without_a_body(client: TestClient) -> None:
    for path in ("/docs", "/docs/swagger-ui.css"):
        assert (
            client.head(path).headers["content-length"]
            == client.get(path).headers["content-length"]
        )
        assert client.head(path).content == b""


def test_the_vendored_files_come_with_their_version_and_licences() -> None:
    folder: Path = STATIC / "swagger-ui"
    version = (folder / "VERSION.txt").read_text("utf-8").strip()
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    bundle = (folder / "swagger-ui-bundle.js").read_text("utf-8")
    assert version in bundle
    assert {"LICENSE", "NOTICE", "LICENSE-bundled.txt"} <= {path.name for path in folder.iterdir()}
