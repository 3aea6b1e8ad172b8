"""The words by which a text is found, in every script; the same for what is stored and asked."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from unicodedata import category, combining, normalize

from app.query.han import unified

LENGTH = 64
"""The longest term, in characters; longer words are cut on both sides alike."""

WHOLE = 256
"""How much of a name is compared where a name is asked for as a whole, in characters."""
ALL = ""
"""What stands for all documents where it is told in how many each term stands."""

SPELT = 3, 24
"""From how many letters, and up to how many, a word can be misspelt."""
# No word has it: of the area for private use.
_BOUND = "\ue000"

# Scripts written without spaces between words: Han, Kana, Bopomofo and Hangul, with their marks of
# repetition, length and voicing, without the middle dot, which separates.
_CJK = (
    r"\u1100-\u11ff\u3005-\u3007\u3031-\u3035\u303b\u3041-\u3096\u3099\u309a\u309d-\u309f"
    r"\u30a1-\u30fa\u30fc-\u30ff\u3105-\u312f\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\ua960-\ua97c"
    r"\uac00-\ud7fb\uf900-\ufaff\U0001aff0-\U0001b16f\U00020000-\U0003fffd"
)
# Vowel signs and the like, without which words of many scripts would fall apart.
_MARKS = "".join(c for c in map(chr, range(0x0300, 0x1C00)) if category(c)[0] == "M")
_TOKEN = re.compile(rf"(?P<run>[{_CJK}]+)|(?:(?![{_CJK}])[^\W_]|[{_MARKS}])+")
_RUN = re.compile(f"[{_CJK}]")
_INITIALS = re.compile(r"\b([a-z])\.(?=[a-z]\b)")

# Canonical combining classes of marks that make another letter, where an accent only colours one:
# none, nukta, the voicing of kana (か is not が), virama.
_ESSENTIAL = frozenset({0, 7, 8, 9})
_ACCENTS = re.compile(f"[{''.join(c for c in _MARKS if combining(c) not in _ESSENTIAL)}]+")

# What nobody sees within a word: soft hyphens, joiners, marks of direction, variation selectors.
_UNSEEN = (
    r"\u00ad\u034f\u061c\u180b-\u180f\u200c-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    r"\U000e0000-\U000e0fff"
)
_IGNORED = re.compile(f"[{_UNSEEN}]+")


def terms(text: str) -> list[str]:
    """What a text is stored under: its words, and each character and pair of a run without spaces.

    Each term once, in order of appearance, folded, at most ``LENGTH`` characters long.
    """
    return list(dict.fromkeys(_terms(text, singles=True)))


def query_terms(text: str) -> list[str]:
    """What a question looks for: the same, but pairs alone where a run has two or more characters.

    A text that holds the words of the question has all of these among its ``terms``.
    """
    return list(dict.fromkeys(_terms(text, singles=False)))


def tokens(text: str) -> list[str]:
    """The words of a text in their order, folded; a run without spaces is one."""
    found = _TOKEN.finditer(_plain(fold(text)))
    return [token["run"] or token[0][:LENGTH] for token in found]


def apart(some: Iterable[str]) -> list[str]:
    """Tokens one after another, each character of a run by itself."""
    return [word for token in some for word in (token if is_run(token) else (token,))]


def fold(text: str) -> str:
    """A text without differences of case, width and accent: `Zürich` is `zurich`, `ｶﾞ` is `ガ`.

    What nobody sees within a word, such as a soft hyphen, is left out.
    """
    if text.isascii():
        return text.casefold()
    text = _IGNORED.sub("", text)
    folded = normalize("NFKC", normalize("NFKC", text).casefold())
    return normalize("NFC", _ACCENTS.sub("", normalize("NFD", folded)))


def whole(text: str) -> str | None:
    """The term under which a name is stored as a whole; None where it has no words.

    It is like no term of a word, and the same for names that differ in punctuation alone.
    """
    found = words(text)
    return "".join(_BOUND + word for word in found)[:WHOLE] if found else None


def words(text: str) -> list[str]:
    """The folded words of a text and its runs without spaces, in order, whole."""
    return [token[0] for token in _TOKEN.finditer(_plain(fold(text)))]


def is_whole(term: str) -> bool:
    """Whether a term is that of a name as a whole."""
    return term.startswith(_BOUND)


def is_run(text: str) -> bool:
    """Whether a text begins as one that is written without spaces between words."""
    return bool(_RUN.match(text))


def is_word(term: str) -> bool:
    """Whether a term is that of a word or a part of a run, and of nothing as a whole."""
    return not "\ue000" <= term[:1] <= "\uf8ff"


def spelling_keys(word: str) -> list[str]:
    """What a word becomes where no letter or one is left out; nothing of what is not spelt so.

    Two words that differ by one letter left out, put in, or in the place of another, or by two
    that changed places, have one of these in common.
    """
    if not SPELT[0] <= len(word) <= SPELT[1] or not word.isalpha() or _RUN.match(word):
        return []
    return list(dict.fromkeys([word, *(word[:at] + word[at + 1 :] for at in range(len(word)))]))


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Each of the ``terms`` with each place where it stands in the text, its end exclusive.

    A word stands there whole. What folds to several terms, such as a ligature, has the place of
    all of them.
    """
    folded, places = _folded(text)
    dots = [found.start() + 1 for found in _INITIALS.finditer(folded)]
    for dot in reversed(dots):
        del places[dot]
    for token in _TOKEN.finditer(_plain(folded)):
        for term, start, end in _pieces(token):
            yield term, places[start][0], places[end - 1][1]


def _plain(folded: str) -> str:
    """Initials without their dots, and Chinese characters in one form each."""
    return unified(_INITIALS.sub(r"\1", folded))


def _terms(text: str, *, singles: bool) -> Iterator[str]:
    for token in _TOKEN.finditer(_plain(fold(text))):
        run = token["run"]
        if run is None:
            yield token[0][:LENGTH]
            continue
        if singles or len(run) == 1:
            yield from run
        yield from map("".join, pairwise(run))


def _pieces(token: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """The terms of a token with their places in the folded text."""
    start, end = token.span()
    if token["run"] is None:
        yield token[0][:LENGTH], start, end
        return
    for length in (1, 2):
        for at in range(start, end - length + 1):
            yield token.string[at : at + length], at, at + length


# ------------------------------------------------------------------- places in a text


def _folded(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The folded text, and for each of its characters from where to where it was in the text."""
    if text.isascii():
        return fold(text), [(at, at + 1) for at in range(len(text))]
    folded: list[str] = []
    places: list[tuple[int, int]] = []
    for start, end in _clusters(text):
        characters = _fold_cluster(text[start:end])
        folded.append(characters)
        places += [(start, end)] * len(characters)
    return "".join(folded), places


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    """The parts of a text that can be folded each by itself."""
    start = 0
    for at in range(1, len(text)):
        if not _continues(text[at]):
            yield start, at
            start = at
    yield start, len(text)


@lru_cache(maxsize=1 << 14)
def _continues(character: str) -> bool:
    """Whether a character may change, or be changed by, what stands before it."""
    first = normalize("NFKD", character)[0]
    joins = category(first)[0] == "M" or "\u1160" <= first <= "\u11ff"
    return joins or bool(_IGNORED.match(character))


@lru_cache(maxsize=1 << 14)
def _fold_cluster(cluster: str) -> str:
    return fold(cluster)
