"""The state: a file that may be new, old, newer or broken."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.engine import DATABASE_FILE, HEAD, open_database
from aggregator.adapters.sql.store import SqlStore
from aggregator.errors import StateCorruptError, StateNewerError, StoreError
from tests.contracts.store import StoreContract


class TestSqliteFile(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> SqlStore:
        return SqlStore(str(tmp_path))


def test_a_new_state_has_the_tables_of_the_program(tmp_path: Path) -> None:
    engine = open_database(str(tmp_path / "deep" / "er"))

    with engine.connect() as connection:
        assert set(t.metadata.tables) <= set(inspect(connection).get_table_names())
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        assert connection.execute(text("PRAGMA synchronous")).scalar() == 2
    engine.dispose()


def test_a_newer_state_is_refused_and_left_alone(tmp_path: Path) -> None:
    open_database(str(tmp_path)).dispose()
    with sqlite3.connect(tmp_path / DATABASE_FILE) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()

    with pytest.raises(StateNewerError, match="9999"):
        open_database(str(tmp_path))


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / DATABASE_FILE).write_bytes(b"this is no database at all" * 100)

    with pytest.raises(StateCorruptError, match=DATABASE_FILE):
        open_database(str(tmp_path))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")

    with pytest.raises(StoreError, match="file"):
        open_database(str(tmp_path / "file" / "state"))
