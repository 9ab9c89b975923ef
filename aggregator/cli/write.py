"""Commands that change the configuration: add."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from aggregator.cli.extract import draft_data, show_reading
from aggregator.cli.options import DEFAULT_CONFIG, AsJson, ConfigPath
from aggregator.core.config import Config
from aggregator.core.config.edit import source_block
from aggregator.core.health import NEXT_STEPS
from aggregator.core.new_source import key_for, known_as, section_of
from aggregator.errors import UsageError
from aggregator.eyes import add_to_config, fetch_settings, open_eyes, read_config
from aggregator.model import Diagnosis, Failed, Source
from aggregator.scout import Looked, Scouted, scout

NOTHING_FOUND = 1


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(add)


def add(  # noqa: PLR0913 -- each is an option of the command
    url: Annotated[str, typer.Argument(metavar="URL", help="A page that lists news, or a feed.")],
    config: ConfigPath = DEFAULT_CONFIG,
    *,
    name: Annotated[
        str | None, typer.Option(help="The source's key; otherwise made of its address.")
    ] = None,
    title: Annotated[str | None, typer.Option(help="Its name in feeds.")] = None,
    auto: Annotated[
        bool, typer.Option("--auto", help="Write no selectors: find the items each time.")
    ] = False,
    page: Annotated[
        bool, typer.Option("--page", help="Take the page itself, even if it has a feed.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Write without asking.")] = False,
    as_json: AsJson = False,
) -> None:
    """Look at a page, show its items, and write it into the configuration as a source.

    A feed of the page is taken in its place when there is one. Comments and everything else
    in the file stay as they are. Ends with 1 when nothing was found: then nothing is written.
    """
    url = url if "://" in url else f"https://{url}"
    known = read_config(config) if config.exists() else None
    sources = known.sources if known else ()
    _refuse_known([url], name, sources)
    found = asyncio.run(_scout(url, known, use_feeds=not page))
    if not isinstance(found, Scouted):
        _complain(url, found, as_json=as_json)
        raise typer.Exit(NOTHING_FOUND)
    _refuse_known([found.url], name, sources)
    key = name or key_for(found.url, taken={source.id for source in sources})
    selectors = None if auto else found.selectors
    section = section_of(
        url=found.url,
        title=title or found.title,
        selectors=selectors,
        render=found.render,
    )
    if not as_json:
        _show(found, key, section)
    written = yes or as_json or _is_wanted(config)
    if written:
        add_to_config(config, {key: section})
    if as_json:
        typer.echo(json.dumps(_as_data(found, key, section), ensure_ascii=False, indent=1))
    elif written:
        typer.echo(f"written to {config}; fetch it with: aggregator refresh {key}")
    else:
        typer.echo("nothing was written")


async def _scout(
    url: str, known: Config | None, *, use_feeds: bool
) -> Scouted | Failed | Diagnosis:
    async with open_eyes(fetch_settings(known)) as eyes:
        return await scout(url, eyes=eyes, use_feeds=use_feeds)


def _refuse_known(urls: list[str], name: str | None, sources: Sequence[Source]) -> None:
    for source in sources:
        if source.id == name:
            raise UsageError(
                f"there is a source {name!r} already; it reads {source.shown_url}",
                hint="Name this one otherwise with --name KEY.",
            )
    same = known_as(urls, sources)
    if same:
        raise UsageError(
            f"the source {same.id!r} reads {same.shown_url} already",
            hint=f"Fetch it with: aggregator refresh {same.id}",
        )


def _is_wanted(config: Path) -> bool:
    """Ask, if there is somebody to ask."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return True
    return typer.confirm(f"Write this to {config}?", default=True)


def _show(found: Scouted, key: str, section: dict[str, Any]) -> None:
    show_reading(Looked(page=found.url, reading=found.reading), explain=False)
    for note in found.notes:
        typer.echo(f"note: {note}")
    typer.echo(f"\nsources:\n{source_block({key: section})}")


def _complain(url: str, found: Failed | Diagnosis, *, as_json: bool) -> None:
    code = found.kind.value if isinstance(found, Failed) else found.trouble.value
    step = NEXT_STEPS[found.kind] if isinstance(found, Failed) else found.next_step
    if as_json:
        data = {"url": url, "code": code, "error": found.detail, "next_step": step}
        typer.echo(json.dumps(data, ensure_ascii=False))
        return
    typer.echo(f"error: {url}: {code}: {found.detail}", err=True)
    typer.echo(step, err=True)


def _as_data(found: Scouted, key: str, section: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": key,
        "title": section.get("title"),
        "url": section["url"],
        "kind": found.reading.extraction.kind.value,
        "render": found.render.value,
        "selectors": section.get("selectors"),
        "notes": list(found.notes),
        "items": [draft_data(draft) for draft in found.reading.drafts],
    }
