"""Reads a bundle: YAML files into plain data that remembers where in its file each node stands.

A bundle is a folder. `bundle.yaml` describes it (`bundle`, its name; `basis`, source or reference;
and more); every other `*.yaml` file maps names of collections to lists of records, each a mapping
with a `key`. The YAML is a plain subset of 1.2:

- `true` and `false` alone are booleans; `null`, `~` and nothing are null; plain decimals without
  leading zeros, sign + or exponent are numbers; everything else, dates included, is text;
- anchors, aliases, tags, several documents, duplicate keys and keys that are not text are errors;
- a file has at most `MAX_BYTES` bytes of UTF-8 without a byte order mark, and nests at most
  `MAX_DEPTH` deep; no text holds a NUL or a surrogate.
"""

import re
import unicodedata
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import yaml

MAX_BYTES = 8 * 2**20
MAX_DEPTH = 20
HEADER = "bundle.yaml"

NodePath = tuple[str | int, ...]
"""The way from a record to a node within it, such as ("evidence", 2, "words")."""

Folder = Path | zipfile.Path
"""Where the files of a bundle stand."""

# Ten times as fast where libyaml is there; both give the same events and marks.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,17})(\.[0-9]{1,17})?")
_CONSTANTS = {"true": True, "false": False, "null": None, "~": None, "": None}
_UNREADABLE = re.compile("[\x00\ud800-\udfff]")
_UNPRINTABLE = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"
)


@dataclass(frozen=True, slots=True)
class Span:
    """Where a node's text stands in its file: characters start to end (exclusive), line from 1."""

    start: int
    end: int
    line: int


@dataclass(frozen=True)
class Entry:
    """A record as it was written, and where: `file` is relative to the bundle's folder.

    `spans` has the span of each node within the record by its path, of the record itself by ().
    """

    collection: str
    data: dict[str, Any]
    file: str
    line: int
    spans: Mapping[NodePath, Span]

    @property
    def name(self) -> str:
        """What errors call the record."""
        return f"{self.collection}/{self.data['key']}"


@dataclass(frozen=True)
class Bundle:
    """A bundle as it was read: `header` is bundle.yaml's data, `texts` each file's text."""

    folder: Folder
    header: dict[str, Any]
    entries: tuple[Entry, ...]
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong with a bundle, and where; lines count from 1."""

    file: str
    line: int
    record: str | None
    message: str

    def __str__(self) -> str:
        record = f"{self.record}: " if self.record else ""
        return f"{self.file}:{self.line}: {record}{self.message}"


class BundleError(ValueError):
    """A bundle that cannot be used; `problems` lists everything that was found."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(
            sorted(set(problems), key=lambda each: (each.file, each.line, str(each)))
        )
        super().__init__("\n".join(map(str, self.problems)))


def clean(text: str) -> str:
    """`text` itself, if it is fit for a name or for prose.

    Raises ValueError unless it is NFC and free of control characters (line feeds aside),
    characters that change the direction of writing, byte order marks and surrogates.
    """
    found = _UNPRINTABLE.search(text)
    if found:
        raise ValueError(f"the character U+{ord(found.group()):04X} is not allowed")
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError("the text is not in Unicode normal form C")
    return text


def read_bundle(folder: Folder) -> Bundle:
    """Read every file of a bundle. Raises BundleError that lists the problems of all files."""
    problems: list[Problem] = []
    texts: dict[str, str] = {}
    header: dict[str, Any] = {}
    entries: list[Entry] = []
    for path in _files(folder):
        try:
            text = texts[path.name] = _read(path)
            if path.name == HEADER:
                header = _header(text)
            else:
                entries += read_entries(text, path.name)
        except BundleError as error:
            problems += error.problems
    problems += _repeated(entries)
    if problems:
        raise BundleError(problems)
    return Bundle(folder, header, tuple(entries), texts)


def read_entries(text: str, file: str) -> list[Entry]:
    """The records of one file's text. Raises BundleError with the file's problems."""
    problems: list[Problem] = []
    entries: list[Entry] = []
    for collection, node in _records(_compose(text, file), file, problems):
        data = node.data()
        if isinstance(data, dict) and isinstance(data.get("key"), str):
            spans = dict(node.spans())
            entries.append(Entry(collection, data, file, node.span.line, spans))
        else:
            message = f"each of {collection} is a mapping with a key that is text"
            problems.append(Problem(file, node.span.line, None, message))
    if problems:
        raise BundleError(problems)
    return entries


def scalar(text: str) -> str | float | bool | None:
    """What plain (unquoted) text stands for."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if match := _NUMBER.fullmatch(text):
        return float(text) if match[1] else int(text)
    return text


def _files(folder: Folder) -> list[Folder]:
    """The bundle's files in order of name. Raises BundleError where there can be no bundle."""
    if not (folder / HEADER).is_file():
        _fail(HEADER, 1, "a bundle is a folder with this file in it")
    paths = (path for path in folder.iterdir() if path.suffix in (".yaml", ".yml"))
    files = sorted(paths, key=lambda path: path.name)
    if strange := [path.name for path in files if path.suffix == ".yml"]:
        message = "the files of a bundle end in .yaml"
        raise BundleError([Problem(name, 1, None, message) for name in strange])
    return files


def _read(path: Folder) -> str:
    data = path.read_bytes()
    if len(data) > MAX_BYTES:
        _fail(path.name, 1, f"the file has more than {MAX_BYTES} bytes")
    if data.startswith(b"\xef\xbb\xbf"):
        _fail(path.name, 1, "the file begins with a byte order mark")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        _fail(path.name, data.count(b"\n", 0, error.start) + 1, "the file is not UTF-8")


def _header(text: str) -> dict[str, Any]:
    data = _compose(text, HEADER).data()
    if not isinstance(data, dict):
        _fail(HEADER, 1, "the file describes the bundle in a mapping")
    if not isinstance(data.get("bundle"), str):
        _fail(HEADER, 1, "bundle must be the bundle's name")
    if data.get("basis") not in ("source", "reference"):
        _fail(HEADER, 1, "basis must be source or reference")
    return data


def _records(root: "_Node", file: str, problems: list[Problem]) -> Iterator[tuple[str, "_Node"]]:
    """Each record's collection and node; what is no list of records goes to the problems."""
    if not isinstance(root.value, dict):
        _fail(file, root.span.line, "the file maps collections to lists of records")
    for collection, records in root.value.items():
        if isinstance(records.value, list):
            yield from ((collection, node) for node in records.value)
        else:
            message = f"{collection} must be a list of records"
            problems.append(Problem(file, records.span.line, None, message))


def _repeated(entries: list[Entry]) -> Iterator[Problem]:
    first: dict[str, Entry] = {}
    for entry in entries:
        if (other := first.setdefault(entry.name, entry)) is not entry:
            message = f"the key is taken by {other.file}:{other.line}"
            yield Problem(entry.file, entry.line, entry.name, message)


def _fail(file: str, line: int, message: str) -> NoReturn:
    raise BundleError([Problem(file, line, None, message)])


@dataclass(frozen=True, slots=True)
class _Node:
    """A node of YAML: a scalar, a list of nodes or a mapping to nodes."""

    value: "str | float | bool | list[_Node] | dict[str, _Node] | None"
    span: Span

    def data(self) -> Any:
        """The node as plain data."""
        if isinstance(self.value, dict):
            return {key: each.data() for key, each in self.value.items()}
        if isinstance(self.value, list):
            return [each.data() for each in self.value]
        return self.value

    def spans(self, path: NodePath = ()) -> Iterator[tuple[NodePath, Span]]:
        """The span of this node and of each within it."""
        yield path, self.span
        if isinstance(self.value, dict):
            for key, each in self.value.items():
                yield from each.spans((*path, key))
        elif isinstance(self.value, list):
            for index, each in enumerate(self.value):
                yield from each.spans((*path, index))


def _compose(text: str, file: str) -> _Node:
    if found := yaml.reader.Reader.NON_PRINTABLE.search(text):
        line = text.count("\n", 0, found.start()) + 1
        _fail(file, line, f"the character U+{ord(found.group()):04X} is not allowed")
    try:
        return _Composer(text, file).document()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        _fail(file, mark.line + 1 if mark else 1, f"not YAML: {error.problem}")


class _Composer:
    """Makes nodes of the parser's events, refusing what the subset leaves out."""

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file
        self.events: Iterator[Any] = yaml.parse(text, Loader=_LOADER)

    def document(self) -> _Node:
        """The one document of the text."""
        next(self.events)
        if isinstance(event := next(self.events), yaml.StreamEndEvent):
            self.refuse(event, "the file is empty")
        root = self.node(next(self.events), 0)
        next(self.events)
        if not isinstance(event := next(self.events), yaml.StreamEndEvent):
            self.refuse(event, "a file is one document")
        return root

    def node(self, event: Any, depth: int) -> _Node:
        """The node that begins with an event."""
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            self.refuse(event, "anchors and aliases are not allowed")
        if event.tag is not None:
            self.refuse(event, "tags are not allowed")
        if depth > MAX_DEPTH:
            self.refuse(event, f"the file nests more than {MAX_DEPTH} deep")
        if isinstance(event, yaml.ScalarEvent):
            return self.scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self.sequence(event, depth)
        return self.mapping(event, depth)

    def scalar(self, event: Any) -> _Node:
        """A scalar; its span leaves out the blanks that end a block scalar."""
        if found := _UNREADABLE.search(event.value):
            self.refuse(event, f"the character U+{ord(found.group()):04X} is not allowed")
        start, end = event.start_mark.index, event.end_mark.index
        end = start + len(self.text[start:end].rstrip())
        value = scalar(event.value) if event.implicit[0] else event.value
        return _Node(value, Span(start, end, event.start_mark.line + 1))

    def sequence(self, event: Any, depth: int) -> _Node:
        """A list."""
        nodes = []
        while not isinstance(after := next(self.events), yaml.SequenceEndEvent):
            nodes.append(self.node(after, depth + 1))
        return _Node(nodes, self.span(event, after, nodes))

    def mapping(self, event: Any, depth: int) -> _Node:
        """A mapping whose keys are text and occur once."""
        nodes: dict[str, _Node] = {}
        while not isinstance(after := next(self.events), yaml.MappingEndEvent):
            key = self.node(after, depth + 1).value
            if not isinstance(key, str):
                self.refuse(after, "a key must be text: quote it")
            if key in nodes:
                self.refuse(after, f"the key {key} is there twice")
            nodes[key] = self.node(next(self.events), depth + 1)
        return _Node(nodes, self.span(event, after, list(nodes.values())))

    def span(self, first: Any, last: Any, nodes: list[_Node]) -> Span:
        """The span of a collection; in block style it ends where the last node in it ends."""
        start, end = first.start_mark.index, last.end_mark.index
        if not first.flow_style and nodes:
            end = nodes[-1].span.end
        return Span(start, end, first.start_mark.line + 1)

    def refuse(self, event: Any, message: str) -> NoReturn:
        """Fail at the line of an event."""
        _fail(self.file, event.start_mark.line + 1, message)
