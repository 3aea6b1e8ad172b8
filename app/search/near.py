"""What is nearest to a text that nothing holds: words and names that look or begin like it."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from rapidfuzz.distance import OSA
from sqlmodel import col

from app.models import Basis, Name, SearchSpelling, SearchWord
from app.names import keys
from app.names.finding import Among, MatchKind, find
from app.names.spellings import plain
from app.query.context import Context
from app.query.many import is_one_of
from app.query.matching import Asked, columns
from app.query.terms import LENGTH, spans, spelling_keys, terms, tokens, whole
from app.search.language import sought
from app.search.matches import Matches

FEW = 3
"""How many records are little, for a word or a search."""
AT_MOST = 3
"""How many words or names are told for one."""
NEAREST = 10
"""How many records are nearest to what was asked."""
LETTERS = 2
"""From how many letters a text may be the beginning of a name."""
WORDS_AT_MOST = 8
"""How many words of a search are looked at."""
NAMES_AT_MOST = 200
"""How many records with a part of the name are compared, the newest."""
MISTAKES = 2
"""How many letters of a word may differ; of one with at most four letters, one."""
ALIKE = 0.6
"""How much of a name must be as it was written, to be told as what may have been meant."""
SURELY_ALIKE = 0.75
"""The same, to be found in the place of what was asked for: Brazil is not rail."""
LONG = 7
"""Of how many letters a word is in which two may differ, to be found in its place."""


def nearest(matches: Matches, counts: Mapping[str, int]) -> Sequence[str]:
    """The terms of whole names that are nearest to words which nothing holds.

    Those that begin so or were typed with a mistake; else of what is named with words that look
    like these; else those that are alike as wholes. ``counts`` tells how common words are.
    """
    for some in (_begun, _corrected, _surely_alike):
        found = some(matches, counts)
        if names := list(dict.fromkeys(filter(None, map(whole, found)))):
            return names
    return []


def texts_alike(
    matches: Matches, counts: Mapping[str, int], text: str, *, surely: bool = False
) -> Iterator[str]:
    """The text with words that are known in the place of those that are not."""
    words = matches.sought.words[:WORDS_AT_MOST]
    near = {
        word: _words_alike(matches, counts, word, 1 if surely and len(word) < LONG else MISTAKES)
        for word in words
    }
    better = {word: found[0] for word, found in near.items() if found}
    if better:
        yield replaced(text, better)
    for word, found in near.items():
        for other in found[1:AT_MOST]:
            yield replaced(text, {**better, word: other})


def _surely_alike(matches: Matches, counts: Mapping[str, int]) -> Sequence[str]:
    return names_alike(matches, counts, SURELY_ALIKE)


def names_alike(matches: Matches, _: Mapping[str, int], least: float = ALIKE) -> Sequence[str]:
    """Names that are nearly what was asked for as a whole."""
    asked = matches.sought
    wanted = plain(asked.text)
    if not asked.plain or not wanted:
        return []
    ids = [row.record_id for row in matches.newest(_with_parts(matches))]
    alike: dict[str, tuple[float, str]] = {}
    for row in _names(matches.context, ids[:NAMES_AT_MOST]):
        likeness = OSA.normalized_similarity(wanted, plain(row.text))
        if least <= likeness < 1:
            alike.setdefault(plain(row.text), (-likeness, row.text))
    return [name for _, name in sorted(alike.values())[:AT_MOST]]


def replaced(text: str, words: Mapping[str, str]) -> str:
    """A text in which other words stand in the place of some."""
    places = [(start, end, words[term]) for term, start, end in spans(text) if term in words]
    for start, end, word in reversed(places):
        text = f"{text[:start]}{word}{text[end:]}"
    return text


def _begun(matches: Matches, _: Mapping[str, int]) -> Sequence[str]:
    """Names that begin so, or have a part that does; else the one with the fewest mistakes."""
    asked = keys.Asked(matches.sought.text)
    if len(asked.written) < LETTERS:
        return []
    hits = find(Among(matches.context), asked, NEAREST)
    if hits and hits[0].kind is MatchKind.typing_mistake:
        hits = hits[:1]
    places = {(hit.record_id, hit.position) for hit in hits if hit.kind is hits[0].kind}
    rows = _names(matches.context, [hit.record_id for hit in hits])
    return [row.text for row in rows if (row.record_id, row.position) in places]


def _corrected(matches: Matches, counts: Mapping[str, int]) -> Sequence[str]:
    """The first names of what is named with words that look like those asked for."""
    for text in texts_alike(matches, counts, matches.sought.text, surely=True):
        other = Matches(matches.context, sought(text))
        ids = [row.record_id for row in other.newest(other.holding(names=True))[:NEAREST]]
        rows = groupby(_names(matches.context, ids), lambda row: row.record_id)
        return [next(some).text for _, some in rows]
    return []


def _words_alike(
    matches: Matches, counts: Mapping[str, int], word: str, mistakes_at_most: int
) -> list[str]:
    """The known words that look most like one that few records hold, the commonest first."""
    allowed = mistakes_at_most if len(word) > MISTAKES * 2 else 1
    once = spelling_keys(word)
    keys = once if allowed == 1 else [*once, *(key for one in once for key in spelling_keys(one))]
    if not keys or counts.get(word, 0) > FEW:
        return []
    query = sa.select(col(SearchWord.term), col(SearchWord.documents)).join(
        SearchSpelling, col(SearchSpelling.term) == col(SearchWord.term)
    )
    query = query.where(is_one_of(SearchSpelling.key, list(dict.fromkeys(keys)))).distinct()
    found = [
        (OSA.distance(word, row.term), -row.documents, row.term)
        for row in matches.context.rows(query)
        if row.term != word and row.documents > counts.get(word, 0)
    ]
    return [term for mistakes, _, term in sorted(found) if mistakes <= allowed]


def _with_parts(matches: Matches) -> Asked:
    """Of names with any of the words, or any of the characters."""
    words = tokens(matches.sought.text)[:WORDS_AT_MOST]
    parts = [term for token in words for term in terms(token)]
    only = columns(source_only=matches.context.source_only, names_only=True)
    return Asked(only, [], otherwise=parts[:LENGTH])


def _names(context: Context, ids: Sequence[str]) -> Sequence[Any]:
    """The names of some records, so far as this request may see them, in their order."""
    query = sa.select(col(Name.record_id), col(Name.position), col(Name.text))
    query = query.where(is_one_of(Name.record_id, ids))
    if context.source_only:
        query = query.where(col(Name.basis) == Basis.source)
    return list(context.rows(query.order_by(col(Name.record_id), col(Name.position))))
