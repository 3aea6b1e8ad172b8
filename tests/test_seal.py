"""Sealing: evidence becomes locators, nothing else changes, and what is doubtful is refused."""

from hashlib import sha256
from pathlib import Path

import pytest

from seeds.reader import BundleError, read_bundle
from seeds.seal import SealReport, seal

TEXT = "The envoy said: “We agree.” They drank tea.\n\nThe 茶 was cold. They drank tea.\n"
DIGEST = sha256(TEXT.encode()).hexdigest()
AGREE = sha256("The envoy said: “We agree.”".encode()).hexdigest()
COLD = sha256("茶 was cold".encode()).hexdigest()
TEA = sha256(b"They drank tea.").hexdigest()

SOURCES = """# Where it is from
sources:
  - key: diary
    rights: metadata_only  # not ours

  - key: other
    rights: full_text
"""
FILLED = f"""# Where it is from
sources:
  - key: diary
    rights: metadata_only  # not ours
    sha256: {DIGEST}
    characters: 77
    outline:
      - [1, 1, 0, 27]
      - [1, 2, 28, 43]
      - [2, 1, 45, 60]
      - [2, 2, 61, 76]

  - key: other
    rights: full_text
"""
MEETINGS = """meetings:
- key: tea   # the first
  name: 'Tea'
  evidence:
  # who spoke
  - source: diary
    words: "The envoy said: “We agree.”"
    quote: “We agree.”
    part: stages/agreed

  - {source: diary,
     words: 茶 was cold}  # brr
  stages:
  - key: cup
    evidence: [{source: diary, words: They drank tea., paragraph: 2}]
"""
SEALED = f"""meetings:
- key: tea   # the first
  name: 'Tea'
  evidence:
  # who spoke
  - {{source: diary, part: stages/agreed, quote: "“We agree.”", paragraph: 1, sentence: 1, \
start: [0, 0, 0], end: [27, 27, 31], sha256: {AGREE}}}

  - {{source: diary, paragraph: 2, sentence: 1, \
start: [49, 49, 53], end: [59, 59, 65], sha256: {COLD}}}  # brr
  stages:
  - key: cup
    evidence: [{{source: diary, paragraph: 2, sentence: 2, \
start: [61, 61, 67], end: [76, 76, 82], sha256: {TEA}}}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "text.txt").write_bytes(TEXT.encode())
    write(tmp_path, "bundle", "bundle: toy\nbasis: source\n")
    write(tmp_path, "sources", SOURCES)
    return tmp_path


def write(folder: Path, name: str, text: str) -> None:
    (folder / f"{name}.yaml").write_bytes(text.encode())


def read(folder: Path) -> dict[str, str]:
    return {path.name: path.read_bytes().decode() for path in folder.iterdir()}


def seal_diary(folder: Path) -> SealReport:
    return seal(folder, {"diary": folder / "text.txt"})


def problems(folder: Path) -> list[str]:
    """What sealing complains of, once it is certain that nothing was written."""
    before = read(folder)
    with pytest.raises(BundleError) as caught:
        seal_diary(folder)
    assert read(folder) == before
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_sealing_replaces_evidence_and_fills_sources(folder: Path, line_end: str) -> None:
    write(folder, "sources", SOURCES.replace("\n", line_end))
    write(folder, "meetings", MEETINGS.replace("\n", line_end))
    report = seal_diary(folder)
    assert report == SealReport(3, ("meetings.yaml", "sources.yaml"))
    assert str(report) == "passages sealed: 3; files changed: meetings.yaml, sources.yaml"
    assert read(folder) == {
        "bundle.yaml": "bundle: toy\nbasis: source\n",
        "sources.yaml": FILLED.replace("\n", line_end),
        "meetings.yaml": SEALED.replace("\n", line_end),
        "text.txt": TEXT,
    }


def test_sealing_twice_changes_nothing(folder: Path) -> None:
    write(folder, "meetings", MEETINGS)
    seal_diary(folder)
    before = read(folder)
    report = seal_diary(folder)
    assert report == SealReport(0, ())
    assert str(report) == "passages sealed: 0; files changed: none"
    assert read(folder) == before


@pytest.mark.parametrize("rights", ["excerpts", "full_text"])
def test_the_words_stay_where_the_rights_allow_it(folder: Path, rights: str) -> None:
    write(folder, "sources", SOURCES.replace("metadata_only", rights))
    write(folder, "meetings", "meetings:\n- {key: a, evidence: [{source: diary, words: 茶 was}]}\n")
    seal_diary(folder)
    sealed = read(folder)["meetings.yaml"]
    assert sealed.endswith(
        f'sha256: {sha256("茶 was".encode()).hexdigest()}, passage: "茶 was"}}]}}\n'
    )


@pytest.mark.parametrize(
    "quote",
    ['say "no"', "it's: # odd", "a\\b", "x\u2028y", "\u0085z", "22", "true", "- a", "日", "𝄞"],
)
def test_quotations_survive_whatever_they_hold(folder: Path, quote: str) -> None:
    (folder / "text.txt").write_bytes(f"It begins {quote} and ends.".encode())
    escaped = quote.translate({i: f"\\u{i:04x}" for i in map(ord, '"\\\u2028\u0085')})
    item = f'{{source: diary, words: "begins {escaped} and", quote: "{escaped}", part: "a b"}}'
    write(folder, "meetings", f"meetings:\n- key: a\n  evidence: [{item}]\n")
    seal_diary(folder)
    entry = next(e for e in read_bundle(folder).entries if e.collection == "meetings")
    assert entry.data["evidence"][0]["quote"] == quote
    assert entry.data["evidence"][0]["part"] == "a b"


def test_a_source_at_the_end_of_a_file_is_filled(folder: Path) -> None:
    write(folder, "sources", "sources:\n- key: diary\n  about: >-\n    folded\n    text")
    seal_diary(folder)
    entry = read_bundle(folder).entries[0]
    assert {name: entry.data[name] for name in ("about", "sha256", "characters", "outline")} == {
        "about": "folded text",
        "sha256": DIGEST,
        "characters": 77,
        "outline": [[1, 1, 0, 27], [1, 2, 28, 43], [2, 1, 45, 60], [2, 2, 61, 76]],
    }


def test_a_blank_text_has_an_empty_outline(folder: Path) -> None:
    (folder / "text.txt").write_bytes(b"\n")
    seal_diary(folder)
    entry = read_bundle(folder).entries[0]
    assert (entry.data["characters"], entry.data["outline"]) == (1, [])


def test_every_problem_is_listed_and_nothing_is_written(folder: Path) -> None:
    write(
        folder,
        "a",
        """meetings:
- key: one
  evidence:
  - {source: diary, words: They drank tea.}
  - {source: diary, words: coffee}
  - source: diary
    words: was cold
    quote: warm
- key: two
  evidence:
  - {source: diary, words: was cold}
  - {source: other, words: was cold}
  - {source: diary, words: was cold, note: x, sha256: y}
  - source: diary   # lost
    words: was cold
  - {source: diary, words: 7}
  - {source: diary, words: was cold, paragraph: "2"}
  - {words: was cold}
  - was cold
""",
    )
    twice = (
        "the words occur 2 times (paragraph 1, sentence 2, characters 28 to 43; paragraph 2, "
        "sentence 2, characters 61 to 76): quote more of the passage, or name its paragraph and "
        "sentence"
    )
    nameless = "a piece of evidence is a mapping that names its source"
    comment = "the comment within it would be lost: move it before or after"
    assert problems(folder) == [
        f"a.yaml:4: meetings/one: evidence/0: {twice}",
        "a.yaml:5: meetings/one: evidence/1: the words do not occur in the text",
        "a.yaml:6: meetings/one: evidence/2: quote does not occur in words, letter by letter",
        "a.yaml:12: meetings/two: evidence/1: the text of other was not given",
        "a.yaml:13: meetings/two: evidence/2: note, sha256 cannot stand beside words",
        f"a.yaml:14: meetings/two: evidence/3: {comment}",
        "a.yaml:16: meetings/two: evidence/4: words must be text",
        "a.yaml:17: meetings/two: evidence/5: paragraph must be a whole number from 1",
        f"a.yaml:18: meetings/two: evidence/6: {nameless}",
        f"a.yaml:19: meetings/two: evidence/7: {nameless}",
    ]


def test_what_is_sealed_must_stand_in_the_text(folder: Path) -> None:
    write(folder, "meetings", SEALED.replace("[49, 49, 53]", "[48, 48, 52]").replace(TEA, "0" * 64))
    drifted = "drifted: the sentence is there and no longer holds this passage"
    assert problems(folder) == [
        f"meetings.yaml:8: meetings/tea: evidence/1: {drifted}",
        f"meetings.yaml:11: meetings/tea: stages/0/evidence/0: {drifted}",
    ]


def test_a_locator_of_the_wrong_form_is_refused(folder: Path) -> None:
    write(folder, "meetings", SEALED.replace("paragraph: 2", "paragraph: x", 1))
    assert problems(folder) == [
        "meetings.yaml:8: meetings/tea: evidence/1: paragraph must be a whole number from 1"
    ]


def test_another_text_than_the_sealed_one_is_refused(folder: Path) -> None:
    seal_diary(folder)
    (folder / "text.txt").write_bytes(TEXT.replace("cold", "warm!").encode())
    filled = "is not that of the text; take it out to have it filled in"
    assert problems(folder) == [
        f"sources.yaml:5: sources/diary: sha256 {filled}",
        f"sources.yaml:6: sources/diary: characters {filled}",
        f"sources.yaml:8: sources/diary: outline {filled}",
    ]


def test_a_source_without_a_record_is_refused(folder: Path) -> None:
    write(folder, "sources", "sources: []\n")
    assert problems(folder) == [
        "bundle.yaml:1: sources/diary: a text was given for it, and the bundle has no such record"
    ]


def test_a_source_on_one_line_is_refused(folder: Path) -> None:
    write(folder, "sources", "sources:\n- {key: diary}\n")
    assert problems(folder) == [
        "sources.yaml:2: sources/diary: write a source in block style, a field to a line"
    ]


def test_a_record_that_filling_would_change_is_refused(folder: Path) -> None:
    write(folder, "sources", "sources:\n- key: diary\n  about: |+\n    kept\n\n- key: b\n")
    message = "sealing would change more than evidence: end the record with a plain field"
    assert problems(folder) == [f"sources.yaml:2: sources/diary: {message}"]


def test_texts_that_cannot_be_read_are_listed(folder: Path) -> None:
    (folder / "latin.txt").write_bytes(b"\xe9t\xe9")
    texts = {"diary": folder / "absent.txt", "other": folder / "latin.txt"}
    with pytest.raises(BundleError) as caught:
        seal(folder, texts)
    assert [str(problem) for problem in caught.value.problems] == [
        f"{folder}/absent.txt:1: sources/diary: no text: No such file or directory",
        f"{folder}/latin.txt:1: sources/other: the text is not UTF-8",
    ]


def test_a_bundle_that_cannot_be_read_is_not_sealed(folder: Path) -> None:
    write(folder, "a", "meetings:\n- key: [\n")
    assert problems(folder) == ["a.yaml:3: not YAML: did not find expected node content"]
