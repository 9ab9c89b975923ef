"""What it takes to look at pages, built: the configuration file, transport, parser, browser."""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from aggregator.adapters.browser import ChromiumBrowser
from aggregator.adapters.clock import SystemClock
from aggregator.adapters.http import FetchSettings, HttpTransport
from aggregator.adapters.parser.pool import ChildParser
from aggregator.core.config import Config, load_config
from aggregator.core.config.edit import with_sources
from aggregator.core.config.schema import Fetch
from aggregator.errors import ConfigError
from aggregator.look import Eyes
from aggregator.model import Render, Source

ARTICLE_READER, BROWSER_DRIVER, MESSENGER = "trafilatura", "playwright", "apprise"
_NO_FILE = "Name it with --config FILE or AGGREGATOR_CONFIG, or begin one: aggregator add URL"
SCRIPTS_AT_ONCE = 6  # what browsers allow themselves


def read_config(path: Path) -> Config:
    """Read and check the configuration at *path*.

    Relative folders in it are relative to the file's own.

    Raises:
        ConfigError: It cannot be read, or something in it is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise ConfigError(f"{path}: {error.strerror}", hint=_NO_FILE) from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError(f"{path}:{line}: not UTF-8; save the file as UTF-8") from error
    config = load_config(text, file=str(path), environment=os.environ)
    sources = tuple(_with_certificate(source, path.parent) for source in config.sources)
    return replace(config, sources=sources)


def _with_certificate(source: Source, folder: Path) -> Source:
    """Say from where on a client certificate is looked for."""
    certificate = source.request.client_certificate
    if certificate is None:
        return source
    request = replace(source.request, client_certificate=str(folder / certificate))
    return replace(source, request=request)


def add_to_config(path: Path, sections: Mapping[str, Mapping[str, Any]]) -> None:
    """Put sources into the file at *path*, whole or not at all; there may be no file yet.

    Raises:
        ConfigError: It cannot be written, or would be wrong afterwards.
    """
    change_config(path, partial(with_sources, sections=sections))


def change_config(path: Path, change: Callable[[str], str]) -> None:
    """Change the text of the file at *path*, whole or not at all; there may be no file yet.

    Raises:
        ConfigError: It cannot be written, or would be wrong afterwards.
    """
    path = path.resolve()  # a link to the file stays one
    try:
        text = path.read_bytes().decode("utf-8") if path.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: {error}") from error
    changed = change(text)
    load_config(changed, file=str(path), environment=os.environ)
    beside = path.with_name(f".{path.name}.new")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.write(changed)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise ConfigError(f"{path}: {error.strerror}") from error


@asynccontextmanager
async def open_eyes(settings: FetchSettings) -> AsyncIterator[Eyes]:
    """Build what it takes to look at pages without storing anything."""
    parser = ChildParser()
    transport = HttpTransport(settings, admit=parser.room)
    # A page asks for its scripts all at once, as it would in anybody's browser.
    hurried = replace(settings, per_host_delay=timedelta(0), per_host_concurrency=SCRIPTS_AT_ONCE)
    for_scripts = HttpTransport(hurried)
    try:
        yield Eyes(
            clock=SystemClock(),
            transport=transport,
            parser=parser,
            browser=ChromiumBrowser(for_scripts),
            reads_articles=_is_installed(ARTICLE_READER),
        )
    finally:
        await for_scripts.close()
        await transport.close()
        await parser.close()


def fetch_settings(config: Config | None) -> FetchSettings:
    """Return the transport's settings; without a configuration the defaults."""
    fetch = config.fetch if config else Fetch()
    return FetchSettings(
        user_agent=fetch.user_agent,
        concurrency=fetch.concurrency,
        timeout=fetch.timeout,
        max_bytes=fetch.max_bytes,
        per_host_concurrency=fetch.per_host.concurrency,
        per_host_delay=fetch.per_host.delay,
        robots=fetch.robots,
        allow=tuple(fetch.allow),
    )


def missing_extras(config: Config) -> tuple[str, ...]:
    """Return a sentence for everything that asks for something that is not installed."""
    has_browser, has_reader = _is_installed(BROWSER_DRIVER), _is_installed(ARTICLE_READER)
    found = []
    if config.notify and not _is_installed(MESSENGER):
        found.append("notify: needs .venv/bin/pip install -e '.[notify]'")
    for source in config.sources:
        if source.render is not Render.NEVER and not has_browser:
            found.append(
                f"sources.{source.id}: render: needs .venv/bin/pip install -e '.[browser]'"
            )
        if source.full_text and not has_reader:
            found.append(
                f"sources.{source.id}: full_text: needs .venv/bin/pip install -e '.[fulltext]'"
            )
    return tuple(found)


def _is_installed(module: str) -> bool:
    return find_spec(module) is not None
