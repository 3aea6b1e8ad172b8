"""What people look for comes first, in every language, on every database."""

from collections.abc import Sequence

import pytest
from starlette.testclient import TestClient

from benchmarks.ranking import LANGUAGES, PAGE, Judged, by_language, judged, render

AT_LEAST = 0.9


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
