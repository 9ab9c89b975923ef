"""Another reader's list becomes sources, and sources become a list."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aggregator.cli import app
from aggregator.core.opml import parse_opml
from aggregator.errors import OpmlError, UsageError
from aggregator.eyes import read_config

LIST = """<?xml version="1.0"?>
<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Peru">
  <outline type="rss" text="Andes &amp; co" xmlUrl="https://andes.example/feed.xml"/>
  <outline type="rss" text="Known" xmlUrl="http://www.known.example/news/"/>
</outline>
<outline type="rss" title="Odd" xmlUrl="feed://odd.example/"/>
<outline type="rss" text="Andes again" xmlUrl="http://andes.example/feed.xml"/>
</body></opml>
"""
CONFIG = """# my sources
sources:
  known: {url: "http://known.example/news"}  # the first
topics:
  all-mines: {title: Mines, any: [mine]}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "list.opml").write_text(LIST, encoding="utf-8")
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str, text: str = "") -> str:
    config = ["--config", str(folder / "config.yaml")]
    result = CliRunner().invoke(app, ["opml", *arguments, *config], input=text)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.output


def test_every_feed_of_a_list_becomes_a_source_once(folder: Path) -> None:
    output = run(folder, "import", str(folder / "list.opml"))

    sources = {str(source.id): source for source in read_config(folder / "config.yaml").sources}
    assert list(sources) == ["known", "andes"]
    assert (sources["andes"].title, sources["andes"].url) == (
        "Andes & co",
        "https://andes.example/feed.xml",
    )
    assert "1 source written" in output
    assert "left out feed://odd.example/: not an http or https address" in output
    assert "left out http://www.known.example/news/: the source 'known' reads it" in output
    text = (folder / "config.yaml").read_text(encoding="utf-8")
    assert "# my sources" in text
    assert "# the first" in text


def test_a_list_comes_from_the_input_too_and_twice_is_once(folder: Path) -> None:
    run(folder, "import", "-", text=LIST)
    before = (folder / "config.yaml").read_bytes()

    output = run(folder, "import", "-", text=LIST)

    assert "nothing new" in output
    assert (folder / "config.yaml").read_bytes() == before


def test_a_dry_run_writes_nothing_and_says_what_it_would(folder: Path) -> None:
    told = json.loads(run(folder, "import", str(folder / "list.opml"), "--dry-run", "--json"))

    assert list(told["added"]) == ["andes"]
    assert len(told["left_out"]) == 3
    assert told["written"] is False
    assert (folder / "config.yaml").read_text(encoding="utf-8") == CONFIG


def test_a_list_begins_a_configuration_of_its_own(folder: Path) -> None:
    (folder / "config.yaml").unlink()

    run(folder, "import", str(folder / "list.opml"))

    assert len(read_config(folder / "config.yaml").sources) == 2


def test_what_is_no_list_changes_nothing(folder: Path) -> None:
    (folder / "list.opml").write_text("<html></html>", encoding="utf-8")

    with pytest.raises(OpmlError):
        run(folder, "import", str(folder / "list.opml"))
    with pytest.raises(OpmlError):
        run(folder, "import", str(folder / "missing.opml"))
    assert (folder / "config.yaml").read_text(encoding="utf-8") == CONFIG


def test_what_goes_out_comes_in_the_same(folder: Path) -> None:
    run(folder, "import", str(folder / "list.opml"))
    sources = read_config(folder / "config.yaml").sources
    run(folder, "export", str(folder / "out.opml"))
    (folder / "config.yaml").unlink()

    run(folder, "import", str(folder / "out.opml"))

    again = read_config(folder / "config.yaml").sources
    assert {(one.title, one.url) for one in again} == {(one.title, one.url) for one in sources}


def test_the_published_feeds_are_a_list_as_well(folder: Path) -> None:
    document = run(folder, "export", "--published").encode()

    assert [outline.feed_url for outline in parse_opml(document)] == [
        "http://127.0.0.1:8765/feeds/all.atom",
        "http://127.0.0.1:8765/feeds/all-mines.atom",
        "http://127.0.0.1:8765/feeds/sources/known.atom",
        "http://127.0.0.1:8765/feeds/corrections.atom",
    ]


def test_a_list_that_cannot_be_written_says_why(folder: Path) -> None:
    with pytest.raises(UsageError):
        run(folder, "export", str(folder / "no" / "where.opml"))
