"""Batches of names as the service takes them, by keys of the caller's own."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from app.errors import refused
from app.models import Collection
from app.names.asking import CANDIDATES_AT_MOST, QUERIES_AT_MOST, Asking
from app.names.candidates import countries_of
from app.names.finding import Hit, MatchKind
from app.names.keys import Asked
from app.names.match import Sought, Weighed, ranked, weighed
from app.names.reconcile.records import known, named
from app.names.reconcile.service import COMPARED, TYPES, type_of
from app.names.spellings import plain
from app.names.weighing import Days, MatchEffect, MatchReason, Told, facts
from app.query import parse
from app.query.context import Context

AT_MOST = 20
"""So many types, so many properties, and so many values of each that are read, a query has."""


def cell(value: Any) -> str:
    """What stands in a cell of a table: any text, of which as much is read as can be a name."""
    read = value[: 4 * parse.TEXT_AT_MOST] if isinstance(value, str) else value
    return parse.cleaned(read)[: parse.TEXT_AT_MOST]


def types(value: Any) -> list[str]:
    """The types of a query: one, or several."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or len(found) > AT_MOST:
        raise refused("not_types", f"It is the id of a type, or a list of up to {AT_MOST}.")
    for one in found:
        if one not in TYPES:
            raise parse.unknown_value(parse.text(one), list(TYPES))
    return found


def compared(value: Any) -> str:
    """A property with which candidates are weighed."""
    if value not in COMPARED:
        raise parse.unknown_value(parse.text(value), list(COMPARED))
    return str(value)


def texts(value: Any) -> list[str]:
    """The values of a property as text; of what was reconciled before, its id, else its name."""
    every = value if isinstance(value, list) else [value]
    found = [_text(one) for one in every[:AT_MOST]]
    return [one for one in dict.fromkeys(found) if one]


def _text(value: Any) -> str:
    told = value.get("id") or value.get("name") if isinstance(value, dict) else value
    return cell(told) if isinstance(told, str) else str(told if told is not None else "")[:200]


class Property(Asking):
    """What a query tells beside the name."""

    pid: Annotated[str, BeforeValidator(compared)]
    v: Annotated[list[str], BeforeValidator(texts)]


class Query(Asking):
    """One name, and what else is known of what it names."""

    query: Annotated[str, BeforeValidator(cell)]
    type: Annotated[list[str], BeforeValidator(types)] = Field(default_factory=list)
    limit: Annotated[int, Field(ge=1)] = 5
    properties: Annotated[list[Property], Field(max_length=AT_MOST)] = Field(default_factory=list)
    type_strict: str | None = None

    def told(self, name: str) -> list[str]:
        """What it tells of a property: all values of all that are called so."""
        return [value for one in self.properties if one.pid == name for value in one.v]


Batch = Annotated[dict[str, Query], Field(max_length=QUERIES_AT_MOST)]


def reconciled(context: Context, batch: Mapping[str, Query]) -> dict[str, Any]:
    """The candidates for each name, by its key."""
    ids = known(context, [one.query for one in batch.values()])
    countries = countries_of(context, [one for q in batch.values() for one in q.told("country")])
    sought = {key: _sought(one, countries) for key, one in batch.items() if _may_be(one)}
    by_name = {key: one for key, one in sought.items() if batch[key].query not in ids}
    found = dict(zip(by_name, weighed(context, [*by_name.values()]), strict=True))
    found |= _by_id(context, {key: one for key, one in sought.items() if key not in by_name}, ids)
    shown = {
        key: found.get(key, [])[: min(one.limit, CANDIDATES_AT_MOST)] for key, one in batch.items()
    }
    records = named(context, {row.hit.record_id for rows in shown.values() for row in rows})
    return {
        key: {
            "result": [
                _candidate(row, records[row.hit.record_id], by_id=key not in by_name)
                for row in rows
            ]
        }
        for key, rows in shown.items()
    }


def _by_id(
    context: Context, sought: Mapping[str, Sought], ids: Mapping[str, Collection]
) -> dict[str, list[Weighed]]:
    """The records that are asked for by their ids, of the type that is told."""
    roles = {role for one in sought.values() for role in one.told.roles}
    facts_of = facts(context, {one.name.text for one in sought.values()}, roles)
    found = {}
    for key, one in sought.items():
        id = one.name.text
        of_type = not one.collections or ids[id] in one.collections
        hits = [Hit(id, MatchKind.same_name, None)] if of_type else []
        found[key] = ranked(hits, one.told, facts_of)
    return found


def _may_be(query: Query) -> bool:
    """Whether anything can be called so; a record is of one type alone."""
    all_of_several = query.type_strict == "all" and len({*query.type}) > 1
    return bool(Asked(query.query).written) and not all_of_several


def _sought(query: Query, countries: Mapping[str, str]) -> Sought:
    known_countries = [countries[one] for one in query.told("country") if one in countries]
    roles = [role for one in query.told("role") if (role := plain(one))]
    spans = [days for one in query.told("date") if (days := _days(one))]
    told = Told([*dict.fromkeys(known_countries)], roles, spans)
    return Sought(Asked(query.query), [Collection(one) for one in query.type], told)


def _days(text: str) -> Days | None:
    """The days that a date in a cell allows; None of what is no date."""
    written = text.partition("T")[0]
    if not parse.DAY.fullmatch(written):
        return None
    try:
        found: tuple[dt.date, dt.date] = (
            parse.day(last=False)(written), parse.day(last=True)(written),
        )  # type: ignore[assignment]  # fmt: skip
    except ValueError:
        return None
    return found


def _candidate(row: Weighed, record: Mapping[str, Any], *, by_id: bool) -> dict[str, Any]:
    features = [] if by_id else [{"id": row.hit.kind.value, "value": True}]
    features += (
        {
            "id": one.reason.value,
            "value": one.reason is MatchReason.capital or one.effect is MatchEffect.raises,
        }
        for one in row.weights
        if one.effect is not MatchEffect.none
    )
    score = round(100 * row.score, 1)
    return {**_told(record), "score": score, "match": row.match, "features": features}


def _told(record: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: record[name] for name in ("id", "name", "description")}
    return {**shown, "type": [type_of(record["collection"])]}
