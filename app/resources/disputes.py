"""Disputes: disagreements between states, under each side's own names."""

from typing import Annotated

from app import models as m
from app.models import Collection, Dispute, DisputeParty, RecordTopic
from app.query.filters import Choice
from app.query.meaning import Means
from app.query.refs import Ref
from app.query.resource import Resource
from app.query.shape import Linked, NameUsed, Out, RefTo, Rows
from app.query.values import link, own
from app.resources import common
from app.resources.common import CountryRef, Located
from app.resources.meanings import VOICE
from app.resources.record import RecordOut


class DisputePartyOut(Out):
    """A state in the dispute."""

    country: Annotated[CountryRef, RefTo(column="country_id")]
    role: m.PartyRole
    """A claimant only where a source says so."""
    name: Annotated[
        str | None, NameUsed(record="dispute_id", country="country_id"), Means("calls_it")
    ]
    """What it calls the place itself."""


class DisputeOut(RecordOut):
    """A disagreement between states."""

    kind: m.DisputeKind
    status: m.DisputeStatus
    voice: Annotated[m.Voice, VOICE]
    text: Annotated[str, Means("schema:description")]
    """What it is about, in our words."""
    parties: Annotated[list[DisputePartyOut], Rows(owner=DisputeParty.dispute_id)]
    """The states between which it is."""
    administrator: Annotated[CountryRef | None, RefTo(column="administrator_id")]
    """Who administers the place; null where no source says."""
    coordinates: Located
    """Where the place is."""
    topics: Annotated[
        list[Ref],
        Linked(owner=RecordTopic.record_id, value=RecordTopic.topic_id),
        Means("dcterms:subject"),
    ]
    """What it is about; the filter finds the topics above these as well."""


PARTY = common.countries(
    "Any party.", link(DisputeParty.dispute_id, DisputeParty.country_id), "parties"
)

RESOURCE = Resource(
    collection=Collection.disputes,
    about="Disagreements between states.",
    table=Dispute,
    out=DisputeOut,
    filters={
        "country": PARTY,
        "claimant": common.countries(
            "A party that claims, where a source says so.",
            link(
                DisputeParty.dispute_id,
                DisputeParty.country_id,
                where=DisputeParty.role == m.PartyRole.claimant,
            ),
            "parties",
        ),
        "administrator": common.countries("Who administers.", own(Dispute.administrator_id)),
        "kind": Choice("What it is about.", own(Dispute.kind), enum=m.DisputeKind),
        "status": Choice("How it stands.", own(Dispute.status), enum=m.DisputeStatus),
        "topic": common.topics(),
        "voice": common.voice(Dispute),
        "between": common.between("Disputes to which both are parties.", (PARTY, PARTY)),
    },
    sorts={},
)
