"""The questions that the article answers, asked of the API: exact answers, and the unknown."""

import json
import re
from collections import Counter
from typing import Any

import pytest
from fastapi.testclient import TestClient

from app.resources import RESOURCES

ELEVENTH = "trilateral-foreign-ministers-meeting-11"
MINISTERS = "trilateral-foreign-ministers"
JOINT = "ministers-on-trilateral-cooperation"
OF_2023 = "trilateral-foreign-ministers-meeting-2023"
SUMMIT = "trilateral-leaders-summit-planned"
SENKAKU = "senkaku-diaoyu-islands"
DOKDO = "dokdo-takeshima-islands"
MARITIME = "china-south-korea-maritime-rights"

# Countries, topics and sources need no evidence, and evidence is its own.
WITHOUT_EVIDENCE = {"countries", "topics", "sources", "evidence"}
OTHER_SCRIPTS = re.compile("[\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")


def ask(client: TestClient, address: str) -> Any:
    """The answer at an address of the API."""
    answer = client.get(f"/v1/{address}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def every(client: TestClient, address: str) -> list[Any]:
    """Every record of a list, from all of its pages."""
    mark = "&" if "?" in address else "?"
    answer = ask(client, f"{address}{mark}limit=200")
    found = list(answer["items"])
    while answer["next_cursor"]:
        answer = ask(client, f"{address}{mark}limit=200&cursor={answer['next_cursor']}")
        found += answer["items"]
    return found


def slugs(client: TestClient, address: str) -> list[str]:
    """The slugs of a list, in the order of the alphabet."""
    return sorted(item["slug"] for item in every(client, address))


def names_of(references: list[Any]) -> list[str]:
    """The slugs of references, in the order given."""
    return [reference["slug"] for reference in references]


# ------------------------------------------------------------------------- the meeting


def test_what_meetings_the_article_knows(client: TestClient) -> None:
    assert slugs(client, "meetings") == [ELEVENTH, OF_2023, SUMMIT]
    assert slugs(client, "meetings?status=held") == [ELEVENTH, OF_2023]
    assert slugs(client, "meetings?status=planned") == [SUMMIT]
    assert slugs(client, "meetings?level=foreign_ministers") == [ELEVENTH, OF_2023]


def test_who_attended(client: TestClient) -> None:
    meeting = ask(client, f"meetings/{ELEVENTH}")
    attended = {
        (one["participant"]["slug"], one["role"], one["country"]["code"])
        for one in meeting["participations"]
    }
    assert attended == {
        ("iwaya-takeshi", "host", "JPN"),
        ("wang-yi", "participant", "CHN"),
        ("cho-tae-yul", "participant", "KOR"),
    }
    assert sorted(names_of(meeting["parties"])) == ["chn", "jpn", "kor"]
    assert slugs(client, f"participants?meeting={ELEVENTH}") == [
        "cho-tae-yul",
        "iwaya-takeshi",
        "wang-yi",
    ]
    assert slugs(client, "participants?role=host") == ["iwaya-takeshi"]


def test_who_did_not_attend(client: TestClient) -> None:
    mentioned = ["china-coast-guard", "donald-trump", "trilateral-foreign-ministers"]
    assert slugs(client, f"participants?meeting=!{ELEVENTH}") == mentioned
    assert slugs(client, "participants?has_meeting=false") == mentioned
    assert slugs(client, "meetings?participant=donald-trump,china-coast-guard") == []
    # The United States, Russia and North Korea are spoken of, and are no parties.
    assert slugs(client, "meetings?country=USA,RUS,PRK,UKR") == []
    trump = ask(client, "participants/donald-trump?include=participations")
    assert trump["participations"] == []


def test_offices_and_names_of_people(client: TestClient) -> None:
    assert slugs(client, "participants?office=foreign-minister") == [
        "cho-tae-yul",
        "iwaya-takeshi",
        "wang-yi",
    ]
    people = {one["slug"]: one for one in every(client, "participants?kind=person")}
    told = {
        slug: (one["name"], one["family_name"], one["given_name"], one["name_order"])
        for slug, one in people.items()
    }
    assert told == {
        "wang-yi": ("Wang Yi", "Wang", "Yi", "family_first"),
        "iwaya-takeshi": ("Iwaya Takeshi", "Iwaya", "Takeshi", "family_first"),
        "cho-tae-yul": ("Cho Tae-yul", "Cho", "Tae-yul", "family_first"),
        "donald-trump": ("Donald Trump", "Trump", "Donald", "given_first"),
    }
    offices = {
        slug: [(held["office"], held["title"], held["country"]["code"]) for held in one["offices"]]
        for slug, one in people.items()
    }
    assert offices == {
        "wang-yi": [("foreign-minister", "Foreign Minister", "CHN")],
        "iwaya-takeshi": [("foreign-minister", "Foreign Minister", "JPN")],
        "cho-tae-yul": [("foreign-minister", "Foreign Minister", "KOR")],
        "donald-trump": [("president", "President", "USA")],
    }


def test_host_and_place(client: TestClient) -> None:
    meeting = ask(client, f"meetings/{ELEVENTH}")
    assert meeting["name"] == "11th Trilateral Foreign Ministers' Meeting"
    assert meeting["host"]["code"] == meeting["venue_country"]["code"] == "JPN"
    assert meeting["city"]["slug"] == "tokyo"
    assert meeting["venue"] is None
    for asked in ("host=JPN", "venue_country=jp", "city=tokyo"):
        assert slugs(client, f"meetings?{asked}") == [ELEVENTH]


def test_the_date_and_which_part_of_it_is_inferred(client: TestClient) -> None:
    meeting = ask(client, f"meetings/{ELEVENTH}")
    assert meeting["date_as_written"] == "March 22"
    assert meeting["date_basis"] == "inferred"
    assert meeting["date_edtf"] == meeting["date_start"] == meeting["date_end"] == "2025-03-22"
    assert {one for one in meeting["reference_fields"] if one.startswith("date_")} == {
        "date_start",
        "date_end",
        "date_earliest",
        "date_latest",
        "date_basis",
        "date_edtf",
    }
    assert slugs(client, "meetings?date_from=2025-03-22&date_to=2025-03-22") == [ELEVENTH]
    assert slugs(client, "meetings?date_from=2025-03-23") == []


def test_its_place_in_the_series(client: TestClient) -> None:
    [place] = ask(client, f"meetings/{ELEVENTH}")["series"]
    assert place["series"]["slug"] == "trilateral-foreign-ministers-meeting"
    assert place["ordinal"] == 11
    assert place["previous"]["slug"] == OF_2023
    assert place["next"] is None
    # From the last and from the first day of 2023 to 22 March 2025.
    assert place["gap"] == {"days_min": 447, "days_max": 811}


def test_the_meeting_before_is_known_by_its_year_alone(client: TestClient) -> None:
    before = ask(client, f"meetings/{OF_2023}")
    [place] = before["series"]
    assert (place["ordinal"], place["previous"], place["gap"]) == (None, None, None)
    assert place["next"]["slug"] == ELEVENTH
    assert (before["date_edtf"], before["date_basis"]) == ("2023", "stated")
    assert (before["date_start"], before["date_end"]) == (None, None)
    assert (before["date_earliest"], before["date_latest"]) == ("2023-01-01", "2023-12-31")
    unknown = ("name", "host", "venue_country", "city", "venue", "coordinates", "purpose")
    assert [before[field] for field in unknown] == [None] * len(unknown)
    assert before["participations"] == []
    assert before["reference_fields"] == []
    assert slugs(client, "meetings?date_from=2023-06&date_to=2023-06") == [OF_2023]


def test_the_planned_summit_has_neither_date_nor_place(client: TestClient) -> None:
    summit = ask(client, f"meetings/{SUMMIT}")
    assert (summit["status"], summit["level"]) == ("planned", "leaders")
    assert summit["date_as_written"] == "this year"
    dated = ("date_start", "date_end", "date_earliest", "date_latest", "date_edtf", "date_anchor")
    placed = ("host", "venue_country", "city", "venue", "coordinates")
    assert [summit[field] for field in (*dated, *placed)] == [None] * 11
    assert summit["participations"] == []
    assert sorted(names_of(summit["parties"])) == ["chn", "jpn", "kor"]
    [place] = summit["series"]
    assert place["series"]["slug"] == "trilateral-leaders-summit"
    assert (place["ordinal"], place["previous"], place["next"]) == (None, None, None)
    assert slugs(client, "meetings?has_date=false") == [SUMMIT]
    assert SUMMIT not in slugs(client, "meetings?date_from=0001&date_to=9999")


def test_what_each_series_holds(client: TestClient) -> None:
    held = {
        one["slug"]: [(row["meeting"]["slug"], row["ordinal"]) for row in one["meetings"]]
        for one in every(client, "series?include=meetings")
    }
    assert held == {
        "trilateral-foreign-ministers-meeting": [(OF_2023, None), (ELEVENTH, 11)],
        "trilateral-leaders-summit": [(SUMMIT, None)],
    }


# ------------------------------------------------------------------------- statements


@pytest.mark.parametrize(
    ("speaker", "said"),
    [
        (
            "wang-yi",
            {
                "wang-on-economic-integration": ("direct", True),
                "wang-on-communication-and-trust": ("paraphrase", False),
                "wang-on-development-potential": ("mixed", True),
                "wang-on-trade-and-fta": ("paraphrase", False),
                "wang-on-export-controls": ("paraphrase", False),
            },
        ),
        (
            "iwaya-takeshi",
            {
                "iwaya-on-shared-responsibility": ("mixed", True),
                "iwaya-on-north-korea": ("mixed", False),
                "iwaya-on-denuclearization": ("mixed", True),
            },
        ),
        ("cho-tae-yul", {"cho-on-north-korea": ("paraphrase", False)}),
        (
            "trilateral-foreign-ministers",
            {"ministers-on-trilateral-cooperation": ("paraphrase", False)},
        ),
    ],
)
def test_what_each_said_by_kind_and_by_whose_words(
    client: TestClient, speaker: str, said: dict[str, tuple[str, bool]]
) -> None:
    found = every(client, f"statements?speaker={speaker}")
    assert {one["slug"]: (one["kind"], one["own_words"]) for one in found} == said
    assert {one["voice"] for one in found} == {"official"}
    assert {one["meeting"]["slug"] for one in found} == {ELEVENTH}


def test_quoted_words_are_those_between_the_marks(client: TestClient) -> None:
    quotes = {one["slug"]: one["quotes"] for one in every(client, "statements") if one["quotes"]}
    assert quotes == {
        "wang-on-economic-integration": [
            (
                "We agreed to push forward with regional economic integration, including the "
                "resumption of free trade agreement [FTA] negotiations"
            )
        ],
        "wang-on-development-potential": ["the greatest potential for development in East Asia."],
        "iwaya-on-shared-responsibility": [
            (
                "significant influence and responsibilities for the peace and prosperity of the "
                "region and the international community"
            ),
            (
                "enhancing future-oriented exchanges and cooperation of the three countries holds "
                "great significance."
            ),
        ],
        "iwaya-on-north-korea": [
            (
                "expressed his concern over North Korea’s nuclear and missile activities, "
                "cryptocurrency thefts and the advancement of the military cooperation between "
                "Russia and North Korea."
            )
        ],
        "iwaya-on-denuclearization": ["is the common goal of the three countries."],
    }


def test_a_report_about_the_speaker_is_not_in_his_own_words(client: TestClient) -> None:
    assert slugs(client, "statements?kind=mixed&own_words=false") == ["iwaya-on-north-korea"]
    assert slugs(client, "statements?own_words=true") == [
        "iwaya-on-denuclearization",
        "iwaya-on-shared-responsibility",
        "wang-on-development-potential",
        "wang-on-economic-integration",
    ]


def test_the_only_statement_quoted_whole(client: TestClient) -> None:
    assert slugs(client, "statements?kind=direct") == ["wang-on-economic-integration"]


def test_statements_by_topic(client: TestClient) -> None:
    assert slugs(client, "statements?topic=trade") == [
        "wang-on-economic-integration",
        "wang-on-export-controls",
        "wang-on-trade-and-fta",
    ]
    assert slugs(client, "statements?topic=ukraine-war") == ["cho-on-north-korea"]
    assert slugs(client, "statements?topic=denuclearization") == ["iwaya-on-denuclearization"]
    assert slugs(client, "statements?topic=cryptocurrency-theft") == ["iwaya-on-north-korea"]
    assert slugs(client, "statements?topic=trust") == ["wang-on-communication-and-trust"]


def test_stances(client: TestClient) -> None:
    stances = {
        one["slug"]: {(f"{to['target']['slug']}", to["stance"]) for to in one["stances"]}
        for one in every(client, "statements?speaker=cho-tae-yul,iwaya-takeshi")
    }
    assert stances == {
        "cho-on-north-korea": {("north-korea", "urges")},
        "iwaya-on-north-korea": {
            ("north-korea", "concerned"),
            ("nuclear-and-missiles", "concerned"),
            ("cryptocurrency-theft", "concerned"),
            ("military-cooperation-prk-rus", "concerned"),
        },
        "iwaya-on-denuclearization": {("denuclearization", "supports")},
        "iwaya-on-shared-responsibility": {("trilateral-process", "supports")},
    }
    assert slugs(client, "statements?stance=concerned") == ["iwaya-on-north-korea"]
    assert slugs(client, "statements?stance=opposes,neutral,unclear") == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("supports=trade", ["wang-on-economic-integration"]),
        ("supports=free-trade-agreement", ["wang-on-economic-integration"]),
        ("supports=security", ["iwaya-on-denuclearization"]),
        (
            "supports=trilateral-process",
            [
                "iwaya-on-shared-responsibility",
                "ministers-on-trilateral-cooperation",
                "wang-on-development-potential",
            ],
        ),
        ("urges=trade", ["wang-on-trade-and-fta"]),
        ("urges=security", ["cho-on-north-korea"]),
        ("concerned=security", ["iwaya-on-north-korea"]),
        ("concerned=north-korea,trust", ["iwaya-on-north-korea"]),
        ("concerned=trust", []),
        ("supports=trade&urges=trade", []),
        ("has_urges=true&urges=!trade", ["cho-on-north-korea", "wang-on-communication-and-trust"]),
        ("has_opposes=true", []),
        ("opposes=trade", []),
        # A stance to a proposal about export controls is none to export controls.
        ("urges=export-controls", []),
        ("stance=urges&topic=export-controls", ["wang-on-export-controls"]),
    ],
)
def test_statements_by_their_stance_to_a_topic(
    client: TestClient, asked: str, found: list[str]
) -> None:
    assert slugs(client, f"statements?{asked}") == found


def test_which_topics_statements_support(client: TestClient) -> None:
    rows = ask(client, "statements/facets?facet=supports")["facets"]["supports"]
    assert {row["value"]: row["count"] for row in rows} == {
        "trilateral-process": 3,
        "trade": 1,
        "economic-integration": 1,
        "free-trade-agreement": 1,
        "security": 1,
        "denuclearization": 1,
    }


@pytest.mark.parametrize(
    ("collection", "found"),
    [("statements", 10), ("silences", 1), ("proposals", 4), ("assessments", 2)],
)
def test_what_belongs_to_a_series(client: TestClient, collection: str, found: int) -> None:
    of_series = slugs(client, f"{collection}?series=trilateral-foreign-ministers-meeting")
    assert of_series == slugs(client, f"{collection}?meeting={ELEVENTH}")
    assert len(of_series) == found
    assert slugs(client, f"{collection}?series=trilateral-leaders-summit") == []


def test_statements_by_what_their_meeting_has(client: TestClient) -> None:
    for asked in ("host=JPN", "venue_country=JPN", "host=JPN&has_venue_country=true"):
        assert len(slugs(client, f"statements?{asked}")) == 10
    for asked in ("host=CHN", "venue_country=KOR", "has_host=false"):
        assert slugs(client, f"statements?{asked}") == []


def test_statements_by_one_side_about_the_other(client: TestClient) -> None:
    assert slugs(client, "statements?between=JPN,PRK") == [
        "iwaya-on-denuclearization",
        "iwaya-on-north-korea",
    ]
    assert slugs(client, "statements?between=KOR,RUS") == ["cho-on-north-korea"]
    assert slugs(client, "statements?between=CHN,PRK") == []


# ------------------------------------------------------- who spoke, and who kept silent


def test_who_spoke_about_north_korea(client: TestClient) -> None:
    spoken = ["cho-on-north-korea", "iwaya-on-denuclearization", "iwaya-on-north-korea"]
    for asked in ("about=PRK", "topic=north-korea", "about=kp&topic=security"):
        assert slugs(client, f"statements?{asked}") == spoken
    assert slugs(client, "statements?about=PRK&speaker=wang-yi") == []
    assert slugs(client, "statements?about=PRK&country=CHN") == []


def test_who_avoided_it(client: TestClient) -> None:
    [silence] = every(client, "silences?about=PRK")
    assert silence["slug"] == "wang-on-north-korea-and-the-war"
    assert names_of(silence["participants"]) == ["wang-yi"]
    assert silence["voice"] == "reporter"
    assert "stance" not in silence
    assert "stances" not in silence
    for asked in (
        "participant=wang-yi",
        "country=CHN",
        "topic=north-korea",
        "topic=ukraine-war",
        "about=RUS",
        "about=UKR",
        f"meeting={ELEVENTH}",
    ):
        assert slugs(client, f"silences?{asked}") == ["wang-on-north-korea-and-the-war"]
    assert slugs(client, "silences?participant=iwaya-takeshi,cho-tae-yul") == []


def test_a_silence_is_never_a_statement(client: TestClient) -> None:
    silent = {one["id"] for one in every(client, "silences")}
    assert not silent & {one["id"] for one in every(client, "statements")}
    assert client.get("/v1/statements/wang-on-north-korea-and-the-war").status_code == 404
    assert slugs(client, "statements?speaker=wang-yi&topic=north-korea,ukraine-war") == []


# -------------------------------------------------------------- disputes, the incident


def test_disputes_of_each_pair(client: TestClient) -> None:
    assert slugs(client, "disputes?between=CHN,JPN") == [SENKAKU]
    assert slugs(client, "disputes?between=JPN,KOR") == [DOKDO]
    assert slugs(client, "disputes?between=KOR,CHN") == [MARITIME]
    assert slugs(client, "disputes?country=KOR") == [MARITIME, DOKDO]
    assert slugs(client, "disputes") == [MARITIME, DOKDO, SENKAKU]


def test_who_claims_and_who_administers(client: TestClient) -> None:
    disputes = {one["slug"]: one for one in every(client, "disputes")}
    parties = {
        slug: {(party["country"]["code"], party["role"]) for party in one["parties"]}
        for slug, one in disputes.items()
    }
    assert parties == {
        SENKAKU: {("CHN", "claimant"), ("JPN", "party")},
        DOKDO: {("JPN", "party"), ("KOR", "party")},
        MARITIME: {("CHN", "party"), ("KOR", "party")},
    }
    assert slugs(client, "disputes?claimant=CHN") == [SENKAKU]
    assert slugs(client, "disputes?claimant=JPN,KOR") == []
    assert disputes[SENKAKU]["administrator"]["code"] == "JPN"
    assert disputes[DOKDO]["administrator"] is None
    assert disputes[MARITIME]["administrator"] is None
    assert slugs(client, "disputes?administrator=JPN") == [SENKAKU]
    assert slugs(client, "disputes?has_administrator=false") == [MARITIME, DOKDO]


def test_what_each_side_calls_it(client: TestClient) -> None:
    disputes = {one["slug"]: one for one in every(client, "disputes")}
    assert {slug: one["name"] for slug, one in disputes.items()} == {
        SENKAKU: "Senkaku/Diaoyu Islands",
        DOKDO: "Dokdo/Takeshima Islands",
        MARITIME: None,
    }
    assert disputes[MARITIME]["label"]
    names = {
        (slug, party["country"]["code"]): party["name"]
        for slug, one in disputes.items()
        for party in one["parties"]
    }
    assert names == {
        (SENKAKU, "CHN"): "Diaoyu Islands",
        (SENKAKU, "JPN"): "Senkaku Islands",
        (DOKDO, "JPN"): "Takeshima",
        (DOKDO, "KOR"): "Dokdo",
        (MARITIME, "CHN"): None,
        (MARITIME, "KOR"): None,
    }
    assert ask(client, f"disputes/{DOKDO}?names_by=JPN")["name"] == "Takeshima"
    assert ask(client, f"disputes/{DOKDO}?names_by=KOR&lang=ko")["name"] == "독도"
    assert ask(client, f"disputes/{SENKAKU}?names_by=CHN&lang=zh")["name"] == "钓鱼岛"


def test_kinds_and_states_of_the_disputes(client: TestClient) -> None:
    found = {one["slug"]: (one["kind"], one["status"]) for one in every(client, "disputes")}
    assert found == {
        SENKAKU: ("territorial", "active"),
        DOKDO: ("territorial", "active"),
        MARITIME: ("maritime_rights", "flared_up"),
    }


def test_the_incident_and_what_is_known_of_its_date(client: TestClient) -> None:
    [incident] = every(client, "incidents")
    assert incident["slug"] == "china-coast-guard-senkaku-incursion"
    assert incident["dispute"]["slug"] == SENKAKU
    parties = {
        (one["country"]["code"], one["role"], one["participant"] and one["participant"]["slug"])
        for one in incident["parties"]
    }
    assert parties == {("CHN", "actor", "china-coast-guard"), ("JPN", "affected", None)}
    assert incident["date_as_written"] == "the same day Wang arrived in Japan for the talks"
    unknown = ("date_start", "date_end", "date_earliest", "date_latest", "date_edtf", "date_anchor")
    assert [incident[field] for field in unknown] == [None] * len(unknown)
    assert slugs(client, "incidents?has_date=true") == []
    assert slugs(client, "incidents?date_from=0001&date_to=9999") == []
    for asked in (f"dispute={SENKAKU}", "country=CHN", "country=JPN", "has_date=false"):
        assert slugs(client, f"incidents?{asked}") == ["china-coast-guard-senkaku-incursion"]
    assert slugs(client, "incidents?country=KOR") == []


# --------------------------------------------------------------------------- proposals

URGED = ["communication-and-trust", "export-controls-mechanism", "stronger-trade-cooperation"]
AGREED = ["regional-economic-integration"]
ADVICE = ["ease-visits-and-business-in-china", "repair-bilateral-relations"]
IDEAS = [
    "cross-border-infrastructure",
    "cultural-understanding",
    "green-energy-disasters-conservation",
]


def test_what_was_agreed_and_what_was_only_urged(client: TestClient) -> None:
    assert slugs(client, "proposals?stage=agreed") == AGREED
    assert slugs(client, "proposals?stage=urged") == URGED
    assert slugs(client, "proposals?stage=suggested") == sorted([*ADVICE, *IDEAS])
    assert slugs(client, "proposals?stage=proposed,under_way,done,stalled,dropped") == []


def test_an_agreement_that_one_side_reports_keeps_that_speaker(client: TestClient) -> None:
    [agreed] = every(client, "proposals?stage=agreed&include=evidence")
    stages = {
        row["stage"]: row["asserted_by"] and row["asserted_by"]["slug"] for row in agreed["stages"]
    }
    assert stages == {"urged": None, "agreed": "wang-yi"}
    passages = {
        one["part"]: (one["paragraph"], one["sentence"])
        for one in agreed["evidence"]
        if one["part"].startswith("stages/")
    }
    assert passages == {"stages/agreed": (4, 2), "stages/urged": (5, 1)}
    assert [item["key"] for item in agreed["items"]] == ["resuming-fta-negotiations"]


def test_proposals_by_origin(client: TestClient) -> None:
    assert slugs(client, "proposals?origin=official") == sorted([*AGREED, *URGED])
    assert slugs(client, "proposals?origin=author") == sorted([*ADVICE, *IDEAS])
    voices = {(one["origin"], one["voice"]) for one in every(client, "proposals")}
    assert voices == {("official", "official"), ("author", "author")}
    assert slugs(client, "proposals?proposer=wang-yi") == sorted([*AGREED, *URGED])
    assert slugs(client, "proposals?country=CHN") == sorted([*AGREED, *URGED])
    assert slugs(client, "proposals?country=JPN,KOR") == []
    assert slugs(client, "proposals?has_proposer=false") == sorted([*ADVICE, *IDEAS])


@pytest.mark.parametrize(
    ("topic", "found"),
    [
        ("free-trade-agreement", AGREED),
        ("export-controls", ["export-controls-mechanism"]),
        ("trust", ["communication-and-trust"]),
        ("environment", ["green-energy-disasters-conservation"]),
        ("energy", ["green-energy-disasters-conservation"]),
        ("infrastructure", ["cross-border-infrastructure"]),
        ("rail", ["cross-border-infrastructure"]),
        ("culture-and-education", ["cultural-understanding"]),
        ("tourism", ["cultural-understanding"]),
        ("bilateral-relations", ADVICE),
        ("north-korea", []),
    ],
)
def test_proposals_by_topic(client: TestClient, topic: str, found: list[str]) -> None:
    assert slugs(client, f"proposals?topic={topic}") == found


def test_proposals_by_addressee(client: TestClient) -> None:
    everybody = {
        slug: {country["code"] for country in one["addressees"]}
        for one in every(client, "proposals")
        for slug in [one["slug"]]
    }
    to_all = {slug: {"CHN", "JPN", "KOR"} for slug in [*AGREED, *URGED, *IDEAS]}
    assert everybody == to_all | {
        "repair-bilateral-relations": {"CHN", "JPN", "KOR"},
        "ease-visits-and-business-in-china": {"CHN"},
    }
    assert slugs(client, "proposals?addressee=CHN&addressee=!JPN") == [
        "ease-visits-and-business-in-china"
    ]


def test_the_recommendations(client: TestClient) -> None:
    assert slugs(client, "proposals?kind=recommendation") == ADVICE
    visits = ask(client, "proposals/ease-visits-and-business-in-china")
    assert [item["key"] for item in visits["items"]] == [
        "easier-official-visits",
        "better-business-environment",
    ]


def test_a_whole_with_parts_is_one_proposal(client: TestClient) -> None:
    parts = {
        one["slug"]: [(item["key"], item["topic"]["slug"]) for item in one["items"]]
        for one in every(client, f"proposals?id={','.join(IDEAS)}")
    }
    assert parts == {
        "green-energy-disasters-conservation": [
            ("green-energy", "energy"),
            ("disaster-risk-management", "disasters"),
            ("environmental-conservation", "conservation"),
        ],
        "cross-border-infrastructure": [
            ("high-speed-rail", "rail"),
            ("sea-routes", "sea"),
            ("air-travel", "air"),
        ],
        "cultural-understanding": [
            ("educational-exchanges", "exchanges"),
            ("tourism", "tourism"),
            ("cultural-programs", "culture-and-education"),
        ],
    }


# --------------------------------------------------------------- between two states


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("meetings?between=CHN,JPN", [ELEVENTH, OF_2023, SUMMIT]),
        ("meetings?between=JPN,USA", []),
        (
            "series?between=KOR,JPN",
            ["trilateral-foreign-ministers-meeting", "trilateral-leaders-summit"],
        ),
        ("series?between=KOR,USA", []),
        ("silences?between=CHN,PRK", ["wang-on-north-korea-and-the-war"]),
        ("silences?between=UKR,CHN", ["wang-on-north-korea-and-the-war"]),
        # Both are avoided, and neither is silent.
        ("silences?between=PRK,RUS", []),
        ("incidents?between=JPN,CHN", ["china-coast-guard-senkaku-incursion"]),
        ("incidents?between=JPN,KOR", []),
        ("proposals?between=CHN,JPN", sorted([*AGREED, *URGED])),
        ("proposals?between=KOR,CHN", sorted([*AGREED, *URGED])),
        # Both are to act, and neither proposes.
        ("proposals?between=JPN,KOR", []),
        ("assessments?between=PRK,USA", ["alliances-as-backdrop"]),
        ("assessments?between=RUS,USA", []),
    ],
)
def test_what_stands_between_two_states(client: TestClient, asked: str, found: list[str]) -> None:
    assert slugs(client, asked) == found


# --------------------------------------------------------------------------- relations


@pytest.mark.parametrize(
    ("pair", "found"),
    [
        (
            "JPN,USA",
            [
                "alliance-jpn-usa",
                "military-cooperation-jpn-usa",
                "military-presence-usa-jpn",
                "support-jpn-usa",
            ],
        ),
        (
            "KOR,USA",
            [
                "alliance-kor-usa",
                "military-cooperation-kor-usa",
                "military-presence-usa-kor",
                "support-kor-usa",
            ],
        ),
        ("CHN,USA", ["tension-chn-usa"]),
        ("CHN,JPN", ["tension-chn-jpn", "wariness-jpn-chn"]),
        ("CHN,KOR", ["wariness-kor-chn"]),
        ("JPN,KOR", ["tension-jpn-kor"]),
        ("CHN,PRK", ["close-ties-chn-prk"]),
        ("CHN,RUS", ["close-ties-chn-rus"]),
        ("PRK,RUS", ["military-cooperation-prk-rus", "support-prk-rus"]),
        ("RUS,UKR", []),
        ("JPN,PRK", []),
    ],
)
def test_relations_of_each_pair(client: TestClient, pair: str, found: list[str]) -> None:
    turned = ",".join(reversed(pair.split(",")))
    assert slugs(client, f"relations?between={pair}") == found
    assert slugs(client, f"relations?between={turned}") == found


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("alliance", ["alliance-jpn-usa", "alliance-kor-usa"]),
        ("close_ties", ["close-ties-chn-prk", "close-ties-chn-rus"]),
        ("tension", ["tension-chn-jpn", "tension-chn-usa", "tension-jpn-kor"]),
        (
            "military_cooperation",
            [
                "military-cooperation-jpn-usa",
                "military-cooperation-kor-usa",
                "military-cooperation-prk-rus",
            ],
        ),
        ("military_presence", ["military-presence-usa-jpn", "military-presence-usa-kor"]),
        ("support", ["support-jpn-usa", "support-kor-usa", "support-prk-rus"]),
        ("wariness", ["wariness-jpn-chn", "wariness-kor-chn"]),
        ("rivalry", []),
    ],
)
def test_relations_of_each_kind(client: TestClient, kind: str, found: list[str]) -> None:
    assert slugs(client, f"relations?kind={kind}") == found


def test_who_is_wary_of_whom_and_who_supports_whom(client: TestClient) -> None:
    borne = {
        one["slug"]: (one["subject"]["code"], one["object"]["code"])
        for one in every(client, "relations?directed=true")
    }
    assert borne == {
        "wariness-jpn-chn": ("JPN", "CHN"),
        "wariness-kor-chn": ("KOR", "CHN"),
        "support-jpn-usa": ("JPN", "USA"),
        "support-kor-usa": ("KOR", "USA"),
        "support-prk-rus": ("PRK", "RUS"),
        "military-presence-usa-jpn": ("USA", "JPN"),
        "military-presence-usa-kor": ("USA", "KOR"),
    }
    for one in every(client, "relations?directed=false"):
        assert (one["subject"], one["object"]) == (None, None)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("subject=JPN", ["support-jpn-usa", "wariness-jpn-chn"]),
        ("object=JPN", ["military-presence-usa-jpn"]),
        ("subject=JPN&object=USA", ["support-jpn-usa"]),
        ("subject=USA&object=JPN", ["military-presence-usa-jpn"]),
        ("subject=CHN", []),
        ("object=CHN&kind=tension", []),
    ],
)
def test_relations_by_who_bears_them(client: TestClient, asked: str, found: list[str]) -> None:
    assert slugs(client, f"relations?{asked}") == found


def test_who_met_whom(client: TestClient) -> None:
    assert slugs(client, "meetings?together=wang-yi,iwaya-takeshi") == [ELEVENTH]
    assert slugs(client, "meetings?together=wang-yi,donald-trump") == []
    # What the three said, they said as a group.
    for two in ("wang-yi,iwaya-takeshi", f"cho-tae-yul,{MINISTERS}"):
        assert slugs(client, f"statements?jointly={two}") == [JOINT]
    assert slugs(client, "statements?jointly=wang-yi,donald-trump") == []
    assert JOINT not in slugs(client, "statements?speaker=wang-yi")


def test_an_alliance_is_one_record_however_often_it_is_told(client: TestClient) -> None:
    for alliance in every(client, "relations?kind=alliance&include=evidence"):
        cited = [(one["paragraph"], one["sentence"]) for one in alliance["evidence"]]
        assert cited == [(2, 1), (8, 2), (11, 1)]


def test_relations_that_a_minister_asserts(client: TestClient) -> None:
    asserted = {
        one["slug"]: one["asserted_by"]["slug"] for one in every(client, "relations?voice=official")
    }
    assert asserted == {
        "military-cooperation-prk-rus": "iwaya-takeshi",
        "support-prk-rus": "cho-tae-yul",
    }
    assert slugs(client, "relations?asserted_by=cho-tae-yul") == ["support-prk-rus"]


# ------------------------------------------------------------------------- assessments

HEDGED = [
    "better-transport-eases-trade",
    "continued-talks-revitalize",
    "culture-helps-relations",
    "exchanges-build-trust",
    "opening-for-china",
]
FLAT = [
    "alliances-as-backdrop",
    "avenues-for-cooperation",
    "chance-to-put-grievances-aside",
    "china-on-us-presence",
    "export-controls-concern-china",
    "international-turmoil",
    "message-for-multilateralism",
    "obstacles-and-chances",
    "partnership-marred-by-tensions",
    "progress-if-china-opens",
    "tariffs-hit-the-three",
    "trilateral-shapes-east-asia",
    "trump-upends-alliances",
    "weight-of-the-three-economies",
]


def test_what_the_author_thinks_hedged_or_not(client: TestClient) -> None:
    assert slugs(client, "assessments?hedged=true") == HEDGED
    assert slugs(client, "assessments?hedged=false") == FLAT
    assert slugs(client, "assessments?voice=reporter") == [
        "china-on-us-presence",
        "weight-of-the-three-economies",
    ]


def test_author_reporter_and_officials_are_never_mixed(client: TestClient) -> None:
    voices = {
        name: {one["voice"] for one in every(client, name)}
        for name in ("assessments", "statements", "silences", "disputes", "incidents", "meetings")
    }
    assert voices == {
        "assessments": {"author", "reporter"},
        "statements": {"official"},
        "silences": {"reporter"},
        "disputes": {"reporter"},
        "incidents": {"reporter"},
        "meetings": {"reporter"},
    }
    assert slugs(client, "assessments?voice=official") == []


def test_assessments_by_whom_they_judge(client: TestClient) -> None:
    assert slugs(client, "assessments?country=USA") == [
        "alliances-as-backdrop",
        "china-on-us-presence",
        "export-controls-concern-china",
        "opening-for-china",
        "tariffs-hit-the-three",
        "trump-upends-alliances",
    ]
    assert slugs(client, "assessments?topic=trade&country=USA") == [
        "export-controls-concern-china",
        "tariffs-hit-the-three",
    ]


# ---------------------------------------------------------------------------- evidence


@pytest.mark.parametrize("name", sorted({one.name for one in RESOURCES} - WITHOUT_EVIDENCE))
def test_every_record_rests_on_evidence(client: TestClient, name: str) -> None:
    for record in every(client, f"{name}?include=evidence"):
        assert record["evidence"], record["slug"]
        for one in record["evidence"]:
            assert one["record"] == {
                "id": record["id"],
                "slug": record["slug"],
                "name": record["name"],
                "collection": name,
            }
            assert one["source"]["slug"] == "trilateral-talks-in-tokyo"
            assert re.fullmatch("[0-9a-f]{64}", one["sha256"])


def test_the_former_address_of_the_source_leads_to_it_and_is_shown_nowhere(
    client: TestClient,
) -> None:
    moved = client.get("/v1/sources/trilateral-2025?basis=source", follow_redirects=False)
    assert moved.status_code == 308
    address = "/v1/sources/trilateral-talks-in-tokyo?basis=source"
    assert moved.headers["location"].endswith(address)
    forms = [
        f"{one.name}?limit=200&basis=source&format={form}"
        for one in RESOURCES
        if one.name in ("sources", "evidence")
        for form in one.forms
    ]
    lists = [
        f"{name}?limit=200&include=evidence&basis=source"
        for name in ("statements", "disputes", "meetings")
    ]
    others = ["exports/all.ttl", "exports/all.nq", "coverage?by=source", "search?q=tokyo"]
    for request in [*forms, *lists, *others]:
        told = client.get(f"/v1/{request}")
        assert told.status_code == 200, told.text
        assert "trilateral-2025" not in told.text, request


def test_every_sentence_is_cited(client: TestClient) -> None:
    outline = ask(client, "sources/trilateral-talks-in-tokyo?include=sentences")["sentences"]
    sentences = {(one["paragraph"], one["sentence"]): (one["start"], one["end"]) for one in outline}
    per_paragraph = Counter(paragraph for paragraph, _ in sentences)
    assert [per_paragraph[n] for n in range(1, 15)] == [2, 1, 2, 3, 2, 3, 2, 3, 2, 3, 3, 6, 3, 3]
    cited = every(client, "evidence?source=trilateral-talks-in-tokyo")
    assert {(one["paragraph"], one["sentence"]) for one in cited} == set(sentences)
    for one in cited:
        start, end = sentences[one["paragraph"], one["sentence"]]
        assert start <= one["start"]["code_point"] < one["end"]["code_point"] <= end


def test_no_passage_of_the_article_is_shown(client: TestClient) -> None:
    source = ask(client, "sources/trilateral-talks-in-tokyo")
    assert (source["rights"], source["text"]) == ("metadata_only", None)
    assert (source["characters"], source["paragraphs"]) == (6388, 14)
    for field in ("name", "publisher", "author", "url", "date_edtf", "date_as_written"):
        assert source[field] is None
    assert {one["passage"] for one in every(client, "evidence")} == {None}


def test_what_a_sentence_carries(client: TestClient) -> None:
    carried = {
        (one["record"]["collection"], one["record"]["slug"])
        for one in every(client, "evidence?paragraph=7")
    }
    assert carried == {
        ("silences", "wang-on-north-korea-and-the-war"),
        ("participants", "wang-yi"),
        ("relations", "close-ties-chn-prk"),
        ("relations", "close-ties-chn-rus"),
    }


# ------------------------------------------------------------- names, in every script


@pytest.mark.parametrize(
    ("address", "words", "found"),
    [
        ("disputes", "尖閣", [SENKAKU]),
        ("disputes", "钓鱼岛", [SENKAKU]),
        ("disputes", "Diaoyu", [SENKAKU]),
        ("disputes", "Senkaku", [SENKAKU]),
        ("disputes", "독도", [DOKDO]),
        ("disputes", "Takeshima", [DOKDO]),
        ("disputes", "竹島", [DOKDO]),
        ("disputes", "Dokdo", [DOKDO]),
        ("disputes", "Dokdo/Takeshima", [DOKDO]),
        ("participants", "王毅", [MINISTERS, "wang-yi"]),
        ("participants", "Wang Yi", [MINISTERS, "wang-yi"]),
        ("participants", "wang", [MINISTERS, "wang-yi"]),
        ("participants", "岩屋", ["iwaya-takeshi", MINISTERS]),
        ("participants", "조태열", ["cho-tae-yul", MINISTERS]),
        ("countries", "Pyongyang", ["prk"]),
        ("countries", "Beijing", ["chn"]),
        ("countries", "Moscow", ["rus"]),
        ("countries", "Washington", ["usa"]),
        ("countries", "Tokyo", ["jpn"]),
        ("countries", "서울", ["kor"]),
        ("countries", "北朝鮮", ["prk"]),
        ("topics", "関税", ["tariffs"]),
        ("statements", "future-oriented", ["iwaya-on-shared-responsibility"]),
    ],
)
def test_names_are_found_in_every_script(
    client: TestClient, address: str, words: str, found: list[str]
) -> None:
    assert slugs(client, f"{address}?q={words}") == found


def test_a_capital_said_for_a_country_is_one_of_its_names(client: TestClient) -> None:
    capitals = {
        one["slug"]: [
            name["text"]
            for name in one["names"]
            if (name["kind"], name["language"], name["basis"]) == ("capital", "en", "source")
        ]
        for one in every(client, "countries?include=names")
    }
    assert capitals == {
        "chn": ["Beijing"],
        "jpn": ["Tokyo"],
        "kor": [],
        "prk": ["Pyongyang"],
        "rus": ["Moscow"],
        "ukr": [],
        "usa": ["Washington"],
    }


def test_names_in_the_language_asked_for(client: TestClient) -> None:
    called = {
        language: ask(client, f"participants/wang-yi?lang={language}")["name"]
        for language in ("en", "zh", "zh-Hant", "ja", "ko")
    }
    assert called == {"en": "Wang Yi", "zh": "王毅", "zh-Hant": "王毅", "ja": "王毅", "ko": "왕이"}


# -------------------------------------------------------------------------------- facets


def test_counts_by_speaker_and_kind(client: TestClient) -> None:
    facets = ask(client, "statements/facets?facet=speaker,kind&about=PRK")["facets"]
    counts = {name: {row["value"]: row["count"] for row in rows} for name, rows in facets.items()}
    assert counts == {
        "speaker": {"iwaya-takeshi": 2, "cho-tae-yul": 1},
        "kind": {"mixed": 2, "paraphrase": 1},
    }
    for row in facets["speaker"]:
        address = row["url"].partition("/v1/")[2]
        assert len(every(client, address)) == row["count"]


def test_a_facet_leaves_out_its_own_filter(client: TestClient) -> None:
    facets = ask(client, "proposals/facets?facet=stage,origin&stage=agreed")["facets"]
    counts = {name: {row["value"]: row["count"] for row in rows} for name, rows in facets.items()}
    assert counts == {
        "stage": {"suggested": 5, "urged": 3, "agreed": 1},
        "origin": {"official": 1},
    }


# --------------------------------------------------------- what the article does not say


def test_without_reference_knowledge_the_year_is_unknown(client: TestClient) -> None:
    meeting = ask(client, f"meetings/{ELEVENTH}?basis=source")
    dated = ("date_start", "date_end", "date_earliest", "date_latest")
    assert [meeting[field] for field in dated] == [None] * 4
    assert meeting["date_as_written"] == "March 22"
    assert meeting["series"][0]["gap"] is None
    assert meeting["series"][0]["ordinal"] == 11
    assert slugs(client, "meetings?date_from=2025&basis=source") == []
    assert slugs(client, "statements?has_date=true&basis=source") == []
    assert slugs(client, "meetings?date_from=2023&date_to=2023&basis=source") == [OF_2023]


@pytest.mark.parametrize("resource", RESOURCES, ids=lambda one: one.name)
def test_without_reference_knowledge_only_what_the_article_says(
    client: TestClient, resource: Any
) -> None:
    include = f"&include={','.join(resource.includes)}" if resource.includes else ""
    found = every(client, f"{resource.name}?basis=source{include}")
    assert found
    said = json.dumps(found, ensure_ascii=False)
    assert OTHER_SCRIPTS.search(said) is None
    assert '"2025-' not in said
    values = list(pairs(found))
    assert {value for name, value in values if name in {"code", "alpha2", "wikidata"}} <= {None}
    assert {value for name, value in values if name in {"latitude", "longitude"}} == set()
    assert {value for name, value in values if name == "basis"} <= {"source"}


def pairs(value: Any) -> Any:
    """Every field within an answer, with its value where that is a plain one."""
    if isinstance(value, list):
        for one in value:
            yield from pairs(one)
    elif isinstance(value, dict):
        for name, one in value.items():
            if isinstance(one, list | dict):
                yield from pairs(one)
            else:
                yield name, one


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("disputes", "尖閣"),
        ("disputes", "钓鱼岛"),
        ("disputes", "독도"),
        ("participants", "王毅"),
        ("countries", "Seoul"),
    ],
)
def test_without_reference_knowledge_no_filter_sees_it(
    client: TestClient, address: str, words: str
) -> None:
    assert slugs(client, f"{address}?q={words}&basis=source") == []


def test_with_reference_knowledge_each_field_of_it_is_marked(client: TestClient) -> None:
    marked = {
        one["slug"]: one["reference_fields"] for one in every(client, "participants?kind=person")
    }
    assert marked == {
        "wang-yi": [],
        "iwaya-takeshi": [],
        "donald-trump": [],
        "cho-tae-yul": ["family_name", "given_name", "name_order"],
    }
    korea = ask(client, "countries/PRK")
    assert korea["reference_fields"] == ["alpha2", "capital", "code", "coordinates", "wikidata"]
    assert korea["wikidata"] == "Q423"
