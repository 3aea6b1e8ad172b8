"""Batches of names as the service takes them, by keys of the caller's own."""

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from app.errors import refused
from app.models import Collection
from app.names.asking import CANDIDATES_AT_MOST, QUERIES_AT_MOST, Asking
from app.names.candidates import countries_of
from app.names.keys import Asked
from app.names.match import Sought, Weighed, weighed
from app.names.reconcile.records import known, named
from app.names.reconcile.service import COMPARED, TYPES, type_of
from app.names.weighing import Days, MatchEffect, Told
from app.query import parse
from app.query.context import Context

AT_MOST = 20
"""So many types, and so many properties, a query has."""


def cell(value: Any) -> str:
    """What stands in a cell of a table: any text, of which as much is read as can be a name."""
    if not isinstance(value, str):
        raise refused("not_text", "A name is a text.")
    shown = (one if parse.is_text(one) else " " for one in value[: 4 * parse.TEXT_AT_MOST])
    return " ".join("".join(shown).split())[: parse.TEXT_AT_MOST]


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


def first_text(value: Any) -> str:
    """The first value of a property, as text; of what was reconciled before, its id."""
    one = next(iter(value), "") if isinstance(value, list) else value
    told = one.get("id") if isinstance(one, dict) else one
    return cell(told) if isinstance(told, str) else str(told if told is not None else "")[:200]


class Property(Asking):
    """What a query tells beside the name."""

    pid: Annotated[str, BeforeValidator(compared)]
    v: Annotated[str, BeforeValidator(first_text)]


class Query(Asking):
    """One name, and what else is known of what it names."""

    query: Annotated[str, BeforeValidator(cell)]
    type: Annotated[list[str], BeforeValidator(types)] = Field(default_factory=list)
    limit: Annotated[int, Field(ge=1)] = 5
    properties: Annotated[list[Property], Field(max_length=AT_MOST)] = Field(default_factory=list)
    type_strict: str | None = None

    def told(self, name: str) -> str | None:
        """What it tells of a property."""
        return next((one.v for one in self.properties if one.pid == name and one.v), None)


Batch = Annotated[dict[str, Query], Field(max_length=QUERIES_AT_MOST)]


def reconciled(context: Context, batch: Mapping[str, Query]) -> dict[str, Any]:
    """The candidates for each name, by its key."""
    ids = known(context, [one.query for one in batch.values()])
    countries = countries_of(context, [one for q in batch.values() if (one := q.told("country"))])
    sought = {key: _sought(one, countries) for key, one in batch.items() if _may_be(one)}
    found = dict(zip(sought, weighed(context, [*sought.values()]), strict=True))
    shown = {
        key: found.get(key, [])[: min(one.limit, CANDIDATES_AT_MOST)] for key, one in batch.items()
    }
    every = {row.hit.record_id for rows in shown.values() for row in rows} | {*ids.values()}
    records = named(context, every)
    return {
        key: {
            "result": [_itself(records[ids[batch[key].query]])]
            if batch[key].query in ids
            else [_candidate(row, records[row.hit.record_id]) for row in rows]
        }
        for key, rows in shown.items()
    }


def _may_be(query: Query) -> bool:
    """Whether anything can be called so; a record is of one type alone."""
    all_of_several = query.type_strict == "all" and len({*query.type}) > 1
    return bool(Asked(query.query).written) and not all_of_several


def _sought(query: Query, countries: Mapping[str, str]) -> Sought:
    told = Told(countries.get(query.told("country") or ""), query.told("role"), _days(query))
    return Sought(Asked(query.query), [Collection(one) for one in query.type], told)


def _days(query: Query) -> Days | None:
    """The days that a date in a cell allows; None of what is no date."""
    written = (query.told("date") or "").partition("T")[0]
    if not parse.DAY.fullmatch(written):
        return None
    try:
        found: tuple[dt.date, dt.date] = (
            parse.day(last=False)(written), parse.day(last=True)(written),
        )  # type: ignore[assignment]  # fmt: skip
    except ValueError:
        return None
    return found


def _candidate(row: Weighed, record: Mapping[str, Any]) -> dict[str, Any]:
    features = [{"id": row.hit.kind.value, "value": True}]
    features += (
        {"id": one.reason.value, "value": one.effect is MatchEffect.raises}
        for one in row.weights
        if one.effect is not MatchEffect.none
    )
    score = round(100 * row.score, 1)
    return {**_told(record), "score": score, "match": row.match, "features": features}


def _itself(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record that is asked for by its id."""
    return {**_told(record), "score": 100.0, "match": True, "features": []}


def _told(record: Mapping[str, Any]) -> dict[str, Any]:
    shown = {name: record[name] for name in ("id", "name", "description")}
    return {**shown, "type": [type_of(record["collection"])]}
