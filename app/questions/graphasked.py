"""What a graph may be asked, and whether what it is asked goes together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema, create_model

from app.errors import InvalidQuery, fault
from app.query import parse
from app.query.filters import optional, several, unknown_reference
from app.query.forms import KNOWN
from app.query.params import ABSENT, TabularManner, one_of
from app.query.resolve import Among, ids_of
from app.questions.graphshapes import EdgesLeftOut, GraphAbout, NodeKind
from app.questions.narrowing import check_some
from app.questions.question import Asking, Given
from app.questions.ties import NARROWING, OF_COUNTRIES, OF_PARTICIPANTS, EdgeKind, Tie
from app.resources.common import COUNTRIES, PARTICIPANTS

DEPTH_AT_MOST = 3
WEIGHT_AT_MOST = 1_000_000


class GraphForm(StrEnum):
    """The forms of a graph."""

    json = "json"
    csv = "csv"
    graphml = "graphml"
    gexf = "gexf"


TIES: Mapping[str, Sequence[Tie]] = {
    NodeKind.countries: OF_COUNTRIES,
    NodeKind.participants: OF_PARTICIPANTS,
}
AMONG: Mapping[str, Sequence[Among]] = {
    NodeKind.countries: (COUNTRIES,),
    NodeKind.participants: (PARTICIPANTS, COUNTRIES),
}
"""Where a node is looked for by its name."""


def at_most(greatest: int, about: str) -> tuple[Any, Any]:
    """A parameter that takes a whole number from 1, and need not be sent."""

    def check(value: Any) -> int | None:
        return None if value is None else parse.number(1, greatest)(value)

    schema = WithJsonSchema({"type": "integer", "minimum": 1, "maximum": greatest})
    kind: Any = int
    return optional(Annotated[kind | ABSENT, BeforeValidator(check), schema], about)


CHOOSING: dict[str, Any] = {
    "nodes": optional(one_of(NodeKind), "Who is tied; countries unless told."),
    "kind": several(parse.choices(EdgeKind), "How they are tied."),
    "around": optional(
        Annotated[str | ABSENT, BeforeValidator(lambda written: written and parse.text(written))],
        "Only what is near one node: a country or, among participants, one of them.",
    ),
    "depth": at_most(DEPTH_AT_MOST, "How many edges away from it a node may be; 1 unless told."),
    "min_weight": at_most(WEIGHT_AT_MOST, "How many records an edge has at least."),
}


class GraphManner(TabularManner):
    """How a graph is given."""

    format: one_of(GraphForm, KNOWN) = None  # type: ignore[valid-type]
    """The form of the answer; `Accept` does the same."""


GraphParameters: Any = create_model(
    "GraphParameters", __base__=GraphManner, **CHOOSING, **NARROWING.parameters
)
ListParameters: Any = create_model(
    "GraphListParameters", __base__=TabularManner, **CHOOSING, **NARROWING.parameters
)


@dataclass(frozen=True)
class Center:
    """The node that a graph is around."""

    id: str
    among: Among
    depth: int


@dataclass(frozen=True)
class Asked:
    """What was asked for, checked."""

    about: GraphAbout
    ties: Sequence[Tie]
    given: Given
    center: Center | None


def asked(asking: Asking, query: Any) -> Asked:
    """What ``query`` asks for. Raises InvalidQuery where it does not go together."""
    given = NARROWING.given(asking.context, query)
    nodes = query.nodes or NodeKind.countries
    wanted = chosen(TIES[nodes], query.kind, nodes)
    check_some({number: tie.lacks(given) for number, tie in enumerate(wanted)})
    ties = [tie for tie in wanted if not tie.lacks(given)]
    center = _center(asking, query, AMONG[nodes])
    kinds = {kind for tie in ties for kind in tie.kinds}
    lost = {kind: tie.lacks(given) for tie in wanted for kind in tie.kinds if kind not in kinds}
    about = GraphAbout(
        nodes=nodes,
        kinds=[one for one in EdgeKind if one in kinds],
        left_out=[
            EdgesLeftOut(kind=one, parameters=list(lost[one])) for one in EdgeKind if one in lost
        ],
        around=center.id if center else None,
        depth=center.depth if center else None,
    )
    return Asked(about, ties, given, center)


def chosen(ties: Sequence[Tie], kinds: Sequence[str], nodes: str) -> list[Tie]:
    """Those of ``ties`` that make edges of the kinds asked for, and these alone."""
    known = [one for one in EdgeKind if any(one in tie.kinds for tie in ties)]
    wanted = [one for one in kinds if not one.startswith("!")]
    if not {*wanted} <= {*known}:
        detail = f"Between {nodes} there are these kinds: {', '.join(known)}."
        raise InvalidQuery(detail, [fault("unknown_value", "kind", detail, allowed=known)])
    left = [one for one in known if (not wanted or one in wanted) and f"!{one}" not in kinds]
    if not left:
        detail = "No kind of edge is left: each one asked for is excluded too."
        if not wanted:
            detail = f"No kind of edge is left: all those between {nodes} are excluded."
        raise InvalidQuery(detail, [fault("unsuitable_parameter", "kind", detail)])
    return [one for tie in ties if (one := tie.of(left)).kinds]


def _center(asking: Asking, query: Any, among: Sequence[Among]) -> Center | None:
    """The node that the graph is to be around."""
    if query.around is None:
        if query.depth is not None:
            detail = "`depth` is counted from a node: name it with `around`."
            raise InvalidQuery(detail, [fault("unsuitable_parameter", "depth", detail)])
        return None
    session = asking.context.session
    for one in among:
        if found := ids_of(session, one, [query.around]):
            return Center(found[query.around], one, query.depth or 1)
    unknown = unknown_reference(session, "around", among[0], query.around)
    raise InvalidQuery(unknown.detail, [unknown])
