"""What single sources need: certificates, HTTP/2, a proxy; for real, on loopback."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import ssl
import subprocess
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import h2.config
import h2.connection
import h2.events
import pytest

from aggregator.model import Failed, FailureKind, Fetched, FetchResult, Request, RequestOptions
from tests.adapters.raw_server import PAGE, Exchange, Server, on_uvloop, serving, transport


@dataclass(frozen=True)
class Papers:
    """Certificates of our own: an authority, a server's for 127.0.0.1, a client's with its key."""

    authority: Path
    server: Path
    client: Path

    def server_context(
        self, *, asks_for_client: bool = False, http2: bool = False
    ) -> ssl.SSLContext:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self.server)
        if http2:
            context.set_alpn_protocols(["h2"])
        if asks_for_client:
            context.verify_mode = ssl.CERT_REQUIRED
            context.load_verify_locations(self.authority)
        return context


@pytest.fixture(scope="session")
def papers(tmp_path_factory: pytest.TempPathFactory) -> Papers:
    folder = tmp_path_factory.mktemp("papers")

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)

    new = ("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    openssl(
        *new, "-x509", "-days", "2", "-subj", "/CN=Authority", "-keyout", "ca.key", "-out", "ca.pem"
    )
    for name in ("server", "client"):
        openssl(*new, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.csr")
        (folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
        signed = ("x509", "-req", "-in", f"{name}.csr", "-days", "2", "-extfile", "names")
        openssl(
            *signed, "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-out", f"{name}.crt"
        )
        both = (folder / f"{name}.key").read_text() + (folder / f"{name}.crt").read_text()
        (folder / f"{name}.pem").write_text(both)
    return Papers(folder / "ca.pem", folder / "server.pem", folder / "client.pem")


@pytest.fixture
def trusted(papers: Papers, monkeypatch: pytest.MonkeyPatch) -> Papers:
    monkeypatch.setenv("SSL_CERT_FILE", str(papers.authority))
    return papers


def fetch(
    context: ssl.SSLContext, options: RequestOptions | None = None, *, host: str = "127.0.0.1"
) -> FetchResult:
    async def main() -> FetchResult:
        async with serving(context) as server, transport() as http:
            server.at("/page", lambda exchange: exchange.send())
            url = server.url("/page", host=host, scheme="https")
            return await http.fetch(Request(url=url, options=options or RequestOptions()))

    return on_uvloop(main())


def told(result: FetchResult) -> tuple[FailureKind, str]:
    assert isinstance(result, Failed)
    return result.kind, result.detail


# ---- certificates


def test_ssl_cert_file_says_which_authorities_are_trusted(trusted: Papers) -> None:
    assert isinstance(fetch(trusted.server_context()), Fetched)


def test_a_certificate_of_an_unknown_authority_is_refused_with_the_reason(papers: Papers) -> None:
    kind, detail = told(fetch(papers.server_context()))

    assert kind is FailureKind.TLS
    assert "unable to get local issuer certificate" in detail


def test_a_certificate_for_another_host_is_refused(trusted: Papers) -> None:
    kind, detail = told(fetch(trusted.server_context(), host="127.0.0.2"))

    assert kind is FailureKind.TLS
    assert "127.0.0.2" in detail


def test_insecure_takes_any_certificate(papers: Papers) -> None:
    options = RequestOptions(insecure=True)

    assert isinstance(fetch(papers.server_context(), options, host="127.0.0.2"), Fetched)


def test_insecure_ends_where_a_redirect_leads_to_another_host(papers: Papers) -> None:
    async def main() -> FetchResult:
        context = papers.server_context()
        async with serving(context) as server, transport() as http:
            elsewhere = server.url("/page", host="127.0.0.2", scheme="https")
            server.at("/start", lambda exchange: exchange.redirect(elsewhere))
            server.at("/page", lambda exchange: exchange.send())
            start = server.url("/start", scheme="https")
            return await http.fetch(Request(url=start, options=RequestOptions(insecure=True)))

    assert told(on_uvloop(main()))[0] is FailureKind.TLS


def test_a_client_certificate_is_shown(trusted: Papers) -> None:
    options = RequestOptions(client_certificate=str(trusted.client))

    assert isinstance(fetch(trusted.server_context(asks_for_client=True), options), Fetched)


def test_without_its_client_certificate_there_is_no_page(trusted: Papers) -> None:
    assert isinstance(fetch(trusted.server_context(asks_for_client=True)), Failed)


def test_a_client_certificate_that_is_none_is_told(trusted: Papers, tmp_path: Path) -> None:
    (tmp_path / "bad.pem").write_text("nothing")

    for path in (tmp_path / "bad.pem", tmp_path / "missing.pem"):
        options = RequestOptions(client_certificate=str(path))
        kind, detail = told(fetch(trusted.server_context(), options))
        assert kind is FailureKind.TLS
        assert str(path) in detail


def test_a_server_that_speaks_no_tls_is_told() -> None:
    async def greet(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"SSH-2.0-OpenSSH_9.2\r\n")
        writer.close()

    async def main() -> FetchResult:
        listening = await asyncio.start_server(greet, "127.0.0.1", 0)
        port = listening.sockets[0].getsockname()[1]
        async with transport() as http:
            result = await http.fetch(Request(url=f"https://127.0.0.1:{port}/"))
        listening.close()
        return result

    assert told(on_uvloop(main()))[0] in {FailureKind.TLS, FailureKind.CONNECT}


# ---- HTTP/2


async def speak_http2(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer every request of one connection with PAGE."""
    connection = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
    connection.initiate_connection()
    writer.write(connection.data_to_send())
    while data := await reader.read(65_536):
        for event in connection.receive_data(data):
            if isinstance(event, h2.events.RequestReceived) and event.stream_id:
                connection.send_headers(event.stream_id, [(":status", "200")])
                connection.send_data(event.stream_id, PAGE, end_stream=True)
        writer.write(connection.data_to_send())
    writer.close()


@pytest.mark.parametrize(("allow", "is_read"), [(("127.0.0.0/8:*",), True), ((), False)])
def test_http2_is_spoken_and_guarded(
    trusted: Papers, allow: tuple[str, ...], *, is_read: bool
) -> None:
    async def main() -> FetchResult:
        context = trusted.server_context(http2=True)
        listening = await asyncio.start_server(speak_http2, "127.0.0.1", 0, ssl=context)
        port = listening.sockets[0].getsockname()[1]
        request = Request(url=f"https://127.0.0.1:{port}/", options=RequestOptions(http2=True))
        async with transport(allow=allow) as http:
            result = await http.fetch(request)
        listening.close()
        return result

    result = on_uvloop(main())

    assert isinstance(result, Fetched) is is_read
    if not is_read:
        assert told(result)[0] is FailureKind.BLOCKED_ADDRESS


# ---- a proxy


@dataclass
class Proxy:
    """A proxy that notes what it is asked for."""

    port: int = 0
    asked: list[str] = field(default_factory=list)
    logins: list[str | None] = field(default_factory=list)

    def url(self, login: str = "") -> str:
        return f"http://{login}127.0.0.1:{self.port}"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        first, *lines = head.strip().split("\r\n")
        method, target, _ = first.split(" ")
        headers = {
            name.lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
        }
        self.asked.append(f"{method} {target}")
        self.logins.append(headers.get("proxy-authorization"))
        if method != "CONNECT":
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(PAGE), PAGE))
            await writer.drain()
        elif target.startswith("127.0.0.1"):
            host, _, port = target.rpartition(":")
            other = await asyncio.open_connection(host, int(port))
            writer.write(b"HTTP/1.1 200 Connected\r\n\r\n")
            await asyncio.gather(_pour(reader, other[1]), _pour(other[0], writer))
        else:
            writer.write(b"HTTP/1.1 403 No\r\n\r\n")
        writer.close()


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError, asyncio.CancelledError):
        while data := await reader.read(65_536):
            writer.write(data)
    writer.close()


@contextlib.asynccontextmanager
async def proxying() -> AsyncIterator[Proxy]:
    proxy = Proxy()
    listening = await asyncio.start_server(proxy.serve, "127.0.0.1", 0)
    proxy.port = listening.sockets[0].getsockname()[1]
    yield proxy
    listening.close()


def through_proxy(url: str, *, login: str = "", **changes: object) -> tuple[FetchResult, Proxy]:
    async def main() -> tuple[FetchResult, Proxy]:
        async with proxying() as proxy, transport(**changes) as http:
            options = RequestOptions(proxy=proxy.url(login))
            return await http.fetch(Request(url=url, options=options)), proxy

    return on_uvloop(main())


def test_a_page_is_fetched_through_a_proxy_that_resolves_its_name() -> None:
    result, proxy = through_proxy("http://only-the-proxy-knows.invalid/news")

    assert isinstance(result, Fetched)
    assert proxy.asked == ["GET http://only-the-proxy-knows.invalid/news"]
    assert proxy.logins == [None]


def test_a_proxy_is_logged_in_to() -> None:
    _, proxy = through_proxy("http://only-the-proxy-knows.invalid/", login="ana:s%C3%AD@")

    assert proxy.logins == ["Basic " + base64.b64encode("ana:sí".encode()).decode()]


def test_https_goes_through_a_tunnel(trusted: Papers) -> None:
    async def main() -> tuple[FetchResult, list[str], int]:
        async with serving(trusted.server_context()) as server, proxying() as proxy:
            async with transport() as http:
                server.at("/page", lambda exchange: exchange.send())
                options = RequestOptions(proxy=proxy.url())
                url = server.url("/page", scheme="https")
                result = await http.fetch(Request(url=url, options=options))
            return result, proxy.asked, server.port

    result, asked, port = on_uvloop(main())

    assert isinstance(result, Fetched)
    assert asked == [f"CONNECT 127.0.0.1:{port}"]


def test_a_proxy_that_refuses_is_told() -> None:
    kind, detail = told(through_proxy("https://only-the-proxy-knows.invalid/")[0])

    assert kind is FailureKind.CONNECT
    assert "403" in detail


@pytest.mark.parametrize("host", ["169.254.169.254", "10.0.0.1", "localhost", "2130706433"])
def test_a_proxy_is_not_asked_for_an_address_that_is_not_public(host: str) -> None:
    result, proxy = through_proxy(f"http://{host}/", allow=())

    assert told(result)[0] is FailureKind.BLOCKED_ADDRESS
    assert not proxy.asked


# ---- TLS that ends without a word


@pytest.mark.parametrize(
    ("body", "is_whole"),
    [(b"<html><ul><li>one", False), (b"<html><ul><li>one</ul></HTML>\n", True), (b"[1]", True)],
)
def test_a_page_whose_tls_is_cut_off_must_show_its_end(
    trusted: Papers,
    body: bytes,
    *,
    is_whole: bool,
) -> None:
    async def cut(exchange: Exchange) -> None:
        await exchange.raw(b"HTTP/1.1 200 OK\r\n\r\n" + body)
        await asyncio.sleep(0.1)
        exchange.hang_up()

    async def main() -> FetchResult:
        async with serving(trusted.server_context()) as server, transport() as http:
            server.at("/page", cut)
            return await http.fetch(Request(url=server.url("/page", scheme="https")))

    result = on_uvloop(main())

    assert isinstance(result, Fetched) is is_whole
    if not is_whole:
        assert told(result)[0] is FailureKind.TRUNCATED


def test_a_post_sends_its_body() -> None:
    async def work(server: Server) -> tuple[str, bytes, str | None]:
        async with transport() as http:
            options = RequestOptions(
                method="POST",
                body=b'{"query": "mine"}',
                headers=(("Content-Type", "application/json"),),
            )
            await http.fetch(Request(url=server.url("/search"), options=options))
            asked = server.asked[0]
            return asked.method, asked.body, asked.headers.get("content-type")

    async def main() -> tuple[str, bytes, str | None]:
        async with serving() as server:
            return await work(server)

    assert on_uvloop(main()) == ("POST", b'{"query": "mine"}', "application/json")
