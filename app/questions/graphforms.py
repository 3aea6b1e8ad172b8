"""Graphs in the forms that programs for graphs read: GraphML and GEXF 1.3."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any
from xml.etree.ElementTree import Element, SubElement, tostring

from pydantic import BaseModel

from app.query.forms import flat
from app.query.forms.writer import Writer
from app.query.forms.xmltext import legal
from app.query.shape import inner
from app.questions.question import Answer

GRAPHML = "http://graphml.graphdrawing.org/xmlns"
GEXF = "http://gexf.net/1.3"
TYPES = {bool: "boolean", int: "int"}
ENDS = ("source", "target")


def writers(node: type[BaseModel], edge: type[BaseModel]) -> Mapping[str, Writer[Answer]]:
    """The writers of graphs whose nodes and edges have these fields."""
    return {
        "graphml": Writer(
            "application/graphml+xml", lambda told: iter([graphml(node, edge, told)]), False
        ),
        "gexf": Writer("application/gexf+xml", lambda told: iter([gexf(node, edge, told)]), False),
    }


def graphml(node: type[BaseModel], edge: type[BaseModel], told: Answer) -> bytes:
    """A graph as GraphML. All edges are directed there: what is not, says so in `directed`."""
    root = Element("graphml", xmlns=GRAPHML)
    fields = {"node": _fields(node, "id"), "edge": _fields(edge, "key", *ENDS)}
    for place, kinds in fields.items():
        for name, kind in kinds.items():
            more = {"attr.name": name, "attr.type": kind}
            SubElement(root, "key", {"id": f"{place}_{name}", "for": place, **more})
    graph = SubElement(root, "graph", edgedefault="directed")
    for one in told["nodes"]:
        _data(SubElement(graph, "node", id=one["id"]), "node", fields["node"], one)
    for one in told["edges"]:
        ends = {end: one[end] for end in ENDS}
        _data(SubElement(graph, "edge", id=one["key"], **ends), "edge", fields["edge"], one)
    return _written(root)


def _data(element: Element, place: str, fields: Iterable[str], one: Answer) -> None:
    for name in fields:
        if one[name] is not None:
            SubElement(element, "data", key=f"{place}_{name}").text = _text(one[name])


def gexf(node: type[BaseModel], edge: type[BaseModel], told: Answer) -> bytes:
    """A graph as GEXF. All edges are directed there: what is not, says so in `directed`."""
    root = Element("gexf", xmlns=GEXF, version="1.3")
    graph = SubElement(root, "graph", mode="static", defaultedgetype="directed")
    fields = {
        "node": _fields(node, "id", "label"),
        "edge": _fields(edge, "key", *ENDS, "weight"),
    }
    for place, kinds in fields.items():
        attributes = SubElement(graph, "attributes", {"class": place})
        for name, kind in kinds.items():
            named = {"int": "integer"}.get(kind, kind)
            SubElement(attributes, "attribute", id=f"{place}_{name}", title=name, type=named)
    nodes = SubElement(graph, "nodes")
    for one in told["nodes"]:
        label = _text(one["name"] or one["label"])
        _values(SubElement(nodes, "node", id=one["id"], label=label), "node", fields["node"], one)
    edges = SubElement(graph, "edges")
    for one in told["edges"]:
        more = {end: one[end] for end in ENDS} | {"weight": _text(one["weight"])}
        # Gephi keeps parallel edges apart by their kind.
        made = SubElement(edges, "edge", id=one["key"], kind=one["kind"], label=one["kind"], **more)
        _values(made, "edge", fields["edge"], one)
    return _written(root)


def _values(element: Element, place: str, fields: Iterable[str], one: Answer) -> None:
    values = SubElement(element, "attvalues")
    for name in fields:
        if one[name] is not None:
            told = {"for": f"{place}_{name}", "value": _text(one[name])}
            SubElement(values, "attvalue", told)


def _fields(model: type[BaseModel], *own: str) -> dict[str, str]:
    """The type of each field that is told as an attribute; ``own`` have places of their own."""
    return {
        name: TYPES.get(inner(field.annotation), "string")
        for name, field in model.model_fields.items()
        if name not in own
    }


def _text(value: Any) -> str:
    """A value as XML holds it."""
    return legal(flat.text(value.value if isinstance(value, StrEnum) else value))


def _written(root: Element) -> bytes:
    found: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return found
