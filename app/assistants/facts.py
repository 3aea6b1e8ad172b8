"""Records made short for a model: no nulls, references by slug, evidence as places in sources."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from app.assistants.asking import Json

TEXT_AT_MOST = 1000
ENTRIES_AT_MOST = 20
PLACES_AT_MOST = 50
"""How many places on which a record rests are told with it: one for each part of it."""
DATE = "date_edtf"
"""The field that whatever is dated has."""
DROPPED = {"id", "created_at", "updated_at", "version", "names", "evidence", "reference_fields"}
"""What of a record is not told, or otherwise."""
REFERENCE = {"id", "slug", "name", "code", "collection", "label"}

Text = str | SkipJsonSchema[None]


class Short(BaseModel):
    """Base of what tools answer: what is unknown or empty is absent."""

    model_config = ConfigDict(use_attribute_docstrings=True)


class Reference(Short):
    """Another record."""

    slug: str
    """By which tools take it."""
    name: Text = None
    """Absent where no source gives one."""
    collection: Text = None


class Anchor(Short):
    """What a relative date is relative to."""

    relation: str
    """same_day, before, after or within."""
    record: Reference


class When(Short):
    """A date, as precise as it is known. Without `edtf` there is no calendar date."""

    edtf: Text = None
    """EDTF (ISO 8601-2): 2025-03-22 is a day, 2023 a year of which no day is known."""
    as_written: Text = None
    """The words of the source."""
    basis: Text = None
    """stated, or inferred where any part (such as the year) is not in the source."""
    anchor: Anchor | SkipJsonSchema[None] = None


class Place(Short):
    """A place in a source on which a record rests."""

    source: str
    """The slug of the source."""
    paragraph: int
    sentence: int
    """Counted from 1 within the paragraph."""
    part: Text = None
    """The part of the record that it carries, such as `stages/agreed`; absent for the whole."""
    quote: Text = None
    """Words of the source, exactly, that the record quotes."""


class Fact(Short):
    """A record. It has the further fields of its collection as well."""

    model_config = ConfigDict(extra="allow")

    collection: str
    """What it is: one of the `silences` is what somebody did not say, and no statement."""
    slug: str
    label: str
    """What it is, in the knowledge base's own words: no quotation."""
    address: str
    """Of the record in the API."""
    voice: Text = None
    """Who asserts it: official, reporter (what happened), author (what the writer thinks)."""
    text: Text = None
    """What it says, in the knowledge base's own words: no quotation."""
    quotes: list[str] = Field(default_factory=list)
    """The words that the source puts in quotation marks, exactly."""
    date: When | SkipJsonSchema[None] = None
    """Absent where no date is known."""
    evidence: list[Place] = Field(default_factory=list)
    """Where its sources say so. Countries, topics, sources and evidence itself have none."""
    from_reference: list[str] = Field(default_factory=list)
    """The fields that no source states: reference knowledge, such as an ISO code or the year."""
    cut: list[str] = Field(default_factory=list)
    """The fields that are longer than they are told here. `address` has them whole, and the tool
    `evidence` all of the evidence."""


def fact(record: Mapping[str, Any], collection: str, address: str) -> Json:
    """A record of the API made short."""
    shown = {name: value for name, value in record.items() if name not in DROPPED}
    told = bounded(shown)
    found = _fields(told)
    if found.get("name") == found.get("label"):
        found.pop("name", None)
    evidence = record.get("evidence", ())
    cut = [name for name, value in shown.items() if value != told[name]]
    more = {
        "evidence": places(evidence),
        "from_reference": sorted({_named(one) for one in record.get("reference_fields", ())}),
        "cut": [*cut, *(["evidence"] if len(evidence) > PLACES_AT_MOST else [])],
    }
    at = {"collection": collection, "slug": record["slug"], "address": address}
    return without_nothing({**at, **found, **more})


def places(evidence: Sequence[Mapping[str, Any]]) -> list[Json]:
    """The first places in sources on which a record rests, in their order."""
    return [
        without_nothing(
            {
                "source": one["source"]["slug"],
                "paragraph": one["paragraph"],
                "sentence": one["sentence"],
                "part": one["part"],
                "quote": bounded(one["quote"]),
            }
        )
        for one in evidence[:PLACES_AT_MOST]
    ]


def when(dated: Mapping[str, Any]) -> Json:
    """The date of what has the fields of one; empty where none is known."""
    return without_nothing(
        {
            "edtf": dated[DATE],
            "as_written": dated["date_as_written"],
            "basis": dated["date_basis"],
            "anchor": short(dated["date_anchor"]),
        }
    )


def short(value: Any) -> Any:
    """A value made short, whatever it is."""
    if isinstance(value, Mapping):
        return _reference(value) if {"id", "slug"} <= set(value) <= REFERENCE else _fields(value)
    if isinstance(value, list):
        return [short(one) for one in value]
    return value


def without_nothing(value: Mapping[str, Any]) -> Json:
    """What of ``value`` is known and not empty."""
    return {name: one for name, one in value.items() if one is not None and one not in ([], {})}


def _fields(value: Mapping[str, Any]) -> Json:
    told = {name: one for name, one in value.items() if not (DATE in value and _is_date(name))}
    found = {name: short(one) for name, one in told.items()}
    return without_nothing({**found, "date": when(value)} if DATE in value else found)


def _reference(value: Mapping[str, Any]) -> Json:
    return without_nothing({name: value.get(name) for name in ("slug", "name", "collection")})


def _is_date(name: str) -> bool:
    return name.startswith("date_")


def _named(reference_field: str) -> str:
    """What a field that no source states is called here; of a list, which row and field of it."""
    *row, name = reference_field.split("/")
    return "/".join([*row, "date" if _is_date(name) else name])


def bounded(value: Any) -> Any:
    """A value of which no text and no list is longer than a model should have to read."""
    if isinstance(value, str):
        return value[:TEXT_AT_MOST]
    if isinstance(value, list):
        return [bounded(one) for one in value[:ENTRIES_AT_MOST]]
    if isinstance(value, Mapping):
        return {name: bounded(one) for name, one in value.items()}
    return value
