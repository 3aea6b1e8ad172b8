"""Facts in words: a short text that a model reads, with everything by which it can cite."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.resources import RESOURCES
from app.resources.common import DatedOut

KINDS = {one.name: one.title.upper() for one in RESOURCES}
DATED = {one.name for one in RESOURCES if issubclass(one.out, DatedOut)}
VOICES = {
    "official": "an official says so",
    "reporter": "the source reports it",
    "author": "the source's author thinks so; no official said it",
}
WHOLE = "whole"
# Whatever ends a line or turns its direction, so that no stored text can pass for another record.
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]+")
TOLD_APART = {
    *("collection", "slug", "label", "name", "address", "text", "quotes", "voice", "date"),
    *("evidence", "cut", "from_reference", "entry"),
}
"""The fields of a fact that have a line of their own."""


def listed(facts: Iterable[Mapping[str, Any]]) -> str:
    """Facts, one after another and numbered."""
    return "\n".join(f"{number}. {told(one)}" for number, one in enumerate(facts, 1))


def told(fact: Mapping[str, Any]) -> str:
    """One fact, the rest of its lines indented."""
    return lines(_lines(fact), "\n   ")


def lines(told: Iterable[str], between: str) -> str:
    """Lines as one text, each of which stays one line whatever is stored in it."""
    return between.join(_BREAKS.sub(" ", one) for one in told)


def _lines(fact: Mapping[str, Any]) -> Iterator[str]:
    kind = "STAGE" if fact.get("entry") == "stages" else KINDS[fact["collection"]]
    said = fact.get("text") or fact["label"]
    yield f"{kind} {fact['collection']}/{fact['slug']}: {said}"
    if "text" in fact and fact["label"] not in fact["text"]:
        yield f"label: {fact['label']}"
    if "name" in fact:
        yield f"name: {fact['name']}"
    if "voice" in fact:
        yield f"voice: {fact['voice']} ({VOICES[fact['voice']]})"
    if "quotes" in fact:
        yield "quotes: " + "; ".join(f"“{one}”" for one in fact["quotes"])
    if "date" in fact or fact["collection"] in DATED:
        yield f"date: {dated(fact.get('date', {}))}"
    rest = {name: value for name, value in fact.items() if name not in TOLD_APART}
    if rest:
        yield "; ".join(f"{name}: {words(value)}" for name, value in rest.items())
    if "from_reference" in fact:
        yield f"not from the source alone, reference knowledge: {', '.join(fact['from_reference'])}"
    if "cut" in fact:
        yield f"cut here, whole at the address: {', '.join(fact['cut'])}"
    if "evidence" in fact:
        yield f"evidence: {cited(fact['evidence'])}"
    yield fact["address"]


def dated(date: Mapping[str, Any]) -> str:
    """A date in words; what is no calendar date is said to be none."""
    parts = [date.get("edtf") or "no calendar date"]
    if "basis" in date:
        parts.append(date["basis"])
    if "as_written" in date:
        parts.append(f"written “{date['as_written']}”")
    if "anchor" in date:
        parts.append(f"{date['anchor']['relation']}: {words(date['anchor']['record'])}")
    return "; ".join(parts)


def cited(evidence: Iterable[Mapping[str, Any]]) -> str:
    """Places in sources, each once with the parts that it carries."""
    parts: dict[str, list[str]] = {}
    for one in evidence:
        place = f"{one['source']} paragraph {one['paragraph']} sentence {one['sentence']}"
        parts.setdefault(place, []).append(one.get("part", WHOLE))
    return "; ".join(
        place if carried == [WHOLE] else f"{place} ({', '.join(carried)})"
        for place, carried in parts.items()
    )


def rows_left(shown: int, total: int, by: str) -> str:
    """What is said where not all rows of a table are told, and ``by`` what there would be fewer."""
    return f"Only the first {shown} of {total} rows are told. Narrow the question by {by}."


def words(value: Any) -> str:
    """Any value of a fact in words; what can be asked for has its slug in brackets."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(words, value))
    if not isinstance(value, Mapping):
        return str(value)
    if "slug" in value:
        return f"{value['name']} [{value['slug']}]" if "name" in value else f"[{value['slug']}]"
    pairs = (
        f"{name} {dated(one) if name == 'date' else words(one)}" for name, one in value.items()
    )
    return f"({'; '.join(pairs)})"
