"""The demo shows what it promises: every story once, through two relaunches of its site."""

from __future__ import annotations

import asyncio
import json
import re
import signal
import subprocess
import urllib.request
from pathlib import Path

import pytest

from aggregator.demo import CONFIG
from aggregator.demo.site import BOXES, Story, herald_page, network_page, years
from aggregator.testing import Workbench
from tests.acceptance.program import command

SITE = "http://127.0.0.1:1"
STORIES: list[Story] = [story for _, chapter in years() for story in chapter]
LOS_MOLINOS = {
    "Fishermen ask for a seat at the table of Los Molinos",
    "MINING: Lo Molinos changes hands",
    "Dialogue on Los Molinos begins on Monday",
    "Truckers of the ore road want the dust law changed",
    "Villages of Los Molinos state their demands...",
    "Los Molinos road reopened after 61 days",
    "What the accord of Challpa says",
}


def replay() -> Workbench:
    """Refresh both sites twice in each of the years."""

    async def through_the_years() -> Workbench:
        async with Workbench(CONFIG.format(port=8765, site=1)) as bench:
            for at in range(len(years())):
                bench.transport.serve(f"{SITE}/news.php", network_page(at))
                bench.transport.serve(f"{SITE}/valley/", herald_page(at))
                for name in ("rivers", "herald", "rivers", "herald"):
                    outcome = await bench.refresh(name)
                    assert outcome.is_fine, outcome
            return bench

    return asyncio.run(through_the_years())


@pytest.fixture(scope="module")
def bench() -> Workbench:
    return replay()


def items(bench: Workbench, feed: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(bench.published(f"{feed}.json"))["items"]
    return found


def test_every_story_is_published_once_with_its_title(bench: Workbench) -> None:
    found = sorted(item.get("title") or "" for item in items(bench, "sources/rivers"))

    wanted = sorted(story.title or "" for story in STORIES)
    untitled = [title for title in found if title not in wanted]
    assert len(found) == len(STORIES)
    assert len(untitled) <= 1  # a reader is shown the first words of the one without
    assert [title for title in found if title in wanted] == [title for title in wanted if title]


def test_every_date_is_the_one_on_the_page(bench: Workbench) -> None:
    found = sorted(item["date_published"][:4] for item in items(bench, "sources/rivers"))

    assert found == sorted(story.date[-4:] for story in STORIES)


def test_no_side_box_is_news(bench: Workbench) -> None:
    found = {item.get("title") for item in items(bench, "all")}

    assert not found & {title for title, _ in BOXES}


def test_a_topic_shows_a_story_of_two_sites_once(bench: Workbench) -> None:
    found = [item.get("title") or "" for item in items(bench, "los-molinos")]

    assert sorted(found) == sorted(LOS_MOLINOS)


@pytest.mark.slow
def test_a_visitor_sees_feeds_grow_and_leaves_with_ctrl_c(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("demo", "--port", "0"),
        stdout=subprocess.PIPE,
        text=True,
        cwd=tmp_path,
        env={"TMPDIR": str(tmp_path), "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        said: list[str] = []
        for line in process.stdout:
            said.append(line)
            if line.startswith("2014"):
                break
        address = re.search(r"subscribe to +(\S+)", "".join(said))
        assert address is not None
        with urllib.request.urlopen(address[1], timeout=10) as answer:
            feed = answer.read()
        process.send_signal(signal.SIGINT)
        process.stdout.read()
        status = process.wait(30)

    assert b"Fishermen ask for a seat at the table of Los Molinos" in feed
    assert any("Los Molinos mine" in line and "Fishermen" in line for line in said)
    assert status == 0
    assert list(tmp_path.iterdir()) == []
