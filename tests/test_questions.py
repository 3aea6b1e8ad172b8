"""What every question across records promises: a new one is held to it by being registered."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

import pytest
from conftest import client_of, on_sqlite, service
from declared import Schemas
from reading import PUBLIC_URL, Json, local, read, read_url, refused
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import write
from app.models import Basis, Record
from app.questions import QUESTIONS
from app.questions.question import Question

EXAMPLES = {
    "profile": [
        "/v1/countries/kor/profile",
        "/v1/countries/CHN/profile?limit=1&lang=zh",
        "/v1/countries/jpn/profile?topic=trade,security&date_from=2025&participant=!wang-yi",
        "/v1/countries/jpn/profile?meeting=trilateral-foreign-ministers-meeting-11&basis=source",
    ],
    "overview": [
        "/v1/series/trilateral-foreign-ministers-meeting/overview",
        "/v1/series/trilateral-leaders-summit/overview?basis=source",
        "/v1/series/trilateral-foreign-ministers-meeting/overview?topic=security&date_from=2024",
        "/v1/series/trilateral-foreign-ministers-meeting/overview?participant=wang-yi",
    ],
    "coverage": [
        "/v1/coverage",
        "/v1/coverage?by=country&basis=source",
        "/v1/coverage?by=about",
        "/v1/coverage?by=topic&zeros=false",
        "/v1/coverage?by=year",
        "/v1/coverage?by=source",
        "/v1/coverage?date_from=2024&topic=trade",
        "/v1/coverage?by=topic&country=CHN&participant=wang-yi",
        "/v1/coverage?by=year&series=trilateral-foreign-ministers-meeting&basis=source",
    ],
    "similar": [
        "/v1/statements/wang-on-trade-and-fta/similar",
        "/v1/statements/iwaya-on-north-korea/similar?speaker=!wang-yi&limit=2&lang=ko",
        "/v1/statements/cho-on-north-korea/similar?topic=security&basis=source",
    ],
    "batch": ["/v1/batch?ids=countries/jpn,meetings/none", "/v1/batch?ids=countries/nothing"],
    "graph": [
        "/v1/graph",
        "/v1/graph?nodes=participants&around=cho-tae-yul&depth=2&kind=!spoke_about",
        "/v1/graph?around=PRK&basis=source&kind=!met",
    ],
    "nodes": ["/v1/graph/nodes?around=KOR", "/v1/graph/nodes?nodes=participants"],
    "edges": ["/v1/graph/edges?around=KOR&kind=alliance,tension,spoke_about"],
    "positions": [
        "/v1/positions?topic=trade,security,north-korea",
        "/v1/positions?by=participant&topic=north-korea,trust&zeros=true&basis=source",
        (
            "/v1/positions?topic=trust&lang=ja&compare=trilateral-foreign-ministers-meeting-11,"
            "trilateral-foreign-ministers-meeting-2023"
        ),
    ],
    "with": ["/v1/countries/chn/with/JPN", "/v1/countries/kp/with/kor?basis=source"],
    "timeline": ["/v1/timeline", "/v1/timeline?basis=source&limit=3&country=JPN"],
}
"""Addresses at which each question is asked of the seeded knowledge base; the first has rows."""

T = TypeVar("T")

UNCOUNTED = {"nodes", "batch", "similar"}
"""Questions that tell no length of a list: each of their rows is one record."""

each_question = pytest.mark.parametrize("question", QUESTIONS, ids=lambda one: one.name)
each_example = pytest.mark.parametrize(
    ("name", "address"),
    [
        pytest.param(name, address, id=f"{name}-{number}")
        for name, addresses in EXAMPLES.items()
        for number, address in enumerate(addresses)
    ],
)
BY_NAME = {one.name: one for one in QUESTIONS}


def test_every_question_has_an_example() -> None:
    assert set(EXAMPLES) == set(BY_NAME)


def counted(value: Any) -> Iterator[tuple[int, str]]:
    """Every number in an answer that stands beside an address, with that address."""
    if isinstance(value, list):
        for each in value:
            yield from counted(each)
    elif isinstance(value, dict):
        if "count" in value and "url" in value:
            yield value["count"], value["url"]
        for each in value.values():
            yield from counted(each)


def length(client: TestClient, url: str) -> int:
    """How many records the list at an address has."""
    joint = "&" if "?" in url else "?"
    return int(read_url(client, f"{url}{joint}with_total=true&limit=1")["total"])


def some(rows: Sequence[T], number: int = 25) -> Sequence[T]:
    """Rows from all parts of a table: all of a small one, and about so many of a large one."""
    return rows[:: max(len(rows) // number, 1)]


def more(address: str, parameters: str) -> str:
    """An address with more parameters."""
    return f"{address}{'&' if '?' in address else '?'}{parameters}"


@each_example
def test_it_has_its_declared_shape(
    client: TestClient, schemas: Schemas, name: str, address: str
) -> None:
    schemas.check(BY_NAME[name].path, read(client, address))


@each_example
def test_each_number_is_the_length_of_the_list_behind_its_address(
    client: TestClient, name: str, address: str
) -> None:
    numbers = list(counted(read(client, address)))
    assert bool(numbers) is (name not in UNCOUNTED), name
    for count, url in some(numbers):
        assert length(client, url) == count, url


@on_sqlite
@each_example
def test_its_addresses_are_asked_in_the_same_manner(
    client: TestClient, name: str, address: str
) -> None:
    for manner in ("lang=ko", "names_by=JPN", "basis=source"):
        if manner.partition("=")[0] not in address:
            for _, url in counted(read(client, more(address, manner))):
                assert url.startswith(f"{PUBLIC_URL}/v1/")
                assert manner in url, name


@on_sqlite
@each_example
def test_its_csv_has_the_columns_of_its_rows(client: TestClient, name: str, address: str) -> None:
    response = client.get(more(address, "format=csv"))
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    table = [*csv.DictReader(io.StringIO(response.text))]
    first = EXAMPLES[name][0] == address
    assert table or not first
    assert all(None not in row for row in table)
    for row in some(table, 5):
        if row.get("url"):
            assert client.get(local(row["url"])).status_code == 200


@on_sqlite
@each_question
def test_a_question_refuses_what_it_does_not_take(client: TestClient, question: Question) -> None:
    address = EXAMPLES[question.name][0]
    for parameter in ("limt=5", "spekaer=wang-yi"):
        fault = refused(client, more(address, parameter))["errors"][0]
        assert fault["code"] == "unknown_parameter"
        assert set(fault["allowed"]) == set(question.parameters.model_fields)
    assert refused(client, more(address, "format=ndjson"), 406)["code"] == "not_acceptable"
    fault = refused(client, more(address, "dialect=excel"))["errors"][0]
    assert fault["code"] == "unsuitable_parameter"


@on_sqlite
@each_question
def test_a_question_is_answered_once_for_each_revision(
    client: TestClient, question: Question
) -> None:
    address = EXAMPLES[question.name][0]
    tag = client.get(address).headers["etag"]
    assert client.get(address, headers={"if-none-match": tag}).status_code == 304


@on_sqlite
@pytest.mark.parametrize("question", [one for one in QUESTIONS if one.places])
def test_a_path_that_names_nothing_is_not_found(client: TestClient, question: Question) -> None:
    names = dict.fromkeys(question.places, "nothing-of-the-kind")
    problem = refused(client, question.path.format_map(names), 404)
    assert problem["errors"][0]["location"] == "path"
    assert problem["errors"][0]["parameter"] in names


# ----------------------------------------------------------------------------- dossiers


def labels(section: Json) -> list[str]:
    return [one["slug"] for one in section["items"]]


@on_sqlite
def test_between_china_and_japan(client: TestClient) -> None:
    answer = read(client, "/v1/countries/CHN/with/jp")
    assert (answer["one"]["code"], answer["other"]["code"]) == ("CHN", "JPN")
    [dispute] = answer["disputes"]["items"]
    assert {party["country"]["code"]: party["name"] for party in dispute["parties"]} == {
        "CHN": "Diaoyu Islands", "JPN": "Senkaku Islands",
    }  # fmt: skip
    # The incident is told, and nobody said when it was.
    [incident] = answer["incidents"]["items"]
    assert incident["date_earliest"] is None
    assert answer["silences_by_one"]["count"] == 0
    turned = read(client, "/v1/countries/jpn/with/chn")
    assert turned["statements_by_other"]["items"] == answer["statements_by_one"]["items"]


@on_sqlite
@pytest.mark.parametrize("pair", ["CHN/with/JPN", "kor/with/chn"])
def test_what_both_said_as_one_and_what_others_propose_to_both(
    client: TestClient, pair: str
) -> None:
    answer = read(client, f"/v1/countries/{pair}")
    assert labels(answer["statements_together"]) == ["ministers-on-trilateral-cooperation"]
    to_both = labels(answer["proposals_to_both"])
    assert sorted(to_both) == [
        "cross-border-infrastructure",
        "cultural-understanding",
        "green-energy-disasters-conservation",
        "repair-bilateral-relations",
    ]
    # What one of the two proposes, be it to all three, stands among its own.
    own = labels(answer["proposals_by_one"]) + labels(answer["proposals_by_other"])
    assert len(own) == 4
    for part in ("statements_together", "proposals_to_both"):
        assert length(client, answer[part]["url"]) == answer[part]["count"]


@on_sqlite
def test_two_countries_of_which_none_is_addressed_or_speaks_with_the_other(
    client: TestClient,
) -> None:
    answer = read(client, "/v1/countries/chn/with/usa")
    assert answer["statements_together"]["count"] == answer["proposals_to_both"]["count"] == 0


@on_sqlite
def test_a_silence_is_no_statement(client: TestClient) -> None:
    """Wang kept silent about North Korea, and whoever asks what China said is told nothing."""
    answer = read(client, "/v1/countries/chn/with/prk")
    assert answer["statements_by_one"]["count"] == 0
    assert answer["silences_by_one"]["count"] == 1
    assert answer["silences_by_other"]["count"] == 0


@on_sqlite
def test_an_alliance_is_one_relation(client: TestClient) -> None:
    answer = read(client, "/v1/countries/usa/with/jpn")
    kinds = [one["kind"] for one in answer["relations"]["items"]]
    assert kinds.count("alliance") == 1


@on_sqlite
def test_a_summit_that_is_planned_is_not_among_the_meetings_that_were_held(
    client: TestClient,
) -> None:
    answer = read(client, "/v1/countries/jpn/with/chn")
    assert answer["meetings"]["count"] == 2
    assert labels(answer["meetings_not_held"]) == ["trilateral-leaders-summit-planned"]


@on_sqlite
def test_a_dossier_is_narrowed_by_what_its_parts_can_be_asked(client: TestClient) -> None:
    whole, some, by = (
        read(client, "/v1/countries/jpn/profile", **asked)
        for asked in ({}, {"strength": "fragment"}, {"participant": "cho-tae-yul"})
    )
    assert whole["left_out"] == some["left_out"] == []
    assert 0 < some["statements"]["count"] < whole["statements"]["count"]
    assert "strength=fragment" in some["statements"]["url"]
    # Each list is asked by its own name for it.
    assert "speaker=cho-tae-yul" in by["statements"]["url"]
    assert (by["statements"]["count"], by["meetings"]["count"]) == (0, 1)


@on_sqlite
def test_a_part_that_lacks_a_filter_is_left_out_and_says_so(client: TestClient) -> None:
    asked = {"topic": "security", "date_from": "2025", "date_to": "2025"}
    answer = read(client, "/v1/countries/chn/with/jpn", **asked)
    left_out = {one["part"]: one["parameters"] for one in answer["left_out"]}
    dates = ["date_from", "date_to"]
    assert left_out == {
        "relations": dates, "disputes": dates, "series": ["topic", *dates],
        "proposals_by_one": dates, "proposals_by_other": dates, "proposals_to_both": dates,
        "assessments": dates,
    }  # fmt: skip
    assert {name for name, part in answer.items() if part is None} == set(left_out)
    assert answer["meetings"]["count"] == 1
    for part in ("meetings", "statements_by_one", "silences_by_one", "incidents"):
        for parameter in ("topic=security", "date_from=2025-01-01", "date_to=2025-12-31"):
            assert parameter in answer[part]["url"]
    table = client.get("/v1/countries/chn/with/jpn?topic=security&date_from=2025&format=csv")
    told = [*csv.DictReader(io.StringIO(table.text))]
    sections = {name: answer[name] for name in {row["part"] for row in told}}
    assert {*answer} - {*sections} == {"one", "other", "left_out"}
    # A part without records has one row, which tells of none whether it has 0 or is left out.
    for name, section in sections.items():
        of_part = [row for row in told if row["part"] == name]
        counts = {row["part_count"] for row in of_part}
        assert counts == {str(section["count"]) if section else ""}
        ids = [one["id"] for one in section["items"]] if section else []
        assert [row["id"] for row in of_part] == (ids or [""])


def test_what_no_source_tells_of_is_not_there_on_that_basis(copied: str) -> None:
    app = service(copied)
    with client_of(app) as client:
        with write(app.state.engine) as session:
            for slug in ("jpn", "trilateral-leaders-summit"):
                [one] = session.exec(select(Record).where(Record.slug == slug)).all()
                one.basis = Basis.reference
        for path in (
            "/v1/countries/jpn/profile", "/v1/countries/chn/with/jpn",
            "/v1/series/trilateral-leaders-summit/overview",
        ):  # fmt: skip
            assert client.get(path).status_code == 200
            problem = refused(client, f"{path}?basis=source", 404)
            assert problem["code"] == "not_found"
        # Sources speak of it all the same, and what they say is covered.
        rows = read(client, "/v1/coverage?by=about&collection=statements&basis=source")["rows"]
        [row] = [row for row in rows if row["key"]["value"] == "jpn"]
        assert row["count"] == read_url(client, row["url"] + "&with_total=true")["total"] > 0


@on_sqlite
def test_what_narrows_a_dossier_is_checked_by_the_name_that_it_has_there(
    client: TestClient,
) -> None:
    problem = refused(client, "/v1/countries/jpn/profile?participant=wang-i&topic=trad")
    assert [(one["parameter"], one["did_you_mean"]) for one in problem["errors"]] == [
        ("participant", "wang-yi"), ("topic", "trade"),
    ]  # fmt: skip
    [fault] = refused(client, "/v1/countries/jpn/profile?date_from=2025&date_to=2024")["errors"]
    assert fault["code"] == "crossed_dates"


@on_sqlite
def test_two_countries_must_differ(client: TestClient) -> None:
    fault = refused(client, "/v1/countries/jpn/with/JP")["errors"][0]
    assert (fault["parameter"], fault["code"]) == ("other", "not_a_pair")


@on_sqlite
def test_a_dossier_shows_as_many_as_are_asked_for(client: TestClient) -> None:
    answer = read(client, "/v1/countries/jpn/profile", limit=1)
    assert answer["country"]["code"] == "JPN"
    assert [len(labels(answer[name])) for name in ("meetings", "statements")] == [1, 1]
    assert answer["statements"]["count"] == len(
        read(client, "/v1/countries/jpn/profile", limit=200)["statements"]["items"]
    )
    assert (
        refused(client, "/v1/countries/jpn/profile?limit=0")["errors"][0]["code"] == "out_of_range"
    )


# ------------------------------------------------------------ many made-up knowledge bases


def test_each_number_of_a_crowd_is_the_length_of_its_list(crowd: TestClient) -> None:
    slugs = [one["slug"] for one in read(crowd, "/v1/countries", limit=4)["items"]]
    series = read(crowd, "/v1/meetings/facets", facet="series")["facets"]["series"][0]["value"]
    for address in (
        f"/v1/series/{series}/overview",
        "/v1/coverage",
        "/v1/coverage?by=year&collection=meetings,statements",
        "/v1/coverage?by=topic&zeros=false&collection=silences",
        f"/v1/countries/{slugs[0]}/profile?limit=1",
        f"/v1/countries/{slugs[1]}/with/{slugs[2]}?limit=1",
    ):
        numbers = list(counted(read(crowd, address)))
        for count, url in some(numbers):
            assert length(crowd, url) == count, url
