"""The command that shows what would be taken from a page: extract."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from aggregator.adapters.http import FetchSettings
from aggregator.cli.options import DEFAULT_CONFIG, AsJson, ConfigPath
from aggregator.core.config import Config
from aggregator.core.text import cut
from aggregator.errors import UsageError
from aggregator.eyes import fetch_settings, open_eyes, read_config
from aggregator.model import Draft, Reading, Source
from aggregator.scout import Looked, look_over

NOTHING_FOUND = 1
_AT_ONCE = 8  # pages of a batch in work


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(extract)


def extract(
    page: Annotated[
        str | None, typer.Argument(metavar="URL|FILE", help="What to read; - is standard input.")
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    *,
    base_url: Annotated[
        str | None, typer.Option(help="The address a file was fetched from.")
    ] = None,
    source: Annotated[str | None, typer.Option(help="Read it the way this source is read.")] = None,
    batch: Annotated[
        Path | None, typer.Option(help="A file with one URL or path a line: one JSON object each.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show what else was considered, and why not.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what would be taken from a page: nothing is stored.

    Ends with 1 when there are no items, and says why.
    """
    known = _configured(config, needed=source is not None)
    told_to = known.source(source) if known and source is not None else None
    pages = _pages(page, batch, told_to)
    looks: list[Looked] = []
    look = _look_at(
        pages,
        told_to,
        base_url=base_url,
        explain=explain,
        settings=fetch_settings(known),
        told=looks.append if batch is None else _print_line,
    )
    asyncio.run(look)
    if batch is not None:
        return
    (looked,) = looks
    items = _items(looked)
    if as_json:
        typer.echo(json.dumps(items, ensure_ascii=False, indent=1))
    else:
        show_reading(looked, explain=explain)
    if items and base_url is None and not any(item["url"] for item in items):
        typer.echo("no links: if they are relative, say --base-url ADDRESS-OF-THE-PAGE", err=True)
    if not items:
        _complain(looked, quiet=not as_json)
        raise typer.Exit(NOTHING_FOUND)


def _configured(path: Path, *, needed: bool) -> Config | None:
    """Return the configuration, if there is one; a page can be looked at without."""
    if not path.exists() and not needed:
        return None
    return read_config(path)


def _pages(page: str | None, batch: Path | None, source: Source | None) -> list[str]:
    if batch is not None:
        text = sys.stdin.read() if str(batch) == "-" else _text(batch)
        return [line.strip() for line in text.splitlines() if line.strip()]
    if page is None and source is not None:
        return [source.url]
    if page is None:
        raise UsageError("name a URL, a file, a --source or a --batch")
    return [page]


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror}") from error


async def _look_at(
    pages: Sequence[str],
    source: Source | None,
    *,
    base_url: str | None,
    explain: bool,
    settings: FetchSettings,
    told: Callable[[Looked], None],
) -> None:
    """Look at some pages at once, and tell of them in their order."""
    async with open_eyes(settings) as eyes:
        slots = asyncio.Semaphore(_AT_ONCE)

        async def one(page: str) -> Looked:
            async with slots:
                return await look_over(page, source, base_url=base_url, explain=explain, eyes=eyes)

        for task in [asyncio.create_task(one(page)) for page in pages]:
            told(await task)


def _items(looked: Looked) -> list[dict[str, Any]]:
    return [draft_data(draft) for draft in looked.reading.drafts] if looked.reading else []


def _error(looked: Looked) -> str | None:
    """Return why there are no items, its name first."""
    diagnosis = looked.reading.extraction.diagnosis if looked.reading else None
    if looked.error or diagnosis is None or _items(looked):
        return looked.error
    return f"{diagnosis.trouble.value}: {diagnosis.detail}"


def _complain(looked: Looked, *, quiet: bool) -> None:
    """Say on standard error what a table or a list of items has no place for."""
    diagnosis = looked.reading.extraction.diagnosis if looked.reading else None
    if looked.error or not quiet:
        typer.echo(f"error: {_error(looked) or 'there are no items'}", err=True)
    step = looked.next_step or (diagnosis.next_step if diagnosis and not quiet else "")
    if step:
        typer.echo(step, err=True)


def _print_line(looked: Looked) -> None:
    data = {
        "url": looked.page,
        "error": _error(looked),
        "feed": _feed(looked.reading) if looked.reading else None,
        "items": _items(looked),
    }
    typer.echo(json.dumps(data, ensure_ascii=False))


def _feed(reading: Reading) -> dict[str, Any]:
    """Return what the page or feed says of itself."""
    found = reading.extraction
    return {
        "kind": found.kind.value,
        "title": found.title or None,
        "language": found.language,
        "next": found.next_url,
        "feeds": list(found.feeds),
        "warnings": list(found.warnings),
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
