"""Clients made from the OpenAPI document: they compile, and read what is there.

Making them takes tools that are installed apart, from the locks in clients/, by `make clients`.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import on_sqlite
from reading import Json, everything, read, refused
from serving import serving
from starlette.testclient import TestClient

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / "build" / "clients"
NODE, PYTHON = TOOLS / "node_modules" / ".bin", TOOLS / "python" / "bin"
ASKED = "CLIENTS" in os.environ
DOCUMENT = ROOT / "docs" / "openapi.json"
QUIET = {"REDOCLY_TELEMETRY": "off", "REDOCLY_SUPPRESS_UPDATE_NOTICE": "true"}
SECONDS = 300

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not ASKED, reason="asked for by `make clients`")]


def run(*command: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    """What a tool said, which succeeded."""
    kept = os.environ | QUIET | environment
    done = subprocess.run(
        command, env=kept, cwd=TOOLS, text=True, capture_output=True, timeout=SECONDS, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done


@pytest.fixture(scope="module")
def server(seeded: str) -> Iterator[str]:
    with serving(seeded) as address:
        yield address


@pytest.fixture(scope="module")
def expected(client: TestClient) -> Json:
    """What both tours are to tell."""
    asked = {"about": "PRK", "kind": "direct,mixed", "sort": "name"}
    filtered = [one["slug"] for one in everything(client, "statements", **asked)]
    first = read(client, "/v1/statements", limit=4)
    second = read(client, "/v1/statements", limit=4, cursor=first["next_cursor"])
    record = read(client, f"/v1/statements/{filtered[0]}", lang="ko")
    speakers = [one["name"] for one in record["speakers"]]
    problem = refused(client, "/v1/statements", topic="trad")
    kinds = read(client, "/v1/statements/facets", facet="kind")["facets"]["kind"]
    return {
        "filtered": filtered,
        "pages": [[one["slug"] for one in page["items"]] for page in (first, second)],
        "record": [record["text"], record["date_edtf"], speakers],
        "refused": [422, problem["code"], "trade"],
        "counted": {one["value"]: one["count"] for one in kinds},
    }


def fresh(name: str) -> Path:
    """An empty folder beside the tools, where they find one another."""
    folder = TOOLS / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    return folder


@on_sqlite
@pytest.mark.usefixtures("databases")
def test_the_linter_finds_nothing() -> None:
    rules = ROOT / "clients" / "redocly.yaml"
    done = run(NODE / "redocly", "lint", "--config", rules, "--format=json", DOCUMENT)
    report = json.loads(done.stdout)
    assert report["totals"] == {"errors": 0, "warnings": 0, "ignored": 0}, report["problems"][:5]


@on_sqlite
def test_a_client_in_typescript(server: str, expected: Json) -> None:
    folder = fresh("typescript")
    made = run(NODE / "openapi-typescript", DOCUMENT, "--output", folder / "api.d.ts")
    assert made.stderr == ""
    assert len(made.stdout.splitlines()) == 2, made.stdout
    for name in ("tour.ts", "tsconfig.json"):
        shutil.copy(ROOT / "clients" / name, folder)
    assert run(NODE / "tsc", "--project", folder).stdout == ""
    told = run("node", folder / "out" / "tour.js", server)
    assert told.stderr == ""
    assert json.loads(told.stdout) == expected


@on_sqlite
def test_a_client_in_python(server: str, expected: Json) -> None:
    folder = fresh("generated")
    package = folder / "communique_client"
    made = run(
        PYTHON / "openapi-python-client", "generate", "--path", DOCUMENT, "--meta", "none",
        "--config", ROOT / "clients" / "python.yaml", "--output-path", package, "--fail-on-warning",
    )  # fmt: skip
    assert "arning" not in made.stdout + made.stderr
    strict: list[str | Path] = [PYTHON / "python", "-W", "error"]
    modules = sorted(path.relative_to(folder).with_suffix("") for path in package.rglob("*.py"))
    names = [".".join(one.parts).removesuffix(".__init__") for one in modules]
    run(*strict, "-c", "\n".join(f"import {name}" for name in names), PYTHONPATH=str(folder))
    told = run(*strict, ROOT / "clients" / "tour.py", server, PYTHONPATH=str(folder))
    assert json.loads(told.stdout) == expected
