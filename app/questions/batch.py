"""Many records of whatever collections in one answer, in the order in which they are asked for."""

from collections.abc import Iterable, Mapping, Sequence
from functools import reduce
from operator import or_
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import col

from app.errors import nearest, refused
from app.models import Collection, Record
from app.query import params, parse
from app.query.listing import read
from app.query.params import TabularManner
from app.query.resolve import ids_of
from app.questions.question import Answer, Asking, Question
from app.resources import RESOURCES
from app.resources.evidence import ID

BY_NAME = {one.name: one for one in RESOURCES}
ANY: Any = reduce(or_, [one.out for one in RESOURCES])


def asked(values: Any) -> list[str]:
    """What was asked for, each as often as it was."""
    parse.terms(values)
    found = [part.strip() for value in values for part in parse.text(value).split(",")]
    if len(found) > parse.VALUES_AT_MOST:
        raise refused("too_many_values", f"At most {parse.VALUES_AT_MOST} ids are taken here.")
    for one in found:
        _check_name(one)
    return found


def _check_name(written: str) -> None:
    """Refuse what can name no record, rather than say that it is not known."""
    name, slash, _ = written.partition("/")
    if not slash and not ID.fullmatch(written.casefold()):
        detail = "A slug is unique within its collection only: write `collection/slug`, or an id."
        raise refused("ambiguous_reference", detail)
    if slash and name not in BY_NAME:
        allowed = [*BY_NAME]
        detail = f"Before the slash stands a collection: {', '.join(allowed)}."
        raise refused("unknown_value", detail, allowed=allowed, meant=nearest(name, allowed))


class BatchParameters(TabularManner):
    """The parameters of a batch."""

    ids: parse.many(Annotated[str, Field(min_length=1)], asked) = Field(  # type: ignore[valid-type]
        min_length=1
    )
    """Which records: ids, or `collection/slug`; up to 100, separated by commas or repeated."""

    include: params.names(["evidence", "names"]) = Field(  # type: ignore[valid-type]
        default_factory=list
    )
    """Adds what is absent unless asked for, to the records that have it."""


class BatchRow(BaseModel):
    """Where one of the records is."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    asked: str
    """What was asked for."""
    collection: Collection | None
    """What it is; null for what was not found."""
    id: str | None
    """Opaque and immutable."""
    slug: str | None
    """Readable, unique within its collection."""
    name: str | None
    """In the language asked for; null where no source gives one."""
    label: str | None
    """What it is, in our words."""
    url: str | None
    """The record alone."""


class BatchItem(BaseModel):
    """One of the records that were asked for."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    asked: str
    """What was asked for."""
    collection: Collection | None
    """What it is; null for what was not found."""
    url: str | None
    """The record alone; null for what was not found."""
    record: ANY | None
    """The record as its collection tells it; null for what was not found."""


class Batch(BaseModel):
    """The records that were asked for."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    items: list[BatchItem]
    """One for each that was asked for, in that order."""
    missing: list[str]
    """Those that were not found."""


def batch(asking: Asking, query: BatchParameters) -> Answer:
    """The records of any collections."""
    found = _found(asking, query.ids)
    records: dict[str, Answer] = {}
    for name in dict.fromkeys(collection for collection, _ in found.values()):
        ids = [id for collection, id in found.values() if collection == name]
        records |= _records(asking, name, ids, query.include)
    items = [_item(asking, written, found.get(written), records) for written in query.ids]
    return {"items": items, "missing": [one["asked"] for one in items if one["record"] is None]}


def _found(asking: Asking, written: Sequence[str]) -> Mapping[str, tuple[str, str]]:
    """The collection and the id of what was asked for, so far as it exists."""
    session = asking.context.session
    ids = {value: value.casefold() for value in written if "/" not in value}
    query = sa.select(col(Record.id), col(Record.collection)).where(
        col(Record.id).in_(ids.values()), col(Record.collection).in_(BY_NAME)
    )
    by_id = {id: (collection.value, id) for id, collection in session.execute(query)}
    found = {value: by_id[id] for value, id in ids.items() if id in by_id}
    for name, resource in BY_NAME.items():
        slugs = [value for value in written if value.partition("/")[0] == name and "/" in value]
        named = ids_of(session, resource.among, [value.partition("/")[2] for value in slugs])
        found |= {
            value: (name, named[slug])
            for value in slugs
            if (slug := value.partition("/")[2]) in named
        }
    return found


def _records(
    asking: Asking, name: str, ids: Sequence[str], include: Sequence[str]
) -> Mapping[str, Answer]:
    """The records of one collection, by id."""
    listing = asking.listing(BY_NAME[name], {})
    query = listing.matching(*listing.resource.plan.columns).where(listing.id.in_(ids))
    rows = asking.context.session.execute(query).all()
    included = [each for each in include if each in listing.resource.includes]
    return {one["id"]: one for one in read(listing, rows, included, ())}


def _item(
    asking: Asking, written: str, at: tuple[str, str] | None, records: Mapping[str, Answer]
) -> Answer:
    record = records.get(at[1]) if at else None
    if at is None or record is None:
        return {"asked": written, "collection": None, "url": None, "record": None}
    url = asking.record_url(BY_NAME[at[0]], record["slug"])
    return {"asked": written, "collection": at[0], "url": url, "record": record}


def rows(_: Asking, answer: Answer) -> Iterable[Answer]:
    """Where each of the records is."""
    for item in answer["items"]:
        record = item["record"] or dict.fromkeys(("id", "slug", "name", "label"))
        told = {name: record[name] for name in ("id", "slug", "name", "label")}
        yield {**{name: item[name] for name in ("asked", "collection", "url")}, **told}


QUESTIONS = (
    Question(
        name="batch",
        path="/v1/batch",
        about="Many records at once. Of whatever collections, each in the place in which it was"
        " asked for; what was not found is said.",
        parameters=BatchParameters,
        answer=Batch,
        row=BatchRow,
        ask=batch,
        rows=rows,
    ),
)
