"""Bands are found by their entry as well, so that old ones can be forgotten a few at a time."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the index; the bands themselves stay until they are forgotten by age."""
    op.create_index("bands_of_entry", "bands", ["seq"])
