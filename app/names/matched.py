"""The name by which a record was found, and where in it stands what was asked for."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import Field
from sqlmodel import col

from app.models import Name
from app.names import hangul
from app.names.finding import Hit
from app.names.keys import Asked
from app.names.spellings import joined, plain
from app.query import han
from app.query.context import Context
from app.query.many import is_one_of
from app.query.shape import Out

Range = Annotated[list[int], Field(min_length=2, max_length=2)]
_PARTLESS = f"{han.HAN}{hangul.HANGUL}"
_STARTS = re.compile(rf"[{_PARTLESS}]|[^\W{_PARTLESS}]+")


class Matched(Out):
    """The name by which a record was found."""

    text: str
    """The name as it is written, or the code of a country."""
    language: str | None
    """BCP 47; null of a code."""
    ranges: list[Range]
    """Start and end of what was asked for, in Unicode code points, the end exclusive. The whole
    name where it is found by another spelling, by its sound or with a typing mistake."""


def matched(context: Context, found: Sequence[tuple[Hit, Asked]]) -> list[dict[str, Any]]:
    """By what name each hit was found that asked for it."""
    query = sa.select(col(Name.record_id), col(Name.position), col(Name.text), col(Name.language))
    query = query.where(is_one_of(Name.record_id, {hit.record_id for hit, _ in found}))
    names = {(id, at): (text, language) for id, at, text, language in context.rows(query)}
    return [_matched(names.get((hit.record_id, hit.position)), asked) for hit, asked in found]


def _matched(name: tuple[str, str] | None, asked: Asked) -> dict[str, Any]:
    text, language = name or (asked.written.upper(), None)
    return {"text": text, "language": language, "ranges": [[*where(text, asked.written)]]}


def where(text: str, key: str) -> tuple[int, int]:
    """Where in a name a key of its plain form stands; all of it where it does not."""
    if not key or key not in joined(plain(text)):
        return 0, len(text)
    for start in (found.start() for found in _STARTS.finditer(text)):
        if joined(plain(text[start:])).startswith(key):
            # Few letters fold to several.
            for end in range(start + max(1, len(key) // 2), len(text) + 1):
                if joined(plain(text[start:end])) == key:
                    return start, end
    return 0, len(text)
