"""Many names at once: what each means, how surely, and why."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, NamedTuple

from pydantic import Field

from app.models import Collection
from app.names.asking import CANDIDATES_AT_MOST, MatchQuery
from app.names.candidates import candidates
from app.names.finding import CERTAIN, Hit, MatchKind
from app.names.keys import Asked
from app.names.matched import Matched, matched
from app.names.spellings import plain
from app.names.weighing import (
    Facts,
    MatchEffect,
    MatchReason,
    Told,
    Weight,
    facts,
    is_contradicted,
    score,
    weigh,
)
from app.query.context import Context
from app.query.refs import RecordRef
from app.query.shape import Out


class Reason(Out):
    """Why a record may be meant, or not."""

    reason: MatchReason
    """In what way the name is the one asked for, or what else was compared."""
    effect: MatchEffect
    """What it does to the score."""
    detail: str
    """The same in words."""


class Candidate(Out):
    """A record that may be meant."""

    collection: Collection
    id: str
    """Opaque and immutable."""
    slug: str
    """Readable, unique within its collection."""
    name: str | None
    """In the language asked for; null where no source gives one."""
    label: str
    """What it is, in our words."""
    score: Annotated[float, Field(ge=0, le=1)]
    """How well it fits, from 0 to 1."""
    match: bool
    """Whether it is the one that is meant: certainly, and no other."""
    matched: Matched
    """The name by which it was found."""
    reasons: list[Reason]
    """What the score rests on, the name first."""
    url: str
    """The record."""


class MatchResult(Out):
    """What one name may mean."""

    candidates: list[Candidate]
    """The best first; none where nothing is called so."""


class MatchResults(Out):
    """What names may mean."""

    results: list[MatchResult]
    """One for each name, in the order in which they were asked for."""


class Sought(NamedTuple):
    """A name, in which collections it is looked for, and what else is told."""

    name: Asked
    collections: Sequence[str]
    told: Told


class Weighed(NamedTuple):
    """A record that a name may mean, and how well."""

    hit: Hit
    weights: Sequence[Weight]
    score: float
    match: bool


def match(
    context: Context, queries: Sequence[MatchQuery], countries: Mapping[str, str], manner: str
) -> dict[str, Any]:
    """What each name may mean; ``countries`` has the ids of the countries that are named."""
    sought = [
        Sought(
            Asked(one.name),
            [one.collection] if one.collection else [],
            Told(
                [countries[one.country]] if one.country and one.country in countries else [],
                [plain(one.role)] if one.role else [],
                [one.date] if one.date else [],
            ),
        )
        for one in queries
    ]
    found = [
        (query, one.name, rows[: query.limit])
        for query, one, rows in zip(queries, sought, weighed(context, sought), strict=True)
    ]
    return {"results": _results(context, found, countries, manner)}


def weighed(context: Context, sought: Sequence[Sought]) -> list[list[Weighed]]:
    """What each name may mean, the best first."""
    asked = [(one.name, one.collections) for one in sought]
    hits = candidates(context, asked, CANDIDATES_AT_MOST)
    roles = {role for one in sought for role in one.told.roles}
    known = facts(context, {hit.record_id for some in hits for hit in some}, roles)
    return [ranked(some, one.told, known) for one, some in zip(sought, hits, strict=True)]


def ranked(hits: Iterable[Hit], told: Told, known: Facts) -> list[Weighed]:
    """What a name may mean, the best first; one alone is a match, where it is certain."""
    found = [(hit, weigh(hit.record_id, told, known, hit.position)) for hit in hits]
    certain = _certain(found)
    rows = [
        Weighed(hit, weights, score(hit.kind, weights), hit is certain) for hit, weights in found
    ]
    return sorted(rows, key=lambda one: (-one.score, *known.place(one.hit.record_id)))


def _certain(found: Sequence[tuple[Hit, Sequence[Weight]]]) -> Hit | None:
    """The one that is meant and no other; None where another one may be.

    A reading is of several names: it tells nothing where another record sounds alike.
    """
    possible = [hit for hit, weights in found if not is_contradicted(weights)]
    certain = [hit for hit in possible if hit.kind in CERTAIN]
    if len(certain) != 1:
        return None
    [one] = certain
    alike = one.kind is MatchKind.same_spelling and len(possible) > 1
    return None if alike else one


Found = tuple[MatchQuery, Asked, list[Weighed]]


def _results(
    context: Context, found: Sequence[Found], countries: Mapping[str, str], manner: str
) -> list[dict[str, Any]]:
    """What was found for each name, as it is told."""
    called = iter(matched(context, [(row.hit, name) for _, name, rows in found for row in rows]))
    refs = {
        id: context.refs.to(RecordRef, id)
        for id in [
            *(row.hit.record_id for _, _, rows in found for row in rows),
            *countries.values(),
        ]
    }
    context.refs.resolve()

    def told(query: MatchQuery, row: Weighed) -> dict[str, Any]:
        ref, name = refs[row.hit.record_id], next(called)
        country = refs.get(countries.get(query.country or "", ""))
        return {
            **ref,
            "label": context.refs.label(row.hit.record_id),
            "score": row.score,
            "match": row.match,
            "matched": name,
            "reasons": list(_reasons(row, name["text"], query, country)),
            "url": f"{context.public_url}/v1/{ref['collection'].value}/{ref['slug']}{manner}",
        }

    return [{"candidates": [told(query, row) for row in rows]} for query, _, rows in found]


_CALLED = {
    MatchKind.same_name: "It is called so: {name}.",
    MatchKind.same_spelling: "That is another spelling of {name}.",
    MatchKind.titled: "It is {name} without titles and what stands in brackets.",
    MatchKind.sound: "It sounds like {name}.",
    MatchKind.typing_mistake: "It is {name} but for a mistake in typing.",
    MatchKind.prefix: "{name} begins so, or a word of it does.",
}
_DETAILS = {
    (MatchReason.capital, MatchEffect.lowers): "That is the name of its capital.",
    (MatchReason.country, MatchEffect.raises): "It belongs to {country}.",
    (MatchReason.country, MatchEffect.lowers): "It does not belong to {country}.",
    (MatchReason.country, MatchEffect.none): "To which country it belongs is not known.",
    (MatchReason.role, MatchEffect.raises): "It has that role.",
    (MatchReason.role, MatchEffect.lowers): "It has another office.",
    (MatchReason.role, MatchEffect.none): "Whether it has that role is not known.",
    (MatchReason.date, MatchEffect.raises): "The date agrees.",
    (MatchReason.date, MatchEffect.lowers): "It is of another date.",
    (MatchReason.date, MatchEffect.none): "Its date is not known.",
}
_NO_COUNTRY = "No country is called so: it was not compared."


def _reasons(
    row: Weighed, name: str, query: MatchQuery, country: Mapping[str, Any] | None
) -> Iterable[dict[str, Any]]:
    detail = _CALLED[row.hit.kind].format(name=name)
    yield {"reason": MatchReason(row.hit.kind), "effect": MatchEffect.raises, "detail": detail}
    if query.country and not country:
        yield {"reason": MatchReason.country, "effect": MatchEffect.none, "detail": _NO_COUNTRY}
    shown = (country["name"] or country["slug"]) if country else ""
    for one in row.weights:
        detail = _DETAILS[one.reason, one.effect].format(country=shown)
        yield {"reason": one.reason, "effect": one.effect, "detail": detail}
