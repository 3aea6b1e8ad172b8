"""Sending a file: in blocks, from where it is asked for, to whoever still reads."""

import os
from collections.abc import Callable, Mapping
from io import FileIO

from anyio import create_task_group, to_thread
from fastapi import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from app.errors import ApiError, PreconditionFailed
from app.exports.making import Exports, Make
from app.exports.shelf import File, Key
from app.query.answer import bounds, part_asked
from app.query.negotiation import language
from app.query.params import Wording

BLOCK = 1 << 18


async def send_export(
    request: Request, query: Wording, make: Make, media_type: str, name: str
) -> Response:
    """The answer to a request for an export that ``make`` writes."""
    exports: Exports = request.app.state.exports
    state = request.state
    spoken = language(query.lang, request.headers.get("accept-language"))
    # Of what is not wanted nothing need be made.
    _check_match(request, state.tag_of(state.of_data))
    key = Key(state.of_data, request.url.path, request.url.query, spoken)
    file, opened = await exports.opened(key, make)
    headers = {
        "Accept-Ranges": "bytes",
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Language": spoken,
        # The data may have changed since the request came in.
        "ETag": state.tag_of(file.state),
        "Total-Count": str(file.records),
    }
    try:
        _check_match(request, headers["ETag"])
        return Sent(opened, _part(request, file, headers), headers, media_type)
    except ApiError:
        opened.close()
        raise


def _check_match(request: Request, tag: str) -> None:
    """Refuse another file than ``If-Match`` names, if it does; tags are compared strongly."""
    known = {one.strip() for one in ",".join(request.headers.getlist("if-match")).split(",")}
    if known.isdisjoint({tag, "*", ""}):
        raise PreconditionFailed("The file is not, or is no longer, the one that `If-Match` names.")


def _part(request: Request, file: File, headers: dict[str, str]) -> range | None:
    """Which bytes are asked for, as ``headers`` are made to tell; None is all (RFC 9110)."""
    asked = part_asked(request)
    if asked is None or request.headers.get("if-range", headers["ETag"]) != headers["ETag"]:
        return None
    return bounds(asked, file.size, headers)


class Sent(Response):
    """A file, or a part of it, on its way. It is read as fast as the other side takes it."""

    def __init__(
        self, file: FileIO, part: range | None, headers: Mapping[str, str], media_type: str
    ) -> None:
        self._file, self._part = file, part or range(os.fstat(file.fileno()).st_size)
        told = {**headers, "Content-Length": str(len(self._part))}
        super().__init__(None, 200 if part is None else 206, told, media_type)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            async with create_task_group() as group:
                group.start_soon(_until_gone, receive, group.cancel_scope.cancel)
                await self._send(scope, send)
                group.cancel_scope.cancel()
        finally:
            self._file.close()

    async def _send(self, scope: Scope, send: Send) -> None:
        start = {"type": "http.response.start", "status": self.status_code}
        await send({**start, "headers": self.raw_headers})
        # Of the answer to HEAD nothing need be read.
        part = range(0) if scope["state"]["bodiless"] else self._part
        for at in part[::BLOCK]:
            size = min(BLOCK, part.stop - at)
            block = await to_thread.run_sync(os.pread, self._file.fileno(), size, at)
            await send({"type": "http.response.body", "body": block, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive, then: Callable[[], None]) -> None:
    """Wait for the other side to hang up."""
    while (await receive())["type"] != "http.disconnect":
        pass
    then()
