"""Whether the records of a base agree with one another; every rule lists all that breaks it."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from typing import Any

from app import models as m
from app.models import Collection
from seeds import records as r
from seeds.problems import dotted, nearest
from seeds.reader import NodePath, Problem
from seeds.rows import Whole, pair
from seeds.told import Address, Content

Wholes = Mapping[Address, Whole]
Sentences = Mapping[tuple[int, int], tuple[int, int]]
Outlined = tuple[r.Source, Sentences]

REFERS = {
    **dict.fromkeys(("country", "host", "venue_country", "used_by"), Collection.countries),
    **dict.fromkeys(("administrator", "about", "countries", "addressees"), Collection.countries),
    **dict.fromkeys(("capital", "city"), Collection.places),
    **dict.fromkeys(("parent", "topic", "topics"), Collection.topics),
    **dict.fromkeys(("participant", "participants", "members"), Collection.participants),
    **dict.fromkeys(("speakers", "proposers", "asserted_by"), Collection.participants),
    "parties": Collection.countries,
    "series": Collection.series,
    "meeting": Collection.meetings,
    "dispute": Collection.disputes,
    "source": Collection.sources,
}
"""The collection of the records whose keys a field holds, wherever in a record it stands."""

HINTS = 20
"""How many missing keys are looked up for what was probably meant: each takes a while."""

TARGETS = {"target", "record"}
"""The fields that hold `collection/key`."""


def check(wholes: Wholes, told: Iterable[Address]) -> Iterator[Problem]:
    """All that is wrong between records; `told` are all that may be referred to."""
    known: dict[str, set[str]] = {collection: set() for collection in r.RECORDS}
    for collection, key in told:
        known[collection].add(key)
    yield from _missing(wholes, known)
    yield from _slugs(wholes)
    for rule in (_country_code, _alpha2, _relation):
        yield from _unique(wholes, rule)
    yield from _circles(wholes, Collection.topics, lambda record: [record.parent])
    yield from _circles(wholes, Collection.participants, lambda record: record.members)
    sources = {}
    for whole in wholes.values():
        if isinstance(whole.record, r.Source):
            sources[whole.record.key] = (whole.record, whole.record.sentences())
            yield from (whole.problem(message) for message in _source(whole.record))
    for whole in wholes.values():
        yield from _evidence(whole, sources)


def references(content: Content, path: NodePath = ()) -> Iterator[tuple[NodePath, str, str]]:
    """Each record that a record refers to: where in it, the collection and the key."""
    for name, value in content.items():
        for step, each in enumerate(value) if isinstance(value, list) else ((None, value),):
            here = (*path, name) if step is None else (*path, name, step)
            if isinstance(each, dict):
                yield from references(each, here)
            elif isinstance(each, str) and name in TARGETS:
                collection, _, key = each.partition("/")
                yield here, collection, key
            elif isinstance(each, str) and name in REFERS:
                yield here, REFERS[name], each


def contradicting(whole: Whole) -> Content:
    """What sources say differently of a record, as a record says it: by field, every value."""
    found: Content = {}
    for path, sides in whole.contradictions.items():
        row, _, name = path.rpartition("/")
        within = found.setdefault(row, {}) if row else found
        within[name] = [value for value, _ in sides]
    return found


def _missing(wholes: Wholes, known: Mapping[str, set[str]]) -> Iterator[Problem]:
    hints = count()
    for whole in wholes.values():
        others = references({"contradictions": contradicting(whole)})
        for path, collection, key in (*references(whole.content), *others):
            if collection not in known:
                hint = nearest(collection, known)
                yield whole.problem(f"{dotted(path)}: no collection {collection!r}{hint}", path)
            elif key not in known[collection]:
                hint = nearest(key, known[collection]) if next(hints) < HINTS else ""
                message = f"{dotted(path)}: no bundle tells of {collection}/{key}{hint}"
                yield whole.problem(message, path)


def _slugs(wholes: Wholes) -> Iterator[Problem]:
    """Each slug leads to one record, be it of now or of former times."""
    first: dict[Address, Whole] = {}
    for address in (True, False):
        for whole in wholes.values():
            record = whole.record
            for slug in [record.address()] if address else record.former_slugs:
                if slug in r.RESERVED:
                    yield whole.problem(f"{slug!r} is the address of counts: give it a slug")
                other = first.setdefault((record.collection, slug), whole)
                if other is not whole or (not address and slug == record.address()):
                    yield whole.problem(f"the slug {slug!r} is that of {other.told[0]}")


def _unique(wholes: Wholes, value_of: Callable[[r.Record], str | None]) -> Iterator[Problem]:
    """No two records have the same value."""
    first: dict[str, Whole] = {}
    for whole in wholes.values():
        value = value_of(whole.record)
        if value is not None and (other := first.setdefault(value, whole)) is not whole:
            what = value_of.__name__.strip("_").replace("_", " ")
            yield whole.problem(f"{other.record.key} in {other.told[0]} has the same {what}")


def _country_code(record: r.Record) -> str | None:
    return record.code if isinstance(record, r.Country) else None


def _alpha2(record: r.Record) -> str | None:
    return record.alpha2 if isinstance(record, r.Country) else None


def _relation(record: r.Record) -> str | None:
    return pair(record) if isinstance(record, r.Relation) else None


def _circles(
    wholes: Wholes, collection: Collection, above: Callable[[Any], list[str | None]]
) -> Iterator[Problem]:
    """No record is above itself, at whatever remove."""
    edges = {
        key: [each for each in above(whole.record) if each is not None]
        for (found, key), whole in wholes.items()
        if found is collection
    }
    for key, first in edges.items():
        reached, ahead = set[str](), list(first)
        while ahead:
            if (each := ahead.pop()) not in reached:
                reached.add(each)
                ahead += edges.get(each, [])
        if key in reached:
            yield wholes[collection, key].problem("the record is above itself")


def _evidence(whole: Whole, sources: Mapping[str, Outlined]) -> Iterator[Problem]:
    """Each locator lies in the sentence that it names, and shows what the source allows."""
    for index, item in enumerate(whole.record.evidence):
        if item.source in sources:
            source, sentences = sources[item.source]
            for message in (*_locator(item, source, sentences), *_passage(item, source)):
                path = ("evidence", index)
                yield whole.problem(f"{dotted(path)}: {message}", path)


def _locator(item: r.Evidence, source: r.Source, sentences: Sentences) -> Iterator[str]:
    at = f"paragraph {item.paragraph}, sentence {item.sentence}"
    span = sentences.get((item.paragraph, item.sentence))
    if span is None:
        yield f"{source.key} has no {at}"
    elif not span[0] <= item.start[0] < item.end[0] <= span[1]:
        yield (
            f"characters {item.start[0]} to {item.end[0]} are not within {at} of {source.key}, "
            f"which is {span[0]} to {span[1]}: seal the evidence again"
        )


def _passage(item: r.Evidence, source: r.Source) -> Iterator[str]:
    if item.passage is None:
        return
    if source.rights is m.SourceRights.metadata_only:
        yield f"the rights of {source.key} do not allow its passages to be kept: leave it out"
    if _sha256(item.passage) != item.sha256:
        yield "sha256 is not that of the passage: seal the evidence again"
    if item.quote is not None and item.quote not in item.passage:
        yield "the quote is not in the passage"


def _source(source: r.Source) -> Iterator[str]:
    if source.text is None:
        return
    if source.rights is not m.SourceRights.full_text:
        yield f"rights are {source.rights}, which does not allow the text to be kept: leave it out"
    if _sha256(source.text) != source.sha256 or len(source.text) != source.characters:
        yield "sha256 or characters are not those of the text: seal the source again"


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
