"""Sources: the texts that facts come from, and how much of them may be shown."""

from typing import Annotated

from pydantic import Field

from app import models as m
from app.models import Collection, Evidence, Meeting, Source, SourceSentence
from app.query.filters import Choice, Known
from app.query.periods import periods
from app.query.resource import Resource
from app.query.shape import Column, Out, Rows
from app.query.values import link, own
from app.resources import common
from app.resources.common import DatedOut, Named


class SentenceOut(Out):
    """Where a sentence stands, in Unicode code points from the start of the text."""

    paragraph: int
    """Counted from 1."""
    sentence: int
    """Counted from 1 within the paragraph."""
    start: Annotated[int, Column(column="start_at")]
    """Of its first character."""
    end: Annotated[int, Column(column="end_at")]
    """Exclusive."""


class SourceOut(DatedOut, Named):
    """A text that facts come from; its date is that of publication."""

    publisher: str | None
    """Who published it."""
    author: str | None
    """Who wrote it."""
    language: str
    """BCP 47."""
    rights: m.SourceRights
    url: str | None
    """Where it was published."""
    sha256: str
    """Of the whole text as UTF-8."""
    characters: int
    """Its length in Unicode code points."""
    paragraphs: int
    """How many it has."""
    text: str | None
    """The whole text, where the rights allow it to be shown."""
    sentences: Annotated[
        list[SentenceOut],
        Rows(included=True, owner=SourceSentence.source_id, order=SourceSentence.start_at),
        Field(default_factory=list),
    ]
    """Its outline without its words; only with `include=sentences`."""


RESOURCE = Resource(
    collection=Collection.sources,
    about="Texts that facts come from.",
    table=Source,
    out=SourceOut,
    filters={
        "meeting": common.meetings(
            link(
                Evidence.source_id, Evidence.record_id, (Meeting, Meeting.id == Evidence.record_id)
            )
        ),
        "language": Known("BCP 47 tag of its language.", own(Source.language)),
        "rights": Choice("How much may be shown.", own(Source.rights), enum=m.SourceRights),
        "date": common.dates(Source),
        **periods(Source),
    },
    sorts={"date": common.by_date(Source)},
)
