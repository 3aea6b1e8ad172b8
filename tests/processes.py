"""Real server processes: started on a port of their own, spoken to in bytes, ended by their id."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

COMMUNIQUE = [str(Path(sys.executable).with_name("communique")), "serve"]
SECONDS = 30
START_SECONDS = 120
"""A start imports all of the program, which takes a busy computer long."""
"""What a test waits for at most; none expects to wait so long."""


class Process:
    """A server that runs, and what it wrote."""

    def __init__(self, process: "subprocess.Popen[bytes]", folder: Path) -> None:
        self.process, self._folder = process, folder
        self.port = self._port()

    def _port(self) -> int:
        def announced() -> str | None:
            lines = self.stdout().splitlines()
            return next((line for line in lines if line.startswith("  http")), None)

        address = until(lambda: announced() or self.process.poll() is not None, START_SECONDS)
        assert isinstance(address, str), self.stderr()
        return urlsplit(address.strip()).port or 0

    def stdout(self) -> str:
        return (self._folder / "stdout").read_text()

    def stderr(self) -> str:
        return (self._folder / "stderr").read_text()

    def logged(self, event: str = "request") -> list[dict[str, Any]]:
        """The lines of JSON about one kind of event."""
        lines = [json.loads(line) for line in self.stderr().splitlines()]
        return [line for line in lines if line["event"] == event]

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=SECONDS)

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(SECONDS)


@contextmanager
def running(
    folder: Path, url: str, command: list[str] | None = None, **settings: str
) -> Iterator[Process]:
    """A server on the database at ``url``, which is killed at the end if it still runs."""
    with launched(folder, url, command, **settings) as process:
        yield Process(process, folder)


@contextmanager
def launched(
    folder: Path, url: str, command: list[str] | None = None, **settings: str
) -> "Iterator[subprocess.Popen[bytes]]":
    """The same before it has come up."""
    folder.mkdir(exist_ok=True)
    kept = {name: value for name, value in os.environ.items() if "COMMUNIQUE" not in name}
    environment = kept | {"HOST": "127.0.0.1", "PORT": "0", "DATABASE_URL": url} | settings
    with (folder / "stdout").open("wb") as out, (folder / "stderr").open("wb") as err:
        process = subprocess.Popen(command or COMMUNIQUE, env=environment, stdout=out, stderr=err)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def until(condition: Any, seconds: float = SECONDS) -> Any:
    """The first true value of ``condition()``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := condition():
            return value
        time.sleep(0.02)
    raise AssertionError("It did not come to pass.")


def everything(connection: socket.socket) -> bytes:
    """All that arrives until the other side closes."""
    received = b""
    try:
        while block := connection.recv(65536):
            received += block
    except ConnectionResetError:
        pass
    return received


def request(path: str, *headers: str, method: str = "GET") -> bytes:
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *headers]
    return "\r\n".join([*lines, "", ""]).encode()


class Reply:
    """An answer in bytes, taken apart."""

    def __init__(self, raw: bytes) -> None:
        head, _, self.body = raw.partition(b"\r\n\r\n")
        first, *rest = head.decode("latin-1").split("\r\n")
        self.status = int(first.split()[1]) if first else 0
        pairs = (line.partition(": ") for line in rest)
        self.headers = {name.lower(): value for name, _, value in pairs}

    @property
    def whole(self) -> bool:
        """Whether the body is as long as the headers say."""
        return len(self.body) >= int(self.headers.get("content-length", "1"))

    def problem(self) -> dict[str, Any]:
        assert self.headers["content-type"] == "application/problem+json"
        assert len(self.body) == int(self.headers["content-length"])
        told: dict[str, Any] = json.loads(self.body)
        assert told["status"] == self.status
        assert told["request_id"] == self.headers["x-request-id"]
        return told
