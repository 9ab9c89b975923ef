"""A monitor learns in one look whether someone must get up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.adapters.sql.store import SqlStore
from aggregator.model import (
    Basis,
    Entry,
    EntryId,
    Outcome,
    OutcomeKind,
    Precision,
    SourceState,
    When,
)
from tests.web.site_at import BAMBAS, NOON, PSG, get, site_at


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlStore]:
    store = SqlStore(str(tmp_path / "state"))
    yield store
    store.dispose()


def entry(number: int) -> Entry:
    return Entry(
        id=EntryId(f"http://psg.example/{number}"),
        source=PSG.id,
        title=f"Title {number}",
        link=None,
        published=When(at=NOON, precision=Precision.DAY, basis=Basis.WRITTEN),
        updated=NOON,
        first_seen=NOON,
    )


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


def test_how_far_a_search_of_the_history_is_can_be_watched(tmp_path: Path, store: SqlStore) -> None:
    site = site_at(tmp_path, store=store)
    with store.writing() as session:
        places = session.add_entries([entry(number) for number in range(4)]).values()
        session.sync_topics({BAMBAS: "1"}, now=NOON)
        session.mark_searched([BAMBAS.id], to=min(places))

    searched = get(site, "/health").json()["searched"]
    with store.writing() as session:
        session.mark_searched([BAMBAS.id], to=None)

    assert searched == {"las-bambas": 0.25}
    assert get(site, "/health").json()["searched"] == {}


def test_a_daemon_that_looks_for_no_work_is_down(tmp_path: Path, store: SqlStore) -> None:
    site = site_at(tmp_path, store=store, ticked=NOON - timedelta(minutes=3))

    response = get(site, "/health")

    assert response.status_code == 503
    assert response.json()["status"] == "down"


def test_a_state_that_cannot_be_read_is_down(tmp_path: Path) -> None:
    response = get(site_at(tmp_path), "/health")

    assert response.status_code == 503
    assert response.json() == {"status": "down", "why": "state.unusable"}
