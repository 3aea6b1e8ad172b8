"""An index of the ends of relations, by which it is asked who bears them."""

from alembic import op

revision = "5e0a7c91d3b6"
down_revision = "d82f6b30c915"
branch_labels = None
depends_on = None

NAME = "ix_relation_party_position_country_id_relation_id"


def upgrade() -> None:
    op.create_index(NAME, "relation_party", ["position", "country_id", "relation_id"])


def downgrade() -> None:
    op.drop_index(NAME, table_name="relation_party")
