"""A monitor learns in one look whether someone must get up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.adapters.sql.store import SqlStore
from aggregator.model import Outcome, OutcomeKind, SourceState
from tests.web.site_at import NOON, PSG, get, site_at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(str(tmp_path / "state"))
    yield store
    store.dispose()


def remember(store: SqlStore, outcome: Outcome) -> None:
    with store.writing() as session:
        session.sync_sources([PSG], due=[NOON])
        session.save_state(SourceState(source=PSG.id, outcome=outcome, visited_at=NOON))


def test_all_is_well_when_nobody_needs_to_look(tmp_path: Path, store: SqlStore) -> None:
    site = site_at(tmp_path, store=store)
    remember(store, Outcome(source=PSG.id, kind=OutcomeKind.CHANGED, new=3, items=3))

    response = get(site, "/health")

    assert response.status_code == 200
    assert response.headers["cache-control"] == "no-store"
    told = response.json()
    assert told["status"] == "ok"
    assert told["sources"] == {"all": 1, "changed": 1}
    assert told["last_visit"] == "2026-03-01T12:00:00+00:00"


def test_a_source_that_needs_a_look_degrades_and_wakes_nobody(
    tmp_path: Path, store: SqlStore
) -> None:
    site = site_at(tmp_path, store=store)
    remember(store, Outcome(source=PSG.id, kind=OutcomeKind.HELD, code="fewer-items"))

    response = get(site, "/health")

    assert response.status_code == 200
    assert response.json()["status"] == "degraded"


def test_a_daemon_that_looks_for_no_work_is_down(tmp_path: Path, store: SqlStore) -> None:
    site = site_at(tmp_path, store=store, ticked=NOON - timedelta(minutes=3))

    response = get(site, "/health")

    assert response.status_code == 503
    assert response.json()["status"] == "down"


def test_a_state_that_cannot_be_read_is_down(tmp_path: Path) -> None:
    response = get(site_at(tmp_path), "/health")

    assert response.status_code == 503
    assert response.json() == {"status": "down", "why": "state.unusable"}
