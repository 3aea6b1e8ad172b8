"""Seals a bundle to its sources: the words of its evidence become locators.

A piece of evidence is an item of a list named `evidence`, anywhere in a record. Unsealed it is
`{source, words}` with `part`, `quote`, `paragraph`, `sentence` as needed; sealed it is one line
`{source, part, quote, paragraph, sentence, start, end, sha256}`, with `start` and `end` as
[code point, UTF-16, UTF-8], and with the words as `passage` where the source's rights are
`excerpts` or `full_text`. The record of each source whose text is given gets the text's `sha256`,
`characters` and `outline`: a row [paragraph, sentence, start, end] in code points per sentence.
Everything else in the files, comments and blanks included, stays as it was.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from app.bundles.notation import quoted
from seeds.locators import Locator, Status, check, locate
from seeds.reader import (
    HEADER,
    Bundle,
    BundleError,
    Entry,
    NodePath,
    Problem,
    Span,
    read_bundle,
    read_entries,
    scalar,
)
from seeds.text import Text

UNSEALED = ("source", "part", "quote", "words", "paragraph", "sentence")
SHOWN = ("excerpts", "full_text")
"""The rights under which a bundle keeps a passage's words."""
QUOTED = ("quote", "passage")
"""Fields that are written in quotation marks, whatever they hold."""

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9_./-]*")


@dataclass(frozen=True, slots=True)
class SealReport:
    """What sealing changed: how many pieces of evidence, and which files."""

    sealed: int
    files: tuple[str, ...]

    def __str__(self) -> str:
        return f"passages sealed: {self.sealed}; files changed: {', '.join(self.files) or 'none'}"


@dataclass(frozen=True, slots=True)
class _Edit:
    """The text that takes the place of a file's characters from start to end."""

    start: int
    end: int
    text: str


@dataclass
class _Sealing:
    """A bundle being sealed, and what was gathered so far."""

    bundle: Bundle
    texts: dict[str, Text]
    problems: list[Problem] = field(default_factory=list)
    edits: dict[str, list[_Edit]] = field(default_factory=dict)
    sealed: int = 0

    @property
    def sources(self) -> dict[str, Entry]:
        """The bundle's records of sources by key."""
        return {e.data["key"]: e for e in self.bundle.entries if e.collection == "sources"}

    def fail(self, entry: Entry, message: str, path: NodePath = ()) -> None:
        """Note a problem at a node of a record."""
        line = entry.spans[path].line
        self.problems.append(Problem(entry.file, line, entry.name, message))

    def edit(self, entry: Entry, span: Span, text: str) -> None:
        """Note that a node's text is to be replaced."""
        self.edits.setdefault(entry.file, []).append(_Edit(span.start, span.end, text))


def seal(folder: Path, texts: Mapping[str, Path]) -> SealReport:
    """Seal the bundle in a folder to the texts of its sources, given by their keys.

    Raises BundleError that lists every problem, and then has written nothing. Sealing what is
    sealed changes nothing.
    """
    bundle = read_bundle(folder)
    sealing = _Sealing(bundle, read_texts(texts))
    _fill_sources(sealing)
    for entry in bundle.entries:
        for path, item in evidence(entry):
            _seal_item(sealing, entry, path, item)
    if sealing.problems:
        raise BundleError(sealing.problems)
    _write(folder, {file: _applied(sealing, file) for file in sealing.edits})
    return SealReport(sealing.sealed, tuple(sorted(sealing.edits)))


def evidence(entry: Entry) -> Iterator[tuple[NodePath, Any]]:
    """Each piece of evidence of a record, sealed or not, with the path of its node."""
    for path in entry.spans:
        if len(path) > 1 and path[-2] == "evidence" and isinstance(path[-1], int):
            node: Any = entry.data
            for step in path:
                node = node[step]
            yield path, node


def read_texts(texts: Mapping[str, Path]) -> dict[str, Text]:
    """The texts of sources. Raises BundleError that lists those that cannot be read."""
    problems, found = [], {}
    for key, path in texts.items():
        try:
            found[key] = Text.read(path)
        except OSError as error:
            reason = error.strerror or "it cannot be read"
            problems.append(Problem(str(path), 1, f"sources/{key}", f"no text: {reason}"))
        except UnicodeDecodeError:
            problems.append(Problem(str(path), 1, f"sources/{key}", "the text is not UTF-8"))
    if problems:
        raise BundleError(problems)
    return found


def _fill_sources(sealing: _Sealing) -> None:
    for key, text in sealing.texts.items():
        entry = sealing.sources.get(key)
        if entry is None:
            message = "a text was given for it, and the bundle has no such record"
            sealing.problems.append(Problem(HEADER, 1, f"sources/{key}", message))
        elif sealing.bundle.texts[entry.file].startswith("{", entry.spans[()].start):
            sealing.fail(entry, "write a source in block style, a field to a line")
        else:
            _fill_source(sealing, entry, text)


def _fill_source(sealing: _Sealing, entry: Entry, text: Text) -> None:
    """Add the fields that the text decides after the record's last line."""
    outline = [[each.paragraph, each.sentence, each.start, each.end] for each in text.sentences]
    values = {"sha256": text.sha256(), "characters": len(text), "outline": outline}
    for name in values.keys() & entry.data.keys():
        if entry.data[name] != values[name]:
            message = f"{name} is not that of the text; take it out to have it filled in"
            sealing.fail(entry, message, (name,))
    added = {name: value for name, value in values.items() if name not in entry.data}
    if added:
        content, span = sealing.bundle.texts[entry.file], entry.spans[()]
        column = span.start - content.rfind("\n", 0, span.start) - 1
        end = span.end + len(re.split("[\r\n]", content[span.end :], maxsplit=1)[0])
        lines = [" " * column + line for line in _field_lines(added)]
        break_ = "\r\n" if "\r\n" in content else "\n"
        sealing.edit(entry, Span(end, end, span.line), "".join(break_ + line for line in lines))


def _field_lines(fields: Mapping[str, Any]) -> Iterator[str]:
    for name, value in fields.items():
        if isinstance(value, list) and value:
            yield f"{name}:"
            yield from (f"  - {row}" for row in value)
        else:
            yield f"{name}: {value}"


def _seal_item(sealing: _Sealing, entry: Entry, path: NodePath, item: Any) -> None:
    """Replace the words of one piece of evidence; check what is sealed already."""
    try:
        if not isinstance(item, dict) or not isinstance(item.get("source"), str):
            raise ValueError("a piece of evidence is a mapping that names its source")
        text = sealing.texts.get(item["source"])
        if "words" not in item:
            _check_sealed(text, item)
            return
        _check_unsealed(item)
        if _comments(sealing.bundle.texts[entry.file], entry, path):
            raise ValueError("the comment within it would be lost: move it before or after")
        if text is None:
            raise ValueError(f"the text of {item['source']} was not given")
        source = sealing.sources.get(item["source"])
        keep = source is not None and source.data.get("rights") in SHOWN
        sealing.edit(entry, entry.spans[path], _flow(_sealed(text, item, keep=keep)))
        sealing.sealed += 1
    except ValueError as error:
        sealing.fail(entry, f"{'/'.join(map(str, path))}: {error}", path)


def _check_sealed(text: Text | None, item: Mapping[str, Any]) -> None:
    """Raise ValueError unless a locator holds for its source's text, where that was given."""
    locator = Locator.from_data(item)
    if text and (verdict := check(text, locator)).status is not Status.exact:
        raise ValueError(str(verdict))


def _check_unsealed(item: Mapping[str, Any]) -> None:
    """Raise ValueError unless the fields and their types are those of unsealed evidence."""
    if strange := sorted(item.keys() - set(UNSEALED)):
        raise ValueError(f"{', '.join(strange)} cannot stand beside words")
    for name in ("words", "part", "quote"):
        if not isinstance(item.get(name, ""), str):
            raise ValueError(f"{name} must be text")
    for name in ("paragraph", "sentence"):
        if type(item.get(name, 1)) is not int:
            raise ValueError(f"{name} must be a whole number from 1")


def _sealed(text: Text, item: Mapping[str, Any], *, keep: bool) -> dict[str, Any]:
    """A piece of evidence with the locator of its words, and with the words if they are kept.

    Raises ValueError where the words stand in no one place, or the quotation not in the words.
    """
    words, quote = item["words"].strip(), item.get("quote")
    numbers = {name: item.get(name) for name in ("paragraph", "sentence")}
    locator = locate(text, words, **numbers)
    if quote is not None and (not quote or quote not in words):
        raise ValueError("quote does not occur in words, letter by letter")
    kept = {name: item[name] for name in ("source", "part", "quote") if name in item}
    return {**kept, **locator.to_data(), **({"passage": words} if keep else {})}


def _comments(content: str, entry: Entry, path: NodePath) -> bool:
    """Whether there are comments between the fields of a flat mapping."""
    span, between, at = entry.spans[path], "", entry.spans[path].start
    for name in entry.spans:
        if len(name) == len(path) + 1 and name[:-1] == path:
            between += content[at : entry.spans[name].start]
            at = entry.spans[name].end
    return "#" in between + content[at : span.end]


def _flow(data: Mapping[str, Any]) -> str:
    """A mapping on one line."""
    return "{" + ", ".join(f"{name}: {_value(name, data[name])}" for name in data) + "}"


def _value(name: str, value: Any) -> str:
    if not isinstance(value, str):
        return str(value)
    if name not in QUOTED and _PLAIN.fullmatch(value) and scalar(value) == value:
        return value
    return quoted(value)


def _applied(sealing: _Sealing, file: str) -> str:
    """A file's text with its edits. Raises BundleError if that would change anything else."""
    before, pieces, at = sealing.bundle.texts[file], [], 0
    for edit in sorted(sealing.edits[file], key=lambda each: each.start):
        pieces += [before[at : edit.start], edit.text]
        at = edit.end
    after = "".join(pieces) + before[at:]
    entries = zip(read_entries(before, file), read_entries(after, file), strict=True)
    for old, new in entries:
        if _kept(old.data) != _kept(new.data):
            message = "sealing would change more than evidence: end the record with a plain field"
            raise BundleError([Problem(file, old.line, old.name, message)])
    return after


def _kept(data: Any) -> Any:
    """What sealing leaves as it is."""
    if isinstance(data, dict):
        changed = ("evidence", "sha256", "characters", "outline")
        return {name: _kept(value) for name, value in data.items() if name not in changed}
    return [_kept(each) for each in data] if isinstance(data, list) else data


def _write(folder: Path, files: Mapping[str, str]) -> None:
    """Put every file in place only after all are written in full."""
    for name, text in files.items():
        (folder / f".{name}.new").write_bytes(text.encode("utf-8"))
    for name in files:
        (folder / f".{name}.new").replace(folder / name)
