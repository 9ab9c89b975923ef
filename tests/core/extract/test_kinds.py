"""What came back is recognized from the response alone."""

import gzip

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.extract.kinds import kind_of, unpacked
from aggregator.core.extract.prolog import feed_behind_junk, root_of
from aggregator.model import Kind

RSS = b'<rss version="2.0"><channel><title>t</title></channel></rss>'
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title></feed>'
RDF = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><item/></rdf:RDF>'
URLSET = b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"></urlset>'
JSON_FEED = b'{"title": "t", "version": "https://jsonfeed.org/version/1.1", "items": []}'
DECLARATION = b'<?xml version="1.0" encoding="utf-8"?>\n'


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (RSS, Kind.RSS),
        (ATOM, Kind.ATOM),
        (RDF, Kind.RSS),
        (b"<RSS version='0.91'>", Kind.RSS),
        (b'<atom:feed xmlns:atom="http://www.w3.org/2005/Atom">', Kind.ATOM),
        (URLSET, Kind.SITEMAP),
        (b"<sitemapindex><sitemap/></sitemapindex>", Kind.SITEMAP),
        (JSON_FEED, Kind.JSON_FEED),
        (b'{"version": "https:\\/\\/jsonfeed.org\\/version\\/1", "items": []}', Kind.JSON_FEED),
        (b'[{"title": {"rendered": "t"}}]', Kind.JSON),
        (b'{"a": 1}', Kind.JSON),
        (b"[]", Kind.JSON),
        (b"<!doctype html><html><body>x", None),
        (b"<html><body>x", None),
        (b"<div>a piece of a page</div>", None),
        (b"plain words", None),
        (b"", None),
        (b"[link] and {text", None),
        (b"%PDF-1.7 ...", Kind.UNKNOWN),
        (b"\x89PNG\r\n", Kind.UNKNOWN),
        (DECLARATION + b"<opml version='2.0'/>", Kind.UNKNOWN),
        (b"<!DOCTYPE html>", None),
        (b"<!-- never closed", None),
        (b"<?never closed", None),
        (b"<!DOCTYPE rss [ never closed", None),
        (b"<!DOCTYPE rss never closed", None),
        (b"<1", None),
    ],
)
def test_the_bytes_tell_the_kind(body: bytes, kind: Kind | None) -> None:
    assert kind_of(body, "text/html") is kind


@pytest.mark.parametrize(
    "front",
    [
        b"\xef\xbb\xbf",
        b"\n \t",
        DECLARATION,
        b"<!-- <html> a comment -->",
        b'<?xml-stylesheet href="x.xsl"?>',
        b'<!DOCTYPE rss PUBLIC "-//x" "http://example.org/x.dtd">',
        b'<!DOCTYPE rss [<!ENTITY a "<html>"> ]>',
        DECLARATION + b"<!--x-->\n<!DOCTYPE rss>\n<!--y-->",
    ],
)
def test_what_stands_in_front_of_the_root_does_not_matter(front: bytes) -> None:
    assert kind_of(front + RSS, "") is Kind.RSS


def test_xhtml_is_html() -> None:
    page = DECLARATION + b'<html xmlns="http://www.w3.org/1999/xhtml"><body/></html>'

    assert kind_of(page, "application/xhtml+xml") is None
    assert kind_of(page, "application/xml") is None


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_feed_in_utf_16_is_a_feed(codec: str) -> None:
    assert kind_of(RSS.decode().encode(codec), "") is Kind.RSS


def test_a_page_that_shows_a_feed_is_a_page() -> None:
    shown = b"<p>Write this:</p><pre><rss version='2.0'></rss></pre>"

    assert kind_of(b"<!doctype html><body>" + shown, "text/html") is None
    assert kind_of(shown, "text/html") is None
    assert kind_of(b"<h1>x</h1> <rss> is nice", "text/html") is None


def test_a_feed_behind_a_warning_of_the_server_is_a_feed() -> None:
    warning = b"\n<br />\n<b>Warning</b>: cannot connect in /srv/feed.php\n"

    assert kind_of(warning + DECLARATION + RSS, "text/html") is Kind.RSS
    assert kind_of(warning + DECLARATION + RSS[:-10], "application/xml") is Kind.RSS


@pytest.mark.parametrize(
    ("body", "content_type", "kind"),
    [
        (b"", "application/rss+xml", Kind.RSS),
        (b"Database error", "application/atom+xml; charset=utf-8", Kind.ATOM),
        (b"Database error", "application/json", Kind.JSON),
        (b"<html></html>", "application/rss+xml", None),
        (b"<error/>", "application/atom+xml", Kind.ATOM),
        (b"<error/>", "text/xml", Kind.UNKNOWN),
        (b'{"items": []}', "application/feed+json", Kind.JSON_FEED),
        (RSS, "application/atom+xml", Kind.RSS),
    ],
)
def test_the_header_counts_when_the_bytes_say_nothing(
    body: bytes, content_type: str, kind: Kind | None
) -> None:
    assert kind_of(body, content_type) is kind


def test_the_version_of_a_json_feed_may_come_last() -> None:
    filler = b'{"items": [{"a": "' + b"x" * 1_200_000 + b'"}], '
    body = filler + b'"version": "https://jsonfeed.org/version/1.1"}'

    assert kind_of(body, "") is Kind.JSON_FEED


def test_a_gzip_file_is_looked_into() -> None:
    assert kind_of(gzip.compress(URLSET), "application/gzip") is Kind.SITEMAP


def test_a_gzip_file_unpacks_up_to_a_limit() -> None:
    bomb = gzip.compress(b" " * 1_000_000)

    assert len(unpacked(bomb, limit=1000)) == 1000
    assert unpacked(gzip.compress(b"abc")[:-8]) == b"abc"
    assert unpacked(b"\x1f\x8bno gzip") == b"\x1f\x8bno gzip"


def test_a_buried_feed_is_not_looked_for_in_a_page() -> None:
    assert feed_behind_junk("<html><rss>") is None
    assert feed_behind_junk("words <?xml ") is None
    found = feed_behind_junk("words <?xml version='1.0'?>\n<rss>")
    assert found is not None
    assert (found.name, found.start) == ("rss", 28)


@given(st.binary(max_size=300), st.text(max_size=40))
def test_no_response_crashes_the_recognition(body: bytes, content_type: str) -> None:
    kind_of(body, content_type)


@given(st.text(alphabet="<>!-?[]rsxml dDOCTYPE:", max_size=60))
def test_a_root_stands_where_it_is_said_to_stand(text: str) -> None:
    root = root_of(text)

    assert root is None or text[root.start :].startswith(f"<{root.name}")
