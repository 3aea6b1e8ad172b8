"""What Wikidata calls a country. The next seeding fills it in."""

import sqlalchemy as sa
from alembic import op

revision = "3c7d18e0a64b"
down_revision = "9b14e6d07f52"
branch_labels = None
depends_on = None

KEY = sa.String(200).with_variant(sa.String(200, collation="C"), "postgresql")


def upgrade() -> None:
    op.add_column("country", sa.Column("wikidata", KEY, nullable=True))


def downgrade() -> None:
    op.drop_column("country", "wikidata")
