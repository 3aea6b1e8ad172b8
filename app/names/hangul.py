"""Hangul in Latin letters, by the Revised Romanization of Korean."""

import re

HANGUL = "\uac00-\ud7a3"
"""The syllables, as a regular expression has them between brackets."""
# Initials, vowels, finals as they are spoken at the end of a word and, before a vowel, what of a
# final stays and what passes on to it. Nothing between two blanks is no letter.
_FIRST, _VOWELS, _LAST, _LIAISON = (
    row.split(" ")
    for row in """\
g kk n d tt r m b pp s ss  j jj ch k t p h
a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i
 k k k n n n t l k m l l l p l m p p t t ng t t k t p t
- -g -kk k-s -n n-j -n -d -r l-g l-m l-b l-s l-t l-p -r -m -b p-s -s -ss ng- -j -ch -k -t -p -
""".splitlines()
)

_ASSIMILATED = tuple(
    (re.compile(pattern), to)
    for pattern, to in (
        (r"k\|(?=[nm])", "ng|"), (r"t\|(?=[nm])", "n|"), (r"p\|(?=[nm])", "m|"),
        (r"k\|r", "ng|n"), (r"p\|r", "m|n"), (r"(ng|m)\|r", r"\1|n"), (r"t\|r", "n|n"),
        (r"n\|r", "l|l"), (r"l\|[rn]", "l|l"),
    )
)  # fmt: skip
"""How consonants that meet change one another, `|` between their syllables."""


def syllables(text: str) -> list[str]:
    """Each syllable as it is written by itself, as in personal names: `조태열` is jo tae yeol."""
    return ["".join(_parts(one)) for one in text]


def spoken(text: str) -> str:
    """A word as it is spoken, its consonants assimilated: `독립` is dongnip."""
    sounds: list[str] = []
    for at, one in enumerate(text):
        first, vowel, last = _parts(one)
        followed = at + 1 < len(text) and _parts(text[at + 1])[0] == ""
        if followed and last:
            last, _, passed = _LIAISON[(ord(one) - 0xAC00) % 28].partition("-")
            sounds.append(f"{first}{vowel}{last}|{passed}")
        else:
            sounds.append(f"{first}{vowel}{last}|")
    whole = "".join(sounds)
    for pattern, to in _ASSIMILATED:
        whole = pattern.sub(to, whole)
    return whole.replace("|", "")


def _parts(syllable: str) -> tuple[str, str, str]:
    """The initial, the vowel and the final of a syllable, in Latin letters."""
    at = ord(syllable) - 0xAC00
    return _FIRST[at // 588], _VOWELS[at % 588 // 28], _LAST[at % 28]
