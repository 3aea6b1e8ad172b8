"""Names: spellings of one name meet, those of two records stay apart, and any text is safe."""

from collections import defaultdict
from collections.abc import Iterator
from time import perf_counter

import pytest
import sqlalchemy as sa
from conftest import on_sqlite
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, col, select

from app.models import Collection, Name, Participant, Record
from app.names import hangul, kana
from app.names.spellings import LENGTH, joined, plain, sound, sound_keys, spellings
from app.query import han

TEXTS = st.text(
    st.one_of(st.sampled_from("王毅臺島독도조イワヤが々〇ー'’.・- aWſŉ①"), st.characters())
)

Known = tuple[Collection, str]
"""A record: its collection and slug."""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Cho Tae-yul", "CHO TAE YUL"),
        ("Zürich", "zurich"),
        ("T’ai-pei", "T'ai Pei"),
        ("釣魚臺", "钓鱼台"),
        ("独島", "獨島"),
        ("尖閣諸島", "尖阁诸岛"),
        ("沢", "澤"),
        ("廣沢", "广泽"),
        ("ｲﾜﾔ", "イワヤ"),
        ("U.S.", "US"),
        ("People's Republic", "Peoples republic"),
    ],
)
def test_plain_forms_meet(one: str, other: str) -> None:
    assert plain(one) == plain(other)


@pytest.mark.parametrize(
    ("written", "name", "language", "person"),
    [
        ("wang yi", "王毅", "zh-Hans", True),
        ("Wangyi", "王毅", "zh-Hans", True),
        ("Yi Wang", "王毅", "zh-Hans", True),
        ("Diaoyudao", "钓鱼岛", "zh-Hans", False),
        ("diao yu tai", "釣魚臺", "zh-Hant", False),
        ("Zeng Qinghong", "曾庆红", "zh-Hans", True),
        ("Chongqing", "重庆", "zh-Hans", False),
        ("Jo Tae-yeol", "조태열", "ko", True),
        ("Tae-yeol Jo", "조태열", "ko", True),
        ("Dokdo", "독도", "ko", False),
        ("Dongnim-mun", "독립문", "ko", False),
        ("Silla", "신라", "ko", False),
        ("Iwaya Takeshi", "イワヤ・タケシ", "ja", True),
        ("Takeshi Iwaya", "いわや　たけし", "ja", True),
        ("Trump, Donald", "Donald Trump", "en", True),
        ("Trump, Donald J.", "Donald J. Trump", "en", True),
        ("Zhongguo", "中國", None, False),
    ],
)
def test_spellings_meet(written: str, name: str, language: str | None, person: bool) -> None:
    assert joined(plain(written)) in {
        joined(one) for one in spellings(name, language, person=person)
    }


@pytest.mark.parametrize(
    "names",
    [
        ("Dokdo", "Tokto", "Tokdo", "독도"),
        ("Tiaoyutai", "T'iao-yü-t'ai", "Diaoyutai", "釣魚台"),
        ("Cho Tae-yul", "Jo Tae-yeol", "Cho T'ae-yŏl", "조태열"),
        ("Wang Yi", "Wang I", "王毅"),
        ("Kim Jong-un", "Kim Jeong-eun", "Kim Chŏng'ŭn", "김정은"),
        ("Park Geun-hye", "Bak Geun-hye", "Pak Kŭn-hye", "박근혜"),
        ("Ban Ki-moon", "Ban Gi-mun", "Pan Ki-mun", "반기문"),
        ("Yoon Suk Yeol", "Yun Seok-yeol", "윤석열"),
        ("Mao Zedong", "Mao Tse-tung", "毛澤東"),
        ("Deng Xiaoping", "Teng Hsiao-p'ing", "邓小平"),
        ("Zhou Enlai", "Chou En-lai", "周恩來"),
        ("Kōno Tarō", "Kouno Tarou", "Kohno Taroh", "こうの たろう"),
        ("Iwaya Takeshi", "Iwaya Takesi", "イワヤ・タケシ"),
    ],
)
def test_systems_of_romanisation_sound_alike(names: tuple[str, ...]) -> None:
    keys = [sound_keys(name, person=True)[0] for name in names]
    assert keys == [keys[0]] * len(names)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Wang Yi", "Wang Yu"),
        ("Wang Yi", "Wang Ying"),
        ("Kono", "Kuno"),
        ("Yuko", "Yoko"),
        ("Kishida", "Kishi"),
        ("Cho Tae-yul", "Cho Tae-yong"),
        ("Dokdo", "Tokyo"),
        ("Shanxi", "Shaanxi Normal"),
        ("North Korea", "South Korea"),
    ],
)
def test_other_names_sound_otherwise(one: str, other: str) -> None:
    assert sound(plain(one)) != sound(plain(other))


def test_what_is_too_short_or_has_other_letters_has_no_sound() -> None:
    assert [sound(plain(name)) for name in ("Yi", "I", "", "王毅", "독도", "Жуков")] == [None] * 6


def test_a_character_without_a_reading_stays() -> None:
    assert han.syllables("𠮷王毅") == ["𠮷", "wang", "yi"]
    assert han.syllables("曾𠮷", person=True) == ["zeng", "𠮷"]
    assert spellings("王𠮷毅") == ["王𠮷毅", "wang 𠮷 yi"]
    assert sound_keys("王𠮷毅") == []


def test_chinese_characters_have_no_reading_in_japanese_and_korean() -> None:
    assert spellings("竹島", "ja") == spellings("竹島", "ko") == ["竹岛"]
    assert spellings("竹島", "zh-Hant") == ["竹岛", "zhu dao"]


@pytest.mark.parametrize(
    ("written", "latin"),
    [
        ("しゃっちょう", "shatchou"),
        ("ティファニー", "tifani"),
        ("キーウ", "kiu"),
        ("ふじ", "fuji"),
        ("つづき", "tsuzuki"),
        ("ヴェネツィア", "venetsia"),
        ("ウィーン", "win"),
        ("ジェームズ", "jemuzu"),
        ("さっぽろ", "sapporo"),
    ],
)
def test_kana_in_hepburn(written: str, latin: str) -> None:
    assert kana.latin(written) == latin


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("한국", "hanguk"), ("독립", "dongnip"), ("종로", "jongno"), ("신라", "silla"),
        ("별내", "byeollae"), ("독일", "dogil"), ("왕십리", "wangsimni"), ("밥물", "bammul"),
        ("없음", "eopseum"), ("평양", "pyeongyang"), ("", ""),
    ],
)  # fmt: skip
def test_hangul_as_it_is_spoken(written: str, spoken: str) -> None:
    assert hangul.spoken(written) == spoken


def test_each_character_has_one_form_and_keeps_its_place() -> None:
    assert han.unified("臺湾 Taiwan 東京都") == "台湾 Taiwan 东京都"
    everything = "".join(map(chr, [*range(0x3400, 0xA000), *range(0x20000, 0x2A6E0)]))
    once = han.unified(everything)
    assert len(once) == len(everything)
    assert han.unified(once) == once


@given(TEXTS)
def test_any_text_has_a_bounded_plain_form_that_is_its_own(text: str) -> None:
    form = plain(text)
    assert len(form) <= LENGTH
    assert plain(form) == form
    assert plain(text.upper().lower()) == plain(text.lower())


@given(TEXTS, st.sampled_from([None, "zh-Hant", "ja", "ko", "en"]), st.booleans())
def test_any_text_has_bounded_spellings(text: str, language: str | None, person: bool) -> None:
    found = spellings(text, language, person=person)
    assert found[:1] == [form for form in [plain(text)] if form]
    assert len(found) <= 9
    assert all(one and len(one) <= LENGTH and plain(one) == one for one in found)
    keys = sound_keys(text, language, person=person)
    assert all(3 <= len(key) <= LENGTH and key.isalnum() for key in keys)


def test_a_long_text_is_cut_before_it_is_looked_at() -> None:
    assert plain("é" * 10**6) == "e" * LENGTH
    assert spellings("王" * 32, "zh")[1:] == [" ".join(["wang"] * 32)]
    assert spellings("王" * 33, "zh")[1:] == []
    assert spellings("王" * 10**6, "zh") == ["王" * LENGTH]


def test_fifty_thousand_names_are_spelt_in_seconds() -> None:
    names = ["王毅", "조태열", "Cho Tae-yul", "イワヤ・タケシ"] * 2500
    spellings("王毅")
    start = perf_counter()
    for name in names:
        sound_keys(name, person=True)
    assert perf_counter() - start < 12


# ------------------------------------------------------------------------ the seeded names


@pytest.fixture(scope="module")
def named(engine: sa.Engine) -> dict[Known, list[tuple[str, str, bool]]]:
    """Each name of each record, with its language and whether it is that of a person."""
    found: dict[Known, list[tuple[str, str, bool]]] = defaultdict(list)
    with Session(engine) as session:
        people = set(session.exec(select(Participant.id).where(col(Participant.kind) == "person")))
        query = select(Record, Name).join(Name, col(Name.record_id) == col(Record.id))
        for record, name in session.exec(query):
            found[record.collection, record.slug].append(
                (name.text, name.language, record.id in people)
            )
    return found


def shared(forms: dict[Known, set[str]]) -> Iterator[tuple[Collection, str, str, str]]:
    """Forms that two records of a collection have in common."""
    for one, other in ((a, b) for a in forms for b in forms if a < b and a[0] == b[0]):
        for form in sorted(forms[one] & forms[other]):
            yield one[0], one[1], other[1], form


@on_sqlite
def test_no_two_seeded_records_share_a_spelling(
    named: dict[Known, list[tuple[str, str, bool]]],
) -> None:
    forms = {
        one: {
            joined(form)
            for text, language, person in names
            for form in spellings(text, language, person=person)
        }
        for one, names in named.items()
    }
    assert len(forms) > 50
    assert list(shared(forms)) == []


@on_sqlite
def test_no_two_seeded_records_sound_alike(named: dict[Known, list[tuple[str, str, bool]]]) -> None:
    forms = {
        one: {
            key
            for text, language, person in names
            for key in sound_keys(text, language, person=person)
        }
        for one, names in named.items()
    }
    assert list(shared(forms)) == []
