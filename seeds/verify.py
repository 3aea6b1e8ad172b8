"""Verifies that the evidence of bundles still stands in a source's text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seeds.locators import Locator, Status, Verdict, check_all
from seeds.problems import listed, nearest
from seeds.reader import Bundle, BundleError, Entry, Problem
from seeds.seal import evidence
from seeds.text import Sentence, Text


@dataclass(frozen=True, slots=True)
class Cited:
    """A sealed piece of evidence, and where it is written; `record` is `collection/key`."""

    file: str
    line: int
    record: str
    locator: Locator
    quote: str | None = None

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.record}"


@dataclass(frozen=True)
class Report:
    """What became of a source's evidence: every finding in the order in which it was given.

    `is_the_source` tells whether the text has the source's digest (None where none is known);
    `misquoted` are pieces that stand, but whose quotation is not in their passage; `uncited` are
    the sentences that no exact piece of evidence touches.
    """

    verdicts: tuple[tuple[Cited, Verdict], ...]
    misquoted: tuple[Cited, ...]
    uncited: tuple[Sentence, ...]
    is_the_source: bool | None

    @property
    def counts(self) -> dict[Status, int]:
        """How many pieces of evidence have each status."""
        found = Counter(verdict.status for _, verdict in self.verdicts)
        return {status: found[status] for status in Status}

    @property
    def ok(self) -> bool:
        """Whether every locator is exact, every quotation right, and the text not another one."""
        exact = all(verdict.status is Status.exact for _, verdict in self.verdicts)
        return exact and not self.misquoted and self.is_the_source is not False

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        if self.is_the_source is False:
            yield "the text is not the source's: its SHA-256 differs"
        for cited, verdict in self.verdicts:
            if verdict.status is not Status.exact:
                yield f"{cited}: {verdict}"
        for cited in self.misquoted:
            yield f"{cited}: quote does not occur in the passage"
        for each in self.uncited:
            yield f"paragraph {each.paragraph}, sentence {each.sentence}: no record cites it"
        yield ", ".join(f"{count} {status}" for status, count in self.counts.items())


def verify(items: Sequence[Cited], text: Text, *, sha256: str | None = None) -> Report:
    """Check every piece of evidence of one source against a text.

    `sha256` is the digest of the source's text, in lower-case hex, where it is known.
    """
    verdicts = tuple(zip(items, check_all(text, [each.locator for each in items]), strict=True))
    exact = [cited for cited, verdict in verdicts if verdict.status is Status.exact]
    touched = {(cited.locator.paragraph, cited.locator.sentence) for cited in exact}
    return Report(
        verdicts,
        tuple(cited for cited in exact if not _quoted(cited, text)),
        tuple(s for s in text.sentences if (s.paragraph, s.sentence) not in touched),
        None if sha256 is None else sha256 == text.sha256(),
    )


def verify_source(bundles: Sequence[Bundle], source: str, text: Text) -> Report:
    """Check every piece of evidence in some bundles that cites a source against its text.

    Raises BundleError where none of them tells of the source: nothing would be checked.
    """
    told = [entry for bundle in bundles for entry in bundle.entries if _tells_of(entry, source)]
    if not told:
        entries = [entry for bundle in bundles for entry in bundle.entries]
        known = {str(entry.data["key"]) for entry in entries if entry.collection == "sources"}
        hint = nearest(source, known)
        message = f"no bundle tells of it; there are {listed(sorted(known))}{hint}"
        raise BundleError([Problem("--text", 1, f"sources/{source}", message)])
    items = [item for bundle in bundles for item in citations(bundle, source)]
    digests = [digest for bundle in bundles if (digest := source_digest(bundle, source))]
    return verify(items, text, sha256=next(iter(digests), None))


def _tells_of(entry: Entry, source: str) -> bool:
    return entry.collection == "sources" and entry.data["key"] == source


def citations(bundle: Bundle, source: str) -> list[Cited]:
    """Every piece of evidence in a bundle that cites a source, in the order of the files.

    Raises BundleError that lists those that are not sealed.
    """
    found: list[Cited] = []
    problems: list[Problem] = []
    for entry in bundle.entries:
        for path, item in evidence(entry):
            if not isinstance(item, dict) or item.get("source") != source:
                continue
            line = entry.spans[path].line
            try:
                locator = Locator.from_data(item)
                found.append(Cited(entry.file, line, entry.name, locator, item.get("quote")))
            except ValueError as error:
                problems.append(Problem(entry.file, line, entry.name, f"not sealed: {error}"))
    if problems:
        raise BundleError(problems)
    return found


def source_digest(bundle: Bundle, source: str) -> str | None:
    """The digest that a bundle states for a source's text, or None."""
    for entry in bundle.entries:
        if entry.collection == "sources" and entry.data["key"] == source:
            digest = entry.data.get("sha256")
            return digest if isinstance(digest, str) else None
    return None


def _quoted(cited: Cited, text: Text) -> bool:
    """Whether the quotation of an exact piece of evidence, if it has one, is in its passage."""
    start, end = cited.locator.start.code_point, cited.locator.end.code_point
    return cited.quote is None or cited.quote in text.content[start:end]
