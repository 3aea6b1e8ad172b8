"""Records as the service tells them: by name, by the values of their fields, as a small page."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from html import escape
from typing import Annotated, Any

import sqlalchemy as sa
from pydantic import BeforeValidator, Field
from sqlmodel import col

from app.errors import nearest, refused
from app.models import ID_PREFIXES, Collection, Named, Record
from app.names.asking import QUERIES_AT_MOST, Asking
from app.names.reconcile.compared import compared_values
from app.names.reconcile.service import COMPARED, TYPES, properties, property_of
from app.query import parse
from app.query.context import Context
from app.query.listing import Listing, read
from app.query.many import is_one_of
from app.query.refs import RecordRef

_PLACE = f"{ID_PREFIXES[Collection.places]}_"
_PAGE = """<!doctype html>
<html lang="{language}"><meta charset="utf-8"><title>{name}</title>
<h1>{name}</h1><p>{kind}: {label}</p>
<ul>{names}</ul>
<p><a href="{url}" target="_blank" rel="noopener noreferrer">{url}</a></p></html>
"""
NAMES_SHOWN = 12


EVERY = sorted({*COMPARED, *(name for one in TYPES.values() for name in properties(one))})
"""The fields of records of whatever collection, and what candidates are compared by."""


def field_of_some(value: Any) -> str:
    """A field that records of some collection have."""
    if value not in EVERY:
        meant = nearest(parse.text(value), EVERY)
        raise refused("unknown_field", "No record has it.", allowed=EVERY, meant=meant)
    return str(value)


class PropertyAsked(Asking):
    """A field that is asked for; there are no settings."""

    id: Annotated[str, BeforeValidator(field_of_some)]
    settings: dict[str, Any] = Field(default_factory=dict, max_length=0)


class Extension(Asking):
    """Which fields of which records are asked for."""

    ids: Annotated[list[str], Field(max_length=QUERIES_AT_MOST)]
    properties: Annotated[list[PropertyAsked], Field(max_length=50)]


def known(context: Context, written: Iterable[str]) -> dict[str, Collection]:
    """Those of some texts that are ids of records, and in which collection they are."""
    found = is_one_of(Record.id, {one for one in written if "_" in one})
    rows = context.rows(sa.select(col(Record.id), col(Record.collection)).where(found))
    return {id: collection for id, collection in rows if collection.value in TYPES}


def types_with_names(context: Context) -> list[str]:
    """The types of which any record has a name: the others have nothing to find."""
    of_type = (
        sa.exists().where(col(Named.collection) == Collection(name)).label(name) for name in TYPES
    )
    [row] = context.rows(sa.select(*of_type))
    return [name for name, has in zip(TYPES, row, strict=True) if has]


def named(context: Context, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """What some records are called, and what they are."""
    refs = {id: context.refs.to(RecordRef, id) for id in ids}
    context.refs.resolve()
    return {
        id: {
            "id": id,
            "slug": ref["slug"],
            "collection": ref["collection"].value,
            "name": ref["name"] or context.refs.label(id),
            "description": f"{ref['collection'].value}: {context.refs.label(id)}",
        }
        for id, ref in refs.items()
    }


def extended(context: Context, asked: Extension) -> dict[str, Any]:
    """The values of some fields of some records."""
    wanted = [one.id for one in asked.properties]
    rows: dict[str, dict[str, Any]] = {id: {name: [] for name in wanted} for id in asked.ids}
    for id, record in _records(context, asked.ids, wanted):
        rows[id] = {name: list(_values(record.get(name))) for name in wanted}
    told = compared_values(context, asked.ids) if not COMPARED.keys().isdisjoint(wanted) else {}
    for name in told.keys() & {*wanted}:
        for id, values in told[name].items():
            # A field of the record that is called so says it itself.
            rows[id][name] = rows[id][name] or list(_values([*values]))
    return {"meta": [property_of(name) for name in wanted], "rows": rows}


def _records(
    context: Context, ids: Sequence[str], wanted: Sequence[str]
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Some records, with those of the fields that they have."""
    by_collection: dict[str, list[str]] = defaultdict(list)
    rows = sa.select(col(Record.id), col(Record.collection)).where(is_one_of(Record.id, ids))
    for id, collection in context.rows(rows):
        by_collection[collection.value].append(id)
    for name, some in by_collection.items():
        if name in TYPES:
            listing = Listing(context, TYPES[name], {})
            fields = [one for one in properties(TYPES[name]) if one in wanted]
            query = listing.matching(*listing.resource.plan.columns)
            found = context.session.execute(query.where(is_one_of(listing.id, some))).all()
            for record in read(listing, found, (), fields):
                yield record["id"], record


def _values(value: Any) -> Iterator[dict[str, Any]]:
    """A value as the service writes it; several of a list, none where it is not known."""
    if isinstance(value, list):
        for one in value:
            yield from _values(one)
    elif isinstance(value, dict):
        name = value["name"] or value["slug"]
        # Places are in no collection that is served.
        yield {"str": name} if value["id"].startswith(_PLACE) else {"id": value["id"], "name": name}
    elif isinstance(value, bool):
        yield {"str": str(value).lower()}
    elif isinstance(value, int | float):
        yield {"int" if isinstance(value, int) else "float": value}
    elif value is not None:
        yield {"str": value.isoformat() if isinstance(value, date) else str(value)}


def preview(context: Context, record: Mapping[str, Any], names: Iterable[str]) -> str:
    """A small page on a record; whatever it tells is text."""
    shown = list(dict.fromkeys(names))[:NAMES_SHOWN]
    return _PAGE.format(
        language=escape(context.language),
        name=escape(record["name"]),
        kind=escape(record["collection"].capitalize()),
        label=escape(context.refs.label(record["id"])),
        names="".join(f"<li>{escape(one)}</li>" for one in shown),
        url=escape(f"{context.public_url}/v1/{record['collection']}/{record['slug']}"),
    )
