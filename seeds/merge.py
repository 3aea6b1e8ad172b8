"""One record made of what several bundles say of it; nothing here knows a database."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from app.models import Basis, Collection, StatementKind
from seeds.agreement import agreed, joined
from seeds.dates import refines
from seeds.naming import named
from seeds.told import Content, Sides, Told

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

DATE_APART = {"date", "date_edtf", "date_anchor"}
"""By what name sources contradict one another on a date."""

WHERE = {"host", "venue_country", "city", "venue", "coordinates"}
"""What tells where a meeting is: a point of one city does not fit another."""

OURS = {"slug", "former_slugs", "label"}
"""What no source states and nobody would ask a source for."""


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
    and fill digits that a source's date leaves open. Of a date or a place on which sources
    contradict one another they fill nothing.
    """
    told = sorted(told, key=lambda each: (each.basis is Basis.reference, each.bundle))
    sources = [each for each in told if each.basis is Basis.source]
    references = told[len(sources) :]
    merged = Merged(told, basis=Basis.source if sources else Basis.reference)
    told_by_sources, lore = agreed(_quoting(sources)), agreed(references)
    merged.content = told_by_sources.content
    merged.contradictions = told_by_sources.contradictions
    merged.problems = told_by_sources.problems + lore.problems
    merged.stated = {rows: len(merged.content.get(rows, ())) for rows in ROWS_WITH_BASIS}
    for name, value in lore.content.items():
        _fill(merged, references, name, value)
    return merged


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


def _fill(merged: Merged, references: Sequence[Told], name: str, value: Any) -> None:
    """Let reference knowledge say what no source does."""
    content = merged.content
    if name == "evidence":
        message = f"evidence comes from sources, and {references[0]} is reference knowledge"
        merged.problems.append((name, message))
    elif name == "names":
        content[name] = named(content.get(name, []), value, content.get("name"))
    elif name in ("offices", "former_slugs"):
        content[name] = joined(content.get(name, []), value)
    elif name == "date":
        merged.problems.extend((name, message) for message in _complete_date(merged, value))
    elif name in WHERE and not WHERE.isdisjoint(merged.contradictions):
        return
    elif content.get(name) in (None, []):
        content[name] = value
        merged.reference_fields.update({name} - OURS)


def _complete_date(merged: Merged, reference: Content) -> Iterator[str]:
    """Fill the digits that a source's date leaves open, or the whole of it where there is none."""
    stated, full = merged.content.get("date"), reference.get("edtf")
    edtf = (stated or {}).get("edtf")
    if full is None or reference.keys() - {"edtf", "basis"}:
        yield "of a date, reference knowledge gives edtf alone: words and anchors are a source's"
    elif not DATE_APART.isdisjoint(merged.contradictions):
        return
    elif edtf is None or refines(edtf, full):
        merged.content["date"] = {**(stated or {}), "edtf": full, "basis": "inferred"}
        merged.reference_fields.update(DATE_FIELDS)
    elif edtf != full:
        yield (
            f"date.edtf is {edtf!r} in a source, and reference knowledge says {full!r}: it may "
            "only put digits in the place of X"
        )
