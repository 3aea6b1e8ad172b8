"""Texts as XML 1.0 can hold them."""

import re

ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def legal(text: str) -> str:
    """A text without the characters that XML has no way to write."""
    return ILLEGAL.sub("", text)
