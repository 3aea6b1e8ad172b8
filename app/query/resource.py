"""What the mechanism needs to know of a collection, as plain data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from pydantic import BaseModel, Field, create_model

from app.models import Collection, Contradiction, Evidence, Record, Strength
from app.query import params, parse
from app.query.filters import (
    AtLeast,
    Choice,
    Discrete,
    Filter,
    FullText,
    Presence,
    Reference,
    identities,
)
from app.query.forms import enumeration, suiting
from app.query.forms.writer import Page, Writer
from app.query.resolve import Among
from app.query.shape import Out, Plan, Table, lists
from app.query.values import link, own

COMMON_SORTS = {
    "name": (Record.sort_name,),
    "slug": (Record.slug,),
    "id": (Record.id,),
    "created_at": (Record.created_at,),
    "updated_at": (Record.updated_at,),
}


COMMON_FILTERS: Mapping[str, Filter] = {
    "strength": Choice(
        "The strongest way in which a source carries it.", own(Record.strength), enum=Strength
    ),
    "sources_min": AtLeast("At least so many independent sources carry it.", Record.sources),
    "has_contradictions": Presence(
        "Whether sources contradict each other on one of its fields.",
        link(Contradiction.record_id, Contradiction.position),
        "contradictions",
    ),
    "has_name": Presence("Whether a name is known.", own(Record.name), "name"),
    "q": FullText("Names, in any script, and what records say: every word must be found."),
}

CARRIED_FILTERS: Mapping[str, Filter] = {
    "source": Reference(
        "A source that carries it; id or slug.",
        link(Evidence.record_id, Evidence.source_id),
        to=Among(Collection.sources),
    ),
}
"""Of the collections whose records rest on evidence."""


@dataclass(frozen=True, kw_only=True)
class Resource:
    """One collection of the API."""

    collection: Collection
    about: str
    """What one of its records is, for the documentation."""
    table: Table
    out: type[Out]
    filters: Mapping[str, Filter]
    sorts: Mapping[str, Sequence[Any]]
    """Sort keys of its own, beside those that every collection has."""
    default_sort: str = "name"
    also: tuple[Any, ...] = ()
    """Columns that name its records beside id and slug."""

    @property
    def name(self) -> str:
        """Its name in addresses."""
        return self.collection.value

    @property
    def title(self) -> str:
        """What its models are called after."""
        return self.out.__name__.removesuffix("Out")

    @property
    def is_carried(self) -> bool:
        """Whether its records rest on evidence."""
        return "evidence" in self.out.model_fields

    @property
    def among(self) -> Among:
        """Where references to its records look."""
        return Among(self.collection, self.also)

    @cached_property
    def all_filters(self) -> Mapping[str, Filter]:
        """Its filters, and those that every collection has."""
        return {**identities(self.among), **self.own_filters, **COMMON_FILTERS}

    @property
    def own_filters(self) -> Mapping[str, Filter]:
        """The filters that not every collection has."""
        return {**self.filters, **(CARRIED_FILTERS if self.is_carried else {})}

    @cached_property
    def own_parameters(self) -> list[str]:
        """The parameters of its own filters, but for those that ask whether a value is known."""
        found = [
            (name, each) for name, one in self.own_filters.items() for each in one.parameters(name)
        ]
        return [each for name, each in found if each == name or not each.startswith("has_")]

    @cached_property
    def all_sorts(self) -> Mapping[str, Sequence[Any]]:
        """Its sort keys, and those that every collection has."""
        return {**self.sorts, **COMMON_SORTS}

    @cached_property
    def facets(self) -> Mapping[str, Discrete]:
        """The filters whose values can be counted."""
        filters = self.all_filters.items()
        return {name: one for name, one in filters if isinstance(one, Discrete) and one.counts}

    @cached_property
    def includes(self) -> tuple[str, ...]:
        """The fields that are absent unless asked for."""
        return tuple(name for name in self.out.model_fields if name in self.plan.included)

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The fields that are always there."""
        return tuple(name for name in self.out.model_fields if name not in self.includes)

    @cached_property
    def forms(self) -> Mapping[str, Writer[Page]]:
        """The forms in which its records come."""
        return suiting(self.out)

    @cached_property
    def form(self) -> type[StrEnum]:
        """Their names."""
        return enumeration(f"{self.title}Form", self.forms)

    @cached_property
    def plan(self) -> Plan:
        """How its records are read."""
        return Plan.of(self.out, self.table)

    @cached_property
    def lists(self) -> set[str]:
        """The fields that hold lists."""
        return lists(self.out)

    @cached_property
    def filter_parameters(self) -> dict[str, Any]:
        """Type and default of every parameter of every filter."""
        found: dict[str, Any] = {}
        for name, one in self.all_filters.items():
            found |= one.parameters(name)
        return found

    @cached_property
    def list_parameters(self) -> type[params.ListParameters]:
        """The parameters of its list: with these names, types and words they are documented."""
        return create_model(
            f"{self.title}ListParameters",
            __base__=params.ListParameters,
            **self.filter_parameters,
            **params.embedding(self.includes, self.shown),
            **params.coming(self.form),
            **params.sorting(tuple(self.all_sorts), self.default_sort),
        )

    @cached_property
    def export_parameters(self) -> type[params.ExportParameters]:
        """The parameters of its exports."""
        return create_model(
            f"{self.title}ExportParameters",
            __base__=params.ExportParameters,
            **self.filter_parameters,
            **params.embedding(self.includes, self.shown),
            **params.sorting(tuple(self.all_sorts), self.default_sort),
        )

    @cached_property
    def facet_parameters(self) -> Any:
        """The parameters of its facets."""
        facet = params.names(tuple(self.facets))
        about = "Whose values to count; several, separated by commas or repeated."
        return create_model(
            f"{self.title}FacetParameters",
            __base__=params.Manner,
            facet=(facet, Field(min_length=1, description=about)),
            **self.filter_parameters,
        )

    @cached_property
    def pivot_parameters(self) -> Any:
        """The parameters of its pivot."""
        facets = tuple(self.facets)
        by = "One dimension or two: the facets by which to count."
        distinct = "Counts the different values of this facet, instead of records."
        zeros = "Whether pairs of values that count nothing have a row; true unless told."
        return create_model(
            f"{self.title}PivotParameters",
            __base__=params.TabularManner,
            by=(params.dimensions(facets), Field(min_length=1, description=by)),
            distinct=(params.name(facets), Field(default=None, description=distinct)),
            zeros=(parse.Flag, Field(default=None, description=zeros)),
            **self.filter_parameters,
        )

    @cached_property
    def record_parameters(self) -> Any:
        """The parameters of one of its records."""
        return create_model(
            f"{self.title}Parameters",
            __base__=params.RecordParameters,
            **params.embedding(self.includes, self.shown),
            **params.coming(self.form),
        )

    @cached_property
    def page(self) -> type[BaseModel]:
        """The answer of its list."""
        items: Any = list[self.out]  # type: ignore[name-defined]
        return create_model(
            f"{self.title}Page",
            __doc__=f"A page of {self.name}.",
            items=(items, Field(description="The records of this page.")),
            next_cursor=(
                str | None,
                Field(description="Asks for the next page; null on the last."),
            ),
            total=(int, Field(default=0, description="How many match; only with `with_total`.")),
        )

    @cached_property
    def section(self) -> type[BaseModel]:
        """A list told within another answer: its first records, and where all of it is."""
        items: Any = list[self.out]  # type: ignore[name-defined]
        return create_model(
            f"{self.title}Section",
            __doc__=f"The first of some {self.name}, and how many there are.",
            count=(int, Field(description="How many there are.")),
            url=(str, Field(description="The list of them all.")),
            items=(items, Field(description="The first of them, in the order of that list.")),
        )
