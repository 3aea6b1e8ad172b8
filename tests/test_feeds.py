"""Atom and JSON Feed: dated records as feed readers read them."""

import json
import re
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
import pytest
from conftest import on_sqlite
from reading import PUBLIC_URL, ids, local, read
from serving import serving
from starlette.testclient import TestClient
from writing import HOSTILE, LONG, page

from app.query import listing
from app.query.forms.atom import ATOM
from app.query.forms.entries import line
from app.query.forms.jsonfeed import JSONFEED
from app.query.forms.xmltext import legal
from app.query.resource import Resource
from app.resources import RESOURCES, silences

DATED = [one for one in RESOURCES if "atom" in one.forms]
COLLECTIONS = pytest.mark.parametrize("resource", DATED, ids=lambda one: one.name)
NAMES = {"atom": "http://www.w3.org/2005/Atom"}
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
EARLY, LATE = (datetime(2026, month, 2, 3, 4, 5, 678900, UTC) for month in (1, 2))
SILENCE: dict[str, Any] = {
    **dict.fromkeys(silences.RESOURCE.shown),
    "id": "sil_4e594227-c069-52a0-a3e4-b44b8a7724b9", "slug": "a", "label": "A on fish",
    "participants": [], "about": [], "topics": [], "contradictions": [], "reference_fields": [],
    "text": "A left out fish.", "created_at": EARLY, "updated_at": LATE,
}  # fmt: skip


def atom(text: str | bytes) -> ET.Element:
    root = ET.fromstring(text)  # noqa: S314
    assert root.tag == "{http://www.w3.org/2005/Atom}feed"
    return root


def told(element: ET.Element, name: str) -> str | None:
    return element.findtext(f"atom:{name}", None, NAMES)


def links(element: ET.Element) -> dict[str | None, str | None]:
    return {each.get("rel"): each.get("href") for each in element.findall("atom:link", NAMES)}


def written(**of: Any) -> tuple[ET.Element, dict[str, Any]]:
    """One entry, as Atom and as JSON Feed write it."""
    item = SILENCE | of
    feed = atom(ATOM.write(page(silences.RESOURCE, [item])))
    entry = feed.find("atom:entry", NAMES)
    assert entry is not None
    [other] = json.loads(JSONFEED.write(page(silences.RESOURCE, [item])))["items"]
    return entry, other


def urn(id: str) -> str:
    return f"urn:uuid:{id.partition('_')[2]}"


def test_what_is_dated_comes_as_a_feed() -> None:
    assert [one.name for one in DATED] == [
        "meetings", "statements", "silences", "incidents", "sources",
    ]  # fmt: skip
    assert [one for one in RESOURCES if "jsonfeed" in one.forms] == DATED


@COLLECTIONS
def test_atom_is_valid_and_has_the_records(client: TestClient, resource: Resource) -> None:
    path = f"/v1/{resource.name}"
    answer = client.get(path, params={"format": "atom", "limit": 200})
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    feed = atom(answer.content)
    records = read(client, path, limit=200)["items"]
    entries = feed.findall("atom:entry", NAMES)
    assert [told(entry, "id") for entry in entries] == [urn(one["id"]) for one in records]
    assert told(feed, "title") == f"Communiqué: {resource.name}"
    assert told(feed, "updated") == max(one["updated_at"] for one in records)
    assert feed.get(LANGUAGE) == "en"
    assert feed.findtext("atom:author/atom:name", None, NAMES) == "Communiqué"
    assert links(feed) == {
        "self": f"{PUBLIC_URL}{path}?limit=200&format=atom",
        "alternate": f"{PUBLIC_URL}{path}?limit=200",
    }
    for entry, record in zip(entries, records, strict=True):
        assert told(entry, "title") == f"{resource.title}: {record['name'] or record['label']}"
        times = (record["created_at"], record["updated_at"])
        assert (told(entry, "published"), told(entry, "updated")) == times
        assert links(entry)["alternate"] == f"{PUBLIC_URL}{path}/{record['id']}"
        assert told(entry, "content")


@on_sqlite
@COLLECTIONS
def test_json_feed_has_the_same(client: TestClient, resource: Resource) -> None:
    path = f"/v1/{resource.name}"
    answer = client.get(path, params={"format": "jsonfeed", "limit": 200})
    assert answer.headers["content-type"] == "application/feed+json"
    feed = answer.json()
    items = feed.pop("items")
    assert feed == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"Communiqué: {resource.name}",
        "home_page_url": f"{PUBLIC_URL}{path}?limit=200",
        "feed_url": f"{PUBLIC_URL}{path}?limit=200&format=jsonfeed",
        "language": "en",
        "authors": [{"name": "Communiqué", "url": PUBLIC_URL}],
    }
    xml = atom(client.get(path, params={"format": "atom", "limit": 200}).content)
    for item, entry in zip(items, xml.findall("atom:entry", NAMES), strict=True):
        names = ("id", "title", "content", "published", "updated")
        assert [told(entry, name) for name in names] == [
            item[name]
            for name in ("id", "title", "content_text", "date_published", "date_modified")
        ]
        categories = entry.findall("atom:category", NAMES)
        assert [each.get("label") for each in categories] == item["tags"]
        assert item["url"] == links(entry)["alternate"]


@on_sqlite
def test_feedparser_opens_an_address(seeded: str, client: TestClient) -> None:
    with serving(seeded) as address:
        feed = feedparser.parse(f"{address}/v1/statements?format=atom&about=PRK&lang=ja")
    assert (feed.bozo, feed.status, feed.version) == (False, 200, "atom10")
    found = [entry.id for entry in feed.entries]
    assert found == [urn(id) for id in ids(client, "statements", about="PRK")]
    # Names are in Japanese, and our own words are not.
    assert feed.feed.language == "en"
    assert feed.feed.author == "Communiqué"


@on_sqlite
def test_an_entry_in_words(client: TestClient) -> None:
    answer = client.get("/v1/statements/iwaya-on-denuclearization?format=jsonfeed").json()
    [item] = answer["items"]
    record = read(client, "/v1/statements/iwaya-on-denuclearization")
    assert item["title"] == "Statement: Iwaya on the denuclearization of North Korea"
    assert item["content_text"].splitlines() == [
        record["text"],
        "Speakers: Iwaya Takeshi",
        "Meeting: 11th Trilateral Foreign Ministers' Meeting",
        "About: North Korea, China, Japan, South Korea",
        "Date: 2025-03-22 (“March 22” in the source)",
    ]
    assert item["_communique"] == {
        name: record[name]
        for name in ("id", "slug", "date_start", "date_end", "date_earliest", "date_latest",
                     "date_edtf", "date_as_written", "date_basis", "reference_fields")
    } | {"collection": "statements"}  # fmt: skip


@on_sqlite
@pytest.mark.parametrize("form", ["atom", "jsonfeed"])
def test_what_has_no_name_is_told_in_our_words(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    # So that an export goes on from one part of its records to the next.
    monkeypatch.setattr(listing, "BATCH", 2)
    record = "/v1/statements/ministers-on-trilateral-cooperation"
    [speaker] = read(client, record)["speakers"]
    assert speaker["name"] is None
    label = read(client, f"/v1/participants/{speaker['slug']}")["label"]
    for path in (f"{record}?format={form}", f"/v1/statements?limit=200&format={form}",
                 f"/v1/exports/statements.{form}?sort=-created_at"):  # fmt: skip
        text = client.get(path).text.replace("\\n", "\n")
        assert f"\nSpeakers: {label}\n" in text
        assert speaker["slug"] not in text


def test_references_without_names_have_labels() -> None:
    nameless = {"id": "x", "slug": "a-b", "name": None}
    entry, other = written(participants=[nameless], topics=[nameless], meeting=nameless)
    assert other["content_text"] == "A left out fish.\nSilent: The x\nMeeting: The x"
    assert (told(entry, "content"), other["tags"]) == (other["content_text"], ["The x"])
    [category] = entry.findall("atom:category", NAMES)
    assert (category.get("term"), category.get("label")) == ("a-b", "The x")


@on_sqlite
def test_a_silence_is_not_taken_for_a_statement(client: TestClient) -> None:
    [item] = client.get("/v1/silences?format=jsonfeed").json()["items"]
    assert item["title"].startswith("Silence: Wang on ")
    assert "Silent: Wang Yi" in item["content_text"].splitlines()


@on_sqlite
@pytest.mark.parametrize("form", ["atom", "jsonfeed"])
def test_what_no_source_states_is_not_told(client: TestClient, form: str) -> None:
    answer = client.get(f"/v1/statements?format={form}&basis=source&limit=200&lang=ja")
    assert "“March 22” in the source" in answer.text
    assert ("2025" in answer.text, "岩屋" in answer.text) == (False, False)


@pytest.mark.parametrize("form", ["atom", "jsonfeed"])
def test_pages_lead_to_each_other(client: TestClient, form: str) -> None:
    url: str | None = f"{PUBLIC_URL}/v1/statements?format={form}&about=CHN&limit=4"
    seen: list[str | None] = []
    known_by = set()
    while url:
        answer = client.get(local(url))
        if form == "atom":
            feed = atom(answer.content)
            seen += [told(each, "id") for each in feed.findall("atom:entry", NAMES)]
            known_by.add(told(feed, "id"))
            url = links(feed).get("next")
        else:
            seen += [each["id"] for each in answer.json()["items"]]
            url = answer.json().get("next_url")
    assert seen == [urn(id) for id in ids(client, "statements", about="CHN")]
    assert len(seen) > 4
    assert known_by <= {f"{PUBLIC_URL}/v1/statements?about=CHN&limit=4"}


@on_sqlite
def test_a_feed_that_is_asked_for_by_header_knows_its_address(client: TestClient) -> None:
    answer = client.get("/v1/silences", headers={"Accept": "application/atom+xml"})
    assert links(atom(answer.content))["self"] == f"{PUBLIC_URL}/v1/silences?format=atom"


@on_sqlite
@pytest.mark.parametrize("form", ["atom", "jsonfeed"])
@pytest.mark.parametrize("asked", ["", "?about=CHN&lang=ja&sort=-created_at", "?count=false"])
def test_an_exported_feed_names_addresses_that_answer(
    client: TestClient, form: str, asked: str
) -> None:
    url = f"{PUBLIC_URL}/v1/exports/statements.{form}{asked}"
    answer = client.get(local(url))
    if form == "atom":
        found = links(atom(answer.content))
        own, records = found.pop("self"), found.pop("alternate")
        assert found == {}
    else:
        own, records = (answer.json()[name] for name in ("feed_url", "home_page_url"))
    assert own == url
    assert client.get(local(url)).content == answer.content
    assert records == f"{PUBLIC_URL}/v1/statements{asked.replace('?count=false', '')}"
    of_list = client.get(local(records))
    assert of_list.headers["content-type"] == "application/json"
    told = [urn(one["id"]) for one in of_list.json()["items"]]
    assert told == re.findall(r"urn:uuid:[-0-9a-f]+", answer.text)[: len(told)]
    assert told


@on_sqlite
def test_a_feed_declares_the_language_of_our_words(client: TestClient) -> None:
    address = "/v1/statements?about=PRK&lang=ja&format="
    answer = client.get(f"{address}jsonfeed")
    assert answer.json()["language"] == "en"
    assert "Meeting: 第11回日中韓外相会議" in answer.json()["items"][0]["content_text"]
    assert atom(client.get(f"{address}atom").content).get(LANGUAGE) == "en"


@on_sqlite
def test_a_feed_of_nothing(client: TestClient) -> None:
    address = "/v1/meetings?status=cancelled&format="
    feed = atom(client.get(f"{address}atom").content)
    assert (told(feed, "updated"), feed.find("atom:entry", NAMES)) == (
        "1970-01-01T00:00:00Z",
        None,
    )
    assert client.get(f"{address}jsonfeed").json()["items"] == []


def test_a_feed_changed_when_the_newest_of_its_entries_did() -> None:
    items = [SILENCE, SILENCE | {"updated_at": EARLY}]
    for order in (items, items[::-1]):
        feed = atom(ATOM.write(page(silences.RESOURCE, order)))
        assert told(feed, "updated") == "2026-02-02T03:04:05.678900Z"


def test_an_id_is_the_records_wherever_it_is_told() -> None:
    entry, other = written()
    assert told(entry, "id") == other["id"] == "urn:uuid:4e594227-c069-52a0-a3e4-b44b8a7724b9"
    entry, other = written(id="inc_00000000-0000-5000-8000-00000000000a")
    assert told(entry, "id") == other["id"] == "urn:uuid:00000000-0000-5000-8000-00000000000a"


def test_a_title_is_never_empty() -> None:
    for label in ("", " \n", "\x01"):
        entry, other = written(label=label)
        assert (told(entry, "title"), other["title"]) == ("Silence: a", "Silence: a")


def test_contradictions_are_told() -> None:
    contradictions = [{"field": "date", "values": []}, {"field": "city", "values": []}]
    _, other = written(contradictions=contradictions)
    assert other["content_text"].endswith("\nSources contradict each other on: date, city")


@pytest.mark.parametrize("text", [*HOSTILE, LONG], ids=lambda text: ascii(text[:12]))
def test_texts_survive(text: str) -> None:
    entry, other = written(text=text, label=text, date_as_written=text)
    assert other["content_text"] == f"{text}\nDate: “{text}” in the source"
    assert told(entry, "content") == legal(other["content_text"])
    title = f"Silence: {line(text)}"
    assert told(entry, "title") == other["title"] == title


@pytest.mark.parametrize(
    ("edtf", "written", "words"),
    [
        ("2030-05-02", "May 2", "2030-05-02 (“May 2” in the source)"),
        ("2030", "2030", "2030"),
        ("2030-05/..", None, "2030-05/.."),
        ("XXXX-05-02", "May 2", "“May 2” in the source"),
        (None, "this year", "“this year” in the source"),
        (None, None, None),
    ],
)
def test_dates_in_words(edtf: str | None, written: str | None, words: str | None) -> None:
    lines = written_lines(date_edtf=edtf, date_as_written=written)
    assert lines == ["A left out fish.", *([f"Date: {words}"] if words else [])]


def written_lines(**of: Any) -> list[str]:
    content: str = written(**of)[1]["content_text"]
    return content.splitlines()


def test_a_line_has_no_breaks_and_nothing_unseen() -> None:
    assert line(" a\x00\t b\r\nc\u2028d\x7f\x85\x1be\x9c外\ufffe ") == "a b c d e外"
