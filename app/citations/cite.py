"""From a record to its citation."""

from collections.abc import Iterator, Sequence

from app.citations.citation import Citation, Cited
from app.citations.dates import UNKNOWN, Date
from app.citations.fragment import leading_to
from app.models import MeetingStatus
from app.query.forms.entries import called, date_told
from app.query.listing import Listing, one
from app.query.shape import Item
from app.resources.meetings import RESOURCE as MEETINGS
from app.resources.sources import RESOURCE as SOURCES

# Not the text: it may be long, and a citation needs none of it.
FIELDS = (
    "slug", "name", "label", "status", "publisher", "author", "language", "url",
    "date_start", "date_end", "date_edtf", "date_as_written",
    "source", "part", "paragraph", "sentence", "passage",
)  # fmt: skip


def cite(asked: Listing, id: str) -> Citation | None:
    """The citation of a record, where this request may see it."""
    resource = asked.resource
    item = _read(asked, id)
    if item is None:
        return None
    if resource is SOURCES:
        return _citation(asked, item, None, [_cited(item, ())])
    return _citation(asked, item, _kind(asked, item), list(_sources(asked, item)))


def _read(asked: Listing, id: str) -> Item | None:
    resource = asked.resource
    include = [name for name in resource.includes if name == "evidence"]
    return one(asked, id, include, [name for name in FIELDS if name in resource.shown])


def _kind(asked: Listing, item: Item) -> str:
    """What a record is; of a meeting that did not take place, that it did not."""
    title = asked.resource.title
    if _took_place(asked, item) or item["status"] is None:
        return title
    return f"{item['status']} {title.lower()}".capitalize()


def _took_place(asked: Listing, item: Item) -> bool:
    return asked.resource is not MEETINGS or item["status"] == MeetingStatus.held


def _citation(asked: Listing, item: Item, kind: str | None, sources: Sequence[Cited]) -> Citation:
    dated = kind is not None and "date_edtf" in item
    return Citation(
        id=item["id"],
        title=called(item) if kind else sources[0].title,
        kind=kind,
        dated=date_told(item) if dated else "",
        # Programs take the date of an event for that of one which took place.
        event=Date.of(item) if dated and _took_place(asked, item) else UNKNOWN,
        sources=sources,
        record_url=f"{asked.context.public_url}/v1/{asked.resource.name}/{item['id']}",
    )


def _sources(asked: Listing, item: Item) -> Iterator[Cited]:
    """The sources on which a record rests, each with the passages; evidence is one itself."""
    passages = [item] if "paragraph" in item else item.get("evidence", [])
    by_source: dict[str, list[Item]] = {}
    for passage in passages:
        by_source.setdefault(passage["source"]["id"], []).append(passage)
    for id, some in by_source.items():
        source = _read(Listing(asked.context, SOURCES, {}), id)
        if source is not None:
            yield _cited(source, some)


def _cited(source: Item, passages: Sequence[Item]) -> Cited:
    url = source["url"]
    # What carries the whole of the record says more than what carries a part of it.
    shown = [each["passage"] for each in sorted(passages, key=_partly) if each["passage"]]
    return Cited(
        title=_title(source),
        author=source["author"],
        publisher=source["publisher"],
        language=source["language"],
        issued=Date.of(source),
        url=leading_to(url, shown[0]) if url and shown else url,
        places=[(each["paragraph"], each["sentence"]) for each in passages],
    )


def _partly(passage: Item) -> bool:
    return passage["part"] is not None


def _title(source: Item) -> str:
    """Its title, or words of ours in brackets, as a citation describes what has none."""
    title = called(source)
    return title if source["name"] else f"[{title}]"
