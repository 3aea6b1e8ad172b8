"""Bundles as files: what YAML becomes, where nodes stand, and what is refused."""

from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from seeds import reader
from seeds.reader import BundleError, clean, read_bundle, read_entries, scalar

HEADER = "bundle: toy\nbasis: source\nlicense: CC0-1.0\n"


def write(folder: Path, **files: str) -> Path:
    for name, text in {"bundle": HEADER, **files}.items():
        (folder / f"{name}.yaml").write_bytes(text.encode())
    return folder


def problems(folder: Path) -> list[str]:
    with pytest.raises(BundleError) as caught:
        read_bundle(folder)
    assert str(caught.value) == "\n".join(map(str, caught.value.problems))
    return [str(problem) for problem in caught.value.problems]


def only(text: str) -> dict[str, Any]:
    (entry,) = read_entries(text, "a.yaml")
    return entry.data


def test_a_bundle_is_its_header_and_its_records(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        b="topics:\n- key: trade\n",
        a="# first\nmeetings:\n- key: one\n  name: A\n\n- {key: two}\nseries: []\n",
    )
    (folder / "notes.md").write_text("not read")
    bundle = read_bundle(folder)
    assert bundle.folder == folder
    assert bundle.header == {"bundle": "toy", "basis": "source", "license": "CC0-1.0"}
    assert [(each.name, each.data, each.file, each.line) for each in bundle.entries] == [
        ("meetings/one", {"key": "one", "name": "A"}, "a.yaml", 3),
        ("meetings/two", {"key": "two"}, "a.yaml", 6),
        ("topics/trade", {"key": "trade"}, "b.yaml", 2),
    ]
    assert bundle.texts["b.yaml"] == "topics:\n- key: trade\n"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("~", None),
        ("", None),
        ("22", 22),
        ("-1", -1),
        ("0", 0),
        ("1.50", 1.5),
        ("-0.25", -0.25),
        ("2025-03-22", "2025-03-22"),
        ("XXXX-03-22", "XXXX-03-22"),
        ("2025-03-22T10:00:00Z", "2025-03-22T10:00:00Z"),
        ("no", "no"),
        ("NO", "NO"),
        ("on", "on"),
        ("True", "True"),
        ("NULL", "NULL"),
        ("007", "007"),
        ("0o17", "0o17"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("12:30", "12:30"),
        ("+1", "+1"),
        ("1e5", "1e5"),
        (".5", ".5"),
        (".inf", ".inf"),
        ("1234567890123456789", "1234567890123456789"),
        ("<<", "<<"),
    ],
)
def test_plain_text_is_a_number_or_a_constant_only_where_it_looks_so(
    text: str, value: object
) -> None:
    assert scalar(text) == value
    assert type(scalar(text)) is type(value)
    data = only(f"topics:\n- key: a\n  it: {text}\n  quoted: '{text}'\n")
    assert (data["it"], data["quoted"]) == (value, text)
    assert type(data["it"]) is type(value)


SPANS = """# 日本 𝄞
meetings:
- key: a # c
  evidence:
  - source: k
    words: "日本 x"  # tail

  # after
  - {source: k,
     words: foo bar}  # flow
  empty:
  folded: >-
    foo
    bar

- key: b
"""


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_each_node_knows_where_it_stands(line_end: str) -> None:
    text = SPANS.replace("\n", line_end)
    a, b = read_entries(text, "a.yaml")
    found = {path: text[span.start : span.end] for path, span in a.spans.items()}
    assert found[("key",)] == "a"
    assert found[("evidence", 0)] == f'source: k{line_end}    words: "日本 x"'
    assert found[("evidence", 0, "words")] == '"日本 x"'
    assert found[("evidence", 1)] == f"{{source: k,{line_end}     words: foo bar}}"
    assert found[("empty",)] == ""
    assert found[("folded",)] == f">-{line_end}    foo{line_end}    bar"
    assert found[()].startswith("key: a # c")
    assert found[()].endswith(f"foo{line_end}    bar")
    assert a.spans["evidence", 1, "words"].line == 10
    assert (b.line, text[b.spans[()].start : b.spans[()].end]) == (16, "key: b")
    assert a.data == {
        "key": "a",
        "evidence": [{"source": "k", "words": "日本 x"}, {"source": "k", "words": "foo bar"}],
        "empty": None,
        "folded": "foo bar",
    }


def test_spans_do_not_depend_on_the_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = read_entries(SPANS, "a.yaml")
    monkeypatch.setattr(reader, "_LOADER", yaml.SafeLoader)
    assert read_entries(SPANS, "a.yaml") == expected


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("topics:\n- key: a\n  key: b\n", "a.yaml:3: the key key is there twice"),
        ("topics: []\ntopics: []\n", "a.yaml:2: the key topics is there twice"),
        ("topics:\n- &x {key: a}\n- *x\n", "a.yaml:2: anchors and aliases are not allowed"),
        ("topics:\n- *x\n", "a.yaml:2: anchors and aliases are not allowed"),
        ("topics:\n- !!python/name:os.system {key: a}\n", "a.yaml:2: tags are not allowed"),
        ("topics:\n- {key: ! a}\n", "a.yaml:2: tags are not allowed"),
        ("topics: []\n---\ntopics: []\n", "a.yaml:2: a file is one document"),
        ("", "a.yaml:1: the file is empty"),
        ("# nothing\n", "a.yaml:2: the file is empty"),
        ("topics:\n- {key: a, 2025: b}\n", "a.yaml:2: a key must be text: quote it"),
        ("topics:\n- {key: a, [b]: c}\n", "a.yaml:2: a key must be text: quote it"),
        ("- key: a\n", "a.yaml:1: the file maps collections to lists of records"),
        ("topics:\n  key: a\n", "a.yaml:2: topics must be a list of records"),
        ("topics:\n- a\n", "a.yaml:2: each of topics is a mapping with a key that is text"),
        ("topics:\n- {key: 1}\n", "a.yaml:2: each of topics is a mapping with a key that is text"),
        ("topics:\n- key: a\n  b: [c\n", "a.yaml:4: not YAML: did not find expected ',' or ']'"),
        ("topics:\n- key: a\n  b: \x00\n", "a.yaml:3: the character U+0000 is not allowed"),
        ('topics:\n- key: a\n  b: "\\0"\n', "a.yaml:3: the character U+0000 is not allowed"),
        (
            'topics:\n- key: "\\uD800"\n',
            "a.yaml:2: not YAML: found invalid Unicode character escape code",
        ),
        ("topics:\n- key: \ufeffa\n  b: \x07\n", "a.yaml:3: the character U+0007 is not allowed"),
        ("topics: " + "[" * 21 + "]" * 21, "a.yaml:1: the file nests more than 20 deep"),
        ("topics: " + "[" * 99999, "a.yaml:1: the file nests more than 20 deep"),
    ],
)
def test_what_is_not_plain_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    assert problems(write(tmp_path, a=text)) == [problem]


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ("- a\n", "bundle.yaml:1: the file describes the bundle in a mapping"),
        ("basis: source\n", "bundle.yaml:1: bundle must be the bundle's name"),
        ("bundle: toy\n", "bundle.yaml:1: basis must be source or reference"),
        ("bundle: toy\nbasis: guess\n", "bundle.yaml:1: basis must be source or reference"),
    ],
)
def test_a_header_that_does_not_describe_a_bundle_is_refused(
    tmp_path: Path, header: str, problem: str
) -> None:
    assert problems(write(tmp_path, bundle=header)) == [problem]


def test_the_problems_of_all_files_are_listed(tmp_path: Path) -> None:
    folder = write(
        tmp_path,
        bundle="bundle: toy\n",
        a="topics:\n- key: a\n- b\n- c\n",
        b="topics: {}\nseries: []\nplaces: 1\n",
        c="topics:\n- key: x\n- key: x\n",
    )
    assert problems(folder) == [
        "a.yaml:3: each of topics is a mapping with a key that is text",
        "a.yaml:4: each of topics is a mapping with a key that is text",
        "b.yaml:1: topics must be a list of records",
        "b.yaml:3: places must be a list of records",
        "bundle.yaml:1: basis must be source or reference",
        "c.yaml:3: topics/x: the key is taken by c.yaml:2",
    ]


def test_a_key_is_taken_across_files(tmp_path: Path) -> None:
    folder = write(tmp_path, a="topics:\n- key: x\n", b="series:\n- key: x\ntopics:\n- key: x\n")
    assert problems(folder) == ["b.yaml:4: topics/x: the key is taken by a.yaml:2"]


def test_a_folder_without_a_header_is_no_bundle(tmp_path: Path) -> None:
    expected = ["bundle.yaml:1: a bundle is a folder with this file in it"]
    assert problems(tmp_path) == expected
    assert problems(tmp_path / "absent") == expected


def test_a_file_that_would_be_overlooked_is_refused(tmp_path: Path) -> None:
    (write(tmp_path) / "a.yml").write_text("topics: []\n")
    assert problems(tmp_path) == ["a.yml:1: the files of a bundle end in .yaml"]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (b"topics: []\n# \xff\n", "a.yaml:2: the file is not UTF-8"),
        (b"\xef\xbb\xbftopics: []\n", "a.yaml:1: the file begins with a byte order mark"),
        (b"#" * 101, "a.yaml:1: the file has more than 100 bytes"),
    ],
)
def test_bytes_that_are_not_fit_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, data: bytes, problem: str
) -> None:
    monkeypatch.setattr(reader, "MAX_BYTES", 100)
    (write(tmp_path) / "a.yaml").write_bytes(data)
    assert problems(tmp_path) == [problem]


@pytest.mark.parametrize("text", ["", "Zürich", "日本 𝄞", "two\nlines", "زبان\u200cها"])
def test_clean_text_is_returned(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Zu\u0308rich", "the text is not in Unicode normal form C"),
        ("a\x00", r"the character U\+0000 is not allowed"),
        ("a\tb", r"the character U\+0009 is not allowed"),
        ("a\rb", r"the character U\+000D is not allowed"),
        ("a\x85b", r"the character U\+0085 is not allowed"),
        ("a\u202eb", r"the character U\+202E is not allowed"),
        ("a\u2066b", r"the character U\+2066 is not allowed"),
        ("a\u200fb", r"the character U\+200F is not allowed"),
        ("\ufeffa", r"the character U\+FEFF is not allowed"),
        ("\ud800", r"the character U\+D800 is not allowed"),
    ],
)
def test_text_that_is_not_clean_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$"):
        clean(text)


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@`?~<, \n\t日", max_size=40))
def test_any_file_is_read_or_refused(text: str) -> None:
    try:
        entries = read_entries(text, "a.yaml")
    except BundleError as error:
        assert {problem.file for problem in error.problems} == {"a.yaml"}  # noqa: PT017
    else:
        assert all(isinstance(entry.data["key"], str) for entry in entries)
