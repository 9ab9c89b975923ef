"""`check` and `schema`: the configuration, told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from aggregator import __version__
from aggregator.core.config import json_schema
from tests.cli.running import Run, runner

APPRISE_LOADS_IMGHDR = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return runner(tmp_path, monkeypatch, capsys)


def write(folder: Path, text: str, name: str = "config.yaml") -> None:
    (folder / name).write_text(text, encoding="utf-8")


def test_a_good_configuration_is_ok(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "sources: {a: {url: 'http://x.example/'}}\ntopics: {t: {any: [x]}}")

    ended = run("check")

    assert ended == (0, "ok: 1 source, 1 topic\n", "")


def test_what_is_probably_not_meant_is_a_warning(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "sources: {a: {url: 'https://x.example/', insecure: true}}")

    shown, data = run("check"), run("check", "--json")

    assert shown.status == 0
    assert "certificates are not verified" in shown.err
    assert json.loads(data.out)["ok"] is True
    assert len(json.loads(data.out)["warnings"]) == 1


def test_two_sources_of_one_page_are_a_warning_unless_they_read_it_otherwise(
    run: Run, tmp_path: Path
) -> None:
    write(
        tmp_path,
        "sources:\n"
        "  a: {url: 'https://x.example/news'}\n"
        "  b: {url: 'http://www.x.example/news/'}\n"
        "  c: {url: 'https://x.example/news', selectors: {items: li}}\n"
        "  d: {url: 'https://x.example/news', method: POST, body: q}\n",
    )

    shown = run("check")

    assert shown.err == "warning: sources.b: reads the same page as sources.a; one is enough\n"


@APPRISE_LOADS_IMGHDR
def test_whom_nobody_can_tell_is_a_problem_before_the_daemon_starts(
    run: Run, tmp_path: Path
) -> None:
    write(tmp_path, "notify: ['carrier-pigeon://loft']\nsources: {a: {url: 'http://x.example/'}}")

    ended, as_json = run("check"), run("check", "--json")

    assert ended.status == 2
    assert "address 1 (carrier-pigeon://…) is none Apprise knows" in ended.err
    assert json.loads(as_json.out)["ok"] is False


@APPRISE_LOADS_IMGHDR
def test_what_is_not_installed_is_a_warning(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "notify: ['json://x.example/']\nsources: {a: {url: 'http://x.example/'}}")
    monkeypatch.setattr("aggregator.eyes.MESSENGER", "no_such_module")

    ended = run("check")

    assert ended.status == 0
    assert ended.err == "warning: notify: needs .venv/bin/pip install -e '.[notify]'\n"


def test_a_file_that_is_not_there_is_told_with_how_to_begin_one(run: Run) -> None:
    ended = run("check")

    assert ended.status == 2
    assert "config.yaml: No such file" in ended.err
    assert "begin one: aggregator add URL" in ended.err


def test_many_topics_that_ask_for_no_word_are_a_warning(run: Run, tmp_path: Path) -> None:
    dear = ["/[0-9]+ %/", "rain OR after:2018"]
    topics = "".join(f"  t{at}: {{query: '{dear[at % 2]}'}}\n" for at in range(60))
    write(tmp_path, f"sources: {{a: {{url: 'http://x.example/'}}}}\ntopics:\n{topics}")

    many = run("check").err
    write(tmp_path, f"topics:\n{topics[: len(topics) // 2]}  u: {{query: '/mina [0-9]/'}}\n")
    few = run("check").err

    assert "60 are tried on every entry" in many
    assert "t0, t1, t2" in many
    assert "tried on every entry" not in few


def test_problems_can_be_read_by_a_program(run: Run, tmp_path: Path) -> None:
    write(tmp_path, "publsh: {}\nserve: {port: x}\n")

    ended = run("check", "--json")

    told = json.loads(ended.out)
    assert (ended.status, told["ok"], len(told["problems"])) == (2, False, 2)
    assert "did you mean 'publish'?" in told["problems"][0]


def test_the_configuration_can_be_another_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, "sources: {a: {url: 'http://x.example/'}}", "other.yaml")
    monkeypatch.setenv("AGGREGATOR_CONFIG", "other.yaml")

    assert run("check").status == 0
    assert run("check", "-c", "other.yaml").status == 0


def test_a_file_that_is_not_text_is_told(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_bytes(b"# a\na: \xff\xfe")

    ended = run("check")

    assert ended.status == 2
    assert "config.yaml:2: not UTF-8; save the file as UTF-8" in ended.err


def test_the_schema_is_printed(run: Run) -> None:
    assert json.loads(run("schema").out) == json_schema()


def test_the_version_is_told(run: Run) -> None:
    assert run("--version") == (0, f"aggregator {__version__}\n", "")
