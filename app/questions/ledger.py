"""Ledgers: the statements and the silences that one question is about, by topic and side."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

from app.models import Silence, Stance, Statement, StatementKind
from app.query.resource import Resource
from app.questions.question import Answer, Asking, Labelled
from app.questions.tally import Cell, Matrix, Tally
from app.resources import silences, statements

SAID, UNSAID = statements.RESOURCE, silences.RESOURCE
WHO = {"participant": "speaker", "has_participant": "has_speaker"}
"""What statements call what silences call otherwise."""
DATES = ("date_earliest", "date_latest", "date_edtf", "date_as_written")


class Counted(BaseModel):
    """A number, and the list that is counted."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    count: int
    """How many there are."""
    url: str
    """The list of them."""


class KindCounted(Counted):
    """How many statements are of a kind."""

    kind: StatementKind


class StanceCounted(Counted):
    """How many statements take a stance to the topic, or to one below it."""

    stance: Stance


class Latest(Labelled):
    """The latest record: the first in the order of its list."""

    date_earliest: date | None
    """The first day that its date allows."""
    date_latest: date | None
    """The last day that its date allows."""
    date_edtf: str | None
    """EDTF (ISO 8601-2)."""
    date_as_written: str | None
    """The words in which the source writes it."""
    url: str
    """The whole record."""


class LatestStatement(Latest):
    """The latest statement."""

    more: ClassVar[dict[str, Any]] = {one: getattr(Statement, one) for one in DATES}


class LatestSilence(Latest):
    """The latest silence."""

    more: ClassVar[dict[str, Any]] = {one: getattr(Silence, one) for one in DATES}


class SilencesCounted(Counted):
    """How often the topic was conspicuously left out. A silence has no stance."""

    latest: Latest | None


class Position(BaseModel):
    """What one side said of one topic and of those below it, and what it did not say."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    statements: Counted
    """What it said."""
    kinds: list[KindCounted]
    """How its words are given; only kinds that there are."""
    stances: list[StanceCounted]
    """How its statements stand to the topic; only stances that there are. One can take several."""
    no_stance: Counted
    """The statements that take none, not even an unclear one."""
    latest: Latest | None
    """Its latest statement."""
    silences: SilencesCounted
    """What it did not say."""


@dataclass(frozen=True)
class Ledger:
    """The statements and the silences of one question, by topic and side."""

    asking: Asking
    said: Matrix
    unsaid: Matrix

    @staticmethod
    def of(asking: Asking, by: str, given: Mapping[str, Any]) -> "Ledger":
        """What is ``given`` as silences call it, asked of both."""
        spoken = {WHO.get(each, each): value for each, value in given.items()}
        return Ledger(
            asking,
            Matrix(asking.listing(SAID, spoken), WHO.get(by, by), Statement.kind),
            Matrix(asking.listing(UNSAID, given), by),
        )

    @cached_property
    def cells(self) -> set[Cell]:
        """Every cell in which something was said, or not said."""
        return {*self.said.tallies.cells, *self.unsaid.tallies.cells}

    @property
    def whole(self) -> Answer:
        """All of both lists."""
        return {
            matrix.listing.resource.name: self._counted(
                matrix.listing.resource, matrix.tallies.whole, matrix.listing.given
            )
            for matrix in (self.said, self.unsaid)
        }

    @property
    def of_no_side(self) -> Answer:
        """What is of no side, in both."""
        return {
            matrix.listing.resource.name: self._counted(
                matrix.listing.resource,
                matrix.tallies.of_no_side,
                {**matrix.listing.given, f"has_{matrix.side}": False},
            )
            for matrix in (self.said, self.unsaid)
        }

    def position(self, cell: Cell, topic: str, side: str) -> Answer:
        """What stands in one cell; topic and side by their slugs."""
        said, unsaid = (
            matrix.tallies.cells.get(cell, Tally()) for matrix in (self.said, self.unsaid)
        )
        asked, avoided = (matrix.asked(topic, side) for matrix in (self.said, self.unsaid))
        none = {stance.value: f"!{topic}" for stance in Stance}
        kinds = ((kind, said.kinds.get(kind)) for kind in StatementKind)
        stances = ((stance, said.stances.get(stance)) for stance in Stance)
        return {
            "statements": self._counted(SAID, said.count, asked),
            "kinds": [
                {"kind": kind, **self._counted(SAID, count, asked | {"kind": kind})}
                for kind, count in kinds
                if count
            ],
            "stances": [
                {"stance": stance, **self._counted(SAID, count, asked | {stance.value: topic})}
                for stance, count in stances
                if count
            ],
            "no_stance": self._counted(SAID, said.without, asked | none),
            "latest": self._latest_statements[said.latest],
            "silences": {
                **self._counted(UNSAID, unsaid.count, avoided),
                "latest": self._latest_silences[unsaid.latest],
            },
        }

    def _counted(self, resource: Resource, count: int, given: Mapping[str, Any]) -> Answer:
        return {"count": count, "url": self.asking.url(resource, given)}

    @cached_property
    def _latest_statements(self) -> Mapping[str | None, Answer | None]:
        return self._latest(self.said, LatestStatement)

    @cached_property
    def _latest_silences(self) -> Mapping[str | None, Answer | None]:
        return self._latest(self.unsaid, LatestSilence)

    def _latest(self, matrix: Matrix, kind: type[Latest]) -> Mapping[str | None, Answer | None]:
        """The latest record of every cell, by id."""
        ids = {tally.latest for tally in matrix.tallies.cells.values() if tally.latest}
        found = self.asking.labelled(kind, ids)
        for ref in found.values():
            ref["url"] = self.asking.record_url(matrix.listing.resource, ref["slug"])
        return {None: None} | found
