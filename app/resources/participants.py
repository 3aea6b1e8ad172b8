"""Participants: whoever takes part or speaks."""

from typing import Annotated, ClassVar

from pydantic import Field

from app import models as m
from app.models import (
    Collection,
    Participant,
    ParticipantCountry,
    ParticipantMember,
    ParticipantOffice,
    Participation,
)
from app.query.filters import Choice, Known
from app.query.meaning import UNTOLD, Means, Types
from app.query.refs import Ref
from app.query.resource import Resource
from app.query.shape import Linked, Out, RefTo, Rows
from app.query.values import link, own
from app.resources import common
from app.resources.common import CountryRef, DatedOut
from app.resources.record import RecordOut


class OfficeOut(DatedOut):
    """An office that somebody holds or held, and since when."""

    types: ClassVar[Types] = Types(("schema:Role",))

    office: str
    """What it is, for programs: `foreign-minister`."""
    title: Annotated[str, Means("schema:roleName")]
    """As the source writes it."""
    country: Annotated[CountryRef | None, RefTo(column="country_id")]
    basis: m.Basis


class MeetingAttended(Out):
    """A meeting in which the participant takes part."""

    meeting: Annotated[Ref, RefTo(column="meeting_id")]
    role: m.ParticipationRole
    country: Annotated[CountryRef | None, RefTo(column="country_id")]


class ParticipantOut(RecordOut):
    """Whoever takes part or speaks: a person, a delegation, a joint we, an unnamed official."""

    types: ClassVar[Types] = Types(
        ("prov:Agent",),
        some={
            m.ParticipantKind.person: "schema:Person",
            m.ParticipantKind.organization: "schema:Organization",
        },
    )

    kind: m.ParticipantKind
    family_name: Annotated[str | None, Means("schema:familyName")]
    """Of a person, as the source writes it."""
    given_name: Annotated[str | None, Means("schema:givenName")]
    """Of a person, as the source writes it."""
    name_order: m.NameOrder | None
    """The order in which the two are written."""
    country: Annotated[CountryRef | None, RefTo(column="country_id")]
    """The state that it is, or whose organ or delegation it is; a person has offices instead."""
    offices: Annotated[
        list[OfficeOut],
        Rows(
            owner=ParticipantOffice.participant_id, stated=ParticipantOffice.basis == m.Basis.source
        ),
        Means("schema:hasOccupation"),
    ]
    """The offices held, now or before."""
    members: Annotated[
        list[Ref],
        Linked(owner=ParticipantMember.participant_id, value=ParticipantMember.member_id),
        Means("schema:member"),
    ]
    """Who makes up a group."""
    participations: Annotated[
        list[MeetingAttended],
        Rows(included=True, owner=Participation.participant_id, order=Participation.meeting_id),
        Field(default_factory=list),
        UNTOLD,
    ]
    """The meetings in which it takes part; only with `include=participations`."""


RESOURCE = Resource(
    collection=Collection.participants,
    about="Whoever takes part in meetings, speaks or is mentioned.",
    table=Participant,
    out=ParticipantOut,
    filters={
        "kind": Choice("What it is.", own(Participant.kind), enum=m.ParticipantKind),
        "country": common.countries(
            "The country of an office held, or whose state or organ it is.",
            link(ParticipantCountry.participant_id, ParticipantCountry.country_id),
        ),
        "meeting": common.meetings(link(Participation.participant_id, Participation.meeting_id)),
        "role": Choice(
            "A role in which it takes part in a meeting.",
            link(Participation.participant_id, Participation.role),
            enum=m.ParticipationRole,
        ),
        "office": Known(
            "An office held, such as `foreign-minister`.",
            link(ParticipantOffice.participant_id, ParticipantOffice.office),
            "offices",
        ),
        "member": common.participants(
            "A member of the group.",
            link(ParticipantMember.participant_id, ParticipantMember.member_id),
            "members",
        ),
    },
    sorts={},
)
