"""The page that documents the API, with everything it needs served from here."""

from functools import cache
from pathlib import Path

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response

STATIC = Path(__file__).resolve().parent.parent / "static"
SWAGGER = STATIC / "swagger-ui"
ASSETS = {
    "docs.js": (STATIC / "docs.js", "text/javascript"),
    "swagger-ui-bundle.js": (SWAGGER / "swagger-ui-bundle.js", "text/javascript"),
    "swagger-ui.css": (SWAGGER / "swagger-ui.css", "text/css"),
    "favicon-32x32.png": (SWAGGER / "favicon-32x32.png", "image/png"),
}
HEADERS = {
    # The style sheet draws its icons from data: addresses.
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "public, max-age=3600",
}

router = APIRouter(include_in_schema=False)


@router.api_route("/docs", methods=["GET", "HEAD"])
async def docs() -> Response:
    """The page."""
    return _file(STATIC / "docs.html", "text/html")


@router.api_route("/docs/{name}", methods=["GET", "HEAD"])
async def docs_asset(name: str) -> Response:
    """One of the files that the page loads.

    Raises:
        HTTPException: 404 when the page has no such file.
    """
    if name not in ASSETS:
        raise HTTPException(404)
    return _file(*ASSETS[name])


def _file(path: Path, media_type: str) -> Response:
    return Response(_content(path), headers=HEADERS, media_type=media_type)


@cache
def _content(path: Path) -> bytes:
    return path.read_bytes()
