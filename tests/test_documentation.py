"""The documentation: what it names exists, what exists is in it, and its links lead somewhere."""

import inspect
import re
import runpy
from pathlib import Path

import pytest

from app import models
from app.errors import kinds
from app.query.periods import EXAMPLES as PERIODS
from app.resources import RESOURCES
from app.settings import variables

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted(DOCS.rglob("*.md")),
]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
FENCED = re.compile(r"```.*?```", re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
API = (DOCS / "api.md").read_text("utf-8")

each_page = pytest.mark.parametrize("page", PAGES, ids=lambda path: str(path.relative_to(ROOT)))


def prose(page: Path) -> str:
    """A page without its blocks of code."""
    return FENCED.sub("", page.read_text("utf-8"))


def anchors(page: Path) -> set[str]:
    """The names by which links reach a page's headings."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", each).strip().lower().replace(" ", "-") for each in headings}


@each_page
def test_links_lead_somewhere(page: Path) -> None:
    for link in LINK.findall(prose(page)):
        if link.startswith(("http://", "https://")):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@each_page
def test_files_that_it_names_exist(page: Path) -> None:
    for name in CODE.findall(prose(page)):
        if re.fullmatch(r"(app|seeds|docs|migrations|tests)/[\w./-]*", name):
            assert (ROOT / name).exists(), name


def test_the_index_names_every_page() -> None:
    linked = {(DOCS / link).resolve() for link in LINK.findall(prose(DOCS / "README.md"))}
    assert {path for path in DOCS.rglob("*.md") if path.name != "README.md"} <= linked


# ------------------------------------------------------------------------- the API's page


def test_the_tables_are_those_of_the_code() -> None:
    render = runpy.run_path(str(DOCS / "tables.py"))["render"]
    assert render(API) == API, "run: .venv/bin/python docs/tables.py"


def test_every_collection_is_documented_with_every_parameter() -> None:
    sections = re.compile(r"^#### (\w+)\n(.*?)(?=^#### |<!-- end)", re.DOTALL | re.MULTILINE)
    documented = dict(sections.findall(API))
    assert list(documented) == [one.name for one in RESOURCES]
    for one in RESOURCES:
        named = set(CODE.findall(documented[one.name]))
        own = {each for name, it in one.filters.items() for each in it.parameters(name)}
        assert own <= named
        # What is named is a filter, a sort, an include or a facet of it.
        known = set(one.filter_parameters) | set(one.all_sorts) | set(one.includes)
        examples = {"foreign-minister", "include", *PERIODS.values()}
        examples |= {f"-{name}" for name in one.all_sorts}
        assert named <= known | examples


def test_every_error_and_fault_is_documented() -> None:
    documented = set(CODE.findall(API[API.index("## Errors") :]))
    assert set(kinds()) <= documented
    assert raised() <= documented
    codes = API[API.index("Codes of faults:") :]
    cells = re.findall(r"^\| (`.*?) \|", codes, re.MULTILINE)
    # FastAPI itself raises `missing`.
    assert set(CODE.findall(" ".join(cells))) == raised() | {"missing"}


def raised() -> set[str]:
    """The codes of faults, as they stand in the code."""
    texts = [path.read_text("utf-8") for path in (ROOT / "app").rglob("*.py")]
    return {
        code
        for text in texts
        for code in re.findall(r"\b(?:fault|refused)\(\s*\"([a-z_]+)\"", text)
    }


def test_what_every_list_takes_is_documented() -> None:
    named = {word for code in CODE.findall(API) for word in re.findall(r"[a-z_]+", code)}
    common = set.intersection(*(set(one.list_parameters.model_fields) for one in RESOURCES))
    assert common <= named


# ------------------------------------------------------------------------ the other pages


def test_settings_that_pages_name_exist_and_all_are_documented() -> None:
    settings = set(re.findall(r"`([A-Z_]+)`", (DOCS / "settings.md").read_text("utf-8")))
    assert set(variables()) <= settings
    for page in PAGES:
        ours = set(re.findall(r"\bCOMMUNIQUE_[A-Z_]*[A-Z]\b", page.read_text("utf-8")))
        # The last one is read by the tests alone.
        assert ours <= {*variables(), "ARTICLE_TEXT"}, page


def test_the_data_model_names_every_table() -> None:
    tables = {
        table.__table__.name
        for _, table in inspect.getmembers(models, inspect.isclass)
        if hasattr(table, "__table__")
    }
    page = (DOCS / "data-model.md").read_text("utf-8")
    rows = re.findall(r"^\| [^|]+ \| (.+) \|$", page, re.MULTILINE)
    assert sorted(CODE.findall(" ".join(rows))) == sorted(tables)


def test_the_picture_names_every_collection() -> None:
    [picture] = re.findall(r"```mermaid\n(.*?)```", PAGES[0].read_text("utf-8"), re.DOTALL)
    drawn = set(re.findall(r"\b[A-Z]+(?:_[A-Z]+)?\b", picture)) - {"ANY_RECORD"}
    assert drawn == {one.name.upper() for one in RESOURCES}


def test_what_the_code_map_names_exists() -> None:
    steps = re.split(r"\n(?=\d+\. |- )", prose(DOCS / "code-map.md"))
    for step in steps:
        code = CODE.findall(step)
        files = [ROOT / name for name in code if name.endswith(".py") and "/" in name]
        text = "\n".join(path.read_text("utf-8") for path in files)
        for name in code:
            if files and re.fullmatch(r"[A-Za-z_]+(\.[a-z_]+)?", name) and name not in EXAMPLES:
                assert re.search(rf"\b{name.rpartition('.')[2]}\b", text), (name, step)


EXAMPLES = {"PRK", "about"}
"""What the example of the code map asks for."""


def test_the_example_of_a_filter_fits_the_code() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    [diff] = re.findall(r"```diff\n(.*?)```", page, re.DOTALL)
    first, *lines = diff.splitlines()
    code = (ROOT / first.removeprefix("--- ")).read_text("utf-8")
    kept = "\n".join(line[1:] for line in lines if line.startswith(" "))
    assert kept in code
    assert [line for line in lines if line.startswith("-")] == []
    assert len([line for line in lines if line.startswith("+")]) == 1
