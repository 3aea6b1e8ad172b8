"""Coverage: what is known and what is not, so that nothing found can be told from not covered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import product
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, create_model

from app.errors import InvalidQuery, fault
from app.models import Collection, Record
from app.query import params, parse
from app.query.context import not_reference
from app.query.filters import Span
from app.query.listing import Listing
from app.query.params import TabularManner
from app.query.periods import Unit, between
from app.query.pivot import UNKNOWN, check_rows
from app.query.refs import Ref
from app.query.resource import COMMON_FILTERS, Resource
from app.questions.narrowing import OF_TIME, Narrowing, check_some
from app.questions.question import Answer, Asking, Given, Question
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


class CoverageManner(TabularManner):
    """How the coverage is told."""

    by: params.one_of(By) = By.collection  # type: ignore[valid-type]
    """By what it is told; by collection alone unless told."""
    collection: params.names([one.name for one in RESOURCES]) = Field(  # type: ignore[valid-type]
        default_factory=list
    )
    """Only these collections; several, separated by commas or repeated."""
    zeros: parse.Flag = None
    """Whether what nothing is known of has a row, as it has unless told."""


NAMES = ("country", "about", "between", "participant", "topic", "meeting", "series", "source")
KNOWN = {f"has_{name}" for name in (*NAMES, *OF_TIME)}
"""Whether anything is known of these the rows tell."""

NARROWING = Narrowing(RESOURCES, (*NAMES, "voice", *OF_TIME, *COMMON_FILTERS), without=KNOWN)

PARAMETERS: Any = create_model(
    "CoverageParameters",
    __doc__="The parameters of the coverage: a collection that lacks a filter is left out where it"
    " is asked.",
    __base__=CoverageManner,
    **NARROWING.parameters,
)


class CoverageKey(BaseModel):
    """A country, topic, year or source."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    value: str | None
    """As filters take it; null for records of which none is known."""
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
    """The first day that any of their dates allows; null where none is dated, or one is open."""
    date_latest: date | None
    """The last day that any of their dates allows; null where none is dated, or one is open."""
    first_recorded_at: datetime | None
    """When this knowledge base first told of any; null where it tells of none."""
    last_updated_at: datetime | None
    """When what it tells of any last changed."""
    undated_count: int | None
    """How many have no calendar date; null where records have no date."""
    undated_url: str | None
    """Their list."""


class CollectionLeftOut(BaseModel):
    """A collection that cannot be asked all that was asked, and has no rows."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    collection: Collection
    """Which collection."""
    parameters: list[str]
    """What it cannot be asked."""


class Coverage(BaseModel):
    """What is known and what is not."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    by: By
    """By what it is told."""
    collections: list[Collection]
    """The collections that can be told by it, whether or not anything is known."""
    left_out: list[CollectionLeftOut]
    """Those that have no rows, since they cannot be asked all of this."""
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


def groups(listing: Listing, facets: Sequence[str], also: Sequence[Any] = ()) -> Groups:
    """What is known by the values of some facets, of records that meet ``also`` some conditions."""
    dated = is_dated(listing.resource)
    by = [listing.resource.facets[name].seen(name, listing.context) for name in facets]
    records = listing.matching(
        listing.id.label("id"),
        Record.created_at,
        Record.updated_at,
        *_dates(listing),
        also=also,
    )
    # Each record is looked up once, and not once for each of its values.
    found = records.offset(0).subquery()
    query: Any = found
    values: list[Any] = []
    for one in by:
        pairs = one.pairs().subquery()
        query = query.join(pairs, pairs.c.owner == found.c.id)
        values.append(pairs.c.value)
    # To tell what was counted already takes as long again, and is only needed for several pairs.
    once = all(one.unique for one in by)
    first, last = found.c.earliest, found.c.latest
    undated = sa.case((sa.and_(first.is_(None), last.is_(None)), found.c.id))
    select = sa.select(
        *values,
        sa.func.count(found.c.id if once else found.c.id.distinct()),
        _bound(sa.func.min(first), sa.and_(first.is_(None), last.is_not(None))),
        _bound(sa.func.max(last), sa.and_(last.is_(None), first.is_not(None))),
        sa.func.min(found.c.created_at),
        sa.func.max(found.c.updated_at),
        sa.func.count(undated if once else undated.distinct()) if dated else sa.null(),
    )
    rows = listing.context.session.execute(select.select_from(query).group_by(*values))
    return {tuple(row[: len(facets)]): Group(*row[len(facets) :]) for row in rows}


def _bound(bound: Any, is_open: Any) -> Any:
    """``bound``, or null where any date is open at that end: then there is no bound."""
    return sa.case((sa.func.max(sa.case((is_open, 1), else_=0)) == 1, None), else_=bound)


def unknown(listing: Listing, by: By) -> Group:
    """The records of which nothing is known that they could be told by."""
    values = listing.resource.facets[by.value].seen(by.value, listing.context)
    found = groups(listing, [], [sa.not_(values.known(listing.id))])
    return found.get((), Group())


def _dates(listing: Listing) -> Iterator[Any]:
    """The span of a record's date, so far as the request may see it."""
    table: Any = listing.resource.table
    for name in ("earliest", "latest"):
        if not is_dated(listing.resource):
            yield sa.cast(sa.null(), sa.Date).label(name)
            continue
        column = getattr(table, f"date_{name}")
        if listing.context.source_only:
            # As filters see a date: one of which reference knowledge gives an end is not known.
            stated = not_reference(listing.id, "date_earliest", "date_latest")
            column = sa.case((stated, column), else_=None)
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


def check_told(by: By, chosen: Sequence[str], resources: Sequence[Resource]) -> None:
    """Refuse a collection that cannot be told so, rather than be silent about it."""
    told = set(_names(by, chosen, resources))
    if lost := [name for name in chosen if name not in told]:
        detail = f"What cannot be told by {by.value}: {', '.join(lost)}."
        raise InvalidQuery(detail, [fault("unsuitable_parameter", "collection", detail)])


def coverage(asking: Asking, query: Any) -> Answer:
    """What is known and what is not."""
    by: By = query.by
    resources = told_by(by, query.collection)
    check_told(by, query.collection, resources)
    given = _asked(asking, query)
    lacks = {one.collection: NARROWING.lacks(one, given) for one in resources}
    left_out = [{"collection": one, "parameters": lost} for one, lost in lacks.items() if lost]
    check_some(resources, left_out)
    resources = [one for one in resources if not lacks[one.collection]]
    filters = {one.name: NARROWING.asked(one, given) for one in resources}
    listings = {one.name: asking.listing(one, filters[one.name]) for one in resources}
    names = _names(by, query.collection, resources)
    rows = [
        _row(asking, _given(by, key, filters, name), key, name, group)
        for key, name, group in _cells(asking, by, listings, names)
    ]
    if query.zeros is False:
        rows = [row for row in rows if row["count"]]
    return {"by": by, "collections": names, "left_out": left_out, "rows": rows}


def _cells(
    asking: Asking, by: By, listings: Mapping[str, Listing], names: Sequence[str]
) -> Iterator[tuple[Any, str, Group]]:
    """What is known of each value in each collection, and at the end of none, where it can be."""
    facets = {By.collection: [], By.source: ["source", "collection"]}.get(by, [by.value])
    found = {name: groups(listing, facets) for name, listing in listings.items()}
    keys = _keys(asking, by, found)
    check_rows(len(keys) * len(names))
    for value, name in product(keys, names):
        yield keys[value], name, _group(found, value, name)
    if by not in (By.collection, By.source):
        for name, listing in listings.items():
            yield UNKNOWN, name, unknown(listing, by)


def _asked(asking: Asking, query: Any) -> Given:
    """What narrows it, which cannot be what it is told by: a row is asked for one value of that."""
    given = NARROWING.given(asking.context, query)
    if (by := query.by.value) in given:
        detail = (
            f"What is told by {by} is not narrowed by it: leave `{by}` out, or take another `by`."
        )
        raise InvalidQuery(detail, [fault("unsuitable_parameter", by, detail)])
    return given


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


def _given(by: By, key: Any, filters: Mapping[str, Given], name: str) -> dict[str, Any]:
    """What the list of a row is asked."""
    if by is By.source:
        asked = filters[evidence.RESOURCE.name]
        return {**asked, by.value: [key["value"]], "collection": [name]}
    if key is None:
        return {**filters[name]}
    known = {by.value: [key["value"]]}
    return {**filters[name], **({f"has_{by.value}": False} if key is UNKNOWN else known)}


def _row(asking: Asking, given: Given, key: Any, name: str, group: Group) -> Answer:
    resource = evidence.RESOURCE if "collection" in given else BY_NAME[name]
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
        parameters=PARAMETERS,
        answer=Coverage,
        row=CoverageRow,
        ask=coverage,
    ),
)
