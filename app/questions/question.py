"""What a question across records is: its address, what it may be asked, and how it is answered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from fastapi import Request
from pydantic import BaseModel

from app.query.answer import address
from app.query.context import Context
from app.query.forms.writer import Writer
from app.query.listing import Listing, page, total
from app.query.params import ListParameters, Manner, TabularManner
from app.query.refs import Ref
from app.query.resolve import Among
from app.query.resource import Resource

Given = Mapping[str, Any]
"""What a list is asked, by parameter, as its parameters hold it."""
Answer = dict[str, Any]

CARRIED = {*Manner.model_fields} - {"format"}
"""How the question was to be answered, which the lists that it names are to be as well."""


class Labelled(Ref):
    """A reference that also says in our words what it refers to, for much has no name."""

    label: str
    """What it is, in our words."""


@dataclass(frozen=True)
class Asking:
    """One question on its way to its answer."""

    context: Context
    manner: Sequence[tuple[str, str]]
    """What of the request is carried into the addresses of its answer."""
    places: Mapping[str, str]
    """The ids of the records that the path names, by the names of its parts."""

    @staticmethod
    def of(request: Request, context: Context, places: Mapping[str, str]) -> "Asking":
        """What ``request`` asks."""
        pairs = request.query_params.multi_items()
        return Asking(context, [pair for pair in pairs if pair[0] in CARRIED], places)

    def listing(self, resource: Resource, given: Given) -> Listing:
        """A list of a collection."""
        return Listing(self.context, resource, given)

    def url(self, resource: Resource, given: Given) -> str:
        """The address of that list."""
        pairs = [(name, written(value)) for name, value in given.items()]
        return address(self.context, f"/v1/{resource.name}", [*pairs, *self.manner])

    def record_url(self, resource: Resource, slug: str) -> str:
        """The address of a record."""
        return address(self.context, f"/v1/{resource.name}/{slug}", self.manner)

    def ref(self, kind: type[Ref], id: str) -> dict[str, Any]:
        """The reference to a record, filled."""
        found = self.context.refs.to(kind, id)
        self.context.refs.resolve()
        return found

    def labelled(self, kind: type[Labelled], ids: Iterable[str]) -> dict[str, Answer]:
        """The references to some records, filled, by id."""
        refs = self.context.refs
        found = {id: refs.to(kind, id) for id in ids}
        refs.resolve()
        for id, ref in found.items():
            ref["label"] = refs.label(id)
        return found

    def count(self, resource: Resource, given: Given) -> int:
        """How long that list is."""
        return total(self.listing(resource, given))

    def first(self, resource: Resource, given: Given, limit: int, sort: str = "") -> list[Any]:
        """Its first records."""
        parameters = ListParameters(limit=limit, sort=sort)
        items: list[Any] = page(self.listing(resource, given), parameters)["items"]
        return items


def written(value: Any) -> str:
    """A value as a parameter is written."""
    if isinstance(value, list):
        return ",".join(map(written, value))
    if isinstance(value, bool):
        return str(value).lower()
    return value.isoformat() if isinstance(value, date) else str(value)


def rows_of(_: Asking, answer: Answer) -> Iterable[Answer]:
    """The rows of an answer that is one table."""
    rows: Iterable[Answer] = answer["rows"]
    return rows


@dataclass(frozen=True, kw_only=True)
class Question:
    """One question across records."""

    name: str
    """What its operation is called after."""
    path: str
    """Its address, with the names of its parts in braces."""
    about: str
    """What it tells, for the documentation."""
    places: Mapping[str, Among] = field(default_factory=dict)
    """Where the records that its path names are looked for, by the names of its parts."""
    parameters: type[TabularManner] = TabularManner
    answer: type[BaseModel]
    row: type[BaseModel]
    """A row of its table, which is what comes as csv."""
    ask: Callable[[Asking, Any], Answer]
    rows: Callable[[Asking, Answer], Iterable[Answer]] = rows_of
    """The rows of that table, where they are not ``rows`` of the answer."""
    writers: Mapping[str, Writer[Answer]] = field(default_factory=dict)
    """The writers of its forms beside json and csv, by what ``format`` calls them."""
