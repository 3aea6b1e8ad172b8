"""A document for each record, and on each database a full-text index of it; `term` goes."""

from collections import defaultdict

import sqlalchemy as sa
from alembic import op

revision = "c4d1e8f0a2b7"
down_revision = "bb242029e764"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
BASIS = sa.Enum(
    "source", "reference", name="basis", native_enum=False, create_constraint=True, length=32
)
COLUMNS = ("source_names", "reference_names", "source_text", "reference_text")
# Which columns a term stands in is asked for, where it stands in them is not.
OPTIONS = "tokenize='ascii', detail='column', columnsize=0"
# Of the area for private use: what a name as a whole begins with.
BOUND = "\ue000"

DOCUMENT = sa.table(
    "search_document",
    *map(sa.column, ("record_id", *COLUMNS, "sha256")),
    sa.column("passages", sa.JSON),
)
TERM = sa.table("term", *map(sa.column, ("term", "record_id", "basis")))


def upgrade() -> None:
    op.create_table(
        "search_document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in COLUMNS),
        sa.Column("passages", sa.JSON(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["record.id"],
            name=op.f("fk_search_document_record_id_record"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_search_document")),
        sa.UniqueConstraint("record_id", name=op.f("uq_search_document_record_id")),
    )
    _execute(*(_sqlite() if op.get_bind().dialect.name == "sqlite" else _postgresql()))
    _documents_from_terms()
    op.drop_table("term")


def downgrade() -> None:
    op.create_table(
        "term",
        sa.Column("term", KEY, nullable=False),
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("basis", BASIS, nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_term_record_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("term", "record_id", "basis", name=op.f("pk_term")),
    )
    op.create_index(op.f("ix_term_record_id"), "term", ["record_id"])
    _terms_from_documents()
    if op.get_bind().dialect.name == "sqlite":
        _execute("DROP TABLE fts_record")
    op.drop_table("search_document")


def _execute(*statements: str) -> None:
    # As they are: what looks like a parameter is none.
    for statement in statements:
        op.get_bind().exec_driver_sql(statement)


def _sqlite() -> list[str]:
    """An index that triggers keep; its tokenizer leaves all but ASCII as it is."""
    names = ", ".join(COLUMNS)
    old, new = (", ".join(f"{row}.{name}" for name in COLUMNS) for row in ("old", "new"))
    add = f"INSERT INTO fts_record (rowid, {names}) VALUES (new.id, {new});"  # noqa: S608
    gone = f"INSERT INTO fts_record (fts_record, rowid, {names}) VALUES ('delete', old.id, {old});"  # noqa: S608
    trigger = "CREATE TRIGGER fts_record_after_{} AFTER {} ON search_document BEGIN {} END"
    content = "content='search_document', content_rowid='id'"
    return [
        f"CREATE VIRTUAL TABLE fts_record USING fts5({names}, {content}, {OPTIONS})",
        trigger.format("insert", "INSERT", add),
        trigger.format("delete", "DELETE", gone),
        trigger.format("update", f"UPDATE OF id, {names}", f"{gone} {add}"),
    ]


def _postgresql() -> list[str]:
    """A column that the database computes; no parser and no dictionary touches the terms."""
    weighted = (
        f"regexp_replace({name}, '([^ ]+)', '''\\1'':{position}{weight}', 'g')"
        for position, (name, weight) in enumerate(zip(COLUMNS, "ABCD", strict=True), 1)
    )
    vector = " || ' ' || ".join(weighted)
    add = "ALTER TABLE search_document ADD COLUMN fts_vector tsvector NOT NULL"
    return [
        f"{add} GENERATED ALWAYS AS (({vector})::tsvector) STORED",
        "CREATE INDEX fts_record ON search_document USING gin (fts_vector)",
    ]


def _documents_from_terms() -> None:
    """What was found stays found; the next seeding writes the documents whole."""
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in op.get_bind().execute(sa.select(TERM.c.record_id, TERM.c.basis, TERM.c.term)):
        found[row.record_id][row.basis].append(row.term)
    rows = [
        {
            **dict.fromkeys(COLUMNS, ""),
            "record_id": record_id,
            "source_text": " ".join(terms["source"]),
            "reference_text": " ".join(terms["reference"]),
            "passages": [],
            "sha256": "",
        }
        for record_id, terms in found.items()
    ]
    if rows:
        op.get_bind().execute(sa.insert(DOCUMENT), rows)


def _terms_from_documents() -> None:
    rows = {
        (term, row.record_id, name.partition("_")[0])
        for row in op.get_bind().execute(sa.select(DOCUMENT))
        for name in COLUMNS
        for term in getattr(row, name).split()
        if not term.startswith(BOUND)
    }
    values = [dict(zip(("term", "record_id", "basis"), row, strict=True)) for row in sorted(rows)]
    if values:
        op.get_bind().execute(sa.insert(TERM), values)
