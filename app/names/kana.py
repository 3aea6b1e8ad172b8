"""Kana in Latin letters, by the Hepburn system, without marks of length."""

import re
import unicodedata
from functools import lru_cache

KANA = "\u3041-\u3096\u309d\u309e\u30a1-\u30fa\u30fc-\u30fe\u31f0-\u31ff"
"""The letters, as a regular expression has them between brackets."""

# From what Unicode calls the letters, in which `~` stands before small ones, to how Hepburn has it.
_RULES = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"si", "shi"), (r"ti", "chi"), (r"tu", "tsu"), (r"hu", "fu"), (r"zi", "ji"),
        (r"di", "ji"), (r"du", "zu"),
        (r"(?<=[sc]h)i~y([auo])", r"\1"), (r"ji~y([auo])", r"j\1"),
        (r"i~y([auo])", r"y\1"), (r"(?<=sh)i~e", "e"), (r"(?<=ch)i~e", "e"), (r"ji~e", "je"),
        (r"te~i", "ti"), (r"de~i", "di"), (r"to~u", "tu"), (r"do~u", "du"), (r"te~yu", "tyu"),
        (r"de~yu", "dyu"), (r"fu~([aieo])", r"f\1"), (r"vu~([aieo])", r"v\1"),
        (r"tsu~([aieo])", r"ts\1"), (r"([kg])u~w?a", r"\1wa"), (r"u~([ieo])", r"w\1"),
        (r"~tsu(?=ch)", "t"), (r"~tsu(?=([a-z]))", r"\1"), (r"~", ""),
    )
)  # fmt: skip


def latin(text: str) -> str:
    """Kana in Latin letters: `イワヤ` is iwaya."""
    found = "".join(map(_letter, text))
    for pattern, to in _RULES:
        found = pattern.sub(to, found)
    return found


@lru_cache(maxsize=512)
def _letter(character: str) -> str:
    """What Unicode calls a letter; nothing of marks of length and repetition."""
    name = unicodedata.name(character, "")
    kind, _, letter = name.partition(" LETTER ")
    if not kind.startswith(("HIRAGANA", "KATAKANA")) or not letter:
        return ""
    small = letter.startswith("SMALL ")
    return ("~" if small else "") + letter.split(" ")[-1].lower()
