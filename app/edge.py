"""Where requests enter and answers leave: request ids, HEAD, limits, faults, headers, the log."""

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Container

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.contextvars import bind_contextvars, clear_contextvars

from app import logs
from app.db import UnusableDatabaseError, is_unavailable
from app.errors import ApiError, InternalError, Rendering, Unavailable, safe_path
from app.headers import PREFLIGHT, Policy, is_preflight
from app.limits import check, counting

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
RETRY = {"Retry-After": "5"}
log = logging.getLogger("communique")


class Edge:
    """The outermost layer: whatever happens within, an answer of one shape leaves."""

    def __init__(
        self, app: ASGIApp, rendering: Rendering, policy: Policy, paths: Container[str] = ()
    ) -> None:
        self.app, self.rendering, self.policy, self.paths = app, rendering, policy, paths

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = Answer(scope, send, self.policy)
        clear_contextvars()
        bind_contextvars(request_id=answer.request_id)
        try:
            await self._answer(answer, receive)
        finally:
            answer.log(self.paths)

    async def _answer(self, answer: "Answer", receive: Receive) -> None:
        scope = answer.scope
        try:
            check(scope, answer.sent)
            if is_preflight(scope, answer.sent):
                await answer.permit()
            else:
                await self.app(scope, counting(receive), answer.send)
        except (Exception, asyncio.CancelledError) as raised:
            if answer.started:
                raise
            error = admitted(raised)
            response = self.rendering.response(error, safe_path(scope["path"]), answer.request_id)
            await response(scope, receive, answer.send)


class Answer:
    """One answer on its way out."""

    def __init__(self, scope: Scope, send: Send, policy: Policy) -> None:
        self._send, self._policy = send, policy
        self._began, self._status, self._bytes = time.perf_counter(), 0, 0
        self.sent: dict[bytes, bytes] = dict(scope["headers"])
        self.request_id = _request_id(self.sent)
        self.asked = scope["method"]
        self.bodiless = self.asked == "HEAD"
        state = {**scope.get("state", {}), "request_id": self.request_id}
        state["bodiless"] = self.bodiless
        self.scope = {**scope, "state": state}
        if self.bodiless:
            # A range is one of a body.
            headers = [pair for pair in scope["headers"] if pair[0] != b"range"]
            self.scope |= {"method": "GET", "headers": headers}

    @property
    def started(self) -> bool:
        """Whether the status has left."""
        return self._status > 0

    async def send(self, message: Message) -> None:
        """Pass ``message`` on, with the headers that every answer has and no body for HEAD."""
        if message["type"] == "http.response.start":
            self._status = message["status"]
            message = {**message, "headers": self._headers(message["headers"])}
        elif self.bodiless and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        self._bytes += len(message.get("body", b""))
        await self._send(message)

    def _headers(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        """``given`` and the policy's, of which an answer may have its own."""
        own = {name.lower() for name, _ in given} - {b"vary"}
        added = [pair for pair in self._policy.headers(self.sent) if pair[0] not in own]
        return [*given, *added, (b"x-request-id", self.request_id.encode())]

    async def permit(self) -> None:
        """Tell a browser that it may read, and nothing else."""
        await self.send({"type": "http.response.start", "status": 204, "headers": PREFLIGHT})
        await self.send({"type": "http.response.body", "body": b""})

    def log(self, paths: Container[str]) -> None:
        """One line: the route and not the path, of which a part may be anything."""
        route = getattr(self.scope.get("route"), "path", None)
        path = self.scope["path"]
        logs.requests.info(
            "request",
            request_id=self.request_id,
            method=self.asked,
            route=route or (path if path in paths else None),
            status=self._status,
            duration_ms=round((time.perf_counter() - self._began) * 1000, 2),
            bytes=self._bytes,
        )


def _request_id(sent: dict[bytes, bytes]) -> str:
    """The caller's request id where it is a plain one, else a new one."""
    given = sent.get(b"x-request-id", b"")
    return given.decode() if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def admitted(raised: BaseException) -> ApiError:
    """What the caller is told of an exception; the rest is for the log."""
    if isinstance(raised, ApiError):
        return raised
    if isinstance(raised, asyncio.CancelledError):
        return Unavailable("This server is stopping.", headers=RETRY)
    if isinstance(raised, PoolTimeout | UnusableDatabaseError) or (
        isinstance(raised, DBAPIError) and is_unavailable(raised)
    ):
        # Whoever cannot reach the database causes many of these, all alike.
        log.warning("unavailable", extra={"reason": _reason(raised)})
        return Unavailable("The knowledge base cannot be read just now.", headers=RETRY)
    log.error("failed", exc_info=raised)
    return InternalError("Something failed here. It is logged under the request id.")


def _reason(raised: BaseException) -> str:
    """What failed, in one line and without the statement."""
    told = raised.orig if isinstance(raised, DBAPIError) else raised
    return f"{type(told).__name__}: {str(told).partition(chr(10))[0]}"
