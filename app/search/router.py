"""Search across all collections."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.query.answer import answering, form_of, linking, next_page, respond
from app.query.strict import only
from app.resources.common import COUNTRIES
from app.search.parameters import SearchPage, SearchParameters
from app.search.search import Search, page

router = APIRouter(tags=["search"])
STRICT = [Depends(only(SearchParameters))]


@router.get("/v1/search", name="all", response_model=SearchPage, dependencies=STRICT)
def search(request: Request, query: Annotated[SearchParameters, Query()]) -> Response:
    """Search all collections.

    Finds what is called so in any script, what says so, and what refers to what is called so:
    a capital finds what is about its country.
    """
    form_of(request, query)
    with answering(request, query, COUNTRIES) as context:
        answer = page(Search(context, query.q, query.collection), query.limit, query.cursor)
        more = linking(*next_page(request, context, answer["next_cursor"]))
        return respond(answer, context, more)
