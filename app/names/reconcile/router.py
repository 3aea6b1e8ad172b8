"""The addresses of the reconciliation service."""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, Response
from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema
from sqlmodel import col

from app.errors import Fault, InvalidQuery, NotFound, fault, nearest
from app.models import Basis, Name
from app.names.finding import Among, find
from app.names.keys import Asked
from app.names.reconcile.queries import Batch, cell, reconciled
from app.names.reconcile.records import (
    Extension,
    extended,
    known,
    named,
    preview,
    types_with_names,
)
from app.names.reconcile.service import (
    COMPARED,
    PATH,
    TYPES,
    manifest,
    property_of,
    proposed,
    type_of,
)  # fmt: skip
from app.names.spellings import plain
from app.query import params, parse
from app.query.answer import answering, respond
from app.query.context import Context
from app.query.params import Wording
from app.query.strict import only
from app.resources.common import COUNTRIES

router = APIRouter(prefix=PATH, tags=["reconcile"])
ADAPTERS: Mapping[str, TypeAdapter[Any]] = {
    "queries": TypeAdapter(Batch),
    "extend": TypeAdapter(Extension),
}
"""What the service is asked, by the name of the parameter or of the field of a form."""
FORM = "application/x-www-form-urlencoded"
SHOWN = 20
SKIPPED_AT_MOST = 200
NO_STORE = {"Cache-Control": "no-store"}
IN_FRAMES = {"Content-Security-Policy": "default-src 'none'; frame-ancestors *"}
"""Of the preview alone, which is made to be shown within other pages."""

Text = Annotated[str | SkipJsonSchema[None], Field(max_length=16_384)]
Prefix = Annotated[str, BeforeValidator(cell), WithJsonSchema({"type": "string"})]
Number = Annotated[
    int,
    BeforeValidator(parse.number(0, SKIPPED_AT_MOST)),
    WithJsonSchema({"type": "integer", "minimum": 0, "maximum": SKIPPED_AT_MOST}),
]
Type: Any = params.name(list(TYPES))


class ReconcileParameters(Wording):
    """The parameters of the address of the service."""

    queries: Text = None
    """Names to be matched, by keys of the caller's own: JSON."""
    extend: Text = None
    """Which fields of which records are asked for: JSON."""


class OfferParameters(Wording):
    """The parameters of what is suggested while somebody types."""

    prefix: Prefix
    """The beginning of a name, or an id."""
    cursor: Number = 0
    """How many are skipped."""
    limit: Number = SHOWN
    """How many are told."""
    type: Type = None
    """Only of this type."""
    type_strict: params.name(["any", "should", "all"]) = None  # type: ignore[valid-type]
    """How strictly it is meant; a record has one type."""


class ProposalParameters(Wording):
    """The parameters of a proposal of properties."""

    type: Type = None
    """Of which type; of all where none is told."""
    limit: Number = SKIPPED_AT_MOST
    """How many are told."""


class PreviewParameters(Wording):
    """The parameters of a preview."""

    id: Annotated[str, Field(max_length=parse.TEXT_AT_MOST)]
    """The id of a record."""


def _taking(model: Any) -> Any:
    return [Depends(only(model))]


@router.get(
    "", name="service", response_model=dict[str, Any], dependencies=_taking(ReconcileParameters)
)
def get_service(request: Request, query: Annotated[ReconcileParameters, Query()]) -> Response:
    """Tell what the reconciliation service offers, or ask it.

    The Reconciliation Service API 0.2 of the W3C's community group, which OpenRefine and others
    speak. Without `queries` and `extend` its manifest.
    """
    given = {name: text for name in ADAPTERS if (text := getattr(query, name)) is not None}
    with answering(request, query, COUNTRIES) as context:
        if given:
            return respond(_answer(context, given, "query"), context)
        carried = [
            pair for pair in request.query_params.multi_items() if pair[0] in Wording.model_fields
        ]
        return respond(
            manifest(context.public_url, urlencode(carried), types_with_names(context)), context
        )


async def form(request: Request) -> Mapping[str, str]:
    """The fields of a form. Raises InvalidQuery where it is none, or has others."""
    sent = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = await request.body()
    try:
        fields = parse_qsl(
            body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=10
        )
    except ValueError:
        fields, sent = [], ""
    names = [name for name, _ in fields]
    if sent != FORM or len(names) != 1:
        detail = f"A form ({FORM}) with one of {', '.join(ADAPTERS)}."
        raise _refused(fault("unsuitable_body", None, detail, location="body"))
    if names[0] not in ADAPTERS:
        meant = nearest(names[0], ADAPTERS)
        one = fault(
            "unknown_parameter", names[0], f"A form here has one of {', '.join(ADAPTERS)}.",
            allowed=list(ADAPTERS), meant=meant, location="body",
        )  # fmt: skip
        raise _refused(one)
    return dict(fields)


@router.post(
    "",
    name="ask",
    response_model=dict[str, Any],
    dependencies=_taking(Wording),
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                FORM: {
                    "schema": {
                        "type": "object",
                        "properties": {name: {"type": "string"} for name in ADAPTERS},
                    }
                }
            },
        }
    },
)
def ask_service(
    request: Request,
    query: Annotated[Wording, Query()],
    given: Annotated[Mapping[str, str], Depends(form)],
) -> Response:
    """Match names, or ask for fields of records, in a form.

    `queries` or `extend` is JSON as the Reconciliation Service API 0.2 has it. Nothing is kept.
    """
    with answering(request, query, COUNTRIES) as context:
        return respond(_answer(context, given, "body"), context, NO_STORE)


def _answer(context: Context, given: Mapping[str, str], location: str) -> dict[str, Any]:
    if len(given) > 1:
        detail = "Ask for one of both."
        raise _refused(fault("unsuitable_parameter", "extend", detail, location=location))
    if "queries" in given:
        return reconciled(context, _parsed("queries", given["queries"], location))
    return extended(context, _parsed("extend", given["extend"], location))


def _parsed(name: str, text: str, location: str) -> Any:
    """What a text of JSON asks. Raises InvalidQuery where it is none, or asks what cannot be."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        one = fault("json_invalid", name, f"`{name}` is no JSON.", location=location)
        raise _refused(one) from None
    try:
        return ADAPTERS[name].validate_python(told)
    except ValidationError as refused:
        found = refused.errors(include_url=False, include_input=False)
        raise RequestValidationError(
            [{**one, "loc": (location, name, *one["loc"])} for one in found]
        ) from None


def _refused(one: Fault) -> InvalidQuery:
    return InvalidQuery(one.detail, [one])


@router.get(
    "/suggest/entity",
    name="entities",
    response_model=dict[str, Any],
    dependencies=_taking(OfferParameters),
)
def suggest_entities(request: Request, query: Annotated[OfferParameters, Query()]) -> Response:
    """Suggest records, as the reconciliation service does."""
    with answering(request, query, COUNTRIES) as context:
        among = Among(context, [query.type] if query.type else [])
        ids = [*known(context, [query.prefix])]
        if not ids:
            hits = find(among, Asked(query.prefix), query.cursor + query.limit)
            ids = [hit.record_id for hit in hits]
        ids = ids[query.cursor : query.cursor + query.limit]
        records = named(context, ids)
        return respond({"result": [_entity(records[id]) for id in ids]}, context)


def _entity(record: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: record[name] for name in ("id", "name", "description")}
    return {**told, "notable": [type_of(record["collection"])]}


@router.get(
    "/suggest/type",
    name="types",
    response_model=dict[str, Any],
    dependencies=_taking(OfferParameters),
)
def suggest_types(request: Request, query: Annotated[OfferParameters, Query()]) -> Response:
    """Suggest types: our collections, those of which any record has a name."""
    with answering(request, query, COUNTRIES) as context:
        return respond(_offered(query, map(type_of, types_with_names(context))), context)


@router.get(
    "/suggest/property",
    name="properties",
    response_model=dict[str, Any],
    dependencies=_taking(OfferParameters),
)
def suggest_properties(request: Request, query: Annotated[OfferParameters, Query()]) -> Response:
    """Suggest properties: what candidates are weighed by, which records can be extended by too."""
    with answering(request, query, COUNTRIES) as context:
        return respond(_offered(query, map(property_of, COMPARED)), context)


@router.get(
    "/properties",
    name="proposed",
    response_model=dict[str, Any],
    dependencies=_taking(ProposalParameters),
)
def propose_properties(request: Request, query: Annotated[ProposalParameters, Query()]) -> Response:
    """Propose the fields that records of a type can be extended by."""
    with answering(request, query, COUNTRIES) as context:
        names = proposed(query.type)[: query.limit]
        told = {"type": query.type} if query.type else {}
        return respond({**told, "properties": [*map(property_of, names)]}, context)


def _offered(query: OfferParameters, every: Iterable[dict[str, str]]) -> dict[str, Any]:
    """Those with a word that begins as the prefix does."""
    prefix = plain(query.prefix)
    found = [one for one in every if f" {prefix}" in f" {plain(one['name'])} {one['id']}"]
    return {"result": found[query.cursor : query.cursor + query.limit]}


@router.get(
    "/preview",
    name="preview",
    response_class=HTMLResponse,
    dependencies=_taking(PreviewParameters),
)
def get_preview(request: Request, query: Annotated[PreviewParameters, Query()]) -> Response:
    """Show a record as a small page, to be shown within another one. It has no script."""
    with answering(request, query, COUNTRIES) as context:
        if not known(context, [query.id]):
            detail = "No record has this id."
            raise NotFound(detail, [fault("unknown_record", "id", detail)])
        record = named(context, [query.id])[query.id]
        names = sa.select(col(Name.text)).where(col(Name.record_id) == query.id)
        if context.source_only:
            names = names.where(col(Name.basis) == Basis.source)
        rows = context.rows(names.order_by(col(Name.position)))
        page = preview(context, record, [row[0] for row in rows])
        return HTMLResponse(page, 200, {"Content-Language": context.language, **IN_FRAMES})
