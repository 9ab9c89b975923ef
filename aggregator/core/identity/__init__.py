"""Recognize drafts: new, updated or the same as what is stored.

    sight      what a page's own items say: keys, and lessons about the site's links
    recall     what must be remembered to tell what they are
    recognize  new, updated, the same; what to store

The rules stand in docs/decisions/entry-identity.md.
"""

from aggregator.core.identity.damping import STREAK
from aggregator.core.identity.learned import Learned
from aggregator.core.identity.mint import mint
from aggregator.core.identity.recall import Known, Recall, recall
from aggregator.core.identity.recognize import Recognition, recognize
from aggregator.core.identity.sight import Sighting, keys_of, link_key, sight

__all__ = [
    "STREAK",
    "Known",
    "Learned",
    "Recall",
    "Recognition",
    "Sighting",
    "keys_of",
    "link_key",
    "mint",
    "recall",
    "recognize",
    "sight",
]
