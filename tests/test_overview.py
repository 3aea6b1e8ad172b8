"""The overview of a series: exact answers of the article, and plain Python over made-up series."""

import pytest
from conftest import client_of, on_sqlite, service
from oracle import values
from reading import Json, World, read
from sqlmodel import select
from starlette.testclient import TestClient
from test_questions import counted, length

from app.db import write
from app.models import Meeting, MeetingStatus, Statement
from app.questions.ordinals import ordinals
from app.resources import meetings, statements

TALKS = "/v1/series/trilateral-foreign-ministers-meeting/overview"


@on_sqlite
def test_the_talks_of_the_article(client: TestClient) -> None:
    answer = read(client, TALKS)
    assert [
        (row["meeting"]["slug"], row["ordinal"], row["host"] and row["host"]["code"], row["gap"])
        for row in answer["rows"]
    ] == [
        ("trilateral-foreign-ministers-meeting-2023", None, None, None),
        (
            "trilateral-foreign-ministers-meeting-11", 11, "JPN",
            {"days_min": 447, "days_max": 811},
        ),
    ]  # fmt: skip
    assert (answer["ordinals_known"], answer["ordinals_missing"]) == ([11], [])
    assert [(one["value"], one["count"]) for one in answer["hosts"]] == [("jpn", 1)]
    assert {one["value"]: one["count"] for one in answer["attendance"]} == {
        "wang-yi": 1, "cho-tae-yul": 1, "iwaya-takeshi": 1,
    }  # fmt: skip
    # The planned summit of the leaders is of another series.
    assert all("summit" not in row["meeting"]["slug"] for row in answer["rows"])


@on_sqlite
def test_what_was_raised_is_told_with_the_meeting_that_raised_it(client: TestClient) -> None:
    topics = {one["topic"]["slug"]: one for one in read(client, TALKS)["topics"]}
    eleventh = "trilateral-foreign-ministers-meeting-11"
    assert topics["export-controls"]["first"]["slug"] == eleventh
    assert topics["security"]["statements"]["count"] == 3
    assert topics["ukraine-war"]["meetings"]["count"] == 1
    assert "environment" not in topics


@on_sqlite
def test_a_year_that_no_source_states_is_no_gap(client: TestClient) -> None:
    assert [row["gap"] for row in read(client, TALKS, basis="source")["rows"]] == [None, None]


@on_sqlite
def test_an_overview_is_narrowed_as_meetings_and_statements_are(client: TestClient) -> None:
    eleventh = "trilateral-foreign-ministers-meeting-11"
    answer = read(client, TALKS, date_from="2025")
    [row] = answer["rows"]
    assert (row["meeting"]["slug"], answer["count"]) == (eleventh, 1)
    # The gap is to the meeting before, which is not asked for.
    assert row["gap"] == {"days_min": 447, "days_max": 811}
    assert "date_from=2025-01-01" in answer["held_url"]
    before = read(client, TALKS, date_to="2024")
    assert (before["count"], before["attendance"]) == (1, [])
    # Which numbers are known does not hang on what is asked.
    assert before["ordinals_known"] == [11]
    topics = {
        one["topic"]["slug"]: one for one in read(client, TALKS, participant="wang-yi")["topics"]
    }
    assert topics["export-controls"]["statements"]["count"] == 1
    assert "speaker=wang-yi" in topics["export-controls"]["statements"]["url"]
    assert topics["north-korea"]["statements"]["count"] == 0


@on_sqlite
def test_a_table_of_an_overview_leaves_its_own_filter_out(client: TestClient) -> None:
    whole, some = (read(client, TALKS, **asked) for asked in ({}, {"topic": "trade"}))
    assert [one["topic"] for one in some["topics"]] == [one["topic"] for one in whole["topics"]]


@on_sqlite
@pytest.mark.parametrize("known", ["true", "false"])
@pytest.mark.parametrize("name", ["host", "participant", "topic", "country"])
def test_whether_anything_is_known_narrows_numbers_and_lists_alike(
    client: TestClient, name: str, known: str
) -> None:
    answer = read(client, TALKS, **{f"has_{name}": known})
    for count, url in counted(answer):
        assert length(client, url) == count, url
    shown = {"host": "hosts", "participant": "attendance", "topic": "topics"}.get(name)
    if shown:
        assert bool(answer[shown]) is (known == "true")


def test_a_meeting_that_was_not_held_is_none_at_which_anything_was_raised(copied: str) -> None:
    app = service(copied)
    with client_of(app) as client:
        with write(app.state.engine) as session:
            meeting = session.exec(select(Meeting).where(Meeting.date_edtf == "2023")).one()
            meeting.status = MeetingStatus.cancelled
        answer = read(client, TALKS)
        assert [row["status"] for row in answer["rows"]] == ["cancelled", "held"]
        assert (answer["count"], answer["held_count"]) == (2, 1)
        # Nothing is known of one that was held before.
        assert [row["gap"] for row in answer["rows"]] == [None, None]
        with write(app.state.engine) as session:
            for meeting in session.exec(select(Meeting)):
                meeting.status = MeetingStatus.planned
        answer = read(client, TALKS)
        assert (answer["held_count"], answer["hosts"], answer["attendance"]) == (0, [], [])
        assert answer["topics"] == []
        assert (answer["ordinals_known"], answer["ordinals_missing"]) == ([], [])


def test_what_is_said_at_a_planned_meeting_was_not_raised_yet(copied: str) -> None:
    app = service(copied)
    with client_of(app) as client:
        with write(app.state.engine) as session:
            eleventh, before = (
                session.exec(select(Meeting).where(Meeting.id == row["meeting"]["id"])).one()
                for row in read(client, TALKS)["rows"][::-1]
            )
            eleventh.status = MeetingStatus.planned
            [trust] = read(client, "/v1/statements", topic="trust")["items"]
            said = session.exec(select(Statement).where(Statement.id == trust["id"])).one()
            said.meeting_id = before.id
        answer = read(client, TALKS)
        [topic] = [one for one in answer["topics"] if one["topic"]["slug"] == "trust"]
        assert topic["statements"]["count"] == 1
        assert topic["first"]["id"] == before.id
        assert "security" not in {one["topic"]["slug"] for one in answer["topics"]}
        # Whatever topic is asked for, as its own filter is left out.
        assert raised(read(client, TALKS, topic="trust")) == raised(answer)
        for count, url in counted(answer):
            assert length(client, url) == count, url


def raised(answer: Json) -> list[tuple[str, int, int]]:
    """Each topic with its numbers."""
    return [
        (one["topic"]["slug"], one["meetings"]["count"], one["statements"]["count"])
        for one in answer["topics"]
    ]


HELD, PLANNED = MeetingStatus.held, MeetingStatus.planned


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ([], ([], [], [])),
        ([(0, 1, HELD), (1, 4, HELD)], ([1, 4], [2, 3], [])),
        # What no meeting was held under is not known as one, and not missing either.
        ([(0, 1, HELD), (1, 3, PLANNED), (2, 4, HELD), (3, 6, PLANNED)], ([1, 4], [2], [])),
        # In the gap between 1 and 3 stands one without a number; between 3 and 5 none.
        ([(0, 1, HELD), (1, None, HELD), (2, 3, HELD), (3, 5, HELD)], ([1, 3, 5], [4], [2])),
        ([(0, 1, HELD), (1, None, PLANNED), (2, 3, HELD)], ([1, 3], [2], [])),
        ([(0, 1, HELD), (1, 3, HELD), (2, None, HELD)], ([1, 3], [2], [])),
        ([(0, 1, HELD), (1, 3, HELD), (None, None, HELD)], ([1, 3], [], [2])),
        ([(None, 1, HELD), (1, None, HELD), (2, 3, HELD)], ([1, 3], [], [2])),
    ],
)
def test_a_number_that_a_meeting_may_have_is_not_missing(
    rows: list[tuple[int | None, int | None, MeetingStatus]],
    expected: tuple[list[int], list[int], list[int]],
) -> None:
    told = ordinals([{"rank": a, "ordinal": b, "status": c} for a, b, c in rows])
    assert tuple(told.values()) == expected


def test_a_crowd_is_told_as_plain_python_tells_it(crowd: TestClient, everyone: World) -> None:
    told = 0
    held = {id for id, one in everyone["meetings"].items() if one["status"] == "held"}
    for series in [*everyone["series"].values()][:40]:
        answer = read(crowd, f"/v1/series/{series['slug']}/overview")
        expected = [one["meeting"]["id"] for one in series["meetings"]]
        ranked = [one["meeting"]["id"] for one in series["meetings"] if one["rank"] is not None]
        assert [row["meeting"]["id"] for row in answer["rows"]][: len(ranked)] == ranked
        assert {row["meeting"]["id"] for row in answer["rows"]} == set(expected)
        numbers = [(one["meeting"]["id"], one["ordinal"]) for one in series["meetings"]]
        known = sorted({number for id, number in numbers if number and id in held})
        assert answer["ordinals_known"] == known
        between = set(range(known[0], known[-1])) if known else set()
        parts = [set(answer[f"ordinals_{one}"]) for one in ("missing", "uncertain")]
        assert not parts[0] & parts[1]
        assert parts[0] | parts[1] == between - {number for _, number in numbers}
        for count, url in counted(answer["topics"][:2]):
            assert length(crowd, url) == count, url
        check_topics(answer, everyone, ranked, set(expected))
        told += len(expected)
    assert told > 20


def check_topics(answer: Json, world: World, ranked: list[str], all_of_it: set[str]) -> None:
    raised: dict[str, set[str]] = {}
    held = {id for id, one in world["meetings"].items() if one["status"] == "held"}
    for id in all_of_it & held:
        for slug in values(world, meetings.RESOURCE, "topic", world["meetings"][id]):
            raised.setdefault(slug, set()).add(id)
    for statement in world["statements"].values():
        if statement["meeting"] and statement["meeting"]["id"] in all_of_it & held:
            for slug in values(world, statements.RESOURCE, "topic", statement):
                raised.setdefault(slug, set()).add(statement["meeting"]["id"])
    assert [one["topic"]["slug"] for one in answer["topics"]] == sorted(raised)
    for one in answer["topics"]:
        at = [id for id in ranked if id in raised[one["topic"]["slug"]]]
        ends = [one[end] and one[end]["id"] for end in ("first", "last")]
        assert ends == ([at[0], at[-1]] if at else [None, None])
