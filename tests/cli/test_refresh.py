"""`refresh`, `status` and `doctor` on a site of our own."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.program import ids
from tests.adapters.loopback import LoopbackSite
from tests.cli.running import Run, runner

CONFIG = """\
publish: {{title: Test, dir: feeds, formats: [atom]}}
state: state
fetch: {{per_host: {{concurrency: 4, delay: 0s}}, robots: false, allow: ["127.0.0.1:1-65535"]}}
sources:
{sources}
"""
SOURCE = """\
  {name}: {{url: "{url}", selectors: {{items: li, title: h3, link: "a::attr(href)", date: .d}}}}
"""
LISTING = b"<ul><li><h3><a href='/1'>A mine opens</a></h3><i class=d>2 March 2018</i></li></ul>"


@pytest.fixture
def site() -> Iterator[LoopbackSite]:
    with LoopbackSite() as site:
        yield site


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(tmp_path, monkeypatch, capsys)


def configure(folder: Path, **urls: str) -> None:
    sources = "".join(SOURCE.format(name=name, url=url) for name, url in urls.items())
    ports = sorted({url.split("/")[2].split(":")[1] for url in urls.values()})
    allowed = ", ".join(f'"127.0.0.1:{port}"' for port in ports)
    text = CONFIG.format(sources=sources).replace('"127.0.0.1:1-65535"', allowed)
    (folder / "config.yaml").write_text(text, encoding="utf-8")


def refused_url() -> str:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}/"


def test_sources_that_fail_leave_the_others_published_and_say_what_to_do(
    run: Run, site: LoopbackSite, tmp_path: Path
) -> None:
    site.page("/good", LISTING)
    site.status("/broken", 500)
    site.page("/garbage", bytes(range(256)) * 9, headers={"Content-Type": "image/png"})
    configure(
        tmp_path,
        good=site.url("/good"),
        broken=site.url("/broken"),
        garbage=site.url("/garbage"),
        refused=refused_url(),
    )

    refreshed = run("refresh")
    status = run("status")
    doctor = run("doctor")

    assert refreshed.status == 1
    assert "A mine opens" in (tmp_path / "feeds/all.atom").read_text("utf-8")
    assert "A mine opens" in (tmp_path / "feeds/sources/good.atom").read_text("utf-8")
    assert status.status == 0
    assert "well, 1 items" in status.out
    assert doctor.status == 1
    for name, code, next_step in (
        ("broken", "status", "Open the page in a browser"),
        ("refused", "connect", "a firewall stops us"),
        ("garbage", "nothing-matches", "correct `selectors:`"),
    ):
        assert f"source={name}" in refreshed.err
        assert code in refreshed.err
        assert f"({code})" in status.out
        assert f"{name}: " in doctor.out
        assert next_step in status.out
        assert next_step in doctor.out
    assert "good:" not in doctor.out


def test_all_well_ends_with_nothing_to_do(run: Run, site: LoopbackSite, tmp_path: Path) -> None:
    site.page("/good", LISTING)
    configure(tmp_path, good=site.url("/good"))

    refreshed = run("refresh", "--json")
    doctor = run("doctor")

    assert refreshed.status == 0
    (outcome,) = json.loads(refreshed.out)
    assert (outcome["source"], outcome["outcome"], outcome["new"]) == ("good", "changed", 1)
    assert (doctor.status, doctor.out) == (0, "1 sources are well, 0 not fetched yet\n")


def test_only_the_sources_named_are_refreshed(run: Run, site: LoopbackSite, tmp_path: Path) -> None:
    site.page("/a", LISTING)
    site.page("/b", LISTING)
    configure(tmp_path, a=site.url("/a"), b=site.url("/b"))

    ended = run("refresh", "b")

    assert ended.status == 0
    assert site.asked == ["/b"]


def test_a_source_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    configure(tmp_path)

    ended = run("refresh", "nope")

    assert ended.status == 2
    assert "no source 'nope'" in ended.err
    assert "aggregator status" in ended.err


def test_status_before_the_first_refresh(run: Run, site: LoopbackSite, tmp_path: Path) -> None:
    configure(tmp_path, good=site.url("/good"))

    shown, data = run("status"), run("status", "--json")

    assert shown.status == 0
    assert "not fetched yet" in shown.out
    (state,) = json.loads(data.out)
    assert (state["source"], state["health"], state["visited"]) == ("good", None, None)


@pytest.mark.parametrize("command", ["refresh", "status", "doctor"])
def test_a_state_that_cannot_be_used_ends_with_3(
    run: Run, site: LoopbackSite, tmp_path: Path, command: str
) -> None:
    configure(tmp_path, good=site.url("/good"))
    (tmp_path / "state").mkdir()
    (tmp_path / "state/aggregator.sqlite").write_bytes(b"this is no database" * 100)

    ended = run(command)

    assert ended.status == 3
    assert "aggregator.sqlite is damaged" in ended.err
    assert "put a backup there" in ended.err


@pytest.mark.parametrize("command", ["refresh", "status"])
def test_a_state_without_a_byte_is_refused_where_feeds_were_made_from_it(
    run: Run, site: LoopbackSite, tmp_path: Path, command: str
) -> None:
    site.page("/good", LISTING)
    configure(tmp_path, good=site.url("/good"))
    run("refresh")
    published = (tmp_path / "feeds/all.atom").read_bytes()
    site.page("/good", b"<ul></ul>")
    (tmp_path / "state/aggregator.sqlite").write_bytes(b"")

    ended = [run(command), run(command)]

    assert [one.status for one in ended] == [3, 3]
    assert "aggregator.sqlite is empty, though the feeds in" in ended[0].err
    assert "put a backup there" in ended[0].err
    assert (tmp_path / "feeds/all.atom").read_bytes() == published


def test_a_state_without_a_byte_is_a_new_one_where_nothing_was_published(
    run: Run, site: LoopbackSite, tmp_path: Path
) -> None:
    site.page("/good", LISTING)
    configure(tmp_path, good=site.url("/good"))
    (tmp_path / "state").mkdir()
    (tmp_path / "state/aggregator.sqlite").touch()

    ended = run("refresh")

    assert ended.status == 0
    assert "state is new" not in ended.err


def test_a_state_that_is_away_is_begun_anew_with_the_same_ids_and_a_word(
    run: Run, site: LoopbackSite, tmp_path: Path
) -> None:
    site.page("/good", LISTING)
    configure(tmp_path, good=site.url("/good"))
    first = run("refresh")
    published = ids((tmp_path / "feeds/all.atom").read_bytes())
    for path in (tmp_path / "state").glob("aggregator.sqlite*"):
        path.unlink()

    second, third = run("refresh"), run("refresh")

    assert [first.status, second.status, third.status] == [0, 0, 0]
    assert ["state is new" in one.err for one in (first, second, third)] == [False, True, False]
    assert "put the state or a backup back" in second.err
    assert ids((tmp_path / "feeds/all.atom").read_bytes()) == published


@pytest.mark.parametrize("command", ["run", "refresh", "status", "doctor", "check"])
def test_a_wrong_configuration_ends_with_2(run: Run, tmp_path: Path, command: str) -> None:
    (tmp_path / "config.yaml").write_text("sources: {a: {ulr: x}}", encoding="utf-8")

    ended = run(command)

    assert ended.status == 2
    assert "config.yaml:1: sources.a.ulr: found an unknown key" in ended.err
    assert "aggregator check" in ended.err


@pytest.mark.parametrize("command", ["run", "refresh", "status", "check"])
def test_a_configuration_that_is_not_there_is_named(run: Run, command: str) -> None:
    ended = run(command, "--config", "nowhere.yaml")

    assert ended.status == 2
    assert "nowhere.yaml: No such file or directory" in ended.err
