"""What one bundle says of one record, and what of it can differ between bundles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from app.models import Basis, Collection
from seeds.reader import NodePath, Problem, Span

Content = dict[str, Any]

Address = tuple[Collection, str]
"""A record's collection and key."""

Value = str | bool | int
Sides = Sequence[tuple[Value, Sequence[str]]]
"""The values that sources give for one field, each with the keys of those sources."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written: a file, a line from 1, and the nodes within it."""

    file: str
    line: int
    spans: Mapping[NodePath, Span] = field(default_factory=dict)

    def line_of(self, path: NodePath) -> int:
        """The line of a node or, where there is none, of the nearest on the way to it."""
        while path and path not in self.spans:
            path = path[:-1]
        return self.spans[path].line if path in self.spans else self.line


@dataclass(frozen=True, slots=True)
class Told:
    """What one bundle says of one record: JSON values, validated, without what it leaves unsaid."""

    bundle: str
    basis: Basis
    collection: Collection
    key: str
    content: Content
    place: Place | None = None
    """None for what was seeded before and is not being read now."""

    def __str__(self) -> str:
        where = f"{self.place.file}:{self.place.line}" if self.place else "as seeded before"
        return f"bundle {self.bundle} ({where})"

    def problem(self, message: str, path: NodePath = ()) -> Problem:
        """Something that is wrong with the record, at a node of what is told here."""
        record = f"{self.collection}/{self.key}"
        if self.place is None:
            return Remembered(f"bundle {self.bundle}, as seeded before", 1, record, message)
        return Problem(self.place.file, self.place.line_of(path), record, message)


class Remembered(Problem):
    """A problem with what an earlier seeding told, of which no file is at hand."""

    def __str__(self) -> str:
        return f"{self.file}: {self.record}: {self.message}"
