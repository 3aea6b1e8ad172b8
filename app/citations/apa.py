"""Citations for people, after the style of the American Psychological Association."""

from calendar import month_name
from collections.abc import Iterator

from app import TITLE
from app.citations.citation import Citation, Cited
from app.citations.dates import Date
from app.query.forms.entries import line


def apa(citation: Citation) -> Iterator[bytes]:
    """One line of plain text."""
    told = _source(citation) if citation.kind is None else _record(citation)
    yield f"{line(' '.join(told))}\n".encode()


def _source(citation: Citation) -> Iterator[str]:
    """A source itself: who, when, what, published by whom, where."""
    [source] = citation.sources
    if source.author:
        yield f"{_ended(source.author)} ({_date(source.issued)}). {_ended(source.title)}"
    else:
        yield f"{_ended(source.title)} ({_date(source.issued)})."
    if source.publisher:
        yield _ended(source.publisher)
    if citation.url == citation.record_url:
        yield f"{TITLE}."
    yield citation.url


def _record(citation: Citation) -> Iterator[str]:
    """What a record is, in which sources it stands and where, and that we tell of it."""
    yield f"{citation.title} [{citation.description}]. ({_date(citation.issued)})."
    if citation.sources:
        yield f"In {'; '.join(map(_within, citation.sources))}."
    if citation.publishers:
        yield _ended("; ".join(citation.publishers))
    yield f"{TITLE}. {citation.record_url}"


def _within(source: Cited) -> str:
    by = f"{source.author}, " if source.author else ""
    where = "; ".join(filter(None, (source.locator, source.url)))
    return f"{by}{source.title} ({where})"


def _date(date: Date) -> str:
    """When something was published; `n.d.` where not even the year is known."""
    told = "–".join(map(_day, date.parts))
    return f"ca. {told}" if date.circa and told else told or "n.d."


def _day(parts: tuple[int, ...]) -> str:
    year, *rest = parts
    if not rest:
        return str(year)
    return f"{year}, {' '.join([month_name[rest[0]], *map(str, rest[1:])])}"


def _ended(text: str) -> str:
    """With a full stop, unless it has an end of its own."""
    return text if text.endswith((".", "!", "?")) else f"{text}."
