"""Silences: what somebody conspicuously did not say."""

from typing import Annotated

from app import models as m
from app.models import (
    Collection,
    ParticipantCountry,
    RecordAbout,
    RecordTopic,
    Silence,
    SilenceParticipant,
)
from app.query.meaning import Means
from app.query.periods import periods
from app.query.refs import Ref
from app.query.resource import Resource
from app.query.shape import Linked, RefTo
from app.query.values import link, own
from app.resources import common
from app.resources.common import CountryRef, DatedOut
from app.resources.meanings import VOICE
from app.resources.record import RecordOut


class SilenceOut(DatedOut, RecordOut):
    """What somebody conspicuously did not say. It has no stance."""

    participants: Annotated[
        list[Ref],
        Linked(owner=SilenceParticipant.silence_id, value=SilenceParticipant.participant_id),
        Means("kept_silent"),
    ]
    """Who kept silent."""
    meeting: Annotated[Ref | None, RefTo(column="meeting_id")]
    """The meeting at which they kept silent."""
    voice: Annotated[m.Voice, VOICE]
    text: Annotated[str, Means("schema:description")]
    """What was avoided, in our words."""
    topics: Annotated[
        list[Ref],
        Linked(owner=RecordTopic.record_id, value=RecordTopic.topic_id),
        Means("dcterms:subject"),
    ]
    """What it is about; the filter finds the topics above these as well."""
    about: Annotated[
        list[CountryRef],
        Linked(owner=RecordAbout.record_id, value=RecordAbout.country_id),
        Means("schema:about"),
    ]
    """The countries that what was avoided is about."""


BY = common.countries(
    "The country of who kept silent.",
    link(
        SilenceParticipant.silence_id,
        ParticipantCountry.country_id,
        (
            ParticipantCountry,
            ParticipantCountry.participant_id == SilenceParticipant.participant_id,
        ),
    ),
)
ABOUT = common.about_countries("A country that what was avoided is about.", "about")

RESOURCE = Resource(
    collection=Collection.silences,
    about="What somebody conspicuously did not say.",
    table=Silence,
    out=SilenceOut,
    filters={
        "participant": common.participants(
            "Who kept silent.",
            link(SilenceParticipant.silence_id, SilenceParticipant.participant_id),
            "participants",
        ),
        "country": BY,
        "meeting": common.meetings(own(Silence.meeting_id)),
        "series": common.series(Silence),
        "topic": common.topics(),
        "about": ABOUT,
        "voice": common.voice(Silence),
        "date": common.dates(Silence),
        **periods(Silence),
        "between": common.between(
            "Silences kept by one of two countries about the other.", (BY, ABOUT)
        ),
    },
    sorts={"date": common.by_date(Silence)},
    default_sort="-date",
)
