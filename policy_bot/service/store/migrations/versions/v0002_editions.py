"""Valid policy files, which stay in force while newer ones have mistakes."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table."""
    op.create_table(
        "edition",
        sa.Column("installation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("repository", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("sha", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("first_at", sa.Float(), nullable=False),
        sa.Column("latest_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("installation", "repository", "digest"),
    )


def downgrade() -> None:
    """Drops it."""
    op.drop_table("edition")
