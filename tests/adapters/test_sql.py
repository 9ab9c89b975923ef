"""The state: a file that may be new, old, newer or broken."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, text

from aggregator.adapters.sql import engine as engine_module
from aggregator.adapters.sql import tables as t
from aggregator.adapters.sql.engine import _HISTORY, DATABASE_FILE, HEAD, open_database
from aggregator.adapters.sql.store import SqlStore
from aggregator.errors import StateCorruptError, StateNewerError, StoreError
from tests.contracts.store_memory import WholeStoreContract


class TestSqliteFile(WholeStoreContract):
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


# ---- upgrading


def shape(engine: Engine) -> dict[str, tuple[set[str], set[str]]]:
    """Return the columns and indexes of every table."""
    found = inspect(engine)
    return {
        table: (
            {f"{c['name']} {c['type']} {c['nullable']}" for c in found.get_columns(table)},
            {str(index["name"]) for index in found.get_indexes(table)},
        )
        for table in found.get_table_names()
    }


def an_old_state(folder: Path) -> Path:
    """Make the state that the first release of the schema left behind."""
    path = folder / DATABASE_FILE
    with sqlite3.connect(path) as connection:
        connection.executescript((Path(__file__).parent / "state_0001.sql").read_text("utf-8"))
    connection.close()
    return path


def test_an_older_state_becomes_what_a_new_one_is_and_keeps_what_it_holds(tmp_path: Path) -> None:
    an_old_state(tmp_path)

    migrated, new = open_database(str(tmp_path)), open_database(str(tmp_path / "new"))

    assert shape(migrated) == shape(new)
    with migrated.connect() as connection:
        assert connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == HEAD
        assert connection.execute(text("SELECT title FROM entries")).scalar() == "A mine"
        assert connection.execute(text("SELECT is_claimed FROM sources")).scalar() == 0
    migrated.dispose()
    new.dispose()


def test_an_upgrade_that_fails_leaves_the_old_state(tmp_path: Path) -> None:
    path = an_old_state(tmp_path)
    with sqlite3.connect(path) as connection:  # what the upgrade adds is there already
        connection.execute("ALTER TABLE sources ADD COLUMN is_claimed BOOLEAN")
    connection.close()

    with pytest.raises(StoreError, match="duplicate column"):
        open_database(str(tmp_path))

    with sqlite3.connect(path) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == [
            ("0001",)
        ]
    connection.close()


def test_the_history_names_every_revision() -> None:
    versions = Path(engine_module.__file__).parent / "versions"

    assert sorted(path.name[:4] for path in versions.glob("[0-9]*.py")) == list(_HISTORY)
