"""A real feed reader subscribes to a topic and shows its entries, each once."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from aggregator.demo.site import network_page
from tests.acceptance.program import Program
from tests.adapters.loopback import LoopbackSite

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        shutil.which("newsboat") is None, reason="there is no newsboat here (apt install newsboat)"
    ),
]

CONFIG = """\
publish: {{dir: feeds}}
state: state
fetch: {{per_host: {{delay: 0s}}, robots: false, allow: ["127.0.0.1:{port}"]}}
defaults: {{every: 1s}}
sources:
  rivers:
    url: http://127.0.0.1:{port}/news.php
    selectors: {{items: "ul.news > li", title: h3, link: "h3 a::attr(href)", date: .date, summary: p}}
topics:
  los-molinos: {{title: Los Molinos mine, any: ['"los molinos"~', "ore corridor", Challpa]}}
"""
EARLY = [
    "Fishermen ask for a seat at the table of Los Molinos",
    "MINING: Lo Molinos changes hands",
]
LATER = [
    "Dialogue on Los Molinos begins on Monday",
    "Truckers of the ore road want the dust law changed",
]
Reader = Callable[[], list[tuple[str, str]]]


def reader(folder: Path, url: str) -> Reader:
    """Return a function that reloads newsboat and returns what it shows: title, address."""
    (folder / "urls").write_text(f"{url}\n")
    (folder / "config").write_text("")
    options = ("-u", folder / "urls", "-C", folder / "config", "-c", folder / "cache.db")

    def reload() -> list[tuple[str, str]]:
        subprocess.run(
            ["newsboat", *options, "-x", "reload"],
            check=True,
            timeout=60,
            env={"HOME": str(folder), "PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"},
        )
        with sqlite3.connect(folder / "cache.db") as cache:
            shown = cache.execute("SELECT title, url FROM rss_item ORDER BY title").fetchall()
        cache.close()
        return shown

    return reload


def test_newsboat_shows_a_topic_and_what_is_new_in_it(tmp_path: Path) -> None:
    with LoopbackSite() as site:
        site.page("/news.php", network_page(1).encode())
        (tmp_path / "config.yaml").write_text(CONFIG.format(port=site.port), encoding="utf-8")
        with Program(tmp_path) as program:
            program.wait_for(lambda _: b"Lo Molinos" in program.get("/feeds/los-molinos.atom"))
            look = reader(tmp_path, f"http://127.0.0.1:{program.port}/feeds/los-molinos.atom")
            early, again = look(), look()
            site.page("/news.php", network_page(2).encode())
            program.wait_for(lambda _: b"Dialogue" in program.get("/feeds/los-molinos.atom"))
            later = look()
            assert program.end() == 0

    assert [title for title, _ in early][-1:] == EARLY[-1:]
    assert early == again
    assert {title for title, _ in later} == {*LATER, *(title for title, _ in early)}
    assert len(later) == len(early) + len(LATER)
    assert all(url.startswith(f"http://127.0.0.1:{site.port}/") for _, url in later)
