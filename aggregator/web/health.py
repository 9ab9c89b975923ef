"""How things are, for monitors."""

from __future__ import annotations

import json
from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from aggregator.align import searched_share
from aggregator.errors import StoreError
from aggregator.web.site import Site

_COUNTED = 10_000  # feeds that wait; more are not counted
STALLED = timedelta(minutes=2)  # ticks come every second


def look(site: Site) -> dict[str, Any]:
    """Return the state of things: "ok", "degraded" when a source needs a look, or "down".

    Down is what a monitor should wake someone for: the state cannot be read, or nothing
    has looked for work for `STALLED`.
    """
    ticked = site.ticked()
    stalled = ticked is not None and site.clock.now() - ticked > STALLED
    try:
        with site.store.reading() as session:
            states = session.source_states()
            entries = session.count_entries()
            waiting = len(session.dirty_feeds(limit=_COUNTED))
            searched = searched_share(session)
    except StoreError as error:
        return {"status": "down", "why": error.code}
    kinds = Counter(state.outcome.kind.value if state.outcome else "waiting" for state in states)
    well = all(state.outcome is None or state.outcome.is_fine for state in states)
    return {
        "status": "down" if stalled else "ok" if well else "degraded",
        "sources": {"all": len(states), **dict(sorted(kinds.items()))},
        "entries": entries,
        "feeds": len(site.feeds),
        "feeds_waiting": waiting,
        "searched": {topic: round(share, 2) for topic, share in searched.items()},
        "last_tick": _iso(ticked),
        "last_visit": _iso(max((s.visited_at for s in states if s.visited_at), default=None)),
    }


def status_of(told: dict[str, Any]) -> int:
    """Return the HTTP status that makes a monitor ring or not."""
    return 503 if told["status"] == "down" else 200


def levels(site: Site) -> dict[str, dict[str, float]]:
    """Return how things are at this moment, for `Meters.text`."""
    told = look(site)
    ticked = site.ticked()
    found: dict[str, dict[str, float]] = {
        name: {"": told[name]} for name in ("entries", "feeds", "feeds_waiting") if name in told
    }
    if "sources" in told:
        found["sources"] = {kind: n for kind, n in told["sources"].items() if kind != "all"}
    if ticked is not None:
        found["last_tick_timestamp_seconds"] = {"": ticked.timestamp()}
    return found


def as_json(told: dict[str, Any]) -> bytes:
    """Return *told* as a document of one line."""
    return (json.dumps(told) + "\n").encode()


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
