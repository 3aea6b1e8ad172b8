"""Locators: where a passage stands in a text, and whether it still stands there.

A passage is a run of characters within one sentence, without surrounding blanks. A locator names
it by its numbers, its offsets and its SHA-256, and holds none of its words. The rules of paragraphs
and sentences are those of `seeds.text`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any

from seeds.text import Sentence, Text


@dataclass(frozen=True, slots=True)
class Position:
    """A place between two characters, counted from the start of the text in three units."""

    code_point: int
    utf16: int
    utf8: int


@dataclass(frozen=True, slots=True)
class Locator:
    """Where a passage stands: numbers from 1, end exclusive, SHA-256 of its UTF-8 in hex."""

    paragraph: int
    sentence: int
    start: Position
    end: Position
    sha256: str

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> "Locator":
        """The locator that a sealed piece of evidence holds, as bundles write it.

        Raises ValueError where anything is absent or of the wrong form.
        """
        return cls(
            _number(data, "paragraph"),
            _number(data, "sentence"),
            _position(data, "start"),
            _position(data, "end"),
            _digest(data),
        )

    def to_data(self) -> dict[str, Any]:
        """The locator as bundles write it; `start` and `end` are [code point, UTF-16, UTF-8]."""
        return {
            "paragraph": self.paragraph,
            "sentence": self.sentence,
            "start": [self.start.code_point, self.start.utf16, self.start.utf8],
            "end": [self.end.code_point, self.end.utf16, self.end.utf8],
            "sha256": self.sha256,
        }

    @property
    def length(self) -> int:
        """Number of code points."""
        return self.end.code_point - self.start.code_point

    def __str__(self) -> str:
        start, end = self.start.code_point, self.end.code_point
        return f"paragraph {self.paragraph}, sentence {self.sentence}, characters {start} to {end}"


class LocateError(ValueError):
    """A passage that cannot be tied to one place in a text."""


class NotFoundError(LocateError):
    """The words do not occur where they were looked for."""


class AmbiguousError(LocateError):
    """The words occur more than once; `places` holds each."""

    def __init__(self, places: Sequence[Locator]) -> None:
        where = "; ".join(map(str, places))
        super().__init__(
            f"the words occur {len(places)} times ({where}): "
            "quote more of the passage, or name its paragraph and sentence"
        )
        self.places = tuple(places)


class CrossesSentenceError(LocateError):
    """The words run over the end of a sentence."""


class Status(StrEnum):
    """What became of a passage; `check` says when each holds."""

    exact = "exact"
    moved = "moved"
    drifted = "drifted"
    missing = "missing"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A status and, where the passage stands elsewhere, each place in the order of the text."""

    status: Status
    places: tuple[Locator, ...] = ()

    def __str__(self) -> str:
        match self.status:
            case Status.exact:
                return "exact"
            case Status.moved if len(self.places) > 1:
                where = "; ".join(map(str, self.places))
                return f"moved: the same passage now stands in {len(self.places)} places: {where}"
            case Status.moved:
                return f"moved: the same passage now stands in {self.places[0]}"
            case Status.drifted:
                return "drifted: the sentence is there and no longer holds this passage"
            case Status.missing:
                return "missing: neither the passage nor a sentence of that number is there"


def locate(
    text: Text, words: str, *, paragraph: int | None = None, sentence: int | None = None
) -> Locator:
    """The one place where a passage's exact words stand, surrounding blanks aside.

    `paragraph` and `sentence` (from 1) narrow the search to where the words begin. Raises
    NotFoundError, AmbiguousError or CrossesSentenceError; never settles for words that only look
    alike, though the message names them.
    """
    words = words.strip()
    if not words:
        raise NotFoundError("there are no words to look for")
    everywhere = [_place(text, at, at + len(words)) for at in _occurrences(text.content, words)]
    found = [each for each in everywhere if _fits(each, paragraph, sentence)]
    if not found:
        raise NotFoundError(_hint(text, words, everywhere))
    if len(found) > 1:
        raise AmbiguousError(found)
    if text.sentence_at(found[0].start.code_point).end < found[0].end.code_point:
        raise CrossesSentenceError(
            f"the words run over the end of a sentence ({found[0]}): cite the sentences apart"
        )
    return found[0]


def check(text: Text, locator: Locator) -> Verdict:
    """What became of one passage.

    exact
        the characters between the offsets have the digest, the offsets agree in all three units,
        and they lie in the sentence that the locator names.
    moved
        not exact, and the same passage (length in code points and digest) stands within a sentence
        somewhere: `places` holds every such place, and choosing one is left to people.
    drifted
        the same passage stands nowhere, and the text still has a paragraph and a sentence of
        these numbers: the words there were changed.
    missing
        the same passage stands nowhere, nor has the text such a paragraph and sentence.
    """
    return check_all(text, [locator])[0]


def check_all(text: Text, locators: Sequence[Locator]) -> list[Verdict]:
    """`check` of each locator, in order, looking through the text once per length of passage."""
    lost = {each for each in locators if not _stands(text, each)}
    places = _search(text, lost)
    return [_verdict(text, each, places) if each in lost else EXACT for each in locators]


EXACT = Verdict(Status.exact)


def _verdict(
    text: Text, locator: Locator, places: Mapping[tuple[int, str], list[Locator]]
) -> Verdict:
    found = places.get((locator.length, locator.sha256))
    if found:
        return Verdict(Status.moved, tuple(found))
    if text.find_sentence(locator.paragraph, locator.sentence):
        return Verdict(Status.drifted)
    return Verdict(Status.missing)


def _stands(text: Text, locator: Locator) -> bool:
    """Whether a locator is exact."""
    start, end = locator.start.code_point, locator.end.code_point
    inside = text.find_sentence(locator.paragraph, locator.sentence)
    if inside is None or not inside.start <= start < end <= inside.end:
        return False
    return _place(text, start, end) == locator


def _search(text: Text, locators: Iterable[Locator]) -> dict[tuple[int, str], list[Locator]]:
    """Every place of each passage, by length and digest."""
    wanted: dict[int, set[bytes]] = defaultdict(set)
    for each in locators:
        wanted[each.length].add(bytes.fromhex(each.sha256))
    places: dict[tuple[int, str], list[Locator]] = defaultdict(list)
    for length, digests in wanted.items():
        for start in _windows(text, length, digests):
            place = _place(text, start, start + length)
            places[length, place.sha256].append(place)
    return places


def _windows(text: Text, length: int, digests: set[bytes]) -> Iterator[int]:
    """Starts of the passages of this length, within one sentence, that have one of the digests."""
    data, at, content = text.data, text.utf8_offsets, text.content
    blank = [character.isspace() for character in content]
    for each in text.sentences if length > 0 else ():
        for start in range(each.start, each.end - length + 1):
            end = start + length
            if blank[start] or blank[end - 1]:
                continue
            if sha256(data[at[start] : at[end]]).digest() in digests:
                yield start


def _place(text: Text, start: int, end: int) -> Locator:
    inside = text.sentence_at(start)
    return Locator(
        inside.paragraph,
        inside.sentence,
        _convert(text, start),
        _convert(text, end),
        text.sha256(start, end),
    )


def _convert(text: Text, offset: int) -> Position:
    return Position(offset, text.utf16_offsets[offset], text.utf8_offsets[offset])


def _occurrences(content: str, words: str) -> Iterator[int]:
    """Where the words begin, overlapping occurrences included."""
    at = content.find(words)
    while at >= 0:
        yield at
        at = content.find(words, at + 1)


def _fits(place: Locator | Sentence, paragraph: int | None, sentence: int | None) -> bool:
    return paragraph in (None, place.paragraph) and sentence in (None, place.sentence)


_LOOKALIKES = ("'’‘ʼ＇", '"“”„＂', "-‐‑–—")


def _hint(text: Text, words: str, elsewhere: Sequence[Locator]) -> str:
    if elsewhere:
        return f"the words occur only elsewhere: {'; '.join(map(str, elsewhere))}"
    alike = re.search("".join(_alike(words)), text.content, re.IGNORECASE)
    if alike is None:
        return "the words do not occur in the text"
    return (
        "the words do not occur in the text; what differs only in quotation marks, dashes, white "
        f"space or case stands in {_place(text, *alike.span())}: copy the words from there"
    )


def _alike(words: str) -> Iterator[str]:
    """A pattern, piece by piece, of what differs in nothing but typography."""
    for piece in re.findall(r"\s+|\S", words):
        same = next((each for each in _LOOKALIKES if piece in each), None)
        if piece.isspace():
            yield r"\s+"
        else:
            yield f"[{re.escape(same)}]" if same else re.escape(piece)


def _number(data: Mapping[str, Any], name: str) -> int:
    value = data.get(name)
    if type(value) is not int or value < 1:
        raise ValueError(f"{name} must be a whole number from 1")
    return value


def _position(data: Mapping[str, Any], name: str) -> Position:
    value = data.get(name)
    if not isinstance(value, list) or len(value) != 3:
        raise ValueError(f"{name} must be [code point, UTF-16, UTF-8]")
    if any(type(each) is not int or each < 0 for each in value):
        raise ValueError(f"{name} must hold whole numbers from 0")
    return Position(*value)


def _digest(data: Mapping[str, Any]) -> str:
    value = data.get("sha256")
    if not isinstance(value, str) or not re.fullmatch("[0-9a-f]{64}", value):
        raise ValueError("sha256 must be 64 lower-case hex digits")
    return value
