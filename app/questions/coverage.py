"""Coverage: what is known and what is not, so that nothing found can be told from not covered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field

from app.models import Collection, Record
from app.query import params, parse
from app.query.context import not_reference
from app.query.filters import Span
from app.query.listing import Listing
from app.query.params import TabularManner
from app.query.periods import Unit, between
from app.query.pivot import check_rows
from app.query.refs import Ref
from app.query.resource import Resource
from app.questions.question import Answer, Asking, Question
from app.resources import RESOURCES, countries, evidence, sources, topics
from app.resources.record import RecordOut


class By(StrEnum):
    """By what it is told how much is known."""

    collection = "collection"
    country = "country"
    about = "about"
    topic = "topic"
    year = "year"
    source = "source"


class CoverageParameters(TabularManner):
    """The parameters of the coverage."""

    by: params.one_of(By) = By.collection  # type: ignore[valid-type]
    """By what it is told; by collection alone unless told."""
    collection: params.names([one.name for one in RESOURCES]) = Field(  # type: ignore[valid-type]
        default_factory=list
    )
    """Only these collections; several, separated by commas or repeated."""
    zeros: parse.Flag = None
    """Whether what nothing is known of has a row, as it has unless told."""


class CoverageKey(BaseModel):
    """A country, topic, year or source."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    value: str
    """As filters take it."""
    name: str
    """As people call it."""


class CoverageRow(BaseModel):
    """How much of one collection is known, of all or of one country, topic, year or source."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    key: CoverageKey | None
    """Of what; null by collection, where it is all."""
    collection: Collection
    """The collection; by source that of the records that are carried."""
    count: int
    """How many records are known or, by source, how many ties of evidence; 0 is not covered."""
    url: str
    """The list that is counted."""
    date_earliest: date | None
    """The first day that any of their dates allows; null where none is dated."""
    date_latest: date | None
    """The last day that any of their dates allows."""
    first_recorded_at: datetime | None
    """When this knowledge base first told of any; null where it tells of none."""
    last_updated_at: datetime | None
    """When what it tells of any last changed."""
    undated_count: int | None
    """How many have no calendar date; null where records have no date."""
    undated_url: str | None
    """Their list."""


class Coverage(BaseModel):
    """What is known and what is not."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    by: By
    """By what it is told."""
    collections: list[Collection]
    """The collections that can be told by it, whether or not anything is known."""
    rows: list[CoverageRow]
    """Every combination, also where nothing is known."""


@dataclass(frozen=True)
class Group:
    """What is known of one combination."""

    count: int = 0
    earliest: date | None = None
    latest: date | None = None
    recorded: datetime | None = None
    updated: datetime | None = None
    undated: int = 0


Groups = Mapping[tuple[Any, ...], Group]
BY_NAME = {one.name: one for one in RESOURCES}
LISTED = {
    By.country: countries.RESOURCE,
    By.about: countries.RESOURCE,
    By.topic: topics.RESOURCE,
    By.source: sources.RESOURCE,
}


def is_dated(resource: Resource) -> bool:
    """Whether its records have dates that filters know."""
    return isinstance(resource.filters.get("date"), Span)


def groups(listing: Listing, facets: Sequence[str]) -> Groups:
    """What is known by the values of some facets."""
    dated = is_dated(listing.resource)
    records = listing.matching(
        listing.id.label("id"), Record.created_at, Record.updated_at, *_dates(listing)
    )
    # Each record is looked up once, and not once for each of its values.
    found = records.offset(0).subquery()
    query: Any = found
    values: list[Any] = []
    for name in facets:
        pairs = listing.resource.facets[name].seen(name, listing.context).pairs().subquery()
        query = query.join(pairs, pairs.c.owner == found.c.id)
        values.append(pairs.c.value)
    undated = sa.case((sa.and_(found.c.earliest.is_(None), found.c.latest.is_(None)), found.c.id))
    select = sa.select(
        *values,
        sa.func.count(found.c.id.distinct()),
        sa.func.min(found.c.earliest),
        sa.func.max(found.c.latest),
        sa.func.min(found.c.created_at),
        sa.func.max(found.c.updated_at),
        sa.func.count(undated.distinct()) if dated else sa.null(),
    )
    rows = listing.context.session.execute(select.select_from(query).group_by(*values))
    return {tuple(row[: len(facets)]): Group(*row[len(facets) :]) for row in rows}


def _dates(listing: Listing) -> Iterator[Any]:
    """The span of a record's date, so far as the request may see it."""
    table: Any = listing.resource.table
    for name in ("earliest", "latest"):
        if not is_dated(listing.resource):
            yield sa.cast(sa.null(), sa.Date).label(name)
            continue
        column = getattr(table, f"date_{name}")
        if listing.context.source_only:
            column = sa.case((not_reference(listing.id, column.key), column), else_=None)
        yield column.label(name)


def carried() -> list[str]:
    """The collections whose records rest on evidence."""
    return [one.name for one in RESOURCES if issubclass(one.out, RecordOut)]


def told_by(by: By, chosen: Sequence[str]) -> list[Resource]:
    """The collections that are counted."""
    if by is By.source:
        return [evidence.RESOURCE]
    return [
        one
        for one in RESOURCES
        if (not chosen or one.name in chosen) and (by is By.collection or by.value in one.facets)
    ]


def coverage(asking: Asking, query: CoverageParameters) -> Answer:
    """What is known and what is not."""
    by: By = query.by
    resources = told_by(by, query.collection)
    facets = {By.collection: [], By.source: ["source", "collection"]}.get(by, [by.value])
    found = {one.name: groups(asking.listing(one, {}), facets) for one in resources}
    keys = _keys(asking, by, found)
    names = _names(by, query.collection, resources)
    cells = [(value, name) for value in keys for name in names]
    check_rows(len(cells))
    rows = [
        _row(asking, by, keys[value], name, _group(found, value, name)) for value, name in cells
    ]
    if query.zeros is False:
        rows = [row for row in rows if row["count"]]
    return {"by": by, "collections": names, "rows": rows}


def _names(by: By, chosen: Sequence[str], resources: Sequence[Resource]) -> list[str]:
    """The collections that have rows."""
    if by is By.source:
        return [name for name in carried() if not chosen or name in chosen]
    return [one.name for one in resources]


def _keys(asking: Asking, by: By, found: Mapping[str, Groups]) -> dict[Any, Any]:
    """What has rows, known or not, in its order; None where it is all."""
    if by is By.collection:
        return {None: None}
    if by is By.year:
        years = sorted({value for each in found.values() for (value,) in each})
        every = between(Unit.year, years[0], years[-1]) if years else []
        return {year: {"value": year, "name": year} for year in every}
    listed = LISTED[by]
    listing = asking.listing(listed, {})
    query = listing.matching(listing.id, Record.sort_name).order_by(Record.sort_name, listing.id)
    values = [id for id, _ in asking.context.session.execute(query)]
    refs = {value: asking.context.refs.to(Ref, value) for value in values}
    asking.context.refs.resolve()
    label = asking.context.refs.label
    return {
        value: {"value": ref["slug"], "name": ref["name"] or label(value)}
        for value, ref in refs.items()
    }


def _group(found: Mapping[str, Groups], value: Any, name: str) -> Group:
    if name in found:
        return found[name].get(() if value is None else (value,), Group())
    return found[evidence.RESOURCE.name].get((value, Collection(name)), Group())


def _row(asking: Asking, by: By, key: Any, name: str, group: Group) -> Answer:
    given: dict[str, Any] = {} if key is None else {by.value: [key["value"]]}
    resource = BY_NAME[name]
    if by is By.source:
        resource, given = evidence.RESOURCE, {**given, "collection": [name]}
    dated = is_dated(resource)
    return {
        "key": key,
        "collection": name,
        "count": group.count,
        "url": asking.url(resource, given),
        "date_earliest": group.earliest,
        "date_latest": group.latest,
        "first_recorded_at": group.recorded,
        "last_updated_at": group.updated,
        "undated_count": group.undated if dated else None,
        "undated_url": asking.url(resource, {**given, "has_date": False}) if dated else None,
    }


QUESTIONS = (
    Question(
        name="coverage",
        path="/v1/coverage",
        about="What is known and what is not. How many records there are by collection, country,"
        " country that they are about, topic, year or source, from when to when, and since when"
        " they are told of; zeros among them, so that nothing found can be told from not covered.",
        parameters=CoverageParameters,
        answer=Coverage,
        row=CoverageRow,
        ask=coverage,
    ),
)
