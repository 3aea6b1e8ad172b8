"""The words of a document in their order, as one text: what stands in it is found by looking.

A phrase is a part of that text, so that it is found as exactly on every database, and in Python.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import NamedTuple

from app.query.terms import apart, tokens

END = "."
"""Between two texts; no word has it."""
BETWEEN = "|"
"""Between two sections."""


class Section(IntEnum):
    """What a document holds, in the order in which its words are kept."""

    names = 0
    said = 1
    others = 2
    """The names of what it refers to."""


class Sections(NamedTuple):
    """The words of a document, by section."""

    names: str
    said: str
    others: str


def sequence(texts: Mapping[Section, Sequence[str]]) -> str:
    """The words of some texts in their order; nothing where there are none."""
    sections = [f" {END} ".join(" ".join(each) for each in _worded(texts, one)) for one in Section]
    return f" {f' {BETWEEN} '.join(sections)} " if any(sections) else ""


def _worded(texts: Mapping[Section, Sequence[str]], section: Section) -> Sequence[list[str]]:
    found = (apart(tokens(text)) for text in texts.get(section, ()))
    return [each for each in found if each]


def needle(phrase: Sequence[str]) -> str:
    """What stands in a sequence where these tokens stand in it one after another."""
    return f" {' '.join(apart(phrase))} "


def parted(kept: str) -> Sections:
    """A sequence, of which the end may be cut off, by its sections, each between blanks."""
    parts = [*kept.split(BETWEEN), "", ""]
    return Sections(*parts[: len(Section)])
