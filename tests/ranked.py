"""How well search orders what people want: nDCG of the queries in ranking.yaml."""

import math
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml
from starlette.testclient import TestClient

QUERIES = Path(__file__).with_name("ranking.yaml")
FIRST = 5
"""How many answers count."""


class Judged(NamedTuple):
    """A query, what it is to find, and what it found."""

    language: str
    q: str
    wanted: Mapping[str, int]
    """The grade of each wanted record, by collection and slug."""
    found: Sequence[str]

    @property
    def ndcg(self) -> float:
        """The gain of the first answers as a share of what it could be."""
        ideal = sorted(self.wanted.values(), reverse=True)[:FIRST]
        return _gain([self.wanted.get(each, 0) for each in self.found]) / _gain(ideal)


def _gain(grades: Sequence[int]) -> float:
    return sum((2.0**grade - 1) / math.log2(place + 2) for place, grade in enumerate(grades))


def judged(client: TestClient) -> Iterator[Judged]:
    """Each query with its first answers."""
    for language, queries in yaml.safe_load(QUERIES.read_text("utf-8")).items():
        for each in queries:
            asked = {"q": each["q"], "collection": "!evidence", "limit": FIRST}
            items = client.get("/v1/search", params=asked).json()["items"]
            found = [f"{item['collection']}/{item['slug']}" for item in items]
            yield Judged(language, each["q"], each["wanted"], found)


def by_language(all_judged: Sequence[Judged]) -> Mapping[str, tuple[int, float]]:
    """How many queries there are and their mean, by language and of all."""
    groups: dict[str, list[float]] = {}
    for one in all_judged:
        groups.setdefault(one.language, []).append(one.ndcg)
    groups["all"] = [one.ndcg for one in all_judged]
    return {name: (len(each), sum(each) / len(each)) for name, each in groups.items()}
