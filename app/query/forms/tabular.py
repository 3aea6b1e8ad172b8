"""Forms for programs that read objects or tables: json, csv and ndjson."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from pydantic_core import to_json

from app.query.forms import flat
from app.query.forms.writer import Dialect, Table, Writer
from app.query.shape import Item

BYTE_ORDER_MARK = "\ufeff"
# Spreadsheets in Chinese and Japanese take the signs in full width for the same.
EXECUTED = "[-=+@\t\r\n\uff0d\uff1d\uff0b\uff20]"
FIRST = re.compile(f"^()(?={EXECUTED})")
EACH = re.compile(f"(^|{flat.SEPARATOR})(?={EXECUTED})")
HARMLESS = (bool, int, float, date, datetime)
"""What is written of these must not become a text."""


def _json(table: Table) -> Iterator[bytes]:
    """The answer as it stands."""
    yield to_json(table.answer)


def _ndjson(table: Table) -> Iterator[bytes]:
    """One flat object a line."""
    number = 0
    for number, row in enumerate(flat.rows(table.out, table.fields, table.items), 1):  # noqa: B007
        yield to_json(row) + b"\n"
    if table.counted:
        yield to_json({"count": number}) + b"\n"


def _csv(table: Table) -> Iterator[bytes]:
    """RFC 4180: a header, then a row for each record; unknown is empty."""
    columns = flat.columns(table.out, table.fields)
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    if table.dialect is Dialect.excel:
        yield BYTE_ORDER_MARK.encode()
        columns = [*map(_defused, columns)]
    writer.writerow([column.name for column in columns])
    number = 0
    for number, cells in enumerate(flat.texts(columns, table.items), 1):  # noqa: B007
        yield _taken(line)
        writer.writerow(cells)
    if table.counted:
        writer.writerow([f"count={number}", *[""] * (len(columns) - 1)])
    yield _taken(line)


def _taken(line: io.StringIO) -> bytes:
    """What was written, which makes room for more."""
    written = line.getvalue().encode()
    line.seek(0)
    line.truncate()
    return written


def _defused(column: flat.Column) -> flat.Column:
    """A column whose texts a spreadsheet shows and does not execute, nor what it splits them into.

    A column may hold texts beside numbers, and one of several numbers holds them as one text.
    """
    if column.values and column.kind in HARMLESS:
        return column
    read, begins = column.read, FIRST if column.values is None else EACH

    def defused(item: Item) -> Any:
        cell = read(item)
        return begins.sub(r"\1'", cell) if isinstance(cell, str) else cell

    return replace(column, read=defused)


JSON = Writer[Table]("application/json", _json, ranges=False)
CSV = Writer[Table]("text/csv; charset=utf-8", _csv, counts=True)
NDJSON = Writer[Table]("application/x-ndjson", _ndjson, counts=True)
