"""The route of citations that every collection has. What comes back is an ordinary APIRouter."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import PlainTextResponse, Response

from app.citations.apa import apa
from app.citations.bibtex import bibtex
from app.citations.citation import Citation
from app.citations.cite import cite
from app.citations.csl import csl
from app.citations.ris import ris
from app.query.answer import address, answering, linking, missing, named, respond_as
from app.query.context import Context
from app.query.forms import enumeration, media_types
from app.query.forms.writer import Writer, bare
from app.query.listing import Listing
from app.query.negotiation import form
from app.query.params import Wording, one_of
from app.query.resource import Resource
from app.query.router import Id
from app.query.strict import only
from app.resources.common import COUNTRIES

STYLES: Mapping[str, Writer[Citation]] = {
    "apa": Writer("text/plain; charset=utf-8", apa),
    "bibtex": Writer("application/x-bibtex; charset=utf-8", bibtex),
    "ris": Writer("application/x-research-info-systems; charset=utf-8", ris),
    "csl_json": Writer("application/vnd.citationstyles.csl+json", csl),
}
"""The writer of each style, the first of them where nothing is asked for."""
CitationStyle = enumeration("CitationStyle", STYLES)


class CitationParameters(Wording):
    """How a record is cited."""

    style: one_of(CitationStyle) = None  # type: ignore[valid-type]
    """The style of the citation; `Accept` does the same."""


STRICT = [Depends(only(CitationParameters))]
DOCUMENTED: dict[int | str, Any] = {
    200: {"description": "The citation.", "content": media_types(STYLES)}
}


def build_router(resources: Iterable[Resource]) -> APIRouter:
    """The citations of the records of each of ``resources``."""
    router = APIRouter()
    for resource in resources:
        router.add_api_route(
            f"/v1/{resource.name}/{{id}}/citation",
            _endpoint(resource),
            name="citation",
            tags=[resource.name],
            summary=f"Cite one of the {resource.name}",
            description="The record and where it stands in its sources, as far as they are known. "
            "The address leads to the very words where the source has one and they may be shown.",
            response_class=PlainTextResponse,
            responses=DOCUMENTED,
            dependencies=STRICT,
        )
    return router


def _endpoint(resource: Resource) -> Any:
    """What answers with the citation of a record."""

    def citation(
        request: Request, id: Id, query: Annotated[CitationParameters, Query()]
    ) -> Response:
        style = form(query.style, request.headers.get("accept"), STYLES, "style")
        with answering(request, query, COUNTRIES) as context:
            found = named(request, context, resource, id, "/citation")
            if isinstance(found, Response):
                return found
            cited = cite(Listing(context, resource, {}), found)
            if cited is None:
                raise missing(context, resource, id)
            more = linking(*_alternates(request, context, style))
            return respond_as(request, context, STYLES[style], cited, more)

    return citation


def _alternates(request: Request, context: Context, style: str) -> Iterator[str]:
    """Links to the same citation in the other styles."""
    kept = [pair for pair in request.query_params.multi_items() if pair[0] != "style"]
    for name, writer in STYLES.items():
        if name != style:
            url = address(context, request.url.path, [*kept, ("style", name)])
            yield f'<{url}>; rel="alternate"; type="{bare(writer.media_type)}"'
