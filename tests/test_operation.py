"""What holds when a server runs: limits, deadlines, readiness, a clean stop, standing headers."""

import os
import shutil
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from conftest import client_of, service
from fastapi import FastAPI
from processes import Process, Reply, everything, request, running, until
from starlette.testclient import TestClient

from app import readiness
from app.db import UnusableDatabaseError, create_engine, write
from app.headers import STANDING
from app.limits import BODY_BYTES, HEADER_BYTES, HEADER_FIELDS, URI_BYTES
from app.main import create_app
from app.migrate import migrate
from app.models import Instance
from app.settings import Settings

THREADS = 8
"""How many requests are worked on in threads at a time."""

SLOW = """
import asyncio, sys
from pathlib import Path
from app import serve
from app.main import create_app
from app.settings import Settings
from starlette.responses import PlainTextResponse, StreamingResponse
settings = Settings()
app = create_app(settings)
begun, go = (Path(sys.argv[1]) / name for name in ("begun", "go"))
async def slow(request):
    begun.write_text("slow")
    while not go.exists():
        await asyncio.sleep(0.02)
    return PlainTextResponse("done")
async def endless(request):
    async def blocks():
        while True:
            begun.touch()
            yield b"x" * 65536
    return StreamingResponse(blocks())
app.add_route("/slow", slow)
app.add_route("/endless", endless)
with serve.bind("127.0.0.1", 0) as listener:
    port = listener.getsockname()[1]
    serve.run(app, settings.model_copy(update={"port": port}), listener)
"""


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of a database without records, for what does not depend on them."""
    url = f"sqlite:///{tmp_path_factory.mktemp('empty')}/empty.db"
    migrate(url)
    return url


@pytest.fixture(scope="module")
def server(empty: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    with running(tmp_path_factory.mktemp("server"), empty, COMMUNIQUE_IDLE_SECONDS="1") as process:
        yield process


def ask(server: Process, raw: bytes) -> Reply:
    """The answer to ``raw``, on a connection of its own."""
    with server.connect() as connection:
        connection.sendall(raw)
        received = b""
        while not Reply(received).whole:
            block = connection.recv(65536)
            assert block, received
            received += block
        # Whoever has the answer and says so is not kept.
        connection.shutdown(socket.SHUT_WR)
        return Reply(received + everything(connection))


# Limits


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (request("/livez?" + "a" * 17_000), 414),
        (request("/" + "a" * 5000), 414),
        (request("/" + "a" * 1_000_000), 414),
        (b"GET /" + b"a" * 200_000, 414),
        (request("/livez", "A: " + "a" * (HEADER_BYTES + 1)), 431),
        (request("/livez", "A: " + "a" * 1_000_000), 431),
        (b"GET /livez HTTP/1.1\r\nHost: a\r\nA: " + b"a" * 200_000, 431),
        (request("/livez", *(f"A{number}: a" for number in range(HEADER_FIELDS))), 431),
        (request("/livez", *(f"A{number}: a" for number in range(5000))), 431),
        (request("/livez", f"Content-Length: {BODY_BYTES + 1}"), 413),
        (request("/livez", "Content-Length: 400000000") + b"a" * 1_000_000, 413),
        (request("/livez", "Content-Length: 1e3"), 400),
        (request("/livez", "Content-Length: 1", "Transfer-Encoding: chunked"), 400),
        (request("/livez", "Host: other"), 400),
        (b"GET /livez HTTP/1.1\r\n\r\n", 400),
        (b"GET /livez HTTP/9.9\r\n\r\n", 400),
        (b"GET /livez\r\nHost a\r\n\r\n", 400),
        (b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", 400),
        (b"\x00" * 100_000, 400),
        (request("/livez", "A: \x00"), 400),
        (request("/livez", method="TRACE"), 405),
        (request("/livez", method="POST"), 405),
    ],
)
def test_what_is_too_large_or_malformed_is_refused_in_the_one_shape(
    server: Process, raw: bytes, status: int
) -> None:
    reply = ask(server, raw)
    assert reply.status == status
    assert reply.problem()["instance"].startswith("/")
    for name, value in STANDING:
        assert reply.headers[name.decode()] == value.decode()
    assert reply.headers["access-control-allow-origin"] == "*"


def test_the_longest_request_that_is_read(server: Process) -> None:
    path = "/livez?" + "a" * 16_000
    fields = [f"A{number}: {'a' * 250}" for number in range(HEADER_FIELDS - 2)]
    assert ask(server, request(path, *fields, "Connection: close")).status != 431
    assert len(path) < URI_BYTES


@pytest.mark.parametrize("header", ["Content-Length: 1000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("kept", ["keep-alive", "close"])
def test_a_body_that_nobody_asked_for_is_not_waited_for(
    server: Process, header: str, kept: str
) -> None:
    sent = request("/livez", header, f"Connection: {kept}") + b"3e8\r\n"
    assert ask(server, sent).status == 200


@pytest.mark.parametrize("version", [b"HTTP/1.0", b"HTTP/1.1"])
def test_an_answer_is_not_lost_on_whoever_is_still_sending(server: Process, version: bytes) -> None:
    head = request("/livez", "Content-Length: 60000", "Connection: close")
    assert ask(server, head.replace(b"HTTP/1.1", version) + b"a" * 60_000).status == 200


def test_an_endless_body_does_not_fill_the_memory(server: Process) -> None:
    block = b"10000\r\n" + b"a" * 65_536 + b"\r\n"
    before = memory(server)
    with server.connect() as connection:
        connection.sendall(request("/livez", "Transfer-Encoding: chunked"))
        sent = 0
        try:
            while sent < 400_000_000:
                connection.sendall(block)
                sent += len(block)
        except OSError:
            pass
    assert memory(server) - before < 30_000_000


def memory(server: Process) -> int:
    """The resident set in bytes."""
    status = Path(f"/proc/{server.process.pid}/statm")
    if not status.exists():
        pytest.skip("This system does not tell how much memory a process has.")
    return int(status.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_connection_serves_more_than_one_request(server: Process) -> None:
    with server.connect() as connection:
        connection.sendall(request("/livez") * 3 + request("/livez", "Connection: close"))
        assert everything(connection).count(b"HTTP/1.1 200") == 4


def test_an_upgrade_is_answered_as_if_it_were_none(server: Process) -> None:
    upgrade = request("/livez", "Connection: Upgrade", "Upgrade: websocket")
    assert ask(server, upgrade).status == 200


# Deadlines


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 0),
        (b"\r\n\r\n", 0),
        (b"GET /livez HT", 408),
        (b"GET /livez HTTP/1.1\r\nHost: a\r\nA", 408),
        (request("/livez"), 200),
    ],
)
def test_a_connection_with_no_request_or_half_of_one_is_closed(
    server: Process, raw: bytes, status: int
) -> None:
    with server.connect() as connection:
        connection.sendall(raw)
        reply = Reply(everything(connection))
    assert reply.status == status
    if status == 408:
        assert reply.problem()["code"] == "request_timeout"


def test_a_drop_at_a_time_keeps_no_connection_open(server: Process) -> None:
    with server.connect() as connection:
        connection.settimeout(0.1)
        sent, received = 0, None
        for sent in range(300):
            try:
                connection.sendall(b"GET /livez HTTP/1.1\r\nA: "[sent : sent + 1] or b"a")
                received = connection.recv(65536)
                break
            except TimeoutError:
                continue
            except OSError:
                break
    assert sent < 299
    assert received is None or Reply(received).status == 408


def test_many_idle_connections_keep_nobody_waiting(server: Process) -> None:
    idle = [server.connect() for _ in range(200)]
    for connection in idle[::2]:
        connection.sendall(b"GET /livez HT")
    assert ask(server, request("/livez", "Connection: close")).status == 200
    for connection in idle:
        assert Reply(everything(connection)).status in (0, 408)
        connection.close()


# The database


def test_a_pool_that_is_exhausted_is_told(seeded: str, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(Settings(database_url=seeded, pool_size=1))
    monkeypatch.setattr(app.state.engine.pool, "_timeout", 0.05)
    with client_of(app) as client:
        with app.state.engine.connect():
            for path in ("/v1/meetings", "/version"):
                refused = client.get(path)
                assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
                assert refused.json()["code"] == "unavailable"
            assert client.get("/livez").status_code == 200
        assert client.get("/v1/meetings").status_code == 200


def test_a_statement_that_takes_too_long_is_given_up(seeded: str) -> None:
    app = create_app(Settings(database_url=seeded, statement_seconds=0.2))
    endless = {
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT count(*) FROM n",
        "postgresql": "SELECT pg_sleep(600)",
    }

    @app.get("/endless")
    def endless_statement() -> None:
        with app.state.engine.connect() as connection:
            connection.exec_driver_sql(endless[connection.dialect.name])

    with client_of(app) as client:
        refused = client.get("/endless")
        assert (refused.status_code, refused.json()["code"]) == (503, "unavailable")
        assert client.get("/v1/meetings").status_code == 200


def test_the_process_is_alive_while_everything_else_waits(seeded: str) -> None:
    app = service(seeded)
    go, entered, left = threading.Event(), list[int](), list[int]()

    @app.get("/wait")
    def wait() -> None:
        entered.append(1)
        go.wait(20)
        left.append(1)

    with client_of(app) as client:
        waiting = [threading.Thread(target=client.get, args=("/wait",)) for _ in range(60)]
        for thread in waiting:
            thread.start()
        until(lambda: len(entered) == THREADS)
        assert client.get("/livez").status_code == 200
        assert client.get("/readyz").status_code == 200
        # Else they came only once the others were done with waiting.
        assert not left
        go.set()
        for thread in waiting:
            thread.join()


def file_of(url: str) -> Path:
    if not url.startswith("sqlite"):
        pytest.skip("This is about a database that is a file.")
    return Path(unquote(url.removeprefix("sqlite:///")))


def moved(path: Path) -> None:
    path.rename(path.with_suffix(".moved"))


def replaced(path: Path) -> None:
    moved(path)
    shutil.copy(path.with_suffix(".moved"), path)


def overwritten(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"These are notes." * 256)


@pytest.mark.parametrize("done", [moved, replaced, Path.unlink, overwritten])
def test_a_database_file_that_is_gone_is_told(copied: str, done: Callable[[Path], None]) -> None:
    path = file_of(copied)
    with client_of(service(copied)) as client:
        assert client.get("/readyz").json() == {"status": "ready"}
        assert client.get("/version").status_code == 200
        done(path)
        refused = client.get("/readyz")
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "5"
        assert refused.headers["content-type"] == "application/problem+json"
        assert client.get("/livez").status_code == 200
        if done is not overwritten:
            # What is kept open is of another time than what would be opened now.
            assert {client.get("/v1/meetings").status_code for _ in range(5)} == {503}
    assert path.exists() == (done in (replaced, overwritten))


def test_a_database_that_cannot_be_written_to_is_told(
    copied: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_of(copied)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert client_of(service(copied)).get("/readyz").status_code == 503


def test_damage_that_a_request_meets_is_told(copied: str) -> None:
    path = file_of(copied)
    with client_of(service(copied)) as client:
        for page in range(2, path.stat().st_size // 4096):
            with path.open("r+b") as file:
                file.seek(page * 4096)
                file.write(b"\xff" * 4096)
        assert client.get("/v1/statements").status_code == 503
        assert client.get("/readyz").status_code == 503


def test_a_schema_that_is_not_current_is_told(copied: str) -> None:
    with client_of(service(copied)) as client:
        engine = create_engine(copied)
        with engine.connect() as connection:
            connection.execution_options(access="write")
            with connection.begin():
                connection.exec_driver_sql("UPDATE alembic_version SET version_num = 'older'")
        engine.dispose()
        assert "schema" in client.get("/readyz").json()["detail"]


def test_a_database_that_does_not_answer_is_told(
    seeded: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, go = service(seeded), threading.Event()
    monkeypatch.setattr(readiness, "SECONDS", 0.05)
    monkeypatch.setattr(app.state.readiness, "look", lambda: go.wait(30))
    with client_of(app) as client:
        refused = client.get("/readyz")
        go.set()
    assert refused.status_code == 503
    assert "does not answer" in refused.json()["detail"]


def test_nothing_is_committed_to_a_file_that_was_moved_away(copied: str) -> None:
    path = file_of(copied)
    engine = create_engine(copied)

    def move_amid_writing() -> None:
        with write(engine) as session:
            session.execute(sa.update(Instance).values(revision=99))
            moved(path)

    with pytest.raises(UnusableDatabaseError, match="no longer"):
        move_amid_writing()
    engine.dispose()


# The stop


def slow_server(folder: Path) -> list[str]:
    """The command for a server that has addresses which take their time."""
    return [sys.executable, "-c", SLOW, str(folder)]


def test_requests_in_flight_are_finished_before_the_stop(empty: str, tmp_path: Path) -> None:
    with running(tmp_path, empty, slow_server(tmp_path)) as server:
        with server.connect() as connection, server.connect() as idle:
            connection.sendall(request("/slow"))
            until((tmp_path / "begun").exists)
            server.process.terminate()
            assert everything(idle) == b""
            (tmp_path / "go").touch()
            assert Reply(everything(connection)).body == b"done"
        assert server.process.wait(10) == 0


def test_a_reader_that_has_stalled_does_not_prevent_the_stop(empty: str, tmp_path: Path) -> None:
    command, begun = slow_server(tmp_path), tmp_path / "begun"
    with (
        running(tmp_path, empty, command, COMMUNIQUE_GRACE_SECONDS="1") as server,
        server.connect() as stalled,
        server.connect() as waiting,
    ):
        stalled.sendall(request("/endless"))
        until(begun.exists)
        until(lambda: not drains(begun))
        waiting.sendall(request("/slow"))
        until(lambda: begun.stat().st_size > 0)
        server.process.terminate()
        assert server.process.wait(10) == 0
        told = Reply(everything(waiting))
        assert (told.status, told.problem()["code"]) == (503, "unavailable")


def drains(begun: Path) -> bool:
    """Whether the endless answer still goes on."""
    before = begun.stat().st_mtime_ns
    time.sleep(0.2)
    return begun.stat().st_mtime_ns != before


# Standing headers


@pytest.mark.parametrize(
    "path", ["/", "/docs", "/v1/meetings", "/v1/nothing", "/problems", "/livez", "/openapi.json"]
)
def test_every_answer_has_the_standing_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "default-src" in headers["content-security-policy"]
    assert headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in headers
    assert "X-Request-ID" in headers["access-control-expose-headers"]
    assert len(headers.get_list("x-content-type-options")) == 1


@pytest.mark.parametrize(
    ("public_url", "strict"), [("https://example.org", True), ("http://example.org", False)]
)
def test_browsers_are_told_to_stay_with_https_where_there_is_https(
    empty: str, public_url: str, strict: bool
) -> None:
    app = create_app(Settings(database_url=empty, public_url=public_url))
    assert ("strict-transport-security" in client_of(app).get("/livez").headers) == strict


def preflight(app: FastAPI, origin: str) -> dict[str, str]:
    asked = {
        "Origin": origin,
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "X-Anything",
        "Cookie": "a=b",
    }
    answer = client_of(app).options("/v1/meetings", headers=asked)
    assert (answer.status_code, answer.content) == (204, b"")
    return dict(answer.headers)


def test_pages_of_every_origin_may_read_without_credentials(app: FastAPI) -> None:
    headers = preflight(app, "https://evil.example")
    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-allow-methods"] == "GET, HEAD, POST"
    assert "access-control-allow-credentials" not in headers


def test_pages_of_listed_origins_alone_may_read_where_they_are_listed(empty: str) -> None:
    origins = ("https://a.example", "https://b.example")
    app = create_app(Settings(database_url=empty, cors_origins=origins))
    assert preflight(app, "https://b.example")["access-control-allow-origin"] == origins[1]
    assert "access-control-allow-origin" not in preflight(app, "https://c.example")
    for headers in ({}, {"Origin": origins[0]}, {"Origin": "https://c.example"}):
        answer = client_of(app).get("/livez", headers=headers)
        assert "Origin" in ",".join(answer.headers.get_list("vary"))
        allowed = answer.headers.get("access-control-allow-origin")
        assert allowed == (origins[0] if headers.get("Origin") == origins[0] else None)
