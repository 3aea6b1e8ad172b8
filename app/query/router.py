"""The routes that every collection has. What comes back is an ordinary APIRouter."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, ConfigDict

from app.query import listing
from app.query.answer import (
    answering,
    check_dialect,
    form_of,
    form_of_records,
    list_url,
    missing,
    named,
    pivot_url,
    respond,
    respond_page,
    respond_table,
    table_form,
    widened,
)
from app.query.forms import TABULAR, media_types
from app.query.forms.tabular import JSON
from app.query.forms.writer import Table
from app.query.listing import Listing
from app.query.pivot import Pivot, PivotRow, pivot
from app.query.resolve import Among
from app.query.resource import Resource
from app.query.strict import only

FACET_VALUES = 500
Id = Annotated[str, Path(description="Id or slug.", max_length=200)]


class FacetCount(BaseModel):
    """How many records have a value."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    value: str
    """As the filter of the same name takes it."""
    name: str
    """As people call it."""
    count: int
    """How many records have it."""
    url: str
    """The list that is counted."""


class Facets(BaseModel):
    """The counts of each facet that was asked for, its own filter set aside."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    facets: dict[str, list[FacetCount]]
    """By facet; the value that most records have first."""
    truncated: list[str]
    """The facets that have more values than are shown."""


def build_router(resource: Resource, countries: Among) -> APIRouter:
    """The list, the facets, the pivot and the record of one collection.

    ``countries`` is where ``names_by`` looks.
    """
    router = APIRouter(prefix=f"/v1/{resource.name}", tags=[resource.name])
    _add_list(router, resource, countries)
    _add_facets(router, resource, countries)
    _add_pivot(router, resource, countries)
    _add_record(router, resource, countries)
    return router


def _documented(resource: Resource, summary: str, parameters: type[BaseModel]) -> dict[str, Any]:
    """What every route says of itself, and its refusal of parameters that it does not have."""
    strict = [Depends(only(parameters))]
    return {"summary": summary, "description": resource.about, "dependencies": strict}


def _add_list(router: APIRouter, resource: Resource, countries: Among) -> None:
    model = resource.list_parameters
    parameters: Any = Annotated[model, Query()]
    documented = _documented(resource, f"List {resource.name}", model)
    documented["responses"] = {
        200: {"description": "A page.", "content": media_types(resource.forms)}
    }

    @router.get("", name="list", response_model=resource.page, **documented)
    def list_(request: Request, query: parameters) -> Response:
        form = form_of_records(request, query, resource)
        check_dialect(query, resource.forms[form])
        reading = widened(resource, query, resource.forms[form], resource.forms)
        with answering(request, query, countries) as context:
            asked = Listing(context, resource, query.model_dump(exclude_unset=True))
            answer = listing.page(asked, reading)
            return respond_page(request, asked, query, form, answer)


def _add_facets(router: APIRouter, resource: Resource, countries: Among) -> None:
    model = resource.facet_parameters
    parameters: Any = Annotated[model, Query()]
    documented = _documented(resource, f"Count {resource.name} by value", model)

    @router.get("/facets", name="facets", response_model=Facets, **documented)
    def facets(request: Request, query: parameters) -> Response:
        form_of(request, query)
        with answering(request, query, countries) as context:
            asked = Listing(context, resource, query.model_dump(exclude_unset=True))
            found = {name: listing.facet(asked, name, FACET_VALUES + 1) for name in query.facet}
            truncated = [name for name, rows in found.items() if len(rows) > FACET_VALUES]
            for name, rows in found.items():
                for row in rows:
                    row["url"] = list_url(request, context, resource, name, row["value"])
            shown = {name: rows[:FACET_VALUES] for name, rows in found.items()}
            return respond({"facets": shown, "truncated": truncated}, context)


def _add_pivot(router: APIRouter, resource: Resource, countries: Among) -> None:
    model = resource.pivot_parameters
    parameters: Any = Annotated[model, Query()]
    documented = _documented(resource, f"Count {resource.name} by one or two values", model)
    documented["responses"] = {200: {"description": "Every row.", "content": media_types(TABULAR)}}

    @router.get("/pivot", name="pivot", response_model=Pivot, **documented)
    def pivot_(request: Request, query: parameters) -> Response:
        form = table_form(request, query)
        with answering(request, query, countries) as context:
            asked = Listing(context, resource, query.model_dump(exclude_unset=True))
            zeros = query.zeros is not False
            number, rows = pivot(asked, query.by, query.distinct, zeros=zeros)
            answer = {
                "collection": resource.name,
                "by": query.by,
                "distinct": query.distinct,
                "total": number,
                "url": pivot_url(request, context, resource),
                "rows": [
                    {
                        "row": one.keys[0],
                        "column": one.keys[1] if len(one.keys) > 1 else None,
                        "count": one.count,
                        "url": pivot_url(request, context, resource, one.address),
                    }
                    for one in rows
                ],
            }
            table = Table.of(PivotRow, answer["rows"], query.dialect)
            return respond_table(request, context, form, answer, table)


def _add_record(router: APIRouter, resource: Resource, countries: Among) -> None:
    model = resource.record_parameters
    parameters: Any = Annotated[model, Query()]
    documented = _documented(resource, f"Get one of the {resource.name}", model)
    content = media_types(resource.forms)
    documented["responses"] = {200: {"description": "The record.", "content": content}}

    @router.get("/{id}", name="get", response_model=resource.out, **documented)
    def get(request: Request, id: Id, query: parameters) -> Response:
        form = form_of_records(request, query, resource)
        check_dialect(query, resource.forms[form])
        reading = widened(resource, query, resource.forms[form], resource.forms)
        with answering(request, query, countries) as context:
            found = named(request, context, resource, id)
            if isinstance(found, Response):
                return found
            asked = Listing(context, resource, {})
            record = listing.one(asked, found, reading.include, reading.fields)
            if record is None:
                raise missing(context, resource, id)
            answer = record if resource.forms[form] is JSON else {"items": [record]}
            return respond_page(request, asked, query, form, answer)
