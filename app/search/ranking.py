"""In which order what is found comes: names above prose, rare words above common ones.

Computed here and not by a database, so that every database gives the same numbers.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property
from typing import Any

from app.query.numbers import day_of
from app.query.sequences import BETWEEN, Sections, needle, parted
from app.query.terms import ALL, query_terms
from app.search.language import Sought

SATURATION = 1.2
"""How soon saying a word again adds little (k1 of BM25)."""
LENGTH = 0.75
"""How much long texts count less (b of BM25)."""
USUAL = 60
"""The length that neither helps nor harms, in words: that of a statement with what it refers to."""
NAMES, SAID, OTHERS = 4.0, 1.0, 0.5
"""How much it counts where a word stands: in names, in what is said, in names of others."""
SPLIT = 0.5
"""How often a run stands in a text that has its pairs apart."""


class Kind(Enum):
    """How well something matches: from which score, to which."""

    whole = 1.0, 1.0
    """A name is what was asked for."""
    names = 0.75, 0.95
    """Names hold every word."""
    spelling = 0.7, 0.7
    """A name is what was asked for, in another spelling."""
    name_beginnings = 0.6, 0.7
    """Names hold every word, some of them as beginnings of longer ones."""
    text = 0.3, 0.6
    """All of it together holds every word."""
    beginnings = 0.2, 0.3
    """The same, with beginnings of longer words."""
    sound = 0.1, 0.1
    """A name sounds like what was asked for."""
    near = 0.05, 0.05
    """Nothing of that: a name begins as what was asked for, or is nearly that."""


OLDER = 0.0
"""The score of what is found, and too old to be compared with what is newer."""


@dataclass(frozen=True)
class Ranked:
    """Something that was found, and where it comes."""

    number: int
    id: str
    sort_name: str
    score: float

    @property
    def order(self) -> tuple[float, int, str, str]:
        """The best first, then the newest, then by name."""
        return -self.score, -day_of(self.number), self.sort_name, self.id


@dataclass(frozen=True)
class Ranking:
    """What one search compares by."""

    sought: Sought
    documents: Mapping[str, int]
    """In how many documents each term stands; under the empty one, how many there are."""
    source_only: bool

    def ranked(self, row: Any, kind: Kind) -> Ranked:
        """A row, of which is known that it matches so, with its score."""
        kept = [row.source] if self.source_only else [row.source, row.reference]
        sections = [parted(each) for each in kept if each]
        if self.sought.prefixes:
            kind = self._kind(kind, sections)
        least, most = kind.value
        score = least + (most - least) * (self._share(sections) if most > least else 0)
        return Ranked(row.number, row.record_id, row.sort_name, round(score, 2))

    def _kind(self, kind: Kind, sections: Sequence[Sections]) -> Kind:
        """The kind, less where longer words stand for their beginnings."""
        if kind is Kind.names and not self._exact(each.names for each in sections):
            return Kind.name_beginnings
        if kind is Kind.text and not self._exact(BETWEEN.join(each) for each in sections):
            return Kind.beginnings
        return kind

    def _exact(self, texts: Iterable[str]) -> bool:
        """Whether all beginnings stand there as words."""
        whole = BETWEEN.join(texts)
        return all(f" {each} " in whole for each in self.sought.prefixes)

    def _share(self, sections: Sequence[Sections]) -> float:
        """BM25 as a share of the most that it could be."""
        length = sum(each.names.count(" ") + each.said.count(" ") for each in sections)
        norm = SATURATION * (1 - LENGTH + LENGTH * length / USUAL)
        found = most = 0.0
        for rarity, looked_for, missed in self._units:
            often = 0.0
            for names, said, others in sections:
                often += NAMES * names.count(looked_for) + SAID * said.count(looked_for)
                often += OTHERS * others.count(looked_for)
            often = often or missed
            found += rarity * often / (often + norm)
            most += rarity
        return found / most if most else 0.0

    @cached_property
    def _units(self) -> Sequence[tuple[float, str, float]]:
        """What is looked for: how rare, as what, and how often where it is not seen as such."""
        return list(self._looked_for())

    def _looked_for(self) -> Iterator[tuple[float, str, float]]:
        for token in self.sought.words:
            yield self._rarity(query_terms(token)), needle([token]), SPLIT
        for phrase in self.sought.phrases:
            terms = [term for token in phrase for term in query_terms(token)]
            yield self._rarity(terms), needle(phrase), SPLIT
        for prefix in self.sought.prefixes:
            yield self._rarity([prefix]), f" {prefix}", SPLIT

    def _rarity(self, terms: Sequence[str]) -> float:
        """The inverse document frequency of the rarest of some terms."""
        rarest = min(self.documents.get(term, 0) for term in terms)
        others = max(self.documents.get(ALL, 0) - rarest, 0)
        return math.log(1 + (others + 0.5) / (rarest + 0.5))
