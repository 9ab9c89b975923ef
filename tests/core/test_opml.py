"""Subscription lists come in and go out whole, and harm nobody."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.opml import MAX_BYTES, MAX_DEPTH, OpmlOutline, parse_opml, render_opml
from aggregator.core.text import clean
from aggregator.errors import OpmlError

LIST = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
<!DOCTYPE opml SYSTEM "http://127.0.0.1:1/opml.dtd">
<opml version="1.1">
  <head><title>Mine</title></head>
  <body>
    <outline text="Per\xfa">
      <outline text="Deeper">
        <outline type="rss" text="Las Bambas &amp; more" xmlurl="http://example.org/a?x=1&amp;y=2"
                 htmlUrl="http://example.org/" description="d" language="es"/>
      </outline>
      <outline type="rss" title="Title wins" text="text" xmlUrl=" http://example.org/b "/>
    </outline>
    <outline text="no feed at all"/>
    <outline xmlUrl="http://example.org/c"><outline text="x" xmlUrl="feed:d"/></outline>
  </body>
</opml>
"""


def test_a_list_is_read_with_its_folders() -> None:
    outlines = parse_opml(LIST)

    assert outlines == (
        OpmlOutline(
            title="Las Bambas & more",
            feed_url="http://example.org/a?x=1&y=2",
            html_url="http://example.org/",
            description="d",
            language="es",
            folder=("Perú", "Deeper"),
        ),
        OpmlOutline(title="Title wins", feed_url="http://example.org/b", folder=("Perú",)),
        OpmlOutline(title="http://example.org/c", feed_url="http://example.org/c"),
        OpmlOutline(title="x", feed_url="feed:d"),
    )


def test_a_list_is_written_with_its_folders() -> None:
    outlines = [
        OpmlOutline(title='A "b" <c>', feed_url="http://x/a?b&c", folder=("Topics",)),
        OpmlOutline(title="B", feed_url="http://x/b", html_url="http://x/", folder=("Topics",)),
        OpmlOutline(title="All", feed_url="http://x/all", language="es"),
    ]

    document = render_opml("Peru & \x00watch", outlines)

    assert document.decode() == (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<opml version="2.0"><head><title>Peru &amp; watch</title></head><body>\n'
        '<outline text="Topics">\n'
        '<outline type="rss" text="A &quot;b&quot; &lt;c&gt;" title="A &quot;b&quot; &lt;c&gt;"'
        ' xmlUrl="http://x/a?b&amp;c"/>\n'
        '<outline type="rss" text="B" title="B" xmlUrl="http://x/b" htmlUrl="http://x/"/>\n'
        "</outline>\n"
        '<outline type="rss" text="All" title="All" xmlUrl="http://x/all" language="es"/>\n'
        "</body></opml>\n"
    )


BOMB = (
    b"""<!DOCTYPE opml [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><opml><body>&b;</body></opml>"""
)
OUTSIDE = (
    b"""<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/passwd">]><opml><body>&a;</body></opml>"""
)


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (b"", "line 1, column 1: no element found"),
        (b"<opml><body>&</body></opml>", "line 1, column 14: not well-formed"),
        (b"<opml><body/>", "line 1, column 14: no element found"),
        (b"<html></html>", "line 1: <html> is no OPML"),
        (b"<?xml version='1.0' encoding='x-none'?><opml/>", "line 1: unknown encoding"),
        (BOMB, "line 1: the entity 'a' is declared"),
        (OUTSIDE, "line 1: the entity 'a' is declared"),
        (b"<opml>" + b"<outline>" * 100_000, "line 1: folders nest too deep"),
        (b" " * (MAX_BYTES + 1), "10000001 bytes are more than 10000000"),
    ],
)
def test_what_is_no_list_is_told_with_its_place(document: bytes, reason: str) -> None:
    with pytest.raises(OpmlError) as raised:
        parse_opml(document)

    assert reason in str(raised.value)


TEXT = st.text(max_size=20).map(clean)
FOLDERS = st.lists(TEXT.filter(bool), max_size=MAX_DEPTH // 50).map(tuple)
OUTLINES = st.builds(
    OpmlOutline,
    title=TEXT.filter(bool),
    feed_url=TEXT.filter(bool),
    html_url=TEXT,
    description=TEXT,
    language=TEXT,
    folder=FOLDERS,
)


@given(TEXT, st.lists(OUTLINES, max_size=6))
def test_what_is_written_is_read_again(title: str, outlines: list[OpmlOutline]) -> None:
    assert parse_opml(render_opml(title, outlines)) == tuple(outlines)


@given(st.binary(max_size=200))
def test_no_bytes_crash_it(document: bytes) -> None:
    try:
        outlines = parse_opml(document)
    except OpmlError:
        return
    assert outlines == ()
