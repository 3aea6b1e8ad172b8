"""Parquet: the columns of csv with their types, for programs that read columns."""

import importlib
import importlib.util
import io
import os
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cache
from itertools import islice
from typing import Any

from app.query.forms import flat
from app.query.forms.writer import Page, Writer
from app.query.shape import Item

GROUP = 1_000
"""How many rows are in memory."""


def _parquet(page: Page) -> Iterator[bytes]:
    """Groups of rows, each written as soon as it is whole."""
    columns = flat.columns(page.out, page.fields)
    schema = _arrow().schema([(column.name, _type(column)) for column in columns])
    written = _Written()
    with _library("pyarrow.parquet").ParquetWriter(written, schema, compression="zstd") as writer:
        items = iter(page.items)
        while group := list(islice(items, GROUP)):
            writer.write_batch(_batch(group, columns, schema))
            yield written.taken()
    yield written.taken()


def _batch(group: Sequence[Item], columns: Sequence[flat.Column], schema: Any) -> Any:
    """Some rows."""
    arrays = [
        _arrow().array([_cell(column, item) for item in group], kind)
        for column, kind in zip(columns, schema.types, strict=True)
    ]
    return _arrow().record_batch(arrays, schema=schema)


def _cell(column: flat.Column, item: Item) -> Any:
    """A value or, where there may be several, a list."""
    return column.read(item) if column.values is None else column.values(item)


def _type(column: flat.Column) -> Any:
    """The type of a column. What has an end in time is UTC."""
    arrow = _arrow()
    kinds = {
        bool: arrow.bool_(),
        int: arrow.int64(),
        float: arrow.float64(),
        date: arrow.date32(),
        datetime: arrow.timestamp("us", tz="UTC"),
        str: arrow.string(),
    }
    plain = str if issubclass(column.kind, Enum) else column.kind
    return kinds[plain] if column.values is None else arrow.list_(kinds[plain])


class _Written(io.RawIOBase):
    """What a library writes, until it is taken."""

    def __init__(self) -> None:
        super().__init__()
        self._blocks: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._blocks.append(bytes(data))
        self._length += len(data)
        return len(data)

    def tell(self) -> int:
        return self._length

    def taken(self) -> bytes:
        """What was written since the last time."""
        blocks, self._blocks = self._blocks, []
        return b"".join(blocks)


@cache
def _arrow() -> Any:
    # Its own allocators keep for later what has been used; it looks for this when it is loaded.
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
    return _library("pyarrow")


@cache
def _library(name: str) -> Any:
    """A module of the extra, which is loaded where it is needed alone."""
    return importlib.import_module(name)


def installed() -> bool:
    """Whether there is the library that writes it."""
    return importlib.util.find_spec("pyarrow") is not None


PARQUET = Writer[Page](
    "application/vnd.apache.parquet", _parquet, extra="parquet", installed=installed
)
