"""The state on a PostgreSQL server keeps the same contract as the file."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, inspect, text

from aggregator.adapters.sql.engine import HEAD, alone_on, open_database
from aggregator.adapters.sql.store import SqlStore
from aggregator.errors import StateLockedError, StateNewerError, StoreError
from tests.adapters.postgresql import find_programs, throw_away_server
from tests.contracts.store_memory import WholeStoreContract

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    programs = find_programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL server here (Debian: apt install postgresql)")
    with throw_away_server(programs) as url:
        yield url


@pytest.fixture
def url(server: str) -> str:
    """Return the address of an empty database."""
    engine = create_engine(server)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    engine.dispose()
    return server


class TestPostgresql(WholeStoreContract):
    @pytest.fixture
    def store(self, url: str) -> SqlStore:
        return SqlStore(url)


def test_a_newer_database_is_refused_and_left_alone(url: str) -> None:
    engine = open_database(url)
    with engine.begin() as connection:
        found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()

    with pytest.raises(StateNewerError, match="9999"):
        open_database(url)

    assert found == HEAD


def test_a_server_that_is_not_there_is_told_without_its_password(url: str) -> None:
    gone = url.replace("tester@", "tester:s3cret@").replace("host=", "host=/nowhere")

    with pytest.raises(StoreError) as raised:
        open_database(gone)

    assert "s3cret" not in str(raised.value)
    assert "/nowhere" in str(raised.value)


def test_an_older_database_becomes_what_a_new_one_is(url: str) -> None:
    engine = open_database(url)
    new = {column["name"] for column in inspect(engine).get_columns("sources")}
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE sources DROP COLUMN is_claimed"))
        connection.execute(text("DROP TABLE subscriptions"))
        connection.execute(text("DROP INDEX bands_of_entry"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()

    again = open_database(url)

    assert {column["name"] for column in inspect(again).get_columns("sources")} == new
    assert inspect(again).has_table("subscriptions")
    assert [one["name"] for one in inspect(again).get_indexes("bands")] == ["bands_of_entry"]
    again.dispose()


def test_a_second_process_is_refused_with_the_name_of_the_first(url: str) -> None:
    with alone_on(url), pytest.raises(StateLockedError) as raised, alone_on(url):
        pass

    assert f"aggregator {os.getpid()} on" in str(raised.value)
    with alone_on(url):  # what was held is free again
        pass
