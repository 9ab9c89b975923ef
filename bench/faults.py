"""What hosts that are slow, hang or are broken cost the others.

    python -m bench.faults [SOURCES]

Sources on 200 hosts of 127.9.0.0/16 come due over some seconds and are refreshed by the daemon's own
rounds, over real connections, into a real state: once with all hosts well, once with 30 % of them
hanging, dripping or broken. Printed: how long after it was due a source of a healthy host was
done, and the ratio of the two runs. Noise: on a shared machine compare ratios, never seconds.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import tempfile
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import structlog
import uvloop

from aggregator.align import align
from aggregator.bootstrap import Shop, open_shop
from aggregator.core.config import load_config
from aggregator.model import SourceId
from aggregator.rounds import Rounds

SOURCES = 1_000
HOSTS = 200
FAULTY_OF_TEN = 3
PATIENCE_SECONDS = 120

PAGE = "<ul>" + "".join(
    f"<li><h3><a href='/{n}'>Item {n} on a mine</a></h3><i class=d>{n} March 2018</i></li>"
    for n in range(1, 16)
)
ANSWER = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(PAGE)}\r\n\r\n{PAGE}"
SOURCE = (
    "  s{number}: {{url: 'http://127.9.0.{host}:{port}/{number}',"
    " selectors: {{items: li, title: h3, link: 'a::attr(href)', date: .d}}}}\n"
)
CONFIG = """\
publish: {{dir: feeds, formats: [atom]}}
state: state
fetch: {{robots: false, per_host: {{concurrency: 2, delay: 0.2s}}, allow: ["127.9.0.0/16:{port}"]}}
sources:
"""


def host_of(number: int) -> int:
    return number % HOSTS + 1


def is_faulty(host: int) -> bool:
    return host % 10 < FAULTY_OF_TEN


# ---- the hosts: a process of their own


async def answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, faults: bool
) -> None:
    host = int(writer.get_extra_info("sockname")[0].rpartition(".")[2])
    with contextlib.suppress(OSError, asyncio.IncompleteReadError):
        while await reader.readuntil(b"\r\n\r\n"):
            if faults and is_faulty(host):
                await misbehave(host % 10, writer)
            writer.write(ANSWER.encode())
            await writer.drain()
    writer.close()


async def misbehave(how: int, writer: asyncio.StreamWriter) -> None:
    if how == 0:
        await asyncio.sleep(3600)
    elif how == 1:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while True:
            writer.write(b"1\r\nx\r\n")
            await writer.drain()
            await asyncio.sleep(1)
    else:
        writer.transport.abort()
        raise OSError("broken")


async def serve(*, faults: bool) -> None:
    server = await asyncio.start_server(
        lambda reader, writer: answer(reader, writer, faults=faults), "0.0.0.0", 0, backlog=4096
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


@contextlib.asynccontextmanager
async def hosts(*, faults: bool) -> AsyncIterator[int]:
    """Start the hosts; give their port."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bench.faults", "serve", str(int(faults))),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


# ---- one run


async def delays(sources: int, *, faults: bool) -> list[float]:
    """Return the delays, in seconds, of the sources whose hosts are healthy in both runs."""
    async with hosts(faults=faults) as port:
        text = CONFIG.format(port=port) + "".join(
            SOURCE.format(number=number, host=host_of(number), port=port)
            for number in range(sources)
        )
        config = load_config(text, file="faults", environment={})
        with tempfile.TemporaryDirectory() as folder:
            async with open_shop(config, folder=Path(folder)) as shop:
                await align(config, desk=shop.desk, press=shop.press)
                return await measured(shop, sources)


async def measured(shop: Shop, sources: int) -> list[float]:
    healthy = {SourceId(f"s{n}") for n in range(sources) if not is_faulty(host_of(n))}
    due = {source: at[0] for source, at in look(shop).items() if source in healthy}
    rounds = Rounds(shop, ended=lambda _result, _took: None)
    done: dict[SourceId, datetime] = {}
    for _ in range(PATIENCE_SECONDS):
        await rounds.tick()
        await asyncio.sleep(1)
        done = {source: at[1] for source, at in look(shop).items() if source in healthy and at[1]}
        if len(done) == len(healthy):
            break
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        if "_refresh" in repr(task.get_coro()):
            task.cancel()  # what hangs would take its thirty seconds
    await rounds.drain()
    if len(done) < len(healthy):
        print(f"{len(healthy) - len(done)} healthy sources were never done")
    return sorted((done[source] - due[source]).total_seconds() for source in done)


def look(shop: Shop) -> dict[SourceId, tuple[datetime, datetime | None]]:
    """Return when each source is due, and when it was visited."""
    with shop.store.reading() as session:
        return {
            state.source: (state.next_due, state.visited_at)
            for state in session.source_states()
            if state.next_due is not None
        }


def at(share: float, numbers: list[float]) -> float:
    return numbers[min(int(share * len(numbers)), len(numbers) - 1)]


async def main(sources: int) -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    p99 = {}
    for faults in (False, True):
        found = await delays(sources, faults=faults)
        p99[faults] = at(0.99, found)
        name = f"{10 * FAULTY_OF_TEN} % faulty" if faults else "all hosts well"
        print(
            f"{name:16} {len(found)} healthy sources: median {at(0.5, found):.2f} s, "
            f"p99 {p99[faults]:.2f} s, longest {found[-1]:.2f} s"
        )
    print(f"ratio of the two p99: {p99[True] / p99[False]:.2f} (at most 1.2)")


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        if sys.argv[1:2] == ["serve"]:
            runner.run(serve(faults=sys.argv[2] == "1"))
        else:
            runner.run(main(int(sys.argv[1]) if len(sys.argv) > 1 else SOURCES))
