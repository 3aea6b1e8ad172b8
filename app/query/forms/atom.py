"""Atom (RFC 4287), in pages that lead to each other (RFC 5005): dated records as entries."""

from collections.abc import Iterator
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from app import TITLE
from app.query.forms import entries, feeds
from app.query.forms.flat import text
from app.query.forms.writer import Page, Writer
from app.query.forms.xmltext import legal
from app.query.shape import Item

NAMESPACE = "http://www.w3.org/2005/Atom"
# A feed says when it changed, and one that holds nothing has never done so.
NEVER = datetime(1970, 1, 1, tzinfo=UTC)


def _feed(page: Page) -> Iterator[bytes]:
    """The feed. When it changed comes last, where it is known; Atom leaves the order free."""
    yield _written(_head(page))
    newest = NEVER
    for item in page.items:
        newest = max(newest, item["updated_at"])
        yield _written(_entry(page, item))
    yield _written(iter([_element("updated", text(newest)), "</feed>"]))


def _head(page: Page) -> Iterator[str]:
    at = feeds.Addresses(page, "atom")
    yield '<?xml version="1.0" encoding="utf-8"?>'
    yield f"<feed xmlns={quoteattr(NAMESPACE)} xml:lang={quoteattr(feeds.LANGUAGE)}>"
    yield _element("id", at.whole)
    yield _element("title", entries.title(page))
    yield f"<author>{_element('name', TITLE)}{_element('uri', page.public_url)}</author>"
    yield _link("self", at.own, "application/atom+xml")
    yield _link("alternate", at.records, "application/json")
    if at.next:
        yield _link("next", at.next, "application/atom+xml")


def _entry(page: Page, item: Item) -> Iterator[str]:
    yield "<entry>"
    yield _element("id", feeds.entry_id(item))
    yield _element("title", feeds.entry_title(page, item))
    yield _element("published", text(item["created_at"]))
    yield _element("updated", text(item["updated_at"]))
    yield _link("alternate", page.address(item), "application/json")
    for topic in item.get("topics", ()):
        label = _attribute(entries.referred(page, topic))
        yield f"<category term={_attribute(topic['slug'])} label={label}/>"
    yield f'<content type="text">{_text(entries.summary(page, item))}</content>'
    yield "</entry>"


def _link(relation: str, url: str, media_type: str) -> str:
    return f'<link rel="{relation}" type="{media_type}" href={_attribute(url)}/>'


def _element(name: str, value: str) -> str:
    return f"<{name}>{_text(value)}</{name}>"


def _text(value: str) -> str:
    # Whoever reads XML takes a bare carriage return for a line feed.
    return escape(legal(value), {"\r": "&#13;"})


def _attribute(value: str) -> str:
    return quoteattr(legal(value))


def _written(lines: Iterator[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


ATOM = Writer[Page]("application/atom+xml; charset=utf-8", _feed, suits=feeds.dated, chosen=False)
