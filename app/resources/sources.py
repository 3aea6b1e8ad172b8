"""Sources: the texts that facts come from, and how much of them may be shown."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from app import models as m
from app.models import Collection, Evidence, Meeting, Source, SourceSentence
from app.query.filters import Choice, Known
from app.query.meaning import UNTOLD, Means, Types
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

    types: ClassVar[Types] = Types(("schema:CreativeWork", "prov:Entity"))

    date_start: Annotated[date | None, Means("schema:datePublished")]
    """The first day on which it was published; null unless the day is known."""
    date_end: Annotated[date | None, Means()]
    """The last day on which it was published; null unless the day is known."""
    publisher: Annotated[str | None, Means("dc:publisher")]
    """Who published it."""
    author: Annotated[str | None, Means("dc:creator")]
    """Who wrote it."""
    language: Annotated[str, Means("schema:inLanguage")]
    """BCP 47."""
    rights: m.SourceRights
    url: Annotated[str | None, Means("schema:url", "xsd:anyURI")]
    """Where it was published."""
    sha256: str
    """Of the whole text as UTF-8."""
    characters: int
    """Its length in Unicode code points."""
    paragraphs: int
    """How many it has."""
    text: Annotated[str | None, Means("schema:text")]
    """The whole text, where the rights allow it to be shown."""
    sentences: Annotated[
        list[SentenceOut],
        Rows(included=True, owner=SourceSentence.source_id, order=SourceSentence.start_at),
        Field(default_factory=list),
        UNTOLD,
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
