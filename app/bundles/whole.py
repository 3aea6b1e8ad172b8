"""Writes all that bundles told a knowledge base, from which another one becomes the same."""

from collections.abc import Iterator, Mapping
from typing import IO, Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.bundles.archive import FOLDER, Archive, Manifest, UntellableError
from app.bundles.notation import document, item
from app.models import Bundle, Collection, Contribution, Record

HEADER = "bundle"
PART = 2**20
"""How many bytes of records a file has at most, unless a single record has more."""

_ROWS = 500


def write(session: Session, file: IO[bytes]) -> Manifest:
    """Write the knowledge base as a zip of bundles, and tell what is in it.

    `communique seed` makes the same knowledge base of it elsewhere, whose own zip has the same
    bytes. `file` must be one that can be sought in; no more than a part of a collection is held
    in memory. Raises UntellableError, before anything is written, where bundles do not tell all.
    """
    bundles = session.exec(
        select(Bundle.name, Bundle.basis, Bundle.header).order_by(Bundle.name)
    ).all()
    _require_headers({name: header for name, _, header in bundles})
    _require_told(session)
    with Archive(file) as archive:
        for name, basis, header in bundles:
            described = document({"bundle": name, "basis": basis, **header})
            for path, text in _files(session, name, described):
                archive.add(f"{FOLDER}/{name}/{path}", text)
        return archive.finish(_counts(session))


def _require_headers(headers: Mapping[str, Any]) -> None:
    if missing := [name for name, header in headers.items() if header is None]:
        raise UntellableError(
            "Title, licence and attribution are not known of bundles that an earlier version "
            f"seeded. Seed them again: {', '.join(missing)}"
        )


def _require_told(session: Session) -> None:
    told = sa.exists().where(
        col(Contribution.collection) == Record.collection, col(Contribution.key) == Record.key
    )
    untold = select(Record.collection, Record.key).where(
        Record.collection != Collection.evidence, ~told
    )
    if found := session.exec(untold.limit(1)).first():
        raise UntellableError(
            f"No bundle tells of {found[0]}/{found[1]}, so bundles do not tell all that is known. "
            "Copy the database instead."
        )


def _files(session: Session, bundle: str, described: str) -> Iterator[tuple[str, str]]:
    """The name and text of each of a bundle's files, in order of name."""
    for name in sorted((HEADER, *Collection)):
        texts = [described] if name == HEADER else _parts(session, bundle, Collection(name))
        for number, text in enumerate(texts, 1):
            # The sign stands behind the point in the alphabet, so the first part comes first.
            yield f"{name}.yaml" if number == 1 else f"{name}_{number:04}.yaml", text


def _parts(session: Session, bundle: str, collection: Collection) -> Iterator[str]:
    """What a bundle tells of a collection, in files that are not too large."""
    heading = f"{collection}:\n"
    pieces, size = [heading], 0
    for key, content in _told(session, bundle, collection):
        text = item({"key": key, **content})
        if size and size + len(text.encode()) > PART:
            yield "".join(pieces)
            pieces, size = [heading], 0
        pieces.append(text)
        size += len(text.encode())
    if size:
        yield "".join(pieces)


def _told(session: Session, bundle: str, collection: Collection) -> Iterator[tuple[str, Any]]:
    """The key and content of each record, a few hundred at a time."""
    query = (
        select(Contribution.key, Contribution.content)
        .where(Contribution.bundle_name == bundle, Contribution.collection == collection)
        .order_by(Contribution.key)
        .limit(_ROWS)
    )
    rows = session.exec(query).all()
    while rows:
        yield from rows
        rows = session.exec(query.where(Contribution.key > rows[-1][0])).all()


def _counts(session: Session) -> dict[str, int]:
    counted = select(Record.collection, sa.func.count()).group_by(Record.collection)
    return dict(sorted((str(name), number) for name, number in session.exec(counted)))
