"""Name a page without items for what it is."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from aggregator.model import Diagnosis


def diagnose(tree: LexborHTMLParser, *, base_url: str) -> Diagnosis | None:  # noqa: ARG001
    """Return why a page has no items."""
    return None
