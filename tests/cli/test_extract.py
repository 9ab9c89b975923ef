"""`extract` shows what would be taken from a page, and why."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.cli.running import Run, runner

TITLES = ("Dam wall is raised again", "Council hears the herders", "Rail line reopens in May")
pytestmark = pytest.mark.slow  # every page is read in a child of its own
ADDRESS = "http://example.org/news/"


def page(titles: Sequence[str] = TITLES) -> str:
    items = "".join(
        f"<article><h2><a href='{at}.html'>{title}</a></h2><time>{at} March 2026</time>"
        f"<p>What was said about it, in a sentence or two.</p></article>"
        for at, title in enumerate(titles, 1)
    )
    return f"<!doctype html><title>News</title><main>{items}</main>"


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    (tmp_path / "news.html").write_text(page(), encoding="utf-8")
    (tmp_path / "empty.html").write_text(
        "<p>We are a group of friends of the valley.</p>", encoding="utf-8"
    )
    return runner(tmp_path, monkeypatch, capsys)


def test_a_file_is_shown_as_a_table(run: Run) -> None:
    shown = run("extract", "news.html", "--base-url", ADDRESS)

    assert shown.status == 0
    assert all(title in shown.out for title in TITLES)
    assert "http://example.org/news/2.html" in shown.out
    assert "2026-03-02" in shown.out
    assert "3 items" in shown.out


def test_items_as_json_have_their_links_and_dates(run: Run) -> None:
    items = json.loads(run("extract", "news.html", "--base-url", ADDRESS, "--json").out)

    assert [item["title"] for item in items] == list(TITLES)
    assert items[0]["url"] == "http://example.org/news/1.html"
    assert items[0]["published"].startswith("2026-03-01")


def test_a_file_whose_links_lead_nowhere_asks_for_its_address(run: Run) -> None:
    shown = run("extract", "news.html")

    assert shown.status == 0
    assert "--base-url" in shown.err


def test_a_page_comes_from_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(page().encode())))

    shown = run("extract", "-", "--base-url", ADDRESS, "--json")

    assert [item["title"] for item in json.loads(shown.out)] == list(TITLES)


def test_a_page_without_items_ends_with_1_and_says_what_to_do(run: Run) -> None:
    shown = run("extract", "empty.html")
    as_json = run("extract", "empty.html", "--json")

    assert shown.status == as_json.status == 1
    assert "not-a-list" in shown.out
    assert "selectors:" in shown.out
    assert json.loads(as_json.out) == []
    assert as_json.err.startswith("error: not-a-list")


@pytest.mark.parametrize(
    ("page", "step"),
    [
        ("missing.html", "an address begins with http://"),
        ("http://127.0.0.1:9/", "name it in `fetch.allow`"),
    ],
)
def test_a_page_that_does_not_come_is_told_with_what_to_do(run: Run, page: str, step: str) -> None:
    shown = run("extract", page)

    assert shown.status == 1
    assert shown.err.startswith("error: ")
    assert step in shown.err.splitlines()[1]


def test_what_was_considered_is_shown_on_demand(run: Run) -> None:
    plain = run("extract", "news.html", "--base-url", ADDRESS)
    explained = run("extract", "news.html", "--base-url", ADDRESS, "--explain")

    assert "article" not in plain.out
    assert "article" in explained.out
    assert "date  '1 March 2026'" in explained.out


def test_a_batch_gives_a_line_for_each_page_in_order(run: Run, tmp_path: Path) -> None:
    (tmp_path / "pages.txt").write_text("news.html\n\nempty.html\nmissing.html\n", encoding="utf-8")

    lines = [json.loads(line) for line in run("extract", "--batch", "pages.txt").out.splitlines()]

    assert [line["url"] for line in lines] == ["news.html", "empty.html", "missing.html"]
    assert [len(line["items"]) for line in lines] == [3, 0, 0]
    assert lines[0]["error"] is None
    assert lines[1]["error"].startswith("not-a-list")
    assert "missing.html" in lines[2]["error"]


def test_a_file_is_read_the_way_a_source_is(run: Run, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(
        f"sources: {{news: {{url: '{ADDRESS}', selectors: {{items: article, title: time}}}}}}",
        encoding="utf-8",
    )

    items = json.loads(run("extract", "news.html", "--source", "news", "--json").out)

    assert [item["title"] for item in items] == ["1 March 2026", "2 March 2026", "3 March 2026"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "name a URL, a file, a --source or a --batch"),
        (("news.html", "--source", "nobody"), "nobody"),
        (("--batch", "missing.txt"), "missing.txt"),
    ],
)
def test_what_cannot_be_meant_is_a_mistake_of_use(
    run: Run, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    (tmp_path / "config.yaml").write_text("sources: {}\n", encoding="utf-8")

    ended = run("extract", *words)

    assert ended.status == 2
    assert said in ended.err
