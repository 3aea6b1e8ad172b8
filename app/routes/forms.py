"""The page that lists each form with what opens it, ready to copy, as HTML and as JSON."""

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict

from app.query.forms import EXPORTED, FORMS
from app.query.forms.writer import bare
from app.query.negotiation import prefers_page
from app.query.resource import Resource
from app.query.strict import only
from app.routes.recipes import Recipe, opening, written

router = APIRouter(tags=["service"], dependencies=[Depends(only(BaseModel))])

SHOWN = "statements"
"""The collection in the lines, where it comes in the form."""
LIMIT = "limit=200"
NAME = "communique"
"""What the lines call the whole knowledge base."""


class Opened(BaseModel):
    """How one tool opens a form."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    tool: str
    """What opens it."""
    line: str
    """What to enter there."""


class FormInUse(BaseModel):
    """A form, what comes in it and what opens it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    form: str
    """What `format` calls it."""
    media_type: str
    """What `Accept` calls it."""
    collections: list[str]
    """What comes in it."""
    tools: list[Opened]
    """What opens it, each with one line."""


class WholeInUse(BaseModel):
    """A form of the whole knowledge base, and what opens it."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    form: str
    """What the address ends with."""
    media_type: str
    """What it is sent as."""
    tools: list[Opened]
    """What opens it, each with one line."""


class FormList(BaseModel):
    """Every form."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    forms: list[FormInUse]
    """The first is that of an answer of which none was asked for."""
    whole: list[WholeInUse]
    """In which the whole knowledge base comes as one file."""


@router.get("/forms", name="forms", response_model=FormList)
async def forms(request: Request) -> Response:
    """Every form, and a line for each tool that opens it.

    A page for people and JSON for programs. The lines hold addresses of this server; any filter
    may be added to them.
    """
    state = request.app.state
    base = state.public_url
    found = FormList(forms=[*_forms(state.resources, base)], whole=[*_wholes(state.wholes, base)])
    if prefers_page(request.headers.get("accept")):
        return HTMLResponse(_page(found))
    return JSONResponse(found.model_dump())


def _forms(resources: Iterable[Resource], base: str) -> Iterator[FormInUse]:
    """The forms in which any of ``resources`` come."""
    for form, writer in {**FORMS, **EXPORTED}.items():
        coming = [one.name for one in resources if writer.suits(one.out)]
        if coming:
            collection = SHOWN if SHOWN in coming else coming[0]
            yield FormInUse(
                form=form,
                media_type=bare(writer.media_type),
                collections=coming,
                tools=[_opened(recipe, form, collection, base) for recipe in opening(form)],
            )


def _wholes(media_types: Mapping[str, str], base: str) -> Iterator[WholeInUse]:
    """The forms of the whole knowledge base."""
    for form, media_type in media_types.items():
        url = f"{base}/v1/exports/all.{form}"
        tools = [Opened(tool=one.tool, line=written(one, form, NAME, url)) for one in opening(form)]
        yield WholeInUse(form=form, media_type=bare(media_type), tools=tools)


def _opened(recipe: Recipe, form: str, collection: str, base: str) -> Opened:
    url = base + _address(recipe, form, collection)
    return Opened(tool=recipe.tool, line=written(recipe, form, collection, url))


def _address(recipe: Recipe, form: str, collection: str) -> str:
    """Where a tool finds what it wants: all of a collection, so far as one answer can hold it."""
    if form in EXPORTED and not recipe.newest:
        path, given = f"/v1/exports/{collection}.{form}", [recipe.given]
    else:
        limit = "" if recipe.newest else LIMIT
        path, given = f"/v1/{collection}", [f"format={form}", limit, recipe.given]
    query = "&".join(filter(None, given))
    return f"{path}?{query}" if query else path


def _page(found: FormList) -> str:
    """The forms as HTML, without style or script."""
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Forms</title>'
        '<meta name="viewport" content="width=device-width"><h1>Forms</h1>'
        "<p>One query, read by the tools that people already have. Any filter, sort or language"
        " may be added to an address. An export holds all that match; a list up to 200 records, and"
        " <code>cursor</code> leads to the next.</p>"
        f"{''.join(map(_section, found.forms))}"
        "<h1>The whole knowledge base</h1>"
        "<p>Every record of every collection, as one file. zip holds the bundles that"
        " <code>communique seed</code> reads, and takes no parameters; the others take"
        " <code>lang</code>, <code>names_by</code> and <code>basis</code>.</p>"
        f"{''.join(map(_whole, found.whole))}</html>"
    )


def _section(one: FormInUse) -> str:
    return _told(one, f": {escape(', '.join(one.collections))}")


def _whole(one: WholeInUse) -> str:
    return _told(one, "")


def _told(one: FormInUse | WholeInUse, coming: str) -> str:
    tools = "".join(
        f"<dt>{escape(each.tool)}</dt><dd><pre><code>{escape(each.line)}</code></pre></dd>"
        for each in one.tools
    )
    return (
        f"<h2>{escape(one.form)}</h2><p><code>{escape(one.media_type)}</code>{coming}.</p>"
        f"<dl>{tools}</dl>"
    )
