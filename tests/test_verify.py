"""Verifying: what became of each piece of evidence, and which sentences nobody cites."""

from hashlib import sha256
from pathlib import Path

import pytest

from seeds.locators import Status, Verdict, locate
from seeds.reader import BundleError, read_bundle
from seeds.seal import seal
from seeds.text import Sentence, Text
from seeds.verify import Cited, citations, source_digest, verify

TEXT = Text("The envoy said: “We agree.” They drank tea.\n\nThe 茶 was cold.\n")


def cited(words: str, line: int = 1, quote: str | None = None) -> Cited:
    return Cited("a.yaml", line, "meetings/tea", locate(TEXT, words), quote)


def test_evidence_that_stands_is_ok() -> None:
    items = [cited("The envoy said: “We agree.”", quote="“We"), cited("tea"), cited("茶")]
    report = verify(items, TEXT, sha256=TEXT.sha256())
    assert report.ok
    assert report.counts == {"exact": 3, "moved": 0, "drifted": 0, "missing": 0}
    assert report.uncited == ()
    assert str(report) == "3 exact, 0 moved, 0 drifted, 0 missing"


def test_each_finding_is_told_in_order() -> None:
    items = [cited("They drank", 7), cited("cold", 5), cited("envoy", 6), cited("agree", 4)]
    after = Text("The envoy said: “We agree.” Now they drank tea. They drank.")
    report = verify(items, after, sha256=TEXT.sha256())
    assert not report.ok
    assert [verdict.status for _, verdict in report.verdicts] == [
        Status.moved,
        Status.missing,
        Status.exact,
        Status.exact,
    ]
    place = "paragraph 1, sentence 3, characters 48 to 58"
    assert str(report).splitlines() == [
        "the text is not the source's: its SHA-256 differs",
        f"a.yaml:7: meetings/tea: moved: the same passage now stands in {place}",
        f"a.yaml:5: meetings/tea: {Verdict(Status.missing)}",
        "paragraph 1, sentence 2: no record cites it",
        "paragraph 1, sentence 3: no record cites it",
        "2 exact, 1 moved, 0 drifted, 1 missing",
    ]


@pytest.mark.parametrize(
    ("after", "status"),
    [
        ("Oh. " + TEXT.content, Status.moved),
        (TEXT.content.replace("tea", "gin"), Status.drifted),
        ("One sentence.", Status.missing),
    ],
)
def test_one_piece_that_is_not_exact_is_not_ok(after: str, status: Status) -> None:
    report = verify([cited("They drank tea.")], Text(after))
    assert not report.ok
    assert report.counts == {each: int(each is status) for each in Status}


def test_a_quotation_must_be_in_its_passage() -> None:
    wrong = cited("They drank tea.", 9, quote="drank gin")
    report = verify([wrong, cited("envoy", quote="envoy")], TEXT)
    assert not report.ok
    assert report.misquoted == (wrong,)
    assert "a.yaml:9: meetings/tea: quote does not occur in the passage" in str(report)


def test_another_text_is_not_ok_even_where_all_stands() -> None:
    report = verify([cited("tea")], Text(TEXT.content + "\n"), sha256=TEXT.sha256())
    assert report.counts[Status.exact] == 1
    assert report.is_the_source is False
    assert not report.ok


def test_without_a_digest_the_text_is_taken_as_it_is() -> None:
    report = verify([cited("tea")], Text(TEXT.content + "\n"))
    assert report.is_the_source is None
    assert report.ok


def test_sentences_that_no_exact_piece_touches_are_listed() -> None:
    lost = Cited("a.yaml", 1, "meetings/tea", locate(Text("No. The 茶 was."), "The 茶 was."))
    report = verify([cited("tea"), lost], TEXT)
    assert report.uncited == (Sentence(1, 1, 0, 27), Sentence(2, 1, 45, 60))


def test_uncited_sentences_alone_do_not_fail() -> None:
    report = verify([], TEXT)
    assert report.ok
    assert len(report.uncited) == 3


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "text.txt").write_bytes(TEXT.content.encode())
    (tmp_path / "bundle.yaml").write_text("bundle: toy\nbasis: source\n")
    (tmp_path / "sources.yaml").write_text("sources:\n- key: diary\n- key: other\n")
    (tmp_path / "a.yaml").write_text(
        "meetings:\n- key: tea\n  evidence:\n  - {source: diary, words: tea, quote: tea}\n"
        "  stages:\n  - evidence: [{source: diary, words: envoy}]\n",
    )
    return tmp_path


def test_a_sealed_bundle_verifies(folder: Path) -> None:
    seal(folder, {"diary": folder / "text.txt"})
    bundle = read_bundle(folder)
    tea, envoy = citations(bundle, "diary")
    assert tea == Cited("a.yaml", 4, "meetings/tea", locate(TEXT, "tea"), "tea")
    assert (str(envoy), envoy.quote) == ("a.yaml:6: meetings/tea", None)
    assert citations(bundle, "other") == []
    assert source_digest(bundle, "diary") == sha256(TEXT.content.encode()).hexdigest()
    assert source_digest(bundle, "other") is None
    assert source_digest(bundle, "absent") is None
    assert verify([tea, envoy], TEXT, sha256=source_digest(bundle, "diary")).ok


def test_evidence_that_is_not_sealed_is_listed(folder: Path) -> None:
    with pytest.raises(BundleError) as caught:
        citations(read_bundle(folder), "diary")
    assert [str(problem) for problem in caught.value.problems] == [
        "a.yaml:4: meetings/tea: not sealed: paragraph must be a whole number from 1",
        "a.yaml:6: meetings/tea: not sealed: paragraph must be a whole number from 1",
    ]
