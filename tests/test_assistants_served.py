"""Assistants connected as they are in earnest: to a process by its streams, and over HTTP."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from assisted import Assistant, assistant
from conftest import on_sqlite
from mcp.client.stdio import StdioServerParameters, stdio_client
from processes import COMMUNIQUE, SECONDS, START_SECONDS, Process, running

from app.assistants import TOOLS
from app.limits import BODY_BYTES

COMMAND = COMMUNIQUE[0]
CALL = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "tools/call",
    "params": {"name": "get", "arguments": {"collection": "topics", "slug": "trade"}},
}
HEADERS = {
    "Content-Type": "application/json",
    "Accept": "application/json, text/event-stream",
    "MCP-Protocol-Version": "2025-06-18",
}

pytestmark = on_sqlite


def environment(url: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if "COMMUNIQUE" not in name}
    return kept | {"DATABASE_URL": url, "PUBLIC_URL": "https://kb.example"}


@pytest.fixture(scope="module")
def served(seeded: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    command = [COMMAND, "mcp", "--http", "127.0.0.1:0"]
    folder = tmp_path_factory.mktemp("served")
    with running(folder, seeded, command, PUBLIC_URL="https://kb.example/base") as process:
        yield process


def ask_all(asked: Assistant) -> None:
    """Ask each tool something, and look at what it answers."""
    assert [one.name for one in asked.tools()] == [one.name for one in TOOLS]
    relation = asked.ask("get", collection="relations", slug="alliance-jpn-usa")
    assert relation["address"].startswith("https://kb.example/")
    assert len(relation["evidence"]) == 3
    assert asked.ask("search", q="독도")["total"] > 0
    assert asked.ask("list", collection="silences")["total"] == 1
    assert asked.ask("evidence", collection="silences", slug=SILENCE)["total"] == 1
    assert asked.ask("positions", topic="north-korea")["total"] == 3
    assert asked.ask("coverage")["total"] == 14
    assert asked.ask("timeline", kind="incidents")["total"] == 1
    assert asked.ask("between", one="JPN", other="KOR")["parts"]
    assert "Did you mean `silences`?" in asked.refused("list", collection="silence")


SILENCE = "wang-on-north-korea-and-the-war"


def test_over_the_streams_of_a_process(seeded: str) -> None:
    process = StdioServerParameters(command=COMMAND, args=["mcp"], env=environment(seeded))
    with assistant(stdio_client(process)) as asked:
        ask_all(asked)


def test_the_streams_hold_nothing_but_messages(seeded: str) -> None:
    given = {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {
            "protocolVersion": "2025-06-18",
            "capabilities": {},
            "clientInfo": {"name": "test", "version": "1"},
        },
    }
    done = subprocess.run(
        [COMMAND, "mcp"],
        env=environment(seeded),
        input=f"no message\n{json.dumps(given)}\n",
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines()]
    [answer] = [one for one in told if one.get("id") == 1]
    assert answer["result"]["serverInfo"]["name"] == "communique"


def test_over_http(served: Process) -> None:
    with assistant(f"http://127.0.0.1:{served.port}/mcp") as asked:
        ask_all(asked)


def test_what_is_asked_does_not_stand_in_the_log(served: Process) -> None:
    with assistant(f"http://127.0.0.1:{served.port}/mcp") as asked:
        asked.ask("search", q="zqxj")
    assert "/v1/search" in [one["route"] for one in served.logged()]
    assert "zqxj" not in served.stderr()


def status(served: Process, body: Any = CALL, path: str = "/mcp", **headers: str) -> int:
    """The status with which a request is answered."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    request = Request(f"http://127.0.0.1:{served.port}{path}", sent, HEADERS | named)
    try:
        with urlopen(request, timeout=SECONDS) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


def test_a_request_needs_no_session(served: Process) -> None:
    assert status(served) == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example"])
def test_a_name_that_is_not_ours_is_refused(served: Process, host: str) -> None:
    assert status(served, Host=host) == 421


def test_the_name_of_the_public_address_is_ours(served: Process) -> None:
    assert status(served, Host="kb.example") == 200
    assert status(served, Host="kb.example", Origin="https://kb.example") == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil:80"])
def test_a_page_of_another_site_is_refused(served: Process, origin: str) -> None:
    assert status(served, Origin=origin) == 403


def test_a_page_of_this_computer_is_answered(served: Process) -> None:
    assert status(served, Origin=f"http://localhost:{served.port}") == 200


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"x" * (BODY_BYTES + 1), 413),
        (b'{"jsonrpc": "2.0"', 400),
        (b"[" * 60_000, 400),
        (b"\xff\xfe", 400),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": []}', 400),
    ],
)
def test_what_is_no_request_is_refused(served: Process, body: bytes, expected: int) -> None:
    assert status(served, body) == expected


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "OPTIONS", "PUT"])
def test_no_stream_is_opened_on_which_nothing_comes(served: Process, method: str) -> None:
    asked = Request(f"http://127.0.0.1:{served.port}/mcp", headers=HEADERS, method=method)
    with pytest.raises(HTTPError) as raised:
        urlopen(asked, timeout=SECONDS)
    with raised.value as error:
        assert (error.code, error.headers["allow"]) == (405, "POST")


def test_nothing_else_is_served_there(served: Process) -> None:
    assert status(served, path="/v1/meetings") == 404


def test_a_bad_address_is_told_in_a_sentence(seeded: str) -> None:
    done = subprocess.run(
        [COMMAND, "mcp", "--http", "nowhere"],
        env=environment(seeded) | {"COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    assert done.returncode == 2
    assert "Write HOST:PORT or PORT" in done.stderr


@pytest.mark.parametrize("missing", ["mcp", "httpx2"])
def test_without_the_extra_it_says_how_to_install_it(seeded: str, missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; from app.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code, "mcp"],
        env=environment(seeded),
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip().endswith("pip install 'communique[mcp]'")
    assert "Traceback" not in done.stderr
