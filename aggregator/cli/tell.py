"""Commands about topics and entries: topic, why."""

from __future__ import annotations

import typer


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
