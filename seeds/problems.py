"""What is wrong with a bundle, in words for the person who wrote it."""

import difflib
from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

Path = tuple[str | int, ...]

_PATTERNS = {
    "language": "a language is written as a BCP 47 tag such as en, ja or zh-Hans",
    "code": "a code is three upper-case letters (ISO 3166-1 alpha-3)",
    "alpha2": "alpha2 is two upper-case letters (ISO 3166-1 alpha-2)",
    "wikidata": "wikidata is the number of an item, such as Q17",
    "url": "a url begins with http:// or https:// and has no blanks",
    "sha256": "a sha256 is 64 lower-case hexadecimal digits",
    "target": "a target is written as collection/key",
    "record": "a record is written as collection/key",
}
_KEYS = "keys and slugs are lower-case ASCII letters and digits with single hyphens between"


def nearest(name: str, known: Iterable[str]) -> str:
    """The known name that was probably meant, to end a sentence; empty where none is near."""
    close = difflib.get_close_matches(name, sorted(known), n=1)
    return f"; did you mean {str(close[0])!r}?" if close else ""


def explain(error: ValidationError, model: type[BaseModel]) -> Iterator[tuple[Path, str]]:
    """Each thing that does not fit `model`: where in the record it stands, and a sentence."""
    for detail in error.errors(include_url=False):
        path = detail["loc"]
        yield path, f"{dotted(path)}: {_sentence(detail, model)}" if path else detail["msg"]


def dotted(path: Path) -> str:
    """A path for people: list entries count from 1."""
    return ".".join(str(step + 1) if isinstance(step, int) else step for step in path)


def _sentence(detail: ErrorDetails, model: type[BaseModel]) -> str:
    path, name = detail["loc"], str(detail["loc"][-1])
    holder = _model_at(model, path[:-1])
    kind = detail["type"]
    if kind == "extra_forbidden" and name == "words" and holder and "sha256" in holder.model_fields:
        return "the evidence is not sealed yet: run `communique seal` with the source's text"
    if kind == "extra_forbidden" and holder:
        fields = holder.model_fields
        return f"there is no such field; there are {listed(fields)}{nearest(name, fields)}"
    if kind == "missing":
        return "is missing" if len(path) > 1 else "is missing: no bundle says it"
    if kind == "enum":
        allowed = _values(holder, path)
        return f"{detail['input']!r} is none of {listed(allowed)}{near(detail['input'], allowed)}"
    if kind == "string_pattern_mismatch":
        return f"{detail['input']!r} does not fit: {_PATTERNS.get(name, _KEYS)}"
    return detail["msg"].removeprefix("Value error, ")


def near(value: object, allowed: Iterable[str]) -> str:
    """`nearest`, for a value that need not be text."""
    return nearest(value, allowed) if isinstance(value, str) else ""


def listed(names: Iterable[str]) -> str:
    """Names, with commas between them."""
    return ", ".join(names)


def _model_at(model: type[BaseModel], path: Sequence[str | int]) -> type[BaseModel] | None:
    """The class of the object to which a path leads."""
    found: type[BaseModel] | None = model
    for step in path:
        if isinstance(step, str):
            field = found.model_fields.get(step) if found else None
            found = next(_classes(field.annotation, BaseModel), None) if field else None
    return found


def _values(holder: type[BaseModel] | None, path: Sequence[str | int]) -> list[str]:
    field = holder.model_fields.get(str(path[-1])) if holder else None
    enum = next(_classes(field.annotation, StrEnum), None) if field else None
    return [member.value for member in enum] if enum else []


def _classes(annotation: Any, base: type[Any]) -> Iterator[Any]:
    """The subclasses of `base` within an annotation such as `list[Row] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, base):
        yield annotation
    for part in get_args(annotation):
        yield from _classes(part, base)
