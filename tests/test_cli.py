"""The command line: it explains itself, tells mistakes in a sentence, and stops cleanly."""

import json
import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.cli import cli
from app.main import create_app
from app.settings import Settings

COMMUNIQUE = str(Path(sys.executable).with_name("communique"))
COMMANDS = ("serve", "migrate", "seed", "seal", "verify", "export", "mcp", "openapi")


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """No settings but a database of its own and any free port."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in {"HOST", "PUBLIC_URL"} and not name.startswith("COMMUNIQUE_")
    }
    return kept | {"DATABASE_URL": f"sqlite:///{tmp_path}/data/test.db", "PORT": "0"}


def run(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [COMMUNIQUE, *arguments],
        env=environment | {"COLUMNS": "200", "NO_COLOR": "1"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def start(environment: dict[str, str], *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [COMMUNIQUE, "serve", *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def address(process: subprocess.Popen[str]) -> str:
    """The address that a server prints when it is ready."""
    assert process.stdout
    lines = []
    for line in process.stdout:
        lines.append(line)
        if line.startswith("  http"):
            return line.strip().rstrip("/")
    pytest.fail("The server did not start:\n" + "".join(lines))


@contextmanager
def started(number: int, environment: dict[str, str]) -> Iterator[list[subprocess.Popen[str]]]:
    """Servers started at once, which migrate and seed."""
    processes = [start(environment, "--migrate", "--seed") for _ in range(number)]
    try:
        yield processes
    finally:
        for process in processes:
            process.kill()
            process.communicate()


def test_help_names_every_command_and_the_exit_statuses(environment: dict[str, str]) -> None:
    told = run(environment, "--help").stdout
    assert all(command in told for command in COMMANDS)
    assert "Exit status" in told


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself(environment: dict[str, str], command: str) -> None:
    result = run(environment, command, "--help")
    assert result.returncode == 0
    assert "Usage: communique " + command in result.stdout


def test_a_misspelt_command_is_answered_with_the_nearest(environment: dict[str, str]) -> None:
    result = run(environment, "sevre")
    assert result.returncode == 2
    assert "serve" in result.stderr


def test_a_bad_setting_is_told_in_a_sentence(environment: dict[str, str]) -> None:
    result = run(environment | {"PORT": "http"}, "migrate")
    assert result.returncode == 2
    assert "PORT: " in result.stderr
    assert "Traceback" not in result.stderr


def test_a_misspelt_setting_is_warned_about(environment: dict[str, str]) -> None:
    result = run(environment | {"DATABSE_URL": "sqlite:///other.db"}, "migrate")
    assert result.returncode == 0
    assert "Did you mean DATABASE_URL?" in result.stderr


def test_migrate_tells_whether_there_was_anything_to_do(environment: dict[str, str]) -> None:
    before = run(environment, "migrate", "--check")
    assert (before.returncode, "communique migrate" in before.stderr) == (1, True)
    assert "brought up to date" in run(environment, "migrate").stdout
    assert "Schema: up to date" in run(environment, "migrate").stdout
    assert run(environment, "migrate", "--check").returncode == 0


def test_a_file_that_is_no_database_is_refused_in_a_sentence(
    environment: dict[str, str], tmp_path: Path
) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("These are notes. " * 100, encoding="utf-8")
    for command in ("migrate", "seed", "serve"):
        result = run(environment | {"DATABASE_URL": f"sqlite:///{path}"}, command)
        assert result.returncode == 1, command
        assert "notes.txt cannot be used" in result.stderr
        assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("url", "status"),
    [
        ("postgresql://someone:secret@127.0.0.1:1/x", 1),
        ("postgresql://someone:secret@host:notaport/x", 2),
        ("postgresql+foo://someone:secret@host/x", 2),
        ("sqlite+foo:///x", 2),
        ("sqlite:////dev/null", 1),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_a_sentence(
    environment: dict[str, str], url: str, status: int
) -> None:
    result = run({**environment, "DATABASE_URL": url}, "migrate")
    assert result.returncode == status
    assert "DATABASE_URL" in result.stderr
    assert "Traceback" not in result.stderr
    assert "secret" not in result.stderr


def test_to_check_makes_no_database(environment: dict[str, str], tmp_path: Path) -> None:
    missing = tmp_path / "typo" / "x.db"
    asked = {**environment, "DATABASE_URL": f"sqlite:///{missing}"}
    for command in (["migrate", "--check"], ["seed"], ["serve"]):
        result = run(asked, *command)
        assert (result.returncode, str(missing) in result.stderr) == (1, True)
    assert not missing.parent.exists()


def test_a_text_of_no_source_verifies_nothing(environment: dict[str, str], tmp_path: Path) -> None:
    text = tmp_path / "text"
    text.write_bytes(b"\xff")
    result = run(environment, "verify", "--text", f"trilateral={text}")
    assert (result.returncode, "not UTF-8" in result.stderr) == (1, True)
    text.write_text("Words.", encoding="utf-8")
    result = run(environment, "verify", "--text", f"trilateral={text}")
    assert result.returncode == 1
    assert "did you mean 'trilateral-2025'" in result.stderr


def test_a_database_without_the_schema_is_not_served(environment: dict[str, str]) -> None:
    result = run(environment, "serve")
    assert result.returncode == 1
    assert "communique migrate" in result.stderr


def test_a_port_in_use_is_told_in_a_sentence(environment: dict[str, str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        result = run(environment | {"PORT": port}, "serve", "--migrate")
    assert result.returncode == 1
    assert f"127.0.0.1:{port}" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_text_must_say_whose_it_is(environment: dict[str, str], tmp_path: Path) -> None:
    result = run(environment, "seal", str(tmp_path), "--text", "article.txt")
    assert result.returncode == 2
    assert "SOURCE=FILE" in result.stderr


@pytest.mark.parametrize("command", ["seal", "verify"])
def test_a_folder_without_a_bundle_is_refused(
    environment: dict[str, str], tmp_path: Path, command: str
) -> None:
    result = run(environment, command, str(tmp_path), "--text", "a=article.txt")
    assert result.returncode == 1
    assert "bundle.yaml" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_server_answers_and_stops_cleanly(
    environment: dict[str, str], number: signal.Signals
) -> None:
    with started(1, environment) as (process,):
        with urllib.request.urlopen(f"{address(process)}/livez", timeout=10) as answer:
            assert answer.status == 200
            assert "server" not in answer.headers
        process.send_signal(number)
        assert process.wait(timeout=10) == 0


def test_the_openapi_document_is_the_committed_one(environment: dict[str, str]) -> None:
    committed = Path(__file__).resolve().parent.parent / "docs" / "openapi.json"
    document = run(environment | {"PUBLIC_URL": "https://example.org"}, "openapi").stdout
    assert json.loads(document)["openapi"].startswith("3.1")
    assert document == committed.read_text(encoding="utf-8"), "Run: make openapi"


def test_an_outdated_openapi_document_is_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # One application for all: it takes seconds to describe.
    app = create_app(Settings.model_construct())
    monkeypatch.setattr("app.main.create_app", lambda _: app)
    written = tmp_path / "openapi.json"
    cli(["openapi", "--output", str(written)], standalone_mode=False)
    cli(["openapi", "--check", str(written)], standalone_mode=False)
    written.write_text("{}", encoding="utf-8")
    with pytest.raises(SystemExit) as caught:
        cli(["openapi", "--check", str(written)], standalone_mode=False)
    assert (caught.value.code, "make openapi" in capsys.readouterr().err) == (1, True)
