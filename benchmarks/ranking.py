"""How well search orders what people want: nDCG of the queries in ranking.yaml, by language.

    python -m benchmarks.ranking

writes the table of docs/search.md. The bundles that come with the program are what is searched.
"""

import math
import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import yaml
from starlette.testclient import TestClient

from app.db import create_engine
from app.main import create_app
from app.migrate import migrate
from app.settings import Settings
from seeds.load import seed

QUERIES = Path(__file__).with_name("ranking.yaml")
PAGE = Path(__file__).parents[1] / "docs" / "search.md"
TABLE = re.compile(r"(<!-- table: ranking -->\n).*?(<!-- end -->)", re.DOTALL)
FIRST = 5
"""How many answers count."""
LANGUAGES = {"en": "English", "zh": "Chinese", "ja": "Japanese", "ko": "Korean", "all": "all"}


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
    """Each query with its first answers, evidence aside."""
    for language, queries in yaml.safe_load(QUERIES.read_text("utf-8")).items():
        for each in queries:
            asked = {"q": each["q"], "collection": "!evidence", "limit": FIRST}
            items = client.get("/v1/search", params=asked).json()["items"]
            found = [f"{item['collection']}/{item['slug']}" for item in items]
            yield Judged(language, each["q"], each["wanted"], found)


def by_language(answers: Sequence[Judged]) -> Mapping[str, tuple[int, float]]:
    """How many queries there are and their mean, by language and of all."""
    groups: dict[str, list[float]] = {}
    for one in answers:
        groups.setdefault(one.language, []).append(one.ndcg)
    groups["all"] = [one.ndcg for one in answers]
    return {name: (len(each), sum(each) / len(each)) for name, each in groups.items()}


def render(page: str, answers: Sequence[Judged]) -> str:
    """The page with the table as it is today."""
    rows = [
        f"| {LANGUAGES[name]} | {number} | {mean:.3f} |"
        for name, (number, mean) in by_language(answers).items()
    ]
    table = "\n".join(["| language | queries | nDCG@5 |", "|---|---|---|", *rows, ""])
    return TABLE.sub(lambda found: f"{found[1]}{table}{found[2]}", page)


def main() -> None:
    """Search a knowledge base as it is seeded, and write the table."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/ranking.db"
        migrate(url)
        engine = create_engine(url)
        seed(engine)
        engine.dispose()
        with TestClient(create_app(Settings(database_url=url))) as client:
            answers = list(judged(client))
    PAGE.write_text(render(PAGE.read_text("utf-8"), answers), "utf-8")


if __name__ == "__main__":
    main()
