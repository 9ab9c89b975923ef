"""The command line: one module a group of commands, everything said here once."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Annotated

import typer
from rich.console import Console

from aggregator import __version__
from aggregator.errors import AggregatorError, ConfigError, StoreError, UsageError

EXIT_FAILED, EXIT_CONFIG, EXIT_STATE = 1, 2, 3

GROUPS = ("daemon", "extract", "look", "write", "accept", "topic", "opml", "why")
ALONE = {"run": "daemon", "refresh": "daemon", "extract": "extract"}


def groups_for(argv: list[str]) -> tuple[str, ...]:
    """Return the groups of commands to load; one that is run all day loads its own alone."""
    command = argv[1] if argv[1:] else ""
    return (ALONE[command],) if command in ALONE else GROUPS


app = typer.Typer(
    name="aggregator",
    help="Turns web pages that only list news into feeds about topics.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _group in groups_for(sys.argv):
    import_module(f"aggregator.cli.{_group}").add_to(app)


@app.callback(invoke_without_command=True)
def version(
    *,
    show: Annotated[
        bool, typer.Option("--version", help="Say which version this is.", is_eager=True)
    ] = False,
) -> None:
    """Turns web pages that only list news into feeds about topics."""
    if show:
        typer.echo(f"aggregator {__version__}")
        raise typer.Exit


def main() -> int:
    """Run the command line; return the exit status."""
    try:
        app(standalone_mode=True)
    except AggregatorError as error:
        complain(error)
        return status_of(error)
    except BrokenPipeError:
        sys.stderr.close()  # whoever read us has seen enough
    return 0


def complain(error: AggregatorError) -> None:
    """Say what is wrong and what to do about it."""
    console = Console(stderr=True, highlight=False, soft_wrap=True)
    console.print(f"error: {error}", style="red", markup=False)
    if error.hint:
        console.print(error.hint, markup=False)


def status_of(error: AggregatorError) -> int:
    """Return the exit status an error ends the program with."""
    if isinstance(error, ConfigError | UsageError):
        return EXIT_CONFIG
    return EXIT_STATE if isinstance(error, StoreError) else EXIT_FAILED
