"""Made-up questions to the API, with what plain Python over all records answers to each."""

import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from oracle import at_least, between, by_value, has, overlaps, present, sides_of
from reading import Json, World
from strange import DATES, TEXTS

from app.names.alike import sounding, spelt
from app.query.filters import (
    AtLeast,
    Between,
    Discrete,
    Filter,
    FullText,
    Identity,
    Presence,
    Span,
    YesNo,
)
from app.query.params import Language
from app.query.resource import Resource
from app.query.terms import fold, query_terms
from app.resources import RESOURCES

Pairs = list[tuple[str, str]]
Known = Mapping[tuple[str, str], dict[str, set[str]]]
"""The records that have each value, by collection and filter."""

BY_NAME = {one.name: one for one in RESOURCES}
IDENTIFYING = ("json", "csv", "ndjson", "geojson")
"""Forms in which each record tells its id, whatever fields are chosen."""
SIGNS = re.compile(r'["\u201c-\u201e\uff02*\uff0a:\uff1a]|(?<!\S)-')
"""What may ask for more than words."""
COLUMNS = ("source_names", "reference_names", "source_text", "reference_text")


@dataclass(frozen=True)
class Question:
    """A request, and the ids that answer it in their order; None where it may be refused."""

    path: str
    parameters: Pairs
    expected: list[str] | None = None
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    """How many records have each value, by facet."""
    ordered: bool = True
    """Whether their order is told; that of a search is for other tests."""

    def target(self, cursor: str | None = None) -> str:
        """The address that is asked."""
        more = [("cursor", cursor)] if cursor else []
        return f"{self.path}?{urlencode([*self.parameters, *more])}"


@dataclass(frozen=True)
class Base:
    """All that is known, and what sources state of it."""

    every: World
    stated: World
    documents: Mapping[str, tuple[str, Mapping[str, set[str]]]]
    """The collection of each record that search finds, and the terms in each of its columns."""


class Asker:
    """Makes questions, the same for the same number."""

    def __init__(self, base: Base, number: int) -> None:
        self.base, self.chance = base, random.Random(number)  # noqa: S311
        self._values = {
            only: {
                (one.name, name): by_value(world, one, name)
                for one in RESOURCES
                for name, asks in one.all_filters.items()
                if isinstance(asks, Discrete)
            }
            for only, world in ((False, base.every), (True, base.stated))
        }

    def maybe(self, likely: float) -> bool:
        return self.chance.random() < likely

    def question(self) -> Question:
        """Any question."""
        kinds = (self.listed, self.facets, self.pivot, self.one, self.search)
        return self.chance.choices(kinds, (12, 4, 4, 2, 3))[0]()

    def manner(self, *, only: bool) -> Pairs:
        """How names are told, and on what an answer rests."""
        pairs: Pairs = [("basis", "source")] if only else []
        if self.maybe(0.4):
            pairs.append(("lang", self.chance.choice([*Language]).value))
        if self.maybe(0.2):
            countries = [*self.base.every["countries"].values()]
            pairs.append(("names_by", self.chance.choice(countries)["slug"]))
        return pairs

    # ------------------------------------------------------------------------- lists

    def listed(self) -> Question:
        """A list."""
        resource, only = self.chance.choice(RESOURCES), self.maybe(0.4)
        asked, found = self.filtered(resource, only, self.chance.choice([0, 1, 1, 2, 2, 3]))
        sort = self.sort(resource)
        pairs = [*asked, *self.manner(only=only), *self.shown(resource), ("sort", sort)]
        least = max(1, len(found or ()) // 3)
        pairs.append(
            ("limit", str(self.chance.choice([min(least, 200), least % 200 + 1, 50, 200])))
        )
        if self.maybe(0.2):
            pairs.append(("with_total", "true"))
        expected = None if found is None else self.order(resource, found, sort, only)
        return Question(f"/v1/{resource.name}", pairs, expected)

    def shown(self, resource: Resource) -> Pairs:
        """What of each record is told, and in which form."""
        pairs: Pairs = []
        if self.maybe(0.3):
            some = self.chance.sample(resource.shown, self.chance.randint(1, 4))
            pairs.append(("fields", ",".join(some)))
        if resource.includes and self.maybe(0.4):
            pairs.append(("include", ",".join(resource.includes)))
        if self.maybe(0.3):
            forms = [name for name in IDENTIFYING if name in resource.forms]
            pairs.append(("format", self.chance.choice(forms)))
        return pairs

    def sort(self, resource: Resource) -> str:
        keys = self.chance.sample(list(resource.all_sorts), self.chance.choice([1, 1, 1, 2, 3]))
        return ",".join(f"-{key}" if self.maybe(0.5) else key for key in keys)

    def order(self, resource: Resource, found: Iterable[str], sort: str, only: bool) -> list[str]:
        """The records in an order, one key after the other, the least important first."""
        every, seen = (world[resource.name] for world in (self.base.every, self.base.stated))
        ordered = sorted(found)
        for name in reversed(sort.split(",")):
            for key in reversed(SORTS[name.removeprefix("-")]):
                keys = {id: key(every[id], seen[id] if only else every[id]) for id in ordered}
                known = [id for id in ordered if keys[id] is not None]
                known.sort(key=keys.__getitem__, reverse=name.startswith("-"))
                ordered = known + [id for id in ordered if keys[id] is None]
        return ordered

    # ----------------------------------------------------------------------- filters

    def filtered(
        self, resource: Resource, only: bool, number: int, without: str | None = None
    ) -> tuple[Pairs, set[str] | None]:
        """Some filters, and the records that pass them all; None where one may be refused."""
        world = self.base.stated if only else self.base.every
        found: set[str] | None = set(world[resource.name])
        pairs: Pairs = []
        for name in self.chance.sample(list(resource.all_filters), number):
            if name != without:
                asked, passing = self.asked(resource, name, only)
                pairs += asked
                found = None if found is None or passing is None else found & passing
        return pairs, found

    def asked(self, resource: Resource, name: str, only: bool) -> tuple[Pairs, set[str] | None]:
        """One filter, and the records that pass it."""
        one = resource.all_filters[name]
        here = (self.base.stated if only else self.base.every)[resource.name]
        for kind, ask in self.kinds().items():
            if isinstance(one, kind):
                return ask(resource, name, here, only)
        # A filter of one collection alone.
        return [], set(here)

    def kinds(self) -> dict[type[Filter], Callable[..., tuple[Pairs, set[str] | None]]]:
        return {
            YesNo: self._yes_no, Discrete: self._discrete, Span: self._span,
            Presence: self._presence, Between: self._between, FullText: self._words,
            AtLeast: self._at_least,
        }  # fmt: skip

    def _having(self, resource: Resource, name: str, only: bool) -> dict[str, set[str]]:
        return self._values[only][resource.name, name]

    def _yes_no(
        self, resource: Resource, name: str, _here: Mapping[str, Json], only: bool
    ) -> tuple[Pairs, set[str]]:
        wanted = self.chance.choice(["true", "false"])
        return [(name, wanted)], self._having(resource, name, only).get(wanted, set())

    def _discrete(
        self, resource: Resource, name: str, here: Mapping[str, Json], only: bool
    ) -> tuple[Pairs, set[str] | None]:
        known = self._having(resource, name, only)
        every = set(here)
        if has(resource, name) and self.maybe(0.3):
            having = set().union(*known.values())
            wanted = self.maybe(0.5)
            return [(f"has_{name}", str(wanted).lower())], having if wanted else every - having
        # What may be asked for where nothing is seen to have it is told by the answers alone.
        values = [*self._having(resource, name, False)]
        if not values:
            return [], every
        chosen = self.chance.sample(values, min(len(values), self.chance.randint(1, 3)))
        wanted_ones = [value for value in chosen if self.maybe(0.6)]
        unwanted = [value for value in chosen if value not in wanted_ones]
        written = [self._written(resource, name, value) for value in wanted_ones]
        written += [f"!{self._written(resource, name, value)}" for value in unwanted]
        pairs = [(name, one) for one in written] if self.maybe(0.5) else [(name, ",".join(written))]
        if isinstance(resource.all_filters[name], Identity):
            # Records that a request does not see can be named all the same.
            known = {
                value: ids & every for value, ids in self._having(resource, name, False).items()
            }
        elif any(value not in known for value in chosen) and _closed(resource, name):
            return pairs, None
        found = every
        if wanted_ones:
            found = found & set().union(*(known.get(value, set()) for value in wanted_ones))
        return pairs, found.difference(*(known.get(value, set()) for value in unwanted))

    def _written(self, resource: Resource, name: str, value: str) -> str:
        """A value as somebody might write it."""
        if hasattr(resource.all_filters[name], "to") and self.maybe(0.3):
            return value.upper()
        return value

    def _span(
        self, _resource: Resource, name: str, here: Mapping[str, Json], _only: bool
    ) -> tuple[Pairs, set[str]]:
        if self.maybe(0.2):
            wanted = self.maybe(0.5)
            found = {id for id, one in here.items() if overlaps(one, None, None) == wanted}
            return [(f"has_{name}", str(wanted).lower())], found
        days = [date.min, date.max, date(2025, 3, 22), date(2025, 3, 21), date(2000, 1, 1)]
        first, last = sorted([self.chance.choice(days), self.chance.choice(days)])
        ends = self.chance.choice([(first, last), (first, None), (None, last)])
        pairs = [
            (f"{name}_{end}", day.isoformat())
            for end, day in zip(("from", "to"), ends, strict=True)
            if day
        ]
        return pairs, {id for id, one in here.items() if overlaps(one, *ends)}

    def _presence(
        self, resource: Resource, name: str, here: Mapping[str, Json], _only: bool
    ) -> tuple[Pairs, set[str]]:
        wanted = self.maybe(0.5)
        one = resource.all_filters[name]
        found = {id for id, record in here.items() if present(one, record) == wanted}
        return [(name, str(wanted).lower())], found

    def _at_least(
        self, _resource: Resource, name: str, here: Mapping[str, Json], _only: bool
    ) -> tuple[Pairs, set[str]]:
        number = self.chance.choice([1, 1, 2, 2, 3, 4])
        return [(name, str(number))], {id for id, one in here.items() if at_least(one, number)}

    def _between(
        self, resource: Resource, name: str, here: Mapping[str, Json], only: bool
    ) -> tuple[Pairs, set[str]]:
        world = self.base.stated if only else self.base.every
        one, other = self.chance.sample(sides_of(self.base.every, resource, name), 2)
        found = {
            id for id, each in here.items() if between(world, resource, name, each, (one, other))
        }
        return [(name, f"{one},{other}")], found

    def _words(
        self, _resource: Resource, name: str, here: Mapping[str, Json], only: bool
    ) -> tuple[Pairs, set[str] | None]:
        text = self.text()
        if refusable(text):
            return [(name, text)], None
        return [(name, text)], set(here) & self.holding(query_terms(text), searched(only=only))

    # ----------------------------------------------------------------- facets and records

    def facets(self) -> Question:
        """The counts of one facet; of several where no count is expected."""
        resource, only = self.chance.choice(RESOURCES), self.maybe(0.4)
        name = self.chance.choice(list(resource.facets))
        asked, found = self.filtered(resource, only, self.chance.choice([0, 0, 1, 2]), name)
        pairs = [*asked, *self.manner(only=only), ("facet", name)]
        if found is None:
            return Question(f"/v1/{resource.name}/facets", pairs)
        counted = {
            value: len(ids & found) for value, ids in self._having(resource, name, only).items()
        }
        counts = {value: number for value, number in counted.items() if number}
        return Question(f"/v1/{resource.name}/facets", pairs, None, {name: counts})

    def pivot(self) -> Question:
        """The counts by one facet or by two."""
        resource, only = self.chance.choice(RESOURCES), self.maybe(0.4)
        number = min(self.chance.choice([1, 2, 2]), len(resource.facets))
        by = self.chance.sample(list(resource.facets), number)
        asked, _ = self.filtered(resource, only, self.chance.choice([0, 0, 1, 2]))
        pairs = [*asked, *self.manner(only=only), ("by", ",".join(by))]
        if self.maybe(0.5):
            pairs.append(("zeros", "false"))
        return Question(f"/v1/{resource.name}/pivot", pairs)

    def one(self) -> Question:
        """One record."""
        resource, only = self.chance.choice(RESOURCES), self.maybe(0.4)
        record = self.chance.choice([*self.base.every[resource.name].values()])
        shown = [pair for pair in self.shown(resource) if pair[0] != "format"]
        written = self.chance.choice([record["id"], record["slug"], record["slug"].upper()])
        return Question(f"/v1/{resource.name}/{written}", [*shown, *self.manner(only=only)])

    # ------------------------------------------------------------------------- search

    def text(self) -> str:
        """Something to look for, also what nothing holds."""
        if self.maybe(0.2):
            return " ".join(self.chance.sample(TEXTS, 2))[:200]
        return self.chance.choice([*TEXTS, *DATES])[:200]

    def search(self) -> Question:
        """A search of all collections."""
        text, only = self.text(), self.maybe(0.4)
        pairs = [("q", text), *self.manner(only=only)]
        if collections := self.chance.sample([*BY_NAME], self.chance.choice([0, 0, 1, 3])):
            pairs.append(("collection", ",".join(collections)))
        if refusable(text) or SIGNS.search(text):
            return Question("/v1/search", pairs)
        found = self.holding(query_terms(text), searched(only=only))
        names = [name for name in searched(only=only) if name.endswith("names")]
        if query_terms(text) and not self.holding(query_terms(text), names) & self.seen(only):
            found |= self.called_like(text, names)
        found &= self.seen(only)
        chosen = found if not collections else {id for id in found if self.of(id) in collections}
        pairs.append(("limit", str(self.chance.choice([min(200, len(chosen) // 3 + 1), 50]))))
        counts = dict.fromkeys(BY_NAME, 0)
        for id in found:
            counts[self.of(id)] += 1
        return Question("/v1/search", pairs, sorted(chosen), {"counts": counts}, ordered=False)

    def called_like(self, text: str, names: Sequence[str]) -> set[str]:
        """The records whose names are spelt otherwise or sound alike."""
        alike = [*spelt(text), *sounding(text)]
        return {id for term in alike for id in self.holding([term], names)}

    def seen(self, only: bool) -> set[str]:
        """The records that can be listed."""
        world = self.base.stated if only else self.base.every
        return {id for records in world.values() for id in records}

    def of(self, id: str) -> str:
        return self.base.documents[id][0]

    def record(self, id: str) -> Json:
        return self.base.every[self.of(id)][id]

    def holding(self, terms: Sequence[str], columns: Sequence[str]) -> set[str]:
        """The records that hold every term, each in any of some columns."""
        if not terms:
            return set()
        return {
            id
            for id, (_, held) in self.base.documents.items()
            if {*terms} <= set().union(*(held[name] for name in columns))
        }


def searched(*, only: bool) -> list[str]:
    """The columns that are looked through."""
    return [name for name in COLUMNS if not (only and name.startswith("reference"))]


def refusable(text: str) -> bool:
    """Whether there may be nothing to look for, or too much."""
    return not text.strip() or len(query_terms(text)) > 64


def _closed(resource: Resource, name: str) -> bool:
    """Whether a value that a request does not see is refused as unknown."""
    return type(resource.all_filters[name]).__name__ == "Known"


def sort_name(record: Json) -> str:
    return fold(record["name"] or record["label"])[:500]


SORTS: dict[str, list[Callable[[Json, Json], Any]]] = {
    "name": [lambda every, _: sort_name(every)],
    **{
        name: [lambda every, _, name=name: every[name]]  # type: ignore[misc]
        for name in ("slug", "id", "created_at", "updated_at")
    },
    "date": [
        lambda _, seen: seen["date_earliest"],
        lambda _, seen: seen["date_latest"],
    ],
    "position": [
        lambda every, _: every["source"]["id"],
        lambda every, _: every["start"]["code_point"],
    ],
}
"""What records are sorted by: of all that is known, or of what a request sees."""
