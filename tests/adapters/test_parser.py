"""Pages are read in children; what a hostile one costs is one child."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from aggregator.adapters.parser.pool import BACKLOG_BYTES, ChildParser, ParserLimits
from aggregator.model import Failed, FailureKind, Fetched, Hints, Reading, Rule, Selectors

NOW = datetime(2018, 6, 5, 12, tzinfo=UTC)
HINTS = Hints(now=NOW)
RULE = Rule(selectors=Selectors(items="li", title="a", link="a::attr(href)"))
QUICK = ParserLimits(cpu=timedelta(milliseconds=200))
_T = TypeVar("_T")


def page(body: bytes, content_type: str = "text/html; charset=utf-8") -> Fetched:
    return Fetched(url="http://example.org/news", body=body, content_type=content_type, at=NOW)


LIST = page(b"<ul><li><a href=/1>Road reopens</a><li><a href=/2>Dialogue resumes</a></ul>")
SPINNING = page(b"<div>" * 200_000)  # quadratic inside C; kept under the size of a heavy page


def run(work: Callable[[ChildParser], Awaitable[_T]], limits: ParserLimits | None = None) -> _T:
    async def main() -> _T:
        parser = ChildParser(limits=limits)
        try:
            return await work(parser)
        finally:
            await parser.close()

    return asyncio.run(main())


def titles(reading: Reading | Failed) -> list[str | None]:
    assert isinstance(reading, Reading)
    return [draft.title for draft in reading.drafts]


def test_a_page_is_read() -> None:
    reading = run(lambda parser: parser.read(LIST, RULE, HINTS))

    assert titles(reading) == ["Road reopens", "Dialogue resumes"]


def test_no_module_of_the_folder_it_runs_in_gets_into_the_child(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(1)", encoding="utf-8")
    (tmp_path / "aggregator").mkdir()
    (tmp_path / "aggregator/__init__.py").write_text("", encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    reading = run(lambda parser: parser.read(LIST, RULE, HINTS))

    assert titles(reading) == ["Road reopens", "Dialogue resumes"]


def test_many_pages_are_read_at_once() -> None:
    async def work(parser: ChildParser) -> list[Reading | Failed]:
        return list(await asyncio.gather(*(parser.read(LIST, RULE, HINTS) for _ in range(20))))

    assert all(len(titles(reading)) == 2 for reading in run(work))


@pytest.mark.slow
def test_a_page_that_spins_costs_its_child_and_the_next_one_is_read() -> None:
    async def work(parser: ChildParser) -> tuple[Reading | Failed, Reading | Failed]:
        return (
            await parser.read(SPINNING, RULE, HINTS),
            await parser.read(LIST, RULE, HINTS),
        )

    spinning, fine = run(work, QUICK)

    assert isinstance(spinning, Failed)
    assert spinning.kind is FailureKind.UNREADABLE
    assert spinning.detail == "the page took more than 0.2 s to read"
    assert len(titles(fine)) == 2


@pytest.mark.slow
def test_pages_that_spin_make_way_for_the_others() -> None:
    async def work(parser: ChildParser) -> bool:
        await parser.read(LIST, RULE, HINTS)
        spinning = [asyncio.create_task(parser.read(SPINNING, RULE, HINTS)) for _ in range(2)]
        await asyncio.sleep(0)
        await asyncio.gather(*(parser.read(LIST, RULE, HINTS) for _ in range(10)))
        still_spinning = not any(task.done() for task in spinning)
        await asyncio.gather(*spinning)
        return still_spinning

    assert run(work, ParserLimits(cpu=timedelta(seconds=1)))


@pytest.mark.slow
def test_a_page_that_eats_memory_costs_its_child_at_most() -> None:
    hungry = page(b"<p>" * 330_000)
    limits = ParserLimits(memory_bytes=8 * 1024 * 1024)

    async def work(parser: ChildParser) -> tuple[Reading | Failed, Reading | Failed]:
        return await parser.read(hungry, RULE, HINTS), await parser.read(LIST, RULE, HINTS)

    eaten, fine = run(work, limits)

    assert isinstance(eaten, Failed)
    assert eaten.kind is FailureKind.UNREADABLE
    assert len(titles(fine)) == 2


def processes_below(process: int) -> list[int]:
    found = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    children = [int(text) for text in found]
    return children + [below for child in children for below in processes_below(child)]


async def until(condition: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if condition():
            return
        await asyncio.sleep(0.01)
    pytest.fail("it never came to that")


@pytest.mark.slow
def test_a_child_that_is_killed_is_replaced() -> None:
    async def work(parser: ChildParser) -> Reading | Failed:
        await parser.read(LIST, RULE, HINTS)
        child = processes_below(os.getpid())[-1]
        os.kill(child, signal.SIGKILL)
        first = await parser.read(LIST, RULE, HINTS)
        return await parser.read(LIST, RULE, HINTS) if isinstance(first, Failed) else first

    assert len(titles(run(work))) == 2


@pytest.mark.slow
def test_the_mother_that_is_killed_is_replaced() -> None:
    async def work(parser: ChildParser) -> tuple[Reading | Failed, Reading | Failed]:
        await parser.read(LIST, RULE, HINTS)
        mother = processes_below(os.getpid())[0]
        os.kill(mother, signal.SIGKILL)
        readings = [await parser.read(LIST, RULE, HINTS) for _ in range(3)]
        return readings[0], readings[-1]

    _, last = run(work)

    assert len(titles(last)) == 2


@pytest.mark.slow
def test_nobody_is_left_when_it_is_closed() -> None:
    async def work(parser: ChildParser) -> None:
        await asyncio.gather(*(parser.read(LIST, RULE, HINTS) for _ in range(4)))

    run(work)

    assert not processes_below(os.getpid())


@pytest.mark.slow
def test_a_refresh_that_is_cancelled_ends_its_child() -> None:
    async def work(parser: ChildParser) -> list[int]:
        reading = asyncio.create_task(parser.read(SPINNING, RULE, HINTS))
        await until(lambda: len(processes_below(os.getpid())) == 2)  # the mother and her child
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
        await until(lambda: len(processes_below(os.getpid())) == 1)
        return processes_below(os.getpid())

    assert len(run(work)) == 1


@pytest.mark.slow
def test_a_refresh_may_be_cancelled_at_any_moment() -> None:
    async def work(parser: ChildParser) -> list[Reading | Failed]:
        readings = []
        for moment in range(60):
            reading = asyncio.create_task(parser.read(SPINNING, RULE, HINTS))
            for _ in range(moment):
                await asyncio.sleep(0)
            await asyncio.sleep(0.001 * (moment % 4))
            for _ in range(1 + moment % 3):
                reading.cancel()  # again and again, as who waits for a stuck refresh does
                await asyncio.sleep(0)
            await asyncio.gather(reading, return_exceptions=True)
            readings.append(await parser.read(LIST, RULE, HINTS))
        await until(lambda: len(processes_below(os.getpid())) == 2)
        return readings

    readings = run(work)  # it ends: the mother is left, and the child that waits for a page

    assert all(len(titles(reading)) == 2 for reading in readings)


def test_there_is_room_again_once_the_pages_are_read() -> None:
    async def work(parser: ChildParser) -> tuple[bool, bool]:
        big = page(b" " * (BACKLOG_BYTES // 4 + 1))
        reading = [asyncio.create_task(parser.read(big, RULE, HINTS)) for _ in range(4)]
        await asyncio.sleep(0)
        room = asyncio.create_task(parser.room())
        await asyncio.sleep(0)
        had_room = room.done()
        await asyncio.gather(*reading)
        await room
        return had_room, room.done()

    assert run(work) == (False, True)


def test_a_page_the_parser_has_no_memory_for_is_named_so() -> None:
    hungry = page(b"<table><tr><td>" * 200_000)

    reading = run(lambda parser: parser.read(hungry, RULE, HINTS))

    assert isinstance(reading, Failed)
    assert reading.detail == "the page needs more memory than a page may have"


def test_a_megabyte_where_an_address_should_be_costs_no_memory() -> None:
    link = b"http://example.org/" + b"x" * 1_000_000
    items = b"<item><title>Road</title><link>%s</link></item>" % link

    reading = run(
        lambda parser: parser.read(page(b"<rss><channel>%s</channel></rss>" % items), Rule(), HINTS)
    )

    assert titles(reading) == ["Road"]
