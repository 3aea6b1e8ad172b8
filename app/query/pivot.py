"""Pivots: how many records of a collection there are by one or two of its facets."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import product
from math import prod
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict

from app.errors import InvalidQuery, fault
from app.models import Collection
from app.query.counting import Counts, counts
from app.query.filters import Asked, Discrete
from app.query.listing import Listing, keys_of, total
from app.query.values import Values

DIMENSIONS_AT_MOST = 2
ROWS_AT_MOST = 10_000
UNKNOWN = {"value": None, "name": "not known"}

Address = Mapping[str, str]
"""What a list is asked, in the place of what the pivot was asked of its dimensions."""


class PivotKey(BaseModel):
    """A value by which records are counted."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    value: str | None
    """As the filter of the same name takes it; null for records of which none is known."""
    name: str
    """As people call it."""


class PivotRow(BaseModel):
    """How many records have a value or, by two dimensions, a pair of values."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    row: PivotKey
    """Of the first dimension."""
    column: PivotKey | None
    """Of the second; null where there is one dimension alone."""
    count: int
    """How many records or, with `distinct`, how many different values they have."""
    url: str
    """The list that is counted or, with `distinct`, the facet."""


class Pivot(BaseModel):
    """Counts by one dimension or two. A record with several values counts under each of them."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    collection: Collection
    """What is counted."""
    by: list[str]
    """The dimensions."""
    distinct: str | None
    """Whose different values are counted, where it is not records."""
    total: int
    """How many records match, each counted once."""
    url: str
    """Their list."""
    rows: list[PivotRow]
    """All of them; there is no page after it."""


@dataclass(frozen=True)
class Dimension:
    """One facet by which records are counted, and what was asked of it.

    A value that was asked for chooses a row and leaves the records as they are, so that a row
    counts the same whether or not the other rows are shown.
    """

    listing: Listing
    name: str

    @property
    def facet(self) -> Discrete:
        """How its values are known."""
        return self.listing.resource.facets[self.name]

    @cached_property
    def wanted(self) -> Sequence[Any]:
        """The values that have a row; all where none is named."""
        asked = Asked(self.listing.context, self.listing.id, self.listing.given)
        return self.facet.among(asked, self.name, self.chosen[0]) if self.chosen[0] else ()

    @cached_property
    def chosen(self) -> tuple[list[str], list[str]]:
        """What its filter was asked for, and what it was asked to leave out."""
        return self.facet.chosen(self.name, self.listing.given)

    @property
    def values(self) -> Values:
        """What the records have of it, so far as the request may see it."""
        return self.facet.seen(self.name, self.listing.context)

    @property
    def having(self) -> Sequence[sa.ColumnElement[bool]]:
        """What is true of the records that stand in a row that was chosen."""
        return [self.values.having(self.listing.id, self.wanted)] if self.chosen[0] else ()

    def shows(self, value: Any) -> bool:
        """Whether a value, which is None where it is not known, has a row."""
        return value in self.wanted if self.chosen[0] else True

    def left(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """``given`` without the values that choose rows."""
        kept = {name: value for name, value in given.items() if name != self.name}
        excluded = [f"!{value}" for value in self.chosen[1]]
        return kept | ({self.name: excluded} if excluded else {})

    def keys(self, counted: Counter[Any], *, zeros: bool) -> dict[Any, Mapping[str, Any]]:
        """The values that have a row, in their order, as they are asked for and called."""
        known = [value for value in counted if value is not None]
        shown = list(self.wanted) or known
        if zeros and not self.wanted:
            excluded = set(self.chosen[1])
            shown = [value for value in self.facet.filled(known) if value not in excluded]
        keys = keys_of(self.listing.context, self.facet, shown)
        ordered = sorted(keys, key=lambda value: self._place(counted[value], value, keys[value]))
        found: dict[Any, Mapping[str, Any]] = {value: keys[value] for value in ordered}
        if counted[None]:
            found[None] = UNKNOWN
        return found

    def _place(self, count: int, value: Any, key: Mapping[str, Any]) -> Any:
        """Where a value stands: in an order of its own, or after those that weigh more."""
        return value if self.facet.ordered else (-count, key["value"])

    def address(self, key: Mapping[str, Any]) -> Address:
        """What the list of a row is asked."""
        if key["value"] is None:
            excluded = {self.name: ",".join(f"!{one}" for one in self.chosen[1])}
            return {f"has_{self.name}": "false"} | (excluded if self.chosen[1] else {})
        return {self.name: ",".join([key["value"], *(f"!{one}" for one in self.chosen[1])])}


@dataclass(frozen=True)
class Counted:
    """One row, and what its list is asked of the dimensions."""

    keys: Sequence[Mapping[str, Any]]
    count: int
    address: Address


def dimensions(listing: Listing, by: Sequence[str], distinct: str | None) -> list[Dimension]:
    """The dimensions of a pivot. Raises InvalidQuery for more than there can be, or for one twice.

    What is counted cannot also be what it is counted by: a filter chooses rows there, and records
    here.
    """
    if len(by) > DIMENSIONS_AT_MOST:
        detail = f"A pivot has at most {DIMENSIONS_AT_MOST} dimensions."
        raise InvalidQuery(detail, [fault("too_many_values", "by", detail)])
    if distinct in by or {distinct, f"has_{distinct}"} & {*listing.given}:
        detail = "What is counted cannot be a dimension or a filter as well: take one of them out."
        raise InvalidQuery(detail, [fault("counted_twice", "distinct", detail)])
    return [Dimension(listing, name) for name in by]


def pivot(
    listing: Listing, by: Sequence[str], distinct: str | None, *, zeros: bool
) -> tuple[int, list[Counted]]:
    """How many records match, and the rows. Raises InvalidQuery for more rows than are given."""
    asked = dimensions(listing, by, distinct)
    # It also looks at every filter, those that choose rows among them.
    number = total(listing)
    return number, list(_rows(asked, _counts(asked, distinct), zeros=zeros))


def unchosen(asked: Sequence[Dimension]) -> Listing:
    """The list whose records are counted: without the values that choose rows."""
    listing = asked[0].listing
    given = listing.given
    for one in asked:
        given = one.left(given)
    return replace(listing, given=given)


def _counts(asked: Sequence[Dimension], distinct: str | None) -> Counts:
    """How much there is of each pair of values that have a row."""
    listing = unchosen(asked)
    different = None if distinct is None else Dimension(listing, distinct).values
    records = partial(listing.matching, also=[each for one in asked for each in one.having])
    by = [one.values for one in asked]
    found = counts(listing.context.session, records, listing.id, by, different)
    shown = {
        pair: number
        for pair, number in found.items()
        if all(one.shows(value) for one, value in zip(asked, pair, strict=True))
    }
    check_rows(len(shown))
    return shown


def _rows(asked: Sequence[Dimension], found: Counts, *, zeros: bool) -> Iterator[Counted]:
    keys = [one.keys(_weights(found, place), zeros=zeros) for place, one in enumerate(asked)]
    if zeros:
        check_rows(prod(map(len, keys)))
    places = [{value: place for place, value in enumerate(values)} for values in keys]
    some = (pair for pair, count in found.items() if count)
    pairs: Iterable[tuple[Any, ...]] = (
        product(*keys)
        if zeros
        else sorted(
            some, key=lambda pair: [place[value] for place, value in zip(places, pair, strict=True)]
        )
    )
    for pair in pairs:
        named = [values[value] for values, value in zip(keys, pair, strict=True)]
        address: dict[str, str] = {}
        for one, key in zip(asked, named, strict=True):
            address |= one.address(key)
        yield Counted(named, found.get(pair, 0), address)


def check_rows(rows: int) -> None:
    """Refuse what would be more rows than are given: fewer than there are would mislead."""
    if rows > ROWS_AT_MOST:
        detail = (
            f"There would be more than {ROWS_AT_MOST} rows: choose values, or narrow by filter."
        )
        raise InvalidQuery(detail, [fault("too_many_rows", "by", detail)])


def _weights(found: Counts, place: int) -> Counter[Any]:
    """How much there is of each value of one dimension, over all of the other."""
    weights: Counter[Any] = Counter()
    for values, count in found.items():
        weights[values[place]] += count
    return weights
