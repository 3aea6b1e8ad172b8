"""Usual titles and forms of address around a name, which are no part of it."""

import re

_BEFORE = (
    "mr", "mrs", "ms", "dr", "prof", "professor", "sir", "amb", "ambassador", "president",
    "minister", "foreign minister", "prime minister", "secretary of state", "h e",
    "his excellency", "her excellency",
)  # fmt: skip
_AFTER = (
    "氏",
    "様",
    "さん",
    "先生",
    "女士",
    "外长",
    "外長",
    "外相",
    "部长",
    "部長",
    "장관",
    "외교장관",
    "대통령",
    "씨",
)
_ENGLISH = re.compile(
    rf"\s*(?:(?:{'|'.join(one.replace(' ', r'[. ]+') for one in _BEFORE)})(?:\.\s*|\s+))+",
    re.IGNORECASE,
)
_BRACKETS = re.compile(r"\s*[(（][^()（）]*[)）]\s*$")
_BEHIND = re.compile(rf"(?<=\w\w)\s*(?:{'|'.join(sorted(_AFTER, key=len, reverse=True))})\s*$")


def untitled(text: str) -> str:
    """A name without titles before and behind it, and without what stands in brackets behind."""
    found = _BRACKETS.sub("", text)
    start = _ENGLISH.match(found)
    return _BEHIND.sub("", found[start.end() :] if start else found).strip()
