"""Validators: an answer that cannot have changed is not made again."""

import hashlib
import sys
from functools import partial
from importlib import metadata
from pathlib import Path

import sqlalchemy as sa
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.db import read, state

APP = Path(__file__).parent
# Of every file: a version number stays the same while the program is written.
FILES = [path for path in sorted(APP.rglob("*")) if path.is_file() and path.suffix != ".pyc"]
# What libraries write may be other bytes in their next version.
LIBRARIES = sorted(f"{one.name} {one.version}" for one in metadata.distributions())
CONTENT = [*(path.read_bytes() for path in FILES), "\n".join(LIBRARIES).encode()]
PROGRAM = hashlib.sha256(b"".join(CONTENT) + sys.version.encode()).hexdigest()
# Whoever keeps an answer asks whether it still holds, which costs no more than the revision.
CACHE_CONTROL = "public, no-cache"
# What these say is of this very moment.
UNCACHED = {"/livez", "/readyz"}
# These are files, of which a part may be joined to one that came before.
STRONG = "/v1/exports/"
SUCCESSES = (200, 206)
LANGUAGE = ("Accept-Language",)
NEGOTIATED = ("Accept", *LANGUAGE)


class Validators:
    """Gives every successful GET an ETag, and answers 304 to a request that already has it.

    A tag names the database and its revision, the program, and all of the request on which an
    answer depends. It is weak, but for files, whose bytes are the same again. The revision is
    read before the answer is made: an answer may be newer than its tag, and never older.
    """

    def __init__(self, app: ASGIApp, engine: sa.Engine, public_url: str) -> None:
        self.app, self.engine, self.public_url = app, engine, public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] in UNCACHED:
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        at = await run_in_threadpool(self._state) if _is_of_data(scope["path"]) else ""
        tag = self._tag(scope, headers, at)
        # For answers that are of one state exactly, and have a tag of their own.
        scope["state"] |= {"of_data": at, "tag_of": partial(self._tag, scope, headers)}
        known = headers.get("if-none-match", "")
        vary = ", ".join(_negotiated(scope["path"]))
        if _weak(tag) in _tags(known):
            await _not_modified(tag, vary, send)
        elif known.strip() == "*":
            await self.app(scope, receive, _unless_any(tag, vary, send))
        else:
            await self.app(scope, receive, _tagging(tag, vary, send))

    def _state(self) -> str:
        with read(self.engine) as session:
            return state(session)

    def _tag(self, scope: Scope, headers: Headers, at: str) -> str:
        asked = [scope["path"], scope["query_string"].decode("latin-1")]
        negotiated = [headers.get(name, "") for name in _negotiated(scope["path"])]
        whole = "\n".join([at, PROGRAM, self.public_url, *asked, *negotiated])
        tag = f'"{hashlib.sha256(whole.encode()).hexdigest()[:32]}"'
        return tag if scope["path"].startswith(STRONG) else _weak(tag)


def _negotiated(path: str) -> tuple[str, ...]:
    """The headers on which an answer depends; the form of a file stands in its address."""
    return LANGUAGE if path.startswith(STRONG) else NEGOTIATED


def _is_of_data(path: str) -> bool:
    """Whether an answer depends on the data at all; the others hold while the program does."""
    return path.startswith("/v1/") or path == "/version"


def _tags(header: str) -> set[str]:
    """The entity tags of an ``If-None-Match``; as it compares weakly, all are written weak."""
    return {_weak(part.strip()) for part in header.split(",")}


def _weak(tag: str) -> str:
    return f"W/{tag.removeprefix('W/')}"


async def _not_modified(tag: str, vary: str, send: Send) -> None:
    headers = [
        (b"etag", tag.encode()),
        (b"cache-control", CACHE_CONTROL.encode()),
        (b"vary", vary.encode()),
    ]
    await send({"type": "http.response.start", "status": 304, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


def _unless_any(tag: str, vary: str, send: Send) -> Send:
    """A ``send`` that answers 304 in the place of whatever succeeds."""
    succeeds = False

    async def unless(message: Message) -> None:
        nonlocal succeeds
        if message["type"] == "http.response.start":
            succeeds = message["status"] in SUCCESSES
            if succeeds:
                await _not_modified(tag, vary, send)
        if not succeeds:
            await send(message)

    return unless


def _tagging(tag: str, vary: str, send: Send) -> Send:
    """A ``send`` that adds the tag to what succeeds."""

    async def tagged(message: Message) -> None:
        if message["type"] == "http.response.start" and message["status"] in SUCCESSES:
            headers = MutableHeaders(scope=message)
            headers.setdefault("etag", tag)
            headers.setdefault("cache-control", CACHE_CONTROL)
            headers["vary"] = vary
        await send(message)

    return tagged
