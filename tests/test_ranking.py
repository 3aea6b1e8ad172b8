"""What people look for comes first, in every language, on every database."""

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from starlette.testclient import TestClient

from app.query.sequences import Section, sequence
from app.search.language import sought
from app.search.ranking import Kind, Ranking
from benchmarks.ranking import LANGUAGES, PAGE, Judged, by_language, judged, render

AT_LEAST = 0.9


class Row(NamedTuple):
    """A document as it is compared."""

    source: str
    number: int = 0
    record_id: str = "id"
    sort_name: str = ""
    reference: str = ""


def score(q: str, kind: Kind, **said: list[str]) -> float:
    """What a document scores of which this is known."""
    counts = {"": 100, "rare": 1, "common": 50}
    kept = sequence({Section[name]: texts for name, texts in said.items()})
    return Ranking(sought(q), counts, source_only=False).ranked(Row(kept), kind).score


def test_scores_are_bm25_within_the_bounds_of_their_kind() -> None:
    # One word, said once in a text of one word: 1 / (1 + 1.2 * (0.25 + 0.75 * length / 60)).
    length = sequence({Section.said: ["rare"]}).split("|")[1].count(" ") + 2
    share = 1 / (1 + 1.2 * (0.25 + 0.75 * length / 60))
    assert score("rare", Kind.text, said=["rare"]) == round(0.3 + 0.3 * share, 2)
    assert score("rare", Kind.whole, names=["rare"]) == 1
    assert score("rare", Kind.names, names=["rare x"]) > score("rare", Kind.text, names=["rare x"])


def test_rare_words_repeated_words_and_short_texts_count_more() -> None:
    both = "rare common"
    rare = score(both, Kind.text, said=["rare rare x rare common"])
    common = score(both, Kind.text, said=["common common x common rare"])
    assert rare > common
    assert score("rare", Kind.text, said=["rare x rare"]) > score("rare", Kind.text, said=["rare"])
    long = ["rare", "x " * 200]
    assert score("rare", Kind.text, said=["rare"]) > score("rare", Kind.text, said=long)
    assert score("rare", Kind.text, said=["rare"]) > score("rare", Kind.text, others=["rare"])
    assert score("rar*", Kind.text, said=["rarely"]) < 0.3 <= score("rar*", Kind.text, said=["rar"])


@pytest.fixture(scope="module")
def answers(client: TestClient) -> Sequence[Judged]:
    return list(judged(client))


def test_what_is_wanted_comes_first_in_every_language(answers: Sequence[Judged]) -> None:
    found = by_language(answers)
    assert set(found) == set(LANGUAGES)
    assert found["all"][0] >= 60
    assert all(number >= 15 and mean >= AT_LEAST for number, mean in found.values()), found


def test_a_name_finds_its_record_first(answers: Sequence[Judged]) -> None:
    """Where one record alone is wanted, nothing stands before it."""
    single = [one for one in answers if len(one.wanted) == 1]
    assert len(single) > 40
    assert [one.q for one in single if one.found[:1] != [*one.wanted]] == []


def test_the_table_is_that_of_today(answers: Sequence[Judged]) -> None:
    page = PAGE.read_text("utf-8")
    assert render(page, answers) == page, "run: .venv/bin/python -m benchmarks.ranking"
