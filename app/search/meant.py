"""What may have been meant where little is found: words and names that look like what was asked."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from rapidfuzz.distance import OSA
from sqlmodel import col

from app.models import Basis, Name, SearchSpelling, SearchWord
from app.names.spellings import plain
from app.query.answer import address
from app.query.many import is_one_of
from app.query.matching import Asked, columns
from app.query.shape import Out
from app.query.terms import LENGTH, fold, spans, spelling_keys, terms, tokens
from app.search.language import Sought
from app.search.search import Search

FEW = 3
"""How many records are little: where more are found, nobody is asked what was meant."""
AT_MOST = 3
"""How many suggestions are made: each is counted."""
WORDS_AT_MOST = 8
"""How many words of a search are looked at."""
NAMES_AT_MOST = 200
"""How many records with a part of the name are compared, the newest."""
MISTAKES = 2
"""How many letters of a word may differ; of one with at most four letters, one."""
ALIKE = 0.6
"""How much of a name must be as it was written."""


class Meant(Out):
    """What else may be asked, and what it would find."""

    q: str
    """What to look for."""
    count: int
    """How many records it finds, in the collections asked for."""
    url: str
    """The address that asks it."""


def suggestions(
    search: Search, number: int, manner: Sequence[tuple[str, str]]
) -> list[dict[str, Any]]:
    """What may have been meant, where so many records were found; what finds most comes first.

    ``manner`` is what else the addresses ask.
    """
    if number > FEW or not search.sought.words:
        return []
    found = []
    for text in list(_texts(search))[:AT_MOST]:
        count = Search(search.context, text, search.collections).count
        if count > number:
            pairs = [("q", text), *manner]
            url = address(search.context, "/v1/search", pairs)
            found.append({"q": text, "count": count, "url": url})
    return sorted(found, key=lambda one: (-one["count"], one["q"]))


def _texts(search: Search) -> Iterator[str]:
    """Texts that look like the one that was asked, the likeliest first."""
    asked = {fold(search.text)}
    for text in (*_by_words(search), *_by_names(search)):
        if fold(text) not in asked:
            asked.add(fold(text))
            yield text


# ---------------------------------------------------------------------------------- words


def _by_words(search: Search) -> Iterator[str]:
    """The text with words that are known in the place of those that are not."""
    words = search.sought.words[:WORDS_AT_MOST]
    nearest = {word: _nearest(search, word) for word in words}
    better = {word: found[0] for word, found in nearest.items() if found}
    if better:
        yield replaced(search.text, better)
    for word, found in nearest.items():
        for other in found[1:AT_MOST]:
            yield replaced(search.text, {**better, word: other})


def replaced(text: str, words: Mapping[str, str]) -> str:
    """A text in which other words stand in the place of some."""
    places = [(start, end, words[term]) for term, start, end in spans(text) if term in words]
    for start, end, word in reversed(places):
        text = f"{text[:start]}{word}{text[end:]}"
    return text


def _nearest(search: Search, word: str) -> list[str]:
    """The known words that look most like one that few records hold, the commonest first."""
    counts, keys = search.ranking.documents, spelling_keys(word)
    if not keys or counts.get(word, 0) > FEW:
        return []
    query = sa.select(col(SearchWord.term), col(SearchWord.documents)).join(
        SearchSpelling, col(SearchSpelling.term) == col(SearchWord.term)
    )
    query = query.where(is_one_of(SearchSpelling.key, keys)).distinct()
    allowed = MISTAKES if len(word) > MISTAKES * 2 else 1
    found = [
        (OSA.distance(word, row.term), -row.documents, row.term)
        for row in search.context.rows(query)
        if row.term != word and row.documents > counts.get(word, 0)
    ]
    return [term for mistakes, _, term in sorted(found) if mistakes <= allowed]


# ---------------------------------------------------------------------------------- names


def _by_names(search: Search) -> Iterator[str]:
    """Names that are nearly what was asked for as a whole."""
    sought = search.sought
    wanted = plain(sought.text)
    if not sought.plain or not wanted:
        return
    ids = [row.record_id for row in search.matches.newest(_with_parts(search, sought))]
    alike: dict[str, tuple[float, str]] = {}
    for name in _names(search, ids[:NAMES_AT_MOST]):
        likeness = OSA.normalized_similarity(wanted, plain(name))
        if ALIKE <= likeness < 1:
            alike.setdefault(plain(name), (-likeness, name))
    yield from (name for _, name in sorted(alike.values())[:AT_MOST])


def _with_parts(search: Search, sought: Sought) -> Asked:
    """Of names with any of the words, or any of the characters."""
    parts = [term for token in tokens(sought.text)[:WORDS_AT_MOST] for term in terms(token)]
    only = columns(source_only=search.context.source_only, names_only=True)
    return Asked(only, [], otherwise=parts[:LENGTH])


def _names(search: Search, ids: Sequence[str]) -> Iterable[str]:
    query = sa.select(col(Name.text)).where(is_one_of(Name.record_id, ids))
    if search.context.source_only:
        query = query.where(col(Name.basis) == Basis.source)
    rows = search.context.rows(query.order_by(col(Name.record_id), col(Name.position)))
    return [row.text for row in rows]
