"""From the text of a parameter to its value: what every type of parameter accepts."""

import calendar
import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, StringConstraints, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from app.errors import nearest, refused

VALUES_AT_MOST = 100
TEXT_AT_MOST = 200
_TURNING = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
"""Characters that turn the direction of writing."""
DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


def text(value: Any) -> str:
    """``value`` as NFC, without blanks around it and without what is no text."""
    if not isinstance(value, str):
        raise refused("not_text", "It must be a text.")
    if not is_text(value):
        raise refused("not_text", "Control characters and broken text are not allowed here.")
    return unicodedata.normalize("NFC", value).strip()


def cleaned(value: Any) -> str:
    """The same of what is looked for, as it may be pasted: what is no text is one blank.

    What turns the direction of writing is dropped, for it may stand within a word.
    """
    if not isinstance(value, str):
        raise refused("not_text", "It must be a text.")
    seen = (one for one in value if one not in _TURNING)
    shown = "".join(one if is_text(one) else " " for one in seen)
    return unicodedata.normalize("NFC", " ".join(shown.split()))


def is_text(value: str) -> bool:
    """Whether ``value`` is free of control characters, surrogates and what turns writing round."""
    return not any(_is_no_text(character) for character in value)


def _is_no_text(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs") or character in _TURNING


def terms(values: Any) -> list[str]:
    """The values of a parameter given as ``a,b``, repeated, or both; each may be ``!excluded``."""
    found = [part.strip() for value in values for part in text(value).split(",")]
    if not found or "" in found or "!" in found:
        raise refused("empty_value", "A value is missing: give one, or leave the parameter out.")
    if len(found) > VALUES_AT_MOST:
        raise refused("too_many_values", f"At most {VALUES_AT_MOST} values are taken here.")
    if any(len(part) > TEXT_AT_MOST for part in found):
        raise refused("too_long", f"A value has at most {TEXT_AT_MOST} characters.")
    return list(dict.fromkeys(found))


def among(allowed: Iterable[str], *, excludes: bool = True) -> Callable[[Any], list[str]]:
    """A check that each of some terms is one of ``allowed``."""
    names = list(allowed)

    def check(values: Any) -> list[str]:
        found = terms(values)
        for part in found:
            value = part.removeprefix("!") if excludes else part
            if value not in names:
                raise unknown_value(value, names)
        return found

    return check


def unknown_value(value: str, allowed: list[str]) -> Exception:
    """What to raise where ``value`` is none of ``allowed``."""
    meant = nearest(value, allowed)
    detail = f"That value is not known here. Allowed: {', '.join(allowed[:30])}."
    return refused("unknown_value", detail, allowed=allowed, meant=meant)


def flag(value: Any) -> bool | None:
    """``true`` or ``false``, and nothing else."""
    if value is None or isinstance(value, bool):
        return value
    if value not in ("true", "false"):
        raise refused("not_a_boolean", "Say true or false.", allowed=["true", "false"])
    return bool(value == "true")


def day(*, last: bool) -> Callable[[Any], date | None]:
    """A day; of a year or a month its first, or its ``last``, day."""

    def parse(value: Any) -> date | None:
        if value is None or isinstance(value, date):
            return value
        match = DAY.fullmatch(value)
        try:
            year, month, number = (int(part) if part else None for part in match.groups())  # type: ignore[union-attr]
            month = month if month is not None else (12 if last else 1)
            length = calendar.monthrange(year or 0, month)[1]
            return date(year or 0, month, number if number is not None else length if last else 1)
        except (AttributeError, ValueError, calendar.IllegalMonthError):
            raise refused("invalid_date", "A date is YYYY-MM-DD, YYYY-MM or YYYY.") from None

    return parse


def number(at_least: int, at_most: int) -> Callable[[Any], int]:
    """A whole number in decimal digits within bounds."""

    def parse(value: Any) -> int:
        if isinstance(value, int):
            return value
        if not re.fullmatch(r"-?[0-9]{1,18}", value) or not at_least <= int(value) <= at_most:
            raise refused("out_of_range", f"A whole number from {at_least} to {at_most}.")
        return int(value)

    return parse


COUNT_AT_MOST = 2**31 - 1
"""What every database takes for a whole number."""


def count(value: Any) -> int | None:
    """How many, from 1."""
    return None if value is None else number(1, COUNT_AT_MOST)(value)


Excluded = Annotated[str, StringConstraints(pattern="^!"), Field(title="Excluded")]
"""A value preceded by an exclamation mark, which leaves out what has it."""


def many(kind: Any, check: Callable[[Any], Any]) -> Any:
    """The type of a parameter that takes several values of ``kind``."""
    return Annotated[list[kind], BeforeValidator(check)]


def choices(enum: type[StrEnum]) -> Any:
    """The type of a parameter that takes members of ``enum``, or excludes them."""
    allowed = [member.value for member in enum]
    out: Any = Annotated[str, WithJsonSchema({"enum": [f"!{value}" for value in allowed]})]
    return many(enum | out, among(allowed))


Flag = Annotated[bool | SkipJsonSchema[None], BeforeValidator(flag)]
Count = Annotated[
    int | SkipJsonSchema[None],
    BeforeValidator(count),
    WithJsonSchema({"type": "integer", "minimum": 1, "maximum": COUNT_AT_MOST}),
]
DAY_SCHEMA = WithJsonSchema({"type": "string", "pattern": r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"})
FirstDay = Annotated[date | SkipJsonSchema[None], BeforeValidator(day(last=False)), DAY_SCHEMA]
LastDay = Annotated[date | SkipJsonSchema[None], BeforeValidator(day(last=True)), DAY_SCHEMA]
