"""How much each measure of a list counts when the items of a page are chosen.

Set by hand, and checked with ``python -m bench.listings``. ``python -m bench.weights`` fits them
to the labelled pages: nothing is won by it (docs/decisions/automatic-items.md).
"""

from __future__ import annotations

WEIGHTS = {
    "count": 1.5,
    "few": -2.0,
    "holds a list": -6.0,
    "parts of items": -6.0,
    "crowded": -2.5,
    "quality": 1.0,
    "title width": 1.5,
    "title words": 0.5,
    "distinct": 1.0,
    "date titles": -3.0,
    "headings": 1.2,
    "dates": 1.5,
    "more text": 1.0,
    "running text": -4.0,
    "only link": -0.5,
    "covered": 1.0,
    "linked": 0.7,
    "distinct links": 0.5,
    "hub links": -2.0,
    "telling links": 0.8,
    "share of page": 2.0,
    "side": -2.0,
    "chrome": -2.5,
    "menu": -5.0,
    "called aside": -3.0,
    "start": -0.3,
}
