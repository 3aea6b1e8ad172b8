"""The terms under which names that are spelt otherwise, or sound alike, find one another."""

from collections.abc import Sequence

from app.names.spellings import joined, sound_keys, spellings

# Of the area for private use, as the sign of a name as a whole is: no word has them.
_SPELT = "\ue001"
_SOUNDING = "\ue002"


def stored(name: str, language: str | None = None, *, person: bool = False) -> Sequence[str]:
    """What a name is stored under beside its words."""
    spelt = spellings(name, language, person=person)
    return [*_spelt(spelt), *_sounding(sound_keys(name, language, person=person))]


def spelt(text: str) -> Sequence[str]:
    """What finds a name of which ``text`` is another spelling, its words joined or apart."""
    return _spelt(spellings(text))


def sounding(text: str) -> Sequence[str]:
    """What finds a name that sounds like ``text``."""
    return _sounding(sound_keys(text))


def _spelt(found: Sequence[str]) -> Sequence[str]:
    return list(dict.fromkeys(_SPELT + joined(one) for one in found))


def _sounding(keys: Sequence[str]) -> Sequence[str]:
    return [_SOUNDING + key for key in keys]
