"""Requests as they come over the wire, which a well-behaved client would never send."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import httpx2
from anyio import sleep_forever
from anyio.from_thread import BlockingPortal, start_blocking_portal
from fastapi import FastAPI
from reading import PUBLIC_URL, Json
from starlette.testclient import TestClient

from app.errors import Problem, kinds

HOST = ("Host", "kb.example")
SECRETS = re.compile(
    r"traceback|sqlalchemy|sqlite|psycopg|pydantic|\.py\b|exception", re.IGNORECASE
)
"""What an error never tells."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    fields: Sequence[tuple[bytes, bytes]]
    body: bytes

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers by their names, of those that repeat the last."""
        return {name.decode(): value.decode("latin-1") for name, value in self.fields}

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()

    def json(self) -> Json:
        """The body as JSON."""
        answer: Json = json.loads(self.body)
        return answer


class Wire:
    """A connection to the service that sends bytes as they are."""

    def __init__(self, app: FastAPI, portal: BlockingPortal) -> None:
        self._app, self._portal = app, portal

    def ask(
        self,
        target: str | bytes,
        headers: Sequence[tuple[str | bytes, str | bytes]] = (),
        method: str = "GET",
        body: bytes = b"",
    ) -> Answer:
        """The answer to a request for this target, which is sent as it is written."""
        path, _, query = raw(target).partition(b"?")
        host = [] if any(raw(name).lower() == b"host" for name, _ in headers) else [HOST]
        scope = {
            "type": "http",
            "asgi": {"version": "3.0"},
            "http_version": "1.1",
            "method": method,
            "scheme": "http",
            "server": ("127.0.0.1", 8000),
            "client": ("127.0.0.1", 50000),
            "root_path": "",
            "raw_path": path,
            # As uvicorn does it.
            "path": unquote(path.decode("ascii")),
            "query_string": query,
            "headers": [(raw(name).lower(), raw(value)) for name, value in (*host, *headers)],
        }
        answer: Answer = self._portal.call(self._run, scope, body)
        return answer

    async def _run(self, scope: dict[str, Any], content: bytes) -> Answer:
        sent: list[Any] = []

        arriving = iter([{"type": "http.request", "body": content, "more_body": False}])

        async def receive() -> dict[str, Any]:
            message = next(arriving, None)
            if message is None:
                # A client that stays connected and sends nothing more.
                await sleep_forever()
                raise AssertionError
            return message

        async def send(message: Any) -> None:
            sent.append(message)

        await self._app(scope, receive, send)
        start, *rest = sent
        body = b"".join(each.get("body", b"") for each in rest)
        return Answer(start["status"], start["headers"], body)


def raw(text: str | bytes) -> bytes:
    """Bytes as they stand, text as UTF-8."""
    return text if isinstance(text, bytes) else text.encode()


@contextmanager
def wired(app: FastAPI) -> Iterator[Wire]:
    """A connection to the service for as long as the block lasts."""
    with start_blocking_portal() as portal:
        yield Wire(app, portal)
    app.state.engine.dispose()


def problem_in(answer: Answer) -> Problem:
    """The problem that an answer tells, which has the one shape and tells no secrets."""
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    problem = Problem.model_validate_json(answer.body, strict=True)
    assert problem.model_dump(mode="json") == answer.json()
    assert problem.status == answer.status == kinds()[problem.code].status
    assert problem.type == f"{PUBLIC_URL}/problems/{problem.code}"
    assert problem.title == kinds()[problem.code].title
    assert problem.detail
    assert problem.request_id == answer.headers["x-request-id"]
    assert len(answer.body) < 40_000
    assert not SECRETS.search(answer.text)
    return problem


class Client(TestClient):
    """A test client that crosses to the service's thread once for a request, and not seven times.

    It does what its base does, as long as it is open; a body is sent in one piece.
    """

    def __init__(self, app: FastAPI) -> None:
        super().__init__(app, raise_server_exceptions=False, follow_redirects=False)
        self._transport = Crossing(app, self, self._transport)


class Crossing(httpx2.BaseTransport):
    """From a client to the service."""

    def __init__(self, app: FastAPI, client: TestClient, other: httpx2.BaseTransport) -> None:
        self._app, self._client, self._other = app, client, other

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        if self._client.portal is None:
            return self._other.handle_request(request)
        wire = Wire(self._app, self._client.portal)
        answer = wire.ask(request.url.raw_path, request.headers.raw, request.method, request.read())
        return httpx2.Response(answer.status, headers=list(answer.fields), content=answer.body)
