"""`aggregator accept` says of a source that has changed: this is right."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from aggregator.adapters.sql.store import SqlStore
from aggregator.bootstrap import state_of
from aggregator.cli import app
from aggregator.errors import UsageError
from aggregator.eyes import read_config
from aggregator.testing import Workbench
from tests.pipeline.test_holding import CONFIG, MENU, NEW, listing, seen


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "config.yaml"
    path.write_text("# my sources\n" + CONFIG)
    return path


def refreshed(config: Path, *pages: str) -> str:
    """Refresh over these pages, on the real state folder; return what status would show."""

    store = SqlStore(state_of(read_config(config), folder=config.parent))
    text = config.read_text()

    async def told() -> str:
        async with Workbench(text, store=store) as bench:
            outcome = await seen(bench, *pages)
            return f"{outcome.kind.value} {outcome.code} {outcome.new}"

    return asyncio.run(told())


def accept(config: Path, *words: str) -> Result:
    result = CliRunner().invoke(app, ["accept", "news", "--config", str(config), *words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_held_page_is_published_after_it_was_accepted(config: Path) -> None:
    menu = f"<ul>{MENU.format('item')}</ul>"
    assert refreshed(config, listing(range(10)), menu) == "held all-new 0"

    result = accept(config)

    assert "aggregator refresh news" in result.stdout
    assert refreshed(config, menu) == "changed  12"


def test_a_repaired_rule_is_written_into_the_file_and_is_fine_from_then_on(config: Path) -> None:
    redesigned = listing(range(10), item=NEW)
    assert refreshed(config, listing(range(10)), redesigned) == "repaired repaired 0"

    result = accept(config, "--write")

    assert 'written:\n    selectors:\n      items: "div.card"\n' in result.stdout
    text = config.read_text()
    assert text.startswith("# my sources\n")
    assert 'items: "div.card"' in text
    assert refreshed(config, redesigned) == "unchanged  0"


def test_a_repaired_rule_that_is_not_written_is_used_without_a_word(config: Path) -> None:
    before = config.read_text()
    refreshed(config, listing(range(10)), listing(range(10), item=NEW))

    told = json.loads(accept(config, "--json").stdout)

    assert told["selectors"]["items"] == "div.card"
    assert config.read_text() == before
    assert refreshed(config, listing(range(11), item=NEW)) == "changed  1"


@pytest.mark.parametrize("pages", [(), (listing(range(10)),)])
def test_where_there_is_nothing_to_accept_or_write_that_is_told(
    config: Path, pages: tuple[str, ...]
) -> None:
    if pages:
        refreshed(config, *pages)

    with pytest.raises(UsageError):
        accept(config, "--write")


def test_a_source_that_is_not_configured_cannot_be_accepted(config: Path) -> None:
    config.write_text(CONFIG.replace("  news:", "  other:"))

    with pytest.raises(UsageError, match="no source 'news'"):
        accept(config)
