"""The numbers of a series: which are known, which are missing, and which may be a meeting's."""

from collections.abc import Sequence

from app.models import MeetingStatus
from app.questions.question import Answer


def ordinals(rows: Sequence[Answer]) -> Answer:
    """The numbers of meetings that were held, and those between the first and the last of them.

    A number of a meeting that was not held is none of these: it is neither counted nor missing.
    """
    held = [row for row in rows if row["status"] is MeetingStatus.held]
    known = sorted({row["ordinal"] for row in held if row["ordinal"] is not None})
    numbered = [row for row in rows if row["ordinal"] is not None]
    taken = {row["ordinal"] for row in numbered}
    open_ones = [one for one in range(known[0], known[-1]) if one not in taken] if known else []
    unnumbered = [row["rank"] for row in held if row["ordinal"] is None]
    uncertain = [one for one in open_ones if _may_be(one, unnumbered, numbered)]
    return {
        "ordinals_known": known,
        "ordinals_missing": [one for one in open_ones if one not in uncertain],
        "ordinals_uncertain": uncertain,
    }


def _may_be(number: int, ranks: Sequence[int | None], numbered: Sequence[Answer]) -> bool:
    """Whether a meeting without a number, by its rank, may have this one.

    It may not where it stands before one with a lower number, or after one with a higher.
    """
    placed = [row for row in numbered if row["rank"] is not None]
    before = max((row["rank"] for row in placed if row["ordinal"] < number), default=None)
    after = min((row["rank"] for row in placed if row["ordinal"] > number), default=None)
    return any(
        rank is None or ((before is None or rank > before) and (after is None or rank < after))
        for rank in ranks
    )
