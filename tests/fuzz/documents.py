"""One document of each kind that is right: what the mutations begin with."""

from __future__ import annotations

import json

URL = "http://example.org/news/"

LISTING = """<!DOCTYPE html><html lang="es"><head><title>Noticias</title>
<meta charset="utf-8"><base href="/news/"><link rel="alternate" type="application/rss+xml" href="/rss">
</head><body><nav><ul><li><a href="/">Home</a></li><li><a href="/about">About us</a></li></ul></nav>
<h2>News</h2><ul class="news">
<li><h3><a href="/news-1073.html">Road reopens near the mine</a></h3><span class="date">22 enero 2018</span>
<p>The <b>road</b> was <a href="x">closed</a> for a week &amp; more.</p><img src="/i.jpg" alt=""></li>
<li><h3><a href="/news-1072.html">Council votes on water</a></h3><time datetime="2018-01-20">20 Jan</time>
<p>Nine voted for it.</p></li>
<li><h3><a href="?id=1071&amp;utm_source=x">Update 120. 31 March 2007</a></h3><p>Ten things.</p></li>
<li><h3><a href="/news-1070.html">A strike ends</a></h3><span class="date">hace 2 días</span></li>
</ul><a rel="next" href="?position=10">Older</a></body></html>"""

ARTICLES = """<html><body><main><article><h2><a href="a1">First of them all</a></h2>
<time>05/06/2018</time><p>Text one</p></article><article><h2><a href="a2">Second of them all</a></h2>
<time>25/06/2018</time><p>Text two</p></article><article><h2><a href="a3">Third of them all</a></h2>
<time>26/06/2018</time><p>Text three</p></article></main>
<script type="application/ld+json">{"@context":"https://schema.org","@type":"ItemList","itemListElement":[
{"@type":"NewsArticle","headline":"First of them all","url":"/a1","datePublished":"2018-06-05T10:00:00Z"},
{"@type":"NewsArticle","headline":"Second of them all","url":"/a2","author":{"name":"Ana"}}]}</script>
<script>window.__STATE__={"posts":[{"title":"First of them all","slug":"a1","date":1528192800}]}</script>
</body></html>"""

RSS = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" xmlns:media="http://search.yahoo.com/mrss/">
<channel><title>Perú</title><link>http://example.org/</link><ttl>60</ttl><sy:updatePeriod>daily</sy:updatePeriod>
<item><title>Road &amp; mine</title><link>/1</link><guid isPermaLink="false">a-1</guid>
<pubDate>Mon, 22 Jan 2018 10:00:00 GMT</pubDate><description><![CDATA[<p>One <b>two</b>]]></description>
<enclosure url="/a.mp3" length="12" type="audio/mpeg"/><dc:creator>Ana</dc:creator></item>
<item><title>Water</title><link>http://example.org/2</link><content:encoded>&lt;p&gt;x&lt;/p&gt;</content:encoded>
<media:content url="/i.jpg" medium="image"/><category>mines</category></item></channel></rss>"""

ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="http://example.org/" xml:lang="es">
<title type="html">Per&amp;uacute;</title><id>urn:a</id><updated>2018-01-22T10:00:00Z</updated>
<link rel="self" href="/feed"/><link rel="next" href="/feed?page=2"/>
<entry><title>Road</title><id>urn:1</id><link href="1"/><updated>2018-01-22T10:00:00+01:00</updated>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>One</p></div></content>
<author><name>Ana</name></author><category term="mines"/></entry>
<entry><title>Water</title><id>urn:2</id><link rel="alternate" href="2"/><published>2018-01-20</published>
<summary>Nine</summary></entry></feed>"""

RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="http://example.org/">
<title>News</title><link>http://example.org/</link></channel><item rdf:about="http://example.org/1">
<title>Road</title><link>http://example.org/1</link><dc:date>2018-01-22</dc:date></item></rdf:RDF>"""

JSON_FEED = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "News",
        "next_url": "/feed.json?page=2",
        "items": [
            {"id": "1", "url": "/1", "title": "Road", "date_published": "2018-01-22T10:00:00Z"},
            {"id": 2, "content_html": "<p>Water", "tags": ["mines"], "authors": [{"name": "Ana"}]},
        ],
    }
)

JSON = json.dumps(
    {
        "data": {
            "posts": [
                {"title": {"rendered": "Road"}, "link": "/1", "date": 1516618800},
                {"title": "Water", "url": "http://example.org/2", "date": "20.01.2018"},
            ]
        }
    }
)

SITEMAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>http://example.org/news/road-reopens</loc>
<lastmod>2018-01-22</lastmod><news:news><news:title>Road</news:title><news:publication_date>2018-01-22T10:00:00Z
</news:publication_date></news:news></url><url><loc>/2018/01/water-%C3%A1</loc></url></urlset>"""

SITEMAP_INDEX = """<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap>
<loc>http://example.org/s1.xml.gz</loc><lastmod>2018-01-22T10:00:00+00:00</lastmod></sitemap></sitemapindex>"""

PAGES = [text.encode() for text in (LISTING, ARTICLES)]
FEEDS = [text.encode() for text in (RSS, ATOM, RDF, JSON_FEED, JSON, SITEMAP, SITEMAP_INDEX)]

CONTENT_TYPES = (
    "",
    "text/html",
    "text/html; charset=utf-16",
    "text/xml; charset=koi8-r",
    "application/rss+xml",
    "application/json",
    'text/html; charset="nonsense',
    "\x00",
)

CONFIG = """\
publish:
  title: Peru watch
  base_url: http://127.0.0.1:8765/
  formats: [atom, rss, json]
  window: 50
  hub: none
serve: {host: 127.0.0.1, port: 8765}
state: state/
fetch:
  timeout: 30s
  max_bytes: 10MB
  per_host: {concurrency: 2, delay: 1s}
  allow: ["127.0.0.1:*", "10.0.0.0/8:80"]
defaults: &d {every: 1h, timezone: UTC, language: en}
notify: ["mailto://user:${PASSWORD}@example.org"]
sources:
  psg:
    title: Peru Support Group
    url: http://perusupportgroup.example/news.php?key=${KEY}
    every: 30m
    selectors: {items: "ul.news > li", title: "h3", link: "h3 a::attr(href)", date: .date}
    headers: {X-Api-Key: "${KEY}"}
    auth: {user: ana, password: $$1}
  feed: {url: 'http://example.org/feed', json: {items: data.posts, title: title.rendered}}
topics:
  las-bambas:
    title: Las Bambas
    any: ["Las Bambas", '"mining corridor"~', MMG=]
    none: [football]
    was: [bambas]
  mines:
    query: |
      (mine OR mina*) AND NOT topic:las-bambas
      AND "open pit"~3
"""

OPML = """<?xml version="1.0" encoding="UTF-8"?><opml version="2.0"><head><title>Mine</title></head><body>
<outline text="Per&#250;"><outline type="rss" text="Road" xmlUrl="http://example.org/a?x=1&amp;y=2" htmlUrl="/"/>
<outline text="Deeper"><outline title="Water" xmlUrl="feed:b" language="es"/></outline></outline></body></opml>"""

ROBOTS = """# ours
User-agent: aggregator
Disallow: /private
Allow: /private/news$
Crawl-delay: 2.5

User-agent: *
Disallow: /*?sort=
Sitemap: http://example.org/sitemap.xml
"""

FORM = (
    "hub.mode=subscribe&hub.topic=http%3A%2F%2Ffeeds.example%2Ffeeds%2Fall.atom"
    "&hub.callback=http%3A%2F%2Freader.example%2Fcb%3Fa%3D1&hub.lease_seconds=864000&hub.secret=s3cret"
)

HEAD = (
    "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: 12\r\n"
    'ETag: W/"abc"\r\nLast-Modified: Mon, 22 Jan 2018 10:00:00 GMT\r\nCache-Control: public, max-age=600\r\n'
    "Age: 60\r\nExpires: Mon, 22 Jan 2018 11:00:00 GMT\r\nRetry-After: 120\r\nLocation: /news/2018?a=b#c\r\n"
    "Set-Cookie: wall=1; Path=/\r\nTransfer-Encoding: chunked\r\nContent-Encoding: gzip, br\r\n"
    'Link: <http://example.org/feed>; rel="alternate"\r\n folded: yes'
)

ANSWERS = (
    b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n<p>page</p>",
    b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"5;a=b\r\n<p>pa\r\n6\r\nge</p>\r\n0\r\nX-Sum: 1\r\n\r\n",
    b"HTTP/1.0 200\nX-Long: a\n b\n\n<p>page</p></html>",
    b"HTTP/1.1 304 Not Modified\r\nContent-Length: 11\r\n\r\n",
)

DATES = (
    "22 enero 2018", "Update 120. 31 March 2007", "Mon, 22 Jan 2018 10:00:00 GMT", "2018-01-22T10:00:00+01:00",
    "05/06/2018", "hace 2 días", "令和2年3月4日", "yesterday at 5 pm", "1516618800", "Posted on Jan 3rd, 12:30",
    "٢٢ يناير ٢٠١٨", "22.1.18 - 25.1.18", "12h ago", "20180122", "",
)  # fmt: skip

ADDRESSES = (
    "http://example.org/news/1?utm_source=x&id=7#top",
    "HTTPS://www.Example.org:443/a/../b/./index.html",
    "/2016/03/diálogo",
    "//cdn.example.org/x",
    "?page=2",
    "http://user:pw@[::1]:8080/",
    "https://web.archive.org/web/2018/http://example.org/1",
    "https://l.example/url?q=http%3A%2F%2Fexample.org%2F1",
    "mailto:ana@example.org",
    "http://münchen.example/ä%2Fb",
)

REQUESTS = (
    "GET /feeds/all.atom HTTP/1.1\r\nHost: feeds.example\r\nAccept-Encoding: br;q=0.5, gzip\r\n"
    'If-None-Match: W/"abc", "def"\r\nIf-Modified-Since: Sun, 01 Mar 2026 12:00:00 GMT\r\n\r\n',
    "GET /feeds/sources/psg.rss?x=1 HTTP/1.1\r\nHost: feeds.example\r\nRange: bytes=0-9\r\n\r\n",
    "GET /topics/las-bambas?page=2 HTTP/1.0\r\n\r\n",
    "HEAD /feeds/../../state/aggregator.sqlite HTTP/1.1\r\nHost: a\r\n\r\n",
    "GET /feeds/%2e%2e%2fkept.txt HTTP/1.1\r\nHost: a\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    f"POST /hub HTTP/1.1\r\nHost: a\r\nContent-Length: {len(FORM)}\r\n\r\n{FORM}",
)

QUERIES = (
    '("mining corridor" OR bambas~) -title:football min*',
    '"las bambas"~ NOT (road | mine= ) url:example.org/news',
    'oil NEAR/5 (spill OR "open pit") after:2018-01',
    r"title:/gold\s+(copper|tin)/ lang:es tag:mines before:2018-01-22",
)
