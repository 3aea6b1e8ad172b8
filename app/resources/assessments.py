"""Assessments: what an author concludes, expects or fears."""

from typing import Annotated

from app import models as m
from app.models import Assessment, Collection, RecordAbout, RecordTopic
from app.query.filters import YesNo
from app.query.meaning import Means
from app.query.refs import Ref
from app.query.resource import Resource
from app.query.shape import Linked, RefTo
from app.query.values import own
from app.resources import common
from app.resources.common import CountryRef
from app.resources.meanings import VOICE
from app.resources.record import RecordOut


class AssessmentOut(RecordOut):
    """What an author concludes, expects or fears; never what an official said."""

    hedged: bool
    """Whether the words hedge it: might, could."""
    voice: Annotated[m.Voice, VOICE]
    text: Annotated[str, Means("schema:description")]
    """In our words."""
    countries: Annotated[
        list[CountryRef],
        Linked(owner=RecordAbout.record_id, value=RecordAbout.country_id),
        Means("schema:about"),
    ]
    """The countries that are judged."""
    topics: Annotated[
        list[Ref],
        Linked(owner=RecordTopic.record_id, value=RecordTopic.topic_id),
        Means("dcterms:subject"),
    ]
    """What it is about; the filter finds the topics above these as well."""
    meeting: Annotated[Ref | None, RefTo(column="meeting_id")]
    """The meeting of which it is said."""


JUDGED = common.about_countries("Any that is judged.", "countries")

RESOURCE = Resource(
    collection=Collection.assessments,
    about="What an author concludes, expects or fears, and context that fits nowhere else.",
    table=Assessment,
    out=AssessmentOut,
    filters={
        "topic": common.topics(),
        "country": JUDGED,
        "hedged": YesNo("Whether the words hedge it.", own(Assessment.hedged)),
        "meeting": common.meetings(own(Assessment.meeting_id)),
        "series": common.series(Assessment),
        "voice": common.voice(Assessment),
        "between": common.between("Assessments in which both are judged.", (JUDGED, JUDGED)),
    },
    sorts={},
)
