"""From a request to the context of its answer, and from an answer to a response."""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import quote_plus, urlencode

from fastapi import Request
from fastapi.responses import RedirectResponse, Response
from pydantic_core import to_json
from sqlmodel import Session

from app.db import read
from app.errors import InvalidQuery, NotFound, RangeNotSatisfiable, fault
from app.query.context import Context
from app.query.filters import unknown_reference
from app.query.forms import FILES, ONLY_JSON, TABULAR
from app.query.forms.tabular import CSV, JSON
from app.query.forms.writer import Page, Table, Writer, bare
from app.query.listing import Listing, told
from app.query.negotiation import form, language
from app.query.params import (
    Choosing,
    Manner,
    RecordParameters,
    TableForm,
    TabularManner,
    Wording,
)
from app.query.resolve import Among, current_slug, ids_of, suggestion
from app.query.resource import Resource

SESSION = "communique.session"
"""Where the scope of a request that is asked within another one has the session of that one."""
# Every form repeats the address, and proxies take only so much in a header.
ANNOUNCED_AT_MOST = 200
RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})")


@contextmanager
def answering(request: Request, query: Wording, countries: Among) -> Iterator[Context]:
    """The context in which ``request`` is answered."""
    with _session(request) as session:
        yield Context(
            session=session,
            public_url=request.app.state.public_url,
            language=language(query.lang, request.headers.get("accept-language")),
            names_by=_country(session, query.names_by, countries),
            source_only=query.basis is not None,
        )


def _session(request: Request) -> AbstractContextManager[Session]:
    """A session for one request, or that of the request within which it is asked."""
    shared: Session | None = request.scope.get(SESSION)
    return read(request.app.state.engine) if shared is None else nullcontext(shared)


def _country(session: Session, written: str | None, countries: Among) -> str | None:
    """The id of the country whose names are asked for."""
    if written is None:
        return None
    found = ids_of(session, countries, [written]).get(written)
    if found is None:
        one = unknown_reference(session, "names_by", countries, written)
        raise InvalidQuery(one.detail, [one])
    return found


def form_of(
    request: Request, query: Manner | TableForm, suiting: Mapping[str, Writer[Any]] = ONLY_JSON
) -> str:
    """The form in which ``request`` is answered."""
    return form(query.format, request.headers.get("accept"), suiting)


def form_of_records(request: Request, query: RecordParameters, resource: Resource) -> str:
    """The form in which records are given; those that are files alone are told with addresses."""
    files = {name: f"/v1/exports/{resource.name}.{name}" for name in FILES}
    types = {FILES[name].media_type: address for name, address in files.items()}
    accept = request.headers.get("accept")
    return form(query.format, accept, resource.forms, elsewhere=files | types)


def check_dialect(query: Choosing | TableForm, writer: Writer[Any]) -> None:
    """Refuse a dialect of another form than csv, rather than ignore it."""
    if query.dialect and writer is not CSV:
        detail = "`dialect` is one of csv: ask for `format=csv` with it."
        raise InvalidQuery(detail, [fault("unsuitable_parameter", "dialect", detail)])


def respond(answer: Any, context: Context, more: Mapping[str, str] | None = None) -> Response:
    """``answer`` as JSON, with ``more`` headers."""
    headers = {"Content-Language": context.language, **(more or {})}
    return Response(to_json(answer), 200, headers, JSON.media_type)


Told = TypeVar("Told")
Asked = TypeVar("Asked", bound=Choosing)


def widened(
    resource: Resource, query: Asked, writer: Writer[Any], forms: Mapping[str, Writer[Any]]
) -> Asked:
    """What is read for one of ``forms``: what was asked for, and what the form needs.

    Raises InvalidQuery where fields are chosen of a form that has none to choose.
    """
    chosen = next((name for name in ("fields", "include") if getattr(query, name)), None)
    if chosen and not writer.chosen:
        having = ", ".join(name for name, one in forms.items() if one.chosen)
        detail = f"`{chosen}` chooses what these forms tell: {having}."
        raise InvalidQuery(detail, [fault("unsuitable_parameter", chosen, detail)])
    own = [name for name in writer.needs if name not in resource.includes]
    included = [name for name in writer.needs if name in resource.includes]
    fields = [*query.fields, *own] if query.fields else []
    return query.model_copy(update={"fields": fields, "include": [*query.include, *included]})


def respond_page(
    request: Request, asked: Listing, query: RecordParameters, form: str, answer: Mapping[str, Any]
) -> Response:
    """Records in the form asked for, with the ways to the next page and to other forms."""
    context, writer = asked.context, asked.resource.forms[form]
    onward = next_page(request, context, answer.get("next_cursor"))
    more = linking(*onward, *alternates(request, asked, form))
    if "total" in answer:
        more["Total-Count"] = str(answer["total"])
    return respond_as(request, context, writer, page_of(request, asked, query, answer), more)


def page_of(request: Request, asked: Listing, query: Choosing, answer: Mapping[str, Any]) -> Page:
    """Records, as they are given to the writer of a form."""
    return Page(
        asked.resource.out,
        told(asked.resource, query.include, query.fields),
        answer,
        query.dialect,
        collection=asked.resource.name,
        public_url=asked.context.public_url,
        url=address(asked.context, request.url.path, request.query_params.multi_items()),
        language=asked.context.language,
        label=asked.context.refs.label,
    )


def table_form(
    request: Request, query: TableForm, more: Mapping[str, Writer[Any]] | None = None
) -> str:
    """The form of an answer that holds one table, and may come in ``more`` forms."""
    forms = {**TABULAR, **(more or {})}
    form = form_of(request, query, forms)
    check_dialect(query, forms[form])
    return form


def respond_table(
    request: Request, context: Context, form: str, answer: Any, table: Table
) -> Response:
    """An answer that can be told as one table, with the way to the next page if it has pages."""
    more = linking(*next_page(request, context, answer.get("next_cursor")))
    if TABULAR[form] is JSON:
        return respond(answer, context, more)
    return respond_as(request, context, TABULAR[form], table, more)


def respond_as(
    request: Request,
    context: Context,
    writer: Writer[Told],
    told: Told,
    more: Mapping[str, str] | None = None,
) -> Response:
    """What is ``told``, in the form of ``writer``, with ``more`` headers."""
    headers = {"Content-Language": context.language, **(more or {})}
    body = writer.write(told)
    if writer.ranges:
        return ranged(request, body, headers, writer.media_type)
    return Response(body, 200, headers, writer.media_type)


def ranged(request: Request, body: bytes, headers: dict[str, str], media_type: str) -> Response:
    """``body``, or the one part of it that ``Range`` asks for (RFC 9110, section 14)."""
    headers["Accept-Ranges"] = "bytes"
    # A part may be joined to an older one only under a strong validator, and ours are weak.
    asked = None if "if-range" in request.headers else part_asked(request)
    if asked is None:
        return Response(body, 200, headers, media_type)
    part = bounds(asked, len(body), headers)
    return Response(body[part.start : part.stop], 206, headers, media_type)


def part_asked(request: Request) -> re.Match[str] | None:
    """The one part that ``Range`` asks for; of several all is sent, as of what is none."""
    asked = RANGE.fullmatch(request.headers.get("range", ""))
    return None if asked is None or asked.groups() == ("", "") else asked


def bounds(asked: re.Match[str], length: int, headers: dict[str, str]) -> range:
    """Which of ``length`` bytes are ``asked`` for, as ``headers`` are made to tell."""
    start, end = _bounds(asked[1], asked[2], length)
    if start >= end:
        headers["Content-Range"] = f"bytes */{length}"
        raise RangeNotSatisfiable(f"The answer has {length} bytes.", headers=headers)
    headers["Content-Range"] = f"bytes {start}-{end - 1}/{length}"
    return range(start, end)


def _bounds(first: str, last: str, length: int) -> tuple[int, int]:
    """Where a range starts and ends, the end exclusive."""
    if not first:
        return max(length - int(last), 0), length
    return int(first), min(int(last) + 1, length) if last else length


def linking(*links: str) -> dict[str, str]:
    """The header that holds ``links``."""
    return {"Link": ", ".join(links)} if links else {}


def next_page(request: Request, context: Context, cursor: str | None) -> Iterator[str]:
    """The link to the next page, where there is one."""
    if cursor is not None:
        kept = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
        yield f'<{address(context, request.url.path, [*kept, ("cursor", cursor)])}>; rel="next"'


def alternates(request: Request, asked: Listing, form: str) -> Iterator[str]:
    """Links to the same records in the other forms in which they come."""
    if len(request.url.query) > ANNOUNCED_AT_MOST:
        return
    for name, writer in asked.resource.forms.items():
        if name == form:
            continue
        own = {"format", "dialect", *(() if writer.chosen else ("fields", "include"))}
        kept = [pair for pair in request.query_params.multi_items() if pair[0] not in own]
        url = address(asked.context, request.url.path, [*kept, ("format", name)])
        media_type = bare(writer.media_type)
        yield f'<{url}>; rel="alternate"; type="{media_type}"'


def list_url(request: Request, context: Context, resource: Resource, name: str, value: str) -> str:
    """The address of the list that a row of a facet counts."""
    own = {"facet", *resource.all_filters[name].parameters(name)}
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in own]
    return address(context, f"/v1/{resource.name}", [*kept, (name, value)])


def pivot_url(
    request: Request, context: Context, resource: Resource, row: Mapping[str, str] | None = None
) -> str:
    """The address of what a pivot counts: all of it, or that of one ``row``."""
    distinct = request.query_params.get("distinct")
    chosen = dict(row or {})
    own = {*TabularManner.model_fields, "by", "distinct", "zeros"} - {*Manner.model_fields}
    # A row has its own choice in the place of what the pivot was asked of its dimensions.
    own |= {*chosen, *(name.removeprefix("has_") for name in chosen), "format"}
    kept = [pair for pair in request.query_params.multi_items() if pair[0] not in own]
    if distinct and row is not None:
        return address(
            context, f"/v1/{resource.name}/facets", [*kept, *chosen.items(), ("facet", distinct)]
        )
    return address(context, f"/v1/{resource.name}", [*kept, *chosen.items()])


@lru_cache(maxsize=1 << 12)
def _quoted(text: str, safe: str, encoding: str | None, errors: str | None) -> str:
    """As forms quote it. The addresses of one answer name the same again and again."""
    return quote_plus(text, safe, encoding, errors)


def address(context: Context, path: str, pairs: Sequence[tuple[str, str]]) -> str:
    """A public address."""
    query = f"?{urlencode(pairs, quote_via=_quoted)}" if pairs else ""
    return f"{context.public_url}{path}{query}"


def named(
    request: Request, context: Context, resource: Resource, id: str, below: str = ""
) -> str | Response:
    """The id of the record that a path names, or the way to its address of today.

    ``below`` is what the path has after the record. Raises NotFound where nothing has the name.
    """
    found = ids_of(context.session, resource.among, [id]).get(id)
    if found is None:
        raise missing(context, resource, id)
    slug = current_slug(context.session, resource.among, id)
    if slug is None or slug == id.casefold():
        return found
    query = f"?{request.url.query}" if request.url.query else ""
    moved = f"{context.public_url}/v1/{resource.name}/{slug}{below}{query}"
    return RedirectResponse(moved, 308, {"Cache-Control": "no-cache"})


def missing(context: Context, resource: Resource, id: str) -> NotFound:
    """The error of a record that does not exist."""
    return missing_among(context, resource.among, "id", id)


def missing_among(context: Context, among: Among, name: str, written: str) -> NotFound:
    """The error of a path whose part ``name`` names no record."""
    meant = suggestion(context.session, among, written)
    detail = f"None of the {among.collection} has this id or slug."
    return NotFound(detail, [fault("unknown_record", name, detail, meant=meant, location="path")])
