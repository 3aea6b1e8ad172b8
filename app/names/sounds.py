"""What a romanised name sounds like: a key under which the usual systems meet."""

import re

# Each rule follows those above it. First what Wade and Giles, McCune and Reischauer, Kunrei and
# newspapers write for one another, then voiced and unvoiced consonants, then vowels.
_SPELT = (
    ("tzu", "zi"), ("szu", "si"), ("ssu", "si"), ("tch", "ch"), ("park", "pak"),
    ("hs", "s"), ("sz", "s"), ("sh", "s"), ("x", "s"), ("ck", "k"), ("ts", "z"), ("tz", "z"),
    ("zh", "j"), ("ch", "j"), ("q", "j"), ("c", "z"), ("wh", "hw"),
    ("b", "p"), ("d", "t"), ("g", "k"), ("mp", "np"),
    ("yeo", "yo"), ("eo", "o"), ("eu", "u"), ("oo", "u"), ("uei", "ui"), ("ien", "ian"),
    ("yen", "yan"), ("oi", "oe"), ("uo", "o"), ("ou", "o"), ("yi", "i"),
)  # fmt: skip
# An h that only lengthens its vowel; u where it closes a syllable, for which u, eo and o are
# written; a letter that is doubled.
_HEARD = (
    (re.compile(r"(?<=[aeiou])h(?![aeiouyw])"), ""),
    (re.compile(r"u(?=[nlkmpt](?![aeiou]))"), "o"),
    (re.compile(r"(.)\1+"), r"\1"),
)
_LATIN = re.compile(r"[a-z0-9]+")

SHORTEST = 3
"""A key of fewer letters says too little, and is none."""


def sound(letters: str) -> str | None:
    """The key of a name in small Latin letters without blanks; None where it has none."""
    if not _LATIN.fullmatch(letters):
        return None
    found = letters
    for written, to in _SPELT:
        found = found.replace(written, to)
    for pattern, heard in _HEARD:
        found = pattern.sub(heard, found)
    return found if len(found) >= SHORTEST else None
