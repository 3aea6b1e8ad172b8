"""The article itself, where it is at hand: every locator is exact, and none of it is kept here."""

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

import pytest

from seeds.load import FOLDERS
from seeds.locators import Status
from seeds.reader import read_bundle
from seeds.text import Text
from seeds.verify import citations, source_digest, verify

ROOT = Path(__file__).resolve().parent.parent
SOURCE = "trilateral-2025"
ARTICLE = Path(os.environ.get("ARTICLE_TEXT") or ROOT / "../shared/article.txt")
RUN = 8
"""So many words of the article in a row are a quotation, and not words in common."""

WORD = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*")
QUOTED = re.compile("“[^“”]*”")


def files(folder: Path) -> Iterator[Path]:
    """The project's own files: all but what .gitignore names."""
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()]
    for path in folder.iterdir():
        if path.name == ".git" or any(fnmatch(path.name, pattern) for pattern in ignored):
            continue
        if path.is_dir():
            yield from files(path)
        else:
            yield path


needs_article = pytest.mark.skipif(
    not ARTICLE.is_file(),
    reason="the article's text is not here: put it at ../shared/article.txt beside the checkout, "
    "or name its file in ARTICLE_TEXT",
)


@needs_article
def test_every_locator_is_exact() -> None:
    bundles = [read_bundle(folder) for folder in FOLDERS]
    cited = [one for bundle in bundles for one in citations(bundle, SOURCE)]
    [digest] = {found for bundle in bundles if (found := source_digest(bundle, SOURCE))}
    report = verify(cited, Text.read(ARTICLE), sha256=digest)
    assert report.is_the_source, str(report)
    assert [
        str(one) for one, verdict in report.verdicts if verdict.status is not Status.exact
    ] == []
    assert report.misquoted == ()
    assert report.uncited == ()
    assert report.counts[Status.exact] == len(cited)


@needs_article
def test_the_outline_is_that_of_the_article() -> None:
    text = Text.read(ARTICLE)
    [source] = [
        entry.data
        for folder in FOLDERS
        for entry in read_bundle(folder).entries
        if entry.name == f"sources/{SOURCE}"
    ]
    outline = [[one.paragraph, one.sentence, one.start, one.end] for one in text.sentences]
    assert source["outline"] == outline
    assert source["characters"] == len(text)
    assert len(outline) == 38


@needs_article
def test_no_file_holds_the_articles_sentences() -> None:
    assert not_ours()
    found = {
        str(path.relative_to(ROOT)): [" ".join(run) for run in held]
        for path in files(ROOT)
        if (held := not_ours().intersection(runs(words(path.read_text("utf-8", "replace")))))
    }
    assert found == {}


def words(text: str) -> list[str]:
    """The words of a text, without its marks and its lines."""
    return [word.replace("’", "'").casefold() for word in WORD.findall(text)]


def runs(found: list[str]) -> Iterator[tuple[str, ...]]:
    """Every run of so many words."""
    return (tuple(found[at : at + RUN]) for at in range(len(found) - RUN + 1))


@cache
def not_ours() -> frozenset[tuple[str, ...]]:
    """The runs of the article, but for those within its quotations and its words of dates."""
    text = Text.read(ARTICLE).content
    quoted = [words(found.group()) for found in QUOTED.finditer(text)]
    allowed = {run for found in (*quoted, *dates()) for run in runs(found)}
    return frozenset(run for run in runs(words(text)) if run not in allowed)


def dates() -> Iterator[list[str]]:
    """The words in which the article writes its dates."""
    for folder in FOLDERS:
        for entry in read_bundle(folder).entries:
            yield words((entry.data.get("date") or {}).get("as_written") or "")
