"""Commands for subscription lists: opml import, opml export."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from aggregator.bootstrap import feed_frame
from aggregator.cli.options import DEFAULT_CONFIG, AsJson, ConfigPath
from aggregator.core.adopt import Adopted, adopt, outlines_of_sources
from aggregator.core.opml import parse_opml, render_opml
from aggregator.core.site import listed_feeds, outlines_of
from aggregator.core.text import counted
from aggregator.errors import OpmlError, UsageError
from aggregator.eyes import add_to_config, read_config

commands = typer.Typer(
    name="opml", help="Subscription lists of other readers, in and out.", no_args_is_help=True
)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    commands.command("import")(import_list)
    commands.command("export")(export_list)
    app.add_typer(commands)


def import_list(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="An OPML file; - reads the input.")],
    config: ConfigPath = DEFAULT_CONFIG,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would be written, write nothing.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Make a source of every feed in another reader's list.

    What is in the configuration already is left as it is, comments too.
    """
    known = read_config(config).sources if config.exists() else ()
    adopted = adopt(parse_opml(_read(file)), known)
    if adopted.sections and not dry_run:
        add_to_config(config, adopted.sections)
    if as_json:
        left_out = [asdict(one) for one in adopted.left_out]
        data = {"added": adopted.sections, "left_out": left_out, "written": not dry_run}
        typer.echo(json.dumps(data, ensure_ascii=False, indent=1))
        return
    _tell(adopted, config, dry_run=dry_run)


def _read(file: Path) -> bytes:
    try:
        return sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        hint = "Name the list another reader exported; - is standard input."
        raise OpmlError(f"{file}: {error.strerror}", hint=hint) from error


def _tell(adopted: Adopted, config: Path, *, dry_run: bool) -> None:
    for key, section in adopted.sections.items():
        typer.echo(f"{key}: {section['url']}")
    for one in adopted.left_out:
        typer.echo(f"left out {one.url}: {one.reason}", err=True)
    count = len(adopted.sections)
    what = counted(count, "source")
    if dry_run:
        typer.echo(f"{what} would be written to {config}")
    elif count:
        typer.echo(f"{what} written to {config}; fetch with: aggregator refresh")
    else:
        typer.echo("nothing new in this list")


def export_list(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="Where to write; else it is printed.")
    ] = None,
    config: ConfigPath = DEFAULT_CONFIG,
    *,
    published: Annotated[
        bool,
        typer.Option(
            "--published", help="The feeds we publish, as in feeds.opml, not our sources."
        ),
    ] = False,
) -> None:
    """Write the sources as a list that another reader, or another aggregator, can import."""
    checked = read_config(config)
    frame = feed_frame(checked)
    if published:
        feeds = listed_feeds(frame, checked.sources)
        outlines = tuple(outlines_of(feeds, frame, suffix=checked.publish.formats[0]))
    else:
        outlines = outlines_of_sources(checked.sources)
    document = render_opml(frame.title, outlines)
    if file is None:
        typer.echo(document, nl=False)
        return
    try:
        file.write_bytes(document)
    except OSError as error:
        raise UsageError(f"{file}: {error.strerror}") from error
    typer.echo(f"{len(outlines)} feeds written to {file}")
