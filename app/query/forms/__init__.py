"""The forms in which records come. Each is registered here, once, and every collection has it."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from app.query.forms.atom import ATOM
from app.query.forms.geojson import GEOJSON
from app.query.forms.ics import ICS
from app.query.forms.jsonfeed import JSONFEED
from app.query.forms.linked import JSONLD
from app.query.forms.parquet import PARQUET
from app.query.forms.tabular import CSV, JSON, NDJSON
from app.query.forms.triples import NQUADS, TURTLE
from app.query.forms.writer import Page, Table, Writer, bare

FORMS: Mapping[str, Writer[Page]] = {
    "json": JSON,
    "csv": CSV,
    "ndjson": NDJSON,
    "geojson": GEOJSON,
    "ics": ICS,
    "atom": ATOM,
    "jsonfeed": JSONFEED,
    "jsonld": JSONLD,
    "ttl": TURTLE,
    "nq": NQUADS,
}
"""The writer of each form, the first of them where nothing is asked for."""
ONLY_JSON: Mapping[str, Writer[Table]] = {"json": JSON}
"""That of what comes in no other form."""
TABULAR: Mapping[str, Writer[Table]] = {"json": JSON, "csv": CSV}
"""Those of an answer that holds one table."""
FILES: Mapping[str, Writer[Page]] = {"parquet": PARQUET}
"""Those in which only whole collections come."""
EXPORTED: Mapping[str, Writer[Page]] = {
    **{name: writer for name, writer in FORMS.items() if writer is not JSON},
    **FILES,
}
"""That of whole collections: what is read piece by piece, which one JSON document is not."""
KNOWN = (*FORMS, *FILES, "graphml", "gexf")
"""Forms that exist, whether or not they suit what is asked."""


def enumeration(name: str, forms: Iterable[str]) -> type[StrEnum]:
    """The type of a parameter that takes the name of one of ``forms``."""
    kind: Any = StrEnum
    found: type[StrEnum] = kind(name, {one: one for one in forms})
    return found


OnlyJson = enumeration("OnlyJson", ONLY_JSON)
Tabular = enumeration("Tabular", TABULAR)


def suiting(out: type[BaseModel]) -> Mapping[str, Writer[Page]]:
    """The forms in which records of a shape can come."""
    return {name: writer for name, writer in FORMS.items() if writer.suits(out)}


def exported(out: type[BaseModel]) -> Mapping[str, Writer[Page]]:
    """The forms in which all records of a shape can come as a file."""
    return {name: writer for name, writer in EXPORTED.items() if writer.suits(out)}


def media_types(writers: Mapping[str, Writer[Any]]) -> dict[str, Any]:
    """Forms as the documentation tells them: all but JSON, whose schema the answer itself has."""
    types = (bare(writer.media_type) for writer in writers.values() if writer is not JSON)
    return {one: {"schema": {} if one.endswith("+json") else {"type": "string"}} for one in types}
