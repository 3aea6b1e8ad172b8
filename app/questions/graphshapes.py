"""What is answered of a graph: nodes and edges, and both as rows of tables."""

from datetime import date
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from app.models import Collection
from app.query.refs import RecordRef
from app.questions.ties import EdgeKind


class NodeKind(StrEnum):
    """Who is tied: countries, or participants each for itself."""

    countries = "countries"
    participants = "participants"


class Told(BaseModel):
    """Base of what is told of a graph."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class GraphNode(Told):
    """A country or a participant."""

    id: str
    """Opaque and immutable; edges name it."""
    collection: Collection
    """What it is."""
    slug: str
    """Readable, unique within its collection."""
    code: str | None
    """ISO 3166-1 alpha-3 of a country; null for what has none."""
    name: str | None
    """In the language asked for; null where no source gives one."""
    label: str
    """What it is, in our words."""
    degree: int
    """How many edges it has."""
    neighbours: int
    """How many others it is tied to."""
    url: str
    """The whole record."""


class GraphEdge(Told):
    """How two nodes are tied in one way."""

    key: str
    """Unique within the graph, and the same in every graph."""
    source: str
    """The id of the node from which it leads."""
    target: str
    """The id of the node to which it leads."""
    kind: EdgeKind
    """How they are tied."""
    directed: bool
    """Whether it leads from one to the other; else neither of the two comes first."""
    weight: int
    """How many records it rests on."""
    first: date | None
    """The first day that any of their dates allows, 1 January where only a year is known: a bound,
    not a day on which something happened. Null where no date is known, or one has an open
    beginning.
    """
    last: date | None
    """The last day that any of their dates allows, 31 December where only a year is known: a bound
    too. Null where no date is known, or one has an open end.
    """
    undated: int
    """How many of them have no calendar date at all; `first` and `last` do not speak of these."""
    count: int
    """The length of the list at `url`, which is the weight."""
    url: str
    """The list of the records that it rests on."""


class EdgesLeftOut(Told):
    """A kind of edge that cannot be asked all that was asked."""

    kind: EdgeKind
    parameters: list[str]
    """What it cannot be asked."""


class GraphAbout(Told):
    """What was asked for."""

    nodes: NodeKind
    """Who is tied."""
    kinds: list[EdgeKind]
    """The kinds of edge that were looked for: those that can be asked all that was asked."""
    left_out: list[EdgesLeftOut]
    """Those that were not, since they cannot be."""
    around: str | None
    """The id of the node that it is around; null for the whole."""
    depth: int | None
    """How many edges away from it a node may be; null for the whole."""


class Graph(Told):
    """Nodes and edges, as NetworkX reads them: `node_link_graph(answer, edges="edges")`."""

    directed: bool
    """Always true. Of an edge that is not, either end may be its source."""
    multigraph: bool
    """Always true: two nodes have an edge for each way in which they are tied."""
    graph: GraphAbout
    """What was asked for."""
    nodes: list[GraphNode]
    """All that have an edge, and the one that the graph is around."""
    edges: list[GraphEdge]
    """All of them; there is no page after it."""


class EdgeRow(Told):
    """An edge, as a row of a table."""

    kind: EdgeKind
    """How they are tied."""
    directed: bool
    """Whether it leads from one to the other."""
    source: RecordRef
    """From which it leads."""
    target: RecordRef
    """To which it leads."""
    weight: int
    """How many records it rests on."""
    first: date | None
    """The first day that any of their dates allows, 1 January where only a year is known: a bound,
    not a day on which something happened. Null where no date is known, or one has an open
    beginning.
    """
    last: date | None
    """The last day that any of their dates allows, 31 December where only a year is known: a bound
    too. Null where no date is known, or one has an open end.
    """
    undated: int
    """How many of them have no calendar date at all; `first` and `last` do not speak of these."""
    url: str
    """The list of these records."""


class PanelNode(Told):
    """A node as the node graph panel of Grafana takes it."""

    id: str
    """Opaque and immutable; edges name it."""
    title: str
    """What it is called, else what it is."""
    subtitle: str
    """The code of a country, else the slug."""
    mainstat: int
    """How many edges it has."""
    secondarystat: int
    """How many others it is tied to."""


class PanelEdge(Told):
    """An edge as the node graph panel of Grafana takes it."""

    id: str
    """Unique within the graph."""
    source: str
    """The id of the node from which it leads."""
    target: str
    """The id of the node to which it leads."""
    mainstat: int
    """How many records it rests on."""
    secondarystat: EdgeKind
    """How the two are tied."""
    count: int
    """The length of the list at `url`."""
    url: str
    """The list of the records that it rests on."""


class PanelNodes(Told):
    """The nodes of a graph, one row each."""

    rows: list[PanelNode]
    """All of them."""


class PanelEdges(Told):
    """The edges of a graph, one row each."""

    rows: list[PanelEdge]
    """All of them."""
