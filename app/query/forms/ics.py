"""iCalendar (RFC 5545): meetings whose days are known, as events that last whole days."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from app import TITLE
from app.query.forms.entries import called, referred, summary, title
from app.query.forms.writer import Page, Writer, has
from app.query.shape import Item

OCTETS = 75
# What a text has no way to hold; a line break is written as a letter.
CONTROLS = {chr(code): None for code in (*range(9), *range(11, 32), 127)}
ESCAPED = str.maketrans(CONTROLS | {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
STATUS = {"held": "CONFIRMED", "cancelled": "CANCELLED"}
"""What certain meetings are; any other may yet be held, or not."""
BEFORE = ("BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:-//{TITLE}//v1//EN", "CALSCALE:GREGORIAN")


def _calendar(page: Page) -> Iterator[bytes]:
    """An event for each meeting whose days are known, and how many are left out."""
    host = urlsplit(page.public_url).hostname or ""
    named = (f"{name}:{_text(title(page))}" for name in ("NAME", "X-WR-CALNAME"))
    yield _lines((*BEFORE, *named, f"URL:{page.url}"))
    left_out = 0
    for item in page.items:
        if _is_whole(item):
            yield _lines(_event(page, item, host))
        else:
            left_out += 1
    yield _lines((*_left_out(left_out), "END:VCALENDAR"))


def _is_whole(item: Item) -> bool:
    """Whether first and last day are known; where either is not, no event can say when it is."""
    return item["date_start"] is not None and item["date_end"] is not None


def _left_out(count: int) -> tuple[str, ...]:
    """A component of our own: the properties of a calendar stand before its events, unlike this."""
    words = f"COMMENT:Without a known day and therefore left out: {count}"
    name = "X-COMMUNIQUE-LEFT-OUT"
    return (f"BEGIN:{name}", words, f"{name}:{count}", f"END:{name}")


def _event(page: Page, item: Item, host: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{item['id']}@{host}"
    yield from _history(item)
    yield from _days(item["date_start"], item["date_end"])
    yield f"SUMMARY:{_text(called(item))}"
    yield f"STATUS:{STATUS.get(item['status'], 'TENTATIVE')}"
    yield f"DESCRIPTION:{_text(summary(page, item))}"
    yield from _where(item)
    if topics := [_text(referred(page, each)) for each in item["topics"]]:
        yield f"CATEGORIES:{','.join(topics)}"
    yield f"URL:{page.address(item)}"
    # It is no appointment of whoever reads it.
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def _history(item: Item) -> Iterator[str]:
    """When the record was first told of, and how often and when it changed."""
    yield f"DTSTAMP:{_instant(item['updated_at'])}"
    yield f"CREATED:{_instant(item['created_at'])}"
    yield f"LAST-MODIFIED:{_instant(item['updated_at'])}"
    yield f"SEQUENCE:{item['version'] - 1}"


def _days(start: date, end: date) -> Iterator[str]:
    """The days, the last one exclusive; the calendar's very last day has none after it."""
    yield f"DTSTART;VALUE=DATE:{_day(start)}"
    if end < date.max:
        yield f"DTEND;VALUE=DATE:{_day(end + timedelta(1))}"
    else:
        yield f"DURATION:P{(end - start).days + 1}D"


def _day(day: date) -> str:
    return day.isoformat().replace("-", "")


def _instant(at: datetime) -> str:
    utc = at.astimezone(UTC)
    return f"{_day(utc.date())}T{utc:%H%M%S}Z"


def _where(item: Item) -> Iterator[str]:
    """Building, city and country, and the point, as far as they are known."""
    named = [each and each["name"] for each in (item["city"], item["venue_country"])]
    if place := ", ".join(filter(None, (item["venue"], *named))):
        yield f"LOCATION:{_text(place)}"
    if point := item["coordinates"]:
        yield f"GEO:{point['latitude']:.6f};{point['longitude']:.6f}"


def _text(text: str) -> str:
    """A value of type TEXT."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(ESCAPED)


def _lines(lines: Iterable[str]) -> bytes:
    return b"".join(_folded(line.encode()) for line in lines)


def _folded(line: bytes) -> bytes:
    """A content line in pieces of 75 octets at most, between characters."""
    pieces = []
    start, room = 0, OCTETS
    while len(line) - start > room:
        end = start + room
        while line[end] & 0xC0 == 0x80:
            end -= 1
        pieces.append(line[start:end])
        # The space that begins it counts.
        start, room = end, OCTETS - 1
    return b"\r\n ".join([*pieces, line[start:]]) + b"\r\n"


ICS = Writer[Page](
    "text/calendar; charset=utf-8",
    _calendar,
    suits=has("date_start", "status", "venue", "city", "venue_country"),
    chosen=False,
)
