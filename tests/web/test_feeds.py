"""Feeds go out cheaply, to those who hold them already and to those who do not."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path
from typing import get_args

import brotli
import httpx
import pytest
import zstandard

from aggregator.bootstrap import RENDERERS
from aggregator.core.config.schema import Publish
from aggregator.core.site import FORMATS
from aggregator.web import Site
from aggregator.web.replies import MEDIA_TYPES
from tests.web.site_at import NOON, asking, get, publish, site_at

FEED = b"<feed>" + b"Las Bambas " * 100 + b"</feed>"
NOON_IN_HTTP = "Sun, 01 Mar 2026 12:00:00 GMT"


@pytest.fixture
def site(tmp_path: Path) -> Site:
    site = site_at(tmp_path)
    publish(site, "las-bambas.atom", FEED)
    return site


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("/feeds/las-bambas.atom", "application/atom+xml; charset=utf-8"),
        ("/feeds/all.rss", "application/rss+xml; charset=utf-8"),
        ("/feeds/sources/psg.json", "application/feed+json; charset=utf-8"),
        ("/feeds/las-bambas/archive/1.atom", "application/atom+xml; charset=utf-8"),
        ("/feeds.opml", "text/x-opml; charset=utf-8"),
    ],
)
def test_documents_are_served_with_their_media_type(site: Site, path: str, media_type: str) -> None:
    publish(site, path.removeprefix("/feeds/").removeprefix("/"), b"<x/>")

    response = get(site, path)

    assert response.status_code == 200
    assert response.headers["content-type"] == media_type
    assert response.content


def test_who_holds_the_document_gets_304_with_what_it_needs_to_ask_again(site: Site) -> None:
    first = get(site, "/feeds/las-bambas.atom")

    again = get(site, "/feeds/las-bambas.atom", if_none_match=first.headers["etag"])

    assert (again.status_code, again.content) == (304, b"")
    for name in ("etag", "cache-control", "vary", "last-modified"):
        assert again.headers[name] == first.headers[name]
    assert "content-type" not in again.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"if_modified_since": NOON_IN_HTTP}, 304),
        ({"if_modified_since": "Sun, 01 Mar 2026 11:59:59 GMT"}, 200),
        ({"if_modified_since": "yesterday"}, 200),
        ({"if_none_match": "*"}, 304),
        ({"if_none_match": '"other"', "if_modified_since": NOON_IN_HTTP}, 200),
    ],
)
def test_the_tag_wins_over_the_date(site: Site, headers: dict[str, str], status: int) -> None:
    response = get(site, "/feeds/las-bambas.atom", **headers)

    assert response.status_code == status


def test_a_changed_document_is_sent_with_its_own_tag_and_time(site: Site) -> None:
    async def twice(client: httpx.AsyncClient) -> tuple[httpx.Response, httpx.Response]:
        first = await client.get("/feeds/las-bambas.atom")
        publish(site, "las-bambas.atom", FEED + b"\n", at=NOON + timedelta(minutes=1))
        again = {"if-none-match": first.headers["etag"]}
        return first, await client.get("/feeds/las-bambas.atom", headers=again)

    first, second = asking(site, twice)

    assert second.status_code == 200
    assert second.content == FEED + b"\n"
    assert second.headers["etag"] != first.headers["etag"]
    assert second.headers["last-modified"] == "Sun, 01 Mar 2026 12:01:00 GMT"


@pytest.mark.parametrize(
    ("accept", "coding"),
    [
        ("gzip, deflate", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("zstd;q=0.9, br;q=0.5", "zstd"),
        ("*", "br"),
        ("gzip;q=0", ""),
        ("identity", ""),
        ("deflate", ""),
    ],
)
def test_each_coding_has_a_tag_of_its_own(site: Site, accept: str, coding: str) -> None:
    undo = {
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": zstandard.decompress,
        "": lambda body: body,
    }[coding]

    async def raw(client: httpx.AsyncClient) -> tuple[httpx.Response, bytes]:
        asked = {"accept-encoding": accept}
        async with client.stream("GET", "/feeds/las-bambas.atom", headers=asked) as response:
            return response, b"".join([part async for part in response.aiter_raw()])

    response, body = asking(site, raw)

    assert response.headers.get("content-encoding", "") == coding
    assert response.headers["vary"] == "Accept-Encoding"
    assert undo(body) == FEED
    assert response.headers["etag"].endswith(f'-{coding}"') is bool(coding)
    assert int(response.headers["content-length"]) == len(body)


def test_head_says_what_get_says(site: Site) -> None:
    got = get(site, "/feeds/las-bambas.atom")

    head = get(site, "/feeds/las-bambas.atom", "HEAD")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers == got.headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "BREW"])
def test_feeds_can_only_be_read(site: Site, method: str) -> None:
    response = get(site, "/feeds/las-bambas.atom", method)

    assert response.status_code == 405
    assert response.headers["allow"] == "GET, HEAD"


def test_any_page_may_read_a_feed_and_ask_whether_it_changed(site: Site) -> None:
    response = get(site, "/feeds/las-bambas.json", "OPTIONS", origin="https://reader.example")

    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "If-None-Match" in response.headers["access-control-allow-headers"]


def test_a_topic_that_is_no_more_is_gone_for_good(site: Site) -> None:
    publish(site, "tintaya.atom", FEED)  # left behind

    assert get(site, "/feeds/tintaya.atom").status_code == 410
    assert get(site, "/feeds/tintaya/archive/1.rss").status_code == 410
    assert get(site, "/feeds/never.atom").status_code == 404


def test_a_topic_with_another_name_is_found_under_it(site: Site) -> None:
    response = get(site, "/feeds/bambas/archive/2.json")

    assert response.status_code == 301
    assert response.headers["location"] == ("http://feeds.example/feeds/las-bambas/archive/2.json")


@pytest.mark.parametrize(
    "path",
    [
        "/feeds/../config.yaml",
        "/feeds/%2e%2e/%2e%2e/etc/passwd.atom",
        "/feeds/.terms",
        "/feeds/las-bambas.atom%00",
        "/feeds/las-bambas.atom%0d%0ax: y",
        "/feeds//las-bambas.atom",
        "/feeds/LAS-BAMBAS.atom",
        "/feeds/",
        "/feeds/" + "a" * 1500 + ".atom",
    ],
)
def test_nothing_but_feeds_lies_there(site: Site, path: str) -> None:
    publish(site, "index.html", b"<!DOCTYPE html>")

    response = get(site, path)

    assert response.status_code == 404
    assert "There is no such " in response.text


def test_readers_ask_at_half_the_rhythm_of_the_sources(site: Site) -> None:
    publish(site, "las-bambas/archive/1.atom", FEED)

    feed = get(site, "/feeds/las-bambas.atom")
    archive = get(site, "/feeds/las-bambas/archive/1.atom")

    assert feed.headers["cache-control"] == "public, max-age=900"
    assert archive.headers["cache-control"] == "public, max-age=3600"


def test_a_feed_that_is_pushed_names_its_hub_and_itself(tmp_path: Path) -> None:
    site = site_at(tmp_path, hub="http://hub.example/")
    for path in ("las-bambas.atom", "las-bambas/archive/1.atom"):
        publish(site, path, FEED)

    feed = get(site, "/feeds/las-bambas.atom")
    archive = get(site, "/feeds/las-bambas/archive/1.atom")

    own = "http://feeds.example/feeds/las-bambas.atom"
    assert feed.headers["link"] == f'<http://hub.example/>; rel="hub", <{own}>; rel="self"'
    assert "link" not in archive.headers


def test_every_format_of_feeds_is_known_wherever_formats_are() -> None:
    (choices,) = get_args(Publish.model_fields["formats"].annotation)
    formats = set(get_args(choices))

    assert set(RENDERERS) == set(FORMATS) == formats
    assert formats <= set(MEDIA_TYPES)
