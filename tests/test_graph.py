"""The graph: the edges that the article makes, and that each rests on the list that it names."""

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import networkx as nx
import pytest
import sqlalchemy as sa
from conftest import Databases, client_of, disposing, on_sqlite, service
from reading import Json, everything, read, refused
from sqlmodel import Session, col
from starlette.testclient import TestClient
from strange import strange

from app.db import create_engine, write
from app.models import Meeting, Record, ReferenceField, StatementSpeaker
from app.query.filters import Between
from app.questions.graphasked import TIES
from app.questions.graphforms import gexf, graphml
from app.questions.graphshapes import GraphEdge, GraphNode, NodeKind
from app.questions.network import EDGES_AT_MOST
from app.questions.ties import OF_COUNTRIES, OF_PARTICIPANTS, EdgeKind, Tie
from seeds.load import seed

ELEVENTH = "trilateral-foreign-ministers-meeting-11"
THREE = [("chn", "jpn"), ("chn", "kor"), ("jpn", "kor")]
OF_2023 = "trilateral-foreign-ministers-meeting-2023"
MINISTERS = "trilateral-foreign-ministers"
JOINT = "ministers-on-trilateral-cooperation"
SPOKE_AS_A_GROUP = [
    ("spoke_with:cho-tae-yul:iwaya-takeshi", 1),
    ("spoke_with:cho-tae-yul:wang-yi", 1),
    ("spoke_with:iwaya-takeshi:wang-yi", 1),
]


def drawn(client: TestClient, asked: str) -> Json:
    return read(client, f"/v1/graph?{asked}")


def edges(client: TestClient, asked: str) -> list[tuple[str, int]]:
    """The keys and weights of a graph."""
    return [(one["key"], one["weight"]) for one in drawn(client, asked)["edges"]]


def bounds(edge: Json) -> tuple[str | None, str | None, int]:
    return edge["first"], edge["last"], edge["undated"]


def keys(client: TestClient, asked: str) -> list[str]:
    return [key for key, _ in edges(client, asked)]


def nodes(client: TestClient, asked: str) -> list[str]:
    return [one["slug"] for one in drawn(client, asked)["nodes"]]


# ------------------------------------------------------------------------- the article


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("met", [("met:chn:jpn", 2), ("met:chn:kor", 2), ("met:jpn:kor", 2)]),
        ("dispute", [("dispute:chn:jpn", 1), ("dispute:chn:kor", 1), ("dispute:jpn:kor", 1)]),
        ("incident", [("incident:chn:jpn", 1)]),
        ("alliance", [("alliance:jpn:usa", 1), ("alliance:kor:usa", 1)]),
        ("close_ties", [("close_ties:chn:prk", 1), ("close_ties:chn:rus", 1)]),
        ("wariness", [("wariness:jpn>chn", 1), ("wariness:kor>chn", 1)]),
        (
            "military_presence",
            [("military_presence:usa>jpn", 1), ("military_presence:usa>kor", 1)],
        ),
        ("support", [("support:jpn>usa", 1), ("support:kor>usa", 1), ("support:prk>rus", 1)]),
        ("proposed_to", [("proposed_to:chn>jpn", 4), ("proposed_to:chn>kor", 4)]),
        (
            "silent_about",
            [("silent_about:chn>prk", 1), ("silent_about:chn>rus", 1), ("silent_about:chn>ukr", 1)],
        ),
        (
            "spoke_about",
            [
                ("spoke_about:chn>jpn", 5),
                ("spoke_about:chn>kor", 5),
                ("spoke_about:jpn>chn", 2),
                ("spoke_about:jpn>kor", 2),
                ("spoke_about:jpn>prk", 2),
                ("spoke_about:jpn>rus", 1),
                ("spoke_about:kor>prk", 1),
                ("spoke_about:kor>rus", 1),
                ("spoke_about:kor>ukr", 1),
            ],
        ),
        ("rivalry", []),
    ],
)
def test_the_edges_of_each_kind(
    client: TestClient, kind: str, found: list[tuple[str, int]]
) -> None:
    assert edges(client, f"kind={kind}") == found
    told = drawn(client, f"kind={kind}")
    assert all(one["directed"] == (">" in one["key"]) for one in told["edges"])
    assert told["graph"]["kinds"] == [kind]


@on_sqlite
def test_a_planned_meeting_is_no_edge(client: TestClient) -> None:
    assert {one["url"].partition("?")[2] for one in drawn(client, "kind=met")["edges"]} == {
        f"between={one}%2C{other}&status=held" for one, other in THREE
    }
    assert edges(client, "kind=met&series=trilateral-leaders-summit") == []


def test_an_edge_as_it_is_told(client: TestClient) -> None:
    told = drawn(client, "kind=met&lang=ko")
    chn, jpn, kor = told["nodes"]
    assert (chn["code"], jpn["name"], kor["label"]) == ("CHN", "일본", "South Korea")
    assert (chn["degree"], chn["neighbours"]) == (2, 2)
    first = told["edges"][0]
    assert (first["source"], first["target"]) == (chn["id"], jpn["id"])
    # The one in 2023 has no day: it may have been as early as this.
    assert bounds(first) == ("2023-01-01", "2025-03-22", 0)
    # The year of the last one is in no source: the bounds do not speak of it, and say so.
    stated = drawn(client, "kind=met&basis=source")["edges"][0]
    assert bounds(stated) == ("2023-01-01", "2023-12-31", 1)
    [row, *_] = csv.DictReader(io.StringIO(client.get("/v1/graph?kind=met&format=csv").text))
    assert (row["first"], row["last"], row["undated"]) == ("2023-01-01", "2025-03-22", "0")
    # A dispute has no date.
    assert bounds(drawn(client, "kind=dispute")["edges"][0]) == (None, None, 1)


@pytest.mark.parametrize(
    ("earliest", "latest", "found"),
    [
        ("2024-05-01", None, ("2024-05-01", None, 0)),
        (None, "2023-12-31", (None, "2025-03-22", 0)),
        (None, None, ("2025-03-22", "2025-03-22", 1)),
        ("2025-04-01", "2025-05-31", ("2025-03-22", "2025-05-31", 0)),
    ],
)
def test_an_open_end_leaves_the_edge_open(
    copied: str, earliest: str | None, latest: str | None, found: tuple[str | None, str | None, int]
) -> None:
    spans = {
        f"date_{end}": day and date.fromisoformat(day)
        for end, day in (("earliest", earliest), ("latest", latest))
    }
    with disposing(create_engine(copied)) as engine, write(engine) as session:
        ids = sa.select(col(Record.id)).where(col(Record.slug) == OF_2023)
        session.execute(sa.update(Meeting).where(col(Meeting.id).in_(ids)).values(**spans))
    with client_of(service(copied)) as client:
        for edge in drawn(client, "kind=met")["edges"]:
            assert (edge["weight"], bounds(edge)) == (2, found)


def test_participants_and_whom_they_speak_of(client: TestClient) -> None:
    assert edges(client, "nodes=participants&kind=met") == [
        ("met:cho-tae-yul:iwaya-takeshi", 1),
        ("met:cho-tae-yul:wang-yi", 1),
        ("met:iwaya-takeshi:wang-yi", 1),
    ]
    # The three spoke as a group, which is a participant of its own and none of its members.
    assert edges(client, "nodes=participants&kind=spoke_with") == SPOKE_AS_A_GROUP
    for edge in drawn(client, "nodes=participants&kind=spoke_with")["edges"]:
        check(client, edge)
    # He proposes it to his own country as well, for which he stands.
    assert edges(client, "nodes=participants&kind=silent_about,proposed_to") == [
        ("silent_about:wang-yi>prk", 1),
        ("silent_about:wang-yi>rus", 1),
        ("silent_about:wang-yi>ukr", 1),
        ("proposed_to:wang-yi>jpn", 4),
        ("proposed_to:wang-yi>kor", 4),
    ]
    told = drawn(client, "nodes=participants&kind=silent_about")["nodes"]
    assert [one["collection"] for one in told] == ["countries"] * 3 + ["participants"]


def ids_of(session: Session) -> dict[str, str]:
    """The ids of records by their slugs."""
    return {one.slug: one.id for one in session.scalars(sa.select(Record))}


def test_a_group_speaks_for_its_members_and_with_whoever_else_speaks(copied: str) -> None:
    asked = "nodes=participants&kind=spoke_with"
    with disposing(create_engine(copied)) as engine, write(engine) as session:
        ids = ids_of(session)
        for position, slug in enumerate(("donald-trump", "wang-yi"), 1):
            session.add(
                StatementSpeaker(
                    statement_id=ids[JOINT], participant_id=ids[slug], position=position
                )
            )
    with client_of(service(copied)) as client:
        others = ("cho-tae-yul", "iwaya-takeshi", "wang-yi", MINISTERS)
        pairs = [":".join(sorted(("donald-trump", one))) for one in others]
        more = [(f"spoke_with:{pair}", 1) for pair in pairs]
        for source_only in ("", "&basis=source"):
            assert edges(client, asked + source_only) == sorted([*SPOKE_AS_A_GROUP, *more])
        for edge in drawn(client, asked)["edges"]:
            check(client, edge)
        assert keys(client, f"{asked}&around={MINISTERS}") == sorted(
            key for key, _ in more if key.endswith(MINISTERS)
        )


def test_members_that_no_source_states_did_not_speak(copied: str) -> None:
    with disposing(create_engine(copied)) as engine, write(engine) as session:
        session.add(ReferenceField(record_id=ids_of(session)[MINISTERS], field="members"))
    with client_of(service(copied)) as client:
        asked = "nodes=participants&kind=spoke_with"
        assert edges(client, asked) == SPOKE_AS_A_GROUP
        assert edges(client, f"{asked}&basis=source") == []
        jointly = {"jointly": "wang-yi,cho-tae-yul"}
        assert len(everything(client, "statements", **jointly)) == 1
        assert everything(client, "statements", **jointly, basis="source") == []
    # As far as sources tell, whoever speaks beside the group is none of its members.
    with disposing(create_engine(copied)) as engine, write(engine) as session:
        ids = ids_of(session)
        said = {"statement_id": ids[JOINT], "participant_id": ids["wang-yi"]}
        session.add(StatementSpeaker(**said, position=1))
    with client_of(service(copied)) as client:
        both = f"spoke_with:{MINISTERS}:wang-yi"
        assert both not in keys(client, asked)
        assert edges(client, f"{asked}&basis=source") == [(both, 1)]
        for edge in drawn(client, f"{asked}&basis=source")["edges"]:
            check(client, edge)


# -------------------------------------------------------------------------- ego networks


@pytest.mark.parametrize(
    ("asked", "near", "found"),
    [
        ("around=UKR&kind=spoke_about", ["kor", "ukr"], ["spoke_about:kor>ukr"]),
        ("around=prk&kind=close_ties", ["chn", "prk"], ["close_ties:chn:prk"]),
        (
            "around=KP&kind=close_ties&depth=2",
            ["chn", "prk", "rus"],
            ["close_ties:chn:prk", "close_ties:chn:rus"],
        ),
        # Among those near the one asked for, edges are shown that do not touch it.
        (
            "around=USA&kind=alliance,tension",
            ["chn", "jpn", "kor", "usa"],
            [
                "alliance:jpn:usa",
                "alliance:kor:usa",
                "tension:chn:jpn",
                "tension:chn:usa",
                "tension:jpn:kor",
            ],
        ),
        ("around=USA&kind=silent_about&depth=3", ["usa"], []),
        (
            "nodes=participants&around=UKR&kind=silent_about,met&depth=2",
            ["prk", "rus", "ukr", "cho-tae-yul", "iwaya-takeshi", "wang-yi"],
            [
                "met:cho-tae-yul:iwaya-takeshi",
                "met:cho-tae-yul:wang-yi",
                "met:iwaya-takeshi:wang-yi",
                "silent_about:wang-yi>prk",
                "silent_about:wang-yi>rus",
                "silent_about:wang-yi>ukr",
            ],
        ),
    ],
)
def test_what_is_around_one(
    client: TestClient, asked: str, near: list[str], found: list[str]
) -> None:
    assert nodes(client, asked) == near
    assert keys(client, asked) == found


@on_sqlite
def test_an_ego_network_is_that_of_networkx(client: TestClient) -> None:
    whole = nx.node_link_graph(read(client, "/v1/graph"), edges="edges")
    for node in whole:
        for depth in (1, 2, 3):
            told = read(client, f"/v1/graph?around={node}&depth={depth}")
            assert told["graph"]["around"] == node
            assert told["graph"]["depth"] == depth
            ego = nx.ego_graph(whole, node, depth, undirected=True)
            assert {one["id"] for one in told["nodes"]} == set(ego)
            assert {one["key"] for one in told["edges"]} == {key for *_, key in ego.edges}


# ------------------------------------------------------------------------------- filters


@on_sqlite
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("kind=met&date_from=2024", [(f"met:{one}:{other}", 1) for one, other in THREE]),
        ("kind=met&date_to=2022", []),
        (f"kind=met&meeting={ELEVENTH}", [(f"met:{one}:{other}", 1) for one, other in THREE]),
        (
            "kind=spoke_about&topic=ukraine-war",
            [(f"spoke_about:kor>{one}", 1) for one in ("prk", "rus", "ukr")],
        ),
        ("kind=military_cooperation&voice=official", [("military_cooperation:prk:rus", 1)]),
        ("kind=support&voice=!official", [("support:jpn>usa", 1), ("support:kor>usa", 1)]),
        ("kind=military_presence&sources_min=2", []),
        ("kind=alliance&sources_min=1", [("alliance:jpn:usa", 1), ("alliance:kor:usa", 1)]),
        (
            "kind=spoke_about&strength=own_words",
            [("spoke_about:chn>jpn", 1), ("spoke_about:chn>kor", 1)],
        ),
        ("kind=met&year=2025", [(f"met:{one}:{other}", 1) for one, other in THREE]),
        ("kind=met&year=2024", []),
        ("kind=alliance&source=trilateral-talks-in-tokyo&q=alliance", [
            ("alliance:jpn:usa", 1), ("alliance:kor:usa", 1),
        ]),
        ("kind=alliance&has_contradictions=true", []),
        ("kind=spoke_about&min_weight=3", [("spoke_about:chn>jpn", 5), ("spoke_about:chn>kor", 5)]),
    ],
)  # fmt: skip
def test_filters_choose_the_records_behind_edges(
    client: TestClient, asked: str, found: list[tuple[str, int]]
) -> None:
    assert edges(client, asked) == found


@on_sqlite
@pytest.mark.parametrize(
    ("asked", "kinds"),
    [
        ("date_from=2025", ["met", "spoke_about", "silent_about", "incident"]),
        (f"meeting={ELEVENTH}", ["met", "spoke_about", "silent_about", "proposed_to"]),
        (f"meeting={ELEVENTH}&date_to=2026&kind=!met,dispute", ["spoke_about", "silent_about"]),
        ("topic=trade", [one.value for one in EdgeKind if one != EdgeKind.spoke_with]),
        ("date_from=2025&nodes=participants", ["met", "spoke_with", "spoke_about", "silent_about"]),
    ],
)
def test_what_cannot_be_asked_a_filter_makes_no_edge(
    client: TestClient, asked: str, kinds: list[str]
) -> None:
    asked = asked.replace("kind=!met,dispute", "kind=!met,!dispute")
    told = drawn(client, asked)
    assert told["graph"]["kinds"] == kinds
    lost = {one["kind"]: one["parameters"] for one in told["graph"]["left_out"]}
    assert {*lost}.isdisjoint(kinds)
    if "kind=" not in asked:
        nodes = "participants" if "participants" in asked else "countries"
        every = {one.value for tie in TIES[NodeKind(nodes)] for one in tie.kinds}
        assert {*lost, *kinds} == every
    assert all(set(parameters) <= {*dict(parse_qsl(asked))} for parameters in lost.values())
    assert {one["kind"] for one in told["edges"]} <= {*kinds}


@on_sqlite
@pytest.mark.parametrize(
    ("asked", "parameter", "code"),
    [
        ("depth=1", "depth", "unsuitable_parameter"),
        ("around=CHN&depth=4", "depth", "out_of_range"),
        ("around=CHN&depth=0", "depth", "out_of_range"),
        ("min_weight=0", "min_weight", "out_of_range"),
        ("around=nowhere", "around", "unknown_reference"),
        ("around=", "around", "unknown_reference"),
        ("around=wang-yi", "around", "unknown_reference"),
        ("nodes=meetings", "nodes", "unknown_value"),
        ("kind=alliances", "kind", "unknown_value"),
        ("kind=met,alliance&nodes=participants", "kind", "unknown_value"),
        ("kind=dispute&date_from=2025", "date_from", "unsuitable_parameter"),
        ("kind=met,!met", "kind", "unsuitable_parameter"),
        ("meeting=nix&kind=met", "meeting", "unknown_reference"),
        ("date_from=2025&date_to=2024", "date_from", "crossed_dates"),
        ("around=CHN&around=JPN", "around", "repeated_parameter"),
    ],
)
def test_what_is_refused(client: TestClient, asked: str, parameter: str, code: str) -> None:
    for path in ("/v1/graph", "/v1/graph/nodes", "/v1/graph/edges"):
        [fault] = refused(client, f"{path}?{asked}")["errors"]
        assert (fault["parameter"], fault["code"]) == (parameter, code)


@on_sqlite
@pytest.mark.parametrize("asked", ["kind=met,!met", "kind=met,alliance,!alliance,!met"])
def test_kinds_of_which_none_is_left_are_refused_for_that(client: TestClient, asked: str) -> None:
    [fault] = refused(client, f"/v1/graph?{asked}")["errors"]
    assert fault["detail"] == "No kind of edge is left: each one asked for is excluded too."
    every = ",".join(f"!{one}" for one in EdgeKind)
    [fault] = refused(client, f"/v1/graph?kind={every}")["errors"]
    assert fault["detail"] == "No kind of edge is left: all those between countries are excluded."
    [fault] = refused(client, "/v1/graph?kind=dispute&date_from=2025")["errors"]
    assert fault["detail"] == "Nothing here can be asked `date_from`: leave it out."


# --------------------------------------------------------------------------------- forms


def plain(graph: Any) -> tuple[dict[str, Json], dict[tuple[str, str, str], Json]]:
    """The nodes and edges of a graph that NetworkX read, without what is not known."""
    known = {node: _known(told) for node, told in graph.nodes(data=True)}
    return known, {tuple(ends): _known(told) for *ends, told in graph.edges(keys=True, data=True)}


def _known(told: Json) -> Json:
    return {name: value for name, value in told.items() if value is not None}


def of_gexf(body: bytes) -> Any:
    """A graph as NetworkX reads it from GEXF, with what that form has in places of its own."""
    graph = nx.read_gexf(io.BytesIO(body))
    for *_, told in graph.edges(data=True):
        assert (told.pop("id"), told.pop("label")) != (None, None)
    return graph


@on_sqlite
@pytest.mark.parametrize("asked", ["", "nodes=participants&lang=ja", "basis=source&lang=zh"])
def test_programs_for_graphs_read_the_same_in_every_form(client: TestClient, asked: str) -> None:
    told = nx.node_link_graph(drawn(client, asked), edges="edges")
    assert isinstance(told, nx.MultiDiGraph)
    found = plain(told)
    written = client.get(f"/v1/graph?{asked}&format=graphml")
    assert written.headers["content-type"] == "application/graphml+xml"
    assert plain(nx.read_graphml(io.BytesIO(written.content), force_multigraph=True)) == found
    written = client.get(f"/v1/graph?{asked}", headers={"Accept": "application/gexf+xml"})
    assert written.headers["content-type"] == "application/gexf+xml"
    for one in found[0].values():
        one["label"] = one.get("name", one["label"])
    read_back = nx.MultiDiGraph(of_gexf(written.content))
    assert plain(read_back) == found


@on_sqlite
def test_a_form_of_graphs_suits_nothing_else(client: TestClient) -> None:
    for path in ("/v1/graph/nodes", "/v1/meetings", "/v1/countries/chn/profile"):
        answers = (
            client.get(path, params={"format": "gexf"}),
            client.get(path, headers={"Accept": "application/graphml+xml"}),
        )
        for response in answers:
            assert response.status_code == 406
            assert "gexf" not in response.json()["errors"][0]["allowed"]
    fault = refused(client, "/v1/graph?format=ics", 406)["errors"][0]
    assert fault["allowed"] == ["json", "csv", "graphml", "gexf"]
    assert refused(client, "/v1/graph?format=dot")["errors"][0]["code"] == "unknown_value"


@on_sqlite
def test_the_rows_of_the_node_graph_panel(client: TestClient) -> None:
    asked = "around=USA&kind=alliance"
    found = drawn(client, asked)
    ids = {one["slug"]: one["id"] for one in found["nodes"]}
    columns = ("id", "title", "subtitle", "mainstat", "secondarystat")
    assert read(client, f"/v1/graph/nodes?{asked}")["rows"] == [
        dict(zip(columns, row, strict=True))
        for row in (
            (ids["jpn"], "Japan", "JPN", 1, 1),
            (ids["kor"], "South Korea", "KOR", 1, 1),
            (ids["usa"], "United States", "USA", 2, 2),
        )
    ]
    first = read(client, f"/v1/graph/edges?{asked}")["rows"][0]
    assert first == {
        "id": "alliance:jpn:usa",
        "source": ids["jpn"],
        "target": ids["usa"],
        "mainstat": 1,
        "secondarystat": "alliance",
        "count": 1,
        "url": found["edges"][0]["url"],
    }
    group = read(client, "/v1/graph/nodes?nodes=participants&kind=spoke_about")["rows"][-2]
    assert group["title"] == "The three foreign ministers together"
    assert group["subtitle"] == "trilateral-foreign-ministers"


# ----------------------------------------------------------------------- strange records


MARKUP = '<b a="\'">&amp;]]></b>\n'


def test_markup_stays_text_and_what_xml_cannot_hold_is_dropped() -> None:
    name = f"{MARKUP}\x00\x1b\ufffe\ud800😀"
    node = dict.fromkeys(GraphNode.model_fields) | {"id": "a", "name": name, "label": name}
    edge = dict.fromkeys(GraphEdge.model_fields) | {
        "key": "k", "source": "a", "target": "a", "kind": MARKUP, "weight": 1,
    }  # fmt: skip
    told = {"nodes": [node], "edges": [edge]}
    for graph in (
        nx.read_graphml(io.BytesIO(graphml(GraphNode, GraphEdge, told))),
        nx.read_gexf(io.BytesIO(gexf(GraphNode, GraphEdge, told))),
    ):
        assert graph.nodes["a"]["name"] == f"{MARKUP}😀"
        assert graph.nodes["a"]["label"] == f"{MARKUP}😀"
        assert graph["a"]["a"]["kind"] == MARKUP


@on_sqlite
def test_strange_names_are_the_same_in_every_form(
    databases: Databases, migrated: str, tmp_path: Path
) -> None:
    url = databases.copy(migrated)
    with disposing(create_engine(url)) as engine:
        seed(engine, strange(tmp_path / "bundles", 7, 30))
    with client_of(service(url)) as client:
        for asked in ("", "nodes=participants"):
            told = plain(nx.node_link_graph(drawn(client, asked), edges="edges"))
            assert told[1]
            written = client.get(f"/v1/graph?{asked}&format=graphml").content
            found = nx.read_graphml(io.BytesIO(written), force_multigraph=True)
            assert plain(found) == told
            for edge in drawn(client, asked)["edges"][::10]:
                check(client, edge)


# ------------------------------------------------------------- many made-up knowledge bases


def check(client: TestClient, edge: Json) -> None:
    """Whether an edge is what the list behind it says."""
    parts = urlsplit(edge["url"])
    collection = parts.path.rpartition("/")[2]
    found = everything(client, collection, **dict(parse_qsl(parts.query)))
    assert len(found) == edge["weight"] == edge["count"], edge
    spans = [(one.get("date_earliest"), one.get("date_latest")) for one in found]
    dated = [span for span in spans if span != (None, None)]
    assert edge["undated"] == len(spans) - len(dated), edge
    for end, place, choose in (("first", 0, min), ("last", 1, max)):
        days: list[Any] = [span[place] for span in dated]
        assert edge[end] == (choose(days) if days and None not in days else None), edge


@on_sqlite
@pytest.mark.parametrize("basis", ["", "&basis=source"])
@pytest.mark.parametrize("of", ["countries", "participants"])
def test_each_edge_of_a_crowd_is_the_length_of_its_list(
    crowd: TestClient, of: str, basis: str
) -> None:
    seen = set()
    for node in read(crowd, f"/v1/{of}", limit=3)["items"]:
        told = drawn(crowd, f"nodes={of}&around={node['slug']}{basis}")
        for kind in told["graph"]["kinds"]:
            for edge in [one for one in told["edges"] if one["kind"] == kind][:2]:
                check(crowd, edge)
                seen.add(edge["kind"])
    assert len(seen) > 3


@on_sqlite
def test_more_edges_than_are_told_are_refused(crowd: TestClient) -> None:
    [fault] = refused(crowd, "/v1/graph")["errors"]
    assert (fault["parameter"], fault["code"]) == ("kind", "too_many_rows")
    assert str(EDGES_AT_MOST) in fault["detail"]


@pytest.mark.parametrize(
    "tie", [*OF_COUNTRIES, *OF_PARTICIPANTS], ids=lambda one: str(one.kinds[0])
)
def test_a_tie_that_has_no_direction_names_the_filter_by_both_its_ends(tie: Tie) -> None:
    assert (tie.pair is None) is (tie.source != tie.target)
    if tie.pair:
        both = tie.resource.filters[tie.pair]
        assert isinstance(both, Between)
        assert both.places == (tie.ends,)
        # Asked by itself it has no name of a filter to go by.
        assert tie.ends[0] is tie.ends[1]
        assert tie.ends[0].field
