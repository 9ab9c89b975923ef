"""The whole program on loopback: sample pages in, topic feeds out, the years in a minute."""

from __future__ import annotations

import asyncio
import json
import socket
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.console import Console

from aggregator.adapters.logs import set_up_logs
from aggregator.adapters.loop import run_async
from aggregator.demo.site import SampleSite, years
from aggregator.service import Daemon

YEAR_SECONDS = 6
LOOK_SECONDS = 0.3
PORT = 8765

CONFIG = """\
publish: {{title: Demo, base_url: "http://127.0.0.1:{port}/", dir: feeds}}
serve: {{host: 127.0.0.1, port: {port}}}
state: state/
fetch:
  per_host: {{concurrency: 2, delay: 0s}}
  robots: false
  allow: ["127.0.0.1:{site}"]
defaults: {{every: 2s, timezone: Europe/London}}
sources:
  rivers:
    title: Andean Rivers Network
    url: http://127.0.0.1:{site}/news.php
    selectors: {{items: "ul.news > li", title: h3, link: "h3 a::attr(href)", date: .date, summary: p}}
  herald:
    title: Valley Herald
    url: http://127.0.0.1:{site}/valley/
topics:
  los-molinos:
    title: Los Molinos mine
    any: ['"los molinos"~', "ore corridor", Challpa]
  rivers:
    title: Rivers and water
    any: [river, water, dam, glacier, drought]
  courts:
    title: Courts and rights
    any: [court, judge, "human rights"]
    none: [tennis]
"""

Shelf = Mapping[str, tuple[str, Mapping[str, str]]]  # feed: its title, and its entries by id


def show_demo(*, port: int | None = None, folder: Path | None = None) -> None:
    """Run until Ctrl-C; everything lies in *folder*, by default a new one that is removed."""
    set_up_logs(as_json=False, quiet=True, secrets=frozenset())
    if folder is not None:
        run_async(_replay(folder, port))
        return
    with tempfile.TemporaryDirectory(prefix="aggregator-demo-") as made:
        run_async(_replay(Path(made), port))


async def _replay(folder: Path, port: int | None) -> None:
    site = SampleSite()
    site.start()
    config = folder / "config.yaml"
    config.write_text(CONFIG.format(port=PORT, site=site.port), encoding="utf-8")
    guide = asyncio.create_task(_Guide(folder, site).show())
    try:
        await Daemon(config, port=_usual_port() if port is None else port).run()
    finally:
        guide.cancel()
        site.stop()


def _usual_port() -> int:
    """Return the port a visitor may know; any free one while it is taken."""
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", PORT))
        except OSError:
            return 0
    return PORT


class _Guide:
    """Turns the years and tells what each brings, feed by feed, as it is published."""

    def __init__(self, folder: Path, site: SampleSite) -> None:
        self._folder = folder
        self._site = site
        self._console = Console(highlight=False, soft_wrap=True)
        self._shelf: Shelf = {}

    async def show(self) -> None:
        """Go through all the years, then leave the visitor to look around."""
        await self._welcome()
        year: int | None = years()[0][0]
        while year is not None:
            self._console.print(f"\n[bold]{year}[/bold]  the sample pages as they were that year")
            for _ in range(round(YEAR_SECONDS / LOOK_SECONDS)):
                self._tell_news()
                await asyncio.sleep(LOOK_SECONDS)
            year = self._site.advance()
        self._console.print("\nThat was the last year. Look around; Ctrl-C ends it all.")

    async def _welcome(self) -> None:
        """Wait for the first feed: it says where it is served."""
        path = self._folder / "feeds/all.json"
        while not path.exists():  # noqa: ASYNC110 -- a file: nobody sends an event
            await asyncio.sleep(LOOK_SECONDS / 10)
        home = _read(path)["home_page_url"]
        self._console.print(
            "Two made-up sites on loopback, no network; one has selectors, the other none.\n\n"
            f"  look at        {home}\n"
            f"  subscribe to   {home}feeds/los-molinos.atom\n"
            f"  configuration  {self._folder / 'config.yaml'}"
        )

    def _tell_news(self) -> None:
        shelf = _shelf(self._folder / "feeds")
        for feed, (title, entries) in shelf.items():
            _, known = self._shelf.get(feed, ("", {}))
            fresh = [entry for entry in entries if entry not in known]
            for count, entry in enumerate(fresh, start=len(known) + 1):
                self._console.print(f"  {title:<18}{count:>3}  {entries[entry]}", markup=False)
        self._shelf = shelf


def _shelf(feeds: Path) -> Shelf:
    """Return what the feeds of topics hold now."""
    shelf = {}
    for path in sorted(feeds.glob("*.json")):
        if path.stem != "all":
            feed = _read(path)
            entries = {
                item["id"]: f"{item['date_published'][:10]}  {_headline(item)}"
                for item in reversed(feed["items"])
            }
            shelf[path.stem] = (feed["title"], entries)
    return shelf


def _headline(item: Mapping[str, Any]) -> str:
    return str(item.get("title") or item.get("content_text") or "")[:90]


def _read(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return document
