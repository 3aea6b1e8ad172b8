"""Running the HTTP server: it says where it is, and stops when asked."""

import gc
import signal
import socket
import sys
from collections.abc import Sequence

import uvicorn
from starlette.types import ASGIApp

from app import logs
from app.errors import Rendering
from app.headers import Policy
from app.main import create_app
from app.protocol import Connection
from app.settings import Settings

ENTRY_POINTS = ("/", "/docs", "/v1/meetings")


class Server(uvicorn.Server):
    """A uvicorn server that prints the addresses to open once it answers there."""

    base_url = ""
    entry_points: Sequence[str] = ENTRY_POINTS

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start as uvicorn does, then say so."""
        await super().startup(sockets)
        if self.started:
            addresses = "\n".join(f"  {self.base_url}{path}" for path in self.entry_points)
            print(f"Ready. Ctrl-C stops it.\n{addresses}", flush=True)


def bind(host: str, port: int, chosen_with: str = "HOST and PORT") -> socket.socket:
    """A socket that holds the address and does not answer yet.

    Raises:
        OSError: when the address is taken, or is not one of this computer's.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise OSError(
            f"Cannot listen on {host}:{port}: {error.strerror}. "
            f"Choose another address with {chosen_with}."
        ) from error
    return listener


def serve(settings: Settings, listener: socket.socket) -> None:
    """Answer until SIGINT or SIGTERM; then finish the requests in flight and exit with 0.

    Raises:
        SystemExit: always; with 3 when the application did not start.
    """
    settings = settings.model_copy(update={"port": listener.getsockname()[1]})
    logs.configure(settings)
    app = create_app(settings)
    # What lives as long as the process is not looked through again for what could be thrown away.
    gc.freeze()
    run(app, settings, listener)


def run(
    app: ASGIApp,
    settings: Settings,
    listener: socket.socket,
    entry_points: Sequence[str] = ENTRY_POINTS,
) -> None:
    """Serve ``app`` as `serve` does, and say that it answers at ``entry_points``."""
    server = Server(configuration(app, settings))
    server.base_url, server.entry_points = settings.base_url, entry_points
    # Once it has stopped, uvicorn raises the signal again: a clean stop is no failure.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: sys.exit(0))
    server.run([listener])
    sys.exit(0 if server.started else 3)


def configuration(app: ASGIApp, settings: Settings) -> uvicorn.Config:
    """How uvicorn is to serve ``app``."""

    class Configured(Connection):
        rendering = Rendering(settings.base_url)
        policy = Policy(settings)
        idle_seconds = settings.idle_seconds

    return uvicorn.Config(
        app,
        http=Configured,
        ws="none",
        log_config=None,
        access_log=False,
        # Answers do not name the server, and no client says what its own address is.
        server_header=False,
        proxy_headers=False,
        timeout_keep_alive=settings.idle_seconds,
        timeout_graceful_shutdown=settings.grace_seconds,
    )
