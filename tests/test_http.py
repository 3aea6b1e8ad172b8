"""What holds whatever is asked: methods, headers, errors of one shape, links of one origin."""

import sqlite3
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from reading import PUBLIC_URL, World, read
from sqlalchemy.exc import OperationalError
from starlette.testclient import TestClient
from wire import Wire, problem_in, wired

from app.errors import ApiError, kinds
from app.query import listing
from app.resources import RESOURCES

BY_NAME = {one.name: one for one in RESOURCES}
each_collection = pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
SERVICE = ("/", "/version", "/livez", "/readyz", "/openapi.json", "/docs", "/problems")


@pytest.fixture(scope="module")
def wire(app: FastAPI) -> Iterator[Wire]:
    with wired(app) as wire:
        yield wire


# ------------------------------------------------------------------------------- methods


def addresses(world: World) -> list[str]:
    """An address of every kind."""
    found = [*SERVICE, "/problems/not_found"]
    for resource in RESOURCES:
        base = f"/v1/{resource.name}"
        facet = next(iter(resource.facets))
        id = next(iter(world[resource.name]))
        found += [base, f"{base}?limit=1", f"{base}/facets?facet={facet}", f"{base}/{id}"]
        found += [f"{base}/none", f"{base}?none=1"]
    return found


def test_head_is_get_without_a_body(wire: Wire, world: World) -> None:
    for address in addresses(world):
        told, whole = (wire.ask(address, method=method) for method in ("HEAD", "GET"))
        assert (told.status, told.body) == (whole.status, b""), address
        assert whole.body != b"", address
        assert lasting(told.headers) == lasting(whole.headers), address


def lasting(headers: Any) -> dict[str, str]:
    """The headers that do not differ from one answer to the next."""
    kept = {name: value for name, value in headers.items() if name != "x-request-id"}
    # The length of an error differs with nothing but the request's id, which has one length.
    assert kept.get("content-length", "1") != "0"
    return kept


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"])
def test_another_method_is_refused_and_the_right_ones_named(
    wire: Wire, world: World, method: str
) -> None:
    for address in addresses(world):
        if "none" in address and "?" not in address:
            continue
        answer = wire.ask(address, method=method)
        problem = problem_in(answer)
        assert (problem.status, problem.code) == (405, "method_not_allowed"), address
        assert {one.strip() for one in answer.headers["allow"].split(",")} == {"GET", "HEAD"}


# ------------------------------------------------------------------------------- addresses


@each_collection
def test_an_address_has_one_form(wire: Wire, resource: Any) -> None:
    base = f"/v1/{resource.name}"
    wrong = (
        f"{base}/",
        f"{base}/facets/",
        f"{base}//facets",
        f"/v1//{resource.name}",
        f"{base}/x/y",
        f"/V1/{resource.name}",
        f"/v1/{resource.name.upper()}",
        f"/v2/{resource.name}",
        f"/{resource.name}",
        f"{base}/..",
        f"{base}/%2e%2e/countries",
    )
    for address in wrong:
        problem = problem_in(wire.ask(address))
        assert (problem.status, problem.code) == (404, "not_found"), address


@pytest.mark.parametrize("address", ["", "/", "/v1", "/v1/", "/favicon.ico", "/.env", "*"])
def test_what_is_not_there_is_told_in_one_shape(wire: Wire, address: str) -> None:
    answer = wire.ask(address)
    assert answer.status == (200 if address == "/" else 404)
    if answer.status == 404:
        problem_in(answer)


def test_a_misspelt_collection_is_answered_with_the_nearest(wire: Wire) -> None:
    for resource in RESOURCES:
        (fault,) = problem_in(wire.ask(f"/v1/{resource.name}x")).errors
        assert fault.location == "path"
        assert fault.did_you_mean == f"/v1/{resource.name}"


def test_a_long_address_is_refused(wire: Wire) -> None:
    for address in (f"/v1/meetings?q={'a' * 20_000}", f"/v1/{'a' * 20_000}"):
        problem = problem_in(wire.ask(address))
        assert (problem.status, problem.code) == (414, "uri_too_long")


def test_links_are_built_from_the_public_address_alone(wire: Wire, world: World) -> None:
    evil = [
        ("Host", "evil.example"),
        ("X-Forwarded-Host", "evil.example"),
        ("X-Forwarded-Proto", "gopher"),
        ("X-Forwarded-Prefix", "/evil"),
        ("Forwarded", "host=evil.example;proto=gopher"),
        ("X-Original-URL", "/evil"),
        ("X-Rewrite-URL", "/evil"),
    ]
    for address in addresses(world):
        answer = wire.ask(address, evil)
        assert "evil" not in answer.text + str(answer.headers), address
        assert "gopher" not in answer.text + str(answer.headers), address


# ----------------------------------------------------------------------------------- forms


@pytest.mark.parametrize(
    "accept",
    ["application/json", "*/*", "application/*", "text/html,*/*;q=0.1", "", "APPLICATION/JSON",
     "application/json; charset=utf-8", "application/json;q=0.2, text/html"],
)  # fmt: skip
def test_json_is_given_to_whoever_takes_it(wire: Wire, accept: str) -> None:
    for address in ("/v1/meetings", "/v1/countries/jpn", "/v1/topics/facets?facet=parent"):
        answer = wire.ask(address, [("Accept", accept)])
        assert (answer.status, answer.headers["content-type"]) == (200, "application/json")


@pytest.mark.parametrize(
    ("address", "accept"),
    [
        ("/v1/topics/tariffs", ["text/html", "image/png", "application/xml"]),
        ("/v1/topics/tariffs", ["application/json;q=0", "*/*;q=0", "text/html, text/*;q=nan"]),
        (
            "/v1/topics/facets?facet=parent",
            ["text/html", "text/*", "application/json;q=0", "*/*, application/json;q=0"],
        ),
    ],
)
def test_a_form_that_does_not_suit_is_not_acceptable(
    wire: Wire, address: str, accept: list[str]
) -> None:
    suiting = ["json"] if "facets" in address else [*BY_NAME["topics"].forms]
    for asked in accept:
        problem = problem_in(wire.ask(address, [("Accept", asked)]))
        assert (problem.status, problem.errors[0].allowed) == (406, suiting)


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json;q=0, */*", "text/csv"),
        ("*/*, application/json;q=0", "text/csv"),
        ("application/*;q=0, */*;q=0.1", "text/csv"),
        ("text/csv;q=0.1, */*", "application/json"),
        ("text/csv;q=0.1, text/*;q=0.2, */*;q=0", "text/turtle"),
        ("application/json;q=0, text/*;q=0, */*", "application/x-ndjson"),
        ("application/json;q=0.5, text/*;q=0.4, application/ld+json", "application/ld+json"),
        ("text/turtle, application/json", "text/turtle"),
        ("application/json;q=0.1, application/json", "application/json"),
    ],
)
def test_the_range_that_names_a_form_most_exactly_weighs_it(
    wire: Wire, accept: str, media_type: str
) -> None:
    answer = wire.ask("/v1/topics/tariffs", [("Accept", accept)])
    assert (answer.status, answer.headers["content-type"].partition(";")[0]) == (200, media_type)


def test_a_form_of_exports_alone_is_told_with_its_address(wire: Wire) -> None:
    accept = [("Accept", "image/png, application/vnd.apache.parquet;q=0.5")]
    for path in ("/v1/topics", "/v1/topics/tariffs"):
        for problem in (
            problem_in(wire.ask(f"{path}?format=parquet")),
            problem_in(wire.ask(path, accept)),
        ):
            assert (problem.status, problem.code) == (406, "not_acceptable")
            assert problem.detail.endswith(" export: /v1/exports/topics.parquet")
            assert problem.errors[0].allowed == [*BY_NAME["topics"].forms]
    assert "export" not in problem_in(wire.ask("/v1/topics?format=graphml")).detail


@pytest.mark.parametrize("form", ["csv", "graphml", "geojson", "parquet"])
def test_a_known_form_that_does_not_suit_is_not_acceptable(wire: Wire, form: str) -> None:
    problem = problem_in(wire.ask(f"/v1/topics/facets?facet=parent&format={form}"))
    assert (problem.status, problem.errors[0].allowed) == (406, ["json"])


def test_an_unknown_form_is_refused(wire: Wire) -> None:
    for address in ("/v1/countries/jpn", "/v1/countries", "/v1/topics/facets"):
        problem = problem_in(
            wire.ask(
                f"{address}?format=xlsx&facet=parent"[
                    : 99 if "facets" in address else len(address) + 12
                ]
            )
        )
        assert problem.status == 422
        assert "json" in (problem.errors[0].allowed or [])


# --------------------------------------------------------------------------------- headers


def test_a_plain_request_id_is_kept(wire: Wire) -> None:
    for address in ("/livez", "/v1/meetings", "/none"):
        answer = wire.ask(address, [("X-Request-ID", "Trace.1-2_3")])
        assert answer.headers["x-request-id"] == "Trace.1-2_3"
    assert problem_in(wire.ask("/none", [("X-Request-ID", "abc")])).request_id == "abc"


@pytest.mark.parametrize(
    "given", ["", "a b", "a\r\nSet-Cookie: a=b", "x" * 65, "<script>", "é", "\x00", "a,b", '"']
)
def test_another_request_id_is_replaced(wire: Wire, given: str) -> None:
    ids = set()
    for _ in range(2):
        answer = wire.ask("/none", [("X-Request-ID", given)])
        assert "set-cookie" not in answer.headers
        ids.add(problem_in(answer).request_id)
    assert given not in ids
    assert len(ids) == 2


def test_every_page_of_the_web_may_read_and_none_with_credentials(wire: Wire) -> None:
    sent = [
        ("Origin", "https://dashboard.example"),
        ("Cookie", "a=b"),
        ("Authorization", "Basic x"),
    ]
    for address in ("/v1/meetings", "/none", "/v1/meetings?none=1"):
        answer = wire.ask(address, sent)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers
        exposed = answer.headers["access-control-expose-headers"]
        assert {"Link", "ETag", "X-Request-ID"} <= {one.strip() for one in exposed.split(",")}
        assert "dashboard.example" not in answer.text + str(answer.headers)


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE"])
def test_a_browser_may_ask_what_it_may_ask(wire: Wire, method: str) -> None:
    asked = [("Origin", "https://dashboard.example"), ("Access-Control-Request-Method", method)]
    answer = wire.ask("/v1/meetings", asked, method="OPTIONS")
    assert answer.status in (200, 204)
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "DELETE" not in answer.headers["access-control-allow-methods"]
    assert "access-control-allow-credentials" not in answer.headers


def test_every_answer_has_the_headers_that_protect(wire: Wire, world: World) -> None:
    for address in addresses(world):
        headers = wire.ask(address).headers
        assert headers["x-content-type-options"] == "nosniff", address
        assert (
            "default-src 'none'" in headers["content-security-policy"]
            or "'self'" in (headers["content-security-policy"])
        )
        assert "server" not in headers
        assert "set-cookie" not in headers


# ---------------------------------------------------------------------------------- errors


def test_every_kind_of_error_has_a_page(client: TestClient) -> None:
    listed = client.get("/problems").text
    for code, kind in kinds().items():
        page = client.get(f"/problems/{code}")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert kind.title in page.text
        assert f"/problems/{code}" in listed
        assert len(kind.__doc__ or "") > 20
    assert {each.status for each in ApiError.__subclasses__()} >= {400, 404, 405, 406, 414, 422}


@pytest.mark.parametrize(
    ("raised", "status", "code"),
    [
        (RuntimeError("a secret within"), 500, "internal_error"),
        (KeyError("a secret within"), 500, "internal_error"),
        (AssertionError("a secret within"), 500, "internal_error"),
        (RecursionError("a secret within"), 500, "internal_error"),
    ],
)
def test_a_fault_of_ours_is_admitted_and_not_explained(
    wire: Wire, monkeypatch: pytest.MonkeyPatch, raised: Exception, status: int, code: str
) -> None:
    def fail(*_: object) -> None:
        raise raised

    monkeypatch.setattr(listing, "page", fail)
    for method in ("GET", "HEAD"):
        answer = wire.ask("/v1/meetings", [("Origin", "https://a.example")], method=method)
        assert answer.status == status
        assert "secret" not in answer.text + str(answer.headers)
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "etag" not in answer.headers
        if method == "GET":
            assert problem_in(answer).code == code


def test_a_database_that_is_locked_is_said_to_be_unavailable(
    wire: Wire, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        busy = sqlite3.OperationalError("database is locked")
        busy.sqlite_errorcode = sqlite3.SQLITE_BUSY
        raise OperationalError("SELECT secret", {}, busy)

    monkeypatch.setattr(listing, "page", fail)
    answer = wire.ask("/v1/meetings")
    assert problem_in(answer).code == "unavailable"
    assert int(answer.headers["retry-after"]) > 0
    assert "secret" not in answer.text


def test_every_fault_of_a_request_is_told_at_once(wire: Wire) -> None:
    problem = problem_in(wire.ask("/v1/statements?limit=0&sort=none&kind=none&speaker=&lang=xx"))
    assert {one.parameter for one in problem.errors} == {"limit", "sort", "kind", "speaker", "lang"}
    problem = problem_in(wire.ask("/v1/statements?speaker=nobody&topic=nothing&about=nowhere"))
    assert {one.parameter for one in problem.errors} == {"speaker", "topic", "about"}
    problem = problem_in(wire.ask("/v1/statements?one=1&two=2&limit=1&limit=2"))
    assert {one.parameter for one in problem.errors} == {"one", "two", "limit"}


def test_the_entry_points_lead_everywhere(client: TestClient) -> None:
    entries = read(client, "/")
    # A search without a question is none.
    entries["links"]["search"] += "?q=wang"
    assert entries["collections"].keys() == {resource.name for resource in RESOURCES}
    for url in [*entries["collections"].values(), *entries["links"].values()]:
        status = client.get(url.removeprefix(PUBLIC_URL)).status_code
        # A search needs something to look for, and says so.
        assert status == (422 if url.endswith("/search") else 200), url
    page = client.get("/", headers={"Accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert all(url in page.text for url in entries["collections"].values())
