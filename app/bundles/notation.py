"""Plain data as the YAML of bundles: a line for each field, quotation marks around each text."""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

FIRST = (
    *("bundle", "basis", "title", "key", "slug", "name", "label", "text"),
    *("source", "part", "quote", "paragraph", "sentence", "start", "end"),
)
"""The fields that are read first; others follow in the order of their names."""

_json = json.JSONEncoder(ensure_ascii=False).encode

# Characters that YAML takes for line breaks, or that not every reader of it lets pass.
_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def quoted(text: str) -> str:
    """A text as it is within any line of YAML."""
    return _UNPRINTED.sub(lambda found: f"\\u{ord(found.group()):04x}", _json(text))


def flow(value: Any) -> str:
    """Data on one line."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return "{" + ", ".join([f"{name}: {flow(value[name])}" for name in _order(*value)]) + "}"
    if isinstance(value, list):
        return "[" + ", ".join([flow(each) for each in value]) + "]"
    if value is None or isinstance(value, bool):
        return _json(value)
    # The numbers of bundles have no exponent.
    return str(value) if isinstance(value, int) else format(Decimal(repr(value)), "f")


def block(fields: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a mapping: one for each field, and one for each row of a list of rows."""
    for name in _order(*fields):
        value = fields[name]
        if isinstance(value, list) and value and isinstance(value[0], dict | list):
            yield f"{name}:"
            yield from (f"  - {flow(row)}" for row in value)
        else:
            yield f"{name}: {flow(value)}"


def document(fields: Mapping[str, Any]) -> str:
    """A file that holds one mapping."""
    return "".join(f"{line}\n" for line in block(fields))


def item(fields: Mapping[str, Any]) -> str:
    """A mapping as an item of a list that is itself a field."""
    first, *others = block(fields)
    return "".join([f"  - {first}\n", *(f"    {line}\n" for line in others)])


@lru_cache(maxsize=1000)
def _order(*fields: str) -> tuple[str, ...]:
    """The same order on every computer, whatever wrote the fields."""
    known = [name for name in FIRST if name in fields]
    return (*known, *sorted({*fields} - {*FIRST}))
