"""What a tool is: what a model is told of it, what it takes, and what it answers."""

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.assistants.asking import Api, Json
from app.assistants.facts import Text
from app.errors import FAULTS_AT_MOST, Fault, InvalidQuery, fault, nearest, translated
from app.models import Voice
from app.query.params import Language

ALLOWED_AT_MOST = 60
"""How many allowed values a refusal lists."""


class Arguments(BaseModel):
    """What every tool takes."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)

    lang: Text = Field(default=None, json_schema_extra={"enum": [one.value for one in Language]})
    """The language of names; English unless told."""
    basis: Text = Field(default=None, json_schema_extra={"enum": ["source"]})
    """`source` leaves out what no source states (reference knowledge, such as the year of a date),
    also when filtering."""


class Narrowed(Arguments):
    """What a tool takes besides that tells of several collections."""

    topic: Text = None
    """Slugs of topics; includes what is below them."""
    meeting: Text = None
    """Slugs of meetings."""
    voice: Text = Field(default=None, json_schema_extra={"enum": [one.value for one in Voice]})
    """Only what is asserted so."""
    date_from: Text = None
    """YYYY, YYYY-MM or YYYY-MM-DD. Leaves out what has no calendar date."""
    date_to: Text = None
    """YYYY, YYYY-MM or YYYY-MM-DD. Leaves out what has no calendar date."""


def wording(asked: Arguments) -> Json:
    """How the answer is to be worded, which is the same of whatever the API is asked for it."""
    return {name: getattr(asked, name) for name in Arguments.model_fields}


@dataclass(frozen=True)
class Told:
    """What a tool answers: the same for reading and for programs."""

    text: str
    content: Json


@dataclass(frozen=True, kw_only=True)
class Tool:
    """One tool. None of them changes anything."""

    name: str
    title: str
    about: str
    """What it is for, for a model that has never seen it."""
    arguments: type[Arguments]
    answer: type[BaseModel]
    ask: Callable[[Api, Any], Awaitable[Told]]


def taken(tool: Tool, given: Mapping[str, Any]) -> Arguments:
    """The arguments of a tool. Raises InvalidQuery for whatever it does not take."""
    allowed = list(tool.arguments.model_fields)
    # Many a model sends null for what it leaves out.
    given = {
        name: value for name, value in given.items() if value is not None or name not in allowed
    }
    unknown = [name for name in given if name not in allowed]
    if unknown:
        raise invalid([_unknown(name, allowed) for name in unknown[:FAULTS_AT_MOST]])
    if broken := [name for name, value in given.items() if not _can_be_sent(value)]:
        detail = "Broken text is not allowed here."
        raise invalid([fault("not_text", name, detail) for name in broken])
    try:
        return tool.arguments.model_validate(dict(given))
    except ValidationError as error:
        errors = [{**one, "loc": ("argument", *one["loc"])} for one in error.errors()]
        raise translated(RequestValidationError(errors)) from None


def _can_be_sent(value: Any) -> bool:
    """Whether ``value`` is free of lone surrogates, which JSON has and UTF-8 has not."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _unknown(name: str, allowed: list[str]) -> Fault:
    meant = nearest(name, allowed)
    detail = "That is no argument of this tool."
    return fault("unknown_parameter", name, detail, allowed=allowed, meant=meant)


def invalid(faults: list[Fault]) -> InvalidQuery:
    """The error with these faults."""
    return InvalidQuery(" ".join(one.detail for one in faults), faults)


def explained(detail: str, faults: list[Fault]) -> str:
    """A refusal in words: what is wrong, what would be allowed, what was probably meant."""
    if not faults:
        return f"Refused. {detail}"
    return "\n".join(["Refused.", *dict.fromkeys(map(_explained, faults))])


UNKNOWN = {"unknown_reference", "unknown_record"}


def _explained(one: Fault) -> str:
    unknown = ""
    if one.code in UNKNOWN and one.did_you_mean is None:
        unknown = "Nothing is known of it here. "
    called = (
        f"`{one.parameter}`: " if one.parameter and f"`{one.parameter}`" not in one.detail else ""
    )
    listed = ""
    if one.allowed is not None and not ("Allowed:" in one.detail or "Known:" in one.detail):
        more = len(one.allowed) - ALLOWED_AT_MOST
        rest = f" and {more} more" if more > 0 else ""
        listed = f" Allowed: {', '.join(one.allowed[:ALLOWED_AT_MOST])}{rest}."
    return f"{unknown}{called}{one.detail}{listed}"


def schema(model: type[BaseModel]) -> Json:
    """The JSON schema of a model, without the names and defaults that tell a reader nothing."""
    found: Json = model.model_json_schema()
    _bare(found)
    return found


def _bare(node: Any) -> None:
    if isinstance(node, list):
        for one in node:
            _bare(one)
    elif isinstance(node, dict):
        if isinstance(node.get("title"), str):
            del node["title"]
        if node.get("default", 0) is None:
            del node["default"]
        for one in node.values():
            _bare(one)
