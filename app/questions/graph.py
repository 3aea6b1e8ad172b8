"""The graph: who met, spoke about, disputes with and is allied to whom, weighted and dated."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.query.refs import Ref
from app.query.resolve import Among
from app.questions import graphforms
from app.questions.graphasked import Center, GraphParameters, ListParameters, asked
from app.questions.graphshapes import (
    EdgeRow,
    Graph,
    GraphEdge,
    GraphNode,
    PanelEdge,
    PanelEdges,
    PanelNode,
    PanelNodes,
)
from app.questions.network import Edge, Network
from app.questions.question import Answer, Asking, Given, Question
from app.questions.ties import EdgeKind
from app.resources import RESOURCES
from app.resources.common import COUNTRIES, CountryRef


def graph(asking: Asking, query: Any) -> Answer:
    """Who is tied to whom."""
    what = asked(asking, query)
    network = Network(asking, what.ties, what.given, query.min_weight or 1)
    found = network.around(what.center.id, what.center.depth) if what.center else network.edges()
    nodes = nodes_of(asking, found, what.center)
    edges = [edge_of(asking, one, nodes, what.given) for one in found]
    return {
        "directed": True,
        "multigraph": True,
        "graph": what.about.model_dump(mode="json"),
        "nodes": sorted(nodes.values(), key=lambda one: (one["collection"], one["slug"])),
        "edges": sorted(edges, key=lambda one: (ORDER[one["kind"]], one["key"])),
    }


ORDER = {kind: place for place, kind in enumerate(EdgeKind)}


def nodes_of(asking: Asking, edges: Sequence[Edge], center: Center | None) -> dict[str, Answer]:
    """The nodes at the ends of ``edges``, and the one that they are around, by id."""
    among = {center.id: center.among} if center else {}
    near: dict[str, list[str]] = {id: [] for id in among}
    for edge in edges:
        among |= dict(edge.ends)
        near.setdefault(edge.source, []).append(edge.target)
        near.setdefault(edge.target, []).append(edge.source)
    refs = asking.context.refs
    found = {id: refs.to(_kind(one), id) for id, one in among.items()}
    refs.resolve()
    by_name = {one.name: one for one in RESOURCES}
    return {
        id: {
            "id": id,
            "collection": among[id].collection,
            "slug": ref["slug"],
            "code": ref.get("code"),
            "name": ref["name"],
            "label": refs.label(id),
            "degree": len(near[id]),
            "neighbours": len({*near[id]}),
            "url": asking.record_url(by_name[among[id].collection], ref["slug"]),
        }
        for id, ref in found.items()
    }


def _kind(among: Among) -> type[Ref]:
    return CountryRef if among is COUNTRIES else Ref


def edge_of(asking: Asking, edge: Edge, nodes: Mapping[str, Answer], given: Given) -> Answer:
    """An edge as it is told. One that is not directed leads from the slug that comes first."""
    ends = [nodes[edge.source], nodes[edge.target]]
    directed = edge.tie.pair is None
    if not directed:
        ends.sort(key=lambda one: str(one["slug"]))
    source, target = (one["slug"] for one in ends)
    return {
        "key": f"{edge.kind}:{source}{'>' if directed else ':'}{target}",
        "source": ends[0]["id"],
        "target": ends[1]["id"],
        "kind": edge.kind,
        "directed": directed,
        "weight": edge.weight,
        "first": edge.first,
        "last": edge.last,
        "undated": edge.undated,
        "count": edge.weight,
        "url": asking.url(edge.tie.resource, edge.tie.address(given, edge.kind, source, target)),
    }


def rows(_: Asking, answer: Answer) -> Iterator[Answer]:
    """The edges, each with what its ends are called."""
    nodes = {one["id"]: one for one in answer["nodes"]}
    for edge in answer["edges"]:
        yield {**edge, "source": nodes[edge["source"]], "target": nodes[edge["target"]]}


# ------------------------------------------------------------------------ as flat tables


def panel_nodes(asking: Asking, query: Any) -> Answer:
    """The nodes of the graph as rows."""
    found = graph(asking, query)["nodes"]
    return {
        "rows": [
            {
                "id": one["id"],
                "title": one["name"] or one["label"],
                "subtitle": one["code"] or one["slug"],
                "mainstat": one["degree"],
                "secondarystat": one["neighbours"],
            }
            for one in found
        ]
    }


def panel_edges(asking: Asking, query: Any) -> Answer:
    """The edges of the graph as rows."""
    found = graph(asking, query)["edges"]
    same = ("source", "target", "count", "url")
    return {
        "rows": [
            {
                "id": one["key"],
                "mainstat": one["weight"],
                "secondarystat": one["kind"],
                **{name: one[name] for name in same},
            }
            for one in found
        ]
    }


QUESTIONS = (
    Question(
        name="graph",
        path="/v1/graph",
        about="Who met, spoke about, disputes with and is allied to whom. Each edge has its weight,"
        " bounds of its dates, and the address of the list of records that it rests on.",
        parameters=GraphParameters,
        answer=Graph,
        row=EdgeRow,
        ask=graph,
        rows=rows,
        writers=graphforms.writers(GraphNode, GraphEdge),
    ),
    Question(
        name="nodes",
        path="/v1/graph/nodes",
        about="The nodes of a graph, as rows. With the edges they make a node graph panel of"
        " Grafana.",
        parameters=ListParameters,
        answer=PanelNodes,
        row=PanelNode,
        ask=panel_nodes,
    ),
    Question(
        name="edges",
        path="/v1/graph/edges",
        about="The edges of a graph, as rows. With the nodes they make a node graph panel of"
        " Grafana.",
        parameters=ListParameters,
        answer=PanelEdges,
        row=PanelEdge,
        ask=panel_edges,
    ),
)
