"""Logs: a line for each request, nothing secret in it, and an id that leads to it."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from conftest import client_of
from fastapi import FastAPI
from starlette.testclient import TestClient

from app import logs
from app.main import create_app
from app.settings import Settings


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


Written = Callable[[], str]


@pytest.fixture
def written(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Written]:
    """What has been written to the standard error; logging is as it was at the end."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    monkeypatch.setattr(logs, "requests", logs.requests)
    # The client of the tests has something to say of each request, too.
    monkeypatch.setattr(logging.getLogger("httpx2"), "disabled", True)
    yield lambda: capsys.readouterr().err
    logging.captureWarnings(capture=False)
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.contextvars.clear_contextvars()


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_each_request_is_one_line(client: TestClient, written: Written) -> None:
    logs.configure(Settings(log_format="json"))
    answer = client.get("/v1/meetings", headers={"X-Request-ID": "one-of-mine"})
    (line,) = lines(written())
    assert line.pop("timestamp").endswith("Z")
    assert line.pop("duration_ms") > 0
    assert line == {
        "event": "request",
        "level": "info",
        "request_id": "one-of-mine",
        "method": "GET",
        "route": "/v1/meetings",
        "status": 200,
        "bytes": len(answer.content),
    }


@pytest.mark.parametrize(
    ("path", "route", "status"),
    [
        ("/v1/meetings/secret", "/v1/meetings/{id}", 404),
        ("/v1/meetings?secret=secret", "/v1/meetings", 422),
        ("/secret", None, 404),
        ("/%0asecret", None, 404),
        ("/v1/meetings?q=" + "secret" * 5000, "/v1/meetings", 414),
    ],
)
def test_what_was_asked_for_is_not_logged(
    client: TestClient, written: Written, path: str, route: str | None, status: int
) -> None:
    logs.configure(Settings(log_format="json"))
    client.get(path, headers={"X-Request-ID": "secret\tvalue", "Cookie": "secret"})
    text = written()
    (line,) = lines(text)
    assert (line["route"], line["status"]) == (route, status)
    assert "secret" not in text


@pytest.fixture
def failing(seeded: str) -> Iterator[FastAPI]:
    app = create_app(Settings(database_url=seeded))

    @app.get("/fail")
    def fail() -> None:
        logging.getLogger("somewhere").warning("before 尖閣 %s", "\ud800")
        raise RuntimeError("password")

    yield app
    app.state.engine.dispose()


def test_a_fault_is_logged_under_its_request_and_not_told(
    failing: FastAPI, written: Written
) -> None:
    logs.configure(Settings(log_format="json"))
    answer = client_of(failing).get("/fail")
    assert answer.status_code == 500
    assert "password" not in answer.text
    before, failed, request = lines(written())
    assert {one["request_id"] for one in (before, failed, request)} == {answer.json()["request_id"]}
    assert before["event"].startswith("before 尖閣")
    assert failed["level"] == "error"
    assert "RuntimeError: password" in failed["exception"]
    assert request["status"] == 500


def test_other_scripts_stay_readable(written: Written) -> None:
    logs.configure(Settings(log_format="json"))
    logging.getLogger("somewhere").info("王毅\nPyongyang")
    assert "王毅\\nPyongyang" in written()


def test_a_failing_statement_is_logged_without_its_values(
    failing: FastAPI, written: Written
) -> None:
    # Put together, lest the line of the program that failed be taken for the value.
    secret = "-".join(["a", "secret"])

    @failing.get("/statement")
    def statement() -> None:
        with failing.state.engine.connect() as connection:
            connection.exec_driver_sql("SELECT nonsense", {"value": secret})

    logs.configure(Settings(log_format="json"))
    client_of(failing).get("/statement")
    text = written()
    assert "nonsense" in text
    assert secret not in text


@pytest.mark.parametrize(("log_format", "readable"), [("auto", True), ("json", False)])
@pytest.mark.usefixtures("written")
def test_a_terminal_gets_readable_lines(
    client: TestClient,
    monkeypatch: pytest.MonkeyPatch,
    log_format: Any,
    readable: bool,
) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    logs.configure(Settings(log_format=log_format))
    client.get("/livez")
    (line,) = terminal.getvalue().splitlines()
    assert line.startswith("{") != readable
    assert "/livez" in line


def test_no_values_of_variables_are_shown(failing: FastAPI, written: Written) -> None:
    logs.configure(Settings(log_format="console"))
    client_of(failing).get("/fail")
    text = written()
    assert "Traceback" in text
    assert "locals" not in text


@pytest.mark.parametrize(("level", "number"), [("info", 1), ("warning", 0)])
def test_the_level_decides(client: TestClient, written: Written, level: Any, number: int) -> None:
    logs.configure(Settings(log_format="json", log_level=level))
    client.get("/livez")
    assert len(lines(written())) == number


@pytest.mark.usefixtures("written")
def test_a_log_that_nobody_takes_makes_no_request_fail(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = io.StringIO()
    closed.close()
    monkeypatch.setattr(sys, "stderr", closed)
    logs.configure(Settings(log_format="json"))
    assert client.get("/livez").status_code == 200


def test_nothing_is_logged_where_nobody_asked_for_it(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    client.get("/livez")
    assert capsys.readouterr() == ("", "")
