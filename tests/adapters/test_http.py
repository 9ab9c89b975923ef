"""How a page is fetched: redirects, credentials, robots.txt, politeness, what statuses mean."""

from __future__ import annotations

import asyncio
import gzip
from datetime import timedelta

import pytest

from aggregator.adapters.http import HttpTransport
from aggregator.adapters.http.transport import BIG_BYTES, BIG_PAGES
from aggregator.model import (
    Failed,
    FailureKind,
    Fetched,
    FetchResult,
    Gone,
    Moved,
    NotModified,
    Request,
    RequestOptions,
)
from tests.adapters.raw_server import PAGE, Exchange, Server, fetch, run, serving, settings

SECRETS = RequestOptions(
    headers=(("X-Api-Key", "k3y"),),
    cookies=(("session", "s3ssion"),),
    bearer="b34rer",
)


def failed(result: FetchResult) -> FailureKind:
    assert isinstance(result, Failed)
    assert result.detail
    return result.kind


# ---- what statuses mean


def test_validators_come_with_a_page_and_go_with_the_next_request() -> None:
    async def script(exchange: Exchange) -> None:
        if exchange.headers.get("if-none-match") == '"v1"':
            await exchange.send(b"", 304, "Cache-Control: max-age=60")
        else:
            await exchange.send(PAGE, 200, 'ETag: "v1"', "Last-Modified: Fri, 02 Mar 2018 1:2:3")

    async def work(server: Server, http: HttpTransport) -> tuple[FetchResult, FetchResult]:
        server.at("/page", script)
        first = await http.fetch(Request(url=server.url("/page")))
        assert isinstance(first, Fetched)
        again = Request(url=server.url("/page"), etag=first.etag, last_modified=first.last_modified)
        return first, await http.fetch(again)

    first, second = run(work)

    assert isinstance(first, Fetched)
    assert first.body == PAGE
    assert isinstance(second, NotModified)
    assert second.fresh_for == timedelta(seconds=60)


@pytest.mark.parametrize(
    ("status", "header", "kind", "is_told_when"),
    [
        (404, "", FailureKind.NOT_FOUND, False),
        (403, "", FailureKind.UNAUTHORIZED, False),
        (500, "", FailureKind.STATUS, False),
        (503, "", FailureKind.STATUS, False),
        (503, "Retry-After: 120", FailureKind.RATE_LIMITED, True),
        (429, "", FailureKind.RATE_LIMITED, False),
        (429, "Retry-After: Fri, 31 Dec 2099 23:59:59 GMT", FailureKind.RATE_LIMITED, True),
        (429, "Retry-After: soon", FailureKind.RATE_LIMITED, False),
        (206, "", FailureKind.STATUS, False),
        (999, "", FailureKind.STATUS, False),
        (302, "", FailureKind.REDIRECT, False),
    ],
)
def test_a_status_that_is_no_page_is_told_in_our_words(
    status: int,
    header: str,
    kind: FailureKind,
    is_told_when: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    result = fetch(lambda exchange: exchange.send(PAGE, status, *filter(None, [header])))

    assert failed(result) is kind
    assert isinstance(result, Failed)
    assert (result.retry_at is not None) is is_told_when


def test_a_page_that_is_gone_is_gone() -> None:
    assert isinstance(fetch(lambda exchange: exchange.send(b"", 410)), Gone)


# ---- redirects


def test_a_permanent_redirect_is_remembered_and_a_mixed_one_is_not() -> None:
    async def work(server: Server, http: HttpTransport) -> list[FetchResult]:
        server.at("/moved", lambda exchange: exchange.redirect("/new", 301))
        server.at("/twice", lambda exchange: exchange.redirect("/moved", 308))
        server.at("/mixed", lambda exchange: exchange.redirect("/moved", 302))
        server.at("/new", lambda exchange: exchange.send())
        paths = ["/twice", "/mixed"]
        return [await http.fetch(Request(url=server.url(path))) for path in paths]

    twice, mixed = run(work)

    assert isinstance(twice, Moved)
    assert twice.url.endswith("/new")
    assert isinstance(mixed, Fetched)
    assert mixed.url.endswith("/new")


@pytest.mark.parametrize(
    "target",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "http://127.0.0.1:99999/",
        "http://[::1",
        "http://" + "a" * 9000,
    ],
)
def test_a_redirect_to_nowhere_is_told(target: str) -> None:
    assert failed(fetch(lambda exchange: exchange.redirect(target))) is FailureKind.REDIRECT


def test_redirects_in_a_circle_end_at_once_and_others_after_ten() -> None:
    async def further(exchange: Exchange) -> None:
        await exchange.redirect(f"{exchange.path.partition('?')[0]}?{id(exchange)}")

    circle = fetch(lambda exchange: exchange.redirect("/page"))
    chain = fetch(further)

    assert failed(circle) is failed(chain) is FailureKind.REDIRECT
    assert isinstance(chain, Failed)
    assert "10" in chain.detail


def test_a_site_that_redirects_until_it_sees_its_cookie_is_read() -> None:
    async def script(exchange: Exchange) -> None:
        if exchange.headers.get("cookie") == "wall=1":
            await exchange.send()
        else:
            await exchange.redirect("/page", 302, "Set-Cookie: wall=1; Path=/")

    assert isinstance(fetch(script), Fetched)


def test_a_cookie_is_forgotten_with_the_fetch() -> None:
    async def work(server: Server, http: HttpTransport) -> list[str | None]:
        server.at("/page", lambda exchange: exchange.send(PAGE, 200, "Set-Cookie: id=1"))
        for _ in range(2):
            await http.fetch(Request(url=server.url("/page")))
        return [exchange.headers.get("cookie") for exchange in server.asked]

    assert run(work) == [None, None]


def test_a_post_becomes_a_get_where_it_is_redirected_to() -> None:
    options = RequestOptions(method="POST", body=b"q=mine")

    async def work(server: Server, http: HttpTransport) -> list[tuple[str, bytes]]:
        server.at("/page", lambda exchange: exchange.redirect("/found", 303))
        server.at("/found", lambda exchange: exchange.send())
        await http.fetch(Request(url=server.url("/page"), options=options))
        return [(exchange.method, exchange.body) for exchange in server.asked]

    assert run(work) == [("POST", b"q=mine"), ("GET", b"")]


# ---- what a source needs, and where it goes


def credentials(exchange: Exchange) -> list[str | None]:
    return [exchange.headers.get(name) for name in ("x-api-key", "cookie", "authorization")]


def test_headers_cookies_and_a_token_are_sent() -> None:
    async def work(server: Server, http: HttpTransport) -> list[str | None]:
        await http.fetch(Request(url=server.url("/page"), options=SECRETS))
        return credentials(server.asked[0])

    assert run(work) == ["k3y", "session=s3ssion", "Bearer b34rer"]


def test_user_and_password_are_sent_as_utf_8() -> None:
    options = RequestOptions(basic=("ana", "contraseña:1"))

    async def work(server: Server, http: HttpTransport) -> str | None:
        await http.fetch(Request(url=server.url("/page"), options=options))
        return server.asked[0].headers.get("authorization")

    assert run(work) == "Basic YW5hOmNvbnRyYXNlw7FhOjE="


def test_credentials_stay_at_home_when_a_redirect_leads_to_another_host_or_port() -> None:
    async def work(server: Server, http: HttpTransport) -> list[list[str | None]]:
        async with serving() as other:
            server.at("/page", lambda exchange: exchange.redirect("/here"))
            server.at(
                "/here", lambda exchange: exchange.redirect(server.url("/", host="127.0.0.2"))
            )
            await http.fetch(Request(url=server.url("/page"), options=SECRETS))
            server.at("/page", lambda exchange: exchange.redirect(other.url()))
            await http.fetch(Request(url=server.url("/page"), options=SECRETS))
            return [credentials(exchange) for exchange in (*server.asked, *other.asked)]

    home, nowhere = ["k3y", "session=s3ssion", "Bearer b34rer"], [None, None, None]
    assert run(work) == [home, home, nowhere, home, nowhere]


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\0b"])
def test_a_line_break_in_a_header_of_a_source_is_refused(value: str) -> None:
    options = RequestOptions(headers=(("X-Api-Key", value),))

    result = fetch(lambda exchange: exchange.send(), options=options)

    assert failed(result) is FailureKind.URL
    assert isinstance(result, Failed)
    assert "Evil" not in result.detail


def test_we_say_who_we_are() -> None:
    async def work(server: Server, http: HttpTransport) -> str:
        await http.fetch(Request(url=server.url("/page")))
        return server.asked[0].headers["user-agent"]

    assert run(work) == "aggregator-test (+http://example.org/bot)"


# ---- codings and sizes


def test_a_compressed_page_is_read() -> None:
    result = fetch(lambda e: e.send(gzip.compress(PAGE), 200, "Content-Encoding: gzip"))

    assert isinstance(result, Fetched)
    assert result.body == PAGE


def test_a_bomb_is_too_large() -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)

    result = fetch(lambda exchange: exchange.send(bomb, 200, "Content-Encoding: gzip"))

    assert failed(result) is FailureKind.TOO_LARGE


def test_large_pages_wait_for_each_other_without_losing_time() -> None:
    body = b"x" * (2 * BIG_BYTES)

    async def slowly(exchange: Exchange) -> None:
        await exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body))
        await exchange.raw(body[: BIG_BYTES + 1])
        await asyncio.sleep(0.3)
        await exchange.raw(body[BIG_BYTES + 1 :])

    async def work(server: Server, http: HttpTransport) -> list[FetchResult]:
        server.at("/page", slowly)
        urls = [server.url("/page", host=f"127.0.0.{n}") for n in range(1, 3 * BIG_PAGES)]
        return list(await asyncio.gather(*(http.fetch(Request(url=url)) for url in urls)))

    results = run(work, timeout=timedelta(seconds=5))

    assert all(isinstance(result, Fetched) for result in results)


def test_whoever_reads_the_pages_may_hold_the_fetching_up() -> None:
    async def main() -> tuple[bool, bool]:
        has_room = asyncio.Event()

        async def admit() -> None:
            await has_room.wait()

        async with serving() as server:
            server.at("/page", lambda exchange: exchange.send())
            http = HttpTransport(settings(), admit=admit)
            fetching = asyncio.create_task(http.fetch(Request(url=server.url("/page"))))
            await asyncio.sleep(0.05)
            before = bool(server.asked)
            has_room.set()
            await fetching
            await http.close()
            return before, bool(server.asked)

    assert asyncio.run(main()) == (False, True)


# ---- robots.txt


def robots(
    text: str, status: int = 200, paths: tuple[str, ...] = ("/news", "/private")
) -> tuple[list[FetchResult], list[str]]:
    async def work(server: Server, http: HttpTransport) -> tuple[list[FetchResult], list[str]]:
        server.at("/robots.txt", lambda exchange: exchange.send(text.encode(), status))
        for path in paths:
            server.at(path, lambda exchange: exchange.send())
        urls = [server.url(path) for path in paths]
        results = await asyncio.gather(*(http.fetch(Request(url=url)) for url in urls))
        return list(results), server.paths()

    return run(work, robots=True)


def test_robots_txt_is_asked_for_once_and_obeyed() -> None:
    results, asked = robots("User-agent: *\nDisallow: /private\n")

    assert isinstance(results[0], Fetched)
    assert failed(results[1]) is FailureKind.ROBOTS
    assert sorted(asked) == ["/news", "/robots.txt"]


def test_without_a_robots_txt_everything_may_be_fetched() -> None:
    results, _ = robots("User-agent: *\nDisallow: /\n", status=404)

    assert all(isinstance(result, Fetched) for result in results)


def test_while_robots_txt_cannot_be_read_nothing_is_fetched_and_it_is_told_when() -> None:
    results, asked = robots("", status=503)

    assert [failed(result) for result in results] == [FailureKind.ROBOTS] * 2
    assert all(isinstance(result, Failed) and result.retry_at for result in results)
    assert asked == ["/robots.txt"]


def test_robots_txt_of_the_host_a_redirect_leads_to_is_obeyed() -> None:
    async def work(server: Server, http: HttpTransport) -> FetchResult:
        async def script(exchange: Exchange) -> None:
            is_other = exchange.headers["host"].startswith("127.0.0.2")
            await exchange.send(b"User-agent: *\nDisallow: /\n" if is_other else b"")

        server.at("/robots.txt", script)
        server.at("/page", lambda e: e.redirect(server.url("/secret", host="127.0.0.2")))
        return await http.fetch(Request(url=server.url("/page")))

    assert failed(run(work, robots=True)) is FailureKind.ROBOTS


def test_a_huge_robots_txt_counts_as_far_as_it_is_read() -> None:
    text = "User-agent: *\nDisallow: /private\n" + "# nothing\n" * 200_000

    results, _ = robots(text)

    assert isinstance(results[0], Fetched)
    assert failed(results[1]) is FailureKind.ROBOTS


def test_a_robots_txt_that_breaks_off_is_none_that_was_read() -> None:
    async def work(server: Server, http: HttpTransport) -> FetchResult:
        async def script(exchange: Exchange) -> None:
            await exchange.raw(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nUser-agent: *\n")
            exchange.writer.close()

        server.at("/robots.txt", script)
        return await http.fetch(Request(url=server.url("/page")))

    assert failed(run(work, robots=True)) is FailureKind.ROBOTS


# ---- bodies nobody reads


@pytest.mark.parametrize("ends", [True, False])
def test_what_an_answer_means_is_known_without_its_body(ends: bool) -> None:  # noqa: FBT001
    async def script(exchange: Exchange) -> None:
        head = {"/gone": "410 Gone", "/page": "302 Found\r\nLocation: /gone"}[exchange.path]
        await exchange.raw(f"HTTP/1.1 {head}\r\nContent-Length: 999\r\n\r\n<p>".encode())
        if ends:
            exchange.writer.close()

    async def work(server: Server, http: HttpTransport) -> FetchResult:
        server.at("/gone", script)
        server.at("/page", script)
        return await http.fetch(Request(url=server.url("/page")))

    assert isinstance(run(work, timeout=timedelta(minutes=1)), Gone)


# ---- robots.txt takes its turn


def test_robots_txt_and_the_page_it_allows_are_asked_for_some_time_apart() -> None:
    async def work(server: Server, http: HttpTransport) -> tuple[list[str], float]:
        loop = asyncio.get_running_loop()
        asked_at = {}

        async def script(exchange: Exchange) -> None:
            asked_at[exchange.path] = loop.time()
            await exchange.send()

        server.at("/robots.txt", script)
        server.at("/page", script)
        began = loop.time()
        await http.fetch(Request(url=server.url("/page")))
        return server.paths(), asked_at["/page"] - began

    asked, waited = run(work, robots=True, per_host_delay=timedelta(seconds=0.3))

    assert asked == ["/robots.txt", "/page"]
    assert waited > 0.25  # the loop counts in milliseconds


def test_robots_txt_waits_while_its_host_is_asked_for_as_much_as_it_may_be() -> None:
    async def work(server: Server, http: HttpTransport) -> tuple[list[str], list[str]]:
        is_asked, may_answer = asyncio.Event(), asyncio.Event()

        async def slow(exchange: Exchange) -> None:
            is_asked.set()
            await may_answer.wait()
            await exchange.send()

        server.at("/slow", slow)
        async with serving() as other:  # another port: another robots.txt, and the same host
            other.at("/page", lambda exchange: exchange.send())
            first = asyncio.create_task(http.fetch(Request(url=server.url("/slow"))))
            await is_asked.wait()
            second = asyncio.create_task(http.fetch(Request(url=other.url("/page"))))
            await asyncio.sleep(0.2)
            before = other.paths()
            may_answer.set()
            assert all(isinstance(one, Fetched) for one in await asyncio.gather(first, second))
            return before, other.paths()

    before, after = run(work, robots=True, per_host_concurrency=1)

    assert before == []
    assert after == ["/robots.txt", "/page"]


@pytest.mark.parametrize("concurrency", [1, 2])
def test_a_redirect_to_another_robots_txt_of_the_host_gives_up_its_turn_for_it(
    concurrency: int,
) -> None:
    async def work(server: Server, http: HttpTransport) -> tuple[list[FetchResult], list[str]]:
        async with serving() as other:
            server.at("/page", lambda exchange: exchange.redirect(other.url("/page")))
            other.at("/page", lambda exchange: exchange.send())
            other.at("/robots.txt", lambda exchange: exchange.redirect(server.url("/robots.txt")))
            urls = [server.url(f"/page?{number}") for number in range(4)]
            results = await asyncio.gather(*(http.fetch(Request(url=url)) for url in urls))
            return results, other.paths()

    results, asked = run(work, robots=True, per_host_concurrency=concurrency)

    assert all(isinstance(result, Fetched) for result in results)
    assert sorted(asked) == ["/page"] * 4 + ["/robots.txt"]


# ---- politeness


def test_a_host_is_asked_a_few_times_at_once_and_no_more() -> None:
    at_once, most = 0, 0

    async def script(exchange: Exchange) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1
        await exchange.send()

    async def work(server: Server, http: HttpTransport) -> None:
        server.at("/page", script)
        await asyncio.gather(
            *(http.fetch(Request(url=server.url(f"/page?{n}"))) for n in range(10))
        )

    run(work, per_host_concurrency=3)

    assert most == 3


def test_hosts_that_hang_keep_nobody_waiting() -> None:
    async def hang(_: Exchange) -> None:
        await asyncio.sleep(60)

    async def work(server: Server, http: HttpTransport) -> FetchResult:
        server.at("/hang", hang)
        server.at("/page", lambda exchange: exchange.send())
        hanging = [
            asyncio.create_task(http.fetch(Request(url=server.url("/hang", host=f"127.0.1.{n}"))))
            for n in range(4)
        ]
        await asyncio.sleep(0)
        result = await http.fetch(Request(url=server.url("/page")))
        assert not any(task.done() for task in hanging)
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)
        return result

    result = run(work, concurrency=2, timeout=timedelta(seconds=30))

    assert isinstance(result, Fetched)


def test_redirects_to_one_host_wait_for_their_turn_there() -> None:
    at_once, most = 0, 0

    async def script(exchange: Exchange) -> None:
        nonlocal at_once, most
        at_once += 1
        most = max(most, at_once)
        await asyncio.sleep(0.02)
        at_once -= 1
        await exchange.send()

    async def work(server: Server, http: HttpTransport) -> list[FetchResult]:
        server.at("/page", lambda e: e.redirect(server.url("/all", host="127.0.0.9")))
        server.at("/all", script)
        urls = [server.url("/page", host=f"127.0.1.{n}") for n in range(6)]
        return list(await asyncio.gather(*(http.fetch(Request(url=url)) for url in urls)))

    results = run(work, per_host_concurrency=1)

    assert all(isinstance(result, Fetched) for result in results)
    assert most == 1


# ---- 429


def limited(
    *hosts: str, header: str = "Retry-After: 600", **changes: object
) -> tuple[list[FetchResult], list[str]]:
    """Fetch one page of the first host, then one of each host; return what came and was asked."""

    async def work(server: Server, http: HttpTransport) -> tuple[list[FetchResult], list[str]]:
        server.at("/limited", lambda exchange: exchange.send(b"", 429, header))
        server.at("/page", lambda exchange: exchange.send())
        first = await http.fetch(Request(url=server.url("/limited", host=hosts[0])))
        assert failed(first) is FailureKind.RATE_LIMITED
        urls = [server.url("/page", host=host) for host in hosts]
        return [await http.fetch(Request(url=url)) for url in urls], server.paths()

    return run(work, **changes)


@pytest.mark.parametrize(
    "header", ["Retry-After: 600", "Retry-After: Fri, 31 Dec 2099 23:59:59 GMT"]
)
def test_a_host_that_says_when_to_come_back_is_left_alone_by_all(header: str) -> None:
    results, asked = limited("127.0.0.1", "127.0.0.2", header=header)

    assert failed(results[0]) is FailureKind.RATE_LIMITED
    assert isinstance(results[0], Failed)
    assert results[0].retry_at is not None
    assert "127.0.0.1" in results[0].detail
    assert isinstance(results[1], Fetched)
    assert asked == ["/limited", "/page"]


@pytest.mark.parametrize("header", ["Retry-After: 0", "Retry-After: soon", "X-Nothing: 1"])
def test_a_host_that_names_no_time_keeps_nobody_else_back(header: str) -> None:
    results, _ = limited("127.0.0.1", header=header)

    assert isinstance(results[0], Fetched)


def test_a_host_a_redirect_leads_to_is_left_alone_too() -> None:
    async def work(server: Server, http: HttpTransport) -> tuple[FetchResult, list[str]]:
        server.at("/limited", lambda exchange: exchange.send(b"", 503, "Retry-After: 600"))
        server.at("/page", lambda e: e.redirect(server.url("/limited", host="127.0.0.2")))
        await http.fetch(Request(url=server.url("/limited", host="127.0.0.2")))
        return await http.fetch(Request(url=server.url("/page"))), server.paths()

    result, asked = run(work)

    assert failed(result) is FailureKind.RATE_LIMITED
    assert asked == ["/limited", "/page"]
