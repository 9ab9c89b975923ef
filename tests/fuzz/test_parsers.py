"""Whatever comes from outside is read, or refused in words; nothing crashes and nothing hangs."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from urllib.parse import urlsplit

import httpx
from hypothesis import example, given
from hypothesis import strategies as st

from aggregator.adapters.http.answers import Answer, meaning
from aggregator.adapters.http.connections import Connection, Pool
from aggregator.adapters.http.decode import decoded
from aggregator.adapters.http.refusals import Refusal
from aggregator.adapters.http.trip import Trip
from aggregator.adapters.http.wire import answer, parse_head
from aggregator.adapters.parser.wire import ANSWER
from aggregator.core.addresses import parse_allowed
from aggregator.core.caching import LONGEST, fresh_for, retry_at, validator
from aggregator.core.config import load_config
from aggregator.core.dates import find_date_text, learn_day_first, read_date
from aggregator.core.links import web_link
from aggregator.core.opml import parse_opml, render_opml
from aggregator.core.query import parse
from aggregator.core.query.document import Document
from aggregator.core.query.evaluate import compile_query
from aggregator.core.query.tree import told
from aggregator.core.read import read
from aggregator.core.robots import LONGEST_DELAY, read_robots
from aggregator.core.sanitize import sanitize
from aggregator.core.text import legal
from aggregator.core.urls import canonical
from aggregator.core.websub import LEASES, Wanted, read_request, verification
from aggregator.errors import ConfigError, OpmlError, QueryError
from aggregator.model import (
    Draft,
    FailureKind,
    Fetched,
    Hints,
    JsonPaths,
    KnownItem,
    Reading,
    Request,
    Rule,
    Selectors,
)
from tests.core.query.entries import entry
from tests.fuzz import documents
from tests.fuzz.mutations import THOROUGH, mutated, mutated_text

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
HINTS = Hints(now=NOW, timezone="America/Lima", language="es")
KNOWN = KnownItem(
    title="Road reopens near the mine", link="http://example.org/news-1073.html", day="2018-01-22"
)
BY_SELECTORS = Rule(
    selectors=Selectors(
        items="li, article", title="h3", link="a::attr(href)", date="::text", next="a"
    )
)
BY_PATHS = Rule(json=JsonPaths(items="data.posts", title="title.rendered"))
ENTRY = entry("Road reopens near the mine", summary="Las Bambas: the road was closed.")
ALLOWED = [parse_allowed("127.0.0.1:*")]


# ---- pages and feeds


def page(body: bytes, content_type: str = "") -> Fetched:
    return Fetched(url=documents.URL, body=body, at=NOW, content_type=content_type)


def check_reading(reading: Reading) -> None:
    """Check what everything after a parser relies on."""
    assert reading.extraction.diagnosis or reading.drafts or reading.extraction.dropped
    for draft in reading.drafts:
        check_draft(draft)
    for url in filter(None, (reading.extraction.next_url, *reading.extraction.feeds)):
        assert web_link(url, base_url=url)
    told = ANSWER.dump_json(reading, exclude_defaults=True)  # as a child does
    assert ANSWER.validate_json(told) == reading


def check_draft(draft: Draft) -> None:
    texts = (draft.title, draft.summary, draft.content, draft.guid, draft.date_text)
    for text in filter(None, (*texts, *draft.authors, *draft.categories)):
        assert legal(text) == text
    assert draft.title or draft.link or draft.summary or draft.content
    for url in filter(None, (draft.link, draft.image, *(one.url for one in draft.enclosures))):
        assert url.isascii()
        assert urlsplit(url).scheme in {"http", "https"}
    for when in filter(None, (draft.published, draft.revised)):
        assert when.at.tzinfo is not None
        when.at.astimezone(UTC)
    assert "<script" not in (draft.content or "").lower()


@THOROUGH
@given(
    mutated(documents.PAGES),
    st.sampled_from(documents.CONTENT_TYPES),
    st.sampled_from([Rule(), BY_SELECTORS]),
    st.booleans(),
)
@example(
    body=b"<li><h3>></h3><t datetime=s><li><h3>",
    content_type="text/html",
    rule=Rule(),
    explain=False,
)
def test_any_page_is_read_or_tells_why_not(
    body: bytes,
    content_type: str,
    rule: Rule,
    explain: bool,  # noqa: FBT001 -- drawn
) -> None:
    check_reading(read(page(body, content_type), rule, HINTS, explain=explain))


@THOROUGH
@given(
    mutated(documents.FEEDS),
    st.sampled_from(documents.CONTENT_TYPES),
    st.sampled_from([Rule(), BY_PATHS]),
)
@example(b'<rss version="2.0"><channel<item <link></item/</link></rss>', "", Rule())
@example(b'{"version":"https://jsonfeed.org/version/1.1","title":"\\ud83d"}', "", Rule())
@example(b'{"data":{"posts":[{"title":{"rendered":"\\ud83d"}}]}}', "", BY_PATHS)
def test_any_feed_is_read_or_tells_why_not(body: bytes, content_type: str, rule: Rule) -> None:
    check_reading(read(page(body, content_type), rule, HINTS))


@given(mutated(documents.PAGES))
def test_any_page_may_be_one_that_changed(body: bytes) -> None:
    hints = Hints(now=NOW, known=(KNOWN, KnownItem(title="Council votes on water", link=None)))

    check_reading(read(page(body), BY_SELECTORS, hints))


@THOROUGH
@given(mutated_text(*(text.decode() for text in documents.PAGES)))
def test_any_markup_comes_out_harmless_and_stays_as_it_is(html: str) -> None:
    once = sanitize(html, base_url=documents.URL)

    assert "<script" not in once.lower()
    assert legal(once) == once


# ---- configuration and lists


@THOROUGH
@given(mutated_text(documents.CONFIG))
@example("topics: {a: {was: [null]}}")
@example("topics: {a: {was: [{b: c}]}}")
@example("a:\r\r\r b\r  c: d: e")
@example('state: "${KEY\n\n"')
@example('state: "${KEY\n\n}"')
def test_any_configuration_is_right_or_names_file_and_line(text: str) -> None:
    environment = {"KEY": "k3y-42bb", "PASSWORD": "p4ssw0rd", "HOME": "/home/of-ours"}
    try:
        load_config(text, file="config.yaml", environment=environment)
    except ConfigError as error:
        for line in str(error).splitlines():
            assert line.startswith("config.yaml:")
            assert line.removeprefix("config.yaml:").partition(":")[0].isdigit()
        for secret in environment.values():
            assert secret not in str(error)


@THOROUGH
@given(mutated([documents.OPML.encode()]))
def test_any_list_is_read_or_names_the_line(body: bytes) -> None:
    try:
        outlines = parse_opml(body)
    except OpmlError as error:
        assert str(error)
        return
    again = parse_opml(render_opml("Mine", outlines))
    assert [one.feed_url for one in again] == [one.feed_url for one in outlines]


# ---- dates and addresses


@THOROUGH
@given(
    mutated_text(*documents.DATES),
    st.sampled_from(["UTC", "Asia/Tokyo"]),
    st.none() | st.booleans(),
)
@example("1 \x1dag", "UTC", None)
def test_any_text_is_a_date_or_none(text: str, timezone: str, day_first: bool | None) -> None:  # noqa: FBT001
    hints = Hints(now=NOW, timezone=timezone, day_first=day_first)

    found = find_date_text(text)
    when = read_date(text, hints, machine=text)

    assert found is None or legal(found) == found
    if when is not None:
        when.at.astimezone(UTC)
        assert when.isoformat()
    learn_day_first([text, "05/06/2018"], now=NOW)


@THOROUGH
@given(mutated_text(*documents.ADDRESSES), mutated_text(*documents.ADDRESSES))
@example("htTp://tp://e;?cfid=4", "https://example.org/")
def test_any_address_is_a_link_or_none_and_has_a_key(href: str, base: str) -> None:
    link = web_link(href, base_url=base)

    if link is not None:
        assert link.isascii()
        assert httpx.URL(link).raw_host
        assert web_link(link, base_url=documents.URL) == link
        assert canonical(canonical(link)) == canonical(link)
    canonical(href)


# ---- what servers say


@THOROUGH
@given(mutated([documents.HEAD.encode()]), st.sampled_from([200, 301, 304, 404, 410, 429, 503]))
def test_any_head_of_an_answer_is_read_or_refused(raw: bytes, status: int) -> None:
    try:
        _, _, pairs = parse_head(raw)
    except Refusal:
        return
    headers = httpx.Headers(pairs)
    now = datetime.now(UTC)  # noqa: TID251 -- what is asked below is the same at any time
    meaning(Answer(status=status, headers=headers, body=b""), documents.URL, now=now)
    trip = Trip.of(Request(url=documents.URL), documents.URL)
    if "location" in headers:
        try:
            trip.follow(302, headers)
        except Refusal:
            return
        assert trip.headers() is not None
        assert web_link(trip.url, base_url=trip.url)


async def exchanged(pieces: Sequence[bytes]) -> tuple[int, bytes] | FailureKind:
    """Return the answer that arrives in *pieces*: its status and body, or why there is none."""
    connection = Connection(("http", "example.org", 80))

    async def arrive() -> None:
        for piece in filter(None, pieces):
            connection.data_received(piece)
            await asyncio.sleep(0)
        connection.eof_received()

    arriving = asyncio.create_task(arrive())
    try:
        response = await answer(connection, Pool(), "GET")
        assert isinstance(response.stream, httpx.AsyncByteStream)
        return response.status_code, b"".join([piece async for piece in response.stream])
    except Refusal as refusal:
        return refusal.kind
    finally:
        await arriving


@THOROUGH
@given(
    mutated(documents.ANSWERS),
    st.lists(st.integers(0, 400), max_size=8),
)
def test_an_answer_is_the_same_however_it_arrives(raw: bytes, cuts: Sequence[int]) -> None:
    ends = sorted(cuts)
    pieces = [raw[start:end] for start, end in pairwise([0, *ends, len(raw)])]

    assert asyncio.run(exchanged(pieces)) == asyncio.run(exchanged([raw]))


HEADERS = [line.partition(": ")[2] for line in documents.HEAD.splitlines()[1:]]


@THOROUGH
@given(mutated_text(*HEADERS))
def test_any_value_of_a_header_keeps_its_bounds(value: str) -> None:
    until, names = retry_at(value, now=NOW), ("cache-control", "expires", "age", "date")
    fresh = [fresh_for({name: value, other: value}, now=NOW) for name in names for other in names]

    assert until is None or NOW <= until <= NOW + LONGEST
    assert all(wait is None or timedelta(0) < wait <= LONGEST for wait in fresh)
    kept = validator(value)
    assert kept is None or (kept.isascii() and kept.isprintable())


@THOROUGH
@given(
    mutated([b"<p>page</p>" * 40]),
    st.lists(st.sampled_from(["gzip", "br", "zstd", "deflate", "x", ""]), max_size=4),
)
def test_any_bytes_in_any_coding_are_a_page_or_refused(body: bytes, codings: Sequence[str]) -> None:
    try:
        assert len(decoded(body, ",".join(codings), limit=100_000)) <= 100_000
    except Refusal as refusal:
        assert refusal.detail


@THOROUGH
@given(mutated([documents.ROBOTS.encode()]), st.sampled_from([None, 200, 404, 429, 500]))
def test_any_robots_txt_allows_or_forbids(body: bytes, status: int | None) -> None:
    rules = read_robots(status, body, user_agent="aggregator (+http://example.org)", now=NOW)

    assert rules.allows("http://example.org/a?b=c#d") in {True, False}
    assert timedelta(0) <= rules.delay() <= LONGEST_DELAY


# ---- what readers say


@THOROUGH
@given(mutated([documents.FORM.encode()]))
def test_any_form_for_the_hub_is_understood_or_refused(form: bytes) -> None:
    wanted = read_request(form, allowed=ALLOWED)

    if isinstance(wanted, Wanted):
        assert LEASES[0] <= wanted.lease <= LEASES[1]
        assert urlsplit(verification(wanted, challenge="c")).scheme in {"http", "https"}


@THOROUGH
@given(mutated_text(*documents.QUERIES))
def test_any_query_is_understood_or_refused_at_a_column(text: str) -> None:
    try:
        query = parse(text)
    except QueryError as error:
        assert 0 < error.column <= len(text) + 1
        return
    compile_query(query)(Document(ENTRY))
    assert told(parse(told(query))) == told(query)
