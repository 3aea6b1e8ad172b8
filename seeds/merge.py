"""One record made of what several bundles say of it; nothing here knows a database."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.models import Basis, Collection, StatementKind
from seeds.dates import exclude, narrows, refines
from seeds.reader import NodePath, Problem, Span

Content = dict[str, Any]

Address = tuple[Collection, str]
"""A record's collection and key."""

ROWS_WITH_BASIS = ("names", "offices")
"""Lists of which each row says by itself whether a source states it."""

DATE_FIELDS = (
    "date_start",
    "date_end",
    "date_earliest",
    "date_latest",
    "date_edtf",
    "date_basis",
)
"""The fields of an answer in which a date shows that reference knowledge completed."""

OURS = {"slug", "former_slugs", "label"}
"""What no source states and nobody would ask a source for."""

IN_OUR_WORDS = {"label", "text", "purpose"}
"""What bundles put in their own words: sources do not contradict each other in them."""

IDENTIFYING = {
    *("slug", "name", "family_name", "given_name", "name_order"),
    *("code", "alpha2", "parent"),
}
"""By what a record is known or placed; another name has its place among `names`."""

IDENTIFYING_OF = {Collection.relations: {"kind", "directed"}}
"""The same, of one collection alone."""

Value = str | bool
Sides = Sequence[tuple[Value, Sequence[str]]]
"""The values that sources give for one field, each with the keys of those sources."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is written: a file, a line from 1, and the nodes within it."""

    file: str
    line: int
    spans: Mapping[NodePath, Span] = field(default_factory=dict)

    def line_of(self, path: NodePath) -> int:
        """The line of a node or, where there is none, of the nearest on the way to it."""
        while path and path not in self.spans:
            path = path[:-1]
        return self.spans[path].line if path in self.spans else self.line


@dataclass(frozen=True, slots=True)
class Told:
    """What one bundle says of one record: JSON values, validated, without what it leaves unsaid."""

    bundle: str
    basis: Basis
    collection: Collection
    key: str
    content: Content
    place: Place | None = None
    """None for what was seeded before and is not being read now."""

    def __str__(self) -> str:
        where = f"{self.place.file}:{self.place.line}" if self.place else "as seeded before"
        return f"bundle {self.bundle} ({where})"

    def problem(self, message: str, path: NodePath = ()) -> Problem:
        """Something that is wrong with the record, at a node of what is told here."""
        record = f"{self.collection}/{self.key}"
        if self.place is None:
            return Remembered(f"bundle {self.bundle}, as seeded before", 1, record, message)
        return Problem(self.place.file, self.place.line_of(path), record, message)


class Remembered(Problem):
    """A problem with what an earlier seeding told, of which no file is at hand."""

    def __str__(self) -> str:
        return f"{self.file}: {self.record}: {self.message}"


@dataclass(slots=True)
class Merged:
    """A record as all bundles together tell it."""

    told: Sequence[Told]
    content: Content = field(default_factory=dict)
    basis: Basis = Basis.source
    """Reference where no source says anything of it."""
    reference_fields: set[str] = field(default_factory=set)
    """The fields, as answers name them, that no source states."""
    stated: dict[str, int] = field(default_factory=dict)
    """How many rows of each of ROWS_WITH_BASIS sources state; they come first."""
    contradictions: dict[str, Sides] = field(default_factory=dict)
    """Where sources contradict one another: by field, the value that is kept first."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Where bundles contradict one another and both cannot stand: the field, and a sentence."""


def merge(told: Sequence[Told]) -> Merged:
    """Merge what bundles say of one record; the order in which they are given is of no account.

    Lists of sources are joined; of single values the first is kept, and where passages carry both
    all stand side by side. Reference bundles fill what no source states, add names and offices,
    and fill digits that a source's date leaves open.
    """
    told = sorted(told, key=lambda each: (each.basis is Basis.reference, each.bundle))
    sources = [each for each in told if each.basis is Basis.source]
    references = told[len(sources) :]
    merged = Merged(told, basis=Basis.source if sources else Basis.reference)
    sources = _quoting(sources)
    merged.content = _agreed(sources, merged.problems, merged.contradictions)
    merged.stated = {rows: len(merged.content.get(rows, ())) for rows in ROWS_WITH_BASIS}
    for name, value in _agreed(references, merged.problems, {}).items():
        _fill(merged, references, name, value)
    return merged


def joined(first: list[Any], second: list[Any]) -> list[Any]:
    """Both lists without what the second repeats."""
    return first + [value for value in second if value not in first]


def _quoting(sources: list[Told]) -> list[Told]:
    """What sources say, where one quotes a statement without how others paraphrase it.

    To give the same words less directly is no contradiction.
    """
    paraphrase = StatementKind.paraphrase
    of_statement = any(each.collection is Collection.statements for each in sources)
    if not of_statement or {each.content.get("kind") for each in sources} <= {None, paraphrase}:
        return sources
    return [
        replace(each, content=_without(each.content, "kind", "own_words"))
        if each.content.get("kind") == paraphrase
        else each
        for each in sources
    ]


def _without(content: Content, *names: str) -> Content:
    return {name: value for name, value in content.items() if name not in names}


def _agreed(
    told: Sequence[Told], problems: list[tuple[str, str]], contradictions: dict[str, Sides]
) -> Content:
    """What bundles of the same standing say together."""
    content: Content = {}
    first: dict[str, Told] = {}
    for each in told:
        for name, value in each.content.items():
            if name not in content:
                content[name], first[name] = value, each
            elif isinstance(value, list):
                content[name] = joined(content[name], value)
            elif name == "date" and (finer := _finer(content[name], value)):
                first[name] = first[name] if finer is content[name] else each
                content[name] = finer
            elif content[name] == value or _ours(name, each):
                pass
            elif _both_stand(name, first[name], each):
                contradictions[name] = ()
            else:
                message = f"{name} is {content[name]!r} in {first[name]} and {value!r} in {each}: "
                message += "they must say the same, or one of them must leave it out"
                problems.append((name, message))
    contradictions.update({name: _sides(name, told, content) for name in contradictions})
    return content


def _ours(name: str, told: Told) -> bool:
    """Whether a source bundle tells the field in its own words; a source's text is its own."""
    whole_text = told.collection is Collection.sources and name == "text"
    return told.basis is Basis.source and name in IN_OUR_WORDS and not whole_text


def _both_stand(name: str, one: Told, other: Told) -> bool:
    """Whether both values can be shown, each with passages of sources that carry it."""
    if name in IDENTIFYING | IDENTIFYING_OF.get(one.collection, set()):
        return False
    if not all(each.content.get("evidence") for each in (one, other)):
        return False
    values = [_value(name, each.content) for each in (one, other)]
    if name == "date":
        a, b = values
        return isinstance(a, str) and isinstance(b, str) and exclude(a, b)
    return all(isinstance(value, Value) for value in values)


def _value(name: str, content: Content) -> Any:
    """The one value of a field; of a date, its calendar."""
    value = content.get(name)
    return value.get("edtf") if name == "date" and value else value


def _sides(name: str, told: Sequence[Told], content: Content) -> Sides:
    """The values that sources give for a field, the one that is kept first."""
    found: dict[Value, list[str]] = {_value(name, content): []}
    for each in told:
        if (value := _value(name, each.content)) is not None:
            found[value] = joined(found.get(value, []), _citing(name, each))
    return [(value, keys) for value, keys in found.items() if keys]


def _citing(name: str, told: Told) -> list[str]:
    """The sources of the passages that carry a field, else of those that carry the whole."""
    evidence = told.content.get("evidence", [])
    by_part: dict[str | None, list[str]] = {}
    for item in evidence:
        by_part.setdefault(item.get("part"), []).append(item["source"])
    every = [item["source"] for item in evidence]
    return list(dict.fromkeys(by_part.get(name) or by_part.get(None) or every))


def _finer(one: Content, other: Content) -> Content | None:
    """The more precise of two dates, the first where they are the same, else None."""
    a, b = one.get("edtf"), other.get("edtf")
    if a == b:
        return one if one.get("anchor") == other.get("anchor") else None
    if a is None or b is None:
        return None
    return one if narrows(b, a) else other if narrows(a, b) else None


def _fill(merged: Merged, references: Sequence[Told], name: str, value: Any) -> None:
    """Let reference knowledge say what no source does."""
    content = merged.content
    if name == "evidence":
        message = f"evidence comes from sources, and {references[0]} is reference knowledge"
        merged.problems.append((name, message))
    elif name in (*ROWS_WITH_BASIS, "former_slugs"):
        content[name] = joined(content.get(name, []), value)
    elif name == "date":
        merged.problems.extend((name, message) for message in _complete_date(merged, value))
    elif content.get(name) in (None, []):
        content[name] = value
        merged.reference_fields.update({name} - OURS)


def _complete_date(merged: Merged, reference: Content) -> Iterator[str]:
    """Fill the digits that a source's date leaves open, or the whole of it where there is none."""
    stated, full = merged.content.get("date"), reference.get("edtf")
    edtf = (stated or {}).get("edtf")
    if full is None or reference.keys() - {"edtf", "basis"}:
        yield "of a date, reference knowledge gives edtf alone: words and anchors are a source's"
    elif edtf is None or refines(edtf, full):
        merged.content["date"] = {**(stated or {}), "edtf": full, "basis": "inferred"}
        merged.reference_fields.update(DATE_FIELDS)
    elif edtf != full:
        yield (
            f"date.edtf is {edtf!r} in a source, and reference knowledge says {full!r}: it may "
            "only put digits in the place of X"
        )
