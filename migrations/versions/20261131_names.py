"""What finds a record by its names; which those are, the next seeding writes."""

import sqlalchemy as sa
from alembic import op

revision = "a6c2f47e91d0"
down_revision = "5f0c2a97d1e3"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
SORT = sa.String(500).with_variant(sa.String(500, collation="C"), "postgresql")
COLLECTIONS = (
    "meetings", "series", "participants", "countries", "statements", "silences", "disputes",
    "incidents", "proposals", "relations", "assessments", "topics", "sources", "evidence", "places",
)  # fmt: skip
# Those without a digest are what the next seeding has to write.
NAMED = """
INSERT INTO named (record_id, collection, standing, sort_name, sha256)
SELECT id, collection, 0, sort_name, '' FROM record
WHERE collection <> 'places' AND id IN (SELECT record_id FROM name)
"""


def upgrade() -> None:
    op.create_table(
        "named",
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("collection", _one_of("collection", *COLLECTIONS), nullable=False),
        sa.Column("standing", sa.Integer(), nullable=False),
        sa.Column("sort_name", SORT, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.CheckConstraint("standing <= 0", name=op.f("ck_named_standing")),
        sa.ForeignKeyConstraint(
            ["record_id"], ["record.id"], name=op.f("fk_named_record_id_record"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_named")),
    )
    order = ["standing", "sort_name", "record_id"]
    op.create_index(op.f("ix_named_standing_sort_name_record_id"), "named", order)
    whole = op.f("ix_named_collection_standing_sort_name_record_id")
    op.create_index(whole, "named", ["collection", *order])
    _create_keys()
    _create_countries()
    op.execute(NAMED)


def _create_keys() -> None:
    kinds = ("code", "name", "word", "spelling", "part", "sound", "piece")
    op.create_table(
        "name_key",
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("key", KEY, nullable=False),
        sa.Column("kind", _one_of("keykind", *kinds), nullable=False),
        sa.Column("basis", _one_of("basis", "source", "reference"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["named.record_id"],
            name=op.f("fk_name_key_record_id_named"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("record_id", "key", "kind", "basis", name=op.f("pk_name_key")),
    )
    columns = ["key", "kind", "record_id"]
    op.create_index(op.f("ix_name_key_key_kind_record_id"), "name_key", columns)


def _create_countries() -> None:
    op.create_table(
        "named_country",
        sa.Column("record_id", KEY, nullable=False),
        sa.Column("country_id", KEY, nullable=False),
        sa.Column("basis", _one_of("basis", "source", "reference"), nullable=False),
        sa.ForeignKeyConstraint(
            ["record_id"],
            ["named.record_id"],
            name=op.f("fk_named_country_record_id_named"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["country_id"], ["country.id"], name=op.f("fk_named_country_country_id_country")
        ),
        sa.PrimaryKeyConstraint("record_id", "country_id", name=op.f("pk_named_country")),
    )
    columns = ["country_id", "record_id"]
    op.create_index(op.f("ix_named_country_country_id_record_id"), "named_country", columns)


def downgrade() -> None:
    for table in ("named_country", "name_key", "named"):
        op.drop_table(table)


def _one_of(name: str, *values: str) -> sa.Enum:
    return sa.Enum(*values, name=name, native_enum=False, create_constraint=True, length=32)
