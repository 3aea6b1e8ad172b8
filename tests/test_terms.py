"""Words: what is asked for is found in what holds it, in every script, and any text is safe."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.query.terms import LENGTH, WHOLE, fold, is_whole, query_terms, spans, terms, whole

SCRIPTS = "東京都外相会談钓鱼岛かがさざはばぱカガッー々독도한국"
RUNS = st.text(SCRIPTS, min_size=1, max_size=12)
WORDS = st.text("aéÉßñçøİżдЖщאبहिनदी09zAZ", min_size=1, max_size=80)
BLANKS = st.sampled_from([" ", "\n", ", ", "/", "・", "—", "\u3000"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Cho Tae-yul", ["cho", "tae", "yul"]),
        ("Zürich, ZÜRICH", ["zurich"]),
        ("U.S.-China ties, e.g. 3.5", ["us", "china", "ties", "eg", "3", "5"]),
        ("Diaoyu/Senkaku", ["diaoyu", "senkaku"]),
        ("尖閣諸島", ["尖", "阁", "诸", "岛", "尖阁", "阁诸", "诸岛"]),
        ("FTA協定", ["fta", "协", "定", "协定"]),
        ("独岛", ["独", "岛", "独岛"]),
        ("독도", ["독", "도", "독도"]),
        ("が", ["が"]),
        ("ｶﾞ ﾊﾟ", ["ガ", "パ"]),
        ("イワヤ・タケシ", ["イ", "ワ", "ヤ", "イワ", "ワヤ", "タ", "ケ", "シ", "タケ", "ケシ"]),
        ("佐々木", ["佐", "々", "木", "佐々", "々木"]),
        ("हिन्दी", ["हिन्दी"]),
        ("ＡＢＣ ①", ["abc", "1"]),
        ("Straße İstanbul", ["strasse", "istanbul"]),
        (" \t\0!?_", []),
        ("wa\u00adng y\u200di\u200f", ["wang", "yi"]),
        ("葛\U000e0101 \ufefflove\u2764\ufe0f", ["葛", "love"]),
        ("", []),
    ],
)
def test_what_a_text_is_stored_under(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("島", ["岛"]),
        ("尖閣", ["尖阁"]),
        ("尖閣諸島", ["尖阁", "阁诸", "诸岛"]),
        ("Wang 王", ["wang", "王"]),
    ],
)
def test_a_question_asks_for_pairs(query: str, expected: list[str]) -> None:
    assert query_terms(query) == expected


def test_a_voiced_kana_is_another_letter() -> None:
    assert set(terms("か")) & set(terms("が")) == set()


def test_what_nobody_sees_stands_where_its_word_does() -> None:
    found = [("wang", 0, 5), ("が", 6, 9)]
    assert list(spans("wa\u00adng か\u200d\u3099")) == found


def test_decomposed_text_is_the_same() -> None:
    assert fold("e\u0301 か\u3099 \u1103\u1169\u11a8") == "e が 독"


@given(RUNS, RUNS, RUNS)
def test_a_run_is_found_within_a_longer_one(before: str, run: str, after: str) -> None:
    assert set(query_terms(run)) <= set(terms(before + run + after))


@given(st.text(), BLANKS, st.one_of(WORDS, RUNS), BLANKS, st.text())
def test_a_word_is_found_in_a_text(
    before: str, left: str, word: str, right: str, after: str
) -> None:
    assert set(query_terms(word)) <= set(terms(before + left + word + right + after))


@given(st.text())
def test_any_text_is_safe(text: str) -> None:
    found = terms(text)
    assert set(query_terms(text)) <= set(found)
    assert len(found) == len(set(found))
    assert all(0 < len(term) <= LENGTH for term in found)
    assert [query_terms(term)[:1] for term in found if len(term) < LENGTH] == [
        [term] for term in found if len(term) < LENGTH
    ]


# -------------------------------------------------------------------- places in a text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wang Yi", [("wang", 0, 4), ("yi", 5, 7)]),
        ("Zu\u0308rich!", [("zurich", 0, 7)]),
        ("\u1103\u1169\u11a8도", [("독", 0, 3), ("도", 3, 4), ("독도", 0, 4)]),
        ("ｶﾞ", [("ガ", 0, 2)]),
        ("㌔", [("キ", 0, 1), ("ロ", 0, 1), ("キロ", 0, 1)]),
        ("the U.S. FTA", [("the", 0, 3), ("us", 4, 7), ("fta", 9, 12)]),
        ("é U.S.", [("e", 0, 1), ("us", 2, 5)]),
        ("Straße", [("strasse", 0, 6)]),
        ("", []),
    ],
)
def test_where_terms_stand(text: str, expected: list[tuple[str, int, int]]) -> None:
    assert list(spans(text)) == expected


ANY = st.one_of(
    st.text(),
    st.text("aU.sß İﬁｶﾞ㌔が\u3099\u0301\u0308\u1103\u1169\u11a8\uffc2\u0345독도尖閣①⒈ａé ाक़्"),
)


@given(ANY)
def test_each_place_holds_its_term(text: str) -> None:
    found = list(spans(text))
    assert {term for term, _, _ in found} == set(terms(text))
    for term, start, end in found:
        assert 0 <= start < end <= len(text)
        assert term in terms(text[start:end])


# ------------------------------------------------------------------------ whole names


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Dokdo/Takeshima", "dokdo takeshima", True),
        ("Wang Yi", "WANG  YÍ", True),
        ("Wang Yi", "Yi Wang", False),
        ("Wang", "Wang Yi", False),
        ("尖閣", "尖閣諸島", False),
        ("U.S.", "us", True),
    ],
)
def test_names_as_a_whole(one: str, other: str, same: bool) -> None:
    assert (whole(one) == whole(other)) is same


@given(st.text())
def test_a_whole_name_is_like_no_word(text: str) -> None:
    found = whole(text)
    assert (found is None) == (terms(text) == [])
    assert found is None or (is_whole(found) and len(found) <= WHOLE)
    assert not any(map(is_whole, terms(text)))
