"""Similar statements: who else said nearly the same, by the pairs of words that both have."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from pydantic import BaseModel, ConfigDict, create_model
from sqlmodel import col

from app.models import Basis, Collection, SearchDocument, SearchWord
from app.query import params
from app.query.highlights import Highlight, LookedFor, Marked, Passage, cut, places
from app.query.listing import Listing, page
from app.query.many import is_one_of
from app.query.matching import Asked, columns, numbers
from app.query.numbers import is_of
from app.query.params import ListParameters, TabularManner
from app.query.terms import apart, query_terms, tokens
from app.questions.narrowing import SHARED, Narrowing
from app.questions.question import Answer, Asking, Labelled, Question
from app.resources.statements import RESOURCE, StatementOut

RAREST = 4
"""How many of its rarest words lead to what is compared with a statement, at least."""
WORDS_AT_MOST = 64
"""How many at most, where together they stand in few enough records."""
RECORDS = 5_000
"""How many records are few enough: where a knowledge base is small, all are compared."""
COMPARED = 1_000
"""How many statements that have one of them are compared, the newest."""
AT_LEAST = 0.05
"""The least score that is told: below, it is chance."""
SAID = ("text", "quotes")
"""What of a statement is compared."""

NAMES = ("speaker", "country", "topic", "about", "meeting", "series")
NARROWING = Narrowing((RESOURCE,), (*NAMES, *SHARED))

Pair = tuple[str, str]


class SimilarManner(TabularManner):
    """How similar statements are told."""

    limit: params.up_to(50, 10) = 10  # type: ignore[valid-type]
    """How many statements are told, the most similar first."""


PARAMETERS: Any = create_model(
    "SimilarParameters",
    __doc__="The parameters of similar statements.",
    __base__=SimilarManner,
    **NARROWING.parameters,
)


class SimilarStatement(BaseModel):
    """A statement that is like another one."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    score: float
    """How many of the pairs of words that either has both have, from 0 to 1."""
    statement: StatementOut
    """The statement as lists have it, with its evidence."""
    shared: list[Highlight]
    """Where in it the words stand that both have one after another."""
    url: str
    """The address of the statement."""


class Similar(BaseModel):
    """Who else said nearly the same."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    statement: Labelled
    """The statement with which others are compared; it is never among them."""
    compared: int
    """How many statements were compared: the newest with one of its rarest words, of these those
    that the filters keep."""
    truncated: bool
    """Whether others have one of these words that were not compared, being older."""
    rows: list[SimilarStatement]
    """The most similar first, equal ones newest first."""


def similar(asking: Asking, query: Any) -> Answer:
    """The statements that are most like the one that the path names."""
    given = NARROWING.given(asking.context, query)
    id = asking.places["id"]
    mine = [one.text for one in _said(asking, [id]).get(id, [])]
    looked_for = pairs(mine)
    candidates = _candidates(asking, mine) if looked_for else []
    others = [each for each in candidates[:COMPARED] if each != id]
    kept = _kept(asking, others, given)
    scored = _scored(looked_for, _said(asking, kept), kept)[: query.limit]
    return {
        "statement": asking.labelled(Labelled, [id])[id],
        "compared": len(kept),
        "truncated": len(candidates) > COMPARED,
        "rows": _rows(asking, scored, looked_for),
    }


def pairs(texts: Iterable[str]) -> set[Pair]:
    """The words of some texts, each with the one after it."""
    return {pair for text in texts for pair in pairwise(apart(tokens(text)))}


def likeness(one: set[Pair], other: set[Pair]) -> float:
    """How many of the pairs that either has both have."""
    return len(one & other) / len(one | other) if one or other else 0.0


def _said(asking: Asking, ids: Sequence[str]) -> Mapping[str, list[Passage]]:
    """What statements say and where, so far as this request may see it."""
    query = sa.select(col(SearchDocument.record_id), col(SearchDocument.passages))
    query = query.where(is_one_of(SearchDocument.record_id, ids))
    only = asking.context.source_only
    return {
        row.record_id: [
            Passage(one["field"], one["text"])
            for one in row.passages
            if one["field"] in SAID and (one["basis"] == Basis.source or not only)
        ]
        for row in asking.context.rows(query)
    }


def _candidates(asking: Asking, texts: Sequence[str]) -> list[str]:
    """The newest statements that have one of the rarest words, one more than are compared."""
    context = asking.context
    terms = [*dict.fromkeys(term for text in texts for term in query_terms(text))]
    query = sa.select(col(SearchWord.term), col(SearchWord.documents))
    known = context.rows(query.where(is_one_of(SearchWord.term, terms)))
    rarest = list(_rarest({row.term: row.documents for row in known}))
    if not rarest:
        return []
    asked = Asked(columns(source_only=context.source_only), [], otherwise=rarest)
    source, number, holds = numbers(context.session.get_bind().dialect.name, asked)
    found: Any = sa.select(col(SearchDocument.record_id)).select_from(source).where(holds)
    if source is not SearchDocument:
        found = found.join(SearchDocument, col(SearchDocument.id) == number)
    found = found.where(is_of(number, [Collection.statements]))
    rows = context.rows(found.order_by(number.desc()).limit(COMPARED + 1))
    return [row.record_id for row in rows]


def _rarest(documents: Mapping[str, int]) -> Iterator[str]:
    """The rarest of some terms that more than one document has."""
    shared = sorted((count, term) for term, count in documents.items() if count > 1)
    records = 0
    for number, (count, term) in enumerate(shared[:WORDS_AT_MOST]):
        records += count
        if number >= RAREST and records > RECORDS:
            return
        yield term


def _kept(asking: Asking, ids: Sequence[str], given: Mapping[str, Any]) -> list[str]:
    """Those of some statements that the filters keep, in their order."""
    if not ids:
        return []
    listing = Listing(asking.context, RESOURCE, NARROWING.asked(RESOURCE, given))
    query = listing.matching(listing.id.label("id"), also=[is_one_of(listing.id, ids)])
    kept = {row.id for row in asking.context.rows(query)}
    return [id for id in ids if id in kept]


def _scored(
    mine: set[Pair], said: Mapping[str, list[Passage]], ids: Sequence[str]
) -> list[tuple[float, str]]:
    """What is alike, the most similar first, equal ones as they came."""
    theirs = ((pairs(one.text for one in said.get(id, [])), id) for id in ids)
    scores = ((round(likeness(mine, some), 4), id) for some, id in theirs)
    alike = [(score, id) for score, id in scores if score >= AT_LEAST]
    return sorted(alike, key=lambda each: -each[0])


def _rows(asking: Asking, scored: Sequence[tuple[float, str]], mine: set[Pair]) -> list[Answer]:
    ids = [id for _, id in scored]
    if not ids:
        return []
    listing = Listing(asking.context, RESOURCE, {"id": ids})
    parameters = ListParameters(limit=len(ids), sort="id", include=["evidence"])
    items = {item["id"]: item for item in page(listing, parameters)["items"]}
    said = _said(asking, ids)
    return [
        {
            "score": score,
            "statement": items[id],
            "shared": list(_shared(said[id], mine)),
            "url": asking.record_url(RESOURCE, items[id]["slug"]),
        }
        for score, id in scored
    ]


def _shared(said: Sequence[Passage], mine: set[Pair]) -> Iterator[dict[str, Any]]:
    """The passages with what both have, as search marks what it finds."""
    for each in said:
        wanted = LookedFor(frozenset(), (), tuple(sorted(pairs([each.text]) & mine)))
        ranges, found = places(each.text, wanted)
        if ranges:
            yield cut(Marked(each, ranges, found))


QUESTIONS = (
    Question(
        name="similar",
        path="/v1/statements/{id}/similar",
        about="Who else said nearly the same as one statement. By the pairs of words that both"
        " have; the words that both have are marked.",
        places={"id": RESOURCE.among},
        parameters=PARAMETERS,
        answer=Similar,
        row=SimilarStatement,
        ask=similar,
    ),
)
