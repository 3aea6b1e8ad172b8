"""Positions: cells of the article, cells of a crowd against plain Python, two meetings compared."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from bundles import RECORDS, TEXT, sealed
from conftest import Databases, client_of, disposing, on_sqlite, service
from oracle import by_value
from reading import Json, World, ids, read, read_url, refused
from sqlmodel import select
from starlette.testclient import TestClient
from test_questions import counted, length

from app.db import create_engine, write
from app.models import Meeting, MeetingStatus, Stance, StatementKind
from app.resources import RESOURCES
from seeds.load import seed

BY_NAME = {one.name: one for one in RESOURCES}
SIDE = {
    "country": {"statements": "country", "silences": "country"},
    "participant": {"statements": "speaker", "silences": "participant"},
}
"""The filters by side of both collections."""


def cells(client: TestClient, /, **parameters: Any) -> dict[tuple[str, str], Json]:
    """The rows by the slugs of topic and side."""
    answer = read(client, "/v1/positions", **parameters)
    found = {(row["topic"]["slug"], row["side"]["slug"]): row for row in answer["rows"]}
    assert len(found) == len(answer["rows"])
    return found


def told(position: Json) -> Json:
    """The numbers of one cell."""
    return {
        "statements": position["statements"]["count"],
        "kinds": {one["kind"]: one["count"] for one in position["kinds"]},
        "stances": {one["stance"]: one["count"] for one in position["stances"]},
        "no_stance": position["no_stance"]["count"],
        "silences": position["silences"]["count"],
    }


def said(kinds: Json, stances: Json, *, no_stance: int = 0) -> Json:
    """The numbers of a cell without silences."""
    return {
        "statements": sum(kinds.values()), "kinds": kinds, "stances": stances,
        "no_stance": no_stance, "silences": 0,
    }  # fmt: skip


Cells = dict[tuple[str, str], Json]
NOTHING_BUT_A_SILENCE = {**said({}, {}), "silences": 1}
COUNTRIES: Cells = {
    # To an export mechanism, which is a proposal, he takes a stance; to export controls none.
    ("trade", "chn"): said(
        {"direct": 1, "paraphrase": 2}, {"supports": 1, "urges": 1}, no_stance=1
    ),
    ("export-controls", "chn"): said({"paraphrase": 1}, {}, no_stance=1),
    ("free-trade-agreement", "chn"): said(
        {"direct": 1, "paraphrase": 1}, {"supports": 1, "urges": 1}
    ),
    ("trust", "chn"): said({"paraphrase": 1}, {"urges": 1}),
    ("north-korea", "chn"): NOTHING_BUT_A_SILENCE,
    ("north-korea", "jpn"): said({"mixed": 2}, {"concerned": 1}, no_stance=1),
    ("north-korea", "kor"): said({"paraphrase": 1}, {"urges": 1}),
    # What is said of a topic is said of those above it.
    ("security", "chn"): NOTHING_BUT_A_SILENCE,
    ("security", "jpn"): said({"mixed": 2}, {"supports": 1, "concerned": 1}),
    ("security", "kor"): said({"paraphrase": 1}, {"urges": 1}),
    ("ukraine-war", "chn"): NOTHING_BUT_A_SILENCE,
    ("ukraine-war", "kor"): said({"paraphrase": 1}, {}, no_stance=1),
}
PARTICIPANTS: Cells = {
    ("trilateral-process", "trilateral-foreign-ministers"): said(
        {"paraphrase": 1}, {"supports": 1}
    ),
    ("trilateral-process", "iwaya-takeshi"): said({"mixed": 1}, {"supports": 1}),
    ("trilateral-process", "wang-yi"): said({"mixed": 1}, {"supports": 1}),
    ("north-korea", "wang-yi"): NOTHING_BUT_A_SILENCE,
    ("north-korea", "iwaya-takeshi"): said({"mixed": 2}, {"concerned": 1}, no_stance=1),
    ("north-korea", "cho-tae-yul"): said({"paraphrase": 1}, {"urges": 1}),
}


@pytest.mark.parametrize("basis", [{}, {"basis": "source"}], ids=["any", "source"])
@pytest.mark.parametrize(
    ("by", "expected"), [("country", COUNTRIES), ("participant", PARTICIPANTS)]
)
def test_the_article(client: TestClient, by: str, expected: Cells, basis: Json) -> None:
    topics = ",".join(dict.fromkeys(topic for topic, _ in expected))
    found = cells(client, by=by, topic=topics, **basis)
    assert {cell: told(row) for cell, row in found.items()} == expected


@on_sqlite
def test_a_silence_is_no_statement_and_has_no_stance(client: TestClient) -> None:
    row = cells(client, topic="north-korea", country="CHN")["north-korea", "chn"]
    assert row["latest"] is None
    assert row["silences"]["latest"]["slug"] == "wang-on-north-korea-and-the-war"
    [silence] = read_url(client, row["silences"]["url"])["items"]
    assert silence["id"] == row["silences"]["latest"]["id"]


@pytest.mark.parametrize("basis", [{}, {"basis": "source"}], ids=["any", "source"])
def test_the_latest_statement_is_the_first_of_the_list(client: TestClient, basis: Json) -> None:
    for row in cells(client, **basis).values():
        for name, latest in (
            ("statements", row["latest"]),
            ("silences", row["silences"]["latest"]),
        ):
            items = read_url(client, f"{row[name]['url']}&limit=1")["items"]
            assert [one["id"] for one in items] == ([latest["id"]] if latest else [])
            for field in latest or ():
                if field != "url":
                    assert latest[field] == items[0][field], field
            if latest:
                assert read_url(client, latest["url"])["id"] == latest["id"]


@on_sqlite
def test_topics_stand_as_in_their_tree(client: TestClient) -> None:
    answer = read(client, "/v1/positions")
    topics = {one["slug"]: one for one in answer["topics"]}
    assert [*topics] == [
        "security", "cryptocurrency-theft", "denuclearization", "military-cooperation",
        "north-korea", "nuclear-and-missiles", "ukraine-war", "trade", "economic-integration",
        "export-controls", "free-trade-agreement", "trilateral-process", "trust",
    ]  # fmt: skip
    assert (topics["trade"]["parent"], topics["trade"]["depth"]) == (None, 0)
    below = topics["export-controls"]
    assert (below["parent"]["slug"], below["depth"]) == ("trade", 1)
    assert [one["code"] for one in answer["sides"]] == ["CHN", "JPN", "KOR"]
    order = [(row["topic"]["slug"], row["side"]["slug"]) for row in answer["rows"]]
    sides = [one["slug"] for one in answer["sides"]]
    assert order == sorted(order, key=lambda cell: ([*topics].index(cell[0]), sides.index(cell[1])))


@on_sqlite
def test_what_every_record_can_be_asked_narrows_both(client: TestClient) -> None:
    for asked, numbers in (
        ({"strength": "own_words"}, (1, 0)),
        ({"sources_min": "1"}, (10, 1)),
        ({"sources_min": "2"}, (0, 0)),
        ({"source": "trilateral-talks-in-tokyo"}, (10, 1)),
        ({"source": "!trilateral-talks-in-tokyo"}, (0, 0)),
        ({"has_contradictions": "true"}, (0, 0)),
        ({"q": "Pyongyang OR nothing"}, (0, 0)),
    ):
        answer = read(client, "/v1/positions", **asked)
        told = [answer[name] for name in ("statements", "silences")]
        assert tuple(one["count"] for one in told) == numbers, asked
        assert tuple(length(client, one["url"]) for one in told) == numbers


@on_sqlite
def test_what_the_ministers_said_together_no_country_said_alone(client: TestClient) -> None:
    answer = read(client, "/v1/positions", topic="trilateral-process")
    assert answer["statements"]["count"] == 3
    together = answer["of_no_side"]["statements"]
    assert (together["count"], answer["of_no_side"]["silences"]["count"]) == (1, 0)
    [joint] = read_url(client, together["url"])["items"]
    assert joint["slug"] == "ministers-on-trilateral-cooperation"
    for asked, count in (
        ({"country": "!CHN"}, 1), ({"topic": "security"}, 0),
        ({"by": "participant"}, 0),
    ):  # fmt: skip
        of_no_side = read(client, "/v1/positions", **asked)["of_no_side"]["statements"]
        assert (of_no_side["count"], length(client, of_no_side["url"])) == (count, count)
    assert read(client, "/v1/positions", has_country="true")["of_no_side"] is None
    assert [told(row)["statements"] for row in answer["rows"]] == [1, 1]
    [side] = read(
        client, "/v1/positions", by="participant", participant="trilateral-foreign-ministers"
    )["sides"]
    assert (side["name"], side["label"]) == (None, "The three foreign ministers together")
    assert side["code"] is None


@on_sqlite
def test_topics_and_sides_choose_rows_and_other_filters_choose_records(client: TestClient) -> None:
    assert cells(client, topic="north-korea", country="jpn,kor") == {
        cell: row for cell, row in cells(client, topic="north-korea").items() if cell[1] != "chn"
    }
    # A side that is no dimension, a country that words are about, a kind of date: of records.
    assert {cell: told(row) for cell, row in cells(client, participant="cho-tae-yul").items()} == {
        ("security", "kor"): COUNTRIES["security", "kor"],
        ("north-korea", "kor"): COUNTRIES["north-korea", "kor"],
        ("ukraine-war", "kor"): COUNTRIES["ukraine-war", "kor"],
    }
    about = cells(client, about="UKR", topic="north-korea")
    assert [*about] == [("north-korea", "chn"), ("north-korea", "kor")]
    assert cells(client, year="2024") == {}
    assert set(cells(client, date_from="2025-03", topic="trust")) == {("trust", "chn")}
    without = cells(client, topic="!north-korea")
    assert not {topic for topic, _ in without} & {"north-korea", "ukraine-war", "security"}


@on_sqlite
def test_who_spoke_has_two_names(client: TestClient) -> None:
    for by in ("country", "participant"):
        one, other = (
            read(client, "/v1/positions", by=by, **{name: "wang-yi"})
            for name in ("speaker", "participant")
        )
        assert one == other
        assert len(one["sides"]) == 1


@on_sqlite
def test_zeros_are_rows_where_they_are_asked_for(client: TestClient) -> None:
    asked = {"topic": "trust,north-korea", "country": "chn,kor,usa"}
    found = cells(client, **asked, zeros="true")
    assert {cell: told(row)["statements"] for cell, row in found.items()} == {
        ("north-korea", "chn"): 0, ("north-korea", "kor"): 1, ("north-korea", "usa"): 0,
        ("trust", "chn"): 1, ("trust", "kor"): 0, ("trust", "usa"): 0,
    }  # fmt: skip
    assert set(cells(client, **asked)) == {
        ("north-korea", "chn"), ("north-korea", "kor"), ("trust", "chn"),
    }  # fmt: skip
    axes = read(client, "/v1/positions", **asked)
    assert [one["slug"] for one in axes["sides"]] == ["chn", "kor", "usa"]


@on_sqlite
def test_its_csv_has_a_row_for_each_cell(client: TestClient) -> None:
    asked = "topic=trade,security,trust"
    answer = read(client, f"/v1/positions?{asked}")
    text = client.get(f"/v1/positions?{asked}&format=csv").text
    table = [*csv.DictReader(io.StringIO(text))]
    assert len(table) == len(answer["rows"]) == 5
    for line, row in zip(table, answer["rows"], strict=True):
        numbers = told(row)
        assert (line["topic_slug"], line["side_code"]) == (
            row["topic"]["slug"],
            row["side"]["code"],
        )
        for name in ("statements", "no_stance", "silences"):
            assert int(line[name]) == numbers[name]
        every = dict.fromkeys([*StatementKind, *Stance], 0) | numbers["kinds"] | numbers["stances"]
        assert {name: int(line[name]) for name in every} == every
        assert line["latest_slug"] == (row["latest"] or {"slug": ""})["slug"]
        assert (line["change"], line["earlier_statements"]) == ("", "")


ELEVENTH = "trilateral-foreign-ministers-meeting-11"
BEFORE = "trilateral-foreign-ministers-meeting-2023"


@on_sqlite
@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("by=kind", "by", "unknown_value"),
        ("topic=nothing-of-the-kind", "topic", "unknown_reference"),
        ("country=chna", "country", "unknown_reference"),
        ("participant=wang", "participant", "unknown_reference"),
        ("speaker=wang", "speaker", "unknown_reference"),
        ("by=participant&speaker=wang", "speaker", "unknown_reference"),
        ("speaker=wang-yi&participant=wang-yi", "speaker", "repeated_parameter"),
        ("kind=direct", "kind", "unknown_parameter"),
        ("zeros=no", "zeros", "not_a_boolean"),
        (f"compare={ELEVENTH}", "compare", "not_a_pair"),
        (f"compare={ELEVENTH},{ELEVENTH.upper()}", "compare", "not_a_pair"),
        (f"compare={ELEVENTH},!{BEFORE}", "compare", "not_a_pair"),
        (f"compare={ELEVENTH},nothing-of-the-kind", "compare", "unknown_reference"),
        (f"compare={ELEVENTH},trilateral-leaders-summit-planned", "compare", "not_comparable"),
        (f"compare={ELEVENTH},{BEFORE}&meeting={ELEVENTH}", "meeting", "repeated_parameter"),
    ],
)
def test_what_cannot_be_told_is_refused(
    client: TestClient, query: str, parameter: str, code: str
) -> None:
    fault = refused(client, f"/v1/positions?{query}")["errors"][0]
    assert (fault["parameter"], fault["code"]) == (parameter, code)


# --------------------------------------------------------------------- two meetings compared


@pytest.mark.parametrize("turned", [False, True])
def test_nothing_is_new_where_nothing_is_known_of_the_earlier_meeting(
    client: TestClient, turned: bool
) -> None:
    pair = [BEFORE, ELEVENTH]
    answer = read(client, "/v1/positions", compare=",".join(pair[::-1] if turned else pair))
    comparison = answer["comparison"]
    assert [comparison[one]["slug"] for one in ("earlier", "later")] == pair
    assert comparison["earlier"]["label"] == "Meeting of the three foreign ministers in 2023"
    assert comparison["series"]["slug"] == "trilateral-foreign-ministers-meeting"
    assert recorded(comparison["earlier"]) == ("held", 0, 0)
    later = (len(ids(client, name, meeting=ELEVENTH)) for name in ("statements", "silences"))
    assert recorded(comparison["later"]) == ("held", *later)
    without = cells(client)
    assert len(answer["rows"]) == len(without)
    for row in answer["rows"]:
        assert told(row["earlier"]) == said({}, {})
        whole = without[row["topic"]["slug"], row["side"]["slug"]]
        assert told(row["later"]) == told(row) == told(whole)
        assert row["change"] is None


def recorded(meeting: Json) -> tuple[str, int, int]:
    """Whether a compared meeting was held, and what is recorded of it."""
    return meeting["status"], meeting["statements"]["count"], meeting["silences"]["count"]


MORE_TEXT = (
    "Ann One said in April that a railway matters. She praised the fish. A month later she said "
    "that tariffs hurt, and of a bridge she said much. She was silent on fish.\n"
)
MORE_RECORDS = """\
topics:
  - {key: rail, name: Rail}
  - {key: fish, name: Fish}
meetings:
  - key: talks-1
    label: The first Alpha-Beta Talks
    level: foreign_ministers
    status: held
    date: {edtf: 2030-04, as_written: April}
    series: [{series: talks, ordinal: 1}]
    evidence:
      - {source: toy-times, words: in April}
statements:
"""
SAID_MORE = (
    ("one-on-fish", "talks-1", "fish", "supports", "She praised the fish"),
    ("one-on-trade", "talks-1", "trade", "unclear", "a railway matters"),
    ("one-on-rail", "talks-2", "rail", "urges", "of a bridge she said much"),
)
STATEMENT = """\
  - key: {0}
    label: Ann One, {0}
    speakers: [ann-one]
    meeting: {1}
    kind: paraphrase
    own_words: false
    text: Something of {2}.
    topics: [{2}]
    stances:
      - {{target: topics/{2}, stance: {3}}}
    evidence:
      - {{source: toy-times, words: {4}}}
"""
KEPT_SILENT = """\
silences:
  - key: one-on-fish-later
    label: Ann One no more on fish
    participants: [ann-one]
    meeting: talks-2
    text: She did not speak of fish.
    topics: [fish]
    evidence:
      - {source: toy-times, words: She was silent on fish}
"""


@pytest.fixture(scope="module")
def toy(databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database of the toy bundle, with one more meeting."""
    folder = tmp_path_factory.mktemp("talks")
    url = databases.copy(migrated)
    with disposing(create_engine(url)) as engine:
        seed(engine, [sealed(folder / "toy", joined(), TEXT + MORE_TEXT)])
    return url


@pytest.fixture(scope="module")
def talks(databases: Databases, toy: str) -> Iterator[TestClient]:
    with client_of(service(databases.copy(toy))) as client:
        yield client


def joined() -> str:
    """The records of the toy bundle, and more in the same sections."""
    more = MORE_RECORDS + "".join(STATEMENT.format(*one) for one in SAID_MORE) + KEPT_SILENT
    text = RECORDS
    for part in _sections(more):
        head, _, body = part.partition("\n")
        text = text.replace(f"{head}\n", f"{head}\n{body}", 1)
    return text


def _sections(text: str) -> Iterator[str]:
    """Each section with its heading."""
    found: list[str] = []
    for line in text.splitlines(keepends=True):
        if not line.startswith(" ") and found:
            yield "".join(found)
            found = []
        found.append(line)
    yield "".join(found)


def test_what_is_new_repeated_and_dropped(talks: TestClient) -> None:
    found = cells(talks, compare="talks-2,talks-1")
    # Of tariffs is of trade: she speaks of it again. A silence repeats and drops nothing itself.
    assert {cell: row["change"] for cell, row in found.items()} == {
        ("fish", "aaa"): "dropped",
        ("rail", "aaa"): "new",
        ("trade", "aaa"): "repeated",
        ("tariffs", "aaa"): "new",
    }
    assert told(found["fish", "aaa"]["later"]) == NOTHING_BUT_A_SILENCE
    assert told(found["trade", "aaa"]["earlier"])["stances"] == {"unclear": 1}
    assert told(found["trade", "aaa"]["later"])["stances"] == {"opposes": 1}
    assert told(found["trade", "aaa"]) == said(
        {"mixed": 1, "paraphrase": 1}, {"opposes": 1, "unclear": 1}
    )
    for row in found.values():
        for count, url in counted(row):
            assert length(talks, url) == count, url


def test_what_else_is_asked_leaves_a_meeting_covered(talks: TestClient) -> None:
    answer = read(talks, "/v1/positions", compare="talks-1,talks-2", topic="fish", date_from="2030")
    assert recorded(answer["comparison"]["earlier"]) == ("held", 2, 0)
    assert recorded(answer["comparison"]["later"]) == ("held", 2, 2)
    for count, url in counted(answer):
        assert length(talks, url) == count, url


@pytest.mark.parametrize("status", [one for one in MeetingStatus if one is not MeetingStatus.held])
def test_a_meeting_that_was_not_held_drops_nothing(
    databases: Databases, toy: str, status: MeetingStatus
) -> None:
    app = service(databases.copy(toy))
    with client_of(app) as client:
        with write(app.state.engine) as session:
            meeting = session.exec(select(Meeting).where(Meeting.date_edtf == "2030-04")).one()
            meeting.status = status
        answer = read(client, "/v1/positions", compare="talks-1,talks-2")
        assert recorded(answer["comparison"]["earlier"]) == (status.value, 2, 0)
        assert {row["change"] for row in answer["rows"]} == {None}


def test_the_latest_is_of_the_later_day(talks: TestClient) -> None:
    row = cells(talks, topic="trade", compare="talks-1,talks-2")["trade", "aaa"]
    # Of May 2 no year is known, and a date that is not known comes last.
    assert row["latest"]["slug"] == "one-on-trade"
    assert row["later"]["latest"]["slug"] == "one-on-tariffs"
    assert row["latest"]["date_edtf"] == "2030-04"


# ---------------------------------------------------------------- a made-up knowledge base


@pytest.fixture(scope="module", params=["any", "source"])
def basis(request: pytest.FixtureRequest) -> Json:
    return {} if request.param == "any" else {"basis": "source"}


@pytest.mark.parametrize("by", [*SIDE])
def test_each_cell_of_a_crowd_is_what_plain_python_counts(
    crowd: TestClient, everyone: World, by: str
) -> None:
    having = {
        (collection, name): by_value(everyone, BY_NAME[collection], name)
        for collection in ("statements", "silences")
        for name in ("topic", SIDE[by][collection])
    }
    spoken_by = having["statements", SIDE[by]["statements"]]
    sides = sorted(spoken_by, key=lambda side: (-len(spoken_by[side]), side))[:30]
    found = cells(crowd, by=by, **{by: ",".join(sides)})

    def among(collection: str, topic: str, side: str) -> set[str]:
        topics, those = (having[collection, name] for name in ("topic", SIDE[by][collection]))
        return topics.get(topic, set()) & those.get(side, set())

    topics = {topic for one in ("statements", "silences") for topic in having[one, "topic"]}
    expected: Cells = {}
    for topic in topics:
        for side in sides:
            spoken, silent = (among(one, topic, side) for one in ("statements", "silences"))
            if spoken or silent:
                expected[topic, side] = _expected(everyone, topic, spoken, len(silent))
    assert {cell: told(row) for cell, row in found.items()} == expected
    assert any(told(row)["stances"] for row in found.values())


def _expected(world: World, topic: str, spoken: set[str], silences: int) -> Json:
    """The numbers of one cell, from its records."""
    kinds: Json = {}
    stances: Json = {}
    without = 0
    for id in spoken:
        record = world["statements"][id]
        kinds[record["kind"]] = kinds.get(record["kind"], 0) + 1
        taken = {
            row["stance"]
            for row in record["stances"]
            if row["target"]["collection"] == "topics"
            and topic in {one["slug"] for one in world["topics"][row["target"]["id"]]["path"]}
        }
        without += not taken
        for stance in taken:
            stances[stance] = stances.get(stance, 0) + 1
    return {
        "statements": len(spoken), "kinds": kinds, "stances": stances,
        "no_stance": without, "silences": silences,
    }  # fmt: skip


@on_sqlite
@pytest.mark.parametrize("by", [*SIDE])
def test_each_number_of_a_crowd_is_the_length_of_its_list(
    crowd: TestClient, basis: Json, by: str
) -> None:
    sides = ",".join(one["slug"] for one in read(crowd, f"/v1/{COLLECTION[by]}", limit=8)["items"])
    rows = [*cells(crowd, by=by, **{by: sides}, **basis).values()]
    assert len(rows) > 20
    for row in rows[:: len(rows) // 8]:
        for count, url in counted(row):
            assert length(crowd, url) == count, url
        for latest, name in (
            (row["latest"], "statements"),
            (row["silences"]["latest"], "silences"),
        ):
            first = read_url(crowd, f"{row[name]['url']}&limit=1&fields=id")["items"]
            assert [one["id"] for one in first] == ([latest["id"]] if latest else [])


COLLECTION = {"country": "countries", "participant": "participants"}


@on_sqlite
def test_the_two_meetings_of_a_crowd_are_all_of_both(crowd: TestClient) -> None:
    series = next(
        one
        for one in read(crowd, "/v1/series", include="meetings", limit=200)["items"]
        if len({row["rank"] for row in one["meetings"]} - {None}) > 1
    )
    pair = [row["meeting"]["slug"] for row in series["meetings"] if row["rank"] is not None][:2]
    answer = read(crowd, "/v1/positions", compare=",".join(pair))
    assert answer["statements"]["count"] == len(ids(crowd, "statements", meeting=",".join(pair)))
    for count, url in counted(answer["rows"][:3]):
        assert length(crowd, url) == count, url
    for row in answer["rows"]:
        parts = [told(row[one]) for one in ("earlier", "later")]
        for name in ("statements", "no_stance", "silences"):
            assert told(row)[name] == sum(part[name] for part in parts)


@on_sqlite
def test_more_rows_than_are_told_are_refused(crowd: TestClient) -> None:
    every = ",".join(one["slug"] for one in read(crowd, "/v1/countries", limit=100)["items"])
    fault = refused(crowd, f"/v1/positions?zeros=true&country={every}")["errors"][0]
    assert (fault["parameter"], fault["code"]) == ("by", "too_many_rows")
