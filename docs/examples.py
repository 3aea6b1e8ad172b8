"""Asks the seeded knowledge base one question for each operation, and keeps what it answers."""  # noqa: INP001

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from app.db import create_engine
from app.main import create_app
from app.migrate import migrate
from app.openapi import EXAMPLES
from app.query.resource import Resource
from app.resources import RESOURCES
from app.settings import Settings
from seeds.load import seed

PUBLIC_URL = "https://communique.example"
"""Where the examples come from; the name is one that nobody can have (RFC 2606)."""
REQUESTS = {
    "meetings_get": "/v1/meetings/trilateral-leaders-summit-planned",
    "statements_get": "/v1/statements/iwaya-on-denuclearization?include=evidence",
    "questions_profile": "/v1/countries/UKR/profile",
    "questions_with": "/v1/countries/PRK/with/RUS",
    "questions_overview": "/v1/series/trilateral-leaders-summit/overview",
    "questions_timeline": "/v1/timeline?kind=meetings&limit=1",
    "questions_positions": "/v1/positions?country=CHN&topic=trade",
    "questions_graph": "/v1/graph?kind=silent_about",
    "questions_nodes": "/v1/graph/nodes?kind=silent_about",
    "questions_edges": "/v1/graph/edges?kind=silent_about",
    "questions_coverage": "/v1/coverage?collection=statements,silences",
    "questions_batch": "/v1/batch?ids=countries/KOR",
    "questions_similar": "/v1/statements/wang-on-trade-and-fta/similar?limit=1",
    "questions_dashboard": "/v1/dashboard?ask=silent%3D/v1/silences%3Ffields%3Dlabel",
    "questions_pivot": "/v1/pivot?collection=statements&by=kind",
    "exports_list": "/v1/exports",
    "exports_all_zip": "/v1/exports/all.zip",
    "exports_all_ttl": "/v1/exports/all.ttl",
    "exports_all_nq": "/v1/exports/all.nq",
    "names_suggest": "/v1/suggest?q=diaoyudao",
    "names_match": "POST /v1/match",
    "reconcile_service": "/v1/reconcile",
    "reconcile_ask": "POST /v1/reconcile",
    "reconcile_entities": "/v1/reconcile/suggest/entity?prefix=diaoyu",
    "reconcile_types": "/v1/reconcile/suggest/type?prefix=par",
    "reconcile_properties": "/v1/reconcile/suggest/property?prefix=country",
    "reconcile_preview": "/v1/reconcile/preview?id=dsp_cc1af6f4-7798-544a-be93-1143c2101529",
    "reconcile_proposed": "/v1/reconcile/properties?type=topics",
    "search_all": "/v1/search?q=Dokdo&limit=1",
    "service_index": "/",
    "service_forms": "/forms",
    "service_context": "/context",
    "service_vocabulary": "/vocabulary",
    "service_llms": "/llms.txt",
    "service_version": "/version",
    "service_livez": "/livez",
    "service_readyz": "/readyz",
}
"""What is asked where not every collection is asked the same: short questions, short answers."""
BODIES: Mapping[str, dict[str, Any]] = {
    "POST /v1/match": {
        "queries": [
            {"name": "조태열", "country": "Korea, South", "role": "foreign minister"},
            {"name": "Wnag Yi", "collection": "participants", "country": "CHN"},
        ]
    },
    "POST /v1/reconcile": {"queries": '{"q0": {"query": "Wnag Yi", "type": "participants"}}'},
}
"""What is sent with a request: JSON, or the fields of a form."""
FORMS = ("POST /v1/reconcile",)
COUNTED = {"statements": "kind", "assessments": "hedged"}
"""The facet that is counted, where the first one has too many values for an example."""
BINARY = ("/v1/exports/all.zip",)
"""What is answered with bytes that are no text."""
SHOWN = 12
"""So many are shown of what is answered at such length that nobody would read it as an example."""
MOMENT = "2026-01-01T00:00:00Z"
MOMENTS = re.compile(r'"[0-9T:.-]+Z"(?=\^\^)')
"""Moments of recording as Turtle and N-Quads write them; dates have no time there."""
FIXED = {
    "created_at": MOMENT,
    "updated_at": MOMENT,
    "first_recorded_at": MOMENT,
    "last_updated_at": MOMENT,
    "revision": 1,
    "next_cursor": "as-it-is-answered",
}
"""What differs from one database to the next, and what stands in its place in an example."""


def requests(client: TestClient) -> dict[str, str]:
    """The request of each operation of the document.

    Raises:
        LookupError: when an operation has none.
    """
    collections = {
        f"{one.name}_{route}": f"/v1/{one.name}{rest}"
        for one in RESOURCES
        for route, rest in _of_collection(client, one)
    }
    exports = {f"exports_{one.name}": _export(client, one) for one in RESOURCES}
    found = collections | exports | REQUESTS
    operations = [operation["operationId"] for operation in operations_of(client)]
    if missing := set(operations) - set(found):
        raise LookupError(f"Say in REQUESTS of docs/examples.py what is asked: {sorted(missing)}")
    return {name: found[name] for name in operations}


def operations_of(client: TestClient) -> Iterator[Mapping[str, Any]]:
    """Every operation of the document."""
    for methods in client.get("/openapi.json").json()["paths"].values():
        yield from methods.values()


def _of_collection(client: TestClient, resource: Resource) -> Iterator[tuple[str, str]]:
    """What is asked of the routes that every collection has."""
    first = client.get(f"/v1/{resource.name}?limit=1").json()["items"][0]
    counted = COUNTED.get(resource.name, next(iter(resource.facets)))
    yield "list", "?limit=1"
    yield "facets", f"/facets?facet={counted}"
    yield "pivot", f"/pivot?by={counted}"
    yield "get", f"/{first['slug']}"
    yield "citation", f"/{first['slug']}/citation"


def _export(client: TestClient, resource: Resource) -> str:
    first = client.get(f"/v1/{resource.name}?limit=1").json()["items"][0]
    return f"/v1/exports/{resource.name}.csv?slug={first['slug']}&fields=slug"


def asked(client: TestClient, request: str) -> dict[str, Any]:
    """A request and what is answered to it, so far as it is the same on every seeded database.

    A redirect has no answer: where it leads stands in its place. Of a long one there is the
    beginning, and `of` says so. What is no text has none.
    """
    if request in BINARY:
        return {"request": request}
    response = send(client, request)
    if response.is_redirect:
        return {"request": request, "answer": {"Location": response.headers["location"]}}
    response.raise_for_status()
    media_type = response.headers["content-type"].partition(";")[0]
    answer = response.json() if media_type.endswith("json") else response.text
    if request in BEGINNINGS:
        of, beginning = BEGINNINGS[request]
        told = {"answer": beginning(answer), "of": of}
    else:
        told = {"answer": fixed(answer)}
    if media_type != "application/json":
        told["media_type"] = media_type
    if request in BODIES:
        told["body"] = BODIES[request]
    return {"request": request, **told}


def send(client: TestClient, request: str) -> Response:
    """The answer to a request, which is a GET unless it says otherwise."""
    if request in BODIES:
        path = request.removeprefix("POST ")
        if request in FORMS:
            return client.post(path, data=BODIES[request])
        return client.post(path, json=BODIES[request])
    return client.get(request)


def fixed(value: Any) -> Any:
    """A value with a constant in the place of what differs from one database to the next."""
    if isinstance(value, list):
        return [fixed(one) for one in value]
    if isinstance(value, dict):
        return {
            name: FIXED[name] if name in FIXED and one is not None else fixed(one)
            for name, one in value.items()
        }
    return value


def _first_terms(answer: dict[str, Any]) -> dict[str, Any]:
    """A context that defines fewer terms."""
    return {"@context": dict([*answer["@context"].items()][: 2 * SHOWN])}


def _first_definitions(answer: dict[str, Any]) -> dict[str, Any]:
    """A graph of fewer nodes."""
    return {**answer, "@graph": answer["@graph"][:SHOWN]}


def _first_lines(answer: str) -> str:
    """Whole lines: some statements, behind the prefixes where there are any."""
    lines = answer.splitlines(keepends=True)
    prefixes = sum(line.startswith("@prefix") for line in lines)
    return MOMENTS.sub(f'"{MOMENT}"', "".join(lines[: prefixes + SHOWN]))


BEGINNINGS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "/context": ("the first terms", _first_terms),
    "/vocabulary": ("the first terms", _first_definitions),
    "/llms.txt": ("the first lines", _first_lines),
    "/v1/exports/all.ttl": ("the first lines", _first_lines),
    "/v1/exports/all.nq": ("the first lines", _first_lines),
}
"""What is shown of an answer that is too long, and how it is cut to that."""


def client_of(app: FastAPI) -> TestClient:
    """Whoever asks."""
    return TestClient(app, follow_redirects=False)


def render(url: str) -> str:
    """The examples that the database at ``url`` gives."""
    app = create_app(Settings(database_url=url, public_url=PUBLIC_URL))
    with client_of(app) as client:
        examples = {name: asked(client, request) for name, request in requests(client).items()}
    return json.dumps(examples, ensure_ascii=False, indent=1) + "\n"


def write() -> None:
    """Keep the examples that a database gives which is made and seeded for this alone."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'examples.db'}"
        migrate(url)
        engine = create_engine(url)
        seed(engine)
        engine.dispose()
        EXAMPLES.write_text(render(url), "utf-8")


if __name__ == "__main__":
    write()
