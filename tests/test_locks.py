"""The locks: every package by hash, from no address, in the same versions for all uses."""

import re
from pathlib import Path

import pytest

REQUIREMENTS = Path(__file__).resolve().parent.parent / "requirements"


def pinned(name: str) -> dict[str, str]:
    text = (REQUIREMENTS / f"{name}.lock").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, flags=re.MULTILINE))


@pytest.mark.parametrize("name", ["runtime", "dev"])
def test_every_package_has_hashes_and_no_address(name: str) -> None:
    text = (REQUIREMENTS / f"{name}.lock").read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(?!hash=)", text, flags=re.MULTILINE)
    blocks = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    # A package may stand there in more than one version, for different versions of Python.
    assert {block.partition("==")[0] for block in blocks} == set(pinned(name))
    assert all("--hash=sha256:" in block for block in blocks)


def test_tests_run_with_the_versions_that_are_served() -> None:
    assert pinned("runtime").items() <= pinned("dev").items()
