"""The whole program on loopback: sample pages in, topic feeds out, the years in a minute."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

import structlog

from aggregator.adapters.logs import set_up_logs
from aggregator.demo.site import SampleSite, years
from aggregator.service import Daemon, run_async

YEAR_SECONDS = 6

CONFIG = """\
publish: {{title: Demo, base_url: "http://127.0.0.1:8765/", dir: feeds}}
serve: {{host: 127.0.0.1, port: 8765}}
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

log = structlog.get_logger()


def show_demo(*, port: int | None = None, folder: Path | None = None) -> None:
    """Run until Ctrl-C; everything lies in *folder*, by default a new one that is removed."""
    set_up_logs(as_json=False, secrets=frozenset())
    if folder is not None:
        run_async(_replay(folder, port))
        return
    with tempfile.TemporaryDirectory(prefix="aggregator-demo-") as made:
        run_async(_replay(Path(made), port))


async def _replay(folder: Path, port: int | None) -> None:
    site = SampleSite()
    site.start()
    config = folder / "config.yaml"
    config.write_text(CONFIG.format(site=site.port), encoding="utf-8")
    daemon = Daemon(config, port=port)
    turning = asyncio.create_task(_turn_the_years(site))
    try:
        await daemon.run()
    finally:
        turning.cancel()
        site.stop()


async def _turn_the_years(site: SampleSite) -> None:
    log.info("sample pages", year=years()[0][0], next_in=f"{YEAR_SECONDS} s")
    while True:
        await asyncio.sleep(YEAR_SECONDS)
        year = site.advance()
        if year is None:
            log.info("the last year is reached", do="look around, then press Ctrl-C")
            return
        log.info("sample pages", year=year)
