"""What a language model is told of the API: one page of Markdown, as llmstxt.org has it."""

from collections.abc import Iterable, Iterator

from fastapi import APIRouter, Depends, Request
from fastapi.responses import PlainTextResponse
from pydantic import BaseModel

from app.query.resource import COMMON_FILTERS, Resource
from app.query.strict import only
from app.resources.guide import GUIDE
from app.routes.meta import OTHERS

router = APIRouter(tags=["service"], dependencies=[Depends(only(BaseModel))])

ASKING = {
    "Lists": "`GET /v1/{collection}?{filter}={value}`. `a,b` means either, `!a` excludes, different"
    " filters must all hold. Countries go by ISO code or slug, all else by slug or id; a topic"
    " includes those below it; a date is YYYY, YYYY-MM or YYYY-MM-DD.",
    "Pages": "`limit` of lists is 1 to 200; ask `next_cursor` as `cursor`, the rest unchanged.",
    "Evidence": "`include=evidence` of lists and records adds the passages on which each rests.",
    "One record": "`GET /v1/{collection}/{id or slug}`.",
    "Names": "`GET /v1/suggest?q=` while a name is being written, in any script and spelling;"
    " `POST /v1/match` for up to 1,000 names; `/v1/reconcile` for OpenRefine.",
    "Citations": "`GET /v1/{collection}/{id or slug}/citation?style=apa`, `bibtex`, `ris` or"
    " `csl_json`.",
    "Tools": "The same over MCP, where whoever runs the service runs `communique mcp`.",
    "Forms": "`format=` or `Accept`: JSON unless told.",
    "Refusals": "`application/problem+json`: each entry of `errors` says what is wrong, what would"
    " be allowed and what was probably meant. Nothing is ignored: mend the request and ask again.",
}
"""How one asks, by what it is about."""
MORE = {
    "search": "Everything by words in any script: `?q=`.",
    "exports": "All records, or all that match, as one file.",
    "forms": "Every form, and a line for each tool that opens it.",
    "openapi": "Every parameter and every field, for programs.",
    "docs": "The same as a page.",
    "context": "What the terms of linked data mean.",
    "problems": "Every kind of error.",
}
"""What else there is, by what the entry points call it."""


@router.get("/llms.txt", name="llms", response_class=PlainTextResponse)
async def llms(request: Request) -> PlainTextResponse:
    """What a language model should know before it asks: what there is and how to read it."""
    app = request.app
    lines = [
        f"# {app.title}",
        f"> {app.summary}",
        *app.description.strip().split("\n\n"),
        "How an answer is to be read:",
        "\n".join(_explained(GUIDE)),
        "How to ask:",
        "\n".join(_explained(ASKING)),
        "## Collections",
        "\n".join(_collections(app.state.resources, app.state.public_url)),
        "## Questions across records",
        "\n".join(
            f"- [{one.name}]({app.state.public_url}{one.path}): {one.about}"
            for one in app.state.questions
        ),
        "## More",
        "\n".join(
            f"- [{name}]({app.state.public_url}{OTHERS[name]}): {about}"
            for name, about in MORE.items()
        ),
    ]
    return PlainTextResponse("\n\n".join(lines) + "\n")


def _explained(told: dict[str, str]) -> Iterator[str]:
    return (f"- **{name}.** {said}" for name, said in told.items())


def _collections(resources: Iterable[Resource], base: str) -> Iterator[str]:
    """A line for each collection, with the filters that not every collection has."""
    for one in resources:
        filters = ", ".join(one.own_parameters)
        yield f"- [{one.name}]({base}/v1/{one.name}): {one.about} Filters: {filters}."
    shared = ", ".join(COMMON_FILTERS)
    yield f"- All have the filters {shared}, and `has_` before one for whether its value is known."
