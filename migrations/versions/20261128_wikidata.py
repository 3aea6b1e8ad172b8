"""What Wikidata calls a country, so far as bundles told; the next seeding fills in the rest."""

import sqlalchemy as sa
from alembic import op

revision = "3c7d18e0a64b"
down_revision = "9b14e6d07f52"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")
TOLD = sa.table(
    "contribution", sa.column("collection"), sa.column("key"), sa.column("content", sa.JSON)
)
CHANGE = """
UPDATE country SET wikidata = :item
WHERE id = (SELECT id FROM record WHERE collection = 'countries' AND key = :key)
"""


def upgrade() -> None:
    op.add_column("country", sa.Column("wikidata", KEY, nullable=True))
    query = sa.select(TOLD.c.key, TOLD.c.content).where(TOLD.c.collection == "countries")
    rows = op.get_bind().execute(query).all()
    items = [{"key": row.key, "item": row.content.get("wikidata")} for row in rows]
    if known := [one for one in items if one["item"]]:
        op.get_bind().execute(sa.text(CHANGE), known)


def downgrade() -> None:
    op.drop_column("country", "wikidata")
