"""The locks: every package by hash, from no address, in the same versions for all uses."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def pinned(name: str) -> dict[str, str]:
    text = (ROOT / f"{name}.lock").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", ["requirements/runtime", "requirements/dev", "clients/python"])
def test_every_package_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / f"{name}.lock").read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=)", text, flags=re.MULTILINE)
    blocks = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    # A package may stand there in more than one version, for different versions of Python.
    assert {block.partition("==")[0] for block in blocks} == set(pinned(name))
    assert all("--hash=sha256:" in block for block in blocks)


def test_tests_run_with_the_versions_that_are_served() -> None:
    assert pinned("requirements/runtime").items() <= pinned("requirements/dev").items()


def test_the_tools_of_clients_are_locked_in_the_versions_that_are_named() -> None:
    named = json.loads((ROOT / "clients" / "package.json").read_text("utf-8"))["devDependencies"]
    lock = json.loads((ROOT / "clients" / "package-lock.json").read_text("utf-8"))
    root, packages = lock["packages"].pop(""), lock["packages"]
    assert root["devDependencies"] == named
    assert {name: packages[f"node_modules/{name}"]["version"] for name in named} == named
    assert all(one["integrity"].startswith("sha512-") for one in packages.values())
    assert [name for name, one in packages.items() if "resolved" in one] == []
    [only] = (ROOT / "clients" / "python.in").read_text("utf-8").split()
    name, _, version = only.partition("==")
    assert pinned("clients/python")[name] == version
