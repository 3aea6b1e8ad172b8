"""Refuses what a parameter model would let pass: unknown names, repeated ones, broken text."""

from collections.abc import Callable, Iterator, Mapping
from typing import get_origin
from urllib.parse import parse_qsl

from fastapi import Request
from pydantic import BaseModel

from app.errors import FAULTS_AT_MOST, NAME, BadRequest, Fault, InvalidQuery, fault, nearest

NAMELESS = "There is no such parameter."


def only(
    model: type[BaseModel], instead: Mapping[str, str] | None = None
) -> Callable[[Request], None]:
    """A dependency that lets pass only the parameters of ``model``, each as often as it may be.

    ``instead`` tells of some names that are none what to write in their place.
    """
    allowed = list(model.model_fields)
    repeated = {
        name for name, field in model.model_fields.items() if get_origin(field.annotation) is list
    }

    async def check(request: Request) -> None:
        names = [name for name, _ in pairs(request)]
        faults = [*_unknown(names, allowed, instead or {}), *_repeated(names, allowed, repeated)]
        if faults:
            raise InvalidQuery(" ".join(one.detail for one in faults)[:2000], faults)

    return check  # type: ignore[return-value]


def pairs(request: Request) -> list[tuple[str, str]]:
    """The parameters as they were sent. Raises BadRequest where they are not UTF-8."""
    try:
        raw = request.scope["query_string"].decode("ascii")
        return parse_qsl(raw, keep_blank_values=True, errors="strict")
    except ValueError:
        raise BadRequest("The query is not text in UTF-8, percent-encoded.") from None


def _unknown(names: list[str], allowed: list[str], instead: Mapping[str, str]) -> Iterator[Fault]:
    unknown = [name for name in dict.fromkeys(names) if name not in allowed]
    for name in unknown[:FAULTS_AT_MOST]:
        if told := instead.get(name):
            yield fault("unknown_parameter", name, told, allowed=allowed)
            continue
        meant = nearest(name, allowed)
        listed = "" if meant else f" Allowed: {', '.join(allowed) or 'none'}."
        called = f"`{name}` is no parameter here." if NAME.fullmatch(name) else NAMELESS
        detail = f"{called}{listed}"
        yield fault("unknown_parameter", name, detail, allowed=allowed, meant=meant)


def _repeated(names: list[str], allowed: list[str], repeated: set[str]) -> Iterator[Fault]:
    for name in allowed:
        if name not in repeated and names.count(name) > 1:
            yield fault("repeated_parameter", name, f"`{name}` is given once at most.")
