"""Proposals: what somebody would do together or have done, and how far it has come."""

from typing import Annotated

from app import models as m
from app.models import (
    Collection,
    ParticipantCountry,
    Proposal,
    ProposalAddressee,
    ProposalItem,
    ProposalProposer,
    ProposalStageRow,
    RecordTopic,
)
from app.query.filters import Choice
from app.query.meaning import Means
from app.query.refs import Ref
from app.query.resource import Resource
from app.query.shape import Linked, Out, RefTo, Rows
from app.query.values import link, own
from app.resources import common
from app.resources.common import CountryRef, DatedOut
from app.resources.meanings import VOICE
from app.resources.record import RecordOut


class StageOut(DatedOut):
    """A stage that the proposal reached."""

    stage: m.ProposalStage
    voice: Annotated[m.Voice, VOICE]
    asserted_by: Annotated[Ref | None, RefTo(column="asserted_by_id")]
    """The participant who says so."""
    meeting: Annotated[Ref | None, RefTo(column="meeting_id")]
    """The meeting at which it came so far."""


class ItemOut(Out):
    """A part of the proposal."""

    key: str
    """What names it within the proposal."""
    label: Annotated[str, Means("rdfs:label")]
    """What it is, in our words."""
    topic: Annotated[Ref | None, RefTo(column="topic_id"), Means("dcterms:subject")]


class ProposalOut(RecordOut):
    """A cooperation proposal or a recommendation."""

    origin: m.ProposalOrigin
    kind: m.ProposalKind
    stage: m.ProposalStage
    """The furthest that any source supports."""
    voice: Annotated[m.Voice, VOICE]
    text: Annotated[str, Means("schema:description")]
    """What is proposed, in our words."""
    proposers: Annotated[
        list[Ref],
        Linked(owner=ProposalProposer.proposal_id, value=ProposalProposer.participant_id),
    ]
    """Whom the source has voicing it; none for the author's own."""
    addressees: Annotated[
        list[CountryRef],
        Linked(owner=ProposalAddressee.proposal_id, value=ProposalAddressee.country_id),
    ]
    """Who is to act."""
    meeting: Annotated[Ref | None, RefTo(column="meeting_id")]
    """The meeting at which it was made."""
    items: Annotated[list[ItemOut], Rows(owner=ProposalItem.proposal_id)]
    """The parts of a whole."""
    stages: Annotated[list[StageOut], Rows(owner=ProposalStageRow.proposal_id), Means("reached")]
    """Every stage with who says so; the passage of each is its evidence of part `stages/…`."""
    topics: Annotated[
        list[Ref],
        Linked(owner=RecordTopic.record_id, value=RecordTopic.topic_id),
        Means("dcterms:subject"),
    ]
    """What it is about; the filter finds the topics above these as well."""


BY = common.countries(
    "The proposer's country.",
    link(
        ProposalProposer.proposal_id,
        ParticipantCountry.country_id,
        (ParticipantCountry, ParticipantCountry.participant_id == ProposalProposer.participant_id),
    ),
)
TO = common.countries(
    "Who is to act.",
    link(ProposalAddressee.proposal_id, ProposalAddressee.country_id),
    "addressees",
)

RESOURCE = Resource(
    collection=Collection.proposals,
    about="Cooperation proposals and recommendations, of officials and of authors.",
    table=Proposal,
    out=ProposalOut,
    filters={
        "origin": Choice("Who it comes from.", own(Proposal.origin), enum=m.ProposalOrigin),
        "kind": Choice("What it is.", own(Proposal.kind), enum=m.ProposalKind),
        "stage": Choice("How far it has come.", own(Proposal.stage), enum=m.ProposalStage),
        "proposer": common.participants(
            "Who voices it.",
            link(ProposalProposer.proposal_id, ProposalProposer.participant_id),
            "proposers",
        ),
        "country": BY,
        "addressee": TO,
        "topic": common.topics(),
        "meeting": common.meetings(own(Proposal.meeting_id)),
        "series": common.series(Proposal),
        "voice": common.voice(Proposal),
        "between": common.between(
            "Proposals that one of two countries voices and the other is to act on.", (BY, TO)
        ),
        "to_both": common.between("Proposals that two countries are both to act on.", (TO, TO)),
    },
    sorts={},
)
