"""What a source taught us about its own links and habits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

SHARED_KEPT = 500  # keys; a newsletter adds one an issue
PAGE_KEPT = 200  # items of the last page; longer lists are remembered from their top


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What a source taught us; stored as JSON beside its state."""

    shared: tuple[str, ...] = ()  # keys that several titles share, for good
    noise: frozenset[str] = frozenset()  # parameters that tell no articles apart here
    identity: frozenset[str] = frozenset()  # parameters that do, whatever they are called
    has_guids: bool = True  # false: they change while the items stay
    page: Mapping[str, str] = field(default_factory=dict)  # the last page: key to fingerprint
    streaks: Mapping[str, int] = field(default_factory=dict)  # key to changes in a row
    restless: int = 0  # pages in a row on which nearly every known item changed

    @property
    def manners(self) -> tuple[frozenset[str], frozenset[str]]:
        """What bears on the keys of links: parameters that are noise, and that are not."""
        return self.noise, self.identity

    def to_json(self) -> str:
        """Return it as `from_json` reads it; what is as at first is left out."""
        told: dict[str, Any] = {
            "shared": self.shared[-SHARED_KEPT:],
            "noise": sorted(self.noise),
            "identity": sorted(self.identity),
            "guids": None if self.has_guids else False,
            "page": dict(list(self.page.items())[:PAGE_KEPT]),
            "streaks": dict(self.streaks),
            "restless": self.restless,
        }
        told = {name: value for name, value in told.items() if value or value is False}
        return json.dumps(told, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Learned:
        """Read what `to_json` wrote; ``""`` is nothing learned."""
        told: dict[str, Any] = json.loads(text) if text else {}
        return cls(
            shared=tuple(told.get("shared", ())),
            noise=frozenset(told.get("noise", ())),
            identity=frozenset(told.get("identity", ())),
            has_guids=told.get("guids", True),
            page=told.get("page", {}),
            streaks=told.get("streaks", {}),
            restless=told.get("restless", 0),
        )
