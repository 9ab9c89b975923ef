"""Feeds of all ages and in all states of repair."""

import gzip
import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.extract.feeds import read_feed
from aggregator.core.extract.selectors import MAX_ITEMS
from aggregator.model import Enclosure, Extraction, Item, Kind, Trouble

URL = "http://feeds.example.org/news.xml"
NAMESPACES = (
    'xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" '
    'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
)
FEEDBURNER = 'xmlns:f="http://rssnamespace.org/feedburner/ext/1.0"'
ITEM = "<item><title>One</title><link>http://example.org/1</link></item>"


def rss(items: str = ITEM, *, head: str = "") -> str:
    return (
        f'<rss version="2.0" {NAMESPACES}><channel><title>News</title>{head}{items}</channel></rss>'
    )


def atom(entries: str, *, head: str = "", attributes: str = "") -> str:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}>{head}{entries}</feed>'


def read(feed: str | bytes, content_type: str = "application/xml") -> Extraction:
    body = feed if isinstance(feed, bytes) else feed.encode()
    return read_feed(body, content_type=content_type, base_url=URL)


def only(feed: str) -> Item:
    (item,) = read(feed).items
    return item


def titled(markup: str) -> str:
    return only(rss(f"<item><title>{markup}</title></item>")).title


# ---- what a feed says ------------------------------------------------------------------


def test_an_rss_item_is_read_whole() -> None:
    item = only(
        rss(
            "<item><title>Talks</title><link>http://example.org/talks</link>"
            '<guid isPermaLink="false">n-1</guid><pubDate>Fri, 20 Nov 2026 10:00:00</pubDate>'
            "<dc:creator>Ana</dc:creator><dc:creator>Luis</dc:creator>"
            "<category>Mining</category><category domain='x'>Perú</category>"
            "<description>Short &amp;amp; plain</description>"
            "<content:encoded><![CDATA[<p>Long</p>]]></content:encoded>"
            '<enclosure url="/a.mp3" type="audio/mpeg" length="12"/>'
            '<media:thumbnail url="http://example.org/t.jpg"/></item>',
            head="<link>http://example.org/</link>",
        )
    )

    assert item == Item(
        title="Talks",
        link="http://example.org/talks",
        guid="n-1",
        published="Fri, 20 Nov 2026 10:00:00",
        summary="Short & plain",
        content="<p>Long</p>",
        authors=("Ana", "Luis"),
        categories=("Mining", "Perú"),
        image="http://example.org/t.jpg",
        enclosures=(Enclosure(url="http://example.org/a.mp3", type="audio/mpeg", length_bytes=12),),
    )


def test_an_atom_entry_is_read_whole() -> None:
    item = only(
        atom(
            '<entry><title type="html">A &amp;amp; &lt;b>B&lt;/b></title>'
            '<id>tag:example.org,2026:1</id><link rel="self" href="/self"/>'
            '<link rel="alternate" type="application/pdf" href="/p"/>'
            '<link rel="alternate" type="text/html" href="/one"/>'
            '<link rel="enclosure" type="image/png" href="/i.png" length="x"/>'
            "<published>2026-01-02</published><updated>2026-01-03T00:00:00Z</updated>"
            "<author><name>Ana</name><email>a@example.org</email></author>"
            '<category term="m" label="Mining"/><category term="peru"/>'
            "<summary>S</summary><content type='html'>&lt;p>C&lt;/p></content></entry>"
        )
    )

    assert item == Item(
        title="A & B",
        link="http://feeds.example.org/one",
        guid="tag:example.org,2026:1",
        published="2026-01-02",
        updated="2026-01-03T00:00:00Z",
        summary="S",
        content="<p>C</p>",
        authors=("Ana",),
        categories=("Mining", "peru"),
        image="http://feeds.example.org/i.png",
        enclosures=(Enclosure(url="http://feeds.example.org/i.png", type="image/png"),),
    )


def test_an_rdf_item_is_read() -> None:
    found = read(
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        'xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<channel><title>Old</title><dc:language>fr</dc:language></channel>"
        '<item rdf:about="http://example.org/1"><title>One</title><dc:date>2004-05</dc:date></item>'
        "</rdf:RDF>"
    )

    assert (found.kind, found.title, found.language) == (Kind.RSS, "Old", "fr")
    assert found.items == (
        Item(
            title="One",
            link="http://example.org/1",
            guid="http://example.org/1",
            published="2004-05",
        ),
    )


def test_a_json_feed_is_read() -> None:
    found = read(
        json.dumps(
            {
                "version": "https://jsonfeed.org/version/1.1",
                "title": "J",
                "language": "de",
                "next_url": "/2.json",
                "authors": [{"name": "Ana"}, 3],
                "items": [
                    {
                        "id": 1,
                        "url": "/one",
                        "title": "One ",
                        "content_html": "<p>a</p><p>b</p>",
                        "date_modified": "2026-01-01T00:00:00Z",
                        "tags": ["x", 1],
                        "attachments": [
                            {"url": "/a.mp3", "mime_type": "audio/mpeg", "size_in_bytes": 5},
                            {"url": ""},
                            7,
                        ],
                    },
                    {
                        "id": "http://example.org/2",
                        "content_text": "a < b",
                        "author": {"name": "L"},
                    },
                    "no object",
                ],
            }
        )
    )

    first, second = found.items
    assert (found.title, found.language) == ("J", "de")
    assert found.next_url == "http://feeds.example.org/2.json"
    assert first == Item(
        title="One",
        link="http://feeds.example.org/one",
        guid="1",
        published="2026-01-01T00:00:00Z",
        updated="2026-01-01T00:00:00Z",
        summary="a\n\nb",
        content="<p>a</p><p>b</p>",
        authors=("Ana",),
        categories=("x",),
        enclosures=(
            Enclosure(url="http://feeds.example.org/a.mp3", type="audio/mpeg", length_bytes=5),
        ),
    )
    assert (second.link, second.content, second.authors) == (
        "http://example.org/2",
        "a &lt; b",
        ("L",),
    )
    assert len(found.dropped) == 1


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ('{"version": "https://jsonfeed.org/version/1", "items": [', Trouble.BROKEN_FEED),
        ('{"version": "https://jsonfeed.org/version/1", "items": 3}', Trouble.EMPTY_LIST),
        (
            '{"version": "https://jsonfeed.org/version/1", "a": ' + "[" * 100_000,
            Trouble.BROKEN_FEED,
        ),
    ],
)
def test_a_json_feed_without_items_says_why(text: str, trouble: Trouble) -> None:
    diagnosis = read(text).diagnosis

    assert diagnosis is not None
    assert diagnosis.trouble is trouble


def test_what_a_feed_says_of_itself_is_kept() -> None:
    found = read(
        rss(
            head='<language>es</language><ttl>90</ttl><atom:link rel="next" href="http://example.org/2"/>'
        )
    )

    assert found.title == "News"
    assert found.language == "es"
    assert found.refresh_after == timedelta(minutes=90)
    assert found.next_url == "http://example.org/2"


@pytest.mark.parametrize(
    ("head", "wait"),
    [
        ("<ttl>x</ttl>", None),
        ("<ttl>-5</ttl>", None),
        ("<ttl>9999999</ttl>", timedelta(days=365)),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", timedelta(days=1)),
        (
            "<sy:updatePeriod> Hourly </sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>",
            timedelta(minutes=15),
        ),
        ("<sy:updatePeriod>often</sy:updatePeriod>", None),
    ],
)
def test_a_feed_may_ask_to_be_left_alone(head: str, wait: timedelta | None) -> None:
    assert read(rss(head=head)).refresh_after == wait


# ---- titles, dates, links --------------------------------------------------------------


@pytest.mark.parametrize(
    ("markup", "title"),
    [
        ("Tom &amp; Jerry", "Tom & Jerry"),
        ("Tom &amp;amp; Jerry", "Tom & Jerry"),
        ("<![CDATA[Tom &amp; Jerry]]>", "Tom & Jerry"),
        ("&lt;b&gt;Bold&lt;/b&gt; news", "Bold news"),
        ("The &amp;lt;b&amp;gt; element", "The <b> element"),
        ("3 &lt; 4 &gt; 2", "3 < 4 > 2"),
        ("List&lt;String&gt;", "List<String>"),
        ("Caf&amp;eacute; &amp;#8217;26", "Café ’26"),
        ("A <i>nested</i> tag", "A nested tag"),
        ("&lt;script&gt;alert(1)&lt;/script&gt;News", "News"),
        (" two\n  lines ", "two lines"),
        ("AT&T &nbsp;&copy; &bogus;", "AT&T © &bogus;"),
        ("R&D < fun", "R&D < fun"),
        ("bell &#7;&#x110000;&#xD800;rings", "bell rings"),
    ],
)
def test_a_title_is_text_decoded_once(markup: str, title: str) -> None:
    assert titled(markup) == title


def test_the_text_of_an_atom_title_is_taken_word_for_word() -> None:
    plain = atom("<entry><title>The &lt;b&gt; &amp;amp; tag</title></entry>")
    xhtml = atom(
        '<entry><title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>b</b></div>'
        "</title></entry>"
    )

    assert only(plain).title == "The <b> &amp; tag"
    assert only(xhtml).title == "A b"


@pytest.mark.parametrize(
    "written",
    [
        "Mon, 99 Foo 2026 77:88:99 XYZ",
        "31 de marzo de 2026",
        "2023-02-29",
        "2026-11-20T10:00:00+99:99",
    ],
)
def test_a_date_is_kept_as_it_is_written(written: str) -> None:
    assert (
        only(rss(f"<item><title>a</title><pubDate>{written}</pubDate></item>")).published == written
    )


def test_an_empty_date_gives_way_to_another_one() -> None:
    item = only(rss("<item><title>a</title><pubDate/><dc:date>2026-01-02</dc:date></item>"))

    assert item.published == "2026-01-02"


@pytest.mark.parametrize(
    ("parts", "link"),
    [
        ("<link>/one</link>", "http://site.example.org/one"),
        ("<guid>http://example.org/g</guid>", "http://example.org/g"),
        ('<guid isPermaLink="false">http://example.org/g</guid>', ""),
        ("<guid>17</guid>", ""),
        ('<atom:link href="/two"/>', "http://site.example.org/two"),
        ('<link/><atom:link rel="related" href="/three"/>', "http://site.example.org/three"),
        ('<atom:link rel="self" href="/four"/>', ""),
        ("<link>http://[bad</link>", ""),
        ("<link>javascript:alert(1)</link>", "javascript:alert(1)"),
        (
            f"<link>http://a/1</link><f:origLink {FEEDBURNER}>http://b/1</f:origLink>",
            "http://b/1",
        ),
    ],
)
def test_the_link_of_an_item_is_found(parts: str, link: str) -> None:
    head = "<link>http://site.example.org/news/</link>"

    assert only(rss(f"<item><title>a</title>{parts}</item>", head=head)).link == link


def test_xml_base_says_what_links_are_relative_to() -> None:
    item = only(
        atom(
            '<entry xml:base="2026/"><title>a</title><link href="one"/>'
            '<content type="html">&lt;a href="two">x&lt;/a> &lt;img src="http://b/c">'
            "</content></entry>",
            attributes='xml:base="http://example.org/n/"',
        )
    )

    assert item.link == "http://example.org/n/2026/one"
    assert item.content == '<a href="http://example.org/n/2026/two">x</a> <img src="http://b/c">'


def test_a_guid_that_stands_for_several_links_is_no_guid() -> None:
    same = "<item><title>{0}</title><link>http://a/{0}</link><guid>same</guid></item>"
    found = read(rss(same.format(1) + same.format(2) + "<item><guid>own</guid></item>"))

    assert [item.guid for item in found.items] == ["", "", "own"]
    assert len(found.warnings) == 1


def test_a_guid_that_is_repeated_for_one_link_stays() -> None:
    twice = "<item><title>a</title><link>http://a/1</link><guid>same</guid></item>" * 2

    assert [item.guid for item in read(rss(twice)).items] == ["same", "same"]


# ---- text and content ------------------------------------------------------------------


def test_a_description_in_html_is_both_content_and_summary() -> None:
    item = only(
        rss(
            '<item><description><![CDATA[<p>One &amp; two</p><p>Three <a href="x">x</a></p>]]>'
            "</description></item>"
        )
    )

    assert item.summary == "One & two\n\nThree x"
    assert item.content.endswith('<a href="http://feeds.example.org/x">x</a></p>')


def test_xhtml_content_becomes_html() -> None:
    item = only(
        atom(
            '<entry><content type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml">'
            "<h:p>a &lt; b<h:br/>c</h:p></h:div></content></entry>"
        )
    )

    assert item.content == "<div><p>a &lt; b<br>c</p></div>"
    assert item.summary == "a < b c"


@pytest.mark.parametrize(
    ("content", "html"),
    [
        ('<content type="text">a &lt;b&gt;</content>', "a &lt;b&gt;"),
        ('<content type="image/png">aGk=</content>', ""),
        ('<content type="text/html">&lt;i>x&lt;/i></content>', "<i>x</i>"),
        ('<content type="text/markdown">**x**</content>', "**x**"),
        ("<content/>", ""),
    ],
)
def test_content_is_read_by_its_type(content: str, html: str) -> None:
    assert only(atom(f"<entry><title>a</title>{content}</entry>")).content == html


@pytest.mark.parametrize(
    ("parts", "authors"),
    [
        ("<author>ana@example.org (Ana Díaz)</author>", ("Ana Díaz",)),
        ("<author>ana@example.org</author>", ("ana@example.org",)),
        ("<itunes:author>Ana</itunes:author><dc:creator>Ana</dc:creator>", ("Ana",)),
        ("<author><email>a@example.org</email></author>", ("a@example.org",)),
        ("<author/>", ()),
        ("".join(f"<author>{i}</author>" for i in range(40)), tuple(map(str, range(30)))),
    ],
)
def test_authors_are_names(parts: str, authors: tuple[str, ...]) -> None:
    assert only(rss(f"<item><title>a</title>{parts}</item>")).authors == authors


def test_an_atom_feeds_author_is_that_of_its_entries() -> None:
    feed = atom("<entry><title>a</title></entry>", head="<author><name>Ana</name></author>")

    assert only(feed).authors == ("Ana",)


def test_pictures_and_films_are_told_apart() -> None:
    item = only(
        rss(
            '<item><media:group><media:content url="/f.mp4" type="video/mp4" fileSize="9"/>'
            '<media:content url="/p.jpg" medium="image"/></media:group>'
            '<enclosure url="/f.mp4"/><link>http://a/</link></item>'
        )
    )

    assert item.image == "http://feeds.example.org/p.jpg"
    assert item.enclosures == (Enclosure(url="http://feeds.example.org/f.mp4"),)


def test_an_image_element_counts_as_the_picture() -> None:
    image = "<item><title>a</title><image><url>/i.png</url></image></item>"

    assert only(rss(image)).image == "http://feeds.example.org/i.png"


# ---- encodings -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "codec"),
    [("UTF-16", "utf-16"), ("utf-9000", "utf-8"), ("iso-8859-1", "cp1252"), ("UTF-8", "utf-8-sig")],
)
def test_the_bytes_decide_about_the_encoding(declared: str, codec: str) -> None:
    text = f'<?xml version="1.0" encoding="{declared}"?>' + rss(
        "<item><title>Perú – ñ</title></item>"
    )

    assert read(text.encode(codec)).items[0].title == "Perú – ñ"


def test_a_gzip_file_is_unpacked() -> None:
    assert len(read(gzip.compress(rss().encode())).items) == 1


# ---- damage ----------------------------------------------------------------------------


def test_a_whole_feed_gives_no_warning() -> None:
    assert read(rss()).warnings == ()


@pytest.mark.parametrize(
    "feed",
    [
        "\n\n<br />\nWarning: no database\n<?xml version='1.0'?>\n" + rss(),
        rss() + "\n<script>track()</script><!-- 0.3 s -->",
        rss().replace("One", "O\x01n\x0be"),
        rss().replace("<rss ", '<rss version="1" '),
        rss().replace("</item>", "<x:y>z</x:y></item>"),
        '<?xml-stylesheet href="http://127.0.0.1:1/x.xsl"?>' + rss(),
    ],
    ids=["front", "behind", "controls", "attribute", "prefix", "stylesheet"],
)
def test_harmless_damage_costs_nothing(feed: str) -> None:
    found = read(feed)

    assert [item.title for item in found.items] == ["One"]
    assert found.warnings == ()


def test_the_whole_items_of_a_feed_that_is_cut_off_are_kept() -> None:
    found = read(rss(ITEM * 3)[:-40])

    assert [item.title for item in found.items] == ["One", "One"]
    assert "broken" in found.warnings[0]
    assert "ends inside" in found.dropped[0].reason


def test_a_feed_that_is_cut_between_items_loses_none() -> None:
    found = read(rss(ITEM * 3).removesuffix("</channel></rss>"))

    assert len(found.items) == 3
    assert found.dropped == ()


def test_markup_that_nobody_escaped_costs_no_items() -> None:
    crossed = (
        "<item><title>Two</title><description>a<br>b</description><link>http://a/2</link></item>"
    )
    found = read(rss(crossed + ITEM))

    assert [item.title for item in found.items] == ["Two", "One"]
    assert [item.link for item in found.items] == ["http://a/2", "http://example.org/1"]


def _broken(description: str, *, inside: str = "") -> str:
    """Return a feed of two items, damaged in the first one's description or in the channel."""
    items = "".join(
        f"<item><title>Story {n} &amp; more</title><link>http://x.org/{n}?a=1&amp;b=2</link>"
        f"<description>{text}</description></item>"
        for n, text in ((1, description), (2, "whole &lt;b&gt;text&lt;/b&gt;"))
    )
    return f"<rss version='2.0'><channel><title>T</title>{inside}{items}</channel></rss>"


@pytest.mark.parametrize(
    "feed",
    [
        _broken("<p>one<br>two"),
        _broken("<p>one", inside="<image><url>/i.png</url>"),
        _broken("one <!-- a -- b --> two"),
        _broken("<ul><li>one<li>two</ul>", inside="</image>"),
        _broken("one </p>", inside="<a><b></a></b>"),
    ],
)
def test_damage_in_one_place_changes_nothing_in_another(feed: str) -> None:
    items = read(feed).items

    assert [item.title for item in items] == ["Story 1 & more", "Story 2 & more"]
    assert [item.link for item in items] == ["http://x.org/1?a=1&b=2", "http://x.org/2?a=1&b=2"]
    assert items[1].content == "whole <b>text</b>"
    assert "Story" not in items[0].summary


@pytest.mark.parametrize(
    "before", ["", "</channel></rss>"], ids=["markup", "a channel that ends too early"]
)
def test_pictures_and_files_of_a_damaged_item_are_found_too(before: str) -> None:
    crossed = (
        "<item><title>Two</title><description>a<br>b</description><link>http://a/2</link>"
        '<media:thumbnail url="http://[bad"/><media:thumbnail url="/t.jpg"/>'
        '<enclosure url="/a.mp3" type="audio/mpeg"/><enclosure url="http://[bad"/></item>'
    )
    (item,) = read(rss(before + crossed)).items

    assert (item.title, item.link) == ("Two", "http://a/2")
    assert item.image == "http://feeds.example.org/t.jpg"
    assert [one.url for one in item.enclosures] == ["http://feeds.example.org/a.mp3"]


def test_a_section_that_nothing_ends_hides_no_items() -> None:
    torn = (
        "<item><title>Two <i>&ldquo;a&rdquo;</i></title><description><![CDATA[a &eacute; b"
        "</description></item>"
    )

    found = read(rss(torn + ITEM))

    assert [item.title for item in found.items] == ["Two “a”", "One"]
    assert found.items[0].summary == "a é b"


def test_links_that_damage_made_a_text_are_no_files() -> None:
    found = read(rss("</channel><item><title>Two</title><links>x</links></item>" + ITEM))

    assert [item.enclosures for item in found.items] == [(), ()]


@pytest.mark.parametrize("name", ["00", "x:00", "-b", "é"])
def test_what_damage_makes_of_a_name_is_no_reason_to_give_up(name: str) -> None:
    (item,) = read(rss(f"<item><title>One <{name}>two</{name}></title><oops></item>")).items

    assert item.title.startswith("One")


def test_damage_is_told_with_its_line() -> None:
    found = read("<!-- one\ntwo -->\n" + rss(ITEM + "\n<oops>"))

    assert found.warnings[0].startswith("the feed is broken (line 4: ")


@pytest.mark.parametrize(
    ("feed", "trouble"),
    [
        ("", Trouble.BROKEN_FEED),
        ("no feed at all", Trouble.BROKEN_FEED),
        ("<html><body>x</body></html>", Trouble.BROKEN_FEED),
        ("<rss><channel><title>x", Trouble.BROKEN_FEED),
        ("<rss", Trouble.BROKEN_FEED),
        (rss(""), Trouble.EMPTY_LIST),
    ],
)
def test_a_feed_without_items_says_why(feed: str, trouble: Trouble) -> None:
    found = read(feed, "application/rss+xml")

    assert found.items == ()
    assert found.diagnosis is not None
    assert found.diagnosis.trouble is trouble


# ---- attacks ---------------------------------------------------------------------------


def test_no_entity_expands() -> None:
    names = [f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">' for i in range(1, 10)]
    laughs = f'<!DOCTYPE rss [<!ENTITY a0 "ha">{"".join(names)}]>'
    found = read(laughs + rss("<item><title>x &a9;</title></item>"))

    assert [item.title for item in found.items] == ["x &a9;"]


def test_no_file_is_read() -> None:
    outside = '<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd"/>'
    found = read(outside + rss(f"<item><title>x &x;</title>{include}</item>"))

    assert found.items == (Item(title="x &x;"),)


def test_deep_nesting_does_no_harm() -> None:
    found = read(rss(ITEM + "<a>" * 50_000 + "</a>" * 50_000))

    assert [item.title for item in found.items] == ["One"]


def test_a_dump_is_read_up_to_a_limit() -> None:
    found = read(rss(ITEM * (MAX_ITEMS + 7)))

    assert len(found.items) == MAX_ITEMS
    assert found.dropped[0].text == "7 more"


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(body: bytes) -> None:
    found = read(body, "application/rss+xml")

    assert found.items or found.diagnosis


TAGS = "item /item entry title /title link /link link/ guid description /description br a:b"
PIECES = st.sampled_from([f"<{tag}>" for tag in TAGS.split(" ")]) | st.sampled_from(
    [
        *("<![CDATA[", "]]>", "<!--", "-->", "<?x?>", "</channel>", "</rss>"),
        *('<link href="u"/>', '<content type="xhtml">', "<author>", "<pubDate>", "http://a/1"),
        *("&amp;", "&nbsp;", "&#0;", "&", "<", ">", "x", "é", "\x00"),
    ]
)


@given(st.lists(PIECES, max_size=30))
def test_no_damage_crashes_the_reader(pieces: list[str]) -> None:
    found = read("<rss><channel>" + "".join(pieces))

    assert found.items or found.diagnosis


def test_mistakes_of_the_last_reader_cost_nothing_that_was_read() -> None:
    found = read('<rss version="2.0"><channel<item <link></item/</link></rss>')  # a KeyError in it

    assert found.warnings[0].startswith("the feed is broken")


@pytest.mark.parametrize(
    ("written", "title"),
    [
        (r"Fire \ud83d", "Fire \ufffd"),
        (r"\uDE00 smoke", "\ufffd smoke"),
        (r"\ud83d\ude00", "😀"),
        (r"\\ud83d", r"\ud83d"),
        (r"\u00e1", "á"),
    ],
)
def test_half_a_character_in_json_becomes_one_that_can_be_written(written: str, title: str) -> None:
    feed = '{"version": "https://jsonfeed.org/version/1.1", "title": "%s", "items": []}'

    assert read(feed % written).title == title
