"""Writes the tables of api.md from the code; run it after a change of filters, fields or enums."""  # noqa: INP001

import inspect
import re
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel

from app.errors import kinds
from app.query.filters import Span
from app.query.forms import FORMS
from app.query.resource import COMMON_SORTS, Resource
from app.resources import RESOURCES

PAGE = Path(__file__).parent / "api.md"
SECTION = re.compile(r"(<!-- table: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def render(page: str) -> str:
    """The page with each of its tables as the code has it today."""
    tables = {"collections": collections, "errors": errors, "enums": enums, "forms": forms}
    return SECTION.sub(lambda found: f"{found[1]}{tables[found[2]]()}{found[3]}", page)


def collections() -> str:
    """What each collection can be asked, its own filters and sorts."""
    return "\n".join(line for resource in RESOURCES for line in _collection(resource)) + "\n"


def _collection(resource: Resource) -> Iterator[str]:
    yield f"#### {resource.name}\n\n{resource.about}\n"
    yield "| filter | what it keeps |\n|---|---|"
    for name, one in resource.filters.items():
        about = "Its date; see [Dates](#dates)." if isinstance(one, Span) else one.about
        yield f"| {_code(one.parameters(name))} | {about} |"
    own = [name for name in resource.all_sorts if name not in COMMON_SORTS]
    yield f"\nSorted by `{resource.default_sort}` unless told."
    if own:
        yield f"Sort keys of its own: {_code(own)}."
    if resource.includes:
        yield f"Only with `include`: {_code(resource.includes)}."
    yield f"Facets: {_code(resource.facets) or 'none'}.\n"


def forms() -> str:
    """Every form, and what comes in it."""
    rows = [
        f"| `{name}` | `{one.media_type.partition(';')[0]}` | {_coming(name)} |"
        for name, one in FORMS.items()
    ]
    return "\n".join(["| form | media type | what comes in it |", "|---|---|---|", *rows, ""])


def _coming(form: str) -> str:
    """The collections that come in a form."""
    found = [resource.name for resource in RESOURCES if form in resource.forms]
    return "every collection" if len(found) == len(RESOURCES) else _code(found)


def errors() -> str:
    """Every kind of error."""
    rows = [f"| {kind.status} | `{code}` | {kind.title} |" for code, kind in _by_status()]
    return "\n".join(["| status | code | title |", "|---|---|---|", *rows, ""])


def _by_status() -> list[tuple[str, Any]]:
    return sorted(kinds().items(), key=lambda pair: (pair[1].status, pair[0]))


def enums() -> str:
    """Every enumeration of the answers with its members."""
    found = {enum.__name__: enum for one in RESOURCES for enum in _enums(one.out)}
    rows = [
        f"| `{name}` | {_code(member.value for member in enum)} | {inspect.getdoc(enum)} |"
        for name, enum in sorted(found.items())
    ]
    return "\n".join(["| type | values | what it tells |", "|---|---|---|", *rows, ""])


def _enums(shape: type[BaseModel]) -> Iterator[type[StrEnum]]:
    for field in shape.model_fields.values():
        for kind in _classes(field.annotation):
            if issubclass(kind, StrEnum):
                yield kind
            elif issubclass(kind, BaseModel):
                yield from _enums(kind)


def _classes(annotation: Any) -> Iterator[type[Any]]:
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    for one in get_args(annotation):
        yield from _classes(one)


def _code(names: Any) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    PAGE.write_text(render(PAGE.read_text("utf-8")), "utf-8")
