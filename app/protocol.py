"""HTTP connections with an end: nobody holds one open by sending or reading slowly."""

import asyncio
import math
import uuid
from typing import Any, ClassVar

import httptools
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from app import logs
from app.errors import ApiError, BadRequest, HeadersTooLarge, Rendering, TooLarge, TooSlow
from app.headers import Policy
from app.limits import HEADER_BYTES, HEADER_FIELDS, URI_BYTES

BODY_SECONDS = 15
STALLED_SECONDS = 15
LINGER_SECONDS = 2
LOOK_SECONDS = 1
# Above what the application refuses, so that refusals come from there where they can.
HEAD_BYTES = URI_BYTES + 2 * HEADER_BYTES
FIELDS = 2 * HEADER_FIELDS
PIPELINED = 16


class Connection(HttpToolsProtocol):
    """uvicorn's protocol, with bounds on what is read before there is a request, and deadlines.

    A deadline is a time, looked at once a second: requests pay for no timers.
    """

    rendering: ClassVar[Rendering]
    policy: ClassVar[Policy]
    idle_seconds: ClassVar[float]

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.url = b""
        self.fault: ApiError | None = None
        self.refused = False
        self.closing_after = False
        self.overhead = 0
        self.deadline = math.inf
        self.pending, self.progressed = 0, 0.0
        self.look: asyncio.TimerHandle | None = None

    @property
    def answering(self) -> bool:
        """Whether a request has been handed over that has no whole answer yet."""
        # uvicorn declares both to be there, and sets them with the first request.
        return self.cycle is not None and not self.cycle.response_complete  # type: ignore[redundant-expr]

    @property
    def amid_head(self) -> bool:
        """Whether a request has begun of which the headers are not all there."""
        begun = self.scope is not None
        handed = self.cycle is not None and self.cycle.scope is self.scope  # type: ignore[redundant-expr]
        return begun and not handed

    # What arrives

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect(self.idle_seconds)
        self._look()

    def data_received(self, data: bytes) -> None:
        if self.refused:
            return
        self._unset_keepalive_if_required()
        self.overhead += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            pass
        except httptools.HttpParserError:
            self._refuse(self.fault or BadRequest("This is not well-formed HTTP."))
        else:
            if self.overhead > HEAD_BYTES:
                self._refuse(self._oversized())

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._expect(self.idle_seconds)
        if len(self.pipeline) > PIPELINED:
            self._fail(BadRequest(f"At most {PIPELINED} requests are pipelined."))

    def on_header(self, name: bytes, value: bytes) -> None:
        if len(self.headers) >= FIELDS:
            self._fail(HeadersTooLarge(f"A request has at most {HEADER_FIELDS} headers."))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(hosts) > 1 or (not hosts and self.parser.get_http_version() == "1.1"):
            self._fail(BadRequest("A request names exactly one host."))
        super().on_headers_complete()
        self._expect(BODY_SECONDS)
        self.closing_after = self.parser.should_upgrade() or not self.cycle.keep_alive
        # A connection is closed below, where what still arrives does not make the answer lost.
        self.cycle.keep_alive = self.cycle.keep_alive or _has_body(self.headers)

    def on_body(self, body: bytes) -> None:
        self.overhead -= len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        super().on_message_complete()
        self.overhead = 0
        self.deadline = math.inf

    # What leaves

    def on_response_complete(self) -> None:
        last = not self.pipeline
        super().on_response_complete()
        if self.transport.is_closing():
            return
        if last and (self.cycle.more_body or self.closing_after):
            self._linger()
        elif not self.answering and not self.amid_head:
            self._expect(self.idle_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        if self.look is not None:
            self.look.cancel()
        super().connection_lost(exc)

    # Refusals

    def _fail(self, error: ApiError) -> None:
        """Leave the parser, which turns every exception into one of its own."""
        self.fault = error
        raise httptools.HttpParserError

    def _oversized(self) -> ApiError:
        """What is said of a request whose end was not waited for."""
        if len(self.url) > URI_BYTES:
            return TooLarge(f"An address has at most {URI_BYTES} bytes.")
        return HeadersTooLarge(f"The headers have at most {HEADER_BYTES} bytes together.")

    def _refuse(self, error: ApiError) -> None:
        """Answer in the application's stead, and close."""
        self.refused = True
        if self.answering and (self.amid_head or self.cycle.response_started):
            # An answer of which somebody else's request is the reason would be taken for another.
            self.transport.close()
            return
        if self.answering:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write(self._rendered(error))
        self._linger()

    def _rendered(self, error: ApiError) -> bytes:
        request_id = uuid.uuid4().hex
        response = self.rendering.response(error, "/", request_id)
        headers = [
            *self.server_state.default_headers,
            *response.raw_headers,
            *self.policy.standing,
            (b"x-request-id", request_id.encode()),
            (b"connection", b"close"),
        ]
        logs.requests.info("request", request_id=request_id, route=None, status=error.status)
        lines = b"".join(b"%b: %b\r\n" % pair for pair in headers)
        return STATUS_LINE[error.status] + lines + b"\r\n" + bytes(response.body)

    def _linger(self) -> None:
        """Close once the other side has had the time to read, for it may still be writing."""
        self.refused = True
        self.deadline = math.inf
        self.flow.resume_reading()
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self.loop.call_later(LINGER_SECONDS, self.transport.close)

    # Time

    def _expect(self, seconds: float) -> None:
        self.deadline = self.loop.time() + seconds

    def _look(self) -> None:
        """See whether anything is overdue, and look again later."""
        now, pending = self.loop.time(), self.transport.get_write_buffer_size()
        if pending != self.pending or not pending:
            self.pending, self.progressed = pending, now
        if now - self.progressed >= STALLED_SECONDS:
            self.transport.abort()
        elif now >= self.deadline and not pending and not self.transport.is_closing():
            self._expire()
        ahead = self.deadline - now
        wait = min(ahead, LOOK_SECONDS) if ahead > 0 else LOOK_SECONDS
        self.look = self.loop.call_later(wait, self._look)

    def _expire(self) -> None:
        """Close what is idle, refuse what is half there, and leave alone what is being answered."""
        self.deadline = math.inf
        if not self.answering and not self.amid_head:
            self.transport.close()
        elif not self.answering or (not self.amid_head and not self.cycle.response_started):
            self._refuse(TooSlow("The request did not arrive in time."))
            self.transport.close()


def _has_body(headers: list[tuple[bytes, bytes]]) -> bool:
    """Whether something follows the headers."""
    names = {name for name, value in headers if value != b"0"}
    return not names.isdisjoint({b"content-length", b"transfer-encoding"})
