"""Seeding: bundles into the database, whole or not at all, as often as one likes."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app import models as m
from app.db import read, revision, write
from seeds import vocabulary
from seeds.archive import opened
from seeds.build import Built, build
from seeds.check import check
from seeds.complete import complete
from seeds.documents import too_long
from seeds.gather import Gathered, gather
from seeds.named import Found
from seeds.reader import BundleError
from seeds.rows import Values
from seeds.store import clear_names, documented, named, store, store_names, stored
from seeds.told import Told

FOLDERS = tuple(Path(__file__).parent / name for name in ("topics", "article", "reference"))
"""The bundles that come with the program."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a seeding did: numbers of records, evidence included, and the data revision."""

    created: int
    updated: int
    unchanged: int
    deleted: int
    revision: int

    def __str__(self) -> str:
        return (
            f"{self.created} records created, {self.updated} updated, "
            f"{self.unchanged} unchanged, {self.deleted} deleted; revision {self.revision}"
        )


@dataclass(frozen=True, slots=True)
class _Plan:
    """What there is to write, for a database at a revision."""

    revision: int
    bundles: Sequence[Gathered]
    """Those that are new or have changed."""
    write: Sequence[Built]
    documents: Sequence[Values]
    """Those that are new or have changed; a record's may change while the record does not."""
    words: Mapping[str, int]
    """In how many of all documents each term stands."""
    names: Sequence[Found]
    """What finds records by their names, of which the same holds."""
    nameless: Sequence[str]
    """The ids of records that have no name any more."""
    delete: Sequence[str]
    report: Report

    @property
    def anything(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.bundles or self.documents or self.names)


def seed(engine: sa.Engine, folders: Sequence[Path] = ()) -> Report:
    """Load the bundles in these folders and archives, or those that come with the program.

    What other bundles told before is kept and merged. Everything is written in one transaction,
    and nothing where nothing changed. Raises BundleError that lists all that is wrong with the
    bundles, and then has written nothing.
    """
    with _uncollected():
        with opened(folders or FOLDERS) as found:
            bundles = gather(found)
        with read(engine) as session:
            plan = _plan(session, bundles)
        if plan.anything:
            with write(engine) as session:
                # Whoever wrote since the plan was made may have changed what it rests on.
                if revision(session) != plan.revision:
                    plan = _plan(session, bundles)
                if plan.anything:
                    _execute(session, plan)
    with read(engine) as session:
        return replace(plan.report, revision=revision(session))


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles: where millions of objects stay, a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _plan(session: Session, bundles: Sequence[Gathered]) -> _Plan:
    """What there is to write. Raises BundleError with all that is wrong."""
    at = revision(session)
    known = stored(session)
    # What an earlier version seeded without keeping the header is seeded again.
    kept_whole = select(m.Bundle.name, m.Bundle.sha256).where(col(m.Bundle.header).is_not(None))
    digests = dict(session.exec(kept_whole).all())
    changed = [each for each in bundles if digests.get(each.name) != each.sha256]
    documents, names = documented(session), named(session)
    # A migration that cannot write documents or names whole leaves them without a digest.
    if not changed and all(documents.values()) and all(names.values()):
        return _Plan(at, [], [], [], {}, [], [], [], Report(0, 0, len(known), 0, at))
    told = [each for bundle in bundles for each in bundle.told]
    told += _remembered(session, [each.name for each in bundles])
    built = _built(told, bundles)
    kept = {each.id for each in built}
    different = [each for each in built if known.get(each.id) != each.sha256]
    found = [each.document for each in built if each.document]
    renewed = [each for each in found if documents.get(each["record_id"]) != each["sha256"]]
    called = {each.id: each.found for each in built if each.found}
    spelt = [one for id, one in called.items() if names.get(id) != one.named["sha256"]]
    nameless = [id for id in names if id in kept and id not in called]
    delete = [each for each in known if each not in kept]
    created = len(kept - known.keys())
    report = Report(created, len(different) - created, len(kept) - len(different), len(delete), at)
    words = vocabulary.counted(found)
    return _Plan(at, changed, different, renewed, words, spelt, nameless, delete, report)


def _built(told: Sequence[Told], bundles: Sequence[Gathered]) -> list[Built]:
    broken = {address for each in bundles for address in each.broken}
    wholes, problems = complete(told, broken)
    problems += (problem for each in bundles for problem in each.problems)
    problems += check(wholes, [*broken, *((each.collection, each.key) for each in told)])
    if problems:
        raise BundleError(problems)
    built = list(build(wholes))
    records = {each.id: each for each in wholes.values()}
    if long := [records[each.id] for each in built if each.document and too_long(each.document)]:
        raise BundleError([each.problem("it says more than search can hold") for each in long])
    return built


def _remembered(session: Session, but: Sequence[str]) -> Iterable[Told]:
    """What other bundles told before."""
    basis = {each.name: each.basis for each in session.exec(select(m.Bundle))}
    rows = select(m.Contribution).where(col(m.Contribution.bundle_name).not_in(but))
    for each in session.exec(rows):
        name = each.bundle_name
        yield Told(name, basis[name], each.collection, each.key, each.content)


def _execute(session: Session, plan: _Plan) -> None:
    for bundle in plan.bundles:
        _remember(session, bundle)
    renamed = [each.named["record_id"] for each in plan.names]
    clear_names(session, [*renamed, *plan.nameless, *plan.delete])
    store(session, plan.write, plan.documents, plan.delete)
    vocabulary.keep(session, plan.words)
    store_names(session, plan.names)
    # In the same transaction: without statistics the database plans some filters fatally.
    session.connection().exec_driver_sql("ANALYZE")


def _remember(session: Session, bundle: Gathered) -> None:
    """Keep what a bundle tells, for when another one is seeded."""
    session.merge(
        m.Bundle(name=bundle.name, basis=bundle.basis, sha256=bundle.sha256, header=bundle.header)
    )
    session.flush()
    told = m.Contribution.__table__  # type: ignore[attr-defined]
    session.connection().execute(sa.delete(told).where(told.c.bundle_name == bundle.name))
    rows = [
        {
            "bundle_name": bundle.name,
            "collection": each.collection,
            "key": each.key,
            "content": each.content,
        }
        for each in bundle.told
    ]
    if rows:
        session.connection().execute(sa.insert(m.Contribution), rows)
