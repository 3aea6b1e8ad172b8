"""Bringing the database to what was built, touching nothing that stays as it is."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, SQLModel, col, delete, select

from app import models as m
from app.query.numbers import free
from seeds.build import Built
from seeds.named import Found
from seeds.rows import Values

MAIN: Sequence[type[SQLModel]] = (
    m.Place, m.Country, m.Topic, m.Source, m.Series, m.Participant, m.Meeting, m.Statement,
    m.Silence, m.Dispute, m.Incident, m.Proposal, m.Relation, m.Assessment, m.Evidence,
)  # fmt: skip
"""The tables of the collections, each after those that it refers to, its own circles aside."""

OWNERS: Mapping[type[SQLModel], str] = {
    m.Name: "record_id",
    m.FormerSlug: "record_id",
    m.ReferenceField: "record_id",
    m.Contradiction: "record_id",
    m.RecordTopic: "record_id",
    m.RecordAbout: "record_id",
    m.TopicPath: "topic_id",
    m.SeriesParty: "series_id",
    m.MeetingParty: "meeting_id",
    m.MeetingSeries: "meeting_id",
    m.Participation: "meeting_id",
    m.ParticipantOffice: "participant_id",
    m.ParticipantCountry: "participant_id",
    m.ParticipantMember: "participant_id",
    m.StatementSpeaker: "statement_id",
    m.StatementQuote: "statement_id",
    m.StatementStance: "statement_id",
    m.SilenceParticipant: "silence_id",
    m.DisputeParty: "dispute_id",
    m.IncidentParty: "incident_id",
    m.ProposalStageRow: "proposal_id",
    m.ProposalItem: "proposal_id",
    m.ProposalProposer: "proposal_id",
    m.ProposalAddressee: "proposal_id",
    m.RelationParty: "relation_id",
    m.SourceSentence: "source_id",
}
"""The tables of what records list, and the column that says whose row it is."""

# Columns whose old values may stand in the way of new ones, and what they hold meanwhile.
_CLEARED: Mapping[Any, Mapping[str, Any]] = {
    m.Record: {"slug": "id"},
    m.Relation: {"pair": "id"},
    m.Country: {"code": None, "alpha2": None},
    m.Topic: {"parent_id": None},
}
# Columns of circles between tables: written once all rows are there.
_CIRCULAR: Mapping[type[SQLModel], str] = {m.Topic: "parent_id"}

_BATCH = 1000


def stored(session: Session) -> dict[str, str]:
    """The digest of each record that the database has, by id."""
    return dict(session.exec(select(m.Record.id, m.Record.sha256)).all())


def documented(session: Session) -> dict[str, str]:
    """The digest of each record's document, by the record's id."""
    return dict(session.exec(select(m.SearchDocument.record_id, m.SearchDocument.sha256)).all())


def named(session: Session) -> dict[str, str]:
    """The digest of what finds each record by its names, by the record's id."""
    return dict(session.exec(select(m.Named.record_id, m.Named.sha256)).all())


def store(
    session: Session, built: Sequence[Built], documents: Sequence[Values], deleted: Sequence[str]
) -> None:
    """Insert new records, update changed ones, write documents, and delete those with these ids.

    `built` and `documents` hold the new and the changed alone: whatever is given is written.
    """
    known = stored(session)
    # In the order of the ids, which are random, indexes grow at one end and three times as fast.
    built = sorted(built, key=lambda each: each.id)
    new = [each for each in built if each.id not in known]
    changed = [each for each in built if each.id in known]
    _clear(session, [*(each.id for each in changed), *deleted])
    now = datetime.now(UTC)
    history = {"created_at": now, "updated_at": now, "version": 1}
    _insert(session, m.Record, [{**each.identity, **_digest(each), **history} for each in new])
    _insert_main(session, new)
    _update_main(session, changed, now)
    _write_circles(session, built)
    _insert_children(session, built)
    _delete(session, deleted)
    _write_documents(session, documents)


def _digest(built: Built) -> Values:
    return {"sha256": built.sha256}


def _clear(session: Session, ids: Sequence[str]) -> None:
    """Take out what lists hold, and what could stand in the way of new values."""
    for batch in _batches(ids):
        for table, column in OWNERS.items():
            session.exec(delete(table).where(col(getattr(table, column)).in_(batch)))
        for table, values in _CLEARED.items():
            meanwhile = {name: to and sa.column(to) for name, to in values.items()}
            session.exec(sa.update(table).where(table.id.in_(batch)).values(meanwhile))


def _insert(session: Session, table: type[SQLModel], rows: Sequence[Values]) -> None:
    if rows:
        session.connection().execute(sa.insert(table), rows)


def _insert_main(session: Session, built: Sequence[Built]) -> None:
    """Each record's own row, without the columns of circles."""
    rows = _by_table(built)
    for table in MAIN:
        without = {name: None for name in [_CIRCULAR.get(table)] if name}
        _insert(session, table, [{**row, **without} for row in rows[table]])


def _update_main(session: Session, changed: Sequence[Built], now: datetime) -> None:
    identities = [{**each.identity, **_digest(each), "updated_at": now} for each in changed]
    version = col(m.Record.version) + 1
    _update(session, m.Record, identities, version=version)
    for table, rows in _by_table(changed).items():
        _update(session, table, rows)


def _update(session: Session, table: Any, rows: Sequence[Values], **more: Any) -> None:
    """Set all columns of the rows with these ids."""
    if rows:
        names = rows[0].keys() - {"id"}
        columns = {**more, **{name: sa.bindparam(f"to_{name}") for name in names}}
        statement = sa.update(table).where(table.id == sa.bindparam("to_id")).values(columns)
        values = [{f"to_{name}": value for name, value in row.items()} for row in rows]
        session.connection().execute(statement, values)


def _write_circles(session: Session, built: Sequence[Built]) -> None:
    for table, column in _CIRCULAR.items():
        rows = [
            {"id": row["id"], column: row[column]}
            for row in _by_table(built)[table]
            if row[column] is not None
        ]
        _update(session, table, rows)


def _by_table(built: Iterable[Built]) -> Mapping[type[SQLModel], list[Values]]:
    rows: dict[type[SQLModel], list[Values]] = defaultdict(list)
    for each in built:
        table, values = each.main
        rows[table].append(values)
    return rows


def _insert_children(session: Session, built: Iterable[Built]) -> None:
    rows: dict[type[SQLModel], list[Values]] = defaultdict(list)
    for each in built:
        for table, row in each.children:
            rows[table].append(row)
    for table, values in rows.items():
        _insert(session, table, values)


def _write_documents(session: Session, documents: Sequence[Values]) -> None:
    """Write documents, both the old and the new in the order of their numbers.

    Out of that order each one costs SQLite's full-text index a piece of its own.
    """
    table = m.SearchDocument
    old: list[int] = []
    for batch in _batches([each["record_id"] for each in documents]):
        old += session.exec(select(table.id).where(col(table.record_id).in_(batch)))
    old.sort()
    for start in range(0, len(old), _BATCH):
        session.exec(delete(table).where(col(table.id).in_(old[start : start + _BATCH])))
    _insert(session, table, sorted(_numbered(session, documents), key=lambda each: int(each["id"])))


def _numbered(session: Session, documents: Sequence[Values]) -> Iterator[Values]:
    """The documents, each with a number that no other one has."""
    taken: set[int] = set()
    for start in range(0, len(documents), _BATCH):
        batch = documents[start : start + _BATCH]
        # Two may want one number once in many thousands: they are looked for where they meet.
        wanted = {each["id"] for each in batch}
        query = select(m.SearchDocument.id).where(col(m.SearchDocument.id).in_(wanted))
        taken |= set(session.exec(query))
    for each in documents:
        id = free(each["id"], taken)
        taken.add(id)
        yield {**each, "id": id}


def clear_names(session: Session, ids: Sequence[str]) -> None:
    """Take out what finds some records by their names, which may refer to what is to go."""
    for batch in _batches(ids):
        session.exec(delete(m.Named).where(col(m.Named.record_id).in_(batch)))


def store_names(session: Session, found: Sequence[Found]) -> None:
    """Write what finds records by their names, once nothing is kept of it."""
    _insert(session, m.Named, [each.named for each in found])
    _insert(session, m.NameKey, [key for each in found for key in each.keys])
    _insert(session, m.NamedCountry, [one for each in found for one in each.countries])


def _delete(session: Session, ids: Sequence[str]) -> None:
    """Delete records, those that refer before those that are referred to."""
    tables: list[Any] = [*reversed(MAIN), m.Record]
    for table in tables:
        for batch in _batches(ids):
            session.exec(delete(table).where(table.id.in_(batch)))


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """The ids, as many at a time as a statement may name."""
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]
