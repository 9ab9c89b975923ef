"""`aggregator add` looks at a page and writes it into the configuration."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from aggregator.cli import app
from aggregator.errors import ConfigError, UsageError
from aggregator.eyes import add_to_config, read_config

TITLES = (
    "Mine reopened after talks in the valley",
    "Water board rejects the plan for a dam",
    "Court hears the appeal over the blockade",
    "Harvest festival draws record crowds again",
)
ITEMS = "".join(
    f"<article><h2><a href='/n/{at}'>{title}</a></h2><time>{at + 1} March 2026</time>"
    f"<p>What happened, told in a sentence or two, number {at}.</p></article>"
    for at, title in enumerate(TITLES)
)
FEED_ITEMS = "".join(
    f"<item><title>{title}</title><link>/n/{at}</link></item>" for at, title in enumerate(TITLES)
)


def page(head: str = "") -> str:
    return (
        f"<!doctype html><html><head><title>News from Andes Watch</title>{head}</head>"
        f"<body><main>{ITEMS}</main></body></html>"
    )


FEED_LINK = "<link rel='alternate' type='application/rss+xml' href='{}'>"
PAGES = {
    "/news": page(),
    "/with-feed": page(FEED_LINK.format("/feed.xml")),
    "/with-other-feed": page(FEED_LINK.format("/other.xml")),
    "/feed.xml": f"<rss version='2.0'><channel><title>Andes feed</title>{FEED_ITEMS}</channel></rss>",
    "/other.xml": "<rss version='2.0'><channel><item><title>Else</title></item></channel></rss>",
    "/empty": "<html><body><p>Nothing here.</p></body></html>",
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path, "").encode()
        if self.path == "/moved":
            self.send_response(301)
            self.send_header("Location", "/news")
        else:
            self.send_response(200 if body else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Stay silent."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def config(tmp_path: Path, site: str) -> Path:
    """Return a configuration with a comment that must survive."""
    path = tmp_path / "config.yaml"
    path.write_text(
        f"fetch: {{allow: ['{site.removeprefix('http://')}'], per_host: {{delay: 0s}}}}\n"
        "sources:   # mine\n  old: {url: 'http://old.example.org/news'}  # the first\n"
        "# the end\ntopics: {}\n",
        encoding="utf-8",
    )
    return path


def add(config: Path, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["add", "--config", str(config), *arguments])


def lines_added(config: Path, before: str) -> list[str]:
    """Return the lines that are new; everything else must still be there, in order."""
    after = config.read_text(encoding="utf-8").splitlines()
    rest = iter(before.splitlines())
    wanted = next(rest)
    added = []
    for line in after:
        if line == wanted:
            wanted = next(rest, "")
        else:
            added.append(line)
    assert next(rest, None) is None
    return added


def test_the_items_of_a_page_are_shown_and_written_with_selectors(config: Path, site: str) -> None:
    before = config.read_text(encoding="utf-8")

    result = add(config, f"{site}/news", "--name", "andes")

    assert result.exit_code == 0, result.output
    assert all(title.split()[0] in result.output for title in TITLES)
    added = read_config(config).sources[-1]
    assert (added.id, added.url, added.title) == ("andes", f"{site}/news", "News from Andes Watch")
    assert added.rule.selectors is not None
    assert lines_added(config, before)[:3] == [
        "  andes:",
        "    title: News from Andes Watch",
        f"    url: {site}/news",
    ]


@pytest.mark.slow
def test_a_page_may_be_written_without_selectors(config: Path, site: str) -> None:
    add(config, f"{site}/news", "--auto", "--title", "Andes")

    added = read_config(config).sources[-1]
    assert (added.title, added.rule.selectors) == ("Andes", None)


def test_a_feed_of_the_page_is_taken_in_its_place(config: Path, site: str) -> None:
    result = add(config, f"{site}/with-feed")

    assert result.exit_code == 0
    added = read_config(config).sources[-1]
    assert (added.url, added.title) == (f"{site}/feed.xml", "Andes feed")
    assert added.rule.selectors is None


@pytest.mark.slow
def test_the_page_itself_is_taken_when_asked_for(config: Path, site: str) -> None:
    add(config, f"{site}/with-feed", "--page")

    assert read_config(config).sources[-1].url == f"{site}/with-feed"


@pytest.mark.slow
def test_a_feed_of_something_else_is_only_mentioned(config: Path, site: str) -> None:
    result = add(config, f"{site}/with-other-feed")

    assert "/other.xml" in result.output
    assert read_config(config).sources[-1].url == f"{site}/with-other-feed"


@pytest.mark.slow
def test_a_page_that_moved_is_written_with_its_new_address(config: Path, site: str) -> None:
    add(config, f"{site}/moved")

    assert read_config(config).sources[-1].url == f"{site}/news"


@pytest.mark.parametrize(
    "arguments", [("http://www.old.example.org/news/",), ("http://x.example.org/", "--name", "old")]
)
def test_what_is_known_already_is_refused(config: Path, arguments: tuple[str, ...]) -> None:
    before = config.read_text(encoding="utf-8")

    result = add(config, *arguments)

    assert isinstance(result.exception, UsageError)
    assert "old" in str(result.exception)
    assert config.read_text(encoding="utf-8") == before


@pytest.mark.parametrize(("path", "code"), [("/empty", ""), ("/nowhere", "not-found")])
def test_where_nothing_is_found_nothing_is_written(
    config: Path, site: str, path: str, code: str
) -> None:
    before = config.read_text(encoding="utf-8")

    result = add(config, site + path, "--json")

    assert result.exit_code == 1
    told = json.loads(result.output)
    assert told["code"] == code or not code
    assert told["next_step"]
    assert config.read_text(encoding="utf-8") == before


@pytest.mark.slow
def test_a_program_reads_what_was_written(config: Path, site: str) -> None:
    told = json.loads(add(config, f"{site}/news", "--json").output)

    added = read_config(config).sources[-1]
    assert (told["name"], told["url"]) == (added.id, added.url)
    assert [item["title"] for item in told["items"]] == list(TITLES)


@pytest.mark.slow
def test_without_a_configuration_private_addresses_stay_forbidden(
    tmp_path: Path, site: str
) -> None:
    path = tmp_path / "new.yaml"

    result = add(path, f"{site}/news")

    assert result.exit_code == 1
    assert "fetch.allow" in result.output
    assert not path.exists()


def test_the_first_source_begins_a_configuration(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"

    add_to_config(path, {"psg": {"url": "http://example.org/news"}})

    assert [source.id for source in read_config(path).sources] == ["psg"]


@pytest.mark.slow
def test_a_name_that_cannot_be_one_leaves_the_file_alone(config: Path, site: str) -> None:
    before = config.read_text(encoding="utf-8")

    result = add(config, f"{site}/news", "--name", "Not A Name")

    assert isinstance(result.exception, ConfigError)
    assert config.read_text(encoding="utf-8") == before
    assert [path.name for path in config.parent.iterdir()] == ["config.yaml"]
