"""Dates as citations write them, never more precise than they are known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from app.resources.common import is_unsure

PLAIN = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2])(?:-([0-9]{2}))?)?[?~%]?")


@dataclass(frozen=True)
class Date:
    """Year, month and day as far as they are known; two of these for what lasts."""

    parts: tuple[tuple[int, ...], ...] = ()
    circa: bool = False
    """Whether any part of it is uncertain or approximate."""
    words: str | None = None
    """EDTF where there are parts, else what a source writes; None where nothing is known."""

    @staticmethod
    def of(item: Mapping[str, Any]) -> "Date":
        """That of a record, where it has one."""
        edtf, written = item.get("date_edtf"), item.get("date_as_written")
        start, end = item.get("date_start"), item.get("date_end")
        circa = is_unsure(edtf)
        if start and end:
            days = (start,) if start == end else (start, end)
            return Date(tuple(map(_parts, days)), circa, edtf)
        if ends := _ends(edtf or ""):
            return Date(ends, circa, edtf)
        return Date((), circa, written or edtf)

    @property
    def single(self) -> tuple[int, ...] | None:
        """The year, month or day that it surely is."""
        return self.parts[0] if len(self.parts) == 1 and not self.circa else None


UNKNOWN = Date()


def _ends(edtf: str) -> tuple[tuple[int, ...], ...]:
    """What a date names, if it is a year, a month or a day, or goes from one day to another."""
    ends = [PLAIN.fullmatch(end) for end in edtf.split("/")]
    found = tuple(tuple(int(part) for part in end.groups() if part) for end in ends if end)
    whole = len(found) == len(ends) and (len(found) == 1 or {*map(len, found)} == {3})
    return found if whole else ()


def _parts(day: date) -> tuple[int, ...]:
    return (day.year, day.month, day.day)
