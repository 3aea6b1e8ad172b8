"""What else there is that an answer leaves out: what has no date, and silences."""

from collections.abc import Mapping
from typing import Any

from app.assistants.asking import Api
from app.query.resource import Resource
from app.questions.ledger import WHO
from app.resources import silences, statements

DATES = ("date_from", "date_to", "year", "quarter", "month")
CALLED = {there: here for here, there in WHO.items()}
"""What silences call what statements call otherwise."""
Given = Mapping[str, Any]


async def beside(api: Api, resource: Resource, given: Given, total: int) -> list[str]:
    """What to say beside ``total`` records of a list: what its filters leave out unseen."""
    found = []
    if "has_date" in resource.filter_parameters and (
        number := await _undated(api, resource, given)
    ):
        found.append(
            f"{number} more {resource.name} meet the rest but have no calendar date, which filters"
            " by date leave out: list them with has_date false in place of the dates."
        )
    if resource is statements.RESOURCE and not total and (number := await _silent(api, given)):
        found.append(
            f"But of this somebody conspicuously kept silent: {number} silences meet the same"
            " filters. List silences."
        )
    return found


async def undated_entries(api: Api, given: Given) -> list[str]:
    """The same beside a timeline."""
    rest = _without_dates(given)
    if not any(given.get(name) is not None for name in DATES):
        return []
    answer = await api.ask("/v1/timeline", {**rest, "has_date": False, "limit": 1, "cursor": None})
    number = sum(one["count"] for one in answer["counts"].values() if one)
    if not number:
        return []
    also = (
        f"{number} more entries meet the rest but have no calendar date, which filters by date"
        " leave out: ask without the dates to see where they stand."
    )
    return [also]


def _without_dates(given: Given) -> dict[str, Any]:
    return {name: one for name, one in given.items() if name not in DATES and one is not None}


async def _undated(api: Api, resource: Resource, given: Given) -> int:
    if not any(given.get(name) is not None for name in DATES):
        return 0
    return await _count(api, resource, {**_without_dates(given), "has_date": False})


async def _silent(api: Api, given: Given) -> int:
    """How many silences meet the filters of statements; none where they lack one of these."""
    asked = {CALLED.get(name, name): one for name, one in given.items()}
    if not {*asked} <= {*silences.RESOURCE.filter_parameters, "lang", "basis"}:
        return 0
    return await _count(api, silences.RESOURCE, asked)


async def _count(api: Api, resource: Resource, given: Given) -> int:
    answer = await api.ask(f"/v1/{resource.name}", {**given, "limit": 1, "with_total": True})
    total: int = answer["total"]
    return total
