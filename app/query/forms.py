"""The forms in which lists come: each is one small writer, registered once."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from pydantic_core import to_json

from app.query import flat
from app.query.shape import Item

BYTE_ORDER_MARK = "\ufeff"
EXECUTED = ("=", "+", "-", "@", "\t", "\r")


class Form(StrEnum):
    """The forms in which lists come."""

    json = "json"
    csv = "csv"
    ndjson = "ndjson"


class OnlyJson(StrEnum):
    """The form in which everything comes."""

    json = "json"


class Tabular(StrEnum):
    """The forms of an answer that holds one table."""

    json = "json"
    csv = "csv"


KNOWN = (*Form, "jsonld", "geojson", "ics", "atom", "jsonfeed", "graphml", "gexf")
"""Forms that exist, whether or not they suit what is asked."""


class Dialect(StrEnum):
    """For whom a csv is written."""

    excel = "excel"


@dataclass(frozen=True)
class Table:
    """Records or rows, to be written in some form."""

    out: type[BaseModel]
    fields: Sequence[str]
    answer: Mapping[str, Any]
    dialect: Dialect | None = None

    @staticmethod
    def of(row: type[BaseModel], rows: Iterable[Item], dialect: Dialect | None) -> "Table":
        """A table of ``rows``, with all their fields."""
        return Table(row, tuple(row.model_fields), {"items": rows}, dialect)

    @property
    def items(self) -> Iterable[Item]:
        """The records."""
        items: Iterable[Item] = self.answer["items"]
        return items


Told = TypeVar("Told")


@dataclass(frozen=True)
class Writer(Generic[Told]):
    """One form."""

    media_type: str
    write: Callable[[Told], bytes]
    ranges: bool = False
    """Whether a part of it may be asked for by its bytes."""


def as_json(table: Table) -> bytes:
    """The answer as it stands."""
    return to_json(table.answer)


def as_ndjson(table: Table) -> bytes:
    """One flat object a line."""
    rows = flat.rows(table.out, table.fields, table.items)
    return b"".join(to_json(row) + b"\n" for row in rows)


def as_csv(table: Table) -> bytes:
    """RFC 4180: a header, then a row for each record; unknown is empty."""
    excel = table.dialect is Dialect.excel
    text = io.StringIO(BYTE_ORDER_MARK if excel else "", newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text)
    writer.writerow(flat.header(table.out, table.fields))
    for row in flat.rows(table.out, table.fields, table.items):
        cells = [flat.text(value) for value in row.values()]
        writer.writerow([_defused(cell) for cell in cells] if excel else cells)
    return text.getvalue().encode()


def _defused(cell: str) -> str:
    """A cell that a spreadsheet shows and does not execute."""
    return f"'{cell}" if cell.startswith(EXECUTED) else cell


WRITERS: Mapping[str, Writer[Table]] = {
    Form.json: Writer("application/json", as_json),
    Form.csv: Writer("text/csv; charset=utf-8", as_csv, ranges=True),
    Form.ndjson: Writer("application/x-ndjson", as_ndjson, ranges=True),
}
"""The writer of each form of a list."""
JSON: Mapping[str, Writer[Table]] = {Form.json: WRITERS[Form.json]}
"""That of what comes in no other form."""
TABULAR: Mapping[str, Writer[Table]] = {form.value: WRITERS[form.value] for form in Tabular}
"""Those of an answer that holds one table."""


def media_types(writers: Mapping[str, Writer[Any]]) -> dict[str, Any]:
    """Forms as the documentation tells them: all but JSON, whose schema the answer itself has."""
    types = (writer.media_type for form, writer in writers.items() if form != Form.json)
    return {one.partition(";")[0]: {"schema": {"type": "string"}} for one in types}
