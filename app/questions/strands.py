"""The kinds of entries that a timeline has, and what each of them can be asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from typing import Any

import sqlalchemy as sa

from app import models as m
from app.errors import FAULTS_AT_MOST, InvalidQuery
from app.models import Basis, ProposalStageRow, Record
from app.query.context import Context, shown
from app.query.filters import Asked, Choice, Condition, Filter, Parameters, Span
from app.query.periods import periods
from app.query.resource import Resource
from app.query.values import Values
from app.questions.beside import Undated, undated
from app.questions.question import Given
from app.resources import incidents, meetings, proposals, silences, statements


class Kind(StrEnum):
    """What an entry of a timeline is."""

    meetings = "meetings"
    statements = "statements"
    silences = "silences"
    incidents = "incidents"
    stages = "stages"


FILTERS = {
    "country": "The country of who met, spoke, kept silent, acted, was affected or proposes.",
    "participant": "Who took part, said it, kept silent, acted for a country, or proposes.",
    "topic": "Topic; includes the topics below it.",
    "meeting": "The meeting itself, and what belongs to it; id or slug.",
    "series": "Series of the meeting itself, or of the one to which something belongs.",
    "about": "A country that words are about, or what was not said.",
    "voice": "Who asserts it.",
    "source": "A source that carries it; id or slug. Of a stage: that carries its proposal.",
    "status": "Whether a meeting took place.",
    "between": "Both met, or acted and were affected; one spoke, kept silent or proposes, about or"
    " to the other.",
    "date": "Dated",
    "year": "The year in which the whole of its date lies, such as `2025`.",
    "quarter": "The quarter in which the whole of its date lies, such as `2025-Q1`.",
    "month": "The month in which the whole of its date lies, such as `2025-03`.",
    "strength": "The strongest way in which a source carries it; of a stage, its proposal.",
    "sources_min": "At least so many independent sources carry it; of a stage, its proposal.",
    "has_contradictions": "Whether sources contradict each other on one of its fields; of a stage,"
    " on one of its proposal.",
    "has_name": "Whether a name is known; of a stage, one of its proposal.",
    "q": "Names, in any script, and what records say: every word must be found.",
}
"""What a timeline is asked. Kinds of entries that lack one of these are left out."""


@dataclass(frozen=True, kw_only=True)
class Strand:
    """One kind of entry: its dated rows, and the records that are or have them."""

    kind: Kind
    resource: Resource
    table: Any
    """The table that holds the dates."""
    id: Any
    """Its column with the record's id."""
    position: Any = None
    """Its column that tells the entries of one record apart, where there can be several."""
    within: Any = ""
    """Where in its record the date stands, as ``reference_fields`` has it."""
    part: Any = None
    """Of which part the evidence tells it, where the whole record is not meant."""
    called: Mapping[str, str] = field(default_factory=dict)
    """What the record's list calls a filter, where it is not by the timeline's name."""
    own: Mapping[str, Filter] = field(default_factory=dict)
    """Filters that ask the row, and not its record."""

    @cached_property
    def filters(self) -> Mapping[str, Filter]:
        """Its filters, by the timeline's names."""
        there = self.resource.all_filters
        asked = {
            name: self.own.get(name, there.get(self.called.get(name, name))) for name in FILTERS
        }
        return {name: one for name, one in asked.items() if one is not None}

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """Its parameters, each with the name of it in the record's list."""
        found: dict[str, str] = {}
        for name, one in self.filters.items():
            there = one.parameters(self.called.get(name, name))
            found |= dict(zip(one.parameters(name), there, strict=True))
        return found

    def lacks(self, given: Given) -> list[str]:
        """What was asked that this kind of entry cannot be asked."""
        return [name for name in given if name not in self.parameters]

    def listed(self, given: Given) -> Given:
        """What the list of its records is asked, so far as that can ask it."""
        of_rows = {name for one in self.own for name in self.own[one].parameters(one)}
        return {self.parameters[name]: given[name] for name in given if name not in of_rows}

    def rows(self) -> Any:
        """What its entries are read from: the table, beside the record of each row."""
        rows = sa.join(self.table, Record, Record.id == self.id)
        apart = self.resource.table is not self.table
        table: Any = self.resource.table
        return sa.join(rows, table, table.id == self.id) if apart else rows

    def conditions(self, asked: Asked) -> list[Condition]:
        """What is asked of a row; faults are collected in ``asked``."""
        found: list[Condition] = []
        if asked.context.source_only:
            found.append(Record.basis == Basis.source)  # type: ignore[arg-type]
        for name, one in self.filters.items():
            found += one.conditions(name, asked)
        return found

    def seen(self, name: str, context: Context) -> Any:
        """A column of its dates, null where this request may not see it."""
        column = getattr(self.table, name)
        return shown(self.id, column, self.within + name, source_only=context.source_only)

    def undated(self, context: Context) -> Undated:
        """Its rows, where they have no date."""
        collection = self.resource.collection
        row, only = self.table, context.source_only
        return undated(row, self.id, collection, only, self.within, self.part)


@dataclass(frozen=True)
class OfRow(Values):
    """A column of the very row, which is one of several of its record."""

    @property
    def own(self) -> bool:
        return True


STAGE = "stages/" + sa.cast(ProposalStageRow.position, sa.Text) + "/"
STAGE_FILTERS: Mapping[str, Filter] = {
    "voice": Choice(
        FILTERS["voice"],
        OfRow(ProposalStageRow.proposal_id, ProposalStageRow.voice),
        enum=m.Voice,
    ),
    "date": Span(
        FILTERS["date"], ProposalStageRow.date_earliest, ProposalStageRow.date_latest, STAGE
    ),
    **periods(ProposalStageRow, ProposalStageRow.proposal_id, STAGE),
}


def whole(kind: Kind, resource: Resource, **called: str) -> Strand:
    """The entries that are records themselves."""
    table: Any = resource.table
    return Strand(kind=kind, resource=resource, table=table, id=table.id, called=called)


STRANDS = (
    whole(Kind.meetings, meetings.RESOURCE, meeting="id"),
    whole(Kind.statements, statements.RESOURCE, participant="speaker"),
    whole(Kind.silences, silences.RESOURCE),
    whole(Kind.incidents, incidents.RESOURCE),
    Strand(
        kind=Kind.stages,
        resource=proposals.RESOURCE,
        table=ProposalStageRow,
        id=ProposalStageRow.proposal_id,
        position=ProposalStageRow.position,
        within=STAGE,
        part="stages/" + sa.cast(ProposalStageRow.stage, sa.Text),
        called={"participant": "proposer"},
        own=STAGE_FILTERS,
    ),
)
"""Every kind of entry. A stage is kept with its proposal; its voice and date are its own."""


def filter_parameters() -> Parameters:
    """Type and default of everything that at least one kind of entry can be asked."""
    found: dict[str, tuple[Any, Any]] = {}
    for name, about in FILTERS.items():
        for strand in STRANDS:
            if name in strand.filters:
                found = {**replace(strand.filters[name], about=about).parameters(name), **found}
    return found


def conditions(context: Context, given: Given) -> Mapping[Kind, list[Condition]]:
    """What is asked of each kind of entry. Raises InvalidQuery with every fault found.

    All kinds are asked, so that a mistake is one where it can leave nothing out as well.
    """
    every = {one.kind: Asked(context, one.id, given) for one in STRANDS}
    found = {one.kind: one.conditions(every[one.kind]) for one in STRANDS}
    faults = {
        (fault.parameter, fault.detail, fault.did_you_mean): fault
        for asked in every.values()
        for fault in asked.faults
    }
    if faults:
        told = [*faults.values()][:FAULTS_AT_MOST]
        raise InvalidQuery(" ".join(fault.detail for fault in told)[:2000], told)
    return found


def left_out(strands: Iterable[Strand], given: Given) -> dict[Kind, list[str]]:
    """The kinds of entries that cannot be asked all that was asked, with what they lack."""
    return {one.kind: lacking for one in strands if (lacking := one.lacks(given))}
