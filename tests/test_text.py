"""Texts: how they fall into paragraphs and sentences, and how offsets convert."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seeds.text import Sentence, Text


def seen(content: str) -> str:
    return "".join(content.replace("\ufeff", " ").split())


def split(content: str) -> list[str]:
    return [content[each.start : each.end] for each in Text(content).sentences]


@pytest.mark.parametrize(
    "sentences",
    [
        ["The ministers met.", "They agreed!", "Did they?", "Perhaps."],
        ["The U.S. President came by air.", "He left."],
        ["It strained China-U.S. relations.", "Japan waited."],
        ["They went to the U.S. The talks failed."],
        ["Mr. Ito met Dr. Kim at St. Anne vs. Professor J. R. Lee.", "All agreed."],
        ["See No. 5 and Art. 12 of it.", "He said no.", "That was all."],
        ["Growth was 3.5 percent.", "It was 2.1 in 2023.", "25 states took part."],
        ["He cited e.g. Asia, i.e. Japan.", "Pears, plums etc.", "Nothing else."],
        ["“We agree on peace.”", "He left."],
        ["“We agree.", "We go,” he said."],
        ["It held (in Rome.)", "[Later] it failed."],
        ["He came from (the U.S.) Texas.", "“I am from the U.S.”", "He left."],
        ["Well... maybe.", "So...", "Then it ended?!", "‘Yes.’", "No."],
        ["1. Trade grows.", "2. Peace holds."],
        ["See example.org or a.b for it.", "It is there."],
        ["그는 말했다.", "우리는 동의했다."],
        ["Встреча прошла.", "Они уехали."],
    ],
)
def test_sentences_parted_by_blanks(sentences: list[str]) -> None:
    assert split(" ".join(sentences)) == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["双方会谈。", "气氛友好！", "结果如何？", "不明"],
        ["他说：“我们同意。”", "会议结束。"],
        ["「賛成する。」と述べた。", "会議は終わった。"],
        ["（了。）", "好。"],
        ["他问“谁？”，没有回答。"],
        ["真的！？", "是。"],
    ],
)
def test_sentences_that_follow_at_once(sentences: list[str]) -> None:
    assert split("".join(sentences)) == sentences


def test_paragraphs_are_the_lines_that_are_not_blank() -> None:
    text = Text("\ufeffOne. Two.\r\n \t\r\n\n  Three. \rFour")
    assert text.sentences == (
        Sentence(1, 1, 1, 5),
        Sentence(1, 2, 6, 10),
        Sentence(2, 1, 19, 25),
        Sentence(3, 1, 27, 31),
    )


@pytest.mark.parametrize("content", ["", " \n\r\n", "\ufeff"])
def test_a_blank_text_has_no_sentences(content: str) -> None:
    assert Text(content).sentences == ()


def test_a_file_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"\xef\xbb\xbfA.\r\nB.\rC.\n")
    text = Text.read(path)
    assert text.content == "\ufeffA.\r\nB.\rC.\n"
    assert len(text) == 11
    assert text.sha256() == sha256(path.read_bytes()).hexdigest()


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes("été".encode("latin-1"))
    with pytest.raises(UnicodeDecodeError):
        Text.read(path)


def test_offsets_convert_to_both_units() -> None:
    text = Text("aé日𝄞z")
    assert text.utf16_offsets == (0, 1, 2, 3, 5, 6)
    assert text.utf8_offsets == (0, 1, 3, 6, 10, 11)


def test_a_digest_is_of_the_passage_in_utf8() -> None:
    text = Text("aé日𝄞z")
    assert text.sha256(1, 4) == sha256("é日𝄞".encode()).hexdigest()


def test_a_sentence_is_found_by_offset_and_by_number() -> None:
    text = Text("  One. Two.\nThree.")
    one, two, three = text.sentences
    assert [text.sentence_at(offset) for offset in (2, 5, 6, 7, 11, 17)] == [
        *(one, one, one, two, two, three),
    ]
    assert text.find_sentence(1, 2) == two
    assert text.find_sentence(2, 2) is None
    with pytest.raises(ValueError, match="no sentence begins at or before character 1"):
        text.sentence_at(1)


@given(st.text(alphabet='aA1 .!?。」”"(\n\r\ufeff日と𝄞', max_size=60))
def test_sentences_hold_every_character_that_is_not_blank(content: str) -> None:
    text = Text(content)
    held = "".join(content[each.start : each.end] for each in text.sentences)
    assert seen(held) == seen(content)
    assert all(a.end <= b.start for a, b in zip(text.sentences, text.sentences[1:], strict=False))
    assert all(each.start < each.end for each in text.sentences)


@given(st.text(max_size=40))
def test_offsets_agree_with_encoding(content: str) -> None:
    text = Text(content.encode("utf-8", "ignore").decode())
    for offset in range(len(text) + 1):
        head = text.content[:offset]
        assert text.utf8_offsets[offset] == len(head.encode())
        assert text.utf16_offsets[offset] == len(head.encode("utf-16-le")) // 2
