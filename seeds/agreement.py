"""What bundles of one standing say together of a record, and side by side where they differ."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, get_args

from app.models import Basis, Collection
from seeds import records as r
from seeds.dates import narrows
from seeds.naming import with_names
from seeds.told import Content, Sides, Told, Value

IN_OUR_WORDS = {"label", "text", "purpose"}
"""What bundles put in their own words: sources do not contradict each other in them."""

IDENTIFYING = {"slug", "code", "alpha2", "parent"}
"""By what we address or place a record, whatever its sources say."""

IDENTIFYING_OF = {Collection.relations: {"kind", "directed", "parties"}}
"""The same, of one collection alone: who says otherwise there tells of another record."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """What bundles say together."""

    content: Content = field(default_factory=dict)
    contradictions: dict[str, Sides] = field(default_factory=dict)
    """Where they differ: by field, or by row and field as in `series/talks/ordinal`."""
    problems: list[tuple[str, str]] = field(default_factory=list)
    """Where they differ and both cannot stand: the field, and a sentence."""


def agreed(told: Sequence[Told]) -> Agreed:
    """What bundles of the same standing say together; of what differs, the first is kept."""
    agreement = _Agreement()
    for each in told:
        agreement.hear(each)
    found = agreement.found
    for path in sorted(agreement.differing):
        first = agreement.first[path]
        kept_first = sorted(told, key=lambda each: each is not first)
        shown = _of_dates(told) if path == "date" else {path: partial(_value, path)}
        for name, value_of in shown.items():
            found.contradictions[name] = _sides(path, kept_first, value_of)
    return found


def joined(first: list[Any], second: list[Any]) -> list[Any]:
    """Both lists without what the second repeats."""
    return first + [value for value in second if value not in first]


@dataclass(slots=True)
class _Agreement:
    """What is agreed as one bundle after another is heard."""

    found: Agreed = field(default_factory=Agreed)
    rows: dict[str, Content] = field(default_factory=dict)
    """The rows of its lists by what identifies them, such as `series/talks`."""
    first: dict[str, Told] = field(default_factory=dict)
    """Whose value is kept, by field or by row and field."""
    differing: set[str] = field(default_factory=set)

    def hear(self, each: Told) -> None:
        """Take in what another bundle says."""
        content = self.found.content
        if names := with_names(content, each.content):
            content["names"] = names
        for name, value in each.content.items():
            if name == "names":
                continue
            if rows := _rows(each, name):
                self._hear_rows(content.setdefault(name, []), rows, each)
            elif isinstance(value, list) and name not in _identifying(each):
                content[name] = joined(content.get(name, []), value)
            else:
                self._hear_value(content, name, name, each)

    def _hear_rows(self, kept: list[Content], rows: Mapping[str, Content], each: Told) -> None:
        """Rows, and more on those that another bundle told."""
        for path, row in rows.items():
            if path not in self.rows:
                self.rows[path] = {}
                kept.append(self.rows[path])
            for name in row:
                self._hear_value(self.rows[path], name, f"{path}/{name}", each)

    def _hear_value(self, kept: Content, name: str, path: str, each: Told) -> None:
        """One value: the first, a more precise date, or what differs from the first."""
        value = _told(path, each)
        if name not in kept:
            kept[name], self.first[path] = value, each
            return
        first = self.first[path]
        if path == "date":
            kept[name], apart = _finer(kept[name], value)
            self.first[path] = each if kept[name] is value else first
        else:
            apart = not _alike(path, first, each) and not _ours(name, each)
        if apart and _both_stand(path, first, each):
            self.differing.add(path)
        elif apart:
            self.found.problems.append((path.partition("/")[0], _unlike(path, first, each)))


# -------------------------------------------------------------------------- what is alike


def _identifying(told: Told) -> set[str]:
    return IDENTIFYING | IDENTIFYING_OF.get(told.collection, set())


def _ours(name: str, told: Told) -> bool:
    """Whether a source bundle tells the field in its own words; a source's text is its own."""
    whole_text = told.collection is Collection.sources and name == "text"
    return told.basis is Basis.source and name in IN_OUR_WORDS and not whole_text


def _alike(path: str, one: Told, other: Told) -> bool:
    """Whether two bundles give the same value; the two sides of what has no direction are a set."""
    values = [_told(path, each) for each in (one, other)]
    if isinstance(values[0], list) and not any(
        each.content.get("directed") for each in (one, other)
    ):
        values = [sorted(value) for value in values]
    return bool(values[0] == values[1])


def _both_stand(path: str, one: Told, other: Told) -> bool:
    """Whether both values can be shown, each with passages of sources that carry it."""
    cited = all(each.content.get("evidence") for each in (one, other))
    return cited and path not in _identifying(one)


def _unlike(path: str, one: Told, other: Told) -> str:
    return (
        f"{path} is {_told(path, one)!r} in {one} and {_told(path, other)!r} in {other}: "
        "they must say the same, or one of them must leave it out"
    )


# ---------------------------------------------------------------------------------- rows


def _rows(told: Told, name: str) -> Mapping[str, Content]:
    """The rows of a list by what identifies them; none where two of one bundle are the same."""
    kind = _kinds(told.collection).get(name)
    if kind is None:
        return {}
    rows = {f"{name}/{_identity(kind, row)}": row for row in told.content.get(name, [])}
    return rows if len(rows) == len(told.content[name]) else {}


@cache
def _kinds(collection: Collection) -> Mapping[str, type[r.Row]]:
    """What the rows of each list are, of lists whose rows say something of what identifies them."""
    fields = r.RECORDS[collection].model_fields.items()
    kinds = {name: kind for name, field in fields for kind in get_args(field.annotation)}
    return {
        name: kind
        for name, kind in kinds.items()
        if isinstance(kind, type) and issubclass(kind, r.Row) and kind.identity is r.Row.identity
    }


def _identity(kind: type[r.Row], row: Content) -> str:
    return "/".join(kind.model_validate(row).part_keys())


# --------------------------------------------------------------------------------- dates


def _finer(one: Content, other: Content) -> tuple[Content, bool]:
    """The more precise of two dates, else the first; and whether they say different things."""
    a, b = one.get("edtf"), other.get("edtf")
    anchors = [date.get("anchor") for date in (one, other)]
    if a == b:
        return other if anchors[0] is None else one, None not in anchors and anchors[0] != anchors[
            1
        ]
    if a is None or b is None:
        # Words alone, such as "last week", fit whatever day there is.
        return other if a is None else one, anchors[a is not None] is not None
    if narrows(b, a) or narrows(a, b):
        return one if narrows(b, a) else other, False
    return one, True


def _of_dates(told: Sequence[Told]) -> Mapping[str, Callable[[Told], Value | None]]:
    """What tells differing dates apart, by the name of what differs."""
    dates = [each.content["date"] for each in told if "date" in each.content]
    calendar = {date.get("edtf") for date in dates}
    if len(calendar) == 1:
        return {"date_anchor": _anchor}
    if all(date.get("edtf") or not date.get("anchor") for date in dates):
        return {"date_edtf": _edtf}
    return {"date": lambda each: _edtf(each) or _anchor(each)}


def _edtf(told: Told) -> str | None:
    edtf: str | None = told.content.get("date", {}).get("edtf")
    return edtf


def _anchor(told: Told) -> str | None:
    """What a date is relative to, such as `before meetings/talks-2`."""
    anchor = told.content.get("date", {}).get("anchor")
    return f"{anchor['relation']} {anchor['record']}" if anchor else None


# ------------------------------------------------------------------------- side by side


def _told(path: str, told: Told) -> Any:
    """What a bundle says of a field, or of one of a row."""
    if "/" not in path:
        return told.content.get(path)
    name, _, _ = path.partition("/")
    row, _, of_row = path.rpartition("/")
    return _rows(told, name).get(row, {}).get(of_row)


def _value(path: str, told: Told) -> Value | None:
    """The same as it is shown; a point as latitude and longitude."""
    value = _told(path, told)
    if isinstance(value, dict):
        return ", ".join(str(each) for each in value.values())
    found: Value | None = value
    return found


def _sides(path: str, told: Sequence[Told], value_of: Callable[[Told], Value | None]) -> Sides:
    """The values that sources give for a field, that of the first who is told first."""
    found: dict[Value, list[str]] = {}
    for each in told:
        if (value := value_of(each)) is not None:
            found[value] = joined(found.get(value, []), _citing(path, each))
    return [(value, keys) for value, keys in found.items() if keys]


def _citing(path: str, told: Told) -> list[str]:
    """The sources of the passages that carry a field, else its row, else the whole record."""
    by_part: dict[str | None, list[str]] = {}
    for item in told.content.get("evidence", []):
        by_part.setdefault(item.get("part"), []).append(item["source"])
    every = [source for sources in by_part.values() for source in sources]
    parts = (*_parts(path, told), None)
    return list(dict.fromkeys(next((by_part[part] for part in parts if part in by_part), every)))


def _parts(path: str, told: Told) -> Iterator[str]:
    """The parts that carry a field, the closest first."""
    name, _, _ = path.partition("/")
    row, _, of_row = path.rpartition("/")
    if row:
        yield of_row
        kind = _kinds(told.collection)[name]
        yield from (
            f"{name}/{key}" for key in kind.model_validate(_rows(told, name)[row]).part_keys()
        )
    yield name
