"""Where each entry of a timeline stands: by its date, its anchor, or its place in a source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from app.models import KEY, Evidence, Record
from app.query import paging
from app.query.context import Context, shown
from app.query.values import ByCodePoint
from app.questions.anchors import anchored
from app.questions.beside import (
    DATED,
    ITSELF,
    OTHERS,
    RANKS,
    Placement,
    evidence_of,
    placed,
    visible,
    word,
)
from app.questions.strands import STRANDS, Kind, Strand

ALWAYS = date.max
"""The last day of a date that has none, so that it is the widest of those that begin with it."""
KEYS: Mapping[str, tuple[type, bool, bool]] = {
    "day": (date, False, True),
    "until": (date, True, False),
    "source": (str, False, False),
    "start": (int, False, False),
    "rank": (int, False, False),
    "root": (str, False, False),
    "path": (str, False, False),
    "position": (int, False, False),
}
"""The order: type of each part, whether it descends, whether it can be unknown.

A date stands at its first day, the wider before the narrower. Entries of one date stand as their
sources tell them. Those that hang on another one stand beside it, which ``path`` tells.
"""
BESIDE = ("beside", "step", "placement")


@dataclass(frozen=True)
class Dates:
    """The date that a record has, whatever its collection, so far as this request may see it."""

    context: Context
    id: Any
    place: str
    """Where in a statement it is asked for."""

    @property
    def tables(self) -> list[Any]:
        """The tables in which the record may stand."""
        return [placed(table, self.place) for table in DATED]

    def beside(self, rows: Any) -> Any:
        """``rows``, each with the date of its record."""
        for table in self.tables:
            rows = rows.outerjoin(table, table.id == self.id)
        return rows

    @property
    def day(self) -> Any:
        """Its first day, else its last."""
        return sa.func.coalesce(*self._seen("date_earliest"), *self._seen("date_latest"))

    @property
    def until(self) -> Any:
        """Its last day."""
        return sa.func.coalesce(*self._seen("date_latest"), ALWAYS)

    def _seen(self, name: str) -> list[Any]:
        only = self.context.source_only
        return [shown(one.id, getattr(one, name), name, source_only=only) for one in self.tables]


@dataclass(frozen=True)
class Branch:
    """Some of the entries, as columns of rows that fulfil conditions."""

    columns: Mapping[str, Any]
    rows: Any
    conditions: Sequence[Any] = ()
    begun: bool = False
    """Whether the first day of all of them is known."""

    def ordered(self, descending: bool, after: Sequence[Any] | None, limit: int) -> Any:
        """The first of them after the one whose sort key is ``after``."""
        keys = sort_keys(self.columns, descending=descending, begun=self.begun)
        query = sa.select(*(column.label(name) for name, column in self.columns.items()))
        query = query.select_from(self.rows).where(*self.conditions)
        if after is not None:
            query = query.where(paging.after(keys, after))
        return query.order_by(*(key.order() for key in keys)).limit(limit)


def sort_keys(
    columns: Mapping[str, Any], *, descending: bool, begun: bool = False
) -> list[paging.Key]:
    """The parts of the sort key; where all have ``begun``, their first day leads along an index."""
    return [
        paging.Key(columns[name], down is not descending, unknown and not begun, kind)
        for name, (kind, down, unknown) in KEYS.items()
    ]


@dataclass(frozen=True)
class Placing:
    """The entries that are asked for, in their order."""

    context: Context
    asked: Mapping[Kind, Sequence[Any]]
    """What is asked of each kind of entry; those that are not asked for are not there."""
    descending: bool

    @property
    def strands(self) -> list[Strand]:
        """The kinds that are asked for."""
        return [one for one in STRANDS if one.kind in self.asked]

    def keys(self) -> list[paging.Key]:
        """The parts of the sort key, to read a cursor with."""
        return sort_keys(dict.fromkeys(KEYS), descending=self.descending)

    def page(self, after: Sequence[Any] | None, limit: int) -> Sequence[Any]:
        """The first ``limit`` entries after the one whose sort key is ``after``.

        Of each kind the first are looked for along its own index, and put together then.
        """
        branches = [*map(self._begun, self.strands), self._apart()]
        firsts = (one.ordered(self.descending, after, limit).subquery() for one in branches)
        every = sa.union_all(*map(sa.select, firsts)).subquery()
        query = Branch(dict(every.c), every).ordered(self.descending, None, limit)
        return self.context.session.execute(query).all()

    # ------------------------------------------------------------ whose first day is known

    def _begun(self, strand: Strand) -> Branch:
        """The entries of a kind whose first day is known."""
        told = placed(Evidence, "first")
        columns = {
            "kind": word(strand.kind),
            "id": strand.id,
            "placement": word(Placement.dated),
            "beside": sa.cast(sa.null(), KEY),
            "day": strand.table.date_earliest,
            "until": sa.func.coalesce(strand.seen("date_latest", self.context), ALWAYS),
            "source": sa.func.coalesce(told.source_id, ""),
            "start": sa.func.coalesce(told.start_code_point, 0),
            "rank": _number(RANKS[strand.resource.collection]),
            "root": strand.id,
            "path": word(ITSELF),
            "position": _position(strand),
        }
        rows = sa.outerjoin(strand.rows(), told, told.id == evidence_of(strand.id, strand.part))
        known = strand.seen("date_earliest", self.context).is_not(None)
        return Branch(columns, rows, [*self.asked[strand.kind], known], begun=True)

    # -------------------------------------------------------- whose first day is not known

    def _apart(self) -> Branch:
        """All other entries."""
        entry: Any = self._seated()
        near = placed(Evidence, "near")
        dates = Dates(self.context, near.record_id, "near")
        placement = sa.case(
            (entry.c.latest.is_not(None), word(Placement.dated)),
            (entry.c.beside.is_not(None), entry.c.placement),
            (entry.c.near.is_not(None), word(Placement.source)),
            else_=word(Placement.unplaced),
        )
        columns = {
            "kind": entry.c.kind,
            "id": entry.c.id,
            "placement": placement,
            "beside": sa.func.coalesce(entry.c.beside, near.record_id),
            "day": sa.func.coalesce(entry.c.day, dates.day),
            "until": sa.case((entry.c.day.is_not(None), entry.c.until), else_=dates.until),
            **{name: entry.c[name] for name in ("source", "start", "rank", "root", "path")},
            "position": entry.c.position,
        }
        return Branch(columns, dates.beside(sa.outerjoin(entry, near, near.id == entry.c.near)))

    def _seated(self) -> Any:
        """Each entry with the record whose place it takes, and what of a source is nearest to that.

        It is that on which it hangs in the end, if there is such a record, else its own.
        """
        entry = self._undated()
        seat = anchored(self.context, entry)
        told, record = placed(Evidence, "seat"), placed(Record, "seat")
        root = sa.func.coalesce(seat.c.root, entry.c.id)
        dates = Dates(self.context, seat.c.root, "seat")
        day = sa.func.coalesce(entry.c.latest, dates.day)
        own = sa.and_(seat.c.id == entry.c.id, seat.c.position == entry.c.position)
        first = sa.case((seat.c.root.is_(None), entry.c.told), else_=evidence_of(seat.c.root))
        rows = dates.beside(sa.outerjoin(entry, seat, own)).join(record, record.id == root)
        query = sa.select(
            *(entry.c[name] for name in ("kind", "id", "position", "latest")),
            seat.c.beside,
            seat.c.placement,
            day.label("day"),
            sa.func.coalesce(entry.c.latest, dates.until).label("until"),
            sa.func.coalesce(told.source_id, "").label("source"),
            sa.func.coalesce(told.start_code_point, 0).label("start"),
            sa.case(RANKS, value=record.collection, else_=OTHERS).label("rank"),
            root.label("root"),
            ByCodePoint(sa.func.coalesce(seat.c.path, "") + ITSELF).label("path"),
            sa.case((day.is_(None), self._nearest(told)), else_=None).label("near"),
        )
        return _once(query.select_from(rows.outerjoin(told, told.id == first)), "seated")

    def _undated(self) -> Any:
        """The entries that are asked for whose first day is not known."""
        branches = []
        for one in self.strands:
            latest = one.seen("date_latest", self.context)
            query = sa.select(
                word(one.kind).label("kind"),
                one.id.label("id"),
                _position(one).label("position"),
                latest.label("latest"),
                *(getattr(one.undated(self.context), name).label(name) for name in BESIDE),
                evidence_of(one.id, one.part).label("told"),
            )
            query = query.select_from(one.rows()).where(*self.asked[one.kind])
            branches.append(query.where(one.seen("date_earliest", self.context).is_(None)))
        return _once(sa.union_all(*branches), "undated")

    def _nearest(self, told: Any) -> Any:
        """The evidence of a dated record that its source has last before a passage, else next."""
        return sa.func.coalesce(
            self._neighbour(told, later=False), self._neighbour(told, later=True)
        )

    def _neighbour(self, told: Any, *, later: bool) -> Any:
        near, record = placed(Evidence, "neighbour"), placed(Record, "neighbour")
        dates = Dates(self.context, near.record_id, "neighbour")
        here, there = told.start_code_point, near.start_code_point
        query = sa.select(near.id).select_from(
            dates.beside(sa.join(near, record, record.id == near.record_id))
        )
        query = query.where(
            near.source_id == told.source_id,
            there > here if later else there <= here,
            dates.day.is_not(None),
            *visible(record, source_only=self.context.source_only),
        )
        query = query.order_by(there.asc() if later else there.desc(), near.id).limit(1)
        return query.correlate(told).scalar_subquery()


def _once(query: Any, name: str) -> Any:
    """A query that is answered once, however often its columns are looked at."""
    return query.cte(name).prefix_with("MATERIALIZED")


def _number(value: int) -> Any:
    """A number as a column, and not as the place of a column to sort by."""
    return sa.cast(sa.literal_column(str(value)), sa.Integer)


def _position(strand: Strand) -> Any:
    """Which entry of its record it is, from 0."""
    return _number(0) if strand.position is None else strand.position
