"""A source's text: its paragraphs, its sentences, and the offsets that point into them.

The segmentation is part of the bundle format: sealed locators name a paragraph and a sentence, so
a change of these rules is a change of the format.

Reading
    The file is UTF-8 and is taken as it is: line ends are kept, a byte order mark is an ordinary
    first character (it counts, and stands outside every sentence), nothing is normalised.

Paragraphs
    A line ends at LF, CRLF or CR. Each line that holds more than blanks is a paragraph; they are
    numbered from 1. A blank is a white-space character or a byte order mark.

Sentences
    Numbered from 1 within their paragraph, without surrounding blanks. Together they cover every
    character that is not a blank. A sentence ends with its paragraph, and

    1. after a run of `. ! ? … ؟ ۔ ।` and any closing marks (quotation marks and brackets), where
       white space follows and then an opening: an upper-case letter, a letter of a script without
       case, a digit, an opening quotation mark or bracket;
    2. after a run of `。 ！ ？ ｡` and any closing marks, at once, unless what follows is a comma or
       the like, or closing marks were passed and Hiragana follows (`「…。」と述べた` goes on).

    A single `.` after which no quotation mark closes does not end a sentence when it stands after

    - an initial or initialism in upper case: `J.`, `U.S.`, `U.K.` (also where a sentence ends so);
    - a title or an abbreviation that something always follows: see `ABBREVIATIONS`;
    - an abbreviation that a number follows: see `NUMBERED`, as in `No. 5`.

    Nothing without a letter is a sentence of its own: `1. Trade` is one. A decimal point, an
    address or `...` before a lower-case letter ends nothing, by rule 1.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from itertools import accumulate
from pathlib import Path

ABBREVIATIONS = {
    "mr", "mrs", "ms", "mx", "messrs", "mme", "dr", "prof", "rev", "hon", "gov", "amb", "sen",
    "rep", "gen", "lt", "col", "maj", "capt", "cmdr", "adm", "sgt", "st", "mt", "ph.d",
    "vs", "cf", "viz", "approx", "ca", "e.g", "i.e",
}  # fmt: skip
NUMBERED = {
    "no", "nos", "art", "arts", "sec", "para", "paras", "p", "pp", "vol", "ch", "fig",
}  # fmt: skip

_LINE = re.compile(r"[^\r\n]+")
_CLOSING = "\"'”’»›)]}）］｝」』】》〉〕"
_END = re.compile(
    rf"(?:(?P<marks>[.!?…؟۔।]+)(?P<closing>[{re.escape(_CLOSING)}]*)\s+(?=\S)"
    rf"|[。！？｡]+(?P<cjk>[{re.escape(_CLOSING)}]*))"
)
_GOES_ON = re.compile(r"\s*[、，,；;：:。！？｡]")
_HIRAGANA = re.compile(r"\s*[\u3041-\u309f]")
_BRACKETS = frozenset(")]}）］｝")
_TOKEN = re.compile(r"[\w.]*$")
_BLANKS = re.compile(r"[\s\ufeff]*")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: paragraph and sentence from 1, start and end (exclusive) in code points."""

    paragraph: int
    sentence: int
    start: int
    end: int


@dataclass(frozen=True)
class Text:
    """A source's text, with what locators need to know of it.

    `content` is the exact text; it must be encodable as UTF-8 (no lone surrogates).
    """

    content: str

    @classmethod
    def read(cls, path: Path) -> "Text":
        """Read a UTF-8 file, every character as it is.

        Raises OSError, and UnicodeDecodeError (a ValueError) where the bytes are not UTF-8.
        """
        return cls(path.read_bytes().decode("utf-8"))

    def __len__(self) -> int:
        """Number of code points."""
        return len(self.content)

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence, in order."""
        return tuple(_sentences(self.content))

    @cached_property
    def data(self) -> bytes:
        """The text as UTF-8."""
        return self.content.encode("utf-8")

    @cached_property
    def utf8_offsets(self) -> tuple[int, ...]:
        """For each code point offset, the end included, the offset in UTF-8 bytes."""
        return tuple(accumulate((_utf8_length(c) for c in self.content), initial=0))

    @cached_property
    def utf16_offsets(self) -> tuple[int, ...]:
        """For each code point offset, the end included, the offset in UTF-16 code units."""
        return tuple(accumulate((1 + (c > "\uffff") for c in self.content), initial=0))

    def sha256(self, start: int = 0, end: int | None = None) -> str:
        """Lower-case hex SHA-256 of the UTF-8 bytes of code points start to end (exclusive)."""
        at = self.utf8_offsets
        return sha256(self.data[at[start] : at[len(self) if end is None else end]]).hexdigest()

    def sentence_at(self, offset: int) -> Sentence:
        """The sentence that the code point at `offset` lies in, or else the last before it.

        Raises ValueError where no sentence begins at or before the offset.
        """
        index = bisect_right(self._starts, offset)
        if not index:
            raise ValueError(f"no sentence begins at or before character {offset}")
        return self.sentences[index - 1]

    def find_sentence(self, paragraph: int, sentence: int) -> Sentence | None:
        """The sentence with these numbers (from 1), or None."""
        return self._by_number.get((paragraph, sentence))

    @cached_property
    def _starts(self) -> list[int]:
        return [each.start for each in self.sentences]

    @cached_property
    def _by_number(self) -> dict[tuple[int, int], Sentence]:
        return {(each.paragraph, each.sentence): each for each in self.sentences}


def _utf8_length(character: str) -> int:
    if character < "\x80":
        return 1
    if character < "\u0800":
        return 2
    return 3 if character < "\U00010000" else 4


def _sentences(content: str) -> Iterator[Sentence]:
    paragraph = 0
    for line in _LINE.finditer(content):
        start, end = _trim(content, line.start(), line.end())
        if start == end:
            continue
        paragraph += 1
        for number, (first, last) in enumerate(_split(content, start, end), 1):
            yield Sentence(paragraph, number, first, last)


def _trim(content: str, start: int, end: int) -> tuple[int, int]:
    while start < end and _blank(content[start]):
        start += 1
    while end > start and _blank(content[end - 1]):
        end -= 1
    return start, end


def _blank(character: str) -> bool:
    return character.isspace() or character == "\ufeff"


def _split(content: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence of a paragraph that runs from start to end."""
    for match in _END.finditer(content, start, end):
        if match.end() >= end or not _ends(content, start, match):
            continue
        yield _trim(content, start, match.end())
        blanks = _BLANKS.match(content, match.end(), end)
        start = blanks.end() if blanks else match.end()
    yield start, end


def _ends(content: str, start: int, match: re.Match[str]) -> bool:
    """Whether a sentence that began at start ends with the marks that matched."""
    if not any(c.isalpha() for c in content[start : match.start()]):
        return False
    if match["marks"] is None:
        return not _continues(content, match)
    return _opens(content[match.end()]) and not _abbreviated(content, start, match)


def _continues(content: str, match: re.Match[str]) -> bool:
    if _GOES_ON.match(content, match.end()):
        return True
    return bool(match["cjk"]) and _HIRAGANA.match(content, match.end()) is not None


def _opens(character: str) -> bool:
    kinds = {"Lu", "Lt", "Lo", "Nd", "Ps", "Pi"}
    return unicodedata.category(character) in kinds or character in "\"'¿¡"


def _abbreviated(content: str, start: int, match: re.Match[str]) -> bool:
    if match["marks"] != "." or not _BRACKETS.issuperset(match["closing"]):
        return False
    found = _TOKEN.search(content[start : match.start()])
    token = found.group() if found else ""
    if token.isupper() and all(len(part) == 1 for part in token.split(".")):
        return True
    if token.lower() in ABBREVIATIONS:
        return True
    return token.lower() in NUMBERED and content[match.end()].isdigit()
