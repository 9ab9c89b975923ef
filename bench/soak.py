"""Years in minutes: does it keep its memory, its files and its word?

    python -m bench.soak [CYCLES]

Sites that gain an item now and then are refreshed cycle after cycle by the daemon's own rounds: a real
state, real files, real connections and children; only the clock is ours and an hour a cycle. One
answer in ten is a fault, and every hundred cycles the clock jumps a month, forward then back.
Printed: memory and open files as they went once all caches are full, what memory gains in 1,000
cycles over the second half, and whether every item that a page listed was stored and published
exactly once. What had left the list before anybody first came was never listed, and does not count.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import statistics
import sys
import tempfile
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from urllib.parse import urlsplit

import structlog
import uvloop

from aggregator.adapters.files import FilePublisher
from aggregator.adapters.sql.store import SqlStore
from aggregator.align import align
from aggregator.bootstrap import Shop, wired
from aggregator.core.config import Config, load_config
from aggregator.eyes import fetch_settings, open_eyes
from aggregator.model import FetchResult, Moved, Request
from aggregator.pipeline import republish
from aggregator.ports import Transport
from aggregator.rounds import Rounds
from aggregator.testing import FakeClock

CYCLES = 2_000
WARM_UP = 400  # cycles before, without faults and with much news: what is bounded gets full
MUCH = 14  # new items of a site in each of them
SITES = 5
LISTED = 15  # items of a page
FAULTS = 0.1
NEWS = 0.2  # of the cycles bring a site something new
JUMP_EVERY = 100  # cycles
JUMP = timedelta(days=30)
SAMPLE_EVERY = 10  # cycles
SLOW_SECONDS = 1.0  # longer than we wait for an answer

CONFIG = """\
publish: {{dir: feeds, formats: [atom, json], window: 50}}
state: state
fetch: {{robots: false, timeout: 0.3s, per_host: {{concurrency: 8, delay: 0s}}, allow: ["127.0.0.1:*"]}}
defaults: {{every: 30m}}
sources:
{sources}topics:
  mines: {{any: [mine]}}
"""
SOURCE = "  s{n}: {{url: 'http://127.0.0.1:{port}/{n}', selectors: {{items: li, title: a, link: 'a::attr(href)'}}}}\n"


class Sites:
    """Pages that grow, on a server that fails now and then."""

    def __init__(self, rng: Random) -> None:
        self.newest = [LISTED] * SITES
        self.listed: set[str] = set()  # paths of the items on the pages that were sent whole
        self._rng = rng
        self.fails = False

    def live_on(self, *, is_warm: bool = True) -> None:
        """Let an hour pass: some have something new; while it warms up, all have much."""
        for site in range(SITES):
            self.newest[site] += self._rng.random() < NEWS if is_warm else MUCH

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the requests of one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                site = int(head.split(b" ")[1].strip(b"/"))
                if self.fails and self._rng.random() < FAULTS:
                    await self._fail(writer)
                    break
                page = self._page(site)
                self.listed.update(self._paths(site))
                writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page) + page)
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        writer.close()

    def _page(self, site: int) -> bytes:
        items = (
            f"<li><a href='{path}'>Site {site}, item {number} on a mine</a>"
            for path, number in self._paths(site).items()
        )
        return f"<ul>{''.join(items)}</ul>".encode()

    def _paths(self, site: int) -> dict[str, int]:
        """Return the path and number of what the site lists now, newest first."""
        newest = self.newest[site]
        return {f"/{site}/{number}": number for number in range(newest, newest - LISTED, -1)}

    async def _fail(self, writer: asyncio.StreamWriter) -> None:
        kind = self._rng.randrange(5)
        if kind == 0:
            await asyncio.sleep(SLOW_SECONDS)
        elif kind == 1:
            writer.write(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n")
        elif kind == 2:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n<ul><li>")
        elif kind == 3:
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n" + b"<div>" * 20_000)
        else:
            writer.transport.abort()


class TransportInTime:
    """A transport whose answers come at the time of *clock*."""

    def __init__(self, inner: Transport, clock: FakeClock) -> None:
        self._inner = inner
        self._clock = clock

    async def fetch(self, request: Request) -> FetchResult:
        """Fetch for real, as if it were now."""
        result, at = await self._inner.fetch(request), self._clock.now()
        if isinstance(result, Moved):
            return replace(result, then=replace(result.then, at=at))
        return replace(result, at=at)

    async def close(self) -> None:
        """Close what is behind it."""
        await self._inner.close()


def memory_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / 1e6


def open_files() -> int:
    return sum(1 for _ in Path("/proc/self/fd").iterdir())


async def cycle(rounds: Rounds, shop: Shop) -> None:
    await rounds.tick()
    await rounds.drain()
    await republish(press=shop.press)


async def soak(config: Config, clock: FakeClock, sites: Sites, folder: Path, cycles: int) -> None:
    store = SqlStore(str(folder / "state"))
    async with open_eyes(fetch_settings(config)) as eyes:
        shop = wired(
            config,
            eyes=replace(eyes, clock=clock, transport=TransportInTime(eyes.transport, clock)),
            store=store,
            publisher=FilePublisher(folder / "feeds"),
            rng=Random(2),
        )
        await align(config, desk=shop.desk, press=shop.press)
        rounds = Rounds(shop, ended=lambda _result, _took: None)
        for _ in range(WARM_UP):
            clock.advance(timedelta(hours=1))
            sites.live_on(is_warm=False)
            await cycle(rounds, shop)
        sites.fails = True
        samples: list[tuple[int, float, int]] = []
        for number in range(cycles):
            clock.advance(timedelta(hours=1) + jump(number))
            sites.live_on()
            await cycle(rounds, shop)
            if number % SAMPLE_EVERY == 0:
                samples.append((number, memory_mb(), open_files()))
        sites.fails = False
        for _ in range(3):
            clock.advance(timedelta(days=6))
            await cycle(rounds, shop)
        tell(samples, cycles)
        judge(shop, sites, folder)
        await store.close()


def jump(number: int) -> timedelta:
    if number % JUMP_EVERY == JUMP_EVERY // 2:
        return JUMP
    return -JUMP if number and number % JUMP_EVERY == 0 else timedelta(0)


def tell(samples: list[tuple[int, float, int]], cycles: int) -> None:
    for number, memory, files in samples[:: max(len(samples) // 8, 1)]:
        print(f"cycle {number:5}: {memory:6.1f} MB, {files} open files")
    half = [sample for sample in samples if 2 * sample[0] >= cycles]
    slope = statistics.linear_regression([s[0] for s in half], [s[1] for s in half]).slope
    in_half = [sample[2] for sample in half]
    print(f"memory: {1000 * slope:+.2f} MB in 1,000 cycles (less than 1)")
    print(f"open files: {min(in_half)} to {max(in_half)} in the second half")


def judge(shop: Shop, sites: Sites, folder: Path) -> None:
    """Compare what is stored and published with what the pages listed."""
    with shop.store.reading() as session:
        entries = session.entries_after(0, limit=session.count_entries()).values()
    stored = [urlsplit(entry.link or "").path for entry in entries]
    lost = sorted(sites.listed.difference(stored))
    feed = json.loads((folder / "feeds/all.json").read_bytes())
    ids = [item["id"] for item in feed["items"]]
    print(
        f"items: {len(sites.listed)} were listed, {len(stored)} are stored; {len(lost)} lost"
        f"{''.join(f' {path}' for path in lost)}, {len(stored) - len(set(stored))} stored twice;"
        f" {len(ids) - len(set(ids))} twice in the feed of all"
    )


async def main(cycles: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    sites = Sites(Random(1))
    server = await asyncio.start_server(sites.answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    sources = "".join(SOURCE.format(n=n, port=port) for n in range(SITES))
    config = load_config(CONFIG.format(sources=sources), file="soak", environment={})
    with tempfile.TemporaryDirectory() as folder:
        await soak(config, FakeClock(), sites, Path(folder), cycles)
    server.close()
    await asyncio.sleep(SLOW_SECONDS)  # the last slow answers end, and need no end by force


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else CYCLES))
