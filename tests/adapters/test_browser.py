"""A real Chromium runs the scripts of pages, and reaches nothing by itself."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from aggregator.adapters.browser import BrowserLimits, ChromiumBrowser, _found
from aggregator.adapters.http import FetchSettings, HttpTransport
from aggregator.eyes import open_eyes
from aggregator.look import Seen, see
from aggregator.model import (
    Failed,
    FailureKind,
    Fetched,
    Render,
    Request,
    RequestOptions,
    Source,
    SourceId,
)

NOW = datetime(2026, 3, 1, tzinfo=UTC)
needs_chromium = pytest.mark.skipif(
    _found() is None or importlib.util.find_spec("playwright") is None,
    reason="there is no Chromium, or the extra 'browser' is not installed",
)
SHELL = """<html><head><title>App</title></head><body><div id=root></div><script>
const show = text => { document.getElementById('root').innerHTML += text };
%s
</script></body></html>"""


@dataclass
class Site:
    """A loopback server that remembers what it was asked."""

    pages: dict[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str, dict[str, str], bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        site = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                size = int(self.headers.get("content-length") or 0)
                headers = {name.lower(): value for name, value in self.headers.items()}
                site.asked.append((self.command, self.path, headers, self.rfile.read(size)))
                body = site.pages.get(self.path, "").encode()
                self.send_response(200 if body else 404)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = answer  # noqa: N815 -- the library's names

            def log_message(self, *_: Any) -> None:
                """Stay silent."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server.server_address[1]}"

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.stop()


@pytest.fixture
def forbidden() -> Iterator[Site]:
    made = Site(pages={"/": "secret"})
    yield made
    made.stop()


def rendered(
    site: Site,
    body: str,
    *,
    limits: BrowserLimits | None = None,
    options: RequestOptions | None = None,
) -> Fetched | Failed:
    settings = FetchSettings(
        user_agent="test", allow=(site.host,), per_host_delay=timedelta(0), robots=False
    )
    url = f"http://{site.host}/app"

    async def render() -> Fetched | Failed:
        transport = HttpTransport(settings)
        try:
            page = Fetched(
                url=url, body=body.encode(), at=NOW, content_type="text/html", etag='"1"'
            )
            browser = ChromiumBrowser(transport, limits=limits)
            return await browser.render(page, Request(url=url, options=options or RequestOptions()))
        finally:
            await transport.close()

    return asyncio.run(render())


def html(result: Fetched | Failed) -> str:
    assert isinstance(result, Fetched), result
    return result.body.decode()


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the browsers of a test a folder of their own: others may run at the same time."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))


def left_behind() -> list[str]:
    """Return the command lines of browsers of this test that still run."""
    mark = f"{tempfile.gettempdir()}/aggregator-browser-"
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if mark in line and os.getpid() != int(entry.parent.name):
            found.append(line[:200])
    return found


@needs_chromium
@pytest.mark.slow
def test_what_scripts_fetch_is_on_the_page(site: Site) -> None:
    site.pages["/api"] = "<article><h2>Mine reopened</h2></article>"
    script = "fetch('/api').then(answer => answer.text()).then(show)"

    result = rendered(site, SHELL % script)

    assert "<article><h2>Mine reopened</h2></article>" in html(result)
    assert isinstance(result, Fetched)
    assert (result.url, result.etag) == (f"http://{site.host}/app", '"1"')
    assert [path for _, path, _, _ in site.asked] == ["/api"]
    assert left_behind() == []


@needs_chromium
@pytest.mark.slow
def test_what_a_page_posts_is_posted(site: Site) -> None:
    site.pages["/graphql"] = '{"data": "told"}'
    script = (
        "fetch('/graphql', {method: 'POST', headers: {'content-type': 'application/json'},"
        " body: '{\"query\": 1}'}).then(answer => answer.json()).then(found => show(found.data))"
    )

    result = rendered(site, SHELL % script, options=RequestOptions(bearer="s3cret"))

    assert "told" in html(result)
    method, _, headers, body = site.asked[0]
    assert (method, body) == ("POST", b'{"query": 1}')
    assert (headers["content-type"], headers["authorization"]) == (
        "application/json",
        "Bearer s3cret",
    )


@needs_chromium
@pytest.mark.slow
def test_refused_addresses_stay_refused(site: Site, forbidden: Site) -> None:
    ways = """
    const there = 'http://%s/';
    fetch(there).then(show).catch(() => show('[no fetch]'));
    const request = new XMLHttpRequest();
    request.onerror = () => show('[no request]');
    request.open('GET', there); request.send();
    const socket = new WebSocket(there.replace('http', 'ws'));
    socket.onerror = () => show('[no socket]');
    new EventSource(there).onerror = () => {};
    navigator.sendBeacon(there);
    for (const tag of ['img', 'iframe', 'script', 'video', 'embed']) {
      const node = document.createElement(tag); node.src = there; document.body.append(node);
    }
    for (const rel of ['stylesheet', 'prefetch', 'preload', 'preconnect', 'icon', 'dns-prefetch']) {
      const link = document.createElement('link');
      link.rel = rel; link.href = there; link.as = 'fetch'; document.head.append(link);
    }
    """

    result = rendered(site, SHELL % (ways % forbidden.host))

    assert "[no fetch][no request]" in html(result).replace("[no socket]", "")
    assert "secret" not in html(result)
    assert forbidden.asked == []


@needs_chromium
@pytest.mark.slow
def test_a_script_without_end_costs_only_so_long(site: Site) -> None:
    limits = BrowserLimits(wall=timedelta(seconds=6))

    result = rendered(site, SHELL % "while (true) {}", limits=limits)

    assert isinstance(result, Failed)
    assert (result.kind, result.detail) == (
        FailureKind.BROWSER,
        "the page is not ready within 6 s",
    )
    assert left_behind() == []


@needs_chromium
@pytest.mark.slow
def test_a_page_takes_only_so_much_memory(site: Site) -> None:
    result = rendered(site, SHELL % "", limits=BrowserLimits(memory_bytes=1_000_000))

    assert isinstance(result, Failed)
    assert "memory" in result.detail
    assert left_behind() == []


@needs_chromium
@pytest.mark.slow
def test_a_page_asks_only_so_often(site: Site) -> None:
    script = "for (let n = 0; n < 40; n++) fetch('/' + n).catch(() => {})"

    rendered(site, SHELL % script, limits=BrowserLimits(requests=10))

    assert len(site.asked) == 10


@needs_chromium
@pytest.mark.slow
def test_a_page_grows_only_so_large(site: Site) -> None:
    script = "show('x'.repeat(200000))"

    result = rendered(site, SHELL % script, limits=BrowserLimits(html_bytes=100_000))

    assert isinstance(result, Failed)
    assert result.kind is FailureKind.TOO_LARGE


@needs_chromium
@pytest.mark.slow
@pytest.mark.parametrize("asks", [True, False], ids=["its scripts draw it", "it is there already"])
def test_a_browser_is_used_only_for_what_is_found_to_be_an_application_shell(
    site: Site,
    asks: bool,  # noqa: FBT001 -- a parameter of the table
) -> None:
    rows = "".join(
        f"<li><h3><a href='/n/{at}'>The council met for the {at}th time</a></h3>"
        f"<time>1{at} January 2026</time></li>"
        for at in range(6)
    )
    site.pages["/api"] = f"<ul>{rows}</ul>"
    script = "fetch('/api').then(answer => answer.text()).then(show)"
    body = SHELL % script if asks else f"<html><body><ul>{rows}</ul></body></html>"
    source = Source(
        id=SourceId("app"),
        title="App",
        url=f"http://{site.host}/app",
        every=timedelta(hours=1),
        render=Render.AUTO,
    )
    settings = FetchSettings(user_agent="test", allow=(site.host,), robots=False)

    async def look() -> Seen | Failed:
        page = Fetched(url=source.url, body=body.encode(), at=NOW, content_type="text/html")
        async with open_eyes(settings) as eyes:
            return await see(page, source, day_first=None, eyes=eyes)

    seen = asyncio.run(look())

    assert isinstance(seen, Seen), seen
    assert seen.is_rendered is asks
    assert [path for _, path, _, _ in site.asked] == (["/api"] if asks else [])
    assert [draft.link for draft in seen.reading.drafts] == [
        f"http://{site.host}/n/{at}" for at in range(6)
    ]


def test_a_chromium_that_does_not_start_is_told_of() -> None:
    pytest.importorskip("playwright")

    async def render() -> Fetched | Failed:
        browser = ChromiumBrowser(NoTransport(), executable="/nowhere/chromium")
        return await browser.render(
            Fetched(url="http://x.org/", body=b"", at=NOW), Request(url="x")
        )

    result = asyncio.run(render())

    assert isinstance(result, Failed)
    assert result.kind is FailureKind.BROWSER
    assert result.detail.startswith("Chromium: ")


class NoTransport:
    """Is never asked."""

    async def fetch(self, request: Request) -> Fetched:
        raise AssertionError(request)

    async def close(self) -> None:
        """Nothing is open."""
