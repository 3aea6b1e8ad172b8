"""Citations for reference managers: RIS."""

from collections.abc import Iterator

from app import TITLE
from app.citations.citation import Citation
from app.citations.dates import Date
from app.query.forms.entries import line


def ris(citation: Citation) -> Iterator[bytes]:
    """One reference, a field on each line."""
    for tag, value in _fields(citation):
        yield f"{tag}  - {line(value)}\r\n".encode()


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    part = citation.kind is not None
    yield "TY", "GEN"
    yield "ID", citation.id
    yield "TI", citation.title
    if part:
        yield from (("T2", title) for title in ["; ".join(citation.containers)] if title)
    # Of what a part stands in, the authors are secondary ones.
    yield from (("A2" if part else "AU", author) for author in citation.authors)
    yield from _date(citation.issued)
    yield from (("PB", name) for name in ["; ".join(citation.publishers)] if name)
    if not part:
        yield "LA", citation.sources[0].language
    if citation.note:
        yield "N1", citation.note
    yield "DB", TITLE
    yield "UR", citation.url
    yield "ER", ""


def _date(date: Date) -> Iterator[tuple[str, str]]:
    """The year, and year/month/day/words, as far as they are known for sure."""
    if not date.parts:
        return
    if date.circa:
        yield "DA", f"///{date.words}"
        return
    years = {part[0] for part in date.parts}
    if len(years) == 1:
        yield "PY", f"{years.pop():04}"
    if date.single:
        year, month, day = (*(f"{part:02}" for part in date.single), "", "")[:3]
        yield "DA", f"{year:>04}/{month}/{day}/"
    else:
        yield "DA", f"{date.parts[0][0]:04}///{date.words}"
