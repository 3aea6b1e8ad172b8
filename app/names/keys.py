"""The keys under which names are kept, and those under which they are looked for."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from app.models import Basis, KeyKind
from app.names import hangul, kana
from app.names.pieces import pieces
from app.names.spellings import joined, plain, sound, spellings
from app.query import han

LENGTH = 120
"""How much of a spelling is kept, in characters."""
STARTS = 12
"""So many words of a spelling are found by their beginning."""
END = "\U0010ffff"
"""Behind a key, it comes after all that begin with the key."""
_SOUND = "~"
"""What no key but that of a sound begins with."""
_PARTLESS = f"{han.HAN}{hangul.HANGUL}"
_WORD = re.compile(f"[{_PARTLESS}]|[{kana.KANA}]+|[^ {_PARTLESS}{kana.KANA}]+")


class Called(NamedTuple):
    """One name of a record."""

    text: str
    language: str | None
    """None of a code, which has but one spelling."""
    basis: Basis
    position: int | None
    """Where it stands among the names of the record."""


class Key(NamedTuple):
    """What a name is found under."""

    key: str
    kind: KeyKind
    basis: Basis
    position: int | None


def keys(names: Iterable[Called], *, person: bool, heard: bool) -> list[Key]:
    """The keys of a record's names, each once for each kind and basis, that of its first name.

    Names that are ``heard`` have sounds as well; those of topics and the like are words.
    """
    found: dict[tuple[str, KeyKind, Basis], Key] = {}
    for name in names:
        for key, kind in _of(name, person=person, heard=heard):
            found.setdefault((key, kind, name.basis), Key(key, kind, name.basis, name.position))
    return list(found.values())


def _of(name: Called, *, person: bool, heard: bool) -> Iterator[tuple[str, KeyKind]]:
    if name.language is None:
        yield joined(plain(name.text))[:LENGTH], KeyKind.code
        return
    own = plain(name.text)
    for spelling in spellings(name.text, name.language, person=person):
        whole = joined(spelling)[:LENGTH]
        yield whole, KeyKind.name if spelling == own else KeyKind.spelling
        yield from ((piece, KeyKind.piece) for piece in pieces(whole) if whole.isascii())
        if heard and (key := sound(spelling)):
            yield sound_key(key), KeyKind.sound
    # Turned round, a name has no words that it does not have as it is.
    for spelling in spellings(name.text, name.language):
        kind = KeyKind.word if spelling == own else KeyKind.part
        yield from ((start[:LENGTH], kind) for start in _starts(spelling))


def _starts(spelling: str) -> list[str]:
    """What follows from each later word on, and from each character where words are not parted."""
    words = _WORD.findall(spelling)[: STARTS + 1]
    rest = joined(spelling)
    return ["".join([*words[at:], rest[len("".join(words)) :]]) for at in range(1, len(words))]


def sound_key(sound: str) -> str:
    """The key of a sound."""
    return f"{_SOUND}{sound}"[:LENGTH]


@dataclass(frozen=True)
class Asked:
    """A name as somebody writes it who looks for what it names."""

    text: str

    @cached_property
    def written(self) -> str:
        """The key of what was written; empty where it has no letter."""
        return joined(plain(self.text))[:LENGTH]

    @cached_property
    def latin(self) -> Sequence[str]:
        """Its keys in Latin letters: what else may be written so."""
        found = (joined(one)[:LENGTH] for one in self._spellings[1:])
        return [key for key in dict.fromkeys(found) if key.isascii() and key != self.written]

    @cached_property
    def sounds(self) -> Sequence[str]:
        """The keys of what it sounds like."""
        found = dict.fromkeys(sound(one) for one in self._spellings)
        return [sound_key(one) for one in found if one]

    @cached_property
    def _spellings(self) -> Sequence[str]:
        return spellings(self.text)

    @cached_property
    def typed(self) -> Sequence[str]:
        """Its keys in which a mistake of typing may be."""
        return [key for key in (self.written, *self.latin) if key.isascii()]
