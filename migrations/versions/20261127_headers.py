"""What bundles say of themselves: title, licence, attribution. The next seeding fills it in."""

import sqlalchemy as sa
from alembic import op

revision = "9b14e6d07f52"
down_revision = "5e0a7c91d3b6"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("bundle", sa.Column("header", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("bundle", "header")
