"""Incidents: what happened, often within a dispute, dated only as far as a source dates it."""

from typing import Annotated, ClassVar

from app import models as m
from app.models import Collection, Incident, IncidentParty, RecordTopic
from app.query.filters import Reference
from app.query.meaning import Means, Types
from app.query.periods import periods
from app.query.refs import Ref
from app.query.resource import Resource
from app.query.shape import Linked, Out, RefTo, Rows
from app.query.values import link, own
from app.resources import common
from app.resources.common import CountryRef, DatedOut, Located
from app.resources.meanings import VOICE
from app.resources.record import RecordOut


class IncidentPartyOut(Out):
    """A state that acted or was affected."""

    country: Annotated[CountryRef, RefTo(column="country_id")]
    role: m.IncidentRole
    participant: Annotated[Ref | None, RefTo(column="participant_id")]
    """Who acted for it."""


class IncidentOut(DatedOut, RecordOut):
    """Something that happened."""

    types: ClassVar[Types] = Types(("schema:Event",))

    dispute: Annotated[Ref | None, RefTo(column="dispute_id")]
    """The dispute within which it happened."""
    voice: Annotated[m.Voice, VOICE]
    text: Annotated[str, Means("schema:description")]
    """What happened, in our words."""
    parties: Annotated[list[IncidentPartyOut], Rows(owner=IncidentParty.incident_id)]
    """The states that acted or were affected."""
    coordinates: Located
    """Where it happened."""
    topics: Annotated[
        list[Ref],
        Linked(owner=RecordTopic.record_id, value=RecordTopic.topic_id),
        Means("dcterms:subject"),
    ]
    """What it is about; the filter finds the topics above these as well."""


PARTY = common.countries(
    "Who acted or was affected.",
    link(IncidentParty.incident_id, IncidentParty.country_id),
    "parties",
)

RESOURCE = Resource(
    collection=Collection.incidents,
    about="What happened.",
    table=Incident,
    out=IncidentOut,
    filters={
        "dispute": Reference("Dispute; id or slug.", own(Incident.dispute_id), to=common.DISPUTES),
        "country": PARTY,
        "participant": common.participants(
            "Who acted for a country.",
            link(IncidentParty.incident_id, IncidentParty.participant_id),
            "parties",
        ),
        "topic": common.topics(),
        "voice": common.voice(Incident),
        "date": common.dates(Incident),
        **periods(Incident),
        "between": common.between(
            "Incidents in which both acted or were affected.", (PARTY, PARTY)
        ),
    },
    sorts={"date": common.by_date(Incident)},
    default_sort="-date",
)
