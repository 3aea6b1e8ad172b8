"""The README's questions, asked as it shows them: each answer contains what it shows."""

import json
import re
import shlex
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from fastapi.testclient import TestClient

README = (Path(__file__).parent.parent / "README.md").read_text("utf-8")
SHOWN = re.findall(r"```console\n\$ curl ([^\n]+)\n(\{.*?\n\})\n```", README, re.DOTALL)
SERVER = "http://127.0.0.1:8000"


def address(arguments: str) -> str:
    """The path and query that a command of curl asks for."""
    words = [word for word in shlex.split(arguments) if word not in {"-s", "--get"}]
    [url] = [word for word in words if word.startswith(SERVER)]
    data = [words[at + 1] for at, word in enumerate(words) if word == "--data-urlencode"]
    assert len(words) == 1 + 2 * len(data), arguments
    query = urlencode([(name, value) for name, _, value in (one.partition("=") for one in data)])
    return url.removeprefix(SERVER) + (f"?{query}" if query else "")


def contains(answer: Any, shown: Any) -> bool:
    """Whether everything shown is in the answer, what is in lists in the same order."""
    if isinstance(shown, dict):
        return isinstance(answer, dict) and all(
            name in answer and contains(answer[name], value) for name, value in shown.items()
        )
    if isinstance(shown, list):
        rest = iter(answer)
        return all(any(contains(one, value) for one in rest) for value in shown)
    return bool(answer == shown)


def test_it_asks_five_questions_and_a_wrong_one() -> None:
    assert len(SHOWN) == README.count("```console") == 6


@pytest.mark.parametrize(("arguments", "shown"), SHOWN)
def test_what_it_shows_is_what_is_answered(client: TestClient, arguments: str, shown: str) -> None:
    answer = client.get(address(arguments)).json()
    expected = json.loads(shown)
    assert contains(answer, expected), json.dumps(answer, ensure_ascii=False, indent=2)
    if "items" in expected:
        # As many records as are found: none is left out.
        assert len(answer["items"]) == len(expected["items"])


def test_the_commands_it_names_exist() -> None:
    makefile = (Path(__file__).parent.parent / "Makefile").read_text("utf-8")
    for target in re.findall(r"\bmake ([a-z-]+)", README):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
