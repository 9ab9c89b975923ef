"""Prometheus reads how much was done and how things are, and no secret."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from aggregator.model import Outcome, OutcomeKind, SourceState
from aggregator.testing import MemoryStore
from tests.web.site_at import NOON, PSG, get, site_at


def test_work_and_levels_are_told(tmp_path: Path) -> None:
    store = MemoryStore()
    with store.writing() as session:
        session.sync_sources([PSG], due=[NOON])
        outcome = Outcome(source=PSG.id, kind=OutcomeKind.HELD, code="fewer-items")
        session.save_state(SourceState(source=PSG.id, outcome=outcome))
    site = site_at(tmp_path, store=store)
    site.meters.refreshed("held", new=2, updated=1, took=timedelta(seconds=1))
    site.meters.published(3)
    get(site, "/feeds/all.atom")

    response = get(site, "/metrics")

    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = set(response.text.splitlines())
    assert {
        'aggregator_refreshes_total{outcome="held"} 1.0',
        'aggregator_entries_found_total{how="new"} 2.0',
        "aggregator_documents_written_total 3.0",
        'aggregator_http_answers_total{kind="feed",status="404"} 1.0',
        'aggregator_sources{kind="held"} 1.0',
        "aggregator_entries 0.0",
        "aggregator_feeds 3.0",
        "aggregator_feeds_waiting 0.0",
        "aggregator_last_tick_timestamp_seconds 1.7723664e+09",
    } <= lines
    store.dispose()


def test_a_state_that_cannot_be_read_leaves_what_was_counted(tmp_path: Path) -> None:
    site = site_at(tmp_path)
    site.meters.published(3)

    assert "aggregator_documents_written_total 3.0" in get(site, "/metrics").text


def test_a_kind_that_is_no_more_is_not_told_for_ever(tmp_path: Path) -> None:
    meters = site_at(tmp_path).meters
    meters.text({"sources": {"failed": 1.0}})

    text = meters.text({"sources": {"changed": 1.0}}).decode()

    assert 'kind="failed"' not in text
