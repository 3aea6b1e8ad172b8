"""Coverage: what is known and what is not, so that nothing found can be told from not covered."""

from collections.abc import Collection as Some
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, Field, create_model
from sqlmodel import col

from app.errors import InvalidQuery, fault
from app.models import Collection, Record
from app.query import params, parse
from app.query.listing import Listing
from app.query.many import is_one_of
from app.query.params import TabularManner
from app.query.periods import Unit, between
from app.query.pivot import UNKNOWN, check_rows
from app.query.refs import Ref
from app.query.resource import CARRIED_FILTERS, Resource
from app.questions.known import Known, is_dated, known, known_by
from app.questions.narrowing import OF_TIME, SHARED, Narrowing, check_some
from app.questions.question import Answer, Asking, Given, Question
from app.resources import RESOURCES, countries, sources, topics


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


NAMES = ("country", "about", "between", "participant", "topic", "meeting", "series")
KNOWN = {f"has_{name}" for name in (*NAMES, *CARRIED_FILTERS, *OF_TIME)}
"""Whether anything is known of these the rows tell."""

NARROWING = Narrowing(RESOURCES, (*NAMES, *SHARED), without=KNOWN)

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
    """The collection."""
    count: int
    """How many records are known; 0 is not covered."""
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


LISTED = {
    By.country: countries.RESOURCE,
    By.about: countries.RESOURCE,
    By.topic: topics.RESOURCE,
    By.source: sources.RESOURCE,
}


def told_by(by: By, chosen: Sequence[str]) -> list[Resource]:
    """The collections that are told. Raises InvalidQuery for a chosen one that cannot be."""
    can = [one for one in RESOURCES if by is By.collection or by.value in one.facets]
    if lost := [name for name in chosen if name not in {one.name for one in can}]:
        # Silence about it would read as nothing known.
        detail = f"What cannot be told by {by.value}: {', '.join(lost)}."
        raise InvalidQuery(detail, [fault("unsuitable_parameter", "collection", detail)])
    return [one for one in can if not chosen or one.name in chosen]


def coverage(asking: Asking, query: Any) -> Answer:
    """What is known and what is not."""
    by: By = query.by
    resources = told_by(by, query.collection)
    given = _asked(asking, query)
    lacks = {one.collection: NARROWING.lacks(one, given) for one in resources}
    check_some(lacks)
    left_out = [{"collection": one, "parameters": lost} for one, lost in lacks.items() if lost]
    resources = [one for one in resources if not lacks[one.collection]]
    listings = [asking.listing(one, NARROWING.asked(one, given)) for one in resources]
    rows = [_row(asking, by, *cell) for cell in _cells(asking, by, listings)]
    if query.zeros is False:
        rows = [row for row in rows if row["count"]]
    names = [one.name for one in resources]
    return {"by": by, "collections": names, "left_out": left_out, "rows": rows}


def _asked(asking: Asking, query: Any) -> Given:
    """What narrows it, which cannot be what it is told by: a row is asked for one value of that."""
    given = NARROWING.given(asking.context, query)
    if (by := query.by.value) in given:
        detail = (
            f"What is told by {by} is not narrowed by it: leave `{by}` out, or take another `by`."
        )
        raise InvalidQuery(detail, [fault("unsuitable_parameter", by, detail)])
    return given


def _cells(
    asking: Asking, by: By, listings: Sequence[Listing]
) -> Iterator[tuple[Answer | None, Listing, Known]]:
    """What is known of each value in each collection, and at the end of those that have none."""
    if by is By.collection:
        yield from ((None, listing, known(listing)) for listing in listings)
        return
    found = [known_by(listing, by.value) for listing in listings]
    keys = _keys(asking, by, {value for each in found for value in each} - {None})
    check_rows(len(keys) * len(listings))
    for value, key in (*keys.items(), (None, UNKNOWN)):
        for listing, told in zip(listings, found, strict=True):
            if key is not UNKNOWN or not listing.resource.facets[by.value].values.always:
                yield key, listing, told.get(value) or Known()


def _keys(asking: Asking, by: By, found: Some[Any]) -> dict[Any, Answer]:
    """What has rows, known or not, in its order.

    With ``basis=source`` sources speak of what they do not tell more of: it has rows as well.
    """
    if by is By.year:
        every = between(Unit.year, min(found), max(found)) if found else []
        return {year: {"value": year, "name": year} for year in every}
    listing = asking.listing(LISTED[by], {})
    listed = sa.or_(
        col(Record.id).in_(listing.matching(listing.id)), is_one_of(col(Record.id), found)
    )
    query = sa.select(col(Record.id)).where(listed).order_by(col(Record.sort_name), col(Record.id))
    values = asking.context.session.scalars(query).all()
    refs = {value: asking.context.refs.to(Ref, value) for value in values}
    asking.context.refs.resolve()
    label = asking.context.refs.label
    return {
        value: {"value": ref["slug"], "name": ref["name"] or label(value)}
        for value, ref in refs.items()
    }


def _row(asking: Asking, by: By, key: Answer | None, listing: Listing, told: Known) -> Answer:
    resource, given = listing.resource, dict(listing.given)
    if key:
        given |= {f"has_{by}": False} if key is UNKNOWN else {by.value: [key["value"]]}
    undated = None
    if is_dated(resource):
        undated = asking.url(resource, {**given, "has_date": False})
    return {
        "key": key,
        "collection": resource.name,
        "count": told.count,
        "url": asking.url(resource, given),
        "date_earliest": told.earliest if told.begins else None,
        "date_latest": told.latest if told.ends else None,
        "first_recorded_at": told.recorded,
        "last_updated_at": told.updated,
        "undated_count": told.undated if undated else None,
        "undated_url": undated,
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
