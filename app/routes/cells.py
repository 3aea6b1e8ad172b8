"""Several answers as one table: a row for each value in them, whatever their shape."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel, ConfigDict


class Cell(BaseModel):
    """One value of one answer."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    revision: int
    """Of the data, the same for all."""
    name: str
    """That of the question, as it was asked."""
    address: str
    """What was asked."""
    row: int | None
    """Which entry of a list of the answer it stands in, from 1; null for what stands in none."""
    column: str
    """Where it stands in the answer or in that entry: `items.slug`, `rows.key.value`. Entries of
    a list within an entry are numbered from 0: `items.topics.0.slug`."""
    value: str | int | float | bool | None


def cells(revision: int, name: str, address: str, answer: Any) -> Iterator[dict[str, Any]]:
    """The values of an answer, in its order; a list without entries has none."""
    for row, column, value in _values(answer, None, ()):
        yield {
            "revision": revision,
            "name": name,
            "address": address,
            "row": row,
            "column": ".".join(column),
            "value": value,
        }


def _values(
    told: Any, row: int | None, column: tuple[str, ...]
) -> Iterator[tuple[int | None, tuple[str, ...], Any]]:
    if isinstance(told, dict):
        for name, value in told.items():
            yield from _values(value, row, (*column, name))
    elif isinstance(told, list):
        for index, value in enumerate(told):
            if row is None:
                yield from _values(value, index + 1, column)
            else:
                yield from _values(value, row, (*column, str(index)))
    else:
        yield row, column, told
