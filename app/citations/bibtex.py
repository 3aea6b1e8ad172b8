"""Citations for LaTeX."""

from collections.abc import Iterator
from urllib.parse import quote

from app import TITLE
from app.citations.citation import Citation
from app.citations.dates import Date
from app.query.forms.entries import line

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# BibTeX counts braces, also those with a backslash before them.
ESCAPED = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "$&%#_"},
    }
)  # fmt: skip


def bibtex(citation: Citation) -> Iterator[bytes]:
    """One entry: a part of its sources, or a source itself."""
    part = citation.kind is not None and bool(citation.sources)
    yield f"@{'incollection' if part else 'misc'}{{{citation.id}".encode()
    for name, value in _fields(citation, part=part):
        yield f",\n  {name} = {value}".encode()
    yield b"\n}\n"


def _fields(citation: Citation, *, part: bool) -> Iterator[tuple[str, str]]:
    yield "title", _whole(citation.title)
    if citation.authors:
        # Braces keep a name from being taken apart.
        yield "bookauthor" if part else "author", " and ".join(map(_whole, citation.authors))
    if part:
        yield "booktitle", _whole("; ".join(citation.containers))
    yield from _date(citation.issued)
    if citation.publishers:
        yield "publisher", _whole("; ".join(citation.publishers))
    yield "note", _braced(_note(citation))
    yield "url", _braced(_url(citation.url))


def _note(citation: Citation) -> str:
    where = f": \\url{{{_url(citation.told_at)}}}" if citation.told_at else ""
    return ". ".join(filter(None, (_text(citation.about), f"{TITLE}{where}")))


def _date(date: Date) -> Iterator[tuple[str, str]]:
    """Year, month and day; what is no such date as biblatex reads it, or not at all."""
    if date.single:
        year, *rest = date.single
        yield "year", _braced(f"{year:04}")
        if rest:
            yield "month", MONTHS[rest[0] - 1]
        yield from (("day", _braced(str(day))) for day in rest[1:])
    elif date.parts and date.words:
        yield "date", _braced(_text(date.words))


def _whole(text: str) -> str:
    """A text whose letters and words stay as they are."""
    return _braced(_braced(_text(text)))


def _braced(text: str) -> str:
    return f"{{{text}}}"


def _text(text: str) -> str:
    return line(text).translate(ESCAPED)


def _url(url: str) -> str:
    """An address, which is read letter by letter and must have no brace."""
    return quote(url, safe="!#$%&'()*+,/:;=?@[]~")
