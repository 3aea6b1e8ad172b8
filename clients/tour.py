"""What a client of the API does, with the package that openapi-python-client makes of the document.

The address of the server is the argument; what was read is written out as one object of JSON.
"""

# ruff: noqa: INP001, S101

import json
import sys

from communique_client import Client
from communique_client.api.statements import statements_facets, statements_get, statements_list
from communique_client.models import (
    Facets,
    Language,
    Problem,
    StatementKind,
    StatementOut,
    StatementPage,
    StatementsFacetsFacetItem,
)
from communique_client.types import UNSET

api = Client(base_url=sys.argv[1])


def filtered() -> list[str]:
    """The slugs of what was said about a country in quotation marks."""
    kinds = [StatementKind.DIRECT, StatementKind.MIXED]
    page = statements_list.sync(client=api, about=["PRK"], kind=kinds, sort="name")
    assert isinstance(page, StatementPage), page
    return [one.slug for one in page.items]


def walked() -> list[list[str]]:
    """The slugs on two pages."""
    pages: list[list[str]] = []
    cursor: str | None = None
    while len(pages) < 2:
        page = statements_list.sync(client=api, limit=4, cursor=cursor or UNSET)
        assert isinstance(page, StatementPage), page
        pages.append([one.slug for one in page.items])
        cursor = page.next_cursor
        if cursor is None:
            break
    return pages


def record(slug: str) -> tuple[str, str | None, list[str]]:
    """What is told of one statement."""
    found = statements_get.sync(slug, client=api, lang=Language.KO)
    assert isinstance(found, StatementOut), found
    return found.text, found.date_edtf, [one.name or one.slug for one in found.speakers]


def refused() -> tuple[int, str, str | None]:
    """How a misspelt value is answered."""
    answer = statements_list.sync_detailed(client=api, topic=["trad"])
    assert isinstance(answer.parsed, Problem), answer
    return answer.status_code, answer.parsed.code, answer.parsed.errors[0].did_you_mean


def counted() -> dict[str, int]:
    """How many statements there are of each kind."""
    found = statements_facets.sync(client=api, facet=[StatementsFacetsFacetItem.KIND])
    assert isinstance(found, Facets), found
    return {one.value: one.count for one in found.facets["kind"]}


slugs = filtered()
told = {
    "filtered": slugs,
    "pages": walked(),
    "record": record(slugs[0]),
    "refused": refused(),
    "counted": counted(),
}
print(json.dumps(told))
