"""Relations: how two states stand to each other."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import sqlalchemy as sa
from sqlmodel import col

from app import models as m
from app.models import Collection, RecordTopic, Relation, RelationParty
from app.query.context import Context
from app.query.filters import Choice, Reference, YesNo
from app.query.meaning import Means
from app.query.refs import Ref
from app.query.resource import Resource
from app.query.shape import Computed, Linked, RefTo
from app.query.values import link, own
from app.resources import common
from app.resources.common import CountryRef
from app.resources.meanings import VOICE
from app.resources.record import RecordOut


def side(position: int) -> Computed:
    """The country at one end of a directed relation; null for one that has no direction."""

    def read(context: Context, ids: Sequence[str]) -> Mapping[str, Any]:
        party = RelationParty
        query = sa.select(party.relation_id, party.country_id).join(  # type: ignore[call-overload]
            Relation, Relation.id == party.relation_id
        )
        query = query.where(
            party.relation_id.in_(ids),  # type: ignore[attr-defined]
            party.position == position,
            Relation.directed,
        )
        found: dict[str, Any] = defaultdict()
        for id, country in context.session.execute(query):
            found[id] = context.refs.get(CountryRef, country)
        return found

    return Computed(function=read, empty=lambda: None)


class RelationOut(RecordOut):
    """How two states stand to each other; one record per pair and kind."""

    kind: m.RelationKind
    parties: Annotated[
        list[CountryRef], Linked(owner=RelationParty.relation_id, value=RelationParty.country_id)
    ]
    """The two states."""
    directed: bool
    """Whether it is borne by one state towards the other."""
    subject: Annotated[CountryRef | None, side(0)]
    """Who bears a directed relation: who is wary, who supports, whose troops."""
    object: Annotated[CountryRef | None, side(1)]
    """Towards whom."""
    voice: Annotated[m.Voice, VOICE]
    asserted_by: Annotated[Ref | None, RefTo(column="asserted_by_id")]
    """The participant who says so; null where the reporter does."""
    text: Annotated[str, Means("schema:description")]
    """In our words."""
    topics: Annotated[
        list[Ref],
        Linked(owner=RecordTopic.record_id, value=RecordTopic.topic_id),
        Means("dcterms:subject"),
    ]
    """What it is about; the filter finds the topics above these as well."""


PARTY = common.countries(
    "Either side.", link(RelationParty.relation_id, RelationParty.country_id), "parties"
)


def at(position: int, about: str) -> Reference:
    """The filter by the country at one end of a directed relation."""
    here = sa.and_(
        col(RelationParty.relation_id) == col(Relation.id), col(RelationParty.position) == position
    )
    values = link(
        Relation.id, RelationParty.country_id, (RelationParty, here), where=col(Relation.directed)
    )
    return common.countries(about, values)


RESOURCE = Resource(
    collection=Collection.relations,
    about="How two states stand to each other.",
    table=Relation,
    out=RelationOut,
    filters={
        "country": PARTY,
        "between": common.between("Relations of that pair.", (PARTY, PARTY)),
        "subject": at(0, "Who bears a directed relation."),
        "object": at(1, "Towards whom a directed relation is borne."),
        "kind": Choice("How they stand.", own(Relation.kind), enum=m.RelationKind),
        "directed": YesNo("Whether it is borne by one towards the other.", own(Relation.directed)),
        "asserted_by": common.participants("Who says so.", own(Relation.asserted_by_id)),
        "topic": common.topics(),
        "voice": common.voice(Relation),
    },
    sorts={},
)
