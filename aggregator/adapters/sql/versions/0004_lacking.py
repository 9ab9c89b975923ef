"""Entries that lack their texts are known as such, so that their articles are asked for again."""

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Do nothing: `open_database` makes the table, as it makes all that are new."""
