"""What a body may ask about names: bounded, and nothing in it that is not known."""

import datetime as dt
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema, model_validator
from pydantic.json_schema import SkipJsonSchema

from app.errors import NAME, nearest, refused
from app.models import SERVED, Collection
from app.names.suggest import NameAsked
from app.query import parse

QUERIES_AT_MOST = 1000
CANDIDATES_AT_MOST = 20


class Asking(BaseModel):
    """Base of what a body holds: a field that does not exist is refused, and said."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    @model_validator(mode="before")
    @classmethod
    def known(cls, value: Any) -> Any:
        """Refuse fields that do not exist."""
        allowed = list(cls.model_fields)
        for name in value if isinstance(value, dict) else ():
            if name not in allowed:
                called = f"`{name}` is no field here." if NAME.fullmatch(name) else "No such field."
                detail = f"{called} Allowed: {', '.join(allowed)}."
                raise refused(
                    "unknown_field", detail, allowed=allowed, meant=nearest(name, allowed)
                )
        return value


def short(value: Any) -> Any:
    """A text of bounded length, or nothing."""
    if value is None:
        return None
    found = parse.cleaned(value)
    if not found:
        raise refused("empty_value", "A text is missing: give one, or leave it out.")
    if len(found) > parse.TEXT_AT_MOST:
        raise refused("too_long", f"A text has at most {parse.TEXT_AT_MOST} characters here.")
    return found


def days(value: Any) -> Any:
    """The first and the last day of a day, month or year."""
    if value is None:
        return None
    written = parse.text(value)
    return parse.day(last=False)(written), parse.day(last=True)(written)


def served(value: Any) -> Any:
    """A collection that is served."""
    if value is not None and value not in SERVED:
        raise parse.unknown_value(parse.text(value), list(SERVED))
    return value


ShortText = Annotated[
    str | SkipJsonSchema[None],
    BeforeValidator(short),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": parse.TEXT_AT_MOST}),
]


class MatchQuery(Asking):
    """One name, and what else is known of what it names."""

    name: NameAsked
    """The name, in any script and spelling."""
    collection: Annotated[Collection | SkipJsonSchema[None], BeforeValidator(served)] = None
    """What it is; of whatever collection unless told."""
    country: ShortText = None
    """To which country it belongs: id, slug, code or name."""
    role: ShortText = None
    """An office of a person or a part in a meeting, as `foreign minister`, or `host`."""
    date: Annotated[
        tuple[dt.date, dt.date] | SkipJsonSchema[None], BeforeValidator(days), parse.DAY_SCHEMA
    ] = None
    """When it was, or when somebody had that role: YYYY-MM-DD, YYYY-MM or YYYY."""
    limit: Annotated[int, Field(strict=True, ge=1, le=CANDIDATES_AT_MOST)] = 5
    """How many candidates are told."""


class MatchRequest(Asking):
    """Names to be matched."""

    queries: Annotated[list[MatchQuery], Field(min_length=1, max_length=QUERIES_AT_MOST)]
    """Up to 1,000 names."""
