"""Dossiers: all that is known of one state, or between two, part by part with its length."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, create_model

from app.errors import InvalidQuery, fault
from app.models import Collection
from app.query import params
from app.query.params import TabularManner
from app.query.resource import Resource
from app.questions.narrowing import SHARED, Narrowing, check_some
from app.questions.question import Answer, Asking, Given, Question
from app.resources import (
    assessments,
    countries,
    disputes,
    incidents,
    meetings,
    participants,
    proposals,
    relations,
    series,
    silences,
    statements,
)
from app.resources.common import COUNTRIES, CountryRef


class DossierManner(TabularManner):
    """How a dossier is told."""

    limit: params.up_to(200, 20) = 20  # type: ignore[valid-type]
    """How many records each part shows; its `url` has them all."""


class DossierRow(BaseModel):
    """One record of a dossier, as a row of a table; a part without any has a row all the same."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    part: str
    """In which part it stands."""
    part_count: int | None
    """How many that part has; no more than `limit` of them are told. Null where it is left out."""
    part_url: str | None
    """The list of them all; null where it is left out."""
    collection: Collection
    """What its records are."""
    id: str | None
    """Opaque and immutable; null, as is all that follows, where a part tells no record."""
    slug: str | None
    """Readable, unique within its collection."""
    name: str | None
    """In the language asked for; null where no source gives one."""
    label: str | None
    """What it is, in our words."""
    url: str | None
    """The whole record."""


@dataclass(frozen=True)
class Part:
    """One part of a dossier: a list, asked about the states that it is of."""

    about: str
    resource: Resource
    asked: Mapping[str, str]
    """What the list is asked: by filter, which of the states, such as `one` or `!one,!other`."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """What it is asked whatever the states are."""

    def given(self, slugs: Mapping[str, str]) -> Given:
        """What the list is asked, of the slugs of the states by what they are called here."""
        states = {
            name: [_slug(slugs, each) for each in named.split(",")]
            for name, named in self.asked.items()
        }
        return {**states, **{name: [value] for name, value in self.fixed.items()}}


def _slug(slugs: Mapping[str, str], named: str) -> str:
    """The slug of a state that is `named`; after `!` where it is excluded."""
    excluded = "!" if named.startswith("!") else ""
    return excluded + slugs[named.removeprefix("!")]


HELD, NOT_HELD = {"status": "held"}, {"status": "!held"}
PAIR = {"between": "one,other"}
BY_ONE, BY_OTHER = {"country": "one", "about": "other"}, {"country": "other", "about": "one"}
TO_OTHER, TO_ONE = (
    {"country": "one", "addressee": "other"},
    {"country": "other", "addressee": "one"},
)
TO_BOTH = {"to_both": "one,other", "country": "!one,!other"}
BETWEEN = {
    "relations": Part("How they stand to each other.", relations.RESOURCE, PAIR),
    "disputes": Part(
        "What they dispute, each party with the name that it uses.", disputes.RESOURCE, PAIR
    ),
    "incidents": Part("In which both acted or were affected.", incidents.RESOURCE, PAIR),
    "meetings": Part("That were held, both being parties.", meetings.RESOURCE, PAIR, HELD),
    "meetings_not_held": Part(
        "That are planned, or were put off or called off.", meetings.RESOURCE, PAIR, NOT_HELD
    ),
    "series": Part("In which both meet.", series.RESOURCE, PAIR),
    "statements_by_one": Part("What one said about the other.", statements.RESOURCE, BY_ONE),
    "statements_by_other": Part("What the other said about it.", statements.RESOURCE, BY_OTHER),
    "statements_together": Part(
        "What speakers of both said as one, also as members of a group, whatever it is about.",
        statements.RESOURCE,
        {"jointly_by": "one,other"},
    ),
    "silences_by_one": Part("What one did not say about the other.", silences.RESOURCE, BY_ONE),
    "silences_by_other": Part("What the other did not say about it.", silences.RESOURCE, BY_OTHER),
    "proposals_by_one": Part("What one proposes that the other do.", proposals.RESOURCE, TO_OTHER),
    "proposals_by_other": Part("What the other proposes that it do.", proposals.RESOURCE, TO_ONE),
    "proposals_to_both": Part(
        "What anybody else, such as an author, proposes that both do.",
        proposals.RESOURCE,
        TO_BOTH,
    ),
    "assessments": Part("What authors conclude about both.", assessments.RESOURCE, PAIR),
}
"""What stands between two states."""

OF = {"country": "one"}
PROFILE = {
    "participants": Part("Who speaks or stands for it.", participants.RESOURCE, OF),
    "meetings": Part("That were held, it being a party.", meetings.RESOURCE, OF, HELD),
    "meetings_not_held": Part(
        "That are planned, or were put off or called off.", meetings.RESOURCE, OF, NOT_HELD
    ),
    "meetings_hosted": Part("That it hosted.", meetings.RESOURCE, {"host": "one"}, HELD),
    "series": Part("In which it meets.", series.RESOURCE, OF),
    "statements": Part("What it said.", statements.RESOURCE, OF),
    "statements_about": Part("What was said about it.", statements.RESOURCE, {"about": "one"}),
    "silences": Part("What it did not say.", silences.RESOURCE, OF),
    "silences_about": Part("What was not said about it.", silences.RESOURCE, {"about": "one"}),
    "disputes": Part("To which it is a party.", disputes.RESOURCE, OF),
    "incidents": Part("In which it acted or was affected.", incidents.RESOURCE, OF),
    "proposals": Part("What it proposes.", proposals.RESOURCE, OF),
    "proposals_to": Part("What it is to do.", proposals.RESOURCE, {"addressee": "one"}),
    "relations": Part("How it stands to others.", relations.RESOURCE, OF),
    "assessments": Part("What authors conclude about it.", assessments.RESOURCE, OF),
}
"""What is known of one state."""


class PartLeftOut(BaseModel):
    """A part that cannot be asked all that was asked, and is null."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    part: str
    """Which part."""
    parameters: list[str]
    """What it cannot be asked."""


LEFT_OUT = Field(description="The parts that are null, since they cannot be asked all of this.")


def shape(name: str, about: str, parts: Mapping[str, Part], **states: tuple[Any, Any]) -> Any:
    """The model of a dossier: the states that it is of, then its parts."""
    fields: dict[str, Any] = states | {
        part: (of.resource.section | None, Field(description=of.about))
        for part, of in parts.items()
    }
    return create_model(name, __doc__=about, **fields, left_out=(list[PartLeftOut], LEFT_OUT))


NARROWING = Narrowing(
    [part.resource for part in (PROFILE | BETWEEN).values()],
    ("participant", "topic", "meeting", "series", *SHARED),
)
"""What every part that has it is asked. Of which states, the address says."""

PARAMETERS: Any = create_model(
    "DossierParameters",
    __doc__="The parameters of a dossier: a part that lacks what is asked is left out.",
    __base__=DossierManner,
    **NARROWING.parameters,
)


def told(asking: Asking, parts: Mapping[str, Part], slugs: Mapping[str, str], query: Any) -> Answer:
    """Every part, with its first records, and which parts cannot be asked all of this."""
    asked = NARROWING.given(asking.context, query)
    lacks = {name: NARROWING.lacks(part.resource, asked) for name, part in parts.items()}
    check_some(lacks)
    left_out = [{"part": name, "parameters": lost} for name, lost in lacks.items() if lost]
    found: Answer = dict.fromkeys(parts)
    for name, part in parts.items():
        if lacks[name]:
            continue
        given = {**part.given(slugs), **NARROWING.asked(part.resource, asked)}
        found[name] = {
            "count": asking.count(part.resource, given),
            "url": asking.url(part.resource, given),
            "items": asking.first(part.resource, given, query.limit),
        }
    return {**found, "left_out": left_out}


SHOWN = ("id", "slug", "name", "label")


def rows(parts: Mapping[str, Part]) -> Callable[[Asking, Answer], Iterator[Answer]]:
    """What tells the records of all parts as rows, and of a part that tells none that it does."""

    def found(asking: Asking, answer: Answer) -> Iterator[Answer]:
        for name, part in parts.items():
            section = answer[name] or {"count": None, "url": None, "items": ()}
            told = {
                "part": name,
                "part_count": section["count"],
                "part_url": section["url"],
                "collection": part.resource.name,
            }
            if not section["items"]:
                yield told | dict.fromkeys((*SHOWN, "url"))
            for item in section["items"]:
                url = asking.record_url(part.resource, item["slug"])
                yield told | {each: item[each] for each in SHOWN} | {"url": url}

    return found


def between(asking: Asking, query: Any) -> Answer:
    """What stands between two states."""
    ids = asking.places
    if ids["code"] == ids["other"]:
        detail = "Name two countries that differ."
        raise InvalidQuery(detail, [fault("not_a_pair", "other", detail, location="path")])
    one, other = (asking.ref(CountryRef, ids[place]) for place in ("code", "other"))
    slugs = {"one": one["slug"], "other": other["slug"]}
    return {"one": one, "other": other, **told(asking, BETWEEN, slugs, query)}


def profile(asking: Asking, query: Any) -> Answer:
    """What is known of one state."""
    slug = asking.ref(CountryRef, asking.places["code"])["slug"]
    [country] = asking.first(countries.RESOURCE, {"slug": [slug]}, 1)
    return {"country": country, **told(asking, PROFILE, {"one": slug}, query)}


QUESTIONS = (
    Question(
        name="profile",
        path="/v1/countries/{code}/profile",
        about="Everything that is known of one country. Each part has its length, its first"
        " records, and the address of the list of all; a part that lacks a filter is null and"
        " stands in `left_out`.",
        places={"code": COUNTRIES},
        parameters=PARAMETERS,
        answer=shape(
            "CountryProfile",
            "Everything that is known of one country.",
            PROFILE,
            country=(countries.RESOURCE.out, Field(description="The country itself.")),
        ),
        row=DossierRow,
        ask=profile,
        rows=rows(PROFILE),
    ),
    Question(
        name="with",
        path="/v1/countries/{code}/with/{other}",
        about="Everything between two countries. Relations, disputes under each side's own names,"
        " what each said or did not say about the other, what both said as one, proposals of one"
        " to the other and of others to both, meetings, incidents, and what authors conclude about"
        " both. A part that lacks a filter is null and stands in `left_out`.",
        places={"code": COUNTRIES, "other": COUNTRIES},
        parameters=PARAMETERS,
        answer=shape(
            "CountryPair",
            "Everything between two countries.",
            BETWEEN,
            one=(CountryRef, Field(description="The country that the address names first.")),
            other=(CountryRef, Field(description="The country that it names second.")),
        ),
        row=DossierRow,
        ask=between,
        rows=rows(BETWEEN),
    ),
)
