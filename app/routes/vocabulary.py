"""The context in which linked data is read, and what its terms of our own mean."""

from collections.abc import Iterator
from html import escape
from typing import Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from pydantic import BaseModel
from pydantic_core import to_json

from app.query.forms.linked import MEDIA_TYPE, written
from app.query.forms.vocabulary import CONTEXT, HOME, Terms, context, definitions
from app.query.meaning import PREFIXES, Literal, Node
from app.query.negotiation import preferred
from app.query.strict import only

router = APIRouter(tags=["service"], dependencies=[Depends(only(BaseModel))])
CONTENT: dict[int | str, dict[str, Any]] = {
    200: {"description": "JSON-LD.", "content": {MEDIA_TYPE: {"schema": {"type": "object"}}}}
}


@router.get(CONTEXT, name="context", response_class=Response, responses=CONTENT)
async def context_(request: Request) -> Response:
    """The context in which JSON-LD is read, made of what the fields of all collections mean."""
    base: str = request.app.state.public_url
    return Response(to_json({"@context": context(_outs(request), base)}), media_type=MEDIA_TYPE)


@router.get(HOME, name="vocabulary", response_class=Response, responses=CONTENT)
async def vocabulary(request: Request) -> Response:
    """The terms of our own, as JSON-LD for programs and as a page for people."""
    base: str = request.app.state.public_url
    found = definitions(_outs(request), base)
    wanted = next(iter(preferred(request.headers.get("accept", ""))), "")
    if wanted == "text/html":
        return HTMLResponse(page(found))
    graph = [written(node, Terms({}, frozenset())) for node in found]
    return Response(to_json({"@context": PREFIXES, "@graph": graph}), media_type=MEDIA_TYPE)


def _outs(request: Request) -> list[type[BaseModel]]:
    return [resource.out for resource in request.app.state.resources]


def page(found: Iterator[Node]) -> str:
    """The terms as HTML, each where its address leads."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Vocabulary</title>'
        '<meta name="viewport" content="width=device-width"><h1>Vocabulary</h1>'
        "<p>What linked data says in terms of our own. All else is said in those of others.</p>"
        f"<dl>{''.join(map(_entry, found))}</dl></html>"
    )


def _entry(node: Node) -> str:
    name = escape(node.id.partition("#")[2])
    about = "".join(
        f"<dd>{escape(value.value)}</dd>"
        for term, value in node.told
        if term == "rdfs:comment" and isinstance(value, Literal)
    )
    return f'<dt id="{name}"><code>{name}</code></dt>{about}'
