"""Documents of search have their words in order, and numbers that tell what is newest.

What was found stays found, Chinese characters in whatever form. The next seeding writes words,
days and the counts of words.
"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.query.han import unified

revision = "5f0c2a97d1e3"
down_revision = "b7c41d90e2f5"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
SEQUENCE = "search_document_id_seq"
EMPTY = sa.text("''")
WORDS = ("source_words", "reference_words")
COLLECTIONS = (
    "meetings", "series", "participants", "countries", "statements", "silences", "disputes",
    "incidents", "proposals", "relations", "assessments", "topics", "sources", "evidence", "places",
)  # fmt: skip
SHAPE = " ".join(f"WHEN '{name}' THEN {place * 2}" for place, name in enumerate(COLLECTIONS))
TERMS = ("source_names", "reference_names", "source_text", "reference_text")
DOCUMENT = sa.table("search_document", sa.column("id", sa.BigInteger), *map(sa.column, TERMS))
BATCH = 1_000
OF_RECORD = "FROM record WHERE record.id = search_document.record_id"


def upgrade() -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    if postgresql:
        op.execute("ALTER TABLE search_document ALTER COLUMN id DROP DEFAULT")
        op.execute(f"DROP SEQUENCE {SEQUENCE}")
        op.execute("ALTER TABLE search_document ALTER COLUMN id TYPE BIGINT")
    for name in WORDS:
        column = sa.Column(name, sa.String(), server_default=EMPTY, nullable=False)
        op.add_column("search_document", column)
    collection = f"(SELECT CASE collection {SHAPE} ELSE 30 END {OF_RECORD})"
    basis = f"(SELECT CASE basis WHEN 'reference' THEN 1 ELSE 0 END {OF_RECORD})"
    kind = "BIGINT" if postgresql else "INTEGER"
    number = f"(CAST({collection} + {basis} AS {kind}) << 32) | id"
    # Without a digest the next seeding writes a document whole.
    op.execute(f"UPDATE search_document SET sha256 = '', id = {number}")  # noqa: S608
    _unify()
    op.create_table(
        "search_word",
        sa.Column("term", KEY, nullable=False),
        sa.Column("documents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("term", name=op.f("pk_search_word")),
    )
    op.create_table(
        "search_spelling",
        sa.Column("key", KEY, nullable=False),
        sa.Column("term", KEY, nullable=False),
        sa.ForeignKeyConstraint(
            ["term"],
            ["search_word.term"],
            name=op.f("fk_search_spelling_term_search_word"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("key", "term", name=op.f("pk_search_spelling")),
    )
    op.create_index(op.f("ix_search_spelling_term"), "search_spelling", ["term"])


def downgrade() -> None:
    op.drop_table("search_spelling")
    op.drop_table("search_word")
    # Numbers from one on again; first out of the way of one another.
    op.execute("UPDATE search_document SET id = -id")
    op.execute(
        "UPDATE search_document SET id = counted.place FROM (SELECT record_id, row_number()"
        " OVER (ORDER BY record_id) AS place FROM search_document) AS counted"
        " WHERE counted.record_id = search_document.record_id"
    )
    for name in reversed(WORDS):
        op.drop_column("search_document", name)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE search_document ALTER COLUMN id TYPE INTEGER")
        op.execute(f"CREATE SEQUENCE {SEQUENCE} AS integer OWNED BY search_document.id")
        number = "SELECT count(*) + 1 FROM search_document"
        op.execute(sa.select(sa.func.setval(SEQUENCE, sa.text(f"({number})"))))
        following = f"nextval('{SEQUENCE}'::regclass)"
        op.execute(f"ALTER TABLE search_document ALTER COLUMN id SET DEFAULT {following}")


def _unify() -> None:
    """Let terms have Chinese characters in the form in which they are asked for from now on."""
    change = sa.update(DOCUMENT).where(DOCUMENT.c.id == sa.bindparam("of"))
    change = change.values({name: sa.bindparam(f"to_{name}") for name in TERMS})
    for batch in _documents():
        rows = [(row, {name: unified(getattr(row, name)) for name in TERMS}) for row in batch]
        changed = [
            {"of": row.id, **{f"to_{name}": text for name, text in found.items()}}
            for row, found in rows
            if any(getattr(row, name) != text for name, text in found.items())
        ]
        if changed:
            op.get_bind().execute(change, changed)


def _documents() -> Iterator[list[Any]]:
    """All documents, some at a time."""
    last = -1
    query = sa.select(DOCUMENT).order_by(DOCUMENT.c.id).limit(BATCH)
    while rows := list(op.get_bind().execute(query.where(DOCUMENT.c.id > last))):
        last = rows[-1].id
        yield rows
