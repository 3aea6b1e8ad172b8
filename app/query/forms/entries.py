"""Records as entries that people read: how they are called, and what is told of them in words."""

import re
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from app import TITLE
from app.query.forms.flat import text
from app.query.forms.writer import Page
from app.query.forms.xmltext import legal
from app.query.shape import Item

UNSEEN = re.compile("[\x7f-\x84\x86-\x9f]")
PROSE = ("text", "purpose")
"""Fields that say in sentences what a record is; a record has one of them."""
TOLD = {
    "status": "Status",
    "speakers": "Speakers",
    "participants": "Silent",
    "participations": "Participants",
    "parties": "Parties",
    "host": "Host",
    "venue": "Venue",
    "city": "City",
    "venue_country": "Country",
    "meeting": "Meeting",
    "dispute": "Dispute",
    "about": "About",
    "publisher": "Publisher",
    "author": "Author",
    "date": "Date",
    "contradictions": "Sources contradict each other on",
}
"""Fields that are told, one a line, in this order."""


def line(text: str) -> str:
    """A text in one line, without what no line shows."""
    return " ".join(UNSEEN.sub("", legal(text)).split())


def title(page: Page) -> str:
    """What a page of records is called."""
    return f"{TITLE}: {page.collection}"


def called(item: Item) -> str:
    """What a record is called, in one line."""
    return line(item["name"] or item["label"]) or str(item["slug"])


def referred(page: Page, reference: Item) -> str:
    """What a record is called to which one of the page refers."""
    return str(reference["name"] or page.label(reference["id"]))


def summary(page: Page, item: Item) -> str:
    """What is told of a record, as far as its collection has it and it is known."""
    return "\n".join(_told(page, item)) or called(item)


def _told(page: Page, item: Item) -> Iterator[str]:
    label = line(item["label"])
    if label != called(item):
        yield label
    yield from (item[name] for name in PROSE if item.get(name))
    for name, caption in TOLD.items():
        words = date_told(item) if name == "date" else _words(page, item.get(name))
        if words:
            yield f"{caption}: {words}"


def _words(page: Page, value: Any) -> str:
    """A value as people read it."""
    if isinstance(value, list):
        return ", ".join(filter(None, (_words(page, each) for each in value)))
    if isinstance(value, dict):
        return str(value["field"]) if "values" in value else _reference(page, value)
    return text(value).replace("_", " ") if isinstance(value, StrEnum) else text(value)


def _reference(page: Page, value: Item) -> str:
    """A reference, or a row that holds one beside a role."""
    if "role" not in value:
        return referred(page, value)
    who = value.get("participant") or value["country"]
    told = [_words(page, value["role"])]
    if value.get("participant") and value["country"]:
        told.append(referred(page, value["country"]))
    return f"{referred(page, who)} ({', '.join(told)})"


def date_told(item: Item) -> str:
    """The date as far as it is known, and the words of the source, which may say less."""
    edtf, written = item["date_edtf"], item["date_as_written"]
    if not written or written == edtf:
        return edtf or ""
    # Of an unknown year the words say as much.
    known = edtf and not edtf.startswith("XXXX")
    return f"{edtf} (“{written}” in the source)" if known else f"“{written}” in the source"
