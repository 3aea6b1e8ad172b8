"""Imports go one way, so that each room can be read without those above it."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

BOTTOM = {"settings", "errors", "models"}
ROOMS: dict[str, set[str]] = {
    "settings": set(),
    "errors": set(),
    "models": set(),
    "db": {"models"},
    "migrate": {"db"},
    "bundles": {"models"},
    "edge": {"settings", "errors", "db", "migrate"},
    "query": {"settings", "errors", "models", "db"},
    "names": {*BOTTOM, "query", "resources"},
    "resources": {*BOTTOM, "query"},
    "questions": {*BOTTOM, "db", "query", "resources"},
    "search": {*BOTTOM, "db", "query", "names", "resources", "questions"},
    "citations": {*BOTTOM, "query", "resources"},
    "exports": {*BOTTOM, "db", "bundles", "query"},
    "routes": {*BOTTOM, "db", "query", "resources"},
    "main": {
        *BOTTOM, "db", "migrate", "edge", "query", "resources", "names", "questions", "search",
        "citations", "exports", "routes",
    },
    "serve": {*BOTTOM, "edge", "main"},
    "assistants": {*BOTTOM, "edge", "query", "resources", "questions", "main", "serve"},
    "cli": {*BOTTOM, "db", "migrate", "bundles", "edge", "main", "serve", "assistants"},
}  # fmt: skip
"""Each room of the application, and the rooms that it may import beside itself."""

AROUND = ("caching", "edge", "headers", "limits", "logs", "openapi", "protocol", "readiness")
MODULES = {**dict.fromkeys(AROUND, "edge"), "deadlines": "db"}
"""Modules whose room is not named after them: what surrounds every request, for one."""


def modules(folder: str) -> list[str]:
    """The modules in a folder, by their full names."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in paths]


@cache
def imported(module: str) -> frozenset[str]:
    """The modules of ours that a module imports, wherever within it."""
    tree = ast.parse((ROOT / module.replace(".", "/")).with_suffix(".py").read_text("utf-8"))
    ours = {".".join(name.split(".")) for name in _names(tree)}
    return frozenset(name for name in ours if name.split(".")[0] in ("app", "seeds", "tests"))


def _names(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                yield whole if is_module(whole) else str(node.module)


def is_module(name: str) -> bool:
    path = ROOT / name.replace(".", "/")
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def room(module: str) -> str | None:
    """The room of a module of the application; None for the package itself."""
    parts = [part for part in module.split(".")[1:] if part != "__init__"]
    named = MODULES.get(".".join(parts[:2])) or MODULES.get(parts[0] if parts else "")
    return (named or parts[0]) if parts else None


@pytest.mark.parametrize("module", modules("app"))
def test_the_application_imports_downwards(module: str) -> None:
    here = room(module)
    if here is None:
        assert imported(module) == frozenset()
        return
    assert here in ROOMS, "say in ROOMS or MODULES to which room this module belongs"
    there = {room(name) for name in imported(module) if name.startswith("app")} - {None, here}
    assert there <= ROOMS[here]


@pytest.mark.parametrize("module", modules("app"))
def test_the_application_needs_no_seeds_but_for_the_command(module: str) -> None:
    seeds = {name for name in imported(module) if not name.startswith("app")}
    assert seeds == set() or (module == "app.cli" and all(map(is_seed, seeds)))


def is_seed(module: str) -> bool:
    return module.split(".", maxsplit=1)[0] == "seeds"


@pytest.mark.parametrize("module", [name for name in modules("seeds") if name != "seeds.__init__"])
def test_seeds_know_tables_and_words_and_nothing_of_http(module: str) -> None:
    allowed = {"app", "app.models", "app.db", "app.query.terms"}
    allowed |= {
        "app.names.alike",
        "app.names.keys",
        "app.names.spellings",
        "app.query.numbers",
        "app.query.sequences",
    }
    allowed |= {"app.bundles.archive", "app.bundles.notation"}
    assert {name for name in imported(module) if name.startswith("app")} <= allowed


def test_the_rooms_are_those_that_there_are() -> None:
    found = {room(module) for module in modules("app")} - {None}
    assert found == set(ROOMS)
    assert {f"app.{name}" for name in MODULES} <= set(modules("app"))


def test_what_the_mechanism_knows_of_the_tables_is_what_all_records_have() -> None:
    """The names in app.models that app.query uses: none of them is of diplomacy."""
    used = set()
    for module in modules("app/query"):
        tree = ast.parse((ROOT / module.replace(".", "/")).with_suffix(".py").read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module == "app.models":
                used |= {alias.name for alias in node.names}
    assert used == GENERAL


GENERAL = {
    "Basis", "Collection", "FormerSlug", "ID_PREFIXES", "Instance", "Name", "NameKind", "Record",
    "Contradiction", "Evidence", "KEY", "ReferenceField", "SEARCH_COLUMNS", "SearchDocument",
    "Strength",
}  # fmt: skip
