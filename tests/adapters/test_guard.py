"""What may be connected to is decided on the address, after names are resolved."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

import pytest

from aggregator.adapters.http.guard import Guard
from aggregator.adapters.http.refusals import Refusal
from aggregator.core.addresses import parse_allowed
from aggregator.model import Failed, FailureKind, FetchResult, Request
from tests.adapters.raw_server import Exchange, Server, run, serving, transport


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "017700000001",
        "0",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "[fe80::1]",
        "[fd00::1]",
        "192.0.2.1",
        "224.0.0.1",
        "255.255.255.255",
        "127.0.0.1.",
        "LOCALHOST.",
    ],
)
def test_what_is_not_the_public_internet_is_not_connected_to(host: str) -> None:
    async def work(server: Server, _: object) -> tuple[FetchResult, int]:
        async with transport(allow=()) as http:
            result = await http.fetch(Request(url=f"http://{host}:{server.port}/"))
            return result, server.connections

    result, connections = run(work)

    assert isinstance(result, Failed)
    assert result.kind in {FailureKind.BLOCKED_ADDRESS, FailureKind.DNS, FailureKind.URL}
    assert connections == 0


def test_a_redirect_to_a_private_address_is_not_followed() -> None:
    async def work(server: Server, _: object) -> tuple[FetchResult, list[str]]:
        async with serving() as inside, transport(allow=(f"127.0.0.1:{server.port}",)) as http:
            server.at("/page", lambda exchange: exchange.redirect(inside.url("/admin")))
            return await http.fetch(Request(url=server.url("/page"))), inside.paths()

    result, asked_inside = run(work)

    assert isinstance(result, Failed)
    assert result.kind is FailureKind.BLOCKED_ADDRESS
    assert not asked_inside


def test_neither_is_robots_txt_when_it_redirects_there() -> None:
    async def work(server: Server, _: object) -> int:
        allow = (f"127.0.0.1:{server.port}",)
        async with serving() as inside, transport(allow=allow, robots=True) as http:
            server.at("/robots.txt", lambda exchange: exchange.redirect(inside.url("/admin")))
            server.at("/page", lambda exchange: exchange.send())
            await http.fetch(Request(url=server.url("/page")))
            return inside.connections

    assert run(work) == 0


# ---- names that lead to several addresses


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[list[str]]]:
    """Answer for names under ``.test``: one list of addresses after the other, then the last."""
    names: dict[str, list[list[str]]] = {}
    resolve, lock = socket.getaddrinfo, threading.Lock()

    def getaddrinfo(host: str, port: int, *args: Any, **options: Any) -> list[Any]:
        if host not in names:
            return list(resolve(host, port, *args, **options))
        with lock:
            addresses = names[host].pop(0) if len(names[host]) > 1 else names[host][0]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    return names


def test_a_name_is_looked_up_once_and_that_very_address_is_connected_to(
    name_server: dict[str, list[list[str]]],
) -> None:
    name_server["rebind.test"] = [["127.0.0.2"], ["127.0.0.1"]]

    async def work(server: Server, _: object) -> list[str]:
        async with transport(allow=("127.0.0.2/32:*",)) as http:
            peers = []

            async def script(exchange: Exchange) -> None:
                peers.append(exchange.writer.get_extra_info("sockname")[0])
                await exchange.send()

            server.at("/page", script)
            await http.fetch(Request(url=server.url("/page", host="rebind.test")))
            return peers

    assert run(work) == ["127.0.0.2"]


def test_of_several_addresses_only_the_public_ones_are_tried(
    name_server: dict[str, list[list[str]]],
) -> None:
    name_server["mixed.test"] = [["10.0.0.1", "127.0.0.1", "93.184.216.34"]]
    guard = Guard([])

    assert asyncio.run(guard.addresses("mixed.test", 80)) == ["93.184.216.34"]


def test_when_one_address_does_not_answer_the_next_one_is_tried(
    name_server: dict[str, list[list[str]]],
) -> None:
    async def work(server: Server, _: object) -> FetchResult:
        async with transport() as http:
            server.at("/page", lambda exchange: exchange.send())
            with socket.socket() as deaf:
                deaf.bind(("127.0.0.9", 0))  # nobody listens: refused
                name_server["many.test"] = [["127.0.0.9", "127.0.0.1"]]
                return await http.fetch(Request(url=server.url("/page", host="many.test")))

    assert not isinstance(run(work), Failed)


def test_a_name_may_be_allowed_by_itself(name_server: dict[str, list[list[str]]]) -> None:
    name_server["inside.test"] = [["10.0.0.1"]]
    guard = Guard([parse_allowed("inside.test:8080")])

    assert asyncio.run(guard.addresses("inside.test", 8080)) == ["10.0.0.1"]
    with pytest.raises(Refusal):
        asyncio.run(guard.addresses("inside.test", 80))


def test_a_name_that_leads_nowhere_is_told() -> None:
    guard = Guard([])

    for host in ("no-such-host.invalid", "a" * 300, "-", "a..b"):
        with pytest.raises(Refusal) as caught:
            asyncio.run(guard.addresses(host, 80))
        assert caught.value.kind is FailureKind.DNS
