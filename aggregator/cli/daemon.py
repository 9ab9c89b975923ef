"""Commands that fetch and publish: run, refresh, demo."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from aggregator.adapters.logs import set_up_logs
from aggregator.adapters.loop import run_async
from aggregator.cli.options import DEFAULT_CONFIG, AsJson, ConfigPath, Port
from aggregator.errand import Told, refresh_now
from aggregator.eyes import read_config
from aggregator.model import Outcome
from aggregator.watchdog import fed_while, watching_command

SOME_SOURCE_FAILED = 1


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(run)
    app.command()(refresh)
    app.command()(demo)


def run(config: ConfigPath = DEFAULT_CONFIG, port: Port = None, *, as_json: AsJson = False) -> None:
    """Be the daemon: schedule, fetch, publish, serve.

    SIGHUP reads the configuration again, SIGTERM and Ctrl-C let what runs end first.
    """
    from aggregator.service import run_daemon  # noqa: PLC0415 -- the server is a third of its start

    set_up_logs(as_json=as_json, secrets=read_config(config).secrets)
    run_daemon(config, port=port)


def refresh(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="[SOURCE]...", help="Only these sources.")
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Fetch now whatever is due or not, publish, print what happened.

    Ends with 1 when some source failed; the others are published all the same.
    """
    checked = read_config(config)
    set_up_logs(as_json=False, quiet=as_json, secrets=checked.secrets)
    with _progress(len(names or checked.sources)) as told, watching_command():
        errand = refresh_now(checked, names or [], folder=config.parent, told=told)
        outcomes = run_async(fed_while(errand))
    if as_json:
        typer.echo(json.dumps([_as_data(outcome) for outcome in outcomes], ensure_ascii=False))
    if any(not outcome.is_fine for outcome in outcomes):
        raise typer.Exit(SOME_SOURCE_FAILED)


def demo(port: Port = None) -> None:
    """Show everything on loopback with sample pages: no network, no configuration."""
    from aggregator.demo import show_demo  # noqa: PLC0415 -- only the demo needs its pages

    show_demo(port=port)


@contextmanager
def _progress(total: int) -> Iterator[Told]:
    """Show a bar while a person watches, and nothing otherwise."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda _outcome: None
        return
    columns = (
        TextColumn("refreshing"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[source]}"),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=total, source="")
        yield lambda outcome: bar.update(task, advance=1, source=outcome.source)


def _as_data(outcome: Outcome) -> dict[str, Any]:
    return {
        "source": outcome.source,
        "outcome": outcome.kind.value,
        "items": outcome.items,
        "new": outcome.new,
        "updated": outcome.updated,
        "code": outcome.code or None,
        "detail": outcome.detail or None,
        "next_step": outcome.next_step or None,
        "next_due": outcome.next_due.isoformat() if outcome.next_due else None,
    }
