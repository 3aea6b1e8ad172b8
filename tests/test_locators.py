"""Locators: passages are found in one place or not at all, and what became of them is told."""

import random
import time
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seeds.locators import (
    AmbiguousError,
    CrossesSentenceError,
    Locator,
    NotFoundError,
    Position,
    Status,
    Verdict,
    check,
    check_all,
    locate,
)
from seeds.text import Text

TEXT = Text("The 𝄞 envoy met “friends.” They drank tea.\n\nThe 茶 was cold. They drank tea.\n")


def test_words_become_a_place_in_three_units() -> None:
    assert locate(TEXT, "envoy met “friends.”") == Locator(
        paragraph=1,
        sentence=1,
        start=Position(6, 7, 9),
        end=Position(26, 27, 33),
        sha256=sha256("envoy met “friends.”".encode()).hexdigest(),
    )


def test_blanks_around_the_words_do_not_count() -> None:
    assert locate(TEXT, " was cold.\n") == locate(TEXT, "was cold.")


def test_paragraph_and_sentence_narrow_the_search() -> None:
    first = locate(TEXT, "drank tea", paragraph=1)
    second = locate(TEXT, "drank tea", paragraph=2, sentence=2)
    assert (first.paragraph, first.sentence, first.start.code_point) == (1, 2, 32)
    assert (second.paragraph, second.sentence, second.start.code_point) == (2, 2, 65)
    assert locate(TEXT, "The", sentence=1, paragraph=2).start.code_point == 44


ALIKE = (
    "the words do not occur in the text; what differs only in quotation marks, dashes, white space "
    "or case stands in paragraph 1, sentence 1, characters 6 to 25: copy the words from there"
)


@pytest.mark.parametrize(
    ("words", "paragraph", "sentence", "message"),
    [
        (" \n", None, None, "there are no words to look for"),
        ("coffee", None, None, "the words do not occur in the text"),
        (
            "cold",
            1,
            None,
            "the words occur only elsewhere: paragraph 2, sentence 1, characters 54 to 58",
        ),
        ('Envoy  met "friends.', None, None, ALIKE),
    ],
)
def test_words_that_do_not_stand_there_are_not_attached(
    words: str, paragraph: int | None, sentence: int | None, message: str
) -> None:
    with pytest.raises(NotFoundError) as caught:
        locate(TEXT, words, paragraph=paragraph, sentence=sentence)
    assert str(caught.value) == message


def test_words_that_occur_twice_are_not_attached() -> None:
    with pytest.raises(AmbiguousError) as caught:
        locate(TEXT, "They drank")
    assert [place.start.code_point for place in caught.value.places] == [27, 60]
    assert str(caught.value) == (
        "the words occur 2 times (paragraph 1, sentence 2, characters 27 to 37; paragraph 2, "
        "sentence 2, characters 60 to 70): quote more of the passage, or name its paragraph and "
        "sentence"
    )


def test_words_that_overlap_themselves_occur_twice() -> None:
    with pytest.raises(AmbiguousError) as caught:
        locate(Text("banana"), "ana")
    assert [place.start.code_point for place in caught.value.places] == [1, 3]


def test_words_over_the_end_of_a_sentence_are_not_attached() -> None:
    with pytest.raises(CrossesSentenceError) as caught:
        locate(TEXT, "cold. They")
    assert str(caught.value) == (
        "the words run over the end of a sentence (paragraph 2, sentence 1, characters 54 to 64): "
        "cite the sentences apart"
    )


def test_a_locator_is_read_as_it_is_written() -> None:
    place = locate(TEXT, "envoy")
    assert place.to_data() == {
        "paragraph": 1,
        "sentence": 1,
        "start": [6, 7, 9],
        "end": [11, 12, 14],
        "sha256": sha256(b"envoy").hexdigest(),
    }
    assert Locator.from_data({"source": "a", **place.to_data()}) == place


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"paragraph": 0}, "paragraph must be a whole number from 1"),
        ({"sentence": True}, "sentence must be a whole number from 1"),
        ({"start": 6}, r"start must be \[code point, UTF-16, UTF-8\]"),
        ({"end": [1, 2]}, r"end must be \[code point, UTF-16, UTF-8\]"),
        ({"end": [1, 2, -3]}, "end must hold whole numbers from 0"),
        ({"end": [1, 2, "3"]}, "end must hold whole numbers from 0"),
        ({"sha256": "A" * 64}, "sha256 must be 64 lower-case hex digits"),
        ({"sha256": None}, "sha256 must be 64 lower-case hex digits"),
    ],
)
def test_what_is_no_locator_is_refused(change: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        Locator.from_data({**locate(TEXT, "envoy").to_data(), **change})


def test_a_passage_that_stands_is_exact() -> None:
    verdict = check(TEXT, locate(TEXT, "The 茶 was cold."))
    assert verdict == Verdict(Status.exact)
    assert str(verdict) == "exact"


def test_a_passage_elsewhere_is_moved() -> None:
    after = Text("A new start. So it was.\n" + TEXT.content)
    verdict = check(after, locate(TEXT, "met “friends.”"))
    assert verdict == Verdict(Status.moved, (locate(after, "met “friends.”"),))
    assert str(verdict) == (
        "moved: the same passage now stands in paragraph 2, sentence 1, characters 36 to 50"
    )


def test_a_passage_in_several_other_places_is_moved_to_none_of_them() -> None:
    verdict = check(Text("Oh: red fox, red fox, red."), locate(Text("A red fox."), "red fox"))
    assert [place.start.code_point for place in verdict.places] == [4, 13]
    assert verdict.status is Status.moved
    assert str(verdict) == (
        "moved: the same passage now stands in 2 places: paragraph 1, sentence 1, characters 4 to "
        "11; paragraph 1, sentence 1, characters 13 to 20"
    )


def test_a_passage_whose_sentence_has_another_number_is_moved() -> None:
    place = locate(TEXT, "was cold")
    verdict = check(Text(TEXT.content.replace("\n\n", "  ")), place)
    assert [(each.paragraph, each.sentence) for each in verdict.places] == [(1, 3)]
    assert verdict.places[0].start == place.start


def test_a_passage_after_other_characters_is_moved() -> None:
    before, after = Text("Oh 𝄞, it was."), Text("Oh é, it was.")
    verdict = check(after, locate(before, "it was"))
    assert verdict == Verdict(Status.moved, (locate(after, "it was"),))
    assert verdict.places[0].start == Position(6, 6, 7)


def test_a_passage_whose_sentence_was_changed_is_drifted() -> None:
    after = Text(TEXT.content.replace("cold", "warm"))
    verdict = check(after, locate(TEXT, "was cold"))
    assert verdict == Verdict(Status.drifted)
    assert str(verdict) == "drifted: the sentence is there and no longer holds this passage"


def test_a_passage_without_its_sentence_is_missing() -> None:
    verdict = check(Text("Only this."), locate(TEXT, "was cold"))
    assert verdict == Verdict(Status.missing)
    assert str(verdict) == ("missing: neither the passage nor a sentence of that number is there")


def test_a_passage_is_not_found_over_the_end_of_a_sentence() -> None:
    text = Text("Yes. It met. Then it left.")
    digest = text.sha256(8, 17)
    crossing = Locator(1, 2, Position(8, 8, 8), Position(17, 17, 17), digest)
    assert text.content[8:17] == "met. Then"
    assert check(text, crossing) == Verdict(Status.drifted)


def test_a_locator_of_nothing_is_not_exact() -> None:
    empty = Locator(1, 1, Position(4, 4, 4), Position(4, 4, 4), sha256(b"").hexdigest())
    assert check(TEXT, empty).status is Status.drifted


def test_places_beyond_the_text_are_not_exact() -> None:
    far = Locator(9, 1, Position(900, 900, 900), Position(909, 909, 909), "0" * 64)
    assert check(TEXT, far).status is Status.missing


def test_hundreds_of_passages_are_found_again_in_a_long_text() -> None:
    pick = random.Random(1)  # noqa: S311
    words = ["".join(pick.choices("abcdefghij", k=6)) for _ in range(15_000)]
    lines = [" ".join(words[at : at + 25]).capitalize() + "." for at in range(0, len(words), 25)]
    before = Text("\n".join(lines))
    after = Text("New.\n" + before.content)
    assert len(after) > 100_000
    sentences = pick.sample(before.sentences, 300)
    places = [
        locate(before, before.content[s.start + pick.randrange(60) : s.end]) for s in sentences
    ]
    started = time.perf_counter()
    verdicts = check_all(after, places)
    elapsed = time.perf_counter() - started
    assert [v.places[0].start.code_point for v in verdicts] == [
        place.start.code_point + 5 for place in places
    ]
    assert elapsed < 20


@given(st.text(alphabet="abA .!“”é𝄞\n", min_size=1, max_size=40), st.data())
def test_what_was_located_is_exact(content: str, data: st.DataObject) -> None:
    text = Text(content)
    if text.sentences:
        inside = data.draw(st.sampled_from(text.sentences))
        start = data.draw(st.integers(inside.start, inside.end - 1))
        end = data.draw(st.integers(start + 1, inside.end))
        if words := content[start:end].strip():
            try:
                place = locate(text, words, paragraph=inside.paragraph, sentence=inside.sentence)
            except AmbiguousError as error:
                assert start <= error.places[-1].start.code_point  # noqa: PT017
            else:
                assert check(text, place) == Verdict(Status.exact)
                assert content[place.start.code_point : place.end.code_point] == words
