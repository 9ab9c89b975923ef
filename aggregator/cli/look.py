"""Commands that only look: check, schema, status, doctor."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from textwrap import indent
from typing import Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aggregator.adapters.sql.engine import database_path
from aggregator.align import searched_share
from aggregator.bootstrap import messenger, open_store, state_of
from aggregator.cli.options import DEFAULT_CONFIG, AsJson, ConfigPath
from aggregator.cli.topic import stored_entries
from aggregator.core.config import Config, json_schema
from aggregator.core.new_source import spelling
from aggregator.core.query import Percolator, warnings_of
from aggregator.core.text import counted
from aggregator.errors import ConfigError, MissingExtraError, StoreError
from aggregator.eyes import missing_extras, read_config
from aggregator.model import Outcome, Rule, Source, SourceId, SourceState, TopicId

SOME_SOURCE_FAILED = 1
FEW_DEAR = 50  # topics tried on every entry that cost less than reading it
ENOUGH_TO_JUDGE = 20  # stored entries: fewer say nothing about a topic


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (check, schema, status, doctor):
        app.command()(command)


def check(config: ConfigPath = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Check the configuration: every problem at once, or "ok"."""
    try:
        checked = read_config(config)
        with suppress(MissingExtraError):  # a warning: a daemon without it does not start
            messenger(checked)
    except ConfigError as error:
        if not as_json:
            raise
        typer.echo(json.dumps({"ok": False, "problems": str(error).splitlines()}))
        raise typer.Exit(2) from error
    warnings = [*_warnings(checked), *topic_warnings(checked, folder=config.parent)]
    if as_json:
        typer.echo(json.dumps({"ok": True, "warnings": warnings}, ensure_ascii=False))
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    sources, topics = len(checked.sources), len(checked.topics)
    typer.echo(f"ok: {counted(sources, 'source')}, {counted(topics, 'topic')}")


def _warnings(config: Config) -> list[str]:
    warnings = []
    if not config.sources:
        warnings.append("there are no sources: add one with: aggregator add URL")
    warnings += [
        f"sources.{source.id}: certificates are not verified (insecure: true)"
        for source in config.sources
        if source.request.insecure
    ]
    return [*warnings, *_read_twice(config.sources), *missing_extras(config)]


def _read_twice(sources: Sequence[Source]) -> Iterator[str]:
    """Warn of sources that read the same page the same way: each asks the site once more."""
    first: dict[tuple[str, bytes | None, Rule], SourceId] = {}
    for source in sources:
        what = (spelling(source.url), source.request.body, source.rule)
        same = first.setdefault(what, source.id)
        if same != source.id:
            yield f"sources.{source.id}: reads the same page as sources.{same}; one is enough"


def topic_warnings(config: Config, *, folder: Path) -> list[str]:
    """Return what is allowed in topics and hardly meant, by their words and by what is stored."""
    warnings = [
        f"topics.{topic.id}: {warning}"
        for topic in config.topics
        for warning in warnings_of(topic.query, name=topic.title)
    ]
    percolator = Percolator(config.topics, sources=config.sources)
    warnings += _dear_topics(percolator)
    path = database_path(state_of(config, folder=folder))
    if not config.topics or path is None or not path.exists():
        return warnings
    try:
        found, stored = _count_matches(percolator, config, folder)
    except StoreError as error:
        return [*warnings, f"what is stored could not be looked at: {error}"]
    if stored < ENOUGH_TO_JUDGE:
        return warnings
    for topic in config.topics:
        count = found[topic.id]
        if count == 0:
            warnings.append(
                f"topics.{topic.id}: matches none of the {stored:,} stored entries;"
                f" what it nearly finds tells: aggregator topic test {topic.id}"
            )
        elif 2 * count > stored:
            warnings.append(
                f"topics.{topic.id}: matches {count:,} of the {stored:,} stored entries,"
                " more than half; is a word in it too common?"
            )
    return warnings


def _dear_topics(percolator: Percolator) -> list[str]:
    """Warn of topics that cost something on every entry, when they are many."""
    names = percolator.unannounced
    if len(names) <= FEW_DEAR:
        return []
    return [
        f"topics: {len(names)} are tried on every entry, because they ask for no word: they are"
        f" only NOT, dates or expressions of no fixed text ({', '.join(names[:3])}, …);"
        " a word that must be there makes each of them cheap"
    ]


def _count_matches(
    percolator: Percolator, config: Config, folder: Path
) -> tuple[Counter[TopicId], int]:
    found, stored = Counter[TopicId](), 0
    with open_store(config, folder=folder) as store, store.reading() as session:
        for entry in stored_entries(session):
            found.update(percolator.match(entry))
            stored += 1
    return found, stored


def schema() -> None:
    """Print the JSON Schema of config.yaml, for editors."""
    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def status(config: ConfigPath = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Show the health of every source, with what to do."""
    sources, states, searched = _health(config)
    if as_json:
        data = [_state_data(sources[state.source], state) for state in states]
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("source", "health", "last", "next", "what to do"):
        table.add_column(column, overflow="fold")
    now = datetime.now(UTC)  # noqa: TID251 -- the edge: ages are for the reader
    for state in states:
        outcome = state.outcome
        table.add_row(
            escape(state.source),
            escape(_in_words(outcome)),
            _ago(state.visited_at, now),
            _ago(state.next_due, now),
            escape(outcome.next_step if outcome else ""),
        )
    Console().print(table)
    for topic, share in searched.items():
        typer.echo(f"{topic}: {share:.0%} of what is stored has been searched for this topic")
    if searched:
        typer.echo("The daemon goes on with it; without one: aggregator refresh")


def doctor(config: ConfigPath = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Show only what needs a person, and what to do about it."""
    sources, states, _ = _health(config)
    ill = [state for state in states if state.outcome and not state.outcome.is_fine]
    if as_json:
        data = [_state_data(sources[state.source], state) for state in ill]
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
    for state in ill if not as_json else ():
        typer.echo(f"{state.source}: {_in_words(state.outcome)}")
        often = f", {state.failures} times in a row" if state.failures > 1 else ""
        typer.echo(f"    since {_since(state)}{often}")
        typer.echo(indent(state.outcome.next_step if state.outcome else "", "    "))
    odd = [state for state in states if state not in ill and state.outcome and state.outcome.code]
    for state in odd if not as_json else ():
        typer.echo(f"{state.source}: worth a look: {state.outcome.detail if state.outcome else ''}")
        if state.outcome and state.outcome.next_step:
            typer.echo(indent(state.outcome.next_step, "    "))
    if not ill and not as_json:
        waiting = sum(state.outcome is None for state in states)
        typer.echo(f"{len(states) - waiting} sources are well, {waiting} not fetched yet")
    if ill:
        raise typer.Exit(SOME_SOURCE_FAILED)


def _health(
    path: Path,
) -> tuple[dict[SourceId, Source], list[SourceState], dict[TopicId, float]]:
    config = read_config(path)
    sources = {source.id: source for source in config.sources}
    with open_store(config, folder=path.parent) as store, store.reading() as session:
        states = {state.source: state for state in session.source_states()}
        searched = searched_share(session)
    never = (SourceState(source=name) for name in sources if name not in states)
    shown = [*(states[name] for name in sources if name in states), *never]
    return sources, shown, searched


def _in_words(outcome: Outcome | None) -> str:
    if outcome is None:
        return "not fetched yet"
    if outcome.is_fine:
        return f"well, {outcome.items} items" + (f"; {outcome.detail}" if outcome.detail else "")
    kind = outcome.kind.value
    code = f" ({outcome.code})" if outcome.code != kind else ""
    return f"{kind}{code}: {outcome.detail}"


def _since(state: SourceState) -> str:
    return f"{state.succeeded_at:%Y-%m-%d %H:%M} UTC" if state.succeeded_at else "the beginning"


def _ago(at: datetime | None, now: datetime) -> str:
    if at is None:
        return "–"
    seconds = int((now - at).total_seconds())
    size = abs(seconds)
    for unit, length in (("d", 86_400), ("h", 3600), ("m", 60)):
        if size >= length:
            text = f"{size // length}{unit}"
            break
    else:
        text = f"{size}s"
    return f"{text} ago" if seconds >= 0 else f"in {text}"


def _state_data(source: Source, state: SourceState) -> dict[str, Any]:
    outcome = state.outcome
    return {
        "source": state.source,
        "title": source.title,
        "url": source.public_url or state.url or source.url,
        "health": outcome.kind.value if outcome else None,
        "code": (outcome.code or None) if outcome else None,
        "detail": (outcome.detail or None) if outcome else None,
        "next_step": (outcome.next_step or None) if outcome else None,
        "items": outcome.items if outcome else None,
        "failures": state.failures,
        "visited": _iso(state.visited_at),
        "succeeded": _iso(state.succeeded_at),
        "changed": _iso(state.changed_at),
        "next_due": _iso(state.next_due),
    }


def _iso(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
