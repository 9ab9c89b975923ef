"""Commands that only look: check, schema, extract, status, doctor."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aggregator.bootstrap import fetch_settings, open_store, read_config
from aggregator.cli.options import DEFAULT_CONFIG, AsJson, ConfigPath
from aggregator.core.config import Config, json_schema
from aggregator.core.text import cut
from aggregator.errors import ConfigError, UsageError
from aggregator.model import Draft, Outcome, Reading, Source, SourceId, SourceState
from aggregator.service import Looked, look_at, run_async

SOME_SOURCE_FAILED = 1


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    for command in (check, schema, extract, status, doctor):
        app.command()(command)


def check(config: ConfigPath = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Check the configuration: every problem at once, or "ok"."""
    try:
        checked = read_config(config)
    except ConfigError as error:
        if not as_json:
            raise
        typer.echo(json.dumps({"ok": False, "problems": str(error).splitlines()}))
        raise typer.Exit(2) from error
    warnings = _warnings(checked)
    if as_json:
        typer.echo(json.dumps({"ok": True, "warnings": warnings}, ensure_ascii=False))
        return
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    typer.echo(f"ok: {len(checked.sources)} sources, {len(checked.topics)} topics")


def _warnings(config: Config) -> list[str]:
    warnings = []
    if not config.sources:
        warnings.append("there are no sources: add one with: aggregator add URL")
    warnings += [
        f"sources.{source.id}: certificates are not verified (insecure: true)"
        for source in config.sources
        if source.request.insecure
    ]
    return warnings


def schema() -> None:
    """Print the JSON Schema of config.yaml, for editors."""
    typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def extract(
    page: Annotated[str | None, typer.Argument(metavar="URL|FILE", help="What to read.")] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    *,
    base_url: Annotated[
        str | None, typer.Option(help="The address a file was fetched from.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Read it the way this source is read.")] = None,
    batch: Annotated[Path | None, typer.Option(help="A file with one URL or path a line.")] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what else was considered, and why not.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what would be taken from a page: nothing is stored."""
    known = _configured(config, needed=source is not None)
    told_to = _source(known, source)
    if page is None and batch is None and told_to is not None:
        page = told_to.url
    pages = _pages(page, batch)
    looks = run_async(
        look_at(
            pages,
            source=told_to,
            base_url=base_url,
            explain=explain,
            settings=fetch_settings(known),
        )
    )
    if batch is not None:
        for looked in looks:
            typer.echo(json.dumps(_line(looked), ensure_ascii=False))
        return
    looked = looks[0]
    if as_json:
        items = [draft_data(draft) for draft in looked.reading.drafts] if looked.reading else []
        typer.echo(json.dumps(items, ensure_ascii=False, indent=1))
    else:
        show_reading(looked, explain=explain)
    if looked.error:
        typer.echo(f"error: {looked.error}", err=True)
    if looked.error or not (looked.reading and looked.reading.drafts):
        raise typer.Exit(SOME_SOURCE_FAILED)


def _configured(path: Path, *, needed: bool) -> Config | None:
    """Return the configuration, if there is one; a page can be looked at without."""
    if not path.exists() and not needed:
        return None
    return read_config(path)


def _source(config: Config | None, name: str | None) -> Source | None:
    if name is None or config is None:
        return None
    for source in config.sources:
        if source.id == name:
            return source
    raise UsageError(f"there is no source {name!r} in the configuration")


def _pages(page: str | None, batch: Path | None) -> list[str]:
    if batch is not None:
        lines = batch.read_text(encoding="utf-8").splitlines()
        return [line.strip() for line in lines if line.strip()]
    if page is None:
        raise UsageError("name a URL, a file, a --source or a --batch")
    return [page]


def _line(looked: Looked) -> dict[str, Any]:
    reading = looked.reading
    return {
        "url": looked.page,
        "error": looked.error,
        "feed": reading.extraction.kind.value if reading else None,
        "items": [draft_data(draft) for draft in reading.drafts] if reading else [],
    }


def draft_data(draft: Draft) -> dict[str, Any]:
    """Return a draft as the JSON of ``extract --json`` has it."""
    return {
        "id": draft.guid,
        "title": draft.title,
        "url": draft.link,
        "published": draft.published.isoformat() if draft.published else None,
        "updated": draft.revised.isoformat() if draft.revised else None,
        "summary": draft.summary or None,
        "content": draft.content,
        "author": ", ".join(draft.authors) or None,
        "image": draft.image,
        "categories": list(draft.categories),
        "date_text": draft.date_text,
    }


def show_reading(looked: Looked, *, explain: bool) -> None:
    """Print what was taken from a page as a table, and why when asked."""
    console = Console()
    reading = looked.reading
    if reading is None:
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for column in ("date", "title", "link"):
        table.add_column(column, overflow="fold")
    for draft in reading.drafts:
        published = draft.published.isoformat() if draft.published else "–"
        title = draft.title or f"({cut(draft.summary, 60)})"
        table.add_row(published, escape(title), escape(draft.link or "–"))
    if reading.drafts:
        console.print(table)
    found = reading.extraction
    console.print(f"{len(reading.drafts)} items, read as {found.kind.value}", style="bold")
    if found.diagnosis:
        console.print(f"{found.diagnosis.trouble.value}: {found.diagnosis.detail}", markup=False)
        console.print(found.diagnosis.next_step, markup=False)
    if explain:
        _show_reasons(console, reading)


def _show_reasons(console: Console, reading: Reading) -> None:
    found = reading.extraction
    for candidate in found.candidates:
        sample = "; ".join(cut(title, 40) for title in candidate.sample[:3])
        reasons = ", ".join(candidate.reasons)
        console.print(
            f"{candidate.score:7.3f}  {candidate.items:4} items  {candidate.selector}\n"
            f"         {reasons}\n         {sample}",
            markup=False,
        )
    for draft in reading.drafts:
        if draft.date_text or draft.published:
            known = draft.published.basis.value if draft.published else "not understood: no date"
            console.print(f"date  {draft.date_text!r}: {known}", markup=False)
    for dropped in found.dropped:
        console.print(f"left out  {dropped.text!r}: {dropped.reason}", markup=False)
    for warning in found.warnings:
        console.print(f"warning  {warning}", markup=False)
    for feed in found.feeds:
        console.print(f"the page advertises a feed: {feed}", markup=False)
    if found.next_url:
        console.print(f"next page: {found.next_url}", markup=False)


def status(config: ConfigPath = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Show the health of every source, with what to do."""
    sources, states = _health(config)
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


def doctor(config: ConfigPath = DEFAULT_CONFIG, *, as_json: AsJson = False) -> None:
    """Show only what needs a person, and what to do about it."""
    sources, states = _health(config)
    ill = [state for state in states if state.outcome and not state.outcome.is_fine]
    if as_json:
        data = [_state_data(sources[state.source], state) for state in ill]
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
    for state in ill if not as_json else ():
        typer.echo(f"{state.source}: {_in_words(state.outcome)}")
        typer.echo(f"    since {_since(state)}, {state.failures} times in a row")
        typer.echo(f"    {state.outcome.next_step if state.outcome else ''}")
    if not ill and not as_json:
        typer.echo(f"all {len(states)} sources are well")
    if ill:
        raise typer.Exit(SOME_SOURCE_FAILED)


def _health(path: Path) -> tuple[dict[SourceId, Source], list[SourceState]]:
    config = read_config(path)
    sources = {source.id: source for source in config.sources}
    with open_store(config, folder=path.parent) as store, store.reading() as session:
        states = {state.source: state for state in session.source_states()}
    never = (SourceState(source=name) for name in sources if name not in states)
    shown = [*(states[name] for name in sources if name in states), *never]
    return sources, shown


def _in_words(outcome: Outcome | None) -> str:
    if outcome is None:
        return "not fetched yet"
    if outcome.is_fine:
        return f"well, {outcome.items} items" + (f"; {outcome.detail}" if outcome.detail else "")
    return f"{outcome.kind.value} ({outcome.code}): {outcome.detail}"


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
        "url": state.url or source.url,
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
