"""Runs the scripts of a page in Chromium (extra ``browser``), which has no network of its own.

Every request the page makes comes to us and goes out through a guarded transport like all
others: refused addresses stay refused, robots.txt is kept, sizes and times are bounded.
Chromium itself resolves no name and opens no connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from aggregator.model import Failed, FailureKind, Fetched, Moved, Request, RequestOptions
from aggregator.ports import Transport

EXECUTABLES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
_NEEDED = frozenset({"document", "script", "stylesheet", "xhr", "fetch", "other"})
_SENT_ON = frozenset({"accept", "content-type", "authorization", "x-requested-with"})
_FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--disable-extensions",
    "--disable-sync",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--mute-audio",
    "--renderer-process-limit=1",
    "--js-flags=--max-old-space-size=256",  # MB; a page that wants more loses its tab
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=127.0.0.1:9",  # whatever is not ours to answer leads nowhere
    "--proxy-bypass-list=<-loopback>",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
_LOOKED_EVERY = 0.25  # seconds between two looks at the memory
_STOPS_WITHIN = 5.0  # seconds; then its driver is left to end by itself


@dataclass(frozen=True, slots=True, kw_only=True)
class BrowserLimits:
    """What one page may cost."""

    wall: timedelta = timedelta(seconds=30)
    settle: timedelta = timedelta(seconds=8)  # for the requests of its scripts to end
    requests: int = 150
    memory_bytes: int = 1_500_000_000  # of Chromium's processes together, shared parts once
    html_bytes: int = 10_000_000


class ChromiumBrowser:
    """Implements `aggregator.ports.Browser`: a new Chromium with an empty profile a page."""

    def __init__(
        self,
        transport: Transport,
        *,
        executable: str | None = None,
        limits: BrowserLimits | None = None,
    ) -> None:
        """Prepare; nothing starts before the first page.

        Args:
            transport: What fetches whatever a page asks for.
            executable: Chromium; by default the first one on the PATH.
            limits: What one page may cost.
        """
        self._transport = transport
        self._executable = executable
        self._limits = limits or BrowserLimits()
        self._turn = asyncio.Semaphore(1)  # one at a time is what a small machine bears

    async def render(self, page: Fetched, request: Request) -> Fetched | Failed:
        try:
            library: Any = importlib.import_module("playwright.async_api")
        except ModuleNotFoundError:
            return _failed("the extra 'browser' is not installed", page)
        wall = self._limits.wall.total_seconds()
        async with self._turn:
            try:
                async with asyncio.timeout(wall):
                    return await self._render(library, page, request)
            except (TimeoutError, library.TimeoutError):
                return _failed(f"the page is not ready within {wall:g} s", page)
            except _Overweight:
                return _failed("the page needs more memory than a page may have", page)
            except (library.Error, OSError) as error:
                return _failed(f"Chromium: {str(error).splitlines()[0][:300]}", page)

    async def _render(self, library: Any, page: Fetched, request: Request) -> Fetched | Failed:
        visit = _Visit(self._transport, page, request, self._limits, library.Error)
        async with _profile() as profile, _driver(library) as driver:
            with _killing(profile):
                work = asyncio.create_task(self._visit(driver, profile, visit))
                watch = asyncio.create_task(_watch(profile, self._limits.memory_bytes))
                try:
                    await asyncio.wait({work, watch}, return_when=asyncio.FIRST_COMPLETED)
                    if watch.done():
                        raise _Overweight
                    html = await work
                finally:
                    for task in (work, watch):
                        task.cancel()
                    _kill(profile)
                    await asyncio.gather(work, watch, return_exceptions=True)
        if len(html) > self._limits.html_bytes:
            detail = f"the rendered page is larger than {self._limits.html_bytes:,} bytes"
            return replace(_failed(detail, page), kind=FailureKind.TOO_LARGE)
        return replace(page, url=visit.url, body=html, content_type="text/html; charset=utf-8")

    async def _visit(self, driver: Any, profile: Path, visit: _Visit) -> bytes:
        context = await driver.chromium.launch_persistent_context(
            profile,
            executable_path=self._executable or _found(),
            headless=True,
            args=list(_FLAGS),
            chromium_sandbox=os.geteuid() != 0,  # root cannot have one
            service_workers="block",
            accept_downloads=False,
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )
        return await visit.run(context.pages[0], self._limits.settle)


class _Overweight(Exception):  # noqa: N818 -- it never leaves this module
    """Chromium took more memory than a page may have."""


class _Visit:
    """One page in Chromium, and the answers to what it asks for."""

    def __init__(
        self,
        transport: Transport,
        page: Fetched,
        request: Request,
        limits: BrowserLimits,
        errors: type[Exception],
    ) -> None:
        self.url = page.url
        self._transport = transport
        self._page = page
        self._options = request.options
        self._left = limits.requests
        self._errors = errors
        self._is_shown = False

    async def run(self, tab: Any, settle: timedelta) -> bytes:
        """Show the page, wait until its scripts have what they ask for; return its HTML."""
        await tab.route("**/*", self._answer)
        await tab.goto(self._page.url, wait_until="domcontentloaded", timeout=0)
        with contextlib.suppress(self._errors):  # some pages never fall silent
            milliseconds = settle / timedelta(milliseconds=1)
            await tab.wait_for_load_state("networkidle", timeout=milliseconds)
        html: str = await tab.content()
        self.url = tab.url if tab.url.startswith(("http://", "https://")) else self._page.url
        return html.encode("utf-8", errors="replace")

    async def _answer(self, route: Any) -> None:
        with contextlib.suppress(self._errors):  # the page has gone meanwhile
            asked = route.request
            if not self._is_shown and asked.is_navigation_request():
                self._is_shown = True
                kind = self._page.content_type or "text/html"
                await route.fulfill(body=self._page.body, content_type=kind)
                return
            found = await self._fetched(asked)
            if found is None:
                await route.abort()
                return
            await route.fulfill(body=found.body, headers=_headers(found, asked))

    async def _fetched(self, asked: Any) -> Fetched | None:
        """Fetch what the page asks for, unless that shows nothing that can be read."""
        is_frame = asked.is_navigation_request() and asked.frame.parent_frame is not None
        if is_frame or asked.resource_type not in _NEEDED or self._left <= 0:
            return None
        self._left -= 1
        result = await self._transport.fetch(
            Request(url=asked.url, options=self._options_for(asked))
        )
        if isinstance(result, Moved):
            result = result.then
        return result if isinstance(result, Fetched) else None

    def _options_for(self, asked: Any) -> RequestOptions:
        """Return how to ask; what identifies us goes to the page's own origin only."""
        sent = {name: value for name, value in asked.headers.items() if name in _SENT_ON}
        is_own = _origin(asked.url) == _origin(self._page.url)
        options = self._options if is_own else RequestOptions()
        return replace(
            options,
            method=asked.method,
            body=asked.post_data_buffer,
            headers=(*sent.items(), *options.headers),
        )


def _headers(found: Fetched, asked: Any) -> dict[str, str]:
    origin = asked.headers.get("origin", "*")
    return {
        "content-type": found.content_type or "application/octet-stream",
        "access-control-allow-origin": origin,
        "access-control-allow-credentials": "true",
    }


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _failed(detail: str, page: Fetched) -> Failed:
    return Failed(kind=FailureKind.BROWSER, detail=detail, at=page.at)


def _found() -> str | None:
    """Return the Chromium of this machine; ``None``: Playwright's own, if there is one."""
    return next((path for name in EXECUTABLES if (path := shutil.which(name))), None)


# ---- processes -----------------------------------------------------------------------


@asynccontextmanager
async def _profile() -> AsyncIterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="aggregator-browser-"))
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


@asynccontextmanager
async def _driver(library: Any) -> AsyncIterator[Any]:
    driver = await library.async_playwright().start()
    try:
        yield driver
    finally:
        with contextlib.suppress(TimeoutError, library.Error):
            async with asyncio.timeout(_STOPS_WITHIN):
                await driver.stop()


@contextlib.contextmanager
def _killing(profile: Path) -> Iterator[None]:
    try:
        yield
    finally:
        _kill(profile)


async def _watch(profile: Path, limit_bytes: int) -> None:
    """Return when the Chromium on *profile* takes more memory than it may."""
    while True:
        if await asyncio.to_thread(_memory, profile) > limit_bytes:
            return
        await asyncio.sleep(_LOOKED_EVERY)


def _kill(profile: Path) -> None:
    """End every process of the Chromium on *profile*: nothing in it is worth saving."""
    for group in _groups(profile):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGKILL)


def _groups(profile: Path) -> set[int]:
    """Return the process groups of the Chromium on *profile*; it leads one of its own."""
    mark = f"--user-data-dir={profile}".encode()
    groups = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (entry / "cmdline").read_bytes():
                groups.add(os.getpgid(int(entry.name)))
    return groups - {os.getpgrp()}


def _memory(profile: Path) -> int:
    """Return the bytes its processes take, what they share counted once."""
    groups = _groups(profile)
    total = 0
    for entry in Path("/proc").glob("[0-9]*") if groups else ():
        with contextlib.suppress(OSError, IndexError, ValueError):
            if os.getpgid(int(entry.name)) in groups:
                text = (entry / "smaps_rollup").read_text(encoding="ascii")
                total += 1024 * int(text.split("\nPss:")[1].split()[0])
    return total
