"""Reconciliation: what OpenRefine and others ask by the Reconciliation Service API 0.2.

The schemas below say what the published specification asks of each answer; they are written from
its text, and are not its own schemas.
"""

import json
from typing import Any

import pytest
from conftest import on_sqlite
from jsonschema import Draft202012Validator
from reading import PUBLIC_URL, Json, local, read, refused
from starlette.testclient import TestClient

from app.names.reconcile.queries import cell, texts
from app.names.reconcile.service import TYPES, properties

WANG, CHO, DOKDO = "wang-yi", "cho-tae-yul", "dokdo-takeshima-islands"
TEXT = {"type": "string", "minLength": 1}
URL = {"type": "string", "pattern": "^https://"}
PAIR = {"type": "object", "properties": {"id": TEXT, "name": TEXT}, "required": ["id", "name"]}
PLACE = {
    "type": "object",
    "properties": {"service_url": URL, "service_path": {"type": "string", "pattern": "^/"}},
    "required": ["service_url", "service_path"],
}
WITH_ID = {"type": "string", "pattern": r"\{\{id\}\}"}

MANIFEST = {
    "type": "object",
    "properties": {
        "versions": {"type": "array", "items": TEXT, "contains": {"const": "0.2"}},
        "name": TEXT,
        "identifierSpace": URL,
        "schemaSpace": URL,
        "documentation": URL,
        "serviceVersion": TEXT,
        "defaultTypes": {"type": "array", "items": PAIR, "uniqueItems": True},
        "view": {"type": "object", "properties": {"url": WITH_ID}, "required": ["url"]},
        "preview": {
            "type": "object",
            "properties": {
                "url": WITH_ID, "width": {"type": "integer"}, "height": {"type": "integer"},
            },
            "required": ["url", "width", "height"],
        },
        "suggest": {
            "type": "object",
            "properties": {"entity": PLACE, "type": PLACE, "property": PLACE},
            "additionalProperties": False,
        },
        "extend": {
            "type": "object",
            "properties": {"propose_properties": PLACE},
            "required": ["propose_properties"],
            "additionalProperties": False,
        },
    },
    "required": ["versions", "name", "identifierSpace", "schemaSpace"],
    "additionalProperties": False,
}  # fmt: skip
RESULTS = {
    "type": "object",
    "additionalProperties": {
        "type": "object",
        "properties": {
            "result": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {
                        "id": TEXT, "name": TEXT, "description": TEXT,
                        "score": {"type": "number"}, "match": {"type": "boolean"},
                        "type": {"type": "array", "items": PAIR},
                        "features": {
                            "type": "array",
                            "items": {
                                "type": "object",
                                "properties": {
                                    "id": TEXT, "value": {"type": ["boolean", "number"]},
                                },
                                "required": ["id", "value"],
                            },
                        },
                    },
                    "required": ["id", "name", "score"],
                    "additionalProperties": False,
                },
            }
        },
        "required": ["result"],
        "additionalProperties": False,
    },
}  # fmt: skip
OFFERED = {
    "type": "object",
    "properties": {
        "result": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    **PAIR["properties"],  # type: ignore[dict-item]
                    "description": TEXT,
                    "notable": {"type": "array", "items": PAIR},
                },
                "required": ["id", "name"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["result"],
    "additionalProperties": False,
}


def one_value(name: str, kind: Json) -> Json:
    return {
        "type": "object", "properties": {name: kind}, "required": [name],
        "additionalProperties": False,
    }  # fmt: skip


EXTENDED = {
    "type": "object",
    "properties": {
        "meta": {"type": "array", "items": PAIR},
        "rows": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {
                    "type": "array",
                    "items": {
                        "oneOf": [
                            {**PAIR, "additionalProperties": False},
                            one_value("str", {"type": "string"}),
                            one_value("float", {"type": "number"}),
                            one_value("int", {"type": "integer"}),
                        ]
                    },
                },
            },
        },
    },
    "required": ["meta", "rows"],
    "additionalProperties": False,
}


def checked(schema: Json, answer: Json) -> Json:
    """An answer that is such as the schema says."""
    Draft202012Validator(schema).validate(answer)
    return answer


def asked(client: TestClient, **fields: Any) -> Json:
    """What is answered to a form, which is what is answered to the same parameters."""
    form = {name: json.dumps(value) for name, value in fields.items()}
    answer = client.post("/v1/reconcile", data=form)
    assert answer.status_code == 200, answer.text
    assert answer.headers["cache-control"] == "no-store"
    told: Json = answer.json()
    assert read(client, "/v1/reconcile", **form) == told
    return told


def faults(client: TestClient, **fields: Any) -> list[tuple[str, str | None]]:
    form = {name: json.dumps(value) for name, value in fields.items()}
    answer = client.post("/v1/reconcile", data=form)
    assert answer.status_code == 422, answer.text
    return [(one["code"], one["pointer"]) for one in answer.json()["errors"]]


def ids(client: TestClient) -> dict[str, str]:
    paths = {WANG: "participants", CHO: "participants", DOKDO: "disputes", "chn": "countries"}
    return {slug: read(client, f"/v1/{at}/{slug}")["id"] for slug, at in paths.items()}


def test_the_manifest_is_such_and_what_it_names_exists(client: TestClient) -> None:
    told = checked(MANIFEST, read(client, "/v1/reconcile"))
    assert [one["id"] for one in told["defaultTypes"]] == [
        "meetings", "series", "participants", "countries", "disputes", "topics",
    ]  # fmt: skip
    offered = read(client, "/v1/reconcile/suggest/type", prefix="")["result"]
    assert offered == told["defaultTypes"]
    places = [*told["suggest"].values(), told["extend"]["propose_properties"]]
    for place in places:
        url = place["service_url"] + place["service_path"]
        assert url.startswith(PUBLIC_URL)
        assert client.get(local(url), params={"prefix": "a"} if "suggest" in url else {}).is_success
    id = ids(client)[WANG]
    for name in ("preview", "view"):
        url = told[name]["url"].replace("{{id}}", id)
        assert client.get(local(url)).headers["content-type"].startswith("text/html")


def test_the_manifest_carries_language_and_basis(client: TestClient) -> None:
    told = checked(MANIFEST, read(client, "/v1/reconcile", lang="ko", basis="source"))
    places = [*told["suggest"].values(), told["extend"]["propose_properties"]]
    assert [one["service_path"] for one in places] == [
        "/suggest/entity?lang=ko&basis=source",
        "/suggest/type?lang=ko&basis=source",
        "/suggest/property?lang=ko&basis=source",
        "/properties?lang=ko&basis=source",
    ]
    for name in ("preview", "view"):
        assert told[name]["url"].endswith("/preview?id={{id}}&lang=ko&basis=source")


def test_what_is_compared_can_be_fetched(client: TestClient) -> None:
    meeting = read(client, "/v1/meetings/trilateral-foreign-ministers-meeting-11")["id"]
    id = ids(client)[WANG]
    china = {"id": ids(client)["chn"], "name": "China"}
    extend = {
        "ids": [id, meeting],
        "properties": [{"id": "country"}, {"id": "role"}, {"id": "date"}],
    }
    rows = checked(EXTENDED, asked(client, extend=extend))["rows"]
    roles = [{"str": "Foreign Minister"}, {"str": "participant"}]
    assert rows[id] == {"country": [china], "role": roles, "date": []}
    assert [one["name"] for one in rows[meeting]["country"]] == ["China", "Japan", "South Korea"]
    assert (rows[meeting]["role"], rows[meeting]["date"]) == ([], [{"str": "2025-03-22"}])


def test_what_is_suggested_is_taken(client: TestClient) -> None:
    offered = read(client, "/v1/reconcile/suggest/property", prefix="", type="participants")
    names = [one["id"] for one in offered["result"]]
    assert names == ["country", "role", "date"]
    known = ids(client)[WANG]
    asked(client, extend={"ids": [known], "properties": [{"id": name} for name in names]})
    told = [{"pid": name, "v": "a"} for name in names]
    asked(client, queries={"a": {"query": "Wang Yi", "properties": told}})


def test_a_batch_of_names(client: TestClient) -> None:
    told = asked(
        client,
        queries={
            "q0": {"query": "조태열"},
            "q1": {"query": "Wang Yi", "type": "participants", "limit": 1,
                   "properties": [{"pid": "country", "v": "China"}], "type_strict": "should"},
            "q2": {"query": "North Korea", "type": ["countries", "topics"]},
            "q3": {"query": "nobody"},
            "q4": {"query": " \t"},
            "q5": {"query": "North Korea", "type": ["countries", "topics"], "type_strict": "all"},
        },
    )  # fmt: skip
    checked(RESULTS, told)
    known = ids(client)
    assert list(told) == ["q0", "q1", "q2", "q3", "q4", "q5"]
    assert told["q1"]["result"] == [
        {
            "id": known[WANG],
            "name": "Wang Yi",
            "description": told["q1"]["result"][0]["description"],
            "score": 100.0,
            "match": True,
            "type": [{"id": "participants", "name": "Participants"}],
            "features": [{"id": "same_name", "value": True}, {"id": "country", "value": True}],
        }
    ]
    assert [one["id"] for one in told["q0"]["result"]] == [known[CHO]]
    assert [one["match"] for one in told["q2"]["result"]] == [False, False]
    assert [told[key]["result"] for key in ("q3", "q4", "q5")] == [[], [], []]


def test_an_id_finds_its_record(client: TestClient) -> None:
    id = ids(client)[DOKDO]
    [found] = asked(client, queries={"a": {"query": id}})["a"]["result"]
    assert (found["id"], found["score"], found["match"]) == (id, 100.0, True)
    assert found["features"] == []
    offered = checked(OFFERED, read(client, "/v1/reconcile/suggest/entity", prefix=id))
    assert [one["id"] for one in offered["result"]] == [id]


@pytest.mark.parametrize(
    ("properties", "score"),
    [
        ([{"pid": "country", "v": "Japan"}], 50.0),
        ([{"pid": "country", "v": ["CHN", "JPN"]}], 100.0),
        ([{"pid": "country", "v": {"id": "chn", "name": "China"}}], 100.0),
        ([{"pid": "country", "v": {"name": "Japan"}}], 50.0),
        ([{"pid": "country", "v": ["JPN", "CHN"]}], 100.0),
        ([{"pid": "country", "v": ["Atlantis", "CHN"]}], 100.0),
        ([{"pid": "country", "v": ["Atlantis", "JPN"]}], 50.0),
        ([{"pid": "country", "v": "JPN"}, {"pid": "country", "v": "CHN"}], 100.0),
        ([{"pid": "role", "v": ["president", "Foreign Minister"]}], 100.0),
        ([{"pid": "date", "v": ["1999", "2025"]}], 100.0),
        ([{"pid": "role", "v": "president"}], 70.0),
        ([{"pid": "date", "v": "2025-03-22T00:00:00Z"}], 100.0),
        ([{"pid": "date", "v": "in March"}], 100.0),
        ([{"pid": "date", "v": "2025-13"}], 100.0),
        ([{"pid": "date", "v": 2025}], 100.0),
        ([{"pid": "country", "v": []}], 100.0),
    ],
)
def test_what_stands_in_other_columns(
    client: TestClient, properties: list[Json], score: float
) -> None:
    told = asked(client, queries={"a": {"query": "Wang Yi", "properties": properties}})
    assert [one["score"] for one in checked(RESULTS, told)["a"]["result"]] == [score]


def test_what_is_told_beside_an_id_counts(client: TestClient) -> None:
    id = ids(client)[WANG]
    told = asked(
        client,
        queries={
            "type": {"query": id, "type": "countries"},
            "same": {"query": id, "type": ["countries", "participants"]},
            "all": {"query": id, "type": ["countries", "participants"], "type_strict": "all"},
            "country": {"query": id, "properties": [{"pid": "country", "v": "JPN"}]},
        },
    )
    found = {
        key: [(one["score"], one["match"], one["features"]) for one in each["result"]]
        for key, each in checked(RESULTS, told).items()
    }
    assert found == {
        "type": [],
        "same": [(100.0, True, [])],
        "all": [],
        "country": [(50.0, False, [{"id": "country", "value": False}])],
    }


def test_a_capital_is_not_linked_to_its_country(client: TestClient) -> None:
    [found] = asked(client, queries={"a": {"query": "Tokyo"}})["a"]["result"]
    features = [{"id": "same_name", "value": True}, {"id": "capital", "value": True}]
    assert (found["name"], found["score"], found["match"]) == ("Japan", 70.0, False)
    assert found["features"] == features


def test_records_are_extended_by_their_fields(client: TestClient) -> None:
    known = ids(client)
    extend = {
        "ids": [known[WANG], known["chn"], "par_none"],
        "properties": [
            {"id": "country"},
            {"id": "kind"},
            {"id": "sources_count"},
            {"id": "capital"},
        ],
    }
    told = checked(EXTENDED, asked(client, extend=extend))
    assert told == {
        "meta": [
            {"id": "country", "name": "Country"},
            {"id": "kind", "name": "Kind"},
            {"id": "sources_count", "name": "Sources count"},
            {"id": "capital", "name": "Capital"},
        ],
        "rows": {
            known[WANG]: {
                "country": [{"id": known["chn"], "name": "China"}],
                "kind": [{"str": "person"}],
                "sources_count": [{"int": 1}],
                "capital": [],
            },
            known["chn"]: {
                "country": [{"id": known["chn"], "name": "China"}],
                "kind": [{"str": "state"}],
                "sources_count": told["rows"][known["chn"]]["sources_count"],
                "capital": [{"str": "Beijing"}],
            },
            "par_none": {"country": [], "kind": [], "sources_count": [], "capital": []},
        },
    }


def test_every_field_of_every_record_can_be_asked_for(client: TestClient) -> None:
    for name, resource in TYPES.items():
        every = [one["id"] for one in read(client, f"/v1/{name}", limit=50)["items"]]
        wanted = [{"id": field} for field in properties(resource)]
        told = checked(EXTENDED, asked(client, extend={"ids": every, "properties": wanted}))
        assert list(told["rows"]) == every


def test_without_reference_knowledge(client: TestClient) -> None:
    id = ids(client)["chn"]
    extend = json.dumps({"ids": [id], "properties": [{"id": "code"}]})
    assert read(client, "/v1/reconcile", extend=extend)["rows"][id]["code"] == [{"str": "CHN"}]
    stated = read(client, "/v1/reconcile", extend=extend, basis="source")
    assert stated["rows"][id]["code"] == []


def test_entities_types_and_properties_are_suggested(client: TestClient) -> None:
    def offered(kind: str, **parameters: Any) -> list[str]:
        path = f"/v1/reconcile/suggest/{kind}"
        told = checked(OFFERED, read(client, path, **parameters))["result"]
        return [one["id"] for one in told]

    known = ids(client)
    assert offered("entity", prefix="독도") == [known[DOKDO]]
    assert offered("entity", prefix="diaoyu", type="participants") == []
    every = offered("entity", prefix="korea", limit=5)
    assert offered("entity", prefix="korea", cursor=1, limit=2) == every[1:3]
    assert offered("type", prefix="par") == ["participants"]
    assert offered("property", prefix="countr", type="participants") == ["country"]
    assert offered("property", prefix="role") == ["role"]
    assert offered("entity", prefix=" ") == []


def test_properties_are_proposed(client: TestClient) -> None:
    told = read(client, "/v1/reconcile/properties", type="disputes", limit=4)
    assert told == {
        "type": "disputes",
        "properties": [
            {"id": "id", "name": "Id"},
            {"id": "slug", "name": "Slug"},
            {"id": "name", "name": "Name"},
            {"id": "label", "name": "Label"},
        ],
    }


@on_sqlite
def test_a_preview_is_a_page_without_script_that_may_stand_in_others(client: TestClient) -> None:
    answer = client.get("/v1/reconcile/preview", params={"id": ids(client)[DOKDO], "lang": "ko"})
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors *"
    assert "<h1>독도/다케시마</h1>" in answer.text
    assert f'href="{PUBLIC_URL}/v1/disputes/{DOKDO}"' in answer.text
    assert "script" not in answer.text
    refused(client, "/v1/reconcile/preview", 404, id="dsp_none")


@pytest.mark.parametrize(
    ("fields", "code", "pointer"),
    [
        ({"queries": []}, "dict_type", "/queries"),
        ({"queries": {"a": {}}}, "missing", "/queries/a/query"),
        ({"queries": {"a": {"query": 5}}}, "not_text", "/queries/a/query"),
        ({"queries": {"a": {"qery": "a"}}}, "unknown_field", "/queries/a"),
        ({"queries": {"a": {"query": "a", "type": "persons"}}}, "unknown_value",
         "/queries/a/type"),
        ({"queries": {"a": {"query": "a", "limit": 0}}}, "greater_than_equal", "/queries/a/limit"),
        ({"queries": {"a": {"query": "a", "properties": [{"pid": "size", "v": "a"}]}}},
         "unknown_value", "/queries/a/properties/0/pid"),
        ({"queries": {str(at): {"query": "a"} for at in range(1001)}}, "too_long", "/queries"),
        ({"extend": {"ids": []}}, "missing", "/extend/properties"),
        ({"extend": {"ids": [], "properties": [{"id": "countri"}]}}, "unknown_field",
         "/extend/properties/0/id"),
        ({"extend": {"ids": ["a"] * 1001, "properties": []}}, "too_long", "/extend/ids"),
        ({"qeries": {}}, "unknown_parameter", None),
        ({"queries": {}, "extend": {}}, "unsuitable_body", None),
        ({}, "unsuitable_body", None),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(
    client: TestClient, fields: Json, code: str, pointer: str | None
) -> None:
    assert faults(client, **fields) == [(code, pointer)]


@on_sqlite
@pytest.mark.parametrize("text", ["", "{", "[" * 16_000, "nul", '{"a": 1'])
def test_what_is_no_json(client: TestClient, text: str) -> None:
    answer = client.post("/v1/reconcile", data={"queries": text})
    assert [one["code"] for one in answer.json()["errors"]] == ["json_invalid"]
    assert answer.status_code == 422


@on_sqlite
def test_what_is_not_offered(client: TestClient) -> None:
    [one] = refused(client, "/v1/reconcile", callback="run")["errors"]
    assert one["code"] == "unknown_parameter"
    assert client.post("/v1/reconcile", json={"queries": {}}).status_code == 422
    assert client.post("/v1/reconcile?queries={}", data={"queries": "{}"}).status_code == 422
    gone = client.delete("/v1/reconcile")
    assert (gone.status_code, gone.headers["allow"]) == (405, "GET, HEAD, POST")


@on_sqlite
def test_a_page_of_any_origin_may_ask(client: TestClient) -> None:
    answer = client.get("/v1/reconcile", headers={"Origin": "http://127.0.0.1:3333"})
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("a\nb\x00", "a b"), ("a" * 500, "a" * 200), ("", ""), ("\u202e", "")],
)
def test_a_cell_is_read_as_far_as_it_can_be_a_name(value: str, expected: str) -> None:
    assert cell(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a", ["a"]), (["a", "b", "a"], ["a", "b"]), ([], []), ({"id": "chn"}, ["chn"]), ({}, []),
        (5, ["5"]), (True, ["True"]), (None, []), ([{"id": "chn", "name": "China"}], ["chn"]),
        ({"name": "Japan"}, ["Japan"]), ([""], []),
        ([*map(str, range(30))], [*map(str, range(20))]),
    ],
)  # fmt: skip
def test_every_value_counts(value: Any, expected: list[str]) -> None:
    assert texts(value) == expected
