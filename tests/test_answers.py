"""What answers hold: their declared shape, the language asked for, and no more than was asked."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from conftest import client_of, on_sqlite, service
from declared import Schemas
from fastapi import FastAPI
from pydantic import BaseModel
from reading import Json, World, everything, read, refused
from sqlmodel import select
from starlette.testclient import TestClient

from app.db import read as session_on
from app.models import Basis, Bundle, Contribution
from app.query.params import Language
from app.query.resource import Resource
from app.resources import RESOURCES
from seeds.dates import parse

each_collection = pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)

MANNERS: dict[str, dict[str, str]] = {
    "plain": {},
    "stated": {"basis": "source"},
    "japanese": {"lang": "ja"},
    "as-china-says": {"names_by": "CHN", "lang": "zh-Hant"},
    "counted": {"with_total": "true", "limit": "2"},
}
each_manner = pytest.mark.parametrize("manner", MANNERS.values(), ids=MANNERS)


def strictly(model: type[BaseModel], text: str) -> None:
    """Refuse what the model does not declare, or declares in another form."""
    told = model.model_validate_json(text, strict=True)
    assert json.loads(told.model_dump_json(exclude_unset=True)) == json.loads(text)


# ------------------------------------------------------------------------------- shapes


@on_sqlite
@each_collection
@each_manner
def test_a_list_has_its_declared_shape(
    client: TestClient, schemas: Schemas, resource: Resource, manner: dict[str, str]
) -> None:
    for include in ({}, {"include": ",".join(resource.includes)}):
        asked = {name: value for name, value in {**manner, **include}.items() if value}
        response = client.get(f"/v1/{resource.name}", params=asked)
        assert response.status_code == 200
        assert response.headers["content-type"] == "application/json"
        schemas.check(f"/v1/{resource.name}", response.json())
        strictly(resource.page, response.text)
        for record in response.json()["items"]:
            assert list(record) == [*resource.shown, *(resource.includes if include else ())]


@on_sqlite
@each_collection
@each_manner
def test_a_record_has_its_declared_shape(
    client: TestClient, schemas: Schemas, world: World, resource: Resource, manner: dict[str, str]
) -> None:
    told = {name: value for name, value in manner.items() if name not in ("with_total", "limit")}
    for id in list(world[resource.name])[:3]:
        response = client.get(f"/v1/{resource.name}/{id}", params=told)
        assert response.status_code == 200
        schemas.check(f"/v1/{resource.name}/{{id}}", response.json())
        strictly(resource.out, response.text)


@each_collection
def test_facets_have_their_declared_shape(
    client: TestClient, schemas: Schemas, resource: Resource
) -> None:
    answer = read(client, f"/v1/{resource.name}/facets", facet=",".join(resource.facets))
    schemas.check(f"/v1/{resource.name}/facets", answer)


@pytest.mark.parametrize("path", ["/", "/version", "/livez", "/readyz"])
def test_the_service_tells_of_itself_in_the_declared_shape(
    client: TestClient, schemas: Schemas, path: str
) -> None:
    schemas.check(path, read(client, path))


@each_collection
def test_unknown_is_null_and_lists_are_never(world: World, resource: Resource) -> None:
    for record in world[resource.name].values():
        assert [name for name in resource.lists if not isinstance(record[name], list)] == []
        assert "" not in leaves(record)


@each_collection
def test_times_are_utc(world: World, resource: Resource) -> None:
    for record in world[resource.name].values():
        for name, value in record.items():
            if name.endswith("_at"):
                assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", value)


@on_sqlite
@each_collection
def test_references_lead_to_records(world: World, resource: Resource) -> None:
    """What one record says of another is what that one says of itself."""
    by_id = {id: record for each in world.values() for id, record in each.items()}
    for record in world[resource.name].values():
        for ref in references(record):
            if ref["id"] in by_id:
                target = by_id[ref["id"]]
                assert {name: target[name] for name in ref if name in target} == {
                    name: ref[name] for name in ref if name in target
                }
            else:
                assert ref["id"].startswith("plc_")


def references(value: Any) -> Iterator[Json]:
    """Every reference in an answer."""
    if isinstance(value, list):
        for each in value:
            yield from references(each)
    elif isinstance(value, dict):
        if value.keys() >= {"id", "slug", "name"} and len(value) <= 4:
            yield value
        for each in value.values():
            yield from references(each)


def leaves(value: Any) -> list[Any]:
    """Every value in an answer that holds no other."""
    if isinstance(value, dict):
        return [leaf for each in value.values() for leaf in leaves(each)]
    if isinstance(value, list):
        return [leaf for each in value for leaf in leaves(each)]
    return [value]


# ------------------------------------------------------------------------------ languages


@pytest.mark.parametrize("language", list(Language))
def test_names_come_in_the_language_asked_for(
    client: TestClient, world: World, language: Language
) -> None:
    named = "zh-Hans" if language is Language.zh else language.value
    translated = 0
    for resource in RESOURCES:
        if "names" not in resource.includes:
            continue
        response = client.get(f"/v1/{resource.name}", params={"lang": language.value, "limit": 200})
        assert response.headers["content-language"] == named
        for record in response.json()["items"]:
            names = world[resource.name][record["id"]]["names"]
            main = [
                one["text"] for one in names if (one["language"], one["kind"]) == (named, "main")
            ]
            english = world[resource.name][record["id"]]["name"]
            assert record["name"] == (main[0] if main and named != "en" else english)
            translated += record["name"] != english
    assert (translated > 0) == (named != "en")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("ja", "ja"),
        ("JA-jp", "ja"),
        ("ko-KR,ko;q=0.9,en;q=0.8", "ko"),
        ("zh", "zh-Hans"),
        ("zh-CN", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("fr", "en"),
        ("fr,ja;q=0.5", "ja"),
        ("en;q=0.1,ko;q=0.7,ja;q=0.5", "ko"),
        ("ja;q=0,ko;q=0.1", "ko"),
        ("jav", "en"),
        ("korean", "en"),
        ("*", "en"),
        ("", "en"),
        (";;q=,,x;q=nan", "en"),
    ],
)
@on_sqlite
def test_the_language_is_negotiated(client: TestClient, header: str, expected: str) -> None:
    response = client.get("/v1/countries/jpn", headers={"Accept-Language": header})
    assert response.headers["content-language"] == expected
    assert "Accept-Language" in response.headers["vary"]
    assert response.json()["name"] == read(client, "/v1/countries/jpn", lang=expected)["name"]


def test_a_parameter_outweighs_the_header(client: TestClient) -> None:
    headers = {"Accept-Language": "ja"}
    response = client.get("/v1/countries/jpn?lang=ko", headers=headers)
    assert response.headers["content-language"] == "ko"


def test_each_party_has_its_own_name_for_what_is_disputed(client: TestClient, world: World) -> None:
    for country in world["countries"].values():
        code = country["code"]
        told = everything(client, "disputes", names_by=code)
        for dispute in told:
            whole = world["disputes"][dispute["id"]]
            used = [
                one["text"]
                for one in whole["names"]
                if one["kind"] == "usage"
                and one["used_by"]["code"] == code
                and one["language"] == "en"
            ]
            assert dispute["name"] == (used[0] if used else whole["name"])
            for party in whole["parties"]:
                if party["country"]["code"] == code:
                    assert party["name"] == (used[0] if used else None)
    said = {
        each["name"]
        for by in ("CHN", "JPN", "KOR")
        for each in everything(client, "disputes", names_by=by)
    }
    assert said >= {"Senkaku Islands", "Diaoyu Islands", "Dokdo", "Takeshima"}


def test_names_by_an_unknown_country_is_refused(client: TestClient) -> None:
    for written in ("XQX", "", " ", "JPN,CHN", "trade"):
        (fault,) = refused(client, "/v1/disputes", names_by=written)["errors"]
        assert fault["parameter"] == "names_by"


# ---------------------------------------------------------------- what no source states


class Known:
    """What sources tell, and what reference bundles alone do."""

    def __init__(self, engine: sa.Engine) -> None:
        told: dict[str, set[Any]] = {basis: set() for basis in Basis}
        dates: dict[str, set[Any]] = {basis: set() for basis in Basis}
        with session_on(engine) as session:
            rows = session.exec(
                select(Bundle.basis, Contribution.content).where(
                    Bundle.name == Contribution.bundle_name
                )
            ).all()
        for basis, content in rows:
            told[basis] |= {leaf for leaf in leaves(content) if isinstance(leaf, str | float)}
            for written in edtf(content):
                span = parse(written)
                spans = (span.start, span.end, span.earliest, span.latest)
                dates[basis] |= {day.isoformat() for day in spans if day} | {written}
        self.unstated = told[Basis.reference] - told[Basis.source]
        self.undated = dates[Basis.reference] - dates[Basis.source]


def edtf(value: Any) -> Iterator[str]:
    """Every date in what a bundle tells."""
    if isinstance(value, list):
        for each in value:
            yield from edtf(each)
    elif isinstance(value, dict):
        if isinstance(value.get("edtf"), str):
            yield value["edtf"]
        for each in value.values():
            yield from edtf(each)


@pytest.fixture(scope="module")
def knowledge(engine: sa.Engine) -> Known:
    return Known(engine)


OURS = {"id", "slug", "label", "created_at", "updated_at", "version", "reference_fields"}
"""What identifies and describes a record, which is ours to choose."""


def without_ours(value: Any) -> Any:
    """An answer without what is ours in it."""
    if isinstance(value, list):
        return [without_ours(each) for each in value]
    if isinstance(value, dict):
        return {name: without_ours(each) for name, each in value.items() if name not in OURS}
    return value


def test_reference_knowledge_is_in_full_answers(world: World, knowledge: Known) -> None:
    """Else the tests below would prove nothing."""
    told = set(map(str, leaves(without_ours([list(each.values()) for each in world.values()]))))
    assert {"JPN", "JP", "Takeshima", "139.6917", "2025-03-22", "中国"} <= told
    assert {"JPN", "JP", "Takeshima", 139.6917} <= knowledge.unstated
    assert "2025-03-22" in knowledge.undated


@on_sqlite
@each_collection
@pytest.mark.parametrize("lang", ["en", "zh-Hans"])
def test_no_leaf_reveals_what_no_source_states(
    client: TestClient, knowledge: Known, resource: Resource, lang: str
) -> None:
    include = {"include": ",".join(resource.includes)} if resource.includes else {}
    for by in ({}, {"names_by": "jpn"}):
        told = everything(client, resource.name, basis="source", lang=lang, **include, **by)
        found = set(leaves(without_ours(told)))
        assert found & (knowledge.unstated | knowledge.undated) == set()
        answer = read(
            client, f"/v1/{resource.name}/facets", facet=",".join(resource.facets), basis="source",
            lang=lang, **by,
        )  # fmt: skip
        names = {row["name"] for rows in answer["facets"].values() for row in rows}
        assert names & (knowledge.unstated | knowledge.undated) == set()


@each_collection
def test_each_reference_field_is_hidden_and_nothing_else(
    stated_world: World, world: World, resource: Resource
) -> None:
    for id, record in stated_world[resource.name].items():
        whole = world[resource.name][id]
        assert record["reference_fields"] == whole["reference_fields"]
        for path in record["reference_fields"]:
            assert at(record, path) in (None, []), path
        untouched = {path.partition("/")[0] for path in record["reference_fields"]}
        for name in resource.shown:
            if name not in untouched:
                assert flat(record[name]) == flat(whole[name]) or name in CHANGED, name


CHANGED = {"offices", "series", "names"}
"""Lists of which single rows, or what is counted from dates, rest on reference knowledge."""


def at(record: Any, path: str) -> Any:
    """The value at a path such as `stages/0/date_edtf`."""
    for step in path.split("/"):
        record = record[int(step)] if isinstance(record, list) else record[step]
    return record


def flat(value: Any) -> Any:
    """A value with references as their ids alone, since a name or a code may be hidden."""
    if isinstance(value, list):
        return [flat(each) for each in value]
    if isinstance(value, dict):
        return value["id"] if "slug" in value else {k: flat(each) for k, each in value.items()}
    return value


def test_no_filter_by_date_matches_the_year_that_no_source_gives(
    client: TestClient, world: World
) -> None:
    hidden = {
        (name, id)
        for name, records in world.items()
        for id, record in records.items()
        if "date_earliest" in record["reference_fields"]
    }
    assert {name for name, _ in hidden} >= {"meetings", "statements", "silences"}
    for resource in RESOURCES:
        if "date" not in resource.filters:
            continue
        for span in ({"date_from": "0001"}, {"date_to": "9999"}, {"has_date": "true"}):
            told = {one["id"] for one in everything(client, resource.name, **span)}
            stated = {
                one["id"] for one in everything(client, resource.name, basis="source", **span)
            }
            assert told - stated == {id for name, id in hidden if name == resource.name}


@each_collection
def test_a_record_that_no_source_tells_of_is_not_found(copied: str, resource: Resource) -> None:
    with client_of(service(copied)) as client:
        id = read(client, f"/v1/{resource.name}", limit=1)["items"][0]["id"]
        app: FastAPI = client.app  # type: ignore[assignment]
        with app.state.engine.connect() as connection:
            connection.execution_options(access="write")
            with connection.begin():
                connection.execute(
                    sa.text("UPDATE record SET basis = 'reference' WHERE id = :id"), {"id": id}
                )
        assert read(client, f"/v1/{resource.name}/{id}")["id"] == id
        assert id not in {one["id"] for one in everything(client, resource.name, basis="source")}
        refused(client, f"/v1/{resource.name}/{id}", 404, basis="source")


@pytest.mark.parametrize("basis", ["any", "reference", "Source", "source,reference"])
def test_there_is_one_basis_to_ask_for(client: TestClient, basis: str) -> None:
    (fault,) = refused(client, "/v1/meetings", basis=basis)["errors"]
    assert fault["allowed"] == ["source"]
