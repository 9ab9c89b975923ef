"""The topic commands, on a real state."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner

from aggregator.bootstrap import open_store
from aggregator.cli import app
from aggregator.core.identity import Learned, link_key
from aggregator.errors import QueryError, UsageError
from aggregator.eyes import read_config
from aggregator.model import Basis, Entry, EntryId, Precision, SourceId, When

CONFIG = """
sources: {news: {url: "http://example.org/", title: The Herald}}
topics:
  oil: {title: Oil spills, query: '"oil spill" NOT football'}
  all-oil: {title: All oil, query: 'topic:oil OR oil OR source:herald'}
"""
TITLES = ("An oil spill in the river", "Oil spill football cup", "A spill of oil", "Rain")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    config = read_config(tmp_path / "config.yaml")
    at = datetime(2018, 1, 22, tzinfo=UTC)
    entries = [
        Entry(
            id=EntryId(f"tag:example.org,2018:{number}"),
            source=SourceId("news"),
            title=title,
            link=f"http://example.org/{number}",
            published=When(at=at, precision=Precision.DAY, basis=Basis.WRITTEN),
            updated=at,
            first_seen=at,
        )
        for number, title in enumerate(TITLES)
    ]
    with open_store(config, folder=tmp_path) as store, store.writing() as session:
        session.sync_sources(config.sources, due=[at] * len(config.sources))
        session.add_entries(entries)
        keys = [(f"{link_key(one.link, Learned())}", one.id) for one in entries]
        session.add_keys(SourceId("news"), keys)
    return tmp_path


def run(folder: Path, *words: str) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["topic", *words, "--config", str(folder / "config.yaml")])
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.output


def test_explain_names_the_words_that_matched(folder: Path) -> None:
    code, said = run(folder, "explain", "oil", "http://www.example.org/0/")

    assert code == 0
    assert said.splitlines() == [
        "2018-01-22  An oil spill in the river  http://example.org/0",
        "belongs to oil:",
        "  ✓ all of:",
        '    ✓ "oil spill"   title: An «oil spill» in the river',
        "    ✓ NOT football",
    ]


def test_explain_names_what_keeps_an_entry_out(folder: Path) -> None:
    code, said = run(folder, "explain", "oil", "tag:example.org,2018:1", "--json")

    told = json.loads(said)
    assert (code, told["matches"], told["title"]) == (1, False, "Oil spill football cup")
    kept_out = told["parts"][1]
    assert (kept_out["query"], kept_out["matches"]) == ("NOT football", False)
    assert kept_out["parts"][0]["places"] == [
        {"field": "title", "start": 10, "end": 18, "text": "football"}
    ]


def test_explain_knows_the_titles_of_sources_and_other_topics(folder: Path) -> None:
    code, said = run(folder, "explain", "all-oil", "http://example.org/3")

    assert code == 0
    assert "✓ source:herald   source: The «Herald»" in said


def test_test_counts_and_tells_near_misses(folder: Path) -> None:
    code, said = run(folder, "test", "oil")

    assert code == 0
    assert said.splitlines() == [
        "oil: 1 of 4 stored entries",
        "    2018-01-22  An oil spill in the river  http://example.org/0",
        "near misses: 1 more but for NOT football",
        "  ? 2018-01-22  Oil spill football cup  http://example.org/1",
        "near misses: 1 more with the words of phrases apart",
        "  ? 2018-01-22  A spill of oil  http://example.org/2",
    ]


def test_test_compares_another_query_with_the_topic_as_it_is(folder: Path) -> None:
    _, said = run(folder, "test", "oil", "--query", "football", "--json")

    told = json.loads(said)
    assert [told[part]["count"] for part in ("found", "gained", "lost")] == [1, 1, 1]
    assert told["lost"]["newest"][0]["title"] == TITLES[0]


def test_a_topic_can_be_tried_before_it_is_written(folder: Path) -> None:
    code, said = run(folder, "test", "weather", "--query", "rain")

    assert code == 0
    assert said.splitlines() == [
        "weather: 1 of 4 stored entries",
        "    2018-01-22  Rain  http://example.org/3",
        "There is no topic 'weather' yet; write it under `topics:` to have its feed.",
    ]


def test_what_to_do_fits_what_is_missing(folder: Path) -> None:
    hints = {}
    for words in (
        ["test", "gas"],
        ["test", "oil", "--query", '"oil'],
        ["explain", "oil", "http://example.org/9"],
    ):
        with pytest.raises(UsageError) as caught:
            run(folder, *words)
        hints[words[-1]] = caught.value.hint

    assert hints == {
        "gas": "Try one before you write it: aggregator topic test gas --query '…'",
        '"oil': QueryError.hint,
        "http://example.org/9": "What is known of it, and what comes near: "
        "aggregator why http://example.org/9",
    }


def test_suggest_says_so_when_there_is_too_little(folder: Path) -> None:
    assert "nothing to suggest" in run(folder, "suggest", "oil")[1]
    assert json.loads(run(folder, "suggest", "oil", "--json")[1]) == []


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["test", "gas"], "there are: oil, all-oil"),
        (["test", "oil", "--query", "(oil"], "column 1: this bracket is not closed"),
        (["test", "gas", "--query", "(oil"], "column 1: this bracket is not closed"),
        (["explain", "oil", "http://example.org/9"], "no stored entry"),
    ],
)
def test_what_is_not_there_is_said(folder: Path, words: list[str], hint: str) -> None:
    with pytest.raises(UsageError, match=hint.replace("(", r"\(")):
        run(folder, *words)


def check(folder: Path) -> list[str]:
    done = CliRunner().invoke(app, ["check", "--json", "--config", str(folder / "config.yaml")])
    warnings: list[str] = json.loads(done.output)["warnings"]
    return warnings


def test_check_warns_of_topics_that_are_hardly_meant(folder: Path) -> None:
    (folder / "config.yaml").write_text(
        CONFIG + "  name: {title: Oil}\n  small: {query: oil and gas}\n  lone: {query: -oil}\n"
    )

    assert [warning.split(":")[0] for warning in check(folder)] == [
        "topics.name",
        "topics.small",
        "topics.lone",
    ]


def test_check_holds_topics_against_what_is_stored(folder: Path) -> None:
    config = read_config(folder / "config.yaml")
    with open_store(config, folder=folder) as store, store.writing() as session:
        (first,) = session.entries_after(0, limit=1).values()
        session.add_entries(
            [replace(first, id=EntryId(f"n{n}"), title="Oil", link=None) for n in range(20)]
        )
    (folder / "config.yaml").write_text(CONFIG + "  gas: {query: gas OR methane}\n")

    warnings = check(folder)

    assert [warning.split(",")[0] for warning in warnings] == [
        "topics.all-oil: matches 24 of the 24 stored entries",
        "topics.gas: matches none of the 24 stored entries; what it nearly finds tells:"
        " aggregator topic test gas",
    ]


def test_check_makes_no_state(tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG)

    check(tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["config.yaml"]


def test_status_tells_how_far_the_search_for_a_new_topic_is(folder: Path) -> None:
    config = read_config(folder / "config.yaml")
    at = datetime(2018, 1, 22, tzinfo=UTC)
    with open_store(config, folder=folder) as store, store.writing() as session:
        session.sync_topics(dict.fromkeys(config.topics, "1"), now=at)
        session.mark_searched([config.topics[0].id], to=2)
        session.mark_searched([config.topics[1].id], to=None)

    told = CliRunner().invoke(app, ["status", "--config", str(folder / "config.yaml")]).output

    assert "oil: 50% of what is stored has been searched for this topic" in told
    assert "all-oil: " not in told
