"""The order of the meetings of a series, as far as it is known."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

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


def ranks(sittings: Iterable[Sitting]) -> dict[str, int | None]:
    """The rank of each meeting from 1, by key; None where its place cannot be known.

    Dated meetings stand by date; those without one by their ordinals; one that is planned and has
    neither comes last, one that was held and has neither has no rank.
    """
    every = sorted(sittings, key=lambda each: (each.ordinal or 0, each.key))
    order = sorted((each for each in every if each.dated), key=_when)
    for each in every:
        if not each.dated and each.ordinal is not None:
            order.insert(_place(order, each.ordinal), each)
    placed = {each.key for each in order}
    rest = [each for each in every if each.key not in placed]
    order += [each for each in rest if each.status in _AHEAD]
    return {each.key: None for each in rest} | {each.key: i for i, each in enumerate(order, 1)}


def _when(sitting: Sitting) -> tuple[date, date, int, str]:
    earliest = sitting.earliest or sitting.latest or date.min
    return earliest, sitting.latest or date.max, sitting.ordinal or 0, sitting.key


def _place(order: list[Sitting], ordinal: int) -> int:
    """Where an ordinal belongs: after the last that is smaller, else before the first greater."""
    for index in range(len(order), 0, -1):
        if (order[index - 1].ordinal or ordinal) < ordinal:
            return index
    greater = (i for i, each in enumerate(order) if (each.ordinal or 0) > ordinal)
    return next(greater, len(order))
