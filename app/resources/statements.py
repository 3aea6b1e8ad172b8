"""Statements: who said what about what, and whose words they are."""

from typing import Annotated

from app import models as m
from app.models import (
    Collection,
    Meeting,
    ParticipantCountry,
    ParticipantMember,
    RecordAbout,
    RecordTopic,
    Statement,
    StatementQuote,
    StatementSpeaker,
    StatementStance,
    TopicPath,
)
from app.query.filters import Choice, Reference, YesNo
from app.query.meaning import Means
from app.query.periods import periods
from app.query.refs import RecordRef, Ref
from app.query.resource import Resource
from app.query.shape import Linked, Listed, Out, RefTo, Rows
from app.query.values import Values, either, link, own
from app.resources import common
from app.resources.common import CountryRef, DatedOut
from app.resources.meanings import QUOTES, VOICE
from app.resources.record import RecordOut


class StanceOut(Out):
    """How the statement stands to a record, in the source's own words."""

    target: Annotated[RecordRef, RefTo(column="target_id")]
    """To what it stands so."""
    stance: m.Stance


class StatementOut(DatedOut, RecordOut):
    """What somebody said. Its date is its own, else its meeting's."""

    speakers: Annotated[
        list[Ref],
        Linked(owner=StatementSpeaker.statement_id, value=StatementSpeaker.participant_id),
    ]
    """Who said it; several where they spoke as one."""
    meeting: Annotated[Ref | None, RefTo(column="meeting_id")]
    """The meeting at which it was said."""
    kind: m.StatementKind
    own_words: bool
    """Whether what is quoted are the speaker's own words, and not a report about the speaker."""
    voice: Annotated[m.Voice, VOICE]
    text: Annotated[str, Means("schema:description")]
    """What was said, in our words."""
    quotes: Annotated[
        list[str],
        Listed(
            owner=StatementQuote.statement_id,
            value=StatementQuote.text,
            order=StatementQuote.position,
        ),
        QUOTES,
    ]
    """The words that the source puts in quotation marks, exactly."""
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
    """The countries that the words are about, also where they name a capital, war or alliance."""
    stances: Annotated[
        list[StanceOut], Rows(owner=StatementStance.statement_id), Means("takes_stance")
    ]
    """How it stands to what it speaks of; never more than the words say."""


SPEAKERS_COUNTRY = link(
    StatementSpeaker.statement_id,
    ParticipantCountry.country_id,
    (ParticipantCountry, ParticipantCountry.participant_id == StatementSpeaker.participant_id),
)
SPEAKERS = link(StatementSpeaker.statement_id, StatementSpeaker.participant_id)
SPEAKER = common.participants("Who said it.", SPEAKERS, "speakers")
OF_SPEAKING_GROUP = Values(
    StatementSpeaker.statement_id,
    ParticipantMember.member_id,
    ((ParticipantMember, ParticipantMember.participant_id == StatementSpeaker.participant_id),),
    passing=((StatementSpeaker.participant_id, "members"),),
)
VOICED = common.participants(
    "Who said it, also as a member of a group.", either(SPEAKERS, OF_SPEAKING_GROUP), "speakers"
)
BY = common.countries("The speaker's country.", SPEAKERS_COUNTRY)
COUNTRY_OF_SPEAKING_GROUP = Values(
    StatementSpeaker.statement_id,
    ParticipantCountry.country_id,
    (
        (ParticipantMember, ParticipantMember.participant_id == StatementSpeaker.participant_id),
        (ParticipantCountry, ParticipantCountry.participant_id == ParticipantMember.member_id),
    ),
    passing=((StatementSpeaker.participant_id, "members"),),
)
BY_ANY_VOICE = common.countries(
    "The country of who said it, also of a member of a group.",
    either(SPEAKERS_COUNTRY, COUNTRY_OF_SPEAKING_GROUP),
    "speakers",
)
ABOUT = common.about_countries("A country that the words are about.", "about")


def stance(taken: m.Stance) -> Reference:
    """The filter by the topics to which a statement takes one stance."""
    values = link(
        StatementStance.statement_id,
        TopicPath.ancestor_id,
        (TopicPath, TopicPath.topic_id == StatementStance.target_id),
        where=StatementStance.stance == taken,
    )
    about = f"Topic to which its stance is `{taken.value}`; includes the topics below it."
    return Reference(about, values, "stances", to=common.TOPICS)


RESOURCE = Resource(
    collection=Collection.statements,
    about="What somebody said, and never what somebody did not say.",
    table=Statement,
    out=StatementOut,
    filters={
        "speaker": SPEAKER,
        "country": BY,
        "meeting": common.meetings(own(Statement.meeting_id)),
        "series": common.series(Statement),
        "host": common.countries(
            "The country that hosts its meeting.",
            common.of_meeting(Statement, Meeting.id, Meeting.host_id, "host"),
            "meeting",
        ),
        "venue_country": common.countries(
            "Where its meeting is held.",
            common.of_meeting(Statement, Meeting.id, Meeting.venue_country_id, "venue_country"),
            "meeting",
        ),
        "topic": common.topics(),
        "about": ABOUT,
        "kind": Choice("How the words are given.", own(Statement.kind), enum=m.StatementKind),
        "own_words": YesNo(
            "Whether the quoted words are the speaker's own.", own(Statement.own_words)
        ),
        "stance": Choice(
            "A stance that it takes, to whatever.",
            link(StatementStance.statement_id, StatementStance.stance),
            "stances",
            enum=m.Stance,
        ),
        **{taken.value: stance(taken) for taken in m.Stance},
        "voice": common.voice(Statement),
        "date": common.dates(Statement),
        **periods(Statement),
        "between": common.between(
            "Statements by one of two countries about the other.", (BY, ABOUT)
        ),
        "jointly": common.together(
            "Statements that two participants made as one, also as members of a group.", VOICED
        ),
        "jointly_by": common.between(
            "Statements that speakers of two countries made as one, also as members of a group.",
            (BY_ANY_VOICE, BY_ANY_VOICE),
        ),
    },
    sorts={"date": common.by_date(Statement)},
    default_sort="-date",
)
