"""Filters: each knows its parameters, what they mean in SQL and, where it counts, its values."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, ClassVar

import sqlalchemy as sa
from pydantic import BeforeValidator, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema
from sqlmodel import Session

from app.errors import FAULTS_AT_MOST, Fault, fault, nearest, refused
from app.models import Record
from app.query import parse
from app.query.context import Context, not_reference
from app.query.matching import found
from app.query.resolve import Among, examples, ids_of, suggestion
from app.query.terms import query_terms
from app.query.values import Values, own

Parameters = Mapping[str, tuple[Any, Any]]
Condition = sa.ColumnElement[bool]


@dataclass
class Asked:
    """One request's parameters on their way to SQL, and the faults found in them."""

    context: Context
    id: Any
    """The column that identifies the records listed."""
    given: Mapping[str, Any]
    """What was sent, by parameter."""
    faults: list[Fault] = field(default_factory=list)

    @property
    def room(self) -> int:
        """How many more faults are explained."""
        return max(FAULTS_AT_MOST - len(self.faults), 0)

    def ids(self, parameter: str, among: Among, written: Sequence[str]) -> list[str]:
        """The ids of the records ``written``; each unknown one is a fault."""
        session = self.context.session
        found = ids_of(session, among, written)
        unknown = [value for value in written if value not in found]
        for value in unknown[: self.room]:
            self.faults.append(unknown_reference(session, parameter, among, value))
        return list(dict.fromkeys(found.values()))


def unknown_reference(session: Session, parameter: str, among: Among, value: str) -> Fault:
    """The fault of a reference to nothing."""
    meant = suggestion(session, among, value)
    allowed = examples(session, among)
    listed = f" Known: {', '.join(allowed)}." if allowed else ""
    detail = f"`{parameter}` names none of the {among.collection}.{listed}"
    return fault("unknown_reference", parameter, detail, allowed=allowed, meant=meant)


@dataclass(frozen=True)
class Filter:
    """One question that a list can be asked."""

    about: str
    """What it keeps, as its documentation says it."""

    def parameters(self, name: str) -> Parameters:
        """Type and default of each of its parameters."""
        raise NotImplementedError

    def conditions(self, name: str, asked: Asked) -> Iterator[Condition]:
        """What its parameters, so far as they were sent, ask of a record."""
        raise NotImplementedError


def optional(kind: Any, about: str) -> tuple[Any, Any]:
    """A parameter that need not be sent."""
    return kind, Field(default=None, description=about)


def several(kind: Any, about: str) -> tuple[Any, Any]:
    """A parameter that takes any number of values."""
    more = "Several, separated by commas or repeated, mean any of them; `!` before one excludes it."
    return kind, Field(default_factory=list, description=f"{about} {more}")


@dataclass(frozen=True)
class Discrete(Filter):
    """Keeps records by the values that they have; its values can be counted as a facet."""

    values: Values
    field: str | None = None
    """What answers call the value, where that is not the filter's name."""
    counts: bool = True
    """Whether it is offered as a facet."""
    ordered: ClassVar[bool] = False
    """Whether its values have an order of their own."""

    def kind(self) -> Any:
        """The type of its parameter."""
        raise NotImplementedError

    def filled(self, values: Sequence[Any]) -> Sequence[Any]:
        """``values``, and those that a table of counts shows beside them."""
        return values

    def chosen(self, name: str, given: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        """The values that were asked for, and those that were excluded."""
        written = [str(value) for value in given.get(name, ())]
        wanted = [value for value in written if not value.startswith("!")]
        return wanted, [value[1:] for value in written if value.startswith("!")]

    def among(self, asked: Asked, name: str, written: Sequence[str]) -> Sequence[Any]:
        """The values that were ``written``."""
        return written

    def parameters(self, name: str) -> Parameters:
        asked = {name: several(self.kind(), self.about)}
        known = optional(parse.Flag, f"Whether anything is known of `{name}`.")
        return asked if self.values.always else asked | {f"has_{name}": known}

    def seen(self, name: str, context: Context) -> Values:
        """The pairs that this request may see."""
        return self.values.stated(self.field or name) if context.source_only else self.values

    def conditions(self, name: str, asked: Asked) -> Iterator[Condition]:
        wanted, unwanted = self.chosen(name, asked.given)
        known = asked.given.get(f"has_{name}")
        if not wanted and not unwanted and known is None:
            # Most filters are not asked for, and what they would look at takes long to say.
            return
        values = self.seen(name, asked.context)
        if wanted:
            yield values.having(asked.id, self.among(asked, name, wanted))
        if unwanted:
            yield values.lacking(asked.id, self.among(asked, name, unwanted))
        if known is not None:
            yield values.known(asked.id) if known else values.unknown(asked.id)


@dataclass(frozen=True)
class Choice(Discrete):
    """Values of an enumeration."""

    enum: type[StrEnum] = field(kw_only=True)

    def kind(self) -> Any:
        return parse.choices(self.enum)

    def among(self, asked: Asked, name: str, written: Sequence[str]) -> Sequence[Any]:
        return [self.enum(value) for value in written]

    def filled(self, values: Sequence[Any]) -> Sequence[Any]:
        return list(self.enum)


@dataclass(frozen=True)
class Reference(Discrete):
    """Records of another collection, by id, slug or code."""

    to: Among = field(kw_only=True)

    def kind(self) -> Any:
        return parse.many(str, parse.terms)

    def among(self, asked: Asked, name: str, written: Sequence[str]) -> Sequence[Any]:
        return asked.ids(name, self.to, written)


@dataclass(frozen=True)
class Identity(Reference):
    """The records themselves."""

    counts: bool = False


@dataclass(frozen=True)
class Known(Discrete):
    """Values of an open vocabulary: whatever the knowledge base holds."""

    def kind(self) -> Any:
        return parse.many(str, parse.terms)

    def among(self, asked: Asked, name: str, written: Sequence[str]) -> Sequence[Any]:
        pairs = self.seen(name, asked.context).pairs().subquery()
        query = sa.select(pairs.c.value).distinct().order_by(pairs.c.value)
        known = {value.casefold(): value for value in asked.context.session.scalars(query)}
        unknown = [value for value in written if value.casefold() not in known]
        for value in unknown[: asked.room]:
            asked.faults.append(self._unknown(name, value, list(known.values())))
        return [known[value.casefold()] for value in written if value.casefold() in known]

    def _unknown(self, name: str, value: str, known: list[str]) -> Fault:
        detail = f"`{name}` has no such value. Known: {', '.join(known[:30])}."
        meant = nearest(value, known)
        return fault("unknown_value", name, detail, allowed=known, meant=meant)


@dataclass(frozen=True)
class YesNo(Discrete):
    """A column that is true or false."""

    def parameters(self, name: str) -> Parameters:
        return {name: optional(parse.Flag, self.about)}

    def chosen(self, name: str, given: Mapping[str, Any]) -> tuple[list[str], list[str]]:
        wanted = given.get(name)
        return [] if wanted is None else [str(wanted).lower()], []

    def among(self, asked: Asked, name: str, written: Sequence[str]) -> Sequence[Any]:
        return [value == "true" for value in written]

    def filled(self, values: Sequence[Any]) -> Sequence[Any]:
        return [False, True]


@dataclass(frozen=True)
class Number(Discrete):
    """A whole number."""

    at_most: int = 2**31 - 1
    ordered: ClassVar[bool] = True

    def kind(self) -> Any:
        bound = parse.number(1, self.at_most)

        def check(values: Any) -> list[str]:
            found = parse.terms(values)
            for part in found:
                bound(part.removeprefix("!"))
            return found

        item = Annotated[str, WithJsonSchema({"type": "string", "pattern": "^!?[1-9][0-9]{0,8}$"})]
        return parse.many(item, check)

    def among(self, asked: Asked, name: str, written: Sequence[str]) -> Sequence[Any]:
        return [int(value) for value in written]


@dataclass(frozen=True)
class AtLeast(Filter):
    """Keeps records of which a count, from 1, is at least so great."""

    count: Any

    def parameters(self, name: str) -> Parameters:
        return {name: optional(parse.Count, self.about)}

    def conditions(self, name: str, asked: Asked) -> Iterator[Condition]:
        if (least := asked.given.get(name)) is not None:
            yield self.count >= least


@dataclass(frozen=True)
class Span(Filter):
    """Keeps records whose span of days overlaps the one asked for."""

    earliest: Any
    latest: Any
    within: Any = ""
    """Where in its record the date stands, as ``reference_fields`` has it: ``stages/0/``."""

    def parameters(self, name: str) -> Parameters:
        rule = "Records without a calendar date match none. A year or a month means all of it."
        return {
            f"{name}_from": optional(parse.FirstDay, f"{self.about} on or after. {rule}"),
            f"{name}_to": optional(parse.LastDay, f"{self.about} on or before. {rule}"),
            f"has_{name}": optional(parse.Flag, "Whether any calendar date is known."),
        }

    def conditions(self, name: str, asked: Asked) -> Iterator[Condition]:
        first, last = (asked.given.get(f"{name}_{end}") for end in ("from", "to"))
        has = asked.given.get(f"has_{name}")
        if first is last is has is None:
            return
        self._check_order(name, first, last, asked)
        known = sa.or_(self.earliest.is_not(None), self.latest.is_not(None))
        if asked.context.source_only:
            fields = (self.within + f"{name}_{end}" for end in ("earliest", "latest"))
            known = sa.and_(known, not_reference(asked.id, *fields))
        if first is not None:
            yield sa.or_(self.latest >= first, sa.and_(self.latest.is_(None), known))
        if last is not None:
            yield sa.or_(self.earliest <= last, sa.and_(self.earliest.is_(None), known))
        if asked.context.source_only and (first or last):
            yield known
        if has is not None:
            yield known if has else sa.not_(known)

    def _check_order(self, name: str, first: date | None, last: date | None, asked: Asked) -> None:
        if first and last and first > last:
            detail = f"`{name}_from` is later than `{name}_to`."
            asked.faults.append(fault("crossed_dates", f"{name}_from", detail))


@dataclass(frozen=True)
class Presence(Filter):
    """Keeps records that have, or lack, something."""

    values: Values
    field: str

    def parameters(self, name: str) -> Parameters:
        return {name: optional(parse.Flag, self.about)}

    def conditions(self, name: str, asked: Asked) -> Iterator[Condition]:
        if (wanted := asked.given.get(name)) is not None:
            only = asked.context.source_only
            values = self.values.stated(self.field) if only else self.values
            yield values.known(asked.id) if wanted else values.unknown(asked.id)


def two(values: Any) -> list[str]:
    """Exactly two different terms."""
    found = parse.terms(values)
    if len(found) != 2 or any(part.startswith("!") for part in found):
        raise refused("not_a_pair", "Name exactly two, separated by a comma.")
    return found


@dataclass(frozen=True)
class Between(Filter):
    """Keeps records that stand between two others: one in the first place, the other in the second.

    Either of the two may stand in either place.
    """

    places: tuple[tuple[Reference, Reference], ...]
    """Filters of the same collection, whose values are asked for."""
    to: Among

    def parameters(self, name: str) -> Parameters:
        return {name: (parse.many(str, two), Field(default_factory=list, description=self.about))}

    def conditions(self, name: str, asked: Asked) -> Iterator[Condition]:
        if written := asked.given.get(name):
            pair = asked.ids(name, self.to, written)
            if len(pair) == 2:
                yield sa.or_(*self._ways(asked, *pair))
            elif not asked.faults:
                asked.faults.append(fault("not_a_pair", name, "Name two that differ."))

    def _ways(self, asked: Asked, one: str, other: str) -> Iterator[Condition]:
        for first, second in self.places:
            here, there = (at.seen(at.field or "", asked.context) for at in (first, second))
            yield sa.and_(here.having(asked.id, [one]), there.having(asked.id, [other]))
            if first is not second:
                yield sa.and_(here.having(asked.id, [other]), there.having(asked.id, [one]))


def words(characters: int, terms: int) -> Callable[[Any], str | None]:
    """A check of the text of a search, and that it is no longer than can be looked for."""

    def check(value: Any) -> str | None:
        if value is None:
            return None
        found = parse.cleaned(value)
        if not found:
            raise refused("empty_value", "There is nothing to look for: give a word or a name.")
        if len(found) > characters:
            raise refused("too_long", f"A search has at most {characters} characters here.")
        if len(query_terms(found)) > terms:
            detail = f"A search has at most {terms} words or pairs of characters here."
            raise refused("too_long", detail)
        return found

    return check


Words = Annotated[
    str | SkipJsonSchema[None],
    BeforeValidator(words(parse.TEXT_AT_MOST, 64)),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": parse.TEXT_AT_MOST}),
]


@dataclass(frozen=True)
class FullText(Filter):
    """Keeps records whose names, or what they say, hold every word."""

    def parameters(self, name: str) -> Parameters:
        return {name: optional(Words, self.about)}

    def conditions(self, name: str, asked: Asked) -> Iterator[Condition]:
        if (text := asked.given.get(name)) is None:
            return
        yield asked.id.in_(found(query_terms(text), source_only=asked.context.source_only))


def identities(to: Among) -> dict[str, Filter]:
    """The filters by id and slug; either takes both."""
    values = own(Record.id)
    about = f"These {to.collection}, by"
    return {
        "id": Identity(f"{about} id or slug.", values, to=to),
        "slug": Identity(f"{about} slug or id.", values, to=to),
    }
