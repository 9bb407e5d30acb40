"""Results of audits, so that the next one examines only changes."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "audited",
        sa.Column("installation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("repository", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("rules", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("installation", "repository"),
    )
    op.create_table(
        "night",
        sa.Column("installation", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("turned", sa.String(length=10), nullable=False),
        sa.Column("audited", sa.String(length=10), nullable=False),
        sa.PrimaryKeyConstraint("installation"),
    )


def downgrade() -> None:
    """Drops them."""
    op.drop_table("night")
    op.drop_table("audited")
