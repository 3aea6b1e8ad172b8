"""Addresses that lead to words within a page (text fragments)."""

from urllib.parse import quote

WHOLE = 300
"""Longer words are told by how they begin and how they end."""
ENDS = 5
AT_MOST = 1000


def leading_to(url: str, words: str) -> str:
    """The address at which a browser shows and marks ``words``."""
    pieces = words.split()
    whole = " ".join(pieces)
    if len(whole) > WHOLE and len(pieces) > 3 * ENDS:
        told = [" ".join(pieces[:ENDS]), " ".join(pieces[-ENDS:])]
    else:
        # A piece of what is written without spaces might end within a word, and is not found then.
        told = [whole]
    if not whole or sum(map(len, told)) > AT_MOST:
        return url
    mark = ":~:text=" if "#" in url else "#:~:text="
    return f"{url}{mark}{','.join(map(_encoded, told))}"


def _encoded(words: str) -> str:
    """Percent-encoded, with the hyphen, which is a sign of its own there."""
    return quote(words, safe="").replace("-", "%2D")
