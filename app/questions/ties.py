"""What ties countries and participants to each other, each kind with the records it rests on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

from app.models import MeetingStatus, RelationKind
from app.query.context import Context
from app.query.filters import Between, Reference
from app.query.resource import Resource
from app.query.values import Values
from app.questions.narrowing import SHARED, Narrowing
from app.questions.question import Given
from app.resources import (
    disputes,
    incidents,
    meetings,
    proposals,
    relations,
    silences,
    statements,
)


class EdgeKind(StrEnum):
    """How two are tied: by what they did, or by how a source says that they stand."""

    met = "met"
    spoke_with = "spoke_with"
    spoke_about = "spoke_about"
    silent_about = "silent_about"
    proposed_to = "proposed_to"
    dispute = "dispute"
    incident = "incident"
    alliance = "alliance"
    close_ties = "close_ties"
    tension = "tension"
    military_cooperation = "military_cooperation"
    military_presence = "military_presence"
    support = "support"
    wariness = "wariness"
    rivalry = "rivalry"


RELATIONS = tuple(EdgeKind(one.value) for one in RelationKind)


@dataclass(frozen=True, kw_only=True)
class Tie:
    """How the records of a collection tie two nodes to each other."""

    kinds: tuple[EdgeKind, ...]
    """What it may make of them; several where ``by`` says which."""
    resource: Resource
    source: str = ""
    """The filter whose values are at the first end."""
    target: str = ""
    """The filter whose values are at the second."""
    pair: str | None = None
    """The filter by both ends, where neither comes first; then it alone names them."""
    apart: str | None = None
    """The filter of participants whose pairs it does not tie, in either order."""
    by: str | None = None
    """The filter whose value is the kind."""
    asked: Given = field(default_factory=dict)
    """What else its records are asked."""

    @property
    def ends(self) -> tuple[Reference, Reference]:
        """The filters whose values are at its ends; one and the same where neither comes first."""
        if self.pair:
            both = self.resource.all_filters[self.pair]
            if not isinstance(both, Between):
                raise TypeError(self.pair)
            (ends,) = both.places
            return ends
        return self._end(self.source), self._end(self.target)

    def _end(self, name: str) -> Reference:
        one = self.resource.all_filters[name]
        if not isinstance(one, Reference):
            raise TypeError(name)
        return one

    def seen(self, context: Context) -> tuple[Values, Values]:
        """The values at its ends that a request may see, as the filters of its list see them."""
        first, second = self.ends
        # A pair is asked of filters that say themselves what answers call their values.
        return first.seen(self.source, context), second.seen(self.target, context)

    def of(self, kinds: Iterable[EdgeKind]) -> "Tie":
        """The same tie, for these of its kinds alone."""
        return replace(self, kinds=tuple(one for one in self.kinds if one in kinds))

    def lacks(self, given: Given) -> Sequence[str]:
        """What of ``given`` its collection cannot be asked."""
        return NARROWING.lacks(self.resource, given)

    def given(self, given: Given) -> Given:
        """What its collection is asked, the two ends aside."""
        chosen = {self.by: [one.value for one in self.kinds]} if self.by else {}
        return {**self.asked, **chosen, **NARROWING.asked(self.resource, given)}

    def address(self, given: Given, kind: EdgeKind, source: str, target: str) -> Given:
        """What the list of one edge is asked, of the slugs of its ends."""
        pair = {self.pair: [source, target]} if self.pair else {}
        ends = pair or {self.source: [source], self.target: [target]}
        chosen = {self.by: [kind.value]} if self.by else {}
        return {**ends, **self.given(given), **chosen}


def met(pair: str) -> Tie:
    """The tie of those who met: a meeting that is planned has not taken place."""
    one = mutual(EdgeKind.met, meetings.RESOURCE, pair)
    return replace(one, asked={"status": [MeetingStatus.held.value]})


def mutual(kind: EdgeKind, resource: Resource, pair: str) -> Tie:
    """A tie of which neither end comes first."""
    return Tie(kinds=(kind,), resource=resource, pair=pair)


def spoke_with() -> Tie:
    """The tie of those who spoke as one: a group that speaks does not do so with its members."""
    one = mutual(EdgeKind.spoke_with, statements.RESOURCE, "jointly")
    return replace(one, apart="member")


def towards(kind: EdgeKind, resource: Resource, source: str, target: str) -> Tie:
    """A tie from one to another."""
    return Tie(kinds=(kind,), resource=resource, source=source, target=target)


def abroad(kind: EdgeKind, resource: Resource, source: str, target: str) -> Tie:
    """A tie from a participant to a country, other than that for which the participant stands.

    Between countries nothing is tied to itself, and an official speaks for a country.
    """
    return replace(towards(kind, resource, source, target), apart="country")


OF_COUNTRIES = (
    met("between"),
    towards(EdgeKind.spoke_about, statements.RESOURCE, "country", "about"),
    towards(EdgeKind.silent_about, silences.RESOURCE, "country", "about"),
    towards(EdgeKind.proposed_to, proposals.RESOURCE, "country", "addressee"),
    mutual(EdgeKind.dispute, disputes.RESOURCE, "between"),
    mutual(EdgeKind.incident, incidents.RESOURCE, "between"),
    Tie(
        kinds=RELATIONS,
        resource=relations.RESOURCE,
        pair="between",
        by="kind",
        asked={"directed": False},
    ),
    Tie(kinds=RELATIONS, resource=relations.RESOURCE, source="subject", target="object", by="kind"),
)
"""Between countries."""
OF_PARTICIPANTS = (
    met("together"),
    spoke_with(),
    abroad(EdgeKind.spoke_about, statements.RESOURCE, "speaker", "about"),
    abroad(EdgeKind.silent_about, silences.RESOURCE, "participant", "about"),
    abroad(EdgeKind.proposed_to, proposals.RESOURCE, "proposer", "addressee"),
)
"""Between participants, and from them to the other countries of which they speak."""

NAMES = ("topic", "series", "meeting", *SHARED)
NARROWING = Narrowing(
    [tie.resource for tie in (*OF_COUNTRIES, *OF_PARTICIPANTS)],
    NAMES,
    without={"has_name", *(f"has_{name}" for name in NAMES)},
)
"""The filters by which the records behind edges are chosen, those at their ends aside."""
