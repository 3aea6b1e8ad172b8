"""The addresses that take names."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import Response

from app.errors import InvalidQuery, fault
from app.names.asking import MatchRequest
from app.names.candidates import countries_of
from app.names.finding import Among
from app.names.match import MatchResults, match
from app.names.suggest import Suggestions, SuggestParameters, collections, suggest
from app.query.answer import address, answering, form_of, respond
from app.query.context import Context
from app.query.filters import unknown_reference
from app.query.params import Manner
from app.query.resolve import ids_of
from app.query.strict import only
from app.resources.common import COUNTRIES

router = APIRouter(tags=["names"])
CARRIED = {*Manner.model_fields} - {"format"}


@router.get(
    "/v1/suggest",
    name="suggest",
    response_model=Suggestions,
    dependencies=[Depends(only(SuggestParameters))],
)
def get_suggestions(request: Request, query: Annotated[SuggestParameters, Query()]) -> Response:
    """Suggest records while a name is being written.

    In any script and spelling: traditional and simplified characters, pinyin, Hangul, Kana, and
    the usual romanisations. Where nothing is called so, mistakes of typing are looked for.
    """
    form_of(request, query)
    with answering(request, query, COUNTRIES) as context:
        country = _country(context, query.country)
        wanted = collections(query.collection)
        if not wanted:
            return respond({"items": []}, context)
        among = Among(context, wanted if query.collection else (), country)
        return respond(suggest(among, query.q, query.limit, _manner(request, context)), context)


@router.post(
    "/v1/match",
    name="match",
    response_model=MatchResults,
    dependencies=[Depends(only(Manner))],
)
def match_names(
    request: Request, query: Annotated[Manner, Query()], body: MatchRequest
) -> Response:
    """Match up to 1,000 names with records.

    For each, in order, what it may mean, with a score and the reasons for it. `match` is true where
    the name is the same, nothing contradicts, and that holds of no other. What is told beside a
    name raises or lowers the score; what is not known of a record does neither. Nothing is kept.
    """
    form_of(request, query)
    with answering(request, query, COUNTRIES) as context:
        countries = countries_of(context, [one.country for one in body.queries if one.country])
        answer = match(context, body.queries, countries, _manner(request, context))
        return respond(answer, context, {"Cache-Control": "no-store"})


def _manner(request: Request, context: Context) -> str:
    """What of a request the addresses in its answer carry."""
    pairs = [pair for pair in request.query_params.multi_items() if pair[0] in CARRIED]
    return address(context, "", pairs).removeprefix(context.public_url)


def _country(context: Context, written: str | None) -> str | None:
    """The id of a country. Raises InvalidQuery where there is none of the name."""
    if written is None:
        return None
    found = ids_of(context.session, COUNTRIES, [written]).get(written)
    if found is None and (written.startswith("!") or "," in written):
        detail = "`country` is one country here, which is wanted: none is left out."
        raise InvalidQuery(detail, [fault("unsuitable_parameter", "country", detail)])
    if found is None:
        one = unknown_reference(context.session, "country", COUNTRIES, written)
        raise InvalidQuery(one.detail, [one])
    return found
