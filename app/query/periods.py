"""Years, quarters and months: a dated record is in one where its whole span lies in it."""

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar

import sqlalchemy as sa
from pydantic import WithJsonSchema
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from app.errors import refused
from app.models import KEY
from app.query import parse
from app.query.context import not_reference
from app.query.filters import Discrete
from app.query.values import Values


class Unit(StrEnum):
    """The lengths of periods."""

    year = "year"
    quarter = "quarter"
    month = "month"


class PartOfDay(FunctionElement[str]):
    """The period of a day, as text."""

    type = KEY
    inherit_cache = True


class YearOf(PartOfDay):
    """Its year."""

    inherit_cache = True


class QuarterOf(PartOfDay):
    """Its quarter."""

    inherit_cache = True


class MonthOf(PartOfDay):
    """Its month."""

    inherit_cache = True


OF_DAY: dict[Unit, type[PartOfDay]] = {
    Unit.year: YearOf,
    Unit.quarter: QuarterOf,
    Unit.month: MonthOf,
}
# SQLite keeps days as text, of which a period is a part.
_SQL: dict[tuple[type[PartOfDay], str], str] = {
    (YearOf, "sqlite"): "substr({0}, 1, 4)",
    (QuarterOf, "sqlite"): "substr({0}, 1, 4) || '-Q' || ((substr({0}, 6, 2) + 2) / 3)",
    (MonthOf, "sqlite"): "substr({0}, 1, 7)",
    (YearOf, "postgresql"): "to_char({0}, 'YYYY') COLLATE \"C\"",
    (QuarterOf, "postgresql"): 'to_char({0}, \'YYYY"-Q"Q\') COLLATE "C"',
    (MonthOf, "postgresql"): "to_char({0}, 'YYYY-MM') COLLATE \"C\"",
}


@compiles(PartOfDay)
def _part_of_day(element: PartOfDay, compiler: Any, **options: Any) -> str:
    day = compiler.process(element.clauses, **options)
    return f"({_SQL[type(element), compiler.dialect.name].format(day)})"


@dataclass(frozen=True)
class Lying(Values):
    """Pairs of a record and the period in which the whole span of its date lies."""

    latest: Any = field(kw_only=True)
    unit: Unit = field(kw_only=True)
    within: Any = field(default="", kw_only=True)
    """Where in its record the date stands, as ``reference_fields`` has it: ``stages/0/``."""

    @property
    def own(self) -> bool:
        return True

    @property
    def always(self) -> bool:
        return False

    def stated(self, field: str) -> Values:
        ends = (self.within + end for end in ("date_earliest", "date_latest"))
        return replace(self, where=(*self.where, not_reference(self.owner, *ends)))

    def having(self, id: Any, values: Sequence[Any]) -> sa.ColumnElement[bool]:
        """Asked as spans of days, of which there is an index."""
        earliest = self.owner.class_.date_earliest
        spans = (days(self.unit, value) for value in values)
        within = (sa.and_(earliest >= first, self.latest <= last) for first, last in spans)
        return self._own(sa.or_(sa.false(), *within))


def lying(table: Any, unit: Unit, owner: Any = None, within: Any = "") -> Lying:
    """The periods of a table's records, or of rows within the records that ``owner`` names."""
    part = OF_DAY[unit]
    first, last = part(table.date_earliest), part(table.date_latest)
    value = sa.case((first == last, first), else_=None)
    owner = table.id if owner is None else owner
    return Lying(owner, value, latest=table.date_latest, unit=unit, within=within)


def days(unit: Unit, period: str) -> tuple[date, date]:
    """The first and the last day of a period."""
    year, _, part = period.partition("-")
    number, length = int(year), MONTHS[unit]
    at = int(part.removeprefix("Q") or 1)
    first, last = (at - 1) * length + 1, at * length
    return date(number, first, 1), date(number, last, calendar.monthrange(number, last)[1])


def between(unit: Unit, first: str, last: str) -> list[str]:
    """Every period from one to another, both included."""
    start, end = days(unit, first)[0], days(unit, last)[0]
    months = range(start.year * 12 + start.month - 1, end.year * 12 + end.month, MONTHS[unit])
    return [written(unit, month // 12, month % 12 + 1) for month in months]


def written(unit: Unit, year: int, month: int) -> str:
    """The period in which a month lies."""
    forms = {
        Unit.year: f"{year:04}",
        Unit.quarter: f"{year:04}-Q{(month + 2) // 3}",
        Unit.month: f"{year:04}-{month:02}",
    }
    return forms[unit]


PATTERNS = {
    Unit.year: "[0-9]{4}",
    Unit.quarter: "[0-9]{4}-Q[1-4]",
    Unit.month: "[0-9]{4}-(0[1-9]|1[0-2])",
}
MONTHS = {Unit.year: 12, Unit.quarter: 3, Unit.month: 1}
EXAMPLES = {Unit.year: "2025", Unit.quarter: "2025-Q1", Unit.month: "2025-03"}


@dataclass(frozen=True)
class Period(Discrete):
    """Years, quarters or months."""

    unit: Unit = field(kw_only=True)
    ordered: ClassVar[bool] = True

    def filled(self, values: Sequence[Any]) -> Sequence[Any]:
        """From the first to the last, so that a time without records is seen as one."""
        return between(self.unit, min(values), max(values)) if values else []

    def kind(self) -> Any:
        schema = WithJsonSchema({"type": "string", "pattern": f"^!?{PATTERNS[self.unit]}$"})
        return parse.many(Annotated[str, schema], self._check)

    def _check(self, values: Any) -> list[str]:
        found = parse.terms(values)
        for part in found:
            period = part.removeprefix("!")
            # There is no year 0.
            if not re.fullmatch(PATTERNS[self.unit], period, re.ASCII) or period[:4] == "0000":
                raise refused("invalid_period", f"A {self.unit} is, say, {EXAMPLES[self.unit]}.")
        return found


def periods(table: Any, owner: Any = None, within: Any = "") -> dict[str, Period]:
    """The filters by period of a table with dates, or of rows within records; see ``lying``."""
    return {
        unit.value: Period(
            f"The {unit} in which the whole of its date lies, such as `{EXAMPLES[unit]}`.",
            lying(table, unit, owner, within),
            unit=unit,
        )
        for unit in Unit
    }
