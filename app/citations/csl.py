"""Citations for processors of the Citation Style Language: CSL-JSON."""

from collections.abc import Iterator
from typing import Any

from pydantic_core import to_json

from app import TITLE
from app.citations.citation import Citation
from app.citations.dates import Date


def csl(citation: Citation) -> Iterator[bytes]:
    """A list of one item."""
    item = {name: value for name, value in _item(citation).items() if value}
    yield to_json([item])


def _item(citation: Citation) -> dict[str, Any]:
    part = citation.kind is not None
    authors = [{"literal": author} for author in citation.authors]
    return {
        "id": citation.id,
        "type": "entry" if part else "document",
        "title": citation.title,
        "genre": citation.kind,
        "author": authors if not part else None,
        "container-author": authors if part else None,
        "container-title": "; ".join(citation.containers) if part else None,
        "publisher": "; ".join(citation.publishers),
        "language": None if part else citation.sources[0].language,
        "issued": _date(citation.issued),
        "event-date": _date(citation.event),
        "note": citation.note,
        "source": TITLE,
        "URL": citation.url,
    }


def _date(date: Date) -> dict[str, Any] | None:
    told: dict[str, Any] = {}
    if date.parts:
        told = {"date-parts": [list(part) for part in date.parts]}
    elif date.words:
        told = {"literal": date.words}
    return told | {"circa": True} if told and date.circa else told or None
