"""Evidence: which passage of which source carries which record."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, WithJsonSchema
from pydantic.json_schema import SkipJsonSchema

from app.errors import fault, refused
from app.models import Collection, Evidence, Record
from app.query import parse
from app.query.filters import (
    Asked,
    Choice,
    Condition,
    Filter,
    Number,
    Parameters,
    Presence,
    Reference,
    optional,
)
from app.query.meaning import UNTOLD, Means, Types
from app.query.refs import RecordRef, Ref
from app.query.resolve import Among
from app.query.resource import Resource
from app.query.shape import Nested, Out, Records, RefTo
from app.query.values import link, own
from app.resources.common import SOURCES, Named
from app.resources.meanings import TARGET

ID = re.compile(r"[a-z]{3}_[0-9a-f-]{36}")


class Offset(Out):
    """A place in a source, counted from its start in the three units by which clients slice."""

    code_point: int
    """In Unicode code points, as Python slices."""
    utf16: int
    """In UTF-16 code units, as JavaScript slices."""
    utf8: int
    """In bytes of UTF-8."""


def offset(end: str) -> Nested:
    """Where the passage starts or ends."""
    units = ("code_point", "utf16", "utf8")
    return Nested(fields=tuple((unit, f"{end}_{unit}") for unit in units))


class EvidenceOut(Named):
    """The tie between one record and one passage."""

    types: ClassVar[Types] = Types(("oa:Annotation",))

    source: Annotated[Ref, RefTo(column="source_id"), TARGET]
    record: Annotated[RecordRef, RefTo(column="record_id"), Means("oa:hasBody")]
    """What the passage carries."""
    part: str | None
    """Which part of the record it carries, such as `stages/agreed`; null for the whole."""
    paragraph: int
    """Counted from 1."""
    sentence: int
    """Counted from 1 within the paragraph."""
    start: Annotated[Offset, offset("start"), UNTOLD]
    end: Annotated[Offset, offset("end"), UNTOLD]
    """Exclusive."""
    sha256: str
    """Of the passage as UTF-8."""
    quote: Annotated[str | None, UNTOLD]
    """Words of the passage that the record itself quotes."""
    passage: Annotated[str | None, UNTOLD]
    """The passage, where the source's rights allow it to be shown."""


def evidence_of_records() -> Records:
    """The evidence of the records of a page, in the order of the text."""
    order = (Evidence.source_id, Evidence.start_code_point, Evidence.end_code_point)
    return Records(included=True, owner=Evidence.record_id, order=order)


@dataclass(frozen=True)
class OfRecord(Filter):
    """Keeps the evidence of one record, of whatever collection."""

    def parameters(self, name: str) -> Parameters:
        schema = WithJsonSchema({"type": "string"})
        kind = Annotated[str | SkipJsonSchema[None], BeforeValidator(_text), schema]
        return {name: optional(kind, self.about)}

    def conditions(self, name: str, asked: Asked) -> Iterator[Condition]:
        if written := asked.given.get(name):
            for among in self._collections(name, written, asked):
                yield Evidence.record_id.in_(asked.ids(name, among, [written]))  # type: ignore[attr-defined]

    def _collections(self, name: str, written: str, asked: Asked) -> Iterator[Among]:
        named = [str(one) for one in asked.given.get("collection", ())]
        if ID.fullmatch(written):
            found = asked.context.session.get(Record, written)
            yield Among(found.collection if found else Collection.evidence)
        elif len(named) == 1 and not named[0].startswith("!"):
            yield Among(Collection(named[0]))
        else:
            detail = "A slug is unique within its collection only: name one `collection` with it."
            asked.faults.append(fault("ambiguous_reference", name, detail))


def _text(value: Any) -> Any:
    if value is None:
        return None
    found = parse.terms([value])
    if len(found) > 1:
        raise refused("too_many_values", "Name one record.")
    return found[0]


RESOURCE = Resource(
    collection=Collection.evidence,
    about="Ties between a record and the passage of a source on which it rests.",
    table=Evidence,
    out=EvidenceOut,
    filters={
        "source": Reference("Source; id or slug.", own(Evidence.source_id), to=SOURCES),
        "collection": Choice(
            "The collection of the record that is carried.",
            link(Evidence.id, Record.collection, (Record, Record.id == Evidence.record_id)),
            "record",
            enum=Collection,
        ),
        "record": OfRecord("The record that is carried: an id, or a slug with `collection`."),
        "paragraph": Number("Paragraph of the source, from 1.", own(Evidence.paragraph)),
        "sentence": Number("Sentence of the paragraph, from 1.", own(Evidence.sentence)),
        "has_part": Presence("Whether it carries only a part.", own(Evidence.part), "part"),
        "has_quote": Presence("Whether the record quotes it.", own(Evidence.quote), "quote"),
    },
    sorts={"position": (Evidence.source_id, Evidence.start_code_point)},
    default_sort="position",
)
