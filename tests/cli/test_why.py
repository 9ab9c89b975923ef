"""`aggregator why` tells all that was decided about an item, also of one that is no entry."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.adapters.sql.store import SqlStore
from aggregator.bootstrap import state_of
from aggregator.eyes import read_config
from aggregator.testing import Workbench
from tests.cli.running import Run, runner
from tests.pipeline.test_holding import MENU, OLD, listing

CONFIG = """
publish: {formats: [json]}
sources:
  news:
    url: http://example.org/news
    selectors: {items: li.item, title: h3, link: "a::attr(href)", date: .d, summary: p}
  other:
    url: http://other.example/
    selectors: {items: li.item, title: h3, link: "a::attr(href)", date: .d, summary: p}
topics:
  mine: {title: The mine, any: [mine]}
  sport: {title: Sport, any: [football]}
"""
STORY = OLD.replace(
    "Of {n}.", "All that was said at length about the river and its water, part {n}."
)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    (tmp_path / "config.yaml").write_text(CONFIG)
    return runner(tmp_path, monkeypatch, capsys)


def refreshed(folder: Path, *pages: str, source: str = "news", config: str = CONFIG) -> None:
    """Refresh a source over these pages, an hour apart, on the state that `why` looks at."""
    store = SqlStore(state_of(read_config(folder / "config.yaml"), folder=folder))

    async def work() -> None:
        async with Workbench(config, store=store) as bench:
            for page in pages:
                bench.transport.serve("http://example.org/news", page)
                bench.transport.serve("http://other.example/", page)
                await bench.refresh(source)
                bench.clock.advance(timedelta(hours=1))

    asyncio.run(work())


def test_an_entry_says_where_it_is_and_why(run: Run, tmp_path: Path) -> None:
    refreshed(
        tmp_path, listing(range(10)), listing(range(10)).replace("valley 3 meet", "valley 3 sue")
    )

    told = run("why", "https://example.org/a/3?utm_source=x", "--topic", "sport")

    assert told.status == 0
    lines = told.out.splitlines()
    assert lines[0] == "The people of valley 3 sue the mine"
    assert "  known by    link in news" in lines
    assert "  in feeds    all, mine, sources/news" in lines
    assert "  published   2018-03-04, as the page writes it" in lines
    assert "  in mine, because" in lines
    assert "  not in sport, because" in lines
    assert "    - The people of valley 3 meet the mine" in lines


def test_an_entry_is_found_by_its_id_as_well(run: Run, tmp_path: Path) -> None:
    refreshed(tmp_path, listing(range(3)))
    entry = json.loads(run("why", "http://example.org/a/1", "--json").out)["entry"]

    again = json.loads(run("why", entry["id"], "--json").out)

    assert again["entry"] == entry
    assert again["listed"] == [{"source": "news", "key": "link"}]


def test_a_story_of_two_sources_says_who_stands_for_whom(run: Run, tmp_path: Path) -> None:
    refreshed(tmp_path, listing(range(2), item=STORY))
    refreshed(tmp_path, listing(range(2), item=STORY), source="other")

    first = run("why", "http://example.org/a/1")
    second = run("why", "http://other.example/a/1")

    assert "in mine it stands for “The people of valley 1 meet the mine” (other)" in first.out
    assert "in mine it is shown as “The people of valley 1 meet the mine” (news)" in second.out


def test_an_item_that_was_left_out_says_what_is_odd_about_it(run: Run, tmp_path: Path) -> None:
    refreshed(
        tmp_path, *[listing(range(n)) for n in range(8, 11)], listing(range(11), menu_class="item")
    )

    told = run("why", "http://example.org/nav/4")

    assert told.status == 1
    assert "news: left out of its page: unlike the list: its like point to /nav/" in told.out
    assert "aggregator accept news" in told.out


def test_an_item_of_a_page_that_is_held_says_so(run: Run, tmp_path: Path) -> None:
    refreshed(tmp_path, listing(range(10)), f"<ul>{MENU.format('item')}</ul>")

    told = run("why", "http://example.org/nav/4")

    assert "left out of its page: its page is held: all 12 items are new" in told.out


def test_an_item_that_waits_for_its_date_says_so(run: Run, tmp_path: Path) -> None:
    undated = OLD.replace("{day} March 2018", "")
    refreshed(tmp_path, listing(range(10)), listing(range(11), item=undated))

    assert "it waits for its date or its summary" in run("why", "http://example.org/a/10").out


def test_what_no_source_lists_says_so_and_names_what_is_near(run: Run, tmp_path: Path) -> None:
    refreshed(tmp_path, listing(range(10)))

    told = run("why", "http://example.org/a/77")
    far = run("why", "http://nowhere.example/1")
    unseen = run("why", "http://other.example/a/1")

    assert "news: does not list it." in told.out
    assert (
        "nearest: “The people of valley 7 meet the mine” (news) http://example.org/a/7" in told.out
    )
    assert "No source of the configuration lies at nowhere.example." in far.out
    assert "other: was not fetched yet." in unseen.out
    assert (told.status, far.status, unseen.status) == (1, 1, 1)


def test_items_without_a_link_of_their_own_are_counted(run: Run, tmp_path: Path) -> None:
    refreshed(tmp_path, listing(range(10)) + "<li class=item></li>" * 2)

    told = run("why", "http://example.org/a/77")

    assert "left out of its page, 2 in all: the item has no title, link or text" in told.out


def test_what_was_forgotten_by_age_is_still_known(run: Run, tmp_path: Path) -> None:
    short = CONFIG.replace("  other:", "    keep: 30d\n  other:", 1)
    (tmp_path / "config.yaml").write_text(short)
    store = SqlStore(state_of(read_config(tmp_path / "config.yaml"), folder=tmp_path))

    async def work() -> None:
        async with Workbench(short, store=store) as bench:
            for page in (listing(range(10)), listing(range(12))):
                bench.transport.serve("http://example.org/news", page)
                await bench.refresh("news")
                bench.clock.advance(timedelta(days=60))

    asyncio.run(work())

    told = run("why", "http://example.org/a/3")

    assert told.status == 1
    assert "was an entry once, and its age took it away (keep:)" in told.out
    assert "by link in news" in told.out


def test_a_topic_that_is_not_there_is_a_mistake(run: Run, tmp_path: Path) -> None:
    refreshed(tmp_path, listing(range(3)))

    told = run("why", "http://example.org/a/1", "--topic", "moon")

    assert told.status == 2
    assert "there is no topic 'moon'" in told.err
