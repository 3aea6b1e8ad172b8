"""The timeline: its exact order, what has no date in it, its pages, and what its filters keep."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any

import pytest
import sqlalchemy as sa
from bundles import RECORDS, REFERENCE, bundle, echo, sealed
from conftest import Databases, client_of, disposing, on_sqlite, service
from reading import Json, everything, ids, read, refused
from sqlmodel import col
from starlette.testclient import TestClient
from test_plans import watching
from test_questions import length

from app.db import create_engine
from app.models import MeetingSeries
from app.questions.timeline import precision
from seeds.dates import parse
from seeds.load import seed

ELEVENTH = "trilateral-foreign-ministers-meeting-11"
OF_2023 = "trilateral-foreign-ministers-meeting-2023"
INCURSION = "china-coast-guard-senkaku-incursion"
SILENCE = "wang-on-north-korea-and-the-war"
RECORDS_OF = ("meetings", "statements", "silences", "incidents")
CARRIED = ("sources_count", "strength")
NO_DATE = {
    "date_start": None, "date_end": None, "date_earliest": None, "date_latest": None,
    "date_edtf": None, "date_basis": None, "date_anchor": None,
}  # fmt: skip


def pages(client: TestClient, /, **parameters: Any) -> Iterator[Json]:
    """All pages, in order."""
    while True:
        page = read(client, "/v1/timeline", **parameters)
        yield page
        if page["next_cursor"] is None:
            return
        parameters["cursor"] = page["next_cursor"]


def walk(client: TestClient, /, **parameters: Any) -> list[Json]:
    """The entries of all pages, in order."""
    return [one for page in pages(client, **parameters) for one in page["items"]]


def told(entries: list[Json]) -> list[str]:
    """Entries by slug, stages with what they are."""
    return [one["slug"] + (f" {one['stage']}" if one["stage"] else "") for one in entries]


def same(entries: list[Json]) -> list[tuple[str, str, str | None]]:
    """What tells one entry from another, the places of stages aside."""
    return [(one["kind"], one["id"], one["stage"]) for one in entries]


# ------------------------------------------------------------------------- the article


ARTICLE = [
    OF_2023,
    ELEVENTH,
    "ministers-on-trilateral-cooperation",
    "iwaya-on-shared-responsibility",
    "wang-on-economic-integration",
    "regional-economic-integration agreed",
    "wang-on-communication-and-trust",
    "communication-and-trust urged",
    "wang-on-development-potential",
    "wang-on-trade-and-fta",
    "stronger-trade-cooperation urged",
    "regional-economic-integration urged",
    "wang-on-export-controls",
    "export-controls-mechanism urged",
    "cho-on-north-korea",
    "iwaya-on-north-korea",
    "iwaya-on-denuclearization",
    SILENCE,
    INCURSION,
    "trilateral-leaders-summit-planned",
    "green-energy-disasters-conservation suggested",
    "cross-border-infrastructure suggested",
    "cultural-understanding suggested",
    "repair-bilateral-relations suggested",
    "ease-visits-and-business-in-china suggested",
]
"""What is dated stands by its date; what one day has, and what has no day, as the text tells it."""


@pytest.mark.parametrize("limit", [7, 200])
def test_the_article_in_order(client: TestClient, limit: int) -> None:
    assert told(walk(client, limit=limit)) == ARTICLE
    assert told(walk(client, limit=limit, sort="-date")) == ARTICLE[::-1]


@on_sqlite
def test_the_article_entry_by_entry(client: TestClient) -> None:
    assert told(walk(client, limit=1)) == ARTICLE
    assert told(walk(client, limit=1, sort="-date")) == ARTICLE[::-1]


def test_an_incident_without_a_date_stands_where_its_source_puts_it(client: TestClient) -> None:
    """The article ties it to an arrival that it does not date, after telling of the silence."""
    [incident] = walk(client, kind="incidents")
    written = "the same day Wang arrived in Japan for the talks"
    assert {name: incident[name] for name in (*NO_DATE, "date_as_written")} == {
        **NO_DATE, "date_as_written": written,
    }  # fmt: skip
    assert (incident["precision"], incident["placement"]) == ("none", "source")
    assert incident["placed_by"]["slug"] == SILENCE
    assert incident["placed_by"]["collection"] == "silences"


def test_a_year_is_a_span_and_no_day(client: TestClient) -> None:
    first = walk(client, kind="meetings")[0]
    assert first["slug"] == OF_2023
    assert first["precision"] == "year"
    assert (first["date_earliest"], first["date_latest"]) == ("2023-01-01", "2023-12-31")
    assert (first["date_start"], first["date_end"], first["date_edtf"]) == (None, None, "2023")
    assert (first["placement"], first["placed_by"]) == ("dated", None)


def test_this_year_is_no_date(client: TestClient) -> None:
    summit = walk(client, kind="meetings")[-1]
    assert summit["date_as_written"] == "this year"
    assert {name: summit[name] for name in NO_DATE} == NO_DATE
    assert (summit["placement"], summit["placed_by"]["slug"]) == ("source", ELEVENTH)


def test_a_stage_says_who_says_so(client: TestClient) -> None:
    [agreed] = [one for one in walk(client, kind="stages") if one["stage"] == "agreed"]
    assert agreed["collection"] == "proposals"
    assert agreed["slug"] == "regional-economic-integration"
    assert agreed["asserted_by"]["slug"] == "wang-yi"
    assert (agreed["meeting"]["slug"], agreed["date_earliest"]) == (ELEVENTH, "2025-03-22")
    assert agreed["url"].endswith("/v1/proposals/regional-economic-integration")
    [silence] = walk(client, kind="silences")
    assert (silence["stage"], silence["asserted_by"]) == (None, None)


def test_a_year_that_no_source_states_dates_nothing(client: TestClient) -> None:
    """The 11th meeting stands after that of 2023 by their series, and what belongs to it by it."""
    entries = walk(client, basis="source")
    assert told(entries) == ARTICLE
    beside = [None, OF_2023, *[ELEVENTH] * 16, *[OF_2023] * 7]
    assert [(one["placed_by"] or {}).get("slug") for one in entries] == beside
    placements = ["dated", "series", *["anchored"] * 16, *["source"] * 7]
    assert [one["placement"] for one in entries] == placements
    for one in entries[1:]:
        assert (one["precision"], one["date_earliest"]) == ("none", None)
    assert walk(client, basis="source", limit=3) == entries
    assert told(walk(client, basis="source", sort="-date", limit=3)) == ARTICLE[::-1]


def test_a_filter_moves_nothing(client: TestClient) -> None:
    every = walk(client)
    for kinds in ("incidents,stages", "!statements"):
        some = walk(client, kind=kinds, limit=2)
        assert some == [one for one in every if one in some]
        assert some
    assert {one["kind"] for one in walk(client, kind="!statements,!stages")} == {
        "meetings", "silences", "incidents",
    }  # fmt: skip


def test_what_a_kind_cannot_be_asked_leaves_it_out(client: TestClient) -> None:
    answer = read(client, "/v1/timeline", about="PRK")
    assert {one["kind"] for one in answer["items"]} == {"statements", "silences"}
    assert answer["left_out"] == [
        {"kind": kind, "parameters": ["about"]} for kind in ("meetings", "incidents", "stages")
    ]
    assert [name for name, one in answer["counts"].items() if one is None] == [
        "meetings", "incidents", "stages",
    ]  # fmt: skip
    answer = read(client, "/v1/timeline", about="PRK", kind="meetings,silences")
    assert answer["left_out"] == [{"kind": "meetings", "parameters": ["about"]}]
    assert read(client, "/v1/timeline", country="CHN")["left_out"] == []


def test_what_is_planned_is_not_told_as_held(client: TestClient) -> None:
    status = {one["slug"]: one["status"] for one in walk(client, kind="meetings")}
    summit = "trilateral-leaders-summit-planned"
    assert status == {OF_2023: "held", ELEVENTH: "held", summit: "planned"}
    assert {one["status"] for one in walk(client, kind="!meetings")} == {None}
    others = [*RECORDS_OF[1:], "stages"]
    for asked, found in (("held", [OF_2023, ELEVENTH]), ("!held", [summit]), ("cancelled", [])):
        answer = read(client, "/v1/timeline", status=asked)
        assert told(answer["items"]) == found
        assert answer["left_out"] == [{"kind": kind, "parameters": ["status"]} for kind in others]
        counted = answer["counts"]["meetings"]
        assert counted["count"] == length(client, counted["url"]) == len(found)
    table = client.get("/v1/timeline?format=csv&kind=meetings,incidents").text
    rows = [row["status"] for row in csv.DictReader(io.StringIO(table))]
    assert rows == ["held", "held", "", "planned"]


def test_of_a_meeting_there_is_the_meeting_too(client: TestClient) -> None:
    answer = read(client, "/v1/timeline", meeting=ELEVENTH)
    assert told(answer["items"]) == ARTICLE[1:18]
    assert answer["left_out"] == [{"kind": "incidents", "parameters": ["meeting"]}]


# ----------------------------------------------------------------- mistakes and other forms


@on_sqlite
@pytest.mark.parametrize(
    ("asked", "name", "code"),
    [
        ("kind=meeting", "kind", "unknown_value"),
        ("kind=meetings,!meetings", "kind", "unsuitable_parameter"),
        ("kind=!meetings,!statements,!silences,!incidents,!stages", "kind", "unsuitable_parameter"),
        ("kind=stages&about=PRK", "about", "unsuitable_parameter"),
        ("kind=meetings,incidents&about=PRK", "about", "unsuitable_parameter"),
        (f"kind=incidents&meeting={ELEVENTH}", "meeting", "unsuitable_parameter"),
        ("status=held&about=PRK", None, "unsuitable_parameter"),
        ("status=over", "status", "unknown_value"),
        ("strength=strong", "strength", "unknown_value"),
        ("sources_min=many", "sources_min", "out_of_range"),
        ("participant=wang-yee", "participant", "unknown_reference"),
        # What cannot be asked of its own kind leaves that out, and is looked at all the same.
        ("meeting=nothing&about=PRK", "meeting", "unknown_reference"),
        ("between=CHN", "between", "not_a_pair"),
        ("date_from=2025&date_to=2024", "date_from", "crossed_dates"),
        ("year=25", "year", "invalid_period"),
        ("sort=name", "sort", "unknown_sort"),
        ("limit=0", "limit", "out_of_range"),
        ("dispute=senkaku-diaoyu-islands", "dispute", "unknown_parameter"),
    ],
)
def test_mistakes_are_refused(client: TestClient, asked: str, name: str | None, code: str) -> None:
    [fault] = refused(client, f"/v1/timeline?{asked}")["errors"]
    assert (fault["parameter"], fault["code"]) == (name, code)


@on_sqlite
def test_what_was_meant_is_said(client: TestClient) -> None:
    [fault] = refused(client, "/v1/timeline?participant=wang-yee")["errors"]
    assert fault["did_you_mean"] == "wang-yi"


@on_sqlite
def test_a_cursor_is_of_one_question(client: TestClient) -> None:
    asked: dict[str, Any] = {"limit": 2, "country": "CHN"}
    cursor = read(client, "/v1/timeline", **asked)["next_cursor"]
    assert read(client, "/v1/timeline", **asked, cursor=cursor, lang="ko")["items"]
    for other in ({"country": "JPN"}, {"kind": "statements"}, {"sort": "-date"}, {"q": "trade"}):
        changed = {**asked, **other, "cursor": cursor}
        assert refused(client, "/v1/timeline", 400, **changed)["code"] == "bad_cursor"
    changed = {**asked, "basis": "source", "cursor": cursor}
    assert refused(client, "/v1/timeline", 400, **changed)["code"] == "bad_cursor"


@on_sqlite
def test_it_is_a_table_of_pages(client: TestClient) -> None:
    response = client.get("/v1/timeline?format=csv&limit=19")
    table = [*csv.DictReader(io.StringIO(response.text))]
    assert [row["slug"] for row in table] == [name.split()[0] for name in ARTICLE[:19]]
    incident = table[-1]
    assert (incident["date_earliest"], incident["precision"]) == ("", "none")
    assert (incident["placed_by_slug"], incident["placed_by_collection"]) == (SILENCE, "silences")
    [following] = response.links.values()
    assert following["rel"] == "next"
    rest = client.get(following["url"].partition("/base")[2])
    names = [row["slug"] for row in csv.DictReader(io.StringIO(rest.text))]
    assert names == [name.split()[0] for name in ARTICLE[19:]]
    assert rest.links == {}


# ------------------------------------------------------------------------- relative dates

RELATIVE = """\
  - key: fire
    label: A fire
    text: There was a fire.
    date: {anchor: {record: incidents/boat, relation: after}}
    evidence: [{source: toy-times, words: A boat was lost there}]
  - key: storm
    label: A storm
    text: There was a storm.
    date: {anchor: {record: incidents/boat, relation: before}}
    evidence: [{source: toy-times, words: A boat was lost there}]
  - key: feast
    label: A feast
    text: There was a feast.
    date: {anchor: {record: meetings/talks-2, relation: same_day}}
    evidence: [{source: toy-times, words: They will meet again}]
  - key: hen
    label: A hen
    text: It came from an egg.
    date: {anchor: {record: incidents/egg, relation: after}}
    evidence: [{source: toy-times, words: close friends}]
  - key: egg
    label: An egg
    text: It came from a hen.
    date: {anchor: {record: incidents/hen, relation: after}}
    evidence: [{source: toy-times, words: Egg Islands}]
  - key: spring
    label: A spring
    text: It was a wet one.
    date: {edtf: 2030-05, as_written: May}
    evidence: [{source: toy-times, words: trade might grow}]
  - key: first
    label: The first of May
    text: It was a holiday.
    date: {edtf: "2030-05-01", as_written: May}
    evidence: [{source: toy-times, words: on May 2}]
  - key: until
    label: It ended
    text: It ended in May at the latest.
    date: {edtf: ../2030-05-02, as_written: May}
    evidence: [{source: toy-times, words: on May 2}]
  - key: since
    label: It began
    text: It began in May.
    date: {edtf: 2030-05-02/.., as_written: May}
    evidence: [{source: toy-times, words: on May 2}]
"""
PLACED = {
    # The month stands before its days, what has no end before what has one.
    "spring": ("dated", "month", None),
    "first": ("dated", "day", None),
    "since": ("dated", "span", None),
    # What hangs on the talks stands around them, and what hangs on that around it.
    "storm": ("anchored", "none", "boat"),
    "boat": ("anchored", "none", "talks-2"),
    "fire": ("anchored", "none", "boat"),
    "talks-2": ("dated", "day", None),
    "feast": ("anchored", "none", "talks-2"),
    # The next talks are after these in their series, whatever their source tells before them.
    "talks-3": ("series", "none", "talks-2"),
    # The day of the talks, as the text goes: a statement, a stage, a silence.
    "until": ("dated", "span", None),
    "one-on-tariffs": ("dated", "day", None),
    "railway agreed": ("dated", "day", None),
    "two-on-fish": ("dated", "day", None),
    # Two that hang on each other hang on nothing: they stand where the source tells them.
    "hen": ("source", "none", "two-on-fish"),
    "egg": ("source", "none", "two-on-fish"),
    "railway suggested": ("unplaced", "none", None),
}


@pytest.fixture(scope="module")
def relative(databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A knowledge base with dates that hang on one another."""
    folder = tmp_path_factory.mktemp("relative")
    records = RECORDS.replace("proposals:\n", f"{RELATIVE}proposals:\n")
    toy = sealed(folder / "toy", records)
    lore = bundle(folder / "lore", REFERENCE, "bundle: lore\nbasis: reference\n")
    url = databases.copy(migrated)
    with disposing(create_engine(url)) as engine:
        seed(engine, [toy, lore])
    return url


def test_relative_dates_stand_beside_what_they_hang_on(relative: str) -> None:
    with client_of(service(relative)) as client:
        entries = walk(client, limit=4)
        found = {
            name: (one["placement"], one["precision"], (one["placed_by"] or {}).get("slug"))
            for name, one in zip(told(entries), entries, strict=True)
        }
        assert found == PLACED
        assert list(found) == list(PLACED)
        turned = told(walk(client, limit=3, sort="-date"))
        # What nothing places is last both ways.
        assert turned == [*list(PLACED)[-2::-1], "railway suggested"]


ELSEWHERE = """\
sources:
  - key: echo
    label: The Echo
    publisher: Echo Press
    language: en
    rights: excerpts
incidents:
  - key: flood
    label: A flood
    text: There was a flood.
    date: {edtf: "2020", as_written: that year}
    evidence: [{source: echo, words: Betatown}]
meetings:
  - key: talks-3
    evidence: [{source: echo, words: are quiet}]
"""
"""Another newspaper, which mentions a meeting without a date after something of another year."""


def test_who_merely_mentions_a_meeting_does_not_move_it(
    databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("mentioned")
    lore = bundle(folder / "lore", REFERENCE, "bundle: lore\nbasis: reference\n")
    url = databases.copy(migrated)
    with disposing(create_engine(url)) as engine:
        seed(engine, [sealed(folder / "toy"), lore, echo(folder / "zeta", ELSEWHERE)])
    with client_of(service(url)) as client:
        entries = walk(client, kind="meetings,incidents")
        assert told(entries) == ["flood", "boat", "talks-2", "talks-3"]
        assert (entries[-1]["placement"], entries[-1]["placed_by"]["slug"]) == ("series", "talks-2")


def test_what_is_contested_says_so(
    databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("contested")
    url = databases.copy(migrated)
    with disposing(create_engine(url)) as engine:
        seed(engine, [sealed(folder / "toy"), echo(folder / "echo")])
    with client_of(service(url)) as client:
        entries = walk(client)
        found = {one["slug"] for one in entries if one["contested"]}
        assert found == {"talks-2"}
        for one in entries:
            record = read(client, f"/v1/{one['collection']}/{one['slug']}")
            assert [one[name] for name in CARRIED] == [record[name] for name in CARRIED]
            assert one["contested"] is (record["contradictions"] != [])
        several = {one["slug"] for one in entries if one["sources_count"] == 2}
        assert several == {"talks-2", "one-on-tariffs"}
        assert told(walk(client, has_contradictions="true")) == ["talks-2"]
        rest = [one for one in entries if one["slug"] != "talks-2"]
        assert walk(client, has_contradictions="false") == rest
        assert read(client, "/v1/timeline", has_contradictions="true")["left_out"] == []


# ----------------------------------------------------------------- a crowd, and plain Python


@pytest.fixture(scope="module")
def ranks(crowded: str) -> list[tuple[str, str, int]]:
    """Series, meeting and rank of each place in a series that has one, meeting by meeting."""
    columns = (MeetingSeries.series_id, MeetingSeries.meeting_id, MeetingSeries.rank)
    query = sa.select(*map(col, columns)).order_by(
        col(MeetingSeries.meeting_id), col(MeetingSeries.position)
    )
    with disposing(create_engine(crowded)) as engine, engine.connect() as connection:
        rows = connection.execute(query.where(col(MeetingSeries.rank).is_not(None)))
        return [tuple(row) for row in rows]


Placed = tuple[Any, ...]
FIRST = itemgetter(0, 1, 2)
"""Evidence as its sources go."""


class Oracle:
    """Where plain Python puts every entry of a crowd, none of whose dates are relative."""

    def __init__(
        self, client: TestClient, basis: Mapping[str, str], ranks: Sequence[tuple[str, str, int]]
    ) -> None:
        self.ranks = ranks
        self.records = {
            name: {one["id"]: one for one in everything(client, name, **basis)}
            for name in (*RECORDS_OF, "sources", "proposals")
        }
        self.dated = {
            id: date(one)
            for name in (*RECORDS_OF, "sources")
            for id, one in self.records[name].items()
            if date(one)
        }
        self.of_record: dict[str, list[Any]] = defaultdict(list)
        self.of_source: dict[str, list[Any]] = defaultdict(list)
        for one in everything(client, "evidence"):
            source, record = one["source"]["id"], one["record"]["id"]
            told = (source, one["start"]["code_point"], one["id"], record, one["part"])
            self.of_record[record].append(told)
            self.of_source[source].append(told)

    def entries(self) -> Iterator[tuple[Placed, tuple[str, str, str | None]]]:
        """Each entry with its place."""
        for rank, name in enumerate(RECORDS_OF):
            for id, one in self.records[name].items():
                told = sorted(self.of_record[id], key=FIRST)
                yield self.place(one, told, rank, id, 0), (name, id, None)
        for id, one in self.records["proposals"].items():
            for position, stage in enumerate(one["stages"]):
                parts = (None, f"stages/{stage['stage']}")
                told = [each for each in self.of_record[id] if each[4] in parts]
                place = self.place(stage, sorted(told, key=FIRST), 4, id, position)
                yield place, ("stages", id, stage["stage"])

    def place(self, one: Json, told: list[Any], rank: int, id: str, position: int) -> Placed:
        own: Any = date(one)
        path: list[Any] = [(2,)]
        passage: tuple[str, int] = told[0][:2] if told else ("", 0)
        meeting: Any = (one.get("meeting") or {}).get("id")
        root = id
        if not own and meeting in self.records["meetings"]:
            path, root, rank = [(5, *passage, rank, id), *path], meeting, 0
        if not own and root in self.records["meetings"] and root not in self.dated:
            step, beside = self.in_series(root)
            path, root = ([(*step, root), *path], beside) if beside else (path, root)
        if root != id:
            found = sorted(self.of_record[root], key=FIRST)
            passage = found[0][:2] if found else ("", 0)
        stands: Any = own or self.dated.get(root) or self.near(*passage)
        last = (*passage, rank, root, path, position)
        if stands is None:
            return (True, "", 0, *last)
        return (False, stands[0], -int(stands[1].replace("-", "")), *last)

    def in_series(self, meeting: str) -> tuple[tuple[int, int], str | None]:
        """The nearest dated meeting of a series, and on which side of it an undated one is."""
        found = []
        for place, (series, id, mine) in enumerate(self.ranks):
            if id != meeting:
                continue
            for other, it, rank in self.ranks:
                if other == series and rank != mine and it in self.dated:
                    found.append((rank > mine, place, abs(rank - mine), it, mine))
        if not found:
            return (0, 0), None
        after, _, _, beside, mine = min(found)
        return (0 if after else 7, mine), beside

    def near(self, source: str, start: int) -> Any:
        """The date of what the source tells last before a place, else next."""
        there = [each for each in self.of_source[source] if each[3] in self.dated]
        there.sort(key=FIRST)
        before = [each for each in there if each[1] <= start]
        if before:
            last = max(each[1] for each in before)
            return self.dated[min(each[2:4] for each in before if each[1] == last)[1]]
        return self.dated[there[0][3]] if there else None


def date(one: Json) -> tuple[str, str] | None:
    first, last = one["date_earliest"], one["date_latest"]
    return (first or last, last or "9999-12-31") if first or last else None


@pytest.mark.slow
@pytest.mark.parametrize(
    ("basis", "turned"), [({}, True), ({"basis": "source"}, False)], ids=["all", "source"]
)
def test_a_crowd_is_walked_once_in_the_order_of_plain_python(
    crowd: TestClient, ranks: list[tuple[str, str, int]], basis: dict[str, str], *, turned: bool
) -> None:
    """Each way round once: the article is walked both ways on either basis."""
    expected = sorted(Oracle(crowd, basis, ranks).entries())
    assert len(expected) > 1500
    assert sum(place[0] for place, _ in expected) > 50
    if turned:
        placed = sum(not place[0] for place, _ in expected)
        # What nothing places is last both ways.
        expected = [*expected[:placed][::-1], *expected[placed:][::-1]]
    found = walk(crowd, limit=197, sort="-date" if turned else "date", **basis)
    assert same(found) == [entry for _, entry in expected]


CALLED = {
    ("participant", "statements"): "speaker",
    ("participant", "proposals"): "proposer",
    ("meeting", "meetings"): "id",
}
LACKING = {
    ("about", "meetings"), ("about", "incidents"), ("about", "proposals"),
    ("meeting", "incidents"), ("series", "incidents"),
    *(("status", name) for name in (*RECORDS_OF[1:], "proposals")),
}  # fmt: skip
OF_STAGES = {"voice", "date_from", "date_to", "has_date", "year", "quarter", "month"}
"""What is asked of a stage itself, and not of its proposal."""


def some(client: TestClient) -> Iterator[dict[str, str]]:
    """Each filter with values that some records have."""
    for name, collection in {
        "country": "countries", "participant": "participants", "topic": "topics",
        "meeting": "meetings", "series": "series", "about": "countries",
    }.items():  # fmt: skip
        one, other = (each["slug"] for each in read(client, f"/v1/{collection}", limit=2)["items"])
        yield {name: f"{one},{other}"}
    one, other = (each["slug"] for each in read(client, "/v1/countries", limit=2)["items"])
    yield {"between": f"{one},{other}"}
    yield {"country": f"!{one}", "q": "lagoon"}
    yield {"voice": "!author", "has_topic": "false"}
    yield {"date_from": "2003-02", "date_to": "2003-09"}
    yield {"has_date": "false", "voice": "official"}
    yield {"year": "2004", "quarter": "!2004-Q2"}
    yield {"month": "2004-02,2007-11"}
    yield {"status": "held,cancelled"}
    yield {"strength": "fragment,report", "sources_min": "2"}
    yield {"strength": "!paraphrase", "year": "2004"}
    yield {"has_contradictions": "true", "has_name": "false"}


@on_sqlite
@pytest.mark.slow
@pytest.mark.parametrize("basis", [{}, {"basis": "source"}], ids=["all", "source"])
def test_each_filter_keeps_what_the_lists_keep(crowd: TestClient, basis: dict[str, str]) -> None:
    for asked in some(crowd):
        answers = [*pages(crowd, limit=200, **asked, **basis)]
        entries, counts = [one for page in answers for one in page["items"]], answers[0]["counts"]
        for kind, collection in zip(counts, (*RECORDS_OF, "proposals"), strict=True):
            found = [one for one in entries if one["kind"] == kind]
            if {(name, collection) for name in asked} & LACKING:
                assert (found, counts[kind]) == ([], None), (asked, kind)
                continue
            assert counts[kind]["count"] == len(found)
            there = {CALLED.get((name, collection), name): value for name, value in asked.items()}
            if kind == "stages":
                check_stages(crowd, found, counts[kind]["proposals"], there, basis)
            else:
                expected = ids(crowd, kind, **there, **basis)
                assert sorted(one["id"] for one in found) == sorted(expected), (asked, kind)
                assert length(crowd, counts[kind]["url"]) == len(found), (asked, kind)


def check_stages(
    client: TestClient,
    found: list[Json],
    url: str,
    asked: Mapping[str, str],
    basis: Mapping[str, str],
) -> None:
    """Stages are kept with their proposals; what is asked of dates and voices is asked of them."""
    of_stages = {name: value for name, value in asked.items() if name in OF_STAGES}
    of_proposals = {name: value for name, value in asked.items() if name not in OF_STAGES}
    proposals = everything(client, "proposals", **of_proposals, **basis)
    expected = [
        ("stages", one["id"], stage["stage"])
        for one in proposals
        for stage in one["stages"]
        if all(holds(stage, *each) for each in of_stages.items())
    ]
    assert sorted(same(found)) == sorted(expected), asked
    assert length(client, url) == len(proposals), asked


def holds(stage: Json, name: str, value: str) -> bool:
    """Whether a stage has what is asked of its voice or date."""
    first, last = stage["date_earliest"], stage["date_latest"]
    if name == "voice":
        return bool(stage["voice"] == value.removeprefix("!")) != value.startswith("!")
    if name == "has_date":
        return (first is None and last is None) == (value == "false")
    if name == "date_from":
        return (first or last) is not None and (last or "9999") >= value
    if name == "date_to":
        return (first or last) is not None and (first or "0000") <= value + "-31"
    periods = (
        {part(first, name)} if first and last and part(first, name) == part(last, name) else set()
    )
    wanted = set(value.removeprefix("!").split(","))
    return bool(periods & wanted) != value.startswith("!")


def part(day: str, unit: str) -> str:
    """The period of a day."""
    quarter = f"{day[:4]}-Q{(int(day[5:7] or 0) + 2) // 3}"
    return {"year": day[:4], "quarter": quarter, "month": day[:7]}[unit]


@on_sqlite
def test_it_costs_the_same_however_many_there_are(client: TestClient, crowd: TestClient) -> None:
    for asked, limit in ((client, 200), (crowd, 10), (crowd, 200)):
        with watching(asked.app.state.engine) as seen:  # type: ignore[attr-defined]
            read(asked, "/v1/timeline", limit=limit)
        assert len(seen) <= 40


@pytest.mark.parametrize(
    ("edtf", "expected"),
    [
        ("2030-05-02", "day"),
        ("2030-05", "month"),
        ("2030", "year"),
        ("2030-05-01/2030-05-31", "span"),
        ("2030-05-02~", "span"),
        ("2030-05?", "span"),
        ("2030%", "span"),
        ("2030-05-01?/2030-05-31", "span"),
    ],
)
def test_what_is_uncertain_is_not_known_to_the_day(edtf: str, expected: str) -> None:
    span = parse(edtf)
    dated = {"date_earliest": span.earliest, "date_latest": span.latest, "date_edtf": edtf}
    assert precision({**dated, "date_start": span.start, "date_end": span.end}) == expected
