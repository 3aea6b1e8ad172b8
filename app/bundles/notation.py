"""Plain data as the YAML of bundles: a line for each field, quotation marks around each text."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

FIRST = (
    *("bundle", "basis", "title", "key", "slug", "name", "label", "text"),
    *("source", "part", "quote", "paragraph", "sentence", "start", "end"),
)
"""The fields that are read first; others follow in the order of their names."""

# Characters that YAML takes for line breaks, or that not every reader of it lets pass.
_UNPRINTED = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def quoted(text: str) -> str:
    """A text as it is within any line of YAML."""
    escaped = json.dumps(text, ensure_ascii=False)
    return _UNPRINTED.sub(lambda found: f"\\u{ord(found.group()):04x}", escaped)


def flow(value: Any) -> str:
    """Data on one line."""
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{name}: {flow(value[name])}" for name in _ordered(value)) + "}"
    if isinstance(value, Sequence):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, float):
        # The numbers of bundles have no exponent.
        return format(Decimal(repr(value)), "f")
    return json.dumps(value)


def block(fields: Mapping[str, Any]) -> Iterator[str]:
    """The lines of a mapping: one for each field, and one for each row of a list of rows."""
    for name in _ordered(fields):
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


def _ordered(fields: Mapping[str, Any]) -> list[str]:
    """The same order on every computer, whatever wrote the fields."""
    known = [name for name in FIRST if name in fields]
    return known + sorted(fields.keys() - set(FIRST))
