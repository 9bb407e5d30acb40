"""The basis of a verdict besides the head, for the sweep. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column."""
    op.add_column("due", sa.Column("basis", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Drops it."""
    op.drop_column("due", "basis")
