"""Find the items of a page without being told where they are."""

from __future__ import annotations

from selectolax.lexbor import LexborHTMLParser

from aggregator.core.extract.selectors import select_items
from aggregator.model import Extraction, Hints, Selectors

_USUAL = Selectors(items="article", title="h2", link="a", date="time", summary="p")


def find_items(
    tree: LexborHTMLParser,
    *,
    base_url: str,
    hints: Hints,  # noqa: ARG001
    explain: bool = False,  # noqa: ARG001
) -> Extraction:
    """Return the items of the page."""
    return select_items(tree, _USUAL, base_url=base_url)
