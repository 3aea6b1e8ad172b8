"""The page for language models: all that there is, made of the registries."""

import re

from conftest import on_sqlite
from reading import PUBLIC_URL, local, read, refused
from starlette.testclient import TestClient

from app.questions import QUESTIONS
from app.resources import RESOURCES
from app.resources.guide import GUIDE

pytestmark = on_sqlite

LINK = re.compile(r"^- \[([^\]]+)\]\(([^)\s]+)\): (.+)$", re.MULTILINE)


def test_it_is_text_and_has_an_etag(client: TestClient) -> None:
    answer = client.get("/llms.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    again = client.get("/llms.txt", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    assert client.head("/llms.txt").headers["etag"] == answer.headers["etag"]
    assert refused(client, "/llms.txt", 422, x="1")["errors"][0]["code"] == "unknown_parameter"


def test_it_has_the_form_that_such_pages_have(client: TestClient) -> None:
    title, summary, *_ = client.get("/llms.txt").text.split("\n\n")
    assert title == "# Communiqué"
    assert summary.startswith("> ")
    sections = re.findall(r"^## (.+)$", client.get("/llms.txt").text, re.MULTILINE)
    assert sections == ["Collections", "Questions across records", "More"]


def test_it_names_every_collection_and_every_question(client: TestClient) -> None:
    links = {name: url for name, url, _ in LINK.findall(client.get("/llms.txt").text)}
    for one in RESOURCES:
        assert links[one.name] == f"{PUBLIC_URL}/v1/{one.name}"
    for question in QUESTIONS:
        assert links[question.name] == f"{PUBLIC_URL}{question.path}"
    assert {"search", "forms", "openapi", "docs", "context"} <= set(links)


def test_its_links_lead_somewhere(client: TestClient) -> None:
    for name, url, _ in LINK.findall(client.get("/llms.txt").text):
        if "{" not in url:
            # What a search or a batch is asked is not in its address.
            assert client.get(local(url)).status_code in (200, 422), name


def test_the_filters_that_it_names_exist(client: TestClient) -> None:
    told = {name: about for name, _, about in LINK.findall(client.get("/llms.txt").text)}
    for one in RESOURCES:
        filters = told[one.name].partition(" Filters: ")[2].rstrip(".").split(", ")
        assert set(filters) <= set(one.filter_parameters)
        assert set(filters) >= {
            name for name, each in one.filters.items() if name in each.parameters(name)
        }


def test_it_says_how_an_answer_is_read(client: TestClient) -> None:
    text = client.get("/llms.txt").text
    for name, said in GUIDE.items():
        assert f"- **{name}.** {said}" in text


def test_the_entry_points_lead_there(client: TestClient) -> None:
    assert read(client, "/")["links"]["llms"] == f"{PUBLIC_URL}/llms.txt"
