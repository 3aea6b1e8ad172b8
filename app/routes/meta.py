"""What there is to ask, who answers, and whether it is well."""

from html import escape

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from pydantic import BaseModel, ConfigDict

from app import __version__
from app.db import read, revision
from app.errors import Unavailable
from app.query.negotiation import prefers_page
from app.query.strict import only

# Not even here is a parameter ignored.
router = APIRouter(tags=["service"], dependencies=[Depends(only(BaseModel))])

OTHERS = {
    "search": "/v1/search",
    "forms": "/forms",
    "exports": "/v1/exports",
    "docs": "/docs",
    "openapi": "/openapi.json",
    "problems": "/problems",
    "context": "/context",
    "vocabulary": "/vocabulary",
    "llms": "/llms.txt",
    "version": "/version",
    "livez": "/livez",
    "readyz": "/readyz",
}


class EntryPoints(BaseModel):
    """Where to begin."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    name: str
    """Of the service."""
    version: str
    """Of the program."""
    collections: dict[str, str]
    """The address of each collection."""
    links: dict[str, str]
    """Everything else."""


class Version(BaseModel):
    """What answers, and from which data."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    version: str
    """Of the program."""
    api: str
    """Of the addresses."""
    revision: int
    """Of the data; grows with every committed change."""


class Health(BaseModel):
    """Whether it is well."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    status: str
    """In one word."""


@router.get("/", response_model=EntryPoints)
async def index(request: Request) -> Response:
    """The entry points, as a page for people and as JSON for programs."""
    entries = entry_points(request)
    if prefers_page(request.headers.get("accept")):
        return HTMLResponse(page(entries))
    return JSONResponse(entries.model_dump())


def entry_points(request: Request) -> EntryPoints:
    """Every address from which the rest can be found."""
    base: str = request.app.state.public_url
    names = [resource.name for resource in request.app.state.resources]
    return EntryPoints(
        name="Communiqué",
        version=__version__,
        collections={name: f"{base}/v1/{name}" for name in names},
        links={name: f"{base}{path}" for name, path in OTHERS.items()},
    )


def page(entries: EntryPoints) -> str:
    """The entry points as HTML, without style or script."""

    def items(links: dict[str, str]) -> str:
        return "".join(
            f'<li><a href="{escape(url)}">{name}</a></li>' for name, url in links.items()
        )

    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Communiqué</title>'
        '<meta name="viewport" content="width=device-width">'
        f"<h1>Communiqué {entries.version}</h1>"
        "<p>Who met, who said what about what, who kept silent, what is in dispute, what was"
        " proposed and by whom; each answer tied to the passage it rests on.</p>"
        f"<h2>Collections</h2><ul>{items(entries.collections)}</ul>"
        f"<h2>More</h2><ul>{items(entries.links)}</ul></html>"
    )


@router.get("/version")
def version(request: Request) -> Version:
    """The program's version and the data revision."""
    with read(request.app.state.engine) as session:
        return Version(version=__version__, api="v1", revision=revision(session))


@router.get("/livez")
async def livez(response: Response) -> Health:
    """Whether the process answers; asks nothing of the database."""
    response.headers["Cache-Control"] = "no-store"
    return Health(status="alive")


@router.get("/readyz")
async def readyz(request: Request, response: Response) -> Health:
    """Whether the knowledge base can be read."""
    trouble = await request.app.state.readiness.trouble()
    if trouble:
        raise Unavailable(trouble, headers={"Retry-After": "5"})
    response.headers["Cache-Control"] = "no-store"
    return Health(status="ready")
