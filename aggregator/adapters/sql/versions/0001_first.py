"""The first schema: a state of it is made whole by `open_database`, so nothing leads to it."""

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Do nothing: no older state is known."""
