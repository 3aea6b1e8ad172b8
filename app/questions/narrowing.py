"""What narrows a question across collections: filters that some of them have, by one name each.

A part that lacks one of those asked is left out and says so: told whole, it would mislead.
"""

from collections.abc import Collection as Some
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from app.errors import InvalidQuery, fault
from app.models import Collection
from app.query.context import Context
from app.query.filters import Asked, Filter
from app.query.resource import CARRIED_FILTERS, COMMON_FILTERS, Resource
from app.questions.question import Given

ABOUT = {
    "country": "The country of who met, spoke, kept silent, acted, was affected or proposes, of a"
    " party, or the country itself.",
    "participant": "Who took part, said it, kept silent, acted for a country, or proposes; or the"
    " participant itself.",
    "speaker": "Who said it.",
    "topic": "Topic; includes the topics below it.",
    "meeting": "The meeting itself, or what belongs to it; id or slug.",
    "series": "The series itself, its meetings, and what belongs to these; id or slug.",
    "source": "The source itself, or what points at its passages; id or slug.",
    "about": "A country that words are about, or what was not said.",
    "host": "The country that hosts.",
    "venue_country": "Where it is held.",
    "between": "Two countries between which it stands, or of which one speaks of the other.",
    "voice": "Who asserts it.",
    "date": "Dated",
    "year": "The year in which the whole of its date lies, such as `2025`.",
    "quarter": "The quarter in which the whole of its date lies, such as `2025-Q1`.",
    "month": "The month in which the whole of its date lies, such as `2025-03`.",
    **{name: one.about for name, one in COMMON_FILTERS.items()},
}
"""What each of these filters keeps, whatever the collection."""

CALLED: Mapping[str, Mapping[Collection, str]] = {
    "participant": {
        Collection.statements: "speaker",
        Collection.proposals: "proposer",
        Collection.participants: "id",
    },
    "country": {Collection.countries: "id"},
    "meeting": {Collection.meetings: "id"},
    "series": {Collection.series: "id"},
    "source": {Collection.sources: "id"},
}
"""What a collection's list calls a filter, where it is not by the name that it has here."""

OF_TIME = ("date", "year", "quarter", "month")
SHARED = ("voice", *OF_TIME, *CARRIED_FILTERS, *COMMON_FILTERS)
"""What most collections can be asked, and so every question, beside what it is about."""


def filter_of(resource: Resource, name: str) -> tuple[str, Filter] | None:
    """A filter of a collection, with what its list calls it."""
    there = CALLED.get(name, {}).get(resource.collection, name)
    found = resource.all_filters.get(there)
    return None if found is None else (there, found)


@dataclass(frozen=True)
class Narrowing:
    """The filters of a question that is answered from several collections."""

    resources: Sequence[Resource]
    names: Sequence[str]
    without: Some[str] = ()
    """Parameters that make no sense here."""

    @cached_property
    def filters(self) -> Mapping[str, tuple[Resource, Filter]]:
        """Each filter, as the first collection that has it has it."""
        return {name: found for name in self.names for found in [self._first(name)]}

    def _first(self, name: str) -> tuple[Resource, Filter]:
        found = ((one, filter_of(one, name)) for one in self.resources)
        return next((one, of[1]) for one, of in found if of is not None)

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """Type and default of each parameter."""
        found: dict[str, Any] = {}
        for name, (_, one) in self.filters.items():
            found |= replace(one, about=ABOUT[name]).parameters(name)
        return {name: of for name, of in found.items() if name not in self.without}

    def given(self, context: Context, query: Any) -> Given:
        """What was asked. Raises InvalidQuery with every fault, by the names that are used here."""
        sent: Given = query.model_dump(exclude_unset=True, include={*self.parameters})
        self.check(context, sent)
        return sent

    def check(self, context: Context, sent: Given) -> None:
        """Raises InvalidQuery with every fault of what was sent."""
        faults = []
        for name, (resource, one) in self.filters.items():
            asked = Asked(context, resource.table.id, sent)  # type: ignore[attr-defined]
            list(one.conditions(name, asked))
            faults += asked.faults
        if faults:
            raise InvalidQuery(" ".join(one.detail for one in faults)[:2000], faults)

    def asked(self, resource: Resource, given: Given) -> Given:
        """What the list of a collection is asked, which lacks none of it."""
        names = self._names(resource)
        return {names[name]: value for name, value in given.items()}

    def lacks(self, resource: Resource, given: Given) -> list[str]:
        """What was asked that a collection cannot be asked."""
        names = self._names(resource)
        return [name for name in given if name not in names]

    def _names(self, resource: Resource) -> Mapping[str, str]:
        """The parameters of a collection by what they are called here."""
        return dict(pair for name in self.names for pair in _pairs(resource, name))


def _pairs(resource: Resource, name: str) -> Iterator[tuple[str, str]]:
    if (found := filter_of(resource, name)) is not None:
        there, one = found
        yield from zip(one.parameters(name), one.parameters(there), strict=True)


def check_some(lacks: Mapping[Any, Sequence[str]]) -> None:
    """Refuse what no part can be asked: ``lacks`` has what each of them cannot be asked."""
    if not all(lacks.values()):
        return
    names = list(dict.fromkeys(name for lost in lacks.values() for name in lost))
    named = ", ".join(f"`{name}`" for name in names)
    detail = f"Nothing here can be asked all of this: leave some of {named} out."
    if len(names) == 1:
        detail = f"Nothing here can be asked {named}: leave it out."
    only = names[0] if len(names) == 1 else None
    raise InvalidQuery(detail, [fault("unsuitable_parameter", only, detail)])
