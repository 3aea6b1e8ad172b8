"""Search across all collections."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.query.answer import answering, form_of, linking, next_page, respond
from app.query.strict import only
from app.resources.common import COUNTRIES
from app.search.language import FILTERS
from app.search.meant import Meant, suggestions
from app.search.parameters import SearchPage, SearchParameters
from app.search.search import Search, page

KEPT = {*SearchParameters.model_fields} - {"q", "cursor", "format"}
"""What a suggestion asks as it was asked."""

router = APIRouter(tags=["search"])
INSTEAD = {
    name: f"`{name}` is no parameter here: write `q={name}:…`, beside words or alone."
    for name in FILTERS
}
"""Filters are parameters of lists; a search has them in its text."""
STRICT = [Depends(only(SearchParameters, INSTEAD))]


class Answer(SearchPage):
    """A page of what was found, and what may have been meant."""

    did_you_mean: list[Meant]
    """Where little is found, what finds more; empty otherwise, and on later pages."""


@router.get("/v1/search", name="all", response_model=Answer, dependencies=STRICT)
def search_(request: Request, query: Annotated[SearchParameters, Query()]) -> Response:
    """Search all collections.

    Finds what is called so in any script, what says so, and what refers to what is called so:
    a capital finds what is about its country.
    """
    form_of(request, query)
    with answering(request, query, COUNTRIES) as context:
        search = Search(context, query.q, query.collection)
        answer = page(search, query.limit, query.cursor)
        kept = [pair for pair in request.query_params.multi_items() if pair[0] in KEPT]
        answer["did_you_mean"] = suggestions(search, search.count, kept) if not query.cursor else []
        more = linking(*next_page(request, context, answer["next_cursor"]))
        return respond(answer, context, more)
