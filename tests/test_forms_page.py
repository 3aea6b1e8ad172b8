"""The page of forms: its lines work as they stand, whatever is in the address of the server."""

import gc
import json
import re
import warnings
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser
from typing import Any
from urllib.request import urlopen

import duckdb
import pytest
from conftest import on_sqlite
from reading import PUBLIC_URL, Json, read
from serving import serving
from starlette.testclient import TestClient

from app.exports.whole import WHOLE
from app.main import create_app
from app.query.forms import EXPORTED, FORMS
from app.resources import RESOURCES
from app.routes.recipes import RECIPES
from app.settings import Settings

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
READERS = {"pandas", "polars", "rdflib"}
"""The tools whose lines are run: the others are no Python."""

pytestmark = on_sqlite


@pytest.fixture(scope="module")
def server(seeded: str) -> Iterator[str]:
    with serving(seeded) as address:
        yield address


@pytest.fixture(scope="module")
def told(client: TestClient) -> dict[str, Json]:
    """What the page says of each form."""
    return {one["form"]: one for one in read(client, "/forms")["forms"]}


def test_every_form_is_there_with_what_comes_in_it(told: dict[str, Json]) -> None:
    assert list(told) == [*FORMS, *(set(EXPORTED) - set(FORMS))]
    for name, one in told.items():
        if name in FORMS:
            assert one["media_type"] == FORMS[name].media_type.partition(";")[0]
            assert one["collections"] == [each.name for each in RESOURCES if name in each.forms]


def test_every_tool_is_at_its_form(told: dict[str, Json]) -> None:
    for name, one in told.items():
        tools = [each["tool"] for each in one["tools"]]
        assert tools == [each.tool for each in RECIPES if each.form in (name, "*")], name
        assert len(set(tools)) == len(tools), name
    assert {each["tool"].partition(",")[0] for each in told["csv"]["tools"]} == {
        "curl", "pandas", "polars", "DuckDB", "R with readr", "Excel", "Google Sheets",
        "Grafana Infinity", "Observable",
    }  # fmt: skip


def test_people_get_the_same_as_a_page(client: TestClient, told: dict[str, Json]) -> None:
    page = client.get("/forms", headers=HTML)
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert page.headers["content-security-policy"].startswith("default-src 'none'")
    lines = [unescape(one) for one in re.findall(r"<pre><code>(.*?)</code></pre>", page.text)]
    forms = [*told.values(), *read(client, "/forms")["whole"]]
    assert lines == [each["line"] for one in forms for each in one["tools"]]
    assert (
        re.search(r"<(script|style|link|img|iframe)|\s(on\w+|style|src|href)=", page.text) is None
    )


def test_the_entry_page_leads_there(client: TestClient) -> None:
    assert read(client, "/")["links"]["forms"] == f"{PUBLIC_URL}/forms"
    assert f'<a href="{PUBLIC_URL}/forms">' in client.get("/", headers=HTML).text


def test_no_parameter_is_ignored(client: TestClient) -> None:
    assert client.get("/forms?form=csv").status_code == 422


def test_the_whole_is_there_as_it_is_exported(client: TestClient) -> None:
    whole = {one["form"]: one for one in read(client, "/forms")["whole"]}
    assert list(whole) == list(WHOLE)
    exports = read(client, "/v1/exports")["exports"]
    for form, one in whole.items():
        [export] = [each for each in exports if (each["collection"], each["form"]) == ("all", form)]
        assert one["media_type"] == export["media_type"].partition(";")[0]
        assert one["tools"][0]["tool"] == "curl"
        assert all(f'"{export["url"]}"' in each["line"] for each in one["tools"])
    fetch = f'curl --fail --output communique.zip "{PUBLIC_URL}/v1/exports/all.zip"'
    assert whole["zip"]["tools"] == [
        {"tool": "curl", "line": fetch},
        {"tool": "Another Communiqué", "line": f"{fetch} && communique seed communique.zip"},
    ]
    assert [each["tool"] for form in ("ttl", "nq") for each in whole[form]["tools"][1:]] == [
        "rdflib",
        "rdflib",
    ]


def lines(told: list[Json], tools: set[str]) -> list[tuple[str, str, str]]:
    return [
        (one["form"], each["tool"], each["line"])
        for one in told
        for each in one["tools"]
        if each["tool"] in tools
    ]


def test_lines_of_python_read_every_record(server: str, client: TestClient) -> None:
    with urlopen(f"{server}/forms", timeout=30) as answer:
        found = lines(json.load(answer)["forms"], READERS)
    assert {("csv", "pandas"), ("csv", "polars"), ("ndjson", "pandas"), ("ndjson", "polars")} <= {
        (form, tool) for form, tool, _ in found
    }
    slugs = [one["slug"] for one in read(client, "/v1/statements", limit=200)["items"]]
    for form, tool, line in found:
        names: dict[str, Any] = {}
        with warnings.catch_warnings():
            if tool == "rdflib":
                # It uses what it calls deprecated itself, and leaves connections open.
                warnings.simplefilter("ignore")
            exec(line, names)  # noqa: S102
            gc.collect()
        records = names["statements"]
        assert f'"{server}/' in line
        if tool == "rdflib":
            assert len(records) > len(slugs), form
        else:
            assert list(records["slug"]) == slugs, (form, tool)
            assert set(records["date_edtf"]) == {"2025-03-22"}, (form, tool)


def test_lines_of_sql_read_every_record(client: TestClient, tmp_path: Any) -> None:
    """DuckDB fetches addresses by an extension of its own; here it reads the same from a file."""
    found = lines(read(client, "/forms")["forms"], {"DuckDB"})
    assert len(found) == len(
        [one for one in RECIPES if one.tool == "DuckDB" and one.form in {**FORMS, **EXPORTED}]
    )
    slugs = [one["slug"] for one in read(client, "/v1/statements", limit=200)["items"]]
    for form, _, line in found:
        [url] = re.findall(r"'(https?://[^']+)'", line)
        file = tmp_path / f"statements.{form}"
        file.write_bytes(client.get(url.removeprefix(PUBLIC_URL)).content)
        rows = duckdb.sql(line.replace(url, str(file)).rstrip(";"))
        assert rows is not None
        place = rows.columns.index("slug")
        assert [row[place] for row in rows.fetchall()] == slugs, form


def test_every_address_in_a_line_answers(client: TestClient, told: dict[str, Json]) -> None:
    for one in told.values():
        for each in one["tools"]:
            [url] = re.findall(rf"{re.escape(PUBLIC_URL)}[^\"' ]*", each["line"])
            answer = client.get(url.removeprefix(PUBLIC_URL))
            assert answer.status_code == 200, each
            assert answer.headers["content-type"].partition(";")[0] == one["media_type"], each


HOSTILE = "https://kb.example/\"'`$(id)${x}<script>alert(1)</script>\\&amp;!;|{}=1*é"
INERT = (
    "https://kb.example/%22%27%60%24%28id%29%24%7Bx%7D%3Cscript%3Ealert%281%29%3C/script%3E%5C&amp"
    "%3B%21%3B%7C%7B%7D=1%2Aé"
)


class Tags(HTMLParser):
    """The names of what a page holds."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: set[str] = set()

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.seen.add(tag)


def test_an_address_that_is_hostile_stays_an_address(seeded: str, told: dict[str, Json]) -> None:
    app = create_app(Settings(database_url=seeded, public_url=HOSTILE))
    with TestClient(app) as client:
        page = client.get("/forms", headers=HTML).text
        hostile = {one["form"]: one for one in read(client, "/forms")["forms"]}
        entry = client.get("/", headers=HTML).text
    app.state.engine.dispose()
    for text in (page, entry):
        tags = Tags()
        tags.feed(text)
        assert "script" not in tags.seen
    for form, one in told.items():
        ours = [each["line"] for each in one["tools"]]
        theirs = [each["line"] for each in hostile[form]["tools"]]
        assert [line.replace(INERT, PUBLIC_URL) for line in theirs] == ours
