"""Where in a record the words of a search stand: passages, cut where they are long, with ranges."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from html import escape
from typing import Annotated, Any, NamedTuple

import sqlalchemy as sa
from pydantic import Field
from sqlmodel import col

from app.models import Basis, Name, Record, SearchDocument
from app.query.context import Context
from app.query.shape import Out
from app.query.terms import is_run, spans

AT_MOST = 10
"""How many passages of a record are shown."""
LENGTH = 200
"""How much of a passage is shown, in code points."""
BEFORE = 60
"""How much of it stands before the first word found, where its beginning is cut off."""
CUT = "…"

Range = Annotated[list[int], Field(min_length=2, max_length=2)]


@dataclass(frozen=True)
class LookedFor:
    """What is marked: terms, beginnings of words, and words one after another."""

    terms: frozenset[str]
    prefixes: tuple[str, ...] = ()
    phrases: tuple[tuple[str, ...], ...] = ()


class Highlight(Out):
    """A passage of a record in which words of the search stand."""

    field: str
    """Where in the record it stands; for a name of what the record refers to, what refers."""
    text: str
    """The passage; `…` marks where a long one was cut."""
    ranges: list[Range]
    """Start and end of each place in `text`, in Unicode code points, the end exclusive."""
    marked: str
    """The same as a piece of HTML: all escaped, each place within `<mark>`."""


class Passage(NamedTuple):
    """Something by which a record is found."""

    field: str
    text: str


class Marked(NamedTuple):
    """A passage with the places of the words found, and which of the words they are."""

    passage: Passage
    ranges: list[tuple[int, int]]
    terms: set[str]


def highlights(
    context: Context, wanted: LookedFor, ids: Sequence[str]
) -> Mapping[str, list[dict[str, Any]]]:
    """For each record the passages in which any of what is ``wanted`` stands, as answered."""
    # What a page refers to is named on it again and again.
    looked_for = cache(partial(places, wanted=wanted))
    found: dict[str, list[dict[str, Any]]] = {}
    for id, passages in _passages(context, ids).items():
        # Names recur in several languages, and as capitals of what is called so.
        distinct = {passage.text: passage for passage in reversed(passages)}
        marked = (Marked(one, *looked_for(one.text)) for one in reversed(distinct.values()))
        chosen = choose([each for each in marked if each.ranges])
        found[id] = [cut(each) for each in chosen]
    return found


def places(text: str, wanted: LookedFor) -> tuple[list[tuple[int, int]], set[str]]:
    """Where in a text what is ``wanted`` stands, and what of it does."""
    every = list(spans(text))
    found = [each for each in every if each[0] in wanted.terms or _begins(each[0], wanted.prefixes)]
    if wanted.phrases:
        found += _phrases(every, wanted.phrases)
    ranges = merged(sorted((start, end) for _, start, end in found))
    return list(ranges), {term for term, _, _ in found}


def _begins(term: str, prefixes: tuple[str, ...]) -> bool:
    return bool(prefixes) and term.startswith(prefixes)


def _phrases(
    every: Sequence[tuple[str, int, int]], phrases: Sequence[tuple[str, ...]]
) -> Iterator[tuple[str, int, int]]:
    """Where phrases stand: the words that no pair of characters is, in their order."""
    single = [each for each in every if not (is_run(each[0]) and len(each[0]) > 1)]
    terms = [term for term, _, _ in single]
    for phrase in phrases:
        for at, term in enumerate(terms):
            if term == phrase[0] and tuple(terms[at : at + len(phrase)]) == phrase:
                last = at + len(phrase) - 1
                yield " ".join(phrase), single[at][1], single[last][2]


def merged(ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The ranges, those that overlap or touch as one: the pairs of a run make the run again."""
    at: tuple[int, int] | None = None
    for start, end in ranges:
        if at and start <= at[1]:
            at = at[0], max(at[1], end)
            continue
        if at:
            yield at
        at = start, end
    if at:
        yield at


def choose(marked: Sequence[Marked]) -> list[Marked]:
    """At most ``AT_MOST`` in their order, first of all those that have a word no other has yet."""
    told: set[str] = set()
    new: list[int] = []
    for index, each in enumerate(marked):
        if not each.terms <= told:
            new.append(index)
            told |= each.terms
    others = [index for index in range(len(marked)) if index not in new]
    return [marked[index] for index in sorted([*new, *others][:AT_MOST])]


def cut(marked: Marked) -> dict[str, Any]:
    """The passage as it is answered: of a long one, what stands around the first word found."""
    field, text = marked.passage
    start, end = _window(text, marked.ranges[0][0])
    before, after = CUT * (start > 0), CUT * (end < len(text))
    shift = len(before) - start
    ranges = [[max(a, start) + shift, min(b, end) + shift] for a, b in marked.ranges if a < end]
    shown = f"{before}{text[start:end]}{after}"
    return {"field": field, "text": shown, "ranges": ranges, "marked": as_html(shown, ranges)}


def as_html(text: str, ranges: Sequence[Sequence[int]]) -> str:
    """A text with its places marked, as a piece of HTML that holds nothing else."""
    parts, at = [], 0
    for start, end in ranges:
        parts += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    return "".join([*parts, escape(text[at:])])


def _window(text: str, first: int) -> tuple[int, int]:
    """From where to where a passage is shown."""
    start = first - BEFORE if first > LENGTH - BEFORE else 0
    start = max(0, min(start, len(text) - LENGTH))
    return start, min(start + LENGTH, len(text))


def _passages(context: Context, ids: Sequence[str]) -> Mapping[str, list[Passage]]:
    """What each record is found by, in its order."""
    query = sa.select(col(SearchDocument.record_id), col(SearchDocument.passages))
    rows = [
        (id, [one for one in told if one["basis"] == Basis.source or not context.source_only])
        for id, told in context.session.execute(query.where(col(SearchDocument.record_id).in_(ids)))
    ]
    called = {one["names_of"] for _, told in rows for one in told if "names_of" in one}
    names = _names(context, called)
    found: dict[str, list[Passage]] = defaultdict(list)
    for id, told in rows:
        for one in told:
            texts = names[one["names_of"]] if "names_of" in one else [one["text"]]
            found[id] += (Passage(one["field"], text) for text in texts)
    return found


def _names(context: Context, ids: set[str]) -> Mapping[str, list[str]]:
    """What each record is called: its names or, where it has none, its label."""
    named = sa.select(col(Name.record_id), col(Name.text), col(Name.basis))
    named = named.where(col(Name.record_id).in_(ids))
    rows = list(context.session.execute(named.order_by(col(Name.record_id), col(Name.position))))
    labels = sa.select(col(Record.id), col(Record.label), col(Record.basis))
    unnamed = ids - {row.record_id for row in rows}
    rows += context.session.execute(labels.where(col(Record.id).in_(unnamed)))
    found: dict[str, list[str]] = defaultdict(list)
    for id, text, basis in rows:
        if basis is Basis.source or not context.source_only:
            found[id].append(text)
    return found
