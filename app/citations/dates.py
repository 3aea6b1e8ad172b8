"""Dates as citations write them, never more precise than they are known."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

PLAIN = re.compile(r"([0-9]{4})(?:-(0[1-9]|1[0-2]))?[?~%]?")


@dataclass(frozen=True)
class Date:
    """Year, month and day as far as they are known; two of these for what lasts."""

    parts: tuple[tuple[int, ...], ...] = ()
    circa: bool = False
    """Whether it is uncertain or approximate."""
    words: str | None = None
    """EDTF where there are parts, else what a source writes; None where nothing is known."""

    @staticmethod
    def of(item: Mapping[str, Any]) -> "Date":
        """That of a record, where it has one."""
        edtf, written = item.get("date_edtf"), item.get("date_as_written")
        start, end = item.get("date_start"), item.get("date_end")
        circa = (edtf or "")[-1:] in ("?", "~", "%")
        if start and end:
            days = (start,) if start == end else (start, end)
            return Date(tuple(map(_parts, days)), circa, edtf)
        if plain := PLAIN.fullmatch(edtf or ""):
            return Date((tuple(int(part) for part in plain.groups() if part),), circa, edtf)
        return Date((), False, written or edtf)

    @property
    def single(self) -> tuple[int, ...] | None:
        """The year, month or day that it surely is."""
        return self.parts[0] if len(self.parts) == 1 and not self.circa else None


UNKNOWN = Date()


def _parts(day: date) -> tuple[int, ...]:
    return (day.year, day.month, day.day)
