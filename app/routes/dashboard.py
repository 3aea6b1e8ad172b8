"""Several questions in one answer, from one revision: what a wall screen asks again and again."""

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any
from urllib.parse import quote, unquote, urlsplit

from fastapi import APIRouter, Depends, Query, Request
from fastapi.concurrency import contextmanager_in_threadpool, run_in_threadpool
from fastapi.responses import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import from_json
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import Message, Scope

from app.db import read, revision
from app.errors import FAULTS_AT_MOST, Fault, InvalidQuery, Unavailable, fault, refused
from app.query.answer import SESSION, ranged, table_form
from app.query.forms import TABULAR, media_types
from app.query.forms.tabular import CSV
from app.query.forms.writer import Table
from app.query.params import TableForm
from app.query.parse import text
from app.query.strict import only
from app.routes.cells import Cell, cells

ASKED_AT_MOST = 20
ASK = re.compile(r"([a-z][a-z0-9_]{0,39})=(/v1/[^?#]+)(?:\?([^#]*))?")
PATTERN = "^[a-z][a-z0-9_]{0,39}=/v1/"
JSON = "application/json"
SAFE = "%&=+,:/?!*'();@~-_.$[]"
PASSED_ON = (b"accept-language", b"host")
"""The headers that mean the same for each question as for all of them."""


def asked(values: Any) -> list[str]:
    """Questions with names of their own."""
    found = [text(value) for value in values]
    if len(found) > ASKED_AT_MOST:
        raise refused("too_many_values", f"At most {ASKED_AT_MOST} questions are taken here.")
    matches = [ASK.fullmatch(value) for value in found]
    if not all(matches):
        detail = "A question is `name=/v1/...`: a name in lower case, and an address of this API."
        raise refused("invalid_question", detail)
    names = [match[1] for match in matches if match]
    if len({*names}) < len(names):
        raise refused("repeated_name", "Each question needs a name of its own.")
    if any(match and match[2].startswith("/v1/dashboard") for match in matches):
        raise refused("invalid_question", "A dashboard cannot be asked within a dashboard.")
    return found


class DashboardParameters(TableForm):
    """The parameters of a dashboard."""

    ask: Annotated[
        list[Annotated[str, WithJsonSchema({"type": "string", "pattern": PATTERN})]],
        BeforeValidator(asked),
    ] = Field(min_length=1, max_length=ASKED_AT_MOST)
    """`name=/v1/...`, the address percent-encoded and with its own parameters; repeated for each
    question, up to 20 of them."""


class Dashboard(BaseModel):
    """Several answers of one revision."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    revision: int
    """Of the data, the same for all of the answers."""
    answers: dict[str, Any]
    """What each address answers, by the name that was given to it."""


router = APIRouter(tags=["questions"])


@router.get(
    "/v1/dashboard",
    name="dashboard",
    response_model=Dashboard,
    responses={200: {"description": "The answers.", "content": media_types(TABULAR)}},
    dependencies=[Depends(only(DashboardParameters))],
)
async def dashboard(request: Request, query: Annotated[DashboardParameters, Query()]) -> Response:
    """Ask several questions at once.

    Each is an address of this API and means what it means alone. All are answered from one
    revision under one ETag, so that a screen that asks again costs a 304 while nothing changes.
    In csv there is a row for each value of each answer.
    """
    form = table_form(request, query)
    app = ExceptionMiddleware(request.app.router, request.app.exception_handlers)
    parts: list[tuple[str, str, bytes]] = []
    faults: list[Fault] = []
    async with contextmanager_in_threadpool(read(request.app.state.engine)) as session:
        number = await run_in_threadpool(revision, session)
        for each in query.ask:
            name, _, address = each.partition("=")
            answer = await _answer(app, {**request.scope, SESSION: session}, address)
            faults += _faults(name, answer)
            parts.append((name, address, bytes(answer.body)))
    if faults:
        shown = faults[:FAULTS_AT_MOST]
        raise InvalidQuery(" ".join(one.detail for one in shown)[:2000], shown)
    if TABULAR[form] is CSV:
        return await run_in_threadpool(_table, request, query, number, parts)
    told = b",".join(json.dumps(name).encode() + b":" + body for name, _, body in parts)
    return Response(b'{"revision":%d,"answers":{%s}}' % (number, told), media_type=JSON)


def _table(
    request: Request, query: DashboardParameters, number: int, parts: list[tuple[str, str, bytes]]
) -> Response:
    """All answers as one csv."""
    rows = (
        cell
        for name, address, body in parts
        for cell in cells(number, name, address, from_json(body))
    )
    body = CSV.write(Table.of(Cell, rows, query.dialect))
    return ranged(request, body, {}, CSV.media_type)


async def _answer(app: ExceptionMiddleware, scope: Scope, address: str) -> Response:
    """What the API answers at an address, to whoever asks as this request does."""
    path, _, query = address.partition("?")
    headers = [pair for pair in scope["headers"] if pair[0] in PASSED_ON]
    inner = {
        **scope,
        "path": unquote(path),
        "raw_path": path.encode(),
        # Whoever encodes the whole address once has letters of any script in it.
        "query_string": quote(query, safe=SAFE).encode(),
        "headers": [*headers, (b"accept", b"application/json")],
        "path_params": {},
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(inner, receive, send)
    body = b"".join(message.get("body", b"") for message in sent[1:])
    found = Response(body, sent[0]["status"])
    found.raw_headers = sent[0]["headers"]
    return found


def _faults(name: str, answer: Response) -> Iterator[Fault]:
    """What is wrong with a question, as faults of the dashboard that asks it."""
    if answer.status_code >= 500:
        raise Unavailable("A question of the dashboard cannot be answered now.")
    kind = answer.headers.get("content-type", "")
    if answer.status_code >= 400:
        problem = json.loads(bytes(answer.body))
        for detail in [one["detail"] for one in problem["errors"]] or [problem["detail"]]:
            yield fault("invalid_question", "ask", f"`{name}`: {detail}")
    elif answer.status_code >= 300:
        path = urlsplit(answer.headers["location"]).path
        shown = f" Ask for `{path}`." if re.fullmatch(r"[a-z0-9_/-]{1,200}", path) else ""
        detail = f"`{name}`: that is at another address.{shown}"
        yield fault("invalid_question", "ask", detail)
    elif kind != JSON:
        yield fault(
            "invalid_question", "ask", f"`{name}`: a dashboard holds answers in json alone."
        )
