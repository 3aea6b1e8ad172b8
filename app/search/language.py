"""What the text of a search asks: words, phrases, beginnings, what is left out, and filters.

Any text asks something. What looks like a sign and is none is a word, or nothing.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.errors import refused
from app.query import parse
from app.query.highlights import LookedFor
from app.query.terms import apart, is_run, query_terms, tokens

TEXT_AT_MOST = 10_000
TERMS_AT_MOST = 256
PHRASES_AT_MOST = 16
"""How many phrases, beginnings and exclusions of each kind: each is looked for by itself."""
PREFIX_AT_LEAST = 2
"""How many letters of a word's beginning lead to few enough words."""

FILTERS = ("speaker", "topic", "country")
"""What may stand before a colon: filters of collections, by their names there."""

_QUOTES = '"\u201c\u201d\u201e\uff02'
_PART = re.compile(
    rf"(?<!\S)(?P<out>-)?(?:(?P<filter>{'|'.join(FILTERS)})[:\uff1a])?"
    rf"(?:[{_QUOTES}](?P<quoted>[^{_QUOTES}]*)[{_QUOTES}](?!\S)|(?P<plain>\S+))",
    re.IGNORECASE,
)

STARS = ("*", "\uff0a")

Phrase = tuple[str, ...]
"""Tokens that stand one after another."""


@dataclass(frozen=True)
class Sought:
    """What a search asks, taken apart."""

    text: str = ""
    """The words that are asked for, as they were written."""
    words: list[str] = field(default_factory=list)
    """A run without spaces is one."""
    phrases: list[Phrase] = field(default_factory=list)
    prefixes: list[str] = field(default_factory=list)
    excluded: list[Phrase] = field(default_factory=list)
    """Words and phrases that are not to be there."""
    excluded_prefixes: list[str] = field(default_factory=list)
    filters: dict[str, list[str]] = field(default_factory=dict)
    """The values of each filter, as its own parameter takes them."""

    @property
    def positive(self) -> bool:
        """Whether any word is asked for."""
        return bool(self.words or self.phrases or self.prefixes)

    @property
    def plain(self) -> bool:
        """Whether words alone are asked for, as a name would be."""
        others = (self.phrases, self.prefixes, self.excluded, self.excluded_prefixes, self.filters)
        return not any(others)

    @property
    def terms(self) -> list[str]:
        """The terms that every record that is found holds, beginnings aside."""
        return terms_of([tuple(self.words), *self.phrases])

    @property
    def looked_for(self) -> LookedFor:
        """What is marked in what is found."""
        phrases = tuple(tuple(apart(phrase)) for phrase in self.phrases)
        return LookedFor(frozenset(terms_of([tuple(self.words)])), tuple(self.prefixes), phrases)


def terms_of(phrases: Iterable[Phrase]) -> list[str]:
    """The terms of words and phrases, each once."""
    found = (term for phrase in phrases for token in phrase for term in query_terms(token))
    return list(dict.fromkeys(found))


def sought(text: str) -> Sought:
    """What a text asks. Raises what a validator does where it asks for too much."""
    found = Sought()
    written: list[str] = []
    for part in _PART.finditer(text):
        name, value = part["filter"], _value(part)
        asked = _asked(value) if name else []
        if asked:
            some = found.filters.setdefault(name.lower(), [])
            some += [_turned(each) for each in asked] if part["out"] else asked
        else:
            # Without a value it is a word like any other.
            written += _add(found, part, value if not name else f"{name} {value}")
    _check(found)
    return Sought(**{**vars(found), "text": " ".join(written)})


def _value(part: re.Match[str]) -> str:
    quoted: str | None = part["quoted"]
    return part["plain"] if quoted is None else quoted.strip()


def _asked(value: str) -> list[str]:
    """What stands behind the colon, as parameters of lists take it; nothing where it names none."""
    values = (each.strip(f" {_QUOTES}") for each in value.split(","))
    named = [each for each in values if tokens(each)]
    return parse.terms([",".join(named)]) if named else []


def _turned(value: str) -> str:
    """A value that is left out where the other one is asked for, and the other way round."""
    return value[1:] if value.startswith("!") else f"!{value}"


def _add(found: Sought, part: re.Match[str], text: str) -> Iterator[str]:
    """Add words to what is sought; what of them could be a name is told."""
    quoted = part["quoted"] is not None and not part["filter"]
    beginning = "" if quoted else _beginning(text)
    before = tokens(text)[: -1 if beginning else None]
    if part["out"]:
        # Of several words together the last is no beginning: they are left out as a phrase.
        _once(found.excluded, tuple(tokens(text) if before else ()))
        _once(found.excluded_prefixes, "" if before else beginning)
        return
    if quoted:
        _once(found.phrases, tuple(before))
    else:
        for token in before:
            _once(found.words, token)
        _once(found.prefixes, beginning)
    yield text


def _beginning(text: str) -> str:
    """The beginning of a word that ends with a star; nothing where it begins too many."""
    if not text.endswith(STARS):
        return ""
    last = tokens(text)[-1:]
    ends = last and text.rstrip("".join(STARS))[-1:].isalnum()
    return last[0] if ends and len(last[0]) >= PREFIX_AT_LEAST and not is_run(last[0]) else ""


def _once(into: list[Any], one: Phrase | str) -> None:
    if one and one not in into:
        into.append(one)


def _check(found: Sought) -> None:
    """Refuse what would take too long to look for."""
    number = len(found.terms) + len(terms_of(found.excluded)) + len(found.prefixes)
    if number > TERMS_AT_MOST:
        detail = f"A search has at most {TERMS_AT_MOST} words or pairs of characters here."
        raise refused("too_long", detail)
    for some in (found.phrases, found.prefixes, found.excluded, found.excluded_prefixes):
        if len(some) > PHRASES_AT_MOST:
            detail = f"A search has at most {PHRASES_AT_MOST} phrases, beginnings or exclusions."
            raise refused("too_many_values", detail)


def check(value: str) -> str:
    """The text of a search, which is no longer than can be looked for."""
    found = parse.cleaned(value)
    if not found:
        raise refused("empty_value", "There is nothing to look for: give a word or a name.")
    if len(found) > TEXT_AT_MOST:
        raise refused("too_long", f"A search has at most {TEXT_AT_MOST} characters here.")
    sought(found)
    return found
