"""The daemon as people run it: a process, its signals, its files."""

from __future__ import annotations

import random
import shutil
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.program import Program, ids, run_once, titles
from tests.adapters.loopback import LoopbackSite

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

CONFIG = """\
publish: {{title: Test, dir: feeds, formats: [atom], window: 1000}}
serve: {{port: 8765}}
state: state
fetch: {{per_host: {{concurrency: 4, delay: 0s}}, robots: false, allow: ["127.0.0.1:{port}"]}}
defaults: {{every: {every}}}
sources:
{sources}
topics:
  mines: {{title: Mines, any: [mine]}}
"""
SOURCE = """\
  {name}:
    url: http://127.0.0.1:{port}/{name}
    selectors: {{items: li, title: h3, link: "a::attr(href)", date: .d}}
"""


def listing(name: str, *numbers: int) -> bytes:
    rows = (
        f"<li><h3><a href='/{name}/{number}'>{name} {number} on a mine</a></h3>"
        f"<i class=d>{1 + number % 28} March 2018</i></li>"
        for number in numbers
    )
    return f"<ul>{''.join(rows)}</ul>".encode()


@pytest.fixture
def site() -> Iterator[LoopbackSite]:
    with LoopbackSite() as site:
        yield site


def configure(folder: Path, site: LoopbackSite, *names: str, every: str = "1h") -> None:
    sources = "".join(SOURCE.format(name=name, port=site.port) for name in names)
    text = CONFIG.format(port=site.port, every=every, sources=sources)
    (folder / "config.yaml").write_text(text, encoding="utf-8")


def test_it_fetches_publishes_and_serves_and_a_term_signal_ends_it(
    tmp_path: Path, site: LoopbackSite
) -> None:
    site.page("/one", listing("one", 1, 2))
    configure(tmp_path, site, "one")

    with Program(tmp_path) as program:
        program.wait_until_it_says("refreshed", source="one", new=2)
        program.wait_for(lambda _: b"one 1 on a mine" in program.get("/feeds/mines.atom"))
        status = program.end()

    assert status == 0
    assert sorted(titles((tmp_path / "feeds/all.atom").read_bytes())) == [
        "one 1 on a mine",
        "one 2 on a mine",
    ]


def test_what_is_being_fetched_at_the_end_is_still_stored(
    tmp_path: Path, site: LoopbackSite
) -> None:
    may_answer, is_asked = threading.Event(), threading.Event()
    site.page("/one", listing("one", 1))
    site.hold("/one", is_asked, may_answer)
    configure(tmp_path, site, "one")

    with Program(tmp_path) as program:
        assert is_asked.wait(60)
        program.send(signal.SIGTERM)
        program.wait_until_it_says("draining", refreshes=1)
        may_answer.set()
        status = program.process.wait(60)

    assert status == 0
    assert titles((tmp_path / "feeds/all.atom").read_bytes()) == ["one 1 on a mine"]


def test_a_page_that_never_ends_does_not_keep_it_from_ending(
    tmp_path: Path, site: LoopbackSite
) -> None:
    may_answer, is_asked = threading.Event(), threading.Event()
    site.page("/one", listing("one", 1))
    site.hold("/one", is_asked, may_answer)
    configure(tmp_path, site, "one")

    with Program(tmp_path) as program:
        assert is_asked.wait(60)
        status = program.end()
    may_answer.set()

    assert status == 0
    with Program(tmp_path) as program:  # it was given back, not left claimed
        program.wait_until_it_says("refreshed", source="one", new=1)
        program.end()


def test_a_hangup_reads_the_configuration_again(tmp_path: Path, site: LoopbackSite) -> None:
    site.page("/one", listing("one", 1))
    site.page("/two", listing("two", 1))
    configure(tmp_path, site, "one")

    with Program(tmp_path) as program:
        program.wait_until_it_says("refreshed", source="one")
        configure(tmp_path, site, "one", "two")
        program.send(signal.SIGHUP)

        program.wait_until_it_says("reloaded", sources=2)
        program.wait_until_it_says("refreshed", source="two", new=1)
        assert program.end() == 0


def test_another_port_in_the_file_needs_a_restart_and_that_is_told(
    tmp_path: Path, site: LoopbackSite
) -> None:
    site.page("/one", listing("one", 1))
    configure(tmp_path, site, "one")
    config = tmp_path / "config.yaml"
    text = config.read_text("utf-8")
    config.write_text(text.replace("port: 8765", "port: 0"), encoding="utf-8")

    with Program(tmp_path, port=None) as program:
        program.wait_until_it_says("refreshed", source="one")
        config.write_text(text, encoding="utf-8")
        program.send(signal.SIGHUP)

        told = program.wait_until_it_says("listening as before")
        assert program.end() == 0
        last = program.events()[-1]

    assert told["at"].startswith("127.0.0.1:")
    assert "Restart" in told["do"]
    assert last["event"] == "stopped"


def test_a_bad_file_keeps_the_old_configuration_and_says_so(
    tmp_path: Path, site: LoopbackSite
) -> None:
    site.page("/one", listing("one", 1))
    configure(tmp_path, site, "one", every="1s")

    with Program(tmp_path) as program:
        program.wait_until_it_says("refreshed", source="one")
        (tmp_path / "config.yaml").write_text("sources: {one: {ulr: x}}\n", encoding="utf-8")
        program.send(signal.SIGHUP)

        told = program.wait_until_it_says("kept the old configuration")
        before = len(program.events())
        program.wait_for(lambda events: any(e["event"] == "refreshed" for e in events[before:]))
        assert program.end() == 0

    assert "config.yaml:1: sources.one.ulr: found an unknown key" in told["why"]
    assert "did you mean 'url'?" in told["why"]


def test_a_configuration_that_cannot_be_used_keeps_the_old_one(
    tmp_path: Path, site: LoopbackSite
) -> None:
    site.page("/one", listing("one", 1))
    configure(tmp_path, site, "one", every="1s")

    with Program(tmp_path) as program:
        program.wait_until_it_says("refreshed", source="one")
        good = (tmp_path / "config.yaml").read_text("utf-8")
        (tmp_path / "file").write_text("")
        bad = good.replace("state: state", "state: file/state")
        (tmp_path / "config.yaml").write_text(bad, encoding="utf-8")
        program.send(signal.SIGHUP)

        told = program.wait_until_it_says("kept the old configuration")
        before = len(program.events())
        program.wait_for(lambda events: any(e["event"] == "refreshed" for e in events[before:]))
        assert program.end() == 0

    assert told["code"] == "state.unusable"


def test_feeds_that_cannot_be_written_are_told_once_and_again_when_they_can(
    tmp_path: Path, site: LoopbackSite
) -> None:
    site.page("/one", listing("one", 1))
    configure(tmp_path, site, "one", every="1s")
    in_the_way = tmp_path / "feeds/all.atom/file"
    in_the_way.parent.mkdir(parents=True)
    in_the_way.touch()

    with Program(tmp_path) as program:
        told = program.wait_until_it_says("not published")
        program.wait_until_it_says("refreshed", source="one", times=2)
        in_the_way.unlink()
        in_the_way.parent.rmdir()
        program.wait_until_it_says("works again", after="not published")
        assert program.end() == 0
        events = [event["event"] for event in program.events()]

    assert told["code"] == "publish.failed"
    assert events.count("not published") == 1
    assert (tmp_path / "feeds/all.atom").is_file()


def test_a_second_daemon_is_refused_with_the_number_of_the_first(
    tmp_path: Path, site: LoopbackSite
) -> None:
    configure(tmp_path, site)

    with Program(tmp_path) as program:
        program.wait_until_it_says("serving")
        second = run_once("run", "--port", "0", folder=tmp_path)
        pid = program.process.pid

    assert second.returncode == 3
    assert f"in use by process {pid}" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_second_daemon_on_the_same_port_is_refused_for_its_state(
    tmp_path: Path, site: LoopbackSite
) -> None:
    configure(tmp_path, site)

    with Program(tmp_path) as program:
        port = program.wait_until_it_says("serving")["port"]
        second = run_once("run", "--port", str(port), folder=tmp_path)
        (tmp_path / "config.yaml").write_text("state: another\n", encoding="utf-8")
        other = run_once("run", "--port", str(port), folder=tmp_path)

    assert (second.returncode, other.returncode) == (3, 1)
    assert "in use by process" in second.stderr
    assert f"127.0.0.1:{port}" in other.stderr


def test_refresh_lets_the_daemon_do_it_while_one_runs(tmp_path: Path, site: LoopbackSite) -> None:
    site.page("/one", listing("one", 1))
    configure(tmp_path, site, "one")

    with Program(tmp_path) as program:
        program.wait_until_it_says("refreshed", source="one", new=1)
        site.page("/one", listing("one", 2, 1))
        ended = run_once("refresh", "one", "--json", folder=tmp_path)
        published = titles((tmp_path / "feeds/all.atom").read_bytes())
        program.end()

    assert ended.returncode == 0, ended.stderr
    assert '"new": 1' in ended.stdout
    assert "one 2 on a mine" in published


def test_a_port_that_is_taken_is_told(tmp_path: Path, site: LoopbackSite) -> None:
    configure(tmp_path, site)

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = run_once("run", "--port", str(port), folder=tmp_path)

    assert ended.returncode == 1
    assert str(port) in ended.stderr
    assert "--port" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_source_that_is_slow_is_not_fetched_twice_at_once(
    tmp_path: Path, site: LoopbackSite
) -> None:
    may_answer, is_asked = threading.Event(), threading.Event()
    site.page("/slow", listing("slow", 1))
    site.page("/quick", listing("quick", 1))
    site.hold("/slow", is_asked, may_answer)
    configure(tmp_path, site, "slow", "quick", every="1s")

    with Program(tmp_path) as program:
        assert is_asked.wait(60)
        program.wait_until_it_says("refreshed", source="quick", times=3)
        asked = site.asked.count("/slow")
        may_answer.set()
        program.wait_until_it_says("refreshed", source="slow", times=2)
        assert program.end() == 0

    assert asked == 1


def test_killed_at_any_moment_it_loses_and_doubles_nothing(
    tmp_path: Path, site: LoopbackSite
) -> None:
    rng = random.Random(20)  # the moments differ by what the machine does; the test does not
    names = ("one", "two", "three")
    configure(tmp_path, site, *names, every="1s")
    last = 0
    for _ in range(4):
        for name in names:
            last += 3
            site.page(f"/{name}", listing(name, *range(last, max(0, last - 30), -1)))
        with Program(tmp_path) as program:
            program.wait_until_it_says("serving")
            if rng.random() < 0.7:  # at first moment, or in the middle of the work
                program.wait_until_it_says("refreshed", times=rng.randint(1, 4))
            program.end(signal.SIGKILL)

    with Program(tmp_path) as program:
        for name in names:
            program.wait_until_it_says("refreshed", source=name)
        program.wait_for(lambda _: f"three {last} " in str(program.get("/feeds/all.atom")))
        assert program.end() == 0

    found = (tmp_path / "feeds/all.atom").read_bytes()
    assert len(set(ids(found))) == len(ids(found))
    assert len(set(titles(found))) == len(titles(found))
    for name in names:
        seen = set(numbers_of(found, name))
        assert set(range(max(seen) - 29, max(seen) + 1)) <= seen
    assert not list(tmp_path.rglob("*.tmp"))


def numbers_of(document: bytes, name: str) -> list[int]:
    return [int(title.split()[1]) for title in titles(document) if title.split()[0] == name]


def test_a_state_that_is_deleted_under_a_running_daemon_ends_it_with_a_sentence(
    tmp_path: Path, site: LoopbackSite
) -> None:
    site.page("/one", listing("one", 1, 2))
    configure(tmp_path, site, "one")

    with Program(tmp_path) as program:
        program.wait_until_it_says("refreshed", source="one", new=2)
        shutil.rmtree(tmp_path / "state")
        status = program.process.wait(60)
        said = program.said()

    assert status == 3
    assert "was deleted or replaced while it was in use" in said
    assert (tmp_path / "feeds/all.atom").exists()
