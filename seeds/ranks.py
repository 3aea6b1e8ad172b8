"""The order of the meetings of a series, as far as it is known."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.models import MeetingStatus

_AHEAD = {MeetingStatus.planned, MeetingStatus.postponed}


@dataclass(frozen=True, slots=True)
class Sitting:
    """A meeting as one of a series."""

    key: str
    ordinal: int | None
    status: MeetingStatus
    earliest: date | None
    latest: date | None

    @property
    def dated(self) -> bool:
        """Whether anything at all is known of when it is."""
        return self.earliest is not None or self.latest is not None

    @property
    def last(self) -> bool:
        """Whether nothing tells its place but that it is still to come."""
        return not self.dated and self.ordinal is None and self.status in _AHEAD

    @property
    def width(self) -> timedelta:
        """How far apart the days may be on which it is."""
        if self.earliest and self.latest:
            return self.latest - self.earliest
        return timedelta.max

    def before(self, other: "Sitting") -> bool:
        """Whether it is known to be before another one.

        By their dates, where these do not overlap: a year holds all of its days. Else by their
        ordinals. What is planned without either comes after all that have any.
        """
        if self._ends_before(other) or other._ends_before(self):
            return self._ends_before(other)
        if self.ordinal is not None and other.ordinal is not None:
            return self.ordinal < other.ordinal
        return other.last and not self.last and (self.dated or self.ordinal is not None)

    def _ends_before(self, other: "Sitting") -> bool:
        return bool(self.latest and other.earliest and self.latest < other.earliest)


def ranks(sittings: Iterable[Sitting]) -> dict[str, int | None]:
    """The rank of each meeting from 1, by key; None where its place cannot be known.

    Those of which more is known come first, so that they keep their places; one that may stand in
    several places among them has none, and neither have those from which nothing tells it apart.
    """
    every = sorted(sittings, key=lambda each: (each.width, each.last, each.key))
    order: list[Sitting] = []
    # What is put in its place may tell that of another one.
    rest, tried = every, None
    while len(rest) != tried:
        tried = len(rest)
        rest = [each for each in rest if not _put(order, each)]
    unsure = {one.key for one in order for other in rest if _alike(one, other)}
    known = [each.key for each in order if each.key not in unsure]
    return {each.key: None for each in every} | {key: i for i, key in enumerate(known, 1)}


def _put(order: list[Sitting], sitting: Sitting) -> bool:
    """Whether a meeting has one place in an order, where it is put then."""
    first = _after(order, sitting)
    at = next((i for i, each in enumerate(order) if sitting.before(each)), len(order))
    if first == at:
        order.insert(at, sitting)
    return first == at


def _after(order: Sequence[Sitting], sitting: Sitting) -> int:
    """The place after the last that is before a meeting."""
    for index in range(len(order), 0, -1):
        if order[index - 1].before(sitting):
            return index
    return 0


def _alike(one: Sitting, other: Sitting) -> bool:
    """Whether as little is known of both, and nothing of which comes first."""
    known = one.before(other) or other.before(one)
    return one.width == other.width and one.last == other.last and not known
