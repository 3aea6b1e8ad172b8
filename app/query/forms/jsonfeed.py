"""JSON Feed 1.1: dated records as items."""

from collections.abc import Iterator
from typing import Any

from pydantic_core import to_json

from app import TITLE
from app.query.forms import entries, feeds
from app.query.forms.writer import Page, Writer
from app.query.shape import Item

VERSION = "https://jsonfeed.org/version/1.1"


def _feed(page: Page) -> Iterator[bytes]:
    """The feed, item by item."""
    before = to_json(_head(page))[:-1] + b',"items":['
    for item in page.items:
        yield before + to_json(_item(page, item))
        before = b","
    yield b"]}" if before == b"," else before + b"]}"


def _head(page: Page) -> dict[str, Any]:
    at = feeds.Addresses(page, "jsonfeed")
    head: dict[str, Any] = {
        "version": VERSION,
        "title": entries.title(page),
        "home_page_url": at.records,
        "feed_url": at.own,
        "next_url": at.next,
        "language": feeds.LANGUAGE,
        "authors": [{"name": TITLE, "url": page.public_url}],
    }
    return {name: value for name, value in head.items() if value is not None}


def _item(page: Page, item: Item) -> dict[str, Any]:
    """One item. When the thing itself was stands under a name of ours: published is the record."""
    return {
        "id": feeds.entry_id(item),
        "url": page.address(item),
        "title": feeds.entry_title(page, item),
        "content_text": entries.summary(page, item),
        "date_published": item["created_at"],
        "date_modified": item["updated_at"],
        "tags": [entries.referred(page, topic) for topic in item.get("topics", ())],
        "_communique": {
            "collection": page.collection,
            "id": item["id"],
            "slug": item["slug"],
            **{name: item[name] for name in feeds.DATES},
            "reference_fields": item["reference_fields"],
        },
    }


JSONFEED = Writer[Page]("application/feed+json", _feed, suits=feeds.dated, chosen=False)
