"""What a citation tells, whatever the style in which it is written; only what is known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from app import TITLE
from app.citations.dates import UNKNOWN, Date


@dataclass(frozen=True, kw_only=True)
class Cited:
    """A text, and the places in it that are cited."""

    title: str
    author: str | None
    publisher: str | None
    language: str
    issued: Date
    url: str | None
    """Where the first of the places is, as near as may be shown; None where no address is known."""
    places: Sequence[tuple[int, int]] = ()
    """Paragraphs and sentences, both counted from 1."""

    @property
    def locator(self) -> str:
        """The places in words."""
        found = groupby(sorted({*self.places}), key=lambda place: place[0])
        return "; ".join(_paragraph(number, [each for _, each in some]) for number, some in found)


@dataclass(frozen=True, kw_only=True)
class Citation:
    """A record, or a source itself, as it is cited."""

    id: str
    title: str
    """What is cited; in square brackets where the words are not its own title."""
    kind: str | None
    """What the record is; None for a source itself."""
    dated: str
    """The record's own date in words, empty where there is none."""
    event: Date
    """The same for programs, where it took place."""
    sources: Sequence[Cited]
    """The source itself, or those on which the record rests."""
    record_url: str
    """Where the knowledge base tells of it."""

    @property
    def url(self) -> str:
        """The passage itself where it has an address, else what the knowledge base tells."""
        return next((one.url for one in self.sources if one.url), self.record_url)

    @property
    def issued(self) -> Date:
        """When the sources were published, where that is one date."""
        found = {one.issued for one in self.sources}
        return found.pop() if len(found) == 1 else UNKNOWN

    @property
    def authors(self) -> Sequence[str]:
        """Who wrote the sources."""
        return _different(one.author for one in self.sources)

    @property
    def publishers(self) -> Sequence[str]:
        """Who published the sources."""
        return _different(one.publisher for one in self.sources)

    @property
    def containers(self) -> Sequence[str]:
        """What the sources are called."""
        return [one.title for one in self.sources]

    @property
    def description(self) -> str:
        """What the record is, and of when."""
        return ", ".join(filter(None, (self.kind, self.dated)))

    @property
    def about(self) -> str:
        """What the record is, and where it stands in its sources."""
        return ": ".join(filter(None, (self.description, "; ".join(self._located()))))

    @property
    def told_at(self) -> str | None:
        """Where the knowledge base tells of a record whose cited address is that of a source."""
        return self.record_url if self.kind and self.url != self.record_url else None

    @property
    def note(self) -> str:
        """All that stands in no field of its own."""
        where = f"{TITLE}: {self.told_at}" if self.told_at else ""
        return ". ".join(filter(None, (self.about, where)))

    def _located(self) -> Iterator[str]:
        for one in self.sources:
            if one.places:
                alone = len(self.sources) == 1
                yield one.locator if alone else f"{one.title} ({one.locator})"


def _different(values: Iterable[str | None]) -> Sequence[str]:
    return list(dict.fromkeys(filter(None, values)))


def _paragraph(number: int, sentences: Sequence[int]) -> str:
    runs = [[one, one] for one in sentences[:1]]
    for one in sentences[1:]:
        if one == runs[-1][1] + 1:
            runs[-1][1] = one
        else:
            runs.append([one, one])
    told = ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in runs)
    return f"para. {number}, sentence{'s' if len(sentences) > 1 else ''} {told}"
