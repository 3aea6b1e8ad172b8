"""The parameters that every list, record and facet answer shares."""

import re
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from app.errors import BadCursor, nearest, refused
from app.query import parse
from app.query.forms import KNOWN, OnlyJson, Tabular
from app.query.forms.writer import Dialect


class Language(StrEnum):
    """The languages in which names are served."""

    en = "en"
    zh = "zh"
    zh_hans = "zh-Hans"
    zh_hant = "zh-Hant"
    ja = "ja"
    ko = "ko"


class OnlyBasis(StrEnum):
    """On what alone an answer may rest."""

    source = "source"


# What a parameter may also be, and its documentation does not say.
ABSENT: Any = Annotated[None, SkipJsonSchema()]  # type: ignore[type-arg]
UNLISTED: Any = Annotated[str, SkipJsonSchema()] | ABSENT  # type: ignore[type-arg]


def up_to(most: int, default: int) -> Any:
    """A parameter that takes a whole number from 1 to ``most``."""
    schema = {"type": "integer", "minimum": 1, "maximum": most, "default": default}
    return Annotated[int, BeforeValidator(parse.number(1, most)), WithJsonSchema(schema)]


def one_of(enum: type[StrEnum], known: Sequence[str] = ()) -> Any:
    """The type of a parameter that takes one member of ``enum``.

    A value that is ``known`` and no member is left for the answer to refuse.
    """
    allowed = [member.value for member in enum]

    def check(value: Any) -> Any:
        if value is not None and value not in allowed and value not in known:
            raise parse.unknown_value(parse.text(value), allowed)
        return value

    kind: Any = enum
    return Annotated[kind | (UNLISTED if known else ABSENT), BeforeValidator(check)]


def cursor(value: Any) -> Any:
    """A cursor as far as its letters go. Raises BadCursor for what cannot be one."""
    if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{1,4000}", value):
        raise BadCursor.of("A cursor is what `next_cursor` held, unchanged.")
    return value


Cursor = Annotated[
    str | SkipJsonSchema[None],
    BeforeValidator(cursor),
    WithJsonSchema({"type": "string", "pattern": "^[A-Za-z0-9_-]{1,4000}$"}),
]
Country = Annotated[str | SkipJsonSchema[None], BeforeValidator(lambda v: v and parse.text(v))]


class Wording(BaseModel):
    """In whose words an answer is given, and on what it rests."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    lang: one_of(Language) = None  # type: ignore[valid-type]
    """The language of names; `Accept-Language`, else English, unless told."""
    names_by: Country = None
    """Show the names that this country itself uses, where it has one of its own."""
    basis: one_of(OnlyBasis) = None  # type: ignore[valid-type]
    """`source` hides reference knowledge from values and from filters."""


class Manner(Wording):
    """How an answer is given, whatever it is about."""

    format: one_of(OnlyJson, KNOWN) = None  # type: ignore[valid-type]
    """The form of the answer."""


class TableForm(BaseModel):
    """In which form a table comes."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    format: one_of(Tabular, KNOWN) = None  # type: ignore[valid-type]
    """The form of the answer; `Accept` does the same."""
    dialect: one_of(Dialect) = None  # type: ignore[valid-type]
    """`excel` writes csv so that a spreadsheet reads its letters and executes none of its cells."""


class TabularManner(TableForm, Manner):
    """How an answer is given that holds one table."""


class Choosing(Wording):
    """What is told of records."""

    include: list[str] = Field(default_factory=list)
    fields: list[str] = Field(default_factory=list)
    dialect: one_of(Dialect) = None  # type: ignore[valid-type]
    """`excel` writes csv so that a spreadsheet reads its letters and executes none of its cells."""


class RecordParameters(Choosing, Manner):
    """The parameters of one record."""


class ExportParameters(Choosing):
    """The parameters of an export, its filters aside."""

    sort: str = ""
    count: parse.Flag = None
    """Whether the last line tells the number of records, which one that was cut off lacks."""


class ListParameters(RecordParameters):
    """The parameters of a list, its filters aside."""

    sort: str = ""
    limit: up_to(200, 50) = 50  # type: ignore[valid-type]
    """How many records a page holds."""
    cursor: Cursor = None
    """`next_cursor` of the page before."""
    with_total: parse.Flag = None
    """Whether to count all that match, as `total` or, in forms without it, `Total-Count`."""


def sorting(sorts: Sequence[str], default: str) -> dict[str, Any]:
    """``sort`` with the keys that it takes."""
    about = f"Sort keys in order of weight; `-` before one turns it round. {default} unless told."
    return {"sort": (_sort(sorts), Field(default=default, description=about))}


def coming(forms: type[StrEnum]) -> dict[str, Any]:
    """``format`` with the forms that it takes."""
    about = "The form of the answer; `Accept` does the same."
    return {"format": (one_of(forms, KNOWN), Field(default=None, description=about))}


def embedding(includes: Sequence[str], shown: Sequence[str]) -> dict[str, Any]:
    """``include`` and ``fields`` with the names that they take."""
    return {
        "include": (
            names(includes),
            Field(default_factory=list, description="Adds what is absent unless asked for."),
        ),
        "fields": (
            names(shown),
            Field(default_factory=list, description="Only these fields, beside `id`."),
        ),
    }


def names(allowed: Sequence[str]) -> Any:
    """The type of a parameter that takes some of ``allowed``."""
    item = Annotated[str, WithJsonSchema({"type": "string", "enum": list(allowed)})]
    return parse.many(item, parse.among(allowed, excludes=False))


def dimensions(allowed: Sequence[str]) -> Any:
    """The same for what is counted by: to name one twice would be one dimension, and no table."""
    item = Annotated[str, WithJsonSchema({"type": "string", "enum": list(allowed)})]
    known = parse.among(allowed, excludes=False)

    def check(values: Any) -> list[str]:
        found = known(values)
        if len(found) < sum(value.count(",") + 1 for value in values):
            raise refused("counted_twice", "A dimension stands twice: name another, or one alone.")
        return found

    return parse.many(item, check)


def name(allowed: Sequence[str]) -> Any:
    """The type of a parameter that takes one of ``allowed`` or is left out."""
    taken = [*allowed]

    def check(value: Any) -> Any:
        if value is not None and value not in taken:
            raise parse.unknown_value(parse.text(value), taken)
        return value

    schema = WithJsonSchema({"type": "string", "enum": taken})
    kind: Any = str
    return Annotated[kind | ABSENT, BeforeValidator(check), schema]


def _sort(allowed: Sequence[str]) -> Any:
    one = f"-?({'|'.join(allowed)})"
    schema = {"type": "string", "pattern": f"^{one}(,{one})*$"}
    return Annotated[str, BeforeValidator(sort_check(allowed)), WithJsonSchema(schema)]


def sort_check(allowed: Sequence[str]) -> Callable[[Any], str]:
    """A check that a sort names each of its keys once, and only ``allowed`` ones."""

    def check(value: Any) -> str:
        asked = [part.strip().removeprefix("-") for part in parse.text(value).split(",")]
        for name in asked:
            if name not in allowed:
                detail = f"There is no such sort key. Allowed: {', '.join(allowed)}."
                meant = nearest(name, allowed)
                raise refused("unknown_sort", detail, allowed=list(allowed), meant=meant)
        if len(set(asked)) < len(asked):
            raise refused("repeated_sort", "A sort key stands twice.")
        return ",".join(part.strip() for part in parse.text(value).split(","))

    return check
