"""Forms for programs that read objects or tables: json, csv and ndjson."""

import csv
import io
from collections.abc import Iterator

from pydantic_core import to_json

from app.query.forms import flat
from app.query.forms.writer import Dialect, Table, Writer

BYTE_ORDER_MARK = "\ufeff"
EXECUTED = ("=", "+", "-", "@", "\t", "\r")


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
    excel = table.dialect is Dialect.excel
    line = io.StringIO(newline="")
    writer = csv.writer(line)
    if excel:
        yield BYTE_ORDER_MARK.encode()
    header = flat.header(table.out, table.fields)
    writer.writerow(header)
    number = 0
    for number, cells in enumerate(flat.texts(table.out, table.fields, table.items), 1):  # noqa: B007
        yield _taken(line)
        writer.writerow([_defused(cell) for cell in cells] if excel else cells)
    if table.counted:
        writer.writerow([f"count={number}", *[""] * (len(header) - 1)])
    yield _taken(line)


def _taken(line: io.StringIO) -> bytes:
    """What was written, which makes room for more."""
    written = line.getvalue().encode()
    line.seek(0)
    line.truncate()
    return written


def _defused(cell: str) -> str:
    """A cell that a spreadsheet shows and does not execute."""
    return f"'{cell}" if cell.startswith(EXECUTED) else cell


JSON = Writer[Table]("application/json", _json, ranges=False)
CSV = Writer[Table]("text/csv; charset=utf-8", _csv, counts=True)
NDJSON = Writer[Table]("application/x-ndjson", _ndjson, counts=True)
