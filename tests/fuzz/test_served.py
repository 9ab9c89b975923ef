"""Whatever is asked of the web server is answered, harms nothing and gets nothing else."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from aggregator.web import Server, Site, create_app
from tests.fuzz import documents
from tests.fuzz.mutations import examples, mutated
from tests.web.site_at import publish, site_at

KEPT = "what lies beside the feeds"
GOOD = b"GET /feeds/all.atom HTTP/1.1\r\nHost: feeds.example\r\nConnection: close\r\n\r\n"
REQUESTS = mutated([text.encode() for text in documents.REQUESTS])


def a_site(folder: Path) -> Site:
    site = site_at(folder)
    publish(site, "all.atom", b"<feed>" + b"x" * 1000 + b"</feed>")
    publish(site, "sources/psg.rss", b"<rss/>")
    (folder / "kept.txt").write_text(KEPT, encoding="utf-8")
    return site


async def answer(port: int, request: bytes) -> bytes:
    """Send some bytes and all that ever comes back, as a client that then hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(request)
        writer.write_eof()
        return await asyncio.wait_for(reader.read(), 60)
    except ConnectionError:
        return b""
    finally:
        writer.close()


@examples(0.25)
@given(st.lists(REQUESTS, min_size=1, max_size=8))
def test_any_bytes_on_a_connection_are_answered_and_the_next_reader_gets_its_feed(
    requests: Sequence[bytes],
) -> None:
    async def main(folder: Path) -> tuple[list[bytes], bytes]:
        server = Server(host="127.0.0.1", port=0)
        try:
            async with server.serving(create_app(a_site(folder))):
                answers = [await answer(server.port, request) for request in requests]
                return answers, await answer(server.port, GOOD)
        finally:
            server.close()

    with tempfile.TemporaryDirectory() as folder:
        answers, last = asyncio.run(main(Path(folder)))

    assert last.startswith(b"HTTP/1.1 200 ")
    for one in answers:
        assert not one or one.startswith((b"HTTP/1.1 ", b"HTTP/1.0 "))
        assert KEPT.encode() not in one
        assert b"HTTP/1.1 5" not in one.replace(b"HTTP/1.1 503", b"")  # the store is unreadable


@examples(2)
@given(
    st.sampled_from(["GET", "HEAD", "POST", "OPTIONS", "TRACE", ""]),
    st.text(max_size=40) | st.sampled_from(["all.atom", "../kept.txt", "..", "psg", "hub"]),
    st.sampled_from(
        ["/", "/feeds/", "/feeds/sources/", "/topics/", "/sources/", "//", "", "/feeds/../"]
    ),
    st.binary(max_size=40),
    st.lists(
        st.tuples(
            st.sampled_from([b"host", b"if-none-match", b"if-modified-since", b"accept-encoding"]),
            st.binary(max_size=40)
            | st.sampled_from([b"*", b"gzip;q=1.1", b"Sun, 01 Mar 2026 12:00:00 GMT"]),
        ),
        max_size=4,
    ),
)
def test_any_request_has_an_answer(
    method: str, name: str, base: str, query: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    scope = {
        "type": "http",
        "method": method,
        "path": base + name,
        "query_string": query,
        "headers": headers,
        "http_version": "1.0",
    }
    sent = []

    async def main(folder: Path) -> None:
        async def receive() -> dict[str, object]:
            return {"type": "http.request", "body": query}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        await create_app(a_site(folder))(scope, receive, send)  # type: ignore[arg-type]

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(main(Path(folder)))

    start, body = sent
    assert start["status"] in {200, 204, 301, 304, 400, 404, 405, 410, 414, 503}
    assert KEPT.encode() not in body["body"]  # type: ignore[operator]
