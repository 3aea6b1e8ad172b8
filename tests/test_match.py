"""Matching: what many names mean, how surely and why; what contradicts lowers, and is said."""

from datetime import date
from typing import Any

import pytest
from conftest import on_sqlite
from hypothesis import given
from hypothesis import strategies as st
from reading import PUBLIC_URL, Json
from starlette.testclient import TestClient

from app.limits import POST_BYTES
from app.names.asking import QUERIES_AT_MOST
from app.names.finding import CERTAIN, Hit, MatchKind
from app.names.match import ranked
from app.names.titles import untitled
from app.names.weighing import Facts, MatchEffect, Office, Told, score, weigh

CHO, WANG, IWAYA, TRUMP = "cho-tae-yul", "wang-yi", "iwaya-takeshi", "donald-trump"
DOKDO, MEETING = "dokdo-takeshima-islands", "trilateral-foreign-ministers-meeting-11"


def matched(client: TestClient, *queries: Json, **asked: str) -> list[list[Json]]:
    """The candidates for each name."""
    answer = client.post("/v1/match", params=asked, json={"queries": queries})
    assert answer.status_code == 200, answer.text
    return [one["candidates"] for one in answer.json()["results"]]


def refused(client: TestClient, body: Any, status: int = 422) -> list[tuple[str, str | None]]:
    answer = client.post("/v1/match", json=body)
    assert answer.status_code == status, answer.text
    return [(one["code"], one["pointer"]) for one in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("query", "slug", "expected", "reasons"),
    [
        ({"name": "조태열"}, CHO, (1.0, True), "same_name+"),
        ({"name": "wang yi"}, WANG, (1.0, True), "same_name+"),
        ({"name": "Yi Wang"}, WANG, (0.95, True), "same_spelling+"),
        ({"name": "Tokto"}, DOKDO, (0.8, False), "sound+"),
        ({"name": "Wnag Yi"}, WANG, (0.7, False), "typing_mistake+"),
        ({"name": "Wnag Yi", "country": "中國"}, WANG, (0.79, False), "typing_mistake+ country+"),
        ({"name": "Trump"}, TRUMP, (0.5, False), "prefix+"),
        ({"name": "Wang Yi", "country": "JPN"}, WANG, (0.5, False), "same_name+ country-"),
        ({"name": "Wang Yi", "country": "Japan"}, WANG, (0.5, False), "same_name+ country-"),
        ({"name": "王怡"}, WANG, (0.8, False), "sound+"),
        ({"name": "王怡", "country": "CHN", "role": "foreign minister"}, WANG, (0.902, False),
         "sound+ country+ role+"),
        ({"name": "王一"}, WANG, (0.8, False), "sound+"),
        ({"name": "网易"}, WANG, (0.8, False), "sound+"),
        ({"name": "北晶"}, "chn", (0.56, False), "sound+ capital-"),
        ({"name": "Tokyo"}, "jpn", (0.7, False), "same_name+ capital-"),
        ({"name": "Wang Yi", "country": "cn"}, WANG, (1.0, True), "same_name+ country+"),
        ({"name": "Wang Yi", "country": "Atlantis"}, WANG, (1.0, True), "same_name+ country="),
        ({"name": "Yi Wang", "role": "Foreign Minister"}, WANG, (0.965, True),
         "same_spelling+ role+"),
        ({"name": "Iwaya Takeshi", "role": "host"}, IWAYA, (1.0, True), "same_name+ role+"),
        ({"name": "Wang Yi", "role": "president"}, WANG, (0.7, False), "same_name+ role-"),
        ({"name": "Wang Yi", "date": "2025-03"}, WANG, (1.0, True), "same_name+ date="),
        ({"name": "日中韓外相会議", "collection": "series", "date": "2025"},
         "trilateral-foreign-ministers-meeting", (1.0, True), "same_name+ date="),
        ({"name": "第11回日中韓外相会議", "date": "2025-03-22"}, MEETING, (1.0, True),
         "same_name+ date+"),
        ({"name": "第11回日中韓外相会議", "date": "2024"}, MEETING, (0.7, False),
         "same_name+ date-"),
        ({"name": "CHN"}, "chn", (1.0, True), "same_name+"),
        ({"name": "Wang Yi", "role": "vice foreign minister"}, WANG, (1.0, True),
         "same_name+ role="),
        ({"name": "Yi Wang", "role": "former foreign minister"}, WANG, (0.95, True),
         "same_spelling+ role="),
        ({"name": "Wang Yi", "role": "interpreter of the foreign minister"}, WANG, (1.0, True),
         "same_name+ role="),
        ({"name": "Donald Trump", "role": "vice president"}, TRUMP, (1.0, True),
         "same_name+ role="),
        ({"name": "Donald Trump", "role": "POTUS"}, TRUMP, (1.0, True), "same_name+ role="),
        ({"name": "岩屋毅", "role": "外務大臣"}, IWAYA, (1.0, True), "same_name+ role="),
        ({"name": "王毅", "role": "foreign ministers"}, WANG, (1.0, True), "same_name+ role="),
        ({"name": "Donald Trump", "role": "host"}, TRUMP, (1.0, True), "same_name+ role="),
    ],
)  # fmt: skip
def test_what_a_name_means(
    client: TestClient, query: Json, slug: str, expected: tuple[float, bool], reasons: str
) -> None:
    [[first, *_]] = matched(client, query)
    signs = {"raises": "+", "lowers": "-", "none": "="}
    told = " ".join(one["reason"] + signs[one["effect"]] for one in first["reasons"])
    assert (first["slug"], first["score"], first["match"], told) == (slug, *expected, reasons)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Mr. Wang Yi", WANG),
        ("Foreign Minister Wang Yi", WANG),
        ("H.E. Mr Wang Yi", WANG),
        ("Wang Yi (foreign minister)", WANG),
        ("王毅氏", WANG),
        ("王毅外长", WANG),
        ("왕이 장관", WANG),
        ("岩屋毅外相", IWAYA),
        ("President Donald Trump", TRUMP),
    ],
)
def test_titles_are_no_part_of_a_name(client: TestClient, name: str, slug: str) -> None:
    [[one]] = matched(client, {"name": name})
    assert (one["slug"], one["score"], one["match"]) == (slug, 0.9, False)
    assert one["reasons"][0]["reason"] == "titled"


@pytest.mark.parametrize("name", ["Mr", "President", "氏", "Drake", "Presidential Guard", ""])
def test_what_is_no_title_stays(name: str) -> None:
    assert untitled(name) == name


def test_a_candidate_is_told_whole(client: TestClient) -> None:
    [[item]] = matched(client, {"name": "Tae-yul Cho", "country": "대한민국"}, lang="ko")
    person = client.get(f"/v1/participants/{CHO}?lang=ko").json()
    assert item == {
        "collection": "participants",
        "id": person["id"],
        "slug": CHO,
        "name": "조태열",
        "label": person["label"],
        "score": 0.965,
        "match": True,
        "matched": {"text": "Cho Tae-yul", "language": "en", "ranges": [[0, 11]]},
        "reasons": [
            {
                "reason": "same_spelling",
                "effect": "raises",
                "detail": "That is another spelling of Cho Tae-yul.",
            },
            {"reason": "country", "effect": "raises", "detail": "It belongs to 한국."},
        ],
        "url": f"{PUBLIC_URL}/v1/participants/{CHO}?lang=ko",
    }


def test_what_two_records_are_called_matches_neither(client: TestClient) -> None:
    [both] = matched(client, {"name": "North Korea"})
    assert [(one["collection"], one["match"]) for one in both] == [
        ("topics", False), ("countries", False),
    ]  # fmt: skip
    [one] = matched(client, {"name": "North Korea", "collection": "countries"})
    assert [(each["slug"], each["match"]) for each in one] == [("prk", True)]


def test_results_stand_as_they_were_asked_for(client: TestClient) -> None:
    names = ("Tokto", "nobody at all", "Wang Yi", "Tokto", "조태열")
    found = matched(client, *({"name": name, "limit": 1} for name in names))
    slugs = [one[0]["slug"] if one else None for one in found]
    assert slugs == [DOKDO, None, WANG, DOKDO, CHO]


def test_without_reference_knowledge(client: TestClient) -> None:
    [hangul, person, code] = matched(
        client, {"name": "독도"}, {"name": "Wang Yi", "date": "2025"}, {"name": "CHN"},
        basis="source",
    )  # fmt: skip
    assert [one["match"] for one in hangul] in ([], [False])
    assert [one["slug"] for one in person] == [WANG]
    assert code == []


def test_nothing_of_it_is_kept(client: TestClient) -> None:
    answer = client.post("/v1/match", json={"queries": [{"name": "Wang Yi"}]})
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-language"] == "en"
    assert "etag" not in answer.headers


def test_a_thousand_names_at_a_time(client: TestClient) -> None:
    found = matched(client, *[{"name": "Wang Yi"}] * QUERIES_AT_MOST)
    assert [one[0]["slug"] for one in found] == [WANG] * QUERIES_AT_MOST
    too_many = {"queries": [{"name": "a"}] * (QUERIES_AT_MOST + 1)}
    assert refused(client, too_many) == [("too_long", "/queries")]
    for body, detail in (
        (too_many, "`/queries`: At most 1000 are taken."),
        ({"queries": []}, "`/queries`: At least 1 must be given."),
    ):
        assert client.post("/v1/match", json=body).json()["detail"] == detail


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ([], "model_attributes_type", ""),
        ({}, "missing", "/queries"),
        ({"queries": []}, "too_short", "/queries"),
        ({"queries": [{"name": "a"}], "limit": 5}, "unknown_field", ""),
        ({"queries": [{}]}, "missing", "/queries/0/name"),
        ({"queries": [{"name": "a"}, {"nme": "a"}]}, "unknown_field", "/queries/1"),
        ({"queries": [{"name": ""}]}, "empty_value", "/queries/0/name"),
        ({"queries": [{"name": 5}]}, "not_text", "/queries/0/name"),
        ({"queries": [{"name": "a" * 201}]}, "too_long", "/queries/0/name"),
        ({"queries": [{"name": "a", "collection": "places"}]}, "unknown_value",
         "/queries/0/collection"),
        ({"queries": [{"name": "a", "collection": ["a"]}]}, "not_text", "/queries/0/collection"),
        ({"queries": [{"name": None}]}, "not_text", "/queries/0/name"),
        ({"queries": [{"name": "a", "country": ""}]}, "empty_value", "/queries/0/country"),
        ({"queries": [{"name": "a", "role": 5}]}, "not_text", "/queries/0/role"),
        ({"queries": [{"name": "a", "role": "a" * 201}]}, "too_long", "/queries/0/role"),
        ({"queries": [{"name": "a", "date": "2025-13"}]}, "invalid_date", "/queries/0/date"),
        ({"queries": [{"name": "a", "date": 2025}]}, "not_text", "/queries/0/date"),
        ({"queries": [{"name": "a", "limit": 21}]}, "less_than_equal", "/queries/0/limit"),
        ({"queries": [{"name": "a", "limit": "5"}]}, "int_type", "/queries/0/limit"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked(client: TestClient, body: Any, code: str, pointer: str) -> None:
    assert refused(client, body) == [(code, pointer)]


def test_a_fault_says_what_was_meant(client: TestClient) -> None:
    answer = client.post("/v1/match", json={"queries": [{"nam": "a"}]})
    [one] = answer.json()["errors"]
    assert (one["did_you_mean"], one["location"], one["parameter"]) == ("name", "body", None)


@pytest.mark.parametrize("name", ["Wang\tYi", "\u202eWang Yi\u202c", "Wang\nYi\x00"])
def test_what_is_copied_along_is_left_out(client: TestClient, name: str) -> None:
    [[first, *_]] = matched(client, {"name": name, "country": "\tChina\n", "role": "host\n"})
    assert (first["slug"], first["match"]) == (WANG, True)


@on_sqlite
def test_what_is_wrong_is_said(client: TestClient) -> None:
    def said(content: bytes) -> tuple[str, str]:
        headers = {"Content-Type": "application/json"}
        [one] = client.post("/v1/match", content=content, headers=headers).json()["errors"]
        return one["pointer"], one["detail"]

    name = b'{"queries": [{"name": 5}]}'
    assert said(name) == ("/queries/0/name", "`/queries/0/name`: It must be a text.")
    assert said(b'{"queries":}') == ("", "The body: It is no JSON from character 11 on.")
    country = b'{"queries": [{"name": "a", "country": ""}]}'
    assert said(country) == (
        "/queries/0/country",
        "`/queries/0/country`: A text is missing: give one, or leave it out.",
    )


@on_sqlite
@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"{", 422),
        (b"[" * 100_000, 400),
        (b'{"queries": [{"name": "\\ud800"}]}', 422),
        (b" " * POST_BYTES + b"{}", 413),
        (b"\xff", 400),
    ],
)
def test_what_cannot_be_read(client: TestClient, content: bytes, status: int) -> None:
    headers = {"Content-Type": "application/json"}
    for sent in (content, iter([content])):
        answer = client.post("/v1/match", content=sent, headers=headers)
        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"


@on_sqlite
def test_other_parameters_methods_and_media_types_are_refused(client: TestClient) -> None:
    body = {"queries": [{"name": "a"}]}
    assert client.post("/v1/match?limit=5", json=body).status_code == 422
    assert client.post("/v1/match", data={"queries": "a"}).status_code == 422
    answer = client.get("/v1/match")
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert client.post("/v1/suggest", json=body).headers["allow"] == "GET, HEAD"


# ------------------------------------------------------------------------------ weighing

OFFICE = Office(("foreign minister", "foreign minister of alphaland"), (date(2020, 1, 1), None))


def known() -> Facts:
    facts = Facts()
    facts.countries["a"] = {"aaa"}
    facts.offices["a"] = [OFFICE]
    facts.known_offices = {"foreign minister", "president"}
    facts.order = {"a": (0, "a", "a"), "b": (-3, "b", "b")}
    return facts


IN_2019, IN_2021 = ((date(year, 1, 1), date(year, 12, 31)) for year in (2019, 2021))


@pytest.mark.parametrize(
    ("told", "effects"),
    [
        (Told(), []),
        (Told(["aaa"]), ["raises"]),
        (Told(["bbb"]), ["lowers"]),
        (Told(["bbb", "aaa"]), ["raises"]),
        (Told([], ["foreign minister"], [IN_2021]), ["raises", "raises"]),
        (Told([], ["foreign minister of alphaland"], [IN_2019]), ["raises", "lowers"]),
        (Told([], ["foreign minister"], [IN_2019, IN_2021]), ["raises", "raises"]),
        (Told([], ["president", "foreign minister"]), ["raises"]),
        (Told([], ["president"]), ["lowers"]),
        (Told([], ["minister"]), ["none"]),
        (Told([], ["vice president"]), ["none"]),
        (Told([], ["host"]), ["none"]),
        (Told([], [], [IN_2019]), ["none"]),
    ],
)
def test_what_is_told_raises_or_lowers(told: Told, effects: list[str]) -> None:
    assert [one.effect.value for one in weigh("a", told, known())] == effects


def test_of_what_nothing_is_known_nothing_is_said() -> None:
    told = Told(["aaa"], ["president"], [IN_2021])
    effects = [one.effect for one in weigh("b", told, known())]
    assert effects == [MatchEffect.none] * 3


@given(st.sampled_from(MatchKind), st.sampled_from(["aaa", "bbb", None]))
def test_a_score_is_between_0_and_1_and_agreement_raises_it(
    kind: MatchKind, country: str | None
) -> None:
    alone = score(kind, [])
    told = score(kind, weigh("a", Told([country] if country else []), known()))
    assert 0 < told <= 1
    assert {"aaa": told >= alone, "bbb": told < alone, None: told == alone}[country]


@given(st.lists(st.sampled_from(MatchKind), max_size=2))
def test_only_what_is_certain_and_alone_matches(kinds: list[MatchKind]) -> None:
    hits = [Hit(id, kind, 0) for id, kind in zip("ab", kinds, strict=False)]
    matches = [one.hit for one in ranked(hits, Told(), known()) if one.match]
    certain = [hit for hit in hits if hit.kind in CERTAIN]
    alone = len(certain) == 1 and (certain[0].kind is MatchKind.same_name or len(hits) == 1)
    assert matches == (certain if alone else [])


def test_a_reading_is_certain_only_where_no_other_sounds_alike() -> None:
    facts = known()
    facts.countries["b"] = {"bbb"}
    hits = [Hit("a", MatchKind.same_spelling, 0), Hit("b", MatchKind.sound, 0)]
    assert [one.match for one in ranked(hits, Told(), facts)] == [False, False]
    assert [one.match for one in ranked(hits, Told(["aaa"]), facts)] == [True, False]


@pytest.mark.parametrize("name", ["𠮷王毅", "王𠮷毅", "㐂王毅"])
def test_a_character_without_a_reading_is_not_left_out(client: TestClient, name: str) -> None:
    assert matched(client, {"name": name}) == [[]]


def test_equal_ones_stand_by_what_is_known_of_them() -> None:
    hits = [Hit("a", MatchKind.sound, 0), Hit("b", MatchKind.sound, 0)]
    assert [one.hit.record_id for one in ranked(hits, Told(), known())] == [
        "b",
        "a",
    ]
