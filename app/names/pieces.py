"""Pieces of names, so that one with a typing mistake is found without looking at all others."""

from collections.abc import Iterator

SHORTEST, LONGEST = 5, 60
"""How many letters a name has in which mistakes are looked for."""
_MARK = "|"
"""What no key but that of a piece begins with."""


def mistakes(length: int) -> int:
    """How many mistakes a name of so many letters may have."""
    if not SHORTEST <= length <= LONGEST:
        return 0
    return 1 if length <= 8 else 2


def pieces(name: str) -> Iterator[str]:
    """The keys of the pieces of a name, which end with it.

    One of them is left whole by the mistakes that the name may have.
    """
    for number, start, end in _cuts(len(name)):
        yield _key(len(name), number, name[start:end]) + name


def name_of(piece: str) -> str:
    """The name of which a key has a piece."""
    return piece.rpartition(_MARK)[2]


def probes(asked: str) -> list[str]:
    """What keys of pieces begin with that a name meant by ``asked`` has: as long, or nearly so."""
    found: dict[str, None] = {}
    for length in range(len(asked) - 2, len(asked) + 3):
        most = mistakes(length)
        if most and abs(length - len(asked)) <= most:
            for number, start, end in _cuts(length):
                for at in range(max(start - most, 0), min(start + most, len(asked)) + 1):
                    if at + end - start <= len(asked):
                        found[_key(length, number, asked[at : at + end - start])] = None
    return list(found)


def swaps(asked: str) -> list[str]:
    """The names of which ``asked`` has two neighbours in the wrong order.

    That may leave no piece whole where there are but two of them.
    """
    if mistakes(len(asked)) != 1:
        return []
    swapped = (
        f"{asked[:at]}{asked[at + 1]}{asked[at]}{asked[at + 2 :]}" for at in range(len(asked) - 1)
    )
    return list(dict.fromkeys(one for one in swapped if one != asked))


def _cuts(length: int) -> Iterator[tuple[int, int, int]]:
    """The pieces into which a name is cut: their number, start and end."""
    most = mistakes(length)
    if most:
        bounds = [length * number // (most + 1) for number in range(most + 2)]
        for number in range(most + 1):
            yield number, bounds[number], bounds[number + 1]


def _key(length: int, number: int, piece: str) -> str:
    return f"{_MARK}{length}.{number}.{piece}{_MARK}"
