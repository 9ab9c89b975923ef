"""The command that says of a source that has changed: this is right."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from textwrap import indent
from typing import Annotated

import typer

from aggregator.bootstrap import open_store
from aggregator.cli.options import DEFAULT_CONFIG, AsJson, ConfigPath
from aggregator.core.accept import Accepted, accepted
from aggregator.core.config import Config
from aggregator.core.config.edit_selectors import with_selectors
from aggregator.core.notes import as_yaml, changed_parts
from aggregator.errors import UsageError
from aggregator.eyes import change_config, read_config
from aggregator.model import SourceId


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command()(accept)


def accept(
    source: Annotated[str, typer.Argument(metavar="SOURCE", help="Its key in config.yaml.")],
    config: ConfigPath = DEFAULT_CONFIG,
    *,
    write: Annotated[
        bool, typer.Option("--write", help="Put the rule that was found into config.yaml.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Say that a source that has changed is right as it is.

    A page that is held is published at the next refresh, whatever is on it, and becomes what
    is usual; so is what was left out of one. A rule that was found by itself is used from now
    on; with --write it goes into the configuration, whose comments stay.
    """
    checked = read_config(config)
    named = checked.source(source)
    done = _accepted(checked, named.id, folder=config.parent, write=write)
    rule = None
    if done.rule is not None:
        rule = changed_parts(done.rule, named.rule.selectors)
        if write:
            change_config(config, partial(with_selectors, source=source, selectors=rule))
    if as_json:
        typer.echo(json.dumps({"source": source, "selectors": rule, "written": write}))
        return
    typer.echo(f"{source}: {done.sentence}")
    if rule is not None:
        typer.echo("written:" if write else "not written:")
        typer.echo(indent(as_yaml(rule), "    "))
    else:
        typer.echo(f"fetch it now: aggregator refresh {source} (a running daemon does by itself)")


def _accepted(checked: Config, source: SourceId, *, folder: Path, write: bool) -> Accepted:
    with open_store(checked, folder=folder) as store, store.writing() as session:
        states = session.source_states([source])
        if not states or states[0].visited_at is None:
            raise UsageError(
                f"{source} was never fetched: there is nothing to accept",
                hint=f"Fetch it with: aggregator refresh {source}",
            )
        done = accepted(states[0], now=datetime.now(UTC))  # noqa: TID251 -- the edge: due now
        if write and done.rule is None:
            raise UsageError(
                f"no rule was found by itself for {source}: nothing to write",
                hint=f"To accept the page as it is: aggregator accept {source}",
            )
        session.save_state(done.state)
    return done
