"""What the daemon counts, for Prometheus. Names are public; nothing here is a secret."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest

MEDIA_TYPE = CONTENT_TYPE_PLAIN_0_0_4
disable_created_metrics()  # type: ignore[no-untyped-call]  # one series for each is enough
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


class Meters:
    """Counts since the daemon started; each daemon has its own."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._refreshes = Counter(
            "aggregator_refreshes", "Refreshes.", ["outcome"], registry=self._registry
        )
        self._entries = Counter(
            "aggregator_entries_found", "Entries.", ["how"], registry=self._registry
        )
        self._seconds = Histogram(
            "aggregator_refresh_seconds",
            "How long refreshes took.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._documents = Counter(
            "aggregator_documents_written", "Feed documents that changed.", registry=self._registry
        )
        self._answers = Counter(
            "aggregator_http_answers", "Requests.", ["kind", "status"], registry=self._registry
        )
        self._gauges: dict[str, Gauge] = {}

    def refreshed(self, outcome: str, *, new: int, updated: int, took: timedelta) -> None:
        """Count one refresh."""
        self._refreshes.labels(outcome).inc()
        self._entries.labels("new").inc(new)
        self._entries.labels("updated").inc(updated)
        self._seconds.observe(took.total_seconds())

    def published(self, documents: int) -> None:
        """Count documents that changed."""
        self._documents.inc(documents)

    def answered(self, kind: str, status: int) -> None:
        """Count an answer of the web server."""
        self._answers.labels(kind, str(status)).inc()

    def text(self, levels: Mapping[str, Mapping[str, float]]) -> bytes:
        """Return everything as text.

        Args:
            levels: How things are at this moment: for each name the values by kind, or one
                value under ``""``.
        """
        for name, values in levels.items():
            labels = [] if "" in values else ["kind"]
            gauge = self._gauges.get(name)
            if gauge is None:
                gauge = Gauge(f"aggregator_{name}", _ABOUT[name], labels, registry=self._registry)
                self._gauges[name] = gauge
            if not labels:
                gauge.set(values[""])
                continue
            gauge.clear()
            for kind, value in values.items():
                gauge.labels(kind).set(value)
        text: bytes = generate_latest(self._registry)
        return text


_ABOUT = {
    "sources": "Sources, by what their last refresh came to.",
    "entries": "Entries that are stored.",
    "feeds": "Feeds that are published.",
    "feeds_waiting": "Feeds that wait to be written.",
    "last_tick_timestamp_seconds": "When the daemon last looked for work.",
}
