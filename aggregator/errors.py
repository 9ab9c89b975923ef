"""Every exception this package raises on purpose.

    AggregatorError                 base; carries ``code`` and ``hint``
    ├── ConfigError                 config.yaml is wrong (lists every problem)
    ├── UsageError                  a command was asked for something that is not there
    ├── ExtractError                a page cannot be read as told
    │   └── SelectorError           a rule holds an invalid CSS selector
    ├── QueryError                  a topic's query makes no sense (has a column)
    ├── StoreError                  the state could not be read or written
    │   ├── StateNewerError         written by a newer version of this program
    │   ├── StateCorruptError       the file is damaged
    │   ├── StateGoneError          it was deleted or replaced while it was in use
    │   └── StateLockedError        another daemon works on it
    ├── PublishError                a feed could not be written
    ├── ServeError                  the port cannot be listened on
    ├── NotifyError                 nobody could be told of a notice
    ├── OpmlError                   a subscription list cannot be read
    └── MissingExtraError           an optional part is not installed

Failing to fetch is not here, nor is a page without items: those are everyday outcomes
and so values (`aggregator.model.Failed`, `aggregator.model.Diagnosis`). Exceptions are
for what someone must repair.
"""

from __future__ import annotations

from typing import ClassVar


class AggregatorError(Exception):
    """Base of all deliberate errors.

    ``code`` never changes once released: logs, alerts and docs/errors.md key on it.
    ``hint`` is one sentence telling the reader what to do next.
    """

    code: ClassVar[str] = "internal"
    hint: str = "This is our mistake; please report it with the traceback."

    def __init__(self, message: str = "", *, hint: str = "") -> None:
        """Say what is wrong; *hint* says better than the class what to do, where that is known."""
        super().__init__(message)
        self.hint = hint or type(self).hint


class ConfigError(AggregatorError):
    """The configuration is wrong; the message lists every problem."""

    code = "config.invalid"
    hint = "Correct the lines named above, then run: aggregator check"


class UsageError(AggregatorError):
    """A command was asked for something that is not there."""

    code = "usage"
    hint = "See what the command takes with --help."


class ExtractError(AggregatorError):
    """A page cannot be read as told."""

    code = "extract.failed"
    hint = "See what the page holds with: aggregator extract URL --explain"


class SelectorError(ExtractError):
    """A rule holds an invalid CSS selector."""

    code = "extract.selector"
    hint = "Correct the selector, then try it with: aggregator extract --source NAME"


class QueryError(AggregatorError):
    """A topic's query makes no sense."""

    code = "topic.query"
    hint = "Correct the query; docs/topics.md shows every operator with examples."

    def __init__(self, detail: str, *, column: int) -> None:
        super().__init__(f"column {column}: {detail}")
        self.detail = detail
        self.column = column  # counted from 1


class StoreError(AggregatorError):
    """The state could not be read or written; nothing of it was changed."""

    code = "state.unusable"
    hint = "Check that the state folder exists, is writable and has space left."


class StateNewerError(StoreError):
    """The state was written by a newer version of this program."""

    code = "state.newer"
    hint = "Install the newer version again, or point `state:` at another folder."


class StateCorruptError(StoreError):
    """The state file is damaged."""

    code = "state.corrupt"
    hint = (
        "Move it away with its -wal and -shm, and put a backup there (docs/operations.md);"
        " or start without: what pages still list is found anew, under the same ids."
    )


class StateGoneError(StoreError):
    """The state was deleted or replaced while this program worked on it."""

    code = "state.gone"
    hint = "Put the state back, or start again without it: what pages still list is found anew."


class StateLockedError(StoreError):
    """Another daemon works on this state."""

    code = "state.locked"
    hint = "Stop the other daemon first, or give this one a `state:` of its own."


class PublishError(AggregatorError):
    """A feed could not be written; the old one still stands."""

    code = "publish.failed"
    hint = "Check that `publish.dir` exists, is writable and has space left."


class NotifyError(AggregatorError):
    """Nobody could be told of a notice; it is tried again."""

    code = "notify.failed"
    hint = "Try the address under `notify:` with Apprise's own command, apprise."


class OpmlError(AggregatorError):
    """A subscription list cannot be read."""

    code = "opml.unreadable"
    hint = "Export the list again from the other reader, as OPML."


class ServeError(AggregatorError):
    """The port cannot be listened on."""

    code = "serve.port"
    hint = "Stop what listens there, or choose another port with `serve.port` or --port."


class MissingExtraError(AggregatorError):
    """An optional part is not installed."""

    code = "extra.missing"
    hint = "Install it with: .venv/bin/pip install -e '.[EXTRA]'"
