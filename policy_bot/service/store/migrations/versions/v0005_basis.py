"""What a verdict rests on besides the head, so that the sweep can compare it. Only adds."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Applies it."""
    op.add_column("due", sa.Column("basis", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    """Takes it back."""
    op.drop_column("due", "basis")
