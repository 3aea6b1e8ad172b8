"""Dates as precise as they are known: a subset of EDTF (ISO 8601-2) and the span each allows.

Written here because the two maintained libraries do not serve: undate 0.8 brings 60 MB of numpy,
has no types, and knows no seasons, quarters or sets; edtf 5.0.2 gives an open interval a span of
ten years or raises TypeError, and ends winter with December.

    2025  2025-03  2025-03-22       a year, a month, a day; years 0001 to 9999
    202X  2025-XX  2025-03-XX       digits that are not known
    XXXX-03-22                      a day of an unknown year: a date without a span
    2025-21 to 2025-24              spring, summer, autumn, winter, as the north has them by month;
                                    winter begins in December of the year that is named
    2025-33 to 2025-36              quarters
    2025-40, 2025-41                halves
    2025-03-22?  2025-03~  2025%    uncertain, approximate, both: the span is that of the date,
                                    and no day is known
    2025-03/2025-05                 from the one through the other
    2025/..  ../2025  2025/  /2025  open or unknown on one side, which has then no day
    [2025-03-21,2025-03-22]         one of these; `a..b` in it is a range, open at either end too
"""

import re
from calendar import monthrange
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from itertools import product

ALLOWED = (
    "write a date as YYYY, YYYY-MM or YYYY-MM-DD, with X for digits not known, "
    "YYYY-21 to YYYY-24 for seasons, YYYY-33 to YYYY-36 for quarters, YYYY-40 and YYYY-41 for "
    "halves, ? ~ or % after it, A/B for an interval (.. or nothing for an open side), "
    "or [A,B] for one of several"
)

_POINT = re.compile(
    r"([0-9]{4}|[0-9]{3}X|[0-9]{2}XX|[0-9]XXX|XXXX)"
    r"(?:-([0-9]{2}|[01]X|XX)(?:-([0-9]{2}|[0-3]X|XX))?)?[?~%]?"
)
_UNSURE = re.compile("[?~%]")
_MONTHS_OF_PART = {
    "21": (3, 5), "22": (6, 8), "23": (9, 11), "24": (12, 14),
    "33": (1, 3), "34": (4, 6), "35": (7, 9), "36": (10, 12), "40": (1, 6), "41": (7, 12),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """The days that a date allows, both included; None where it sets no bound.

    `start` and `end` are set only where the day is known: both are that day for a single date,
    the two ends for an interval. Where any part is uncertain or approximate, neither is.
    """

    earliest: date | None = None
    latest: date | None = None
    start: date | None = None
    end: date | None = None


def parse(edtf: str) -> Span:
    """The span of a date, in the forms that this module lists.

    Raises ValueError that says what is allowed.
    """
    try:
        span = _parse(edtf)
    except ValueError as error:
        raise ValueError(f"not a date that is understood ({error}): {ALLOWED}") from None
    return replace(span, start=None, end=None) if _UNSURE.search(edtf) else span


def refines(stated: str, full: str) -> bool:
    """Whether `full` is `stated` with digits filled in where it has X, and nothing else changed.

    `2025-03-22` refines `XXXX-03-22`; no date refines itself. Raises ValueError where either is
    not a date.
    """
    parse(stated)
    parse(full)
    if stated == full or len(stated) != len(full):
        return False
    return all(a == b or (a == "X" and b.isdigit()) for a, b in zip(stated, full, strict=True))


def narrows(stated: str, full: str) -> bool:
    """Whether `full` says what `stated` does, or more: digits filled in, or fewer days allowed."""
    outer, inner = parse(stated), parse(full)
    if Span() in (outer, inner):
        return refines(stated, full)
    return _from(outer) <= _from(inner) and _to(inner) <= _to(outer)


def _from(span: Span) -> date:
    return span.earliest or date.min


def _to(span: Span) -> date:
    return span.latest or date.max


def _parse(edtf: str) -> Span:
    if edtf.startswith("[") and edtf.endswith("]"):
        return _one_of([_range(each.strip(), "..") for each in edtf[1:-1].split(",")])
    return _range(edtf, "/")


def _range(edtf: str, mark: str) -> Span:
    first, found, last = edtf.partition(mark)
    if not found:
        return _point(first)
    a, b = _end(first), _end(last)
    if a.earliest is None and b.latest is None:
        raise ValueError("a range has at least one end")
    if a.earliest and b.latest and a.earliest > b.latest:
        raise ValueError("a range ends after it begins")
    return Span(a.earliest, b.latest, a.start, b.end)


def _end(edtf: str) -> Span:
    if edtf in ("", ".."):
        return Span()
    span = _point(edtf)
    if span == Span():
        raise ValueError("a range does not begin or end in an unknown year")
    return span


def _one_of(spans: list[Span]) -> Span:
    if Span() in spans:
        raise ValueError("a choice has no date of an unknown year")
    earliest = [span.earliest for span in spans if span.earliest]
    latest = [span.latest for span in spans if span.latest]
    return Span(
        min(earliest) if len(earliest) == len(spans) else None,
        max(latest) if len(latest) == len(spans) else None,
    )


def _point(edtf: str) -> Span:
    match = _POINT.fullmatch(edtf)
    if match is None:
        raise ValueError("the form is not known")
    year, month, day = match.groups()
    years = [number for number in _numbers(year, 9999) if number > 0]
    if not years:
        raise ValueError("years are 0001 to 9999")
    span = _part(years, month, day) if month in _MONTHS_OF_PART else _days(years, month, day)
    return Span() if year == "XXXX" else span


def _part(years: list[int], part: str, day: str | None) -> Span:
    """A season, quarter or half."""
    if day is not None:
        raise ValueError("a part of a year has no days")
    first, last = _MONTHS_OF_PART[part]
    return Span(date(years[0], first, 1), _last_day(years[-1] + last // 13, (last - 1) % 12 + 1))


def _last_day(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1]) if year <= date.max.year else date.max


def _days(years: list[int], month: str | None, day: str | None) -> Span:
    months, days = _numbers(month or "XX", 12), _numbers(day or "XX", 31)
    earliest = _first(product(years, months, days))
    latest = _first(product(years[::-1], months[::-1], days[::-1]))
    known = earliest if earliest == latest else None
    return Span(earliest, latest, known, known)


def _first(candidates: Iterable[tuple[int, int, int]]) -> date:
    """The first of the candidates that the calendar has."""
    for year, month, day in candidates:
        with suppress(ValueError):
            return date(year, month, day)
    raise ValueError("the calendar has no such day")


def _numbers(digits: str, limit: int) -> list[int]:
    """What the digits can stand for, up to the limit; X stands for any."""
    numbers = range(int(digits.replace("X", "0")), int(digits.replace("X", "9")) + 1)
    return [number for number in numbers if number <= limit]
