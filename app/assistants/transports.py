"""Serving tools to assistants: over standard input and output, or over HTTP."""

import re
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import anyio
from fastapi import FastAPI
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import (
    StreamableHTTPASGIApp,
    StreamableHTTPSessionManager,
)
from mcp.server.transport_security import TransportSecuritySettings
from starlette.applications import Starlette
from starlette.routing import Route

from app import logs
from app import serve as http
from app.assistants.server import server
from app.limits import BODY_BYTES
from app.main import create_app
from app.settings import Settings

PATH = "/mcp"
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ADDRESS = re.compile(r"(?:(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+):)?([0-9]{1,5})")


def serve_stdio(settings: Settings) -> None:
    """Answer on the standard output until the standard input ends."""
    logs.configure(settings)
    anyio.run(_stdio, create_app(settings))


async def _stdio(app: FastAPI) -> None:
    one = server(app)
    async with app.router.lifespan_context(app), stdio_server() as (received, sent):
        await one.run(received, sent, one.create_initialization_options())


def serve_http(settings: Settings, host: str, listener: socket.socket) -> None:
    """Answer at PATH of ``host`` until SIGINT or SIGTERM.

    Raises:
        SystemExit: always; with 3 when the application did not start.
    """
    logs.configure(settings)
    app = application(create_app(settings), host, settings.public_url)
    at = {"host": host, "port": listener.getsockname()[1], "public_url": None}
    shown = settings.model_copy(update=at)
    http.run(app, shown, listener, (PATH,))


def application(app: FastAPI, host: str, public_url: str | None) -> Starlette:
    """The tools that ask ``app``, over HTTP, each request for itself.

    Only requests to a name by which we are known are answered, and of pages only those from there:
    no page of another site may reach a server on its reader's computer by giving it another name.
    """
    names = [*LOOPBACK, f"[{host}]" if ":" in host else host]
    known = urlsplit(public_url or "").netloc.rpartition("@")[2]
    hosts = [*(f"{name}:*" for name in names), *names, *([known] if known else [])]
    security = TransportSecuritySettings(
        enable_dns_rebinding_protection=True,
        allowed_hosts=hosts,
        allowed_origins=[f"{scheme}://{name}" for name in hosts for scheme in ("http", "https")],
    )
    manager = StreamableHTTPSessionManager(
        server(app),
        json_response=True,
        stateless=True,
        max_request_body_size=BODY_BYTES,
        security_settings=security,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with app.router.lifespan_context(app), manager.run():
            yield

    # A GET would open a stream on which nothing ever comes.
    route = Route(PATH, StreamableHTTPASGIApp(manager), methods=["POST"])
    served = Starlette(routes=[route], lifespan=lifespan)
    # A redirection would name whatever host was asked for.
    served.router.redirect_slashes = False
    return served


def address(written: str) -> tuple[str, int]:
    """The host and port of `HOST:PORT` or `PORT`. Raises ValueError for what is neither."""
    match = ADDRESS.fullmatch(written)
    if not match or int(match[2]) > 65535:
        raise ValueError("Write HOST:PORT or PORT, such as 127.0.0.1:8001.")
    return (match[1] or LOOPBACK[0]).strip("[]"), int(match[2])
