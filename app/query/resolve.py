"""From what people write for a record (id, slug, former slug, code) to its id."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.errors import nearest
from app.models import Collection, FormerSlug, Record, SearchDocument
from app.query.matching import columns, holds
from app.query.parse import is_text
from app.query.terms import query_terms, whole

CANDIDATES = 2000
TERMS_AT_MOST = 16


@dataclass(frozen=True)
class Among:
    """A collection to which references may point, and columns that name its records as well."""

    collection: Collection
    also: tuple[Any, ...] = ()


def ids_of(session: Session, among: Among, written: Iterable[str]) -> dict[str, str]:
    """The ids of those of ``written`` that name a record, in any case, by what was written."""
    names = {value: value.casefold() for value in written if is_text(value)}
    found = dict(_matches(session, among, set(names.values())))
    return {value: found[name] for value, name in names.items() if name in found}


def _matches(session: Session, among: Among, names: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Pairs of name and id; what counts most comes last."""
    former = select(FormerSlug.slug, FormerSlug.record_id).where(
        FormerSlug.collection == among.collection, col(FormerSlug.slug).in_(names)
    )
    yield from session.exec(former).all()
    for column in among.also:
        folded = sa.func.lower(column)
        upper = [name.upper() for name in names]
        yield from session.execute(sa.select(folded, column.class_.id).where(column.in_(upper)))
    here = select(Record.id, Record.slug).where(
        Record.collection == among.collection,
        sa.or_(col(Record.slug).in_(names), col(Record.id).in_(names)),
    )
    for id, slug in session.exec(here):
        yield from ((slug, id), (id, id))


def current_slug(session: Session, among: Among, written: str) -> str | None:
    """The slug of today for a former one."""
    query = (
        select(Record.slug)
        .join(FormerSlug, col(FormerSlug.record_id) == Record.id)
        .where(FormerSlug.collection == among.collection, FormerSlug.slug == written.casefold())
    )
    return session.exec(query).one_or_none()


def suggestion(session: Session, among: Among, written: str) -> str | None:
    """The slug that looks most like what was written, among those that begin alike."""
    if not is_text(written):
        return None
    first = written[:1].casefold()
    slugs = _slugs(session, among, first)
    return (
        _called(session, among, written)
        or nearest(written, slugs)
        or nearest(written, _slugs(session, among, ""))
    )


def _called(session: Session, among: Among, written: str) -> str | None:
    """The slug of the one record that is called so, or has a name with these words."""
    names = columns(source_only=False, names_only=True)
    for terms in ([one for one in [whole(written)] if one], query_terms(written)[:TERMS_AT_MOST]):
        query = sa.select(col(Record.slug)).join(
            SearchDocument, col(SearchDocument.record_id) == col(Record.id)
        )
        query = query.where(col(Record.collection) == among.collection, holds(terms, names))
        if len(found := session.scalars(query.limit(2)).all()) == 1:
            return str(found[0])
    return None


def examples(session: Session, among: Among, at_most: int = 50) -> list[str] | None:
    """Every slug of a small collection, None for a larger one."""
    slugs = _slugs(session, among, "", at_most + 1)
    return slugs if len(slugs) <= at_most else None


def _slugs(session: Session, among: Among, first: str, limit: int = CANDIDATES) -> list[str]:
    query = select(Record.slug).where(Record.collection == among.collection)
    if first:
        query = query.where(Record.slug >= first, Record.slug < first + "\U0010ffff")
    found: Sequence[str] = session.exec(query.order_by(Record.slug).limit(limit)).all()
    return list(found)
