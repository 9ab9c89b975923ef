"""Clients that send or read too slowly, or send too much, hold nothing for long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from aggregator.web import Server, create_app, protocol
from tests.web.site_at import publish, site_at

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[bytes]]
GET = b"GET /feeds/all.atom HTTP/1.1\r\nHost: feeds.example\r\n"


def talking(folder: Path, talk: Talk, *, document: bytes = b"<feed/>") -> bytes:
    """Let *talk* use one connection to a real server."""
    site = site_at(folder)
    publish(site, "all.atom", document)

    async def use() -> bytes:
        server = Server(host="127.0.0.1", port=0)
        async with server.serving(create_app(site)):
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            try:
                return await asyncio.wait_for(talk(reader, writer), 10)
            finally:
                writer.close()
                server.close()

    return asyncio.run(use())


def test_a_feed_comes_over_a_real_connection(tmp_path: Path) -> None:
    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(GET + b"Connection: close\r\n\r\n")
        return await reader.read()

    answer = talking(tmp_path, ask)

    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert answer.endswith(b"\r\n\r\n<feed/>")
    assert b"uvicorn" not in answer


def test_requests_in_one_go_are_answered_in_order(tmp_path: Path) -> None:
    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write((GET + b"\r\n") * 5 + GET + b"Connection: close\r\n\r\n")
        return await reader.read()

    assert talking(tmp_path, ask).count(b"<feed/>") == 6


def test_a_head_that_never_ends_is_cut_off(tmp_path: Path) -> None:
    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(GET + b"X-Long: " + b"a" * protocol.REQUEST_BYTES)
        return await reader.read()

    answer = talking(tmp_path, ask)

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert answer.endswith(b"This request is too large.")


def test_who_never_finishes_asking_is_cut_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", 0.05)

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(GET)
        return await reader.read()

    assert talking(tmp_path, ask) == b""


def test_who_does_not_read_is_cut_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(protocol, "READING_SECONDS", 0.05)
    document = b"<feed>" + b"x" * 20_000_000 + b"</feed>"

    async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
        writer.write(GET + b"\r\n")
        await asyncio.sleep(0.5)
        with pytest.raises((ConnectionResetError, asyncio.IncompleteReadError)):
            await reader.readexactly(len(document))
        return b"cut off"

    assert talking(tmp_path, ask, document=document) == b"cut off"
