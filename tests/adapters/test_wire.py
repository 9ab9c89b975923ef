"""HTTP/1.1 as servers really speak it: framing, bounds, connections."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.adapters.http import HttpTransport
from aggregator.adapters.http.refusals import Refusal
from aggregator.adapters.http.wire import parse_head
from aggregator.model import Failed, FailureKind, Fetched, Gone, NotModified, Request
from tests.adapters.raw_server import PAGE, Exchange, Server, fetch, run

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"


def raw(*pieces: bytes, hang_up: bool = True) -> Callable[[Exchange], Awaitable[None]]:
    async def script(exchange: Exchange) -> None:
        for piece in pieces:
            await exchange.raw(piece)
            await asyncio.sleep(0)
        if hang_up:
            exchange.writer.close()

    return script


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)


WHOLE = {
    "a length": OK + b"Content-Length: %d\r\n\r\n" % len(PAGE) + PAGE,
    "the same length twice": OK + b"Content-Length: %d\r\n" % len(PAGE) * 2 + b"\r\n" + PAGE,
    "chunks": CHUNKED + chunk(PAGE[:7]) + chunk(PAGE[7:]) + b"0\r\n\r\n",
    "chunks of one byte": CHUNKED
    + b"".join(chunk(PAGE[at : at + 1]) for at in range(len(PAGE)))
    + b"0\r\n\r\n",
    "chunks with extensions": CHUNKED + b"%x;a=b\r\n%s\r\n" % (len(PAGE), PAGE) + b"0\r\n\r\n",
    "chunks with trailers": CHUNKED + chunk(PAGE) + b"0\r\nX-Sum: 1\r\n\r\n",
    "chunks and a length": OK
    + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
    + chunk(PAGE)
    + b"0\r\n\r\n",
    "the end of the connection": OK + b"\r\n" + PAGE,
    "HTTP/1.0": b"HTTP/1.0 200 OK\r\n\r\n" + PAGE,
    "bare line feeds": b"HTTP/1.1 200 OK\nContent-Length: %d\n\n" % len(PAGE) + PAGE,
    "no reason phrase": b"HTTP/1.1 200\r\nContent-Length: %d\r\n\r\n" % len(PAGE) + PAGE,
    "early hints": b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + OK + b"\r\n" + PAGE,
    "a folded header": OK + b"X-Long: a\r\n  b\r\n\r\n" + PAGE,
    "headers that are none": OK + b"what is this\r\nBad Name: 1\r\n: 2\r\n\r\n" + PAGE,
}

BROKEN = {
    "fewer bytes than promised": (
        OK + b"Content-Length: 999\r\n\r\n" + PAGE,
        FailureKind.TRUNCATED,
    ),
    "two lengths": (
        OK + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n" + PAGE,
        FailureKind.PROTOCOL,
    ),
    "a negative length": (OK + b"Content-Length: -1\r\n\r\n" + PAGE, FailureKind.PROTOCOL),
    "a chunk size that is no number": (CHUNKED + b"zz\r\n" + PAGE, FailureKind.PROTOCOL),
    "a chunk size beyond belief": (CHUNKED + b"f" * 16 + b"\r\n" + PAGE, FailureKind.PROTOCOL),
    "a chunk longer than it says": (CHUNKED + b"3\r\n" + PAGE + b"\n", FailureKind.PROTOCOL),
    "no last chunk": (CHUNKED + chunk(PAGE), FailureKind.TRUNCATED),
    "half a chunk": (CHUNKED + chunk(PAGE)[:9], FailureKind.TRUNCATED),
    "an endless chunk line": (CHUNKED + b"1;" + b"x" * 9000, FailureKind.PROTOCOL),
    "headers that break off": (b"HTTP/1.1 200 OK\r\nContent-", FailureKind.TRUNCATED),
    "chunks that outweigh the page": (CHUNKED + b"1\r\n \r\n" * 300_000, FailureKind.TOO_LARGE),
    "nothing": (b"", FailureKind.PROTOCOL),
    "another protocol": (b"SSH-2.0-OpenSSH_9.2\r\n", FailureKind.PROTOCOL),
    "another version": (b"HTTP/2 200 OK\r\n\r\n", FailureKind.PROTOCOL),
    "a status of four digits": (b"HTTP/1.1 2000 OK\r\n\r\n", FailureKind.PROTOCOL),
    "headers without end": (OK + b"X: " + b"a" * 200_000, FailureKind.TOO_LARGE),
    "too many headers": (OK + b"X: a\r\n" * 6000 + b"\r\n", FailureKind.TOO_LARGE),
    "nothing but early hints": (b"HTTP/1.1 103 Early\r\n\r\n" * 50, FailureKind.PROTOCOL),
    "trailers without end": (
        CHUNKED + chunk(PAGE) + b"0\r\n" + b"X: a\r\n" * 9000,
        FailureKind.TOO_LARGE,
    ),
    "a transfer coding nobody uses": (
        OK + b"Transfer-Encoding: gzip\r\n\r\n" + PAGE,
        FailureKind.ENCODING,
    ),
}


@pytest.mark.parametrize("name", WHOLE)
def test_a_whole_page_is_taken_however_it_is_framed(name: str) -> None:
    result = fetch(raw(WHOLE[name]))

    assert isinstance(result, Fetched)
    assert result.body == PAGE


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_not_a_whole_page_is_told_in_words(name: str) -> None:
    data, kind = BROKEN[name]

    result = fetch(raw(data))

    assert isinstance(result, Failed)
    assert (result.kind, bool(result.detail)) == (kind, True)


def test_a_blank_in_front_of_a_colon_does_not_count() -> None:
    assert parse_head(b"HTTP/1.1 200 OK\r\nContent-Length \t: 5")[2] == [(b"Content-Length", b"5")]


def test_bytes_may_come_one_by_one() -> None:
    answer = WHOLE["chunks with trailers"]

    result = fetch(raw(*(answer[at : at + 1] for at in range(len(answer)))))

    assert isinstance(result, Fetched)


def test_a_reset_inside_the_page_is_a_page_that_broke_off() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.raw(OK + b"\r\n" + PAGE)
        await asyncio.sleep(0.05)
        exchange.writer.get_extra_info("socket").setsockopt(1, 13, b"\1\0\0\0\0\0\0\0")  # RST
        exchange.hang_up()

    result = fetch(script)

    assert isinstance(result, Failed)
    assert result.kind is FailureKind.TRUNCATED


def test_a_page_larger_than_allowed_is_not_read_to_its_end() -> None:
    sent = 0

    async def script(exchange: Exchange) -> None:
        nonlocal sent
        await exchange.raw(CHUNKED)
        while True:
            await exchange.raw(chunk(b"x" * 65_536))
            sent += 65_536

    result = fetch(script, max_bytes=1_000_000)

    assert isinstance(result, Failed)
    assert result.kind is FailureKind.TOO_LARGE
    assert sent < 8_000_000  # what lies in the buffers of two sockets


def test_a_page_that_never_ends_is_over_at_the_deadline() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.raw(CHUNKED)
        while True:
            await exchange.raw(chunk(b"x"))
            await asyncio.sleep(0.02)

    result = fetch(script, timeout=timedelta(milliseconds=200))

    assert isinstance(result, Failed)
    assert (result.kind, result.detail) == (FailureKind.TIMEOUT, "no whole page within 0.2 s")


# ---- connections that are kept


def twice(
    script: Callable[[Exchange], Awaitable[None]], *, pause: float = 0.0
) -> tuple[list[bool], int]:
    async def work(server: Server, http: HttpTransport) -> tuple[list[bool], int]:
        server.at("/page", script)
        whole = []
        for _ in range(2):
            whole.append(isinstance(await http.fetch(Request(url=server.url("/page"))), Fetched))
            await asyncio.sleep(pause)
        return whole, server.connections

    return run(work)


def test_a_connection_is_used_again() -> None:
    assert twice(lambda exchange: exchange.send()) == ([True, True], 1)


def test_a_connection_the_server_closes_in_between_costs_nothing() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.send()
        exchange.writer.close()

    assert twice(script, pause=0.02) == ([True, True], 2)


def test_a_connection_that_dies_as_it_is_used_again_is_tried_anew() -> None:
    asked = 0

    async def script(exchange: Exchange) -> None:
        nonlocal asked
        asked += 1
        if asked == 2:
            exchange.hang_up()
        else:
            await exchange.send()

    assert twice(script) == ([True, True], 2)


def test_an_answer_nobody_asked_for_is_not_taken_for_the_next_one() -> None:
    async def script(exchange: Exchange) -> None:
        await exchange.send()
        await asyncio.sleep(0.01)
        await exchange.send(b"", 408)

    assert twice(script, pause=0.05) == ([True, True], 2)


def test_after_chunks_with_a_length_the_connection_is_not_used_again() -> None:
    whole, connections = twice(raw(WHOLE["chunks and a length"], hang_up=False))

    assert (whole, connections) == ([True, True], 2)


def test_a_connection_the_server_wants_closed_is_not_used_again() -> None:
    whole, connections = twice(lambda exchange: exchange.send(PAGE, 200, "Connection: close"))

    assert (whole, connections) == ([True, True], 2)


@given(st.binary(max_size=300))
def test_no_bytes_crash_the_reading_of_headers(data: bytes) -> None:
    try:
        version, status, headers = parse_head(b"HTTP/1.1 200 OK\r\n" + data)
    except Refusal:
        return

    assert (version, status) == (1, 200)
    assert not any(b"\r" in value or b"\n" in value or b"\0" in value for _, value in headers)


@given(st.sampled_from(sorted(WHOLE)), st.integers(0, 400), st.binary(max_size=40))
def test_no_bytes_on_the_wire_do_more_than_fail(name: str, at: int, noise: bytes) -> None:
    answer = WHOLE[name]

    result = fetch(raw(answer[:at] + noise + answer[at + len(noise) :]))

    assert isinstance(result, Fetched | Failed | NotModified | Gone)
