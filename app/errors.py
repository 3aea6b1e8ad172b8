"""One family of errors, and the one place that renders them (RFC 9457)."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from pydantic_core import PydanticCustomError, to_json
from starlette.exceptions import HTTPException
from starlette.responses import Response

MEDIA_TYPE = "application/problem+json"
NAME = re.compile(r"[A-Za-z0-9_.-]{1,64}")
ALLOWED_AT_MOST = 200
READ = ("GET", "HEAD")
FAULTS_AT_MOST = 20
"""How many mistakes of one request are explained: each costs a search for what was meant."""


class Fault(BaseModel):
    """One thing that is wrong with a request. The value itself is never repeated."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    location: str
    """Where it stands: query, path, header or body."""
    parameter: str | None = None
    """The parameter's name; null where it is not one that can safely be repeated."""
    pointer: str | None = None
    """Where in a body it stands (RFC 6901)."""
    code: str
    """What is wrong, for programs."""
    detail: str
    """What is wrong, for people."""
    allowed: list[str] | None = None
    """What would be allowed."""
    did_you_mean: str | None = None
    """The allowed value that looks most alike."""


class Problem(BaseModel):
    """An error, whatever raised it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    type: str
    """The address of a page that explains the code."""
    title: str
    """What the code means."""
    status: int
    """The HTTP status."""
    detail: str
    """What is wrong with this request."""
    instance: str
    """The path that was asked."""
    code: str
    """What is wrong, for programs."""
    request_id: str
    """Name it when you ask about this answer."""
    errors: list[Fault]
    """Everything that is wrong, each by itself."""


class ApiError(Exception):
    """An error that is the caller's to mend, or ours to admit. Each kind is one subclass."""

    code: ClassVar[str]
    status: ClassVar[int]
    title: ClassVar[str]

    def __init__(
        self, detail: str, faults: Sequence[Fault] = (), headers: dict[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.faults = list(faults[:FAULTS_AT_MOST])
        self.headers = headers or {}


class InvalidQuery(ApiError):
    """A parameter is unknown, repeated, out of range or names something that does not exist.

    Nothing is ever ignored in silence: a filter that was dropped would give a wrong answer.
    Each entry of `errors` says which parameter it is about, what would be allowed and, where
    there is one, the allowed value that looks most alike.
    """

    code, status, title = "invalid_query", 422, "The query cannot be answered as it stands"


class BadCursor(ApiError):
    """A cursor is not one that this API issued, or was issued for another query.

    A cursor continues the very list that issued it: the same collection, filters and sort.
    Start again without `cursor`.
    """

    code, status, title = "bad_cursor", 400, "The cursor does not fit"

    @staticmethod
    def of(detail: str) -> "BadCursor":
        """The error with its one fault."""
        return BadCursor(detail, [fault("bad_cursor", "cursor", detail)])


class NotFound(ApiError):
    """There is nothing at this address."""

    code, status, title = "not_found", 404, "Nothing is here"


class MethodNotAllowed(ApiError):
    """The address exists, and does not take this method. `Allow` lists those that it takes."""

    code, status, title = "method_not_allowed", 405, "The method is not allowed here"


class NotAcceptable(ApiError):
    """The form that was asked for exists, and does not suit what was asked."""

    code, status, title = "not_acceptable", 406, "This does not come in that form"


class BadRequest(ApiError):
    """The request is not well-formed HTTP, or its address is not text."""

    code, status, title = "bad_request", 400, "The request cannot be read"


class RangeNotSatisfiable(ApiError):
    """The range asked for lies beyond the answer, whose length `Content-Range` tells."""

    code, status, title = "range_not_satisfiable", 416, "The range lies outside the answer"


class PreconditionFailed(ApiError):
    """The file is no longer the one that `If-Match` names. Ask without it for the one of now."""

    code, status, title = "precondition_failed", 412, "The file is another one by now"


class TooLarge(ApiError):
    """The address is longer than this server reads."""

    code, status, title = "uri_too_long", 414, "The address is too long"


class HeadersTooLarge(ApiError):
    """The request has more headers, or longer ones, than this server reads."""

    code, status, title = "headers_too_large", 431, "The headers are too large"


class BodyTooLarge(ApiError):
    """The request has a body that is longer than this server reads."""

    code, status, title = "body_too_large", 413, "The body is too large"


class TooSlow(ApiError):
    """The request did not arrive in the time that this server waits for one."""

    code, status, title = "request_timeout", 408, "The request did not arrive in time"


class Unavailable(ApiError):
    """The knowledge base cannot be read just now. Try again after `Retry-After` seconds."""

    code, status, title = "unavailable", 503, "The knowledge base cannot be read"


class TooManyExports(ApiError):
    """This server makes as many exports as it makes at a time. Try again after `Retry-After`."""

    code, status, title = "too_many_exports", 429, "Too many exports are being made"


class ExportFailed(ApiError):
    """The file could not be made: there is no room for it, or it takes longer than it may.

    Nothing is left of it. Ask for less of it by filters, or try again after `Retry-After` seconds.
    """

    code, status, title = "export_failed", 503, "The export cannot be made"


class NotInstalled(ApiError):
    """What was asked for needs a library that this server was installed without."""

    code, status, title = "not_installed", 501, "This server is installed without it"


class InternalError(ApiError):
    """Something failed here, and it is not the caller's doing. Our logs have it by `request_id`."""

    code, status, title = "internal_error", 500, "Something failed here"


def kinds() -> dict[str, type[ApiError]]:
    """Every kind of error by its code."""
    return {kind.code: kind for kind in ApiError.__subclasses__()}


def nearest(name: str, allowed: Iterable[str]) -> str | None:
    """The allowed value that looks most like ``name``, if one does."""
    folded = {value.casefold(): value for value in allowed}
    found = difflib.get_close_matches(name.casefold()[:100], folded, n=1, cutoff=0.6)
    return folded[found[0]] if found else None


def fault(  # noqa: PLR0913
    code: str,
    parameter: str | None,
    detail: str,
    *,
    allowed: Sequence[str] | None = None,
    meant: str | None = None,
    location: str = "query",
    pointer: str | None = None,
) -> Fault:
    """One fault; ``parameter`` is repeated only where it is a harmless name."""
    shown = parameter if parameter and NAME.fullmatch(parameter) else None
    if meant:
        detail = f"{detail} Did you mean `{meant}`?"
    listed = list(allowed[:ALLOWED_AT_MOST]) if allowed is not None else None
    return Fault(
        location=location, parameter=shown, code=code, detail=detail, allowed=listed,
        did_you_mean=meant, pointer=pointer,
    )  # fmt: skip


def refused(
    code: str, detail: str, *, allowed: Sequence[str] | None = None, meant: str | None = None
) -> PydanticCustomError:
    """What a validator raises, so that the fault can say what would be allowed."""
    context = {"detail": detail, "allowed": allowed, "meant": meant}
    return PydanticCustomError(code, "{detail}", context)


@dataclass(frozen=True)
class Rendering:
    """How errors leave: the base of the addresses that they name."""

    public_url: str

    def response(self, error: ApiError, path: str, request_id: str) -> Response:
        """``error`` as a problem document."""
        problem = Problem(
            type=f"{self.public_url}/problems/{error.code}",
            title=error.title,
            status=error.status,
            detail=error.detail,
            instance=path,
            code=error.code,
            request_id=request_id,
            errors=error.faults,
        )
        headers = {"Cache-Control": "no-store"} | error.headers
        return Response(to_json(problem), error.status, headers, MEDIA_TYPE)


def install(
    app: FastAPI,
    rendering: Rendering,
    paths: Sequence[str],
    methods: Mapping[str, Sequence[str]] = MappingProxyType({}),
) -> None:
    """Let ``app`` render whatever goes wrong in its one shape.

    ``paths`` are those that exist, ``methods`` what those of them take that take not just ``READ``.
    """

    async def render(request: Request, raised: Exception) -> Response:
        path = request.scope["path"]
        error = (
            raised if isinstance(raised, ApiError) else translated(raised, methods.get(path, READ))
        )
        if isinstance(error, NotFound) and not error.faults:
            error.faults.append(unknown_path(path, paths))
        return rendering.response(error, safe_path(path), request.scope["state"]["request_id"])

    for kind in (ApiError, RequestValidationError, HTTPException):
        app.add_exception_handler(kind, render)


def unknown_path(path: str, paths: Sequence[str]) -> Fault:
    """The fault of an address that leads nowhere."""
    meant = nearest(path.rstrip("/"), paths)
    return fault("unknown_path", None, "Nothing is at this address.", meant=meant, location="path")


def safe_path(path: str) -> str:
    """``path`` where it can be repeated in an answer, else its first part."""
    return path if re.fullmatch(r"[A-Za-z0-9_./~-]{1,200}", path) else "/"


def translated(raised: Exception, methods: Sequence[str] = READ) -> ApiError:
    """An error of the framework as one of ours; ``methods`` are those that the address takes."""
    # Whoever reads a body for us says only that it failed.
    if isinstance(raised.__cause__, ApiError):
        return raised.__cause__
    if isinstance(raised, RequestValidationError):
        faults = [_fault_of(error) for error in raised.errors()[:FAULTS_AT_MOST]]
        return InvalidQuery(" ".join(one.detail for one in faults)[:2000], faults)
    if isinstance(raised, HTTPException):
        headers = dict(raised.headers or {})
        if raised.status_code == 404:
            return NotFound("Nothing is at this address.", headers=headers)
        if raised.status_code == 405:
            headers["Allow"] = ", ".join(methods)
            return MethodNotAllowed(f"This address takes {' and '.join(methods)}.", headers=headers)
        return BadRequest("The request cannot be read.", headers=headers)
    return InternalError("Something failed here. It is logged under the request id.")


def _fault_of(error: Any) -> Fault:
    """A validation error of Pydantic as a fault; its input is left behind."""
    location, *rest = (str(part) for part in error["loc"])
    context = error.get("ctx") or {}
    in_body = location == "body"
    pointer = "".join(f"/{part}" for part in rest if NAME.fullmatch(part)) if in_body else None
    if error["type"] == "json_invalid":
        # What follows the location is no way into a body that could not be read.
        pointer = ""
    parameter = rest[0] if rest and not in_body else None
    called = f"`{pointer or parameter}`" if pointer or parameter else "The body"
    detail = f"{called}: {_said(error, rest, context)}"
    return fault(
        error["type"], parameter, detail, allowed=context.get("allowed"),
        meant=context.get("meant"), location=location, pointer=pointer,
    )  # fmt: skip


def _said(error: Any, rest: Sequence[str], context: Mapping[str, Any]) -> str:
    """What is wrong and what would be right, in our words where there are any."""
    kind = "model_attributes_type" if error["type"] == "missing" and not rest else error["type"]
    ours = {
        "missing": "It must be given.",
        "json_invalid": f"It is no JSON from character {rest[0] if rest else 0} on.",
        "model_attributes_type": "It is a JSON object, sent as `application/json`.",
        "too_short": f"At least {context.get('min_length')} must be given.",
        "too_long": f"At most {context.get('max_length')} are taken.",
    }
    said: str = context.get("detail") or ours.get(kind) or f"{error['msg']}."
    return said
