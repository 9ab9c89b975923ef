"""A claimed source is known as such, so that a start can take back what a dead process had."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add the column; nothing is claimed while nobody works on the state."""
    op.add_column(
        "sources",
        sa.Column[bool](
            "is_claimed", sa.Boolean(), nullable=False, server_default=sa.text("false")
        ),
    )
