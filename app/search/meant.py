"""What may have been meant where little is found: words and names that look like what was asked."""

from collections.abc import Iterator, Sequence
from typing import Any

from app.query.answer import address
from app.query.shape import Out
from app.query.terms import fold
from app.search.near import AT_MOST, FEW, names_alike, texts_alike
from app.search.search import Search


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
    matches, counts = search.matches, search.ranking.documents
    asked = {fold(search.text)}
    for text in (*texts_alike(matches, counts, search.text), *names_alike(matches, counts)):
        if fold(text) not in asked:
            asked.add(fold(text))
            yield text
