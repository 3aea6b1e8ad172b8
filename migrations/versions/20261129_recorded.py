"""An index of when records were told of, from which what is known of a collection is read."""

from alembic import op

revision = "b7c41d90e2f5"
down_revision = "3c7d18e0a64b"
branch_labels = None
depends_on = None

NAME = "ix_record_collection_created_at_updated_at_id"


def upgrade() -> None:
    op.create_index(NAME, "record", ["collection", "created_at", "updated_at", "id"])


def downgrade() -> None:
    op.drop_index(NAME, table_name="record")
