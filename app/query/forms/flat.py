"""Records as rows of a table: columns with stable names in a stable order, whatever the data."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any, get_origin

from pydantic import BaseModel
from pydantic_core import to_json

from app.query.refs import Ref
from app.query.shape import Item, inner, source_of

SEPARATOR = "; "
Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class Column:
    """One column, and how it is read from a record."""

    name: str
    read: Reader
    kind: type = str
    """What it holds."""
    values: Reader | None = None
    """How several values in one cell are read apart."""


def rows(out: type[BaseModel], fields: Sequence[str], items: Iterable[Item]) -> Iterator[Item]:
    """Each of ``items`` as a flat object with the columns of ``fields``."""
    return map(reader(out, fields), items)


def reader(out: type[BaseModel], fields: Sequence[str]) -> Callable[[Item], Item]:
    """What makes a flat object of a record."""
    cells = [(column.name, column.read) for column in columns(out, fields)]
    return lambda item: {name: read(item) for name, read in cells}


def texts(columns: Sequence[Column], items: Iterable[Item]) -> Iterator[list[str]]:
    """Each of ``items`` as the texts that stand in ``columns``."""
    reads = [column.read for column in columns]
    for item in items:
        cells = [read(item) for read in reads]
        # Most are empty, or texts already.
        yield ["" if cell is None else cell if type(cell) is str else text(cell) for cell in cells]


def header(out: type[BaseModel], fields: Sequence[str]) -> list[str]:
    """The names of the columns of ``fields``."""
    return [column.name for column in columns(out, fields)]


def columns(out: type[BaseModel], fields: Sequence[str]) -> list[Column]:
    """The columns of ``fields``."""
    return [column for name in fields for column in _columns(out)[name]]


@cache
def _columns(out: type[BaseModel]) -> dict[str, list[Column]]:
    """The columns of each field of ``out``."""
    return {
        name: list(_of_field(name, field.annotation)) for name, field in out.model_fields.items()
    }


def _of_field(name: str, annotation: Any) -> Iterator[Column]:
    kind = inner(annotation)
    if get_origin(annotation) is list:
        yield from _of_list(name, kind)
    elif isinstance(kind, type) and issubclass(kind, BaseModel):
        for column in _of_object(kind):
            read, values = _within(name, column.read), column.values
            apart = None if values is None else _within(name, values)
            yield Column(f"{name}_{column.name}", read, column.kind, apart)
    else:
        yield Column(name, itemgetter(name), kind)


def _of_list(name: str, kind: Any) -> Iterator[Column]:
    """One column for each value within the list's entries, and one that counts them."""
    yield Column(f"{name}_count", lambda item: len(item[name]), int)
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        yield Column(name, lambda item: _joined(item[name]), kind, itemgetter(name))
        return
    for column in _of_object(kind):
        values = _each(name, column.read)
        # Several values within each of several are told as one text.
        within = str if column.values else column.kind
        yield Column(f"{singular(name)}_{column.name}", _joining(name, values), within, values)


def _of_object(kind: type[BaseModel]) -> Iterator[Column]:
    """The columns of an object; a reference is told by its slug and name."""
    for name, field in kind.model_fields.items():
        told_otherwise = issubclass(kind, Ref) and name == "id"
        if not (told_otherwise or source_of(field).included):
            yield from _of_field(name, field.annotation)


def _within(name: str, read: Reader) -> Reader:
    return lambda item: None if item[name] is None else read(item[name])


def _each(name: str, read: Reader) -> Reader:
    return lambda item: [read(entry) for entry in item[name]]


def _joining(name: str, values: Reader) -> Reader:
    return lambda item: _joined(values(item)) if item[name] else None


def _joined(values: Sequence[Any]) -> str | None:
    """Several values in one cell, with a place for each unknown one; null where nothing is told."""
    return SEPARATOR.join(map(text, values)) or None


def text(value: Any) -> str:
    """A value as JSON would write it, without quotation marks; unknown is empty."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    return to_json(value).decode().strip('"')


def singular(name: str) -> str:
    """What one entry of a list is called."""
    if name in ("series", "children"):
        return {"series": "series", "children": "child"}[name]
    return name[:-3] + "y" if name.endswith("ies") else name.removesuffix("s")
