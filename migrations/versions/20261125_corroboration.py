"""How many sources carry each record and how strongly, and where they contradict each other."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "d82f6b30c915"
down_revision = "c4d1e8f0a2b7"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
STRENGTHS = ("own_words", "fragment", "paraphrase", "report", "inference")
BY_VOICE = {"author": "inference", "reporter": "report", None: "report"}
VOICED = (
    "meeting", "statement", "silence", "dispute", "incident", "proposal", "relation", "assessment",
)  # fmt: skip

# With its check in the same statement a column is added in place on every database.
COLUMNS = {
    "sources": "INTEGER DEFAULT 0 NOT NULL CONSTRAINT ck_record_sources CHECK (sources >= 0)",
    "strength": f"VARCHAR(32) CONSTRAINT ck_record_strength CHECK (strength IN {STRENGTHS!r})",
}

Rows = Iterable[sa.Row[Any]]


def upgrade() -> None:
    for column, kind in COLUMNS.items():
        op.execute(f"ALTER TABLE record ADD COLUMN {column} {kind}")
        op.create_index(op.f(f"ix_record_collection_{column}"), "record", ["collection", column])
    op.create_table(
        "contradiction",
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("field", KEY, nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("source_id", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_contradiction_record_id_record"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["source.id"], name=op.f("fk_contradiction_source_id_source")
        ),
        sa.PrimaryKeyConstraint("record_id", "position", name=op.f("pk_contradiction")),
    )
    op.create_index(op.f("ix_contradiction_source_id"), "contradiction", ["source_id"])
    _attest()
    _forget(_told_by_several())


def downgrade() -> None:
    op.drop_table("contradiction")
    for column in COLUMNS:
        op.drop_index(op.f(f"ix_record_collection_{column}"), "record")
        op.execute(f"ALTER TABLE record DROP COLUMN {column}")


def _read(query: str) -> Rows:
    return op.get_bind().execute(sa.text(query)).all()


def _attest() -> None:
    """Tell of each record by how many sources it is carried, and how strongly, as seeding does."""
    op.execute("UPDATE record SET sources = 1 WHERE collection = 'evidence'")
    strengths = dict(_strengths())
    values = [
        {"of": record, "sources": number, "strength": strengths[record]}
        for record, number in _numbers().items()
    ]
    change = "UPDATE record SET sources = :sources, strength = :strength WHERE id = :of"
    if values:
        op.get_bind().execute(sa.text(change), values)


def _numbers() -> Mapping[str, int]:
    """How many sources carry each record; those of one publisher count as one."""
    query = (
        "SELECT record_id, source_id, publisher FROM evidence JOIN source ON source.id = source_id"
    )
    found: dict[str, set[str]] = defaultdict(set)
    for row in _read(query):
        found[row.record_id].add(row.publisher.casefold() if row.publisher else row.source_id)
    return {record: len(publishers) for record, publishers in found.items()}


def _strengths() -> Iterator[tuple[str, str]]:
    """The strongest way in which any source carries each record that has evidence."""
    every = (_read(f"SELECT id, voice FROM {table}") for table in VOICED)  # noqa: S608
    voices = {row.id: row.voice for rows in every for row in rows}
    said = {row.id: row for row in _read("SELECT id, kind, own_words FROM statement")}
    quoted = {row.record_id: row.quoted for row in _read(
        "SELECT record_id, count(quote) AS quoted FROM evidence GROUP BY record_id"
    )}  # fmt: skip
    for record, quotes in quoted.items():
        if record in said:
            yield record, _of_words(said[record].kind, own=said[record].own_words)
        elif voices.get(record) == "official":
            yield record, "fragment" if quotes else "paraphrase"
        else:
            yield record, BY_VOICE[voices.get(record)]


def _of_words(kind: str, *, own: bool) -> str:
    if kind == "paraphrase":
        return kind
    return {"direct": "own_words", "mixed": "fragment"}[kind] if own else "report"


def _told_by_several() -> list[dict[str, str]]:
    """The records that several bundles tell of, each with passages of its own."""
    columns: list[Any] = [sa.column("collection"), sa.column("key"), sa.column("content", sa.JSON)]
    query = sa.select(*columns).select_from(sa.table("contribution"))
    told = Counter(
        (row.collection, row.key)
        for row in op.get_bind().execute(query)
        if row.content.get("evidence")
    )
    return [{"of": of, "named": key} for (of, key), number in told.items() if number > 1]


def _forget(records: list[dict[str, str]]) -> None:
    """Let the next seeding write some records anew: where sources differ in them, it can tell."""
    if records:
        change = "UPDATE record SET sha256 = '' WHERE collection = :of AND key = :named"
        op.get_bind().execute(sa.text(change), records)
        op.execute("UPDATE bundle SET sha256 = ''")
