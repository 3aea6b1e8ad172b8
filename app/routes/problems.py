"""A page for every kind of error, at the address that its `type` names."""

import inspect
from html import escape

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from app.errors import ApiError, NotFound, fault, kinds, nearest

router = APIRouter(prefix="/problems", include_in_schema=False)


@router.get("")
async def index() -> HTMLResponse:
    """Every kind of error."""
    rows = "".join(
        f'<li><a href="/problems/{code}">{code}</a>: {escape(kind.title)} ({kind.status})</li>'
        for code, kind in sorted(kinds().items())
    )
    return HTMLResponse(_page("Problems", f"<ul>{rows}</ul>"))


@router.get("/{code}")
async def problem(code: str) -> HTMLResponse:
    """What one kind of error means and how to mend it."""
    kind = kinds().get(code)
    if kind is None:
        meant = nearest(code, kinds())
        detail = "There is no such kind of problem."
        one = fault("unknown_problem", "code", detail, meant=meant, location="path")
        raise NotFound(detail, [one])
    return HTMLResponse(_page(kind.title, _body(kind)))


def _body(kind: type[ApiError]) -> str:
    paragraphs = inspect.cleandoc(kind.__doc__ or "").split("\n\n")
    text = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in paragraphs)
    return f"<p>Status {kind.status}, code <code>{kind.code}</code>.</p>{text}"


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f"<title>{escape(title)}</title><h1>{escape(title)}</h1>{body}</html>"
    )
