"""The pivot of whatever collection is named: it leads to that collection's own."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse

from app.query.params import name
from app.query.strict import pairs
from app.resources import RESOURCES

router = APIRouter(tags=["questions"])
Collection: Any = Annotated[
    name([one.name for one in RESOURCES]),
    Query(description="What is counted; the other parameters are those of its own pivot."),
]


@router.get("/v1/pivot", name="pivot", status_code=308, response_class=RedirectResponse)
def pivot(request: Request, collection: Collection) -> RedirectResponse:
    """Count the records of a collection.

    Leads to `/v1/{collection}/pivot`, which takes the filters of that collection, and refuses
    what it does not take.
    """
    kept = [pair for pair in pairs(request) if pair[0] != "collection"]
    base = request.app.state.public_url
    query = f"?{urlencode(kept)}" if kept else ""
    return RedirectResponse(
        f"{base}/v1/{collection}/pivot{query}", 308, {"Cache-Control": "no-cache"}
    )
