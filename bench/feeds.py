"""Measures how feeds of every kind and damage are read: items, titles, links, dates, time.

Run ``python -m bench.feeds``. The feeds are made here, the way other people's generators make
them; fastfeedparser and feedparser take part when they are installed. A reader is right about
an item when its title and its link are, and when its date means the same moment.
"""

from __future__ import annotations

import gzip
import importlib
import json
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any, NamedTuple

from aggregator.core.dates import read_date
from aggregator.core.extract.feeds import read_feed
from aggregator.model import Hints

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
BASE = "https://example.org/feed"
ITEMS = 20
Reader = Callable[[bytes], list["Told"]]


class Told(NamedTuple):
    """What a reader says of an item."""

    title: str
    link: str
    at: datetime | None


def expected(number: int) -> Told:
    at = datetime(2026, 2, 1, 10, 30, tzinfo=UTC) - timedelta(days=number)
    return Told(
        f"Story {number}: water & “light”", f"https://example.org/news/{number}?a=1&b=2", at
    )


def rss(item: str = "", *, head: str = '<?xml version="1.0" encoding="utf-8"?>') -> str:
    return (
        f'{head}<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>News</title><link>https://example.org/</link>{items(item or RSS_ITEM)}"
        "</channel></rss>"
    )


RSS_ITEM = (
    "<item><title>{title}</title><link>{link}</link><guid>{link}</guid><pubDate>{rfc822}</pubDate>"
    "<description>Text of &lt;b&gt;it&lt;/b&gt;.</description></item>\n"
)
ATOM_ENTRY = (
    '<entry><title>{title}</title><link href="{link}"/><id>{link}</id>'
    "<published>{iso}</published><updated>{iso}</updated><summary>Text of it.</summary></entry>\n"
)
RDF_ITEM = (
    '<item rdf:about="{link}"><title>{title}</title><link>{link}</link><dc:date>{iso}</dc:date>'
    "</item>\n"
)


def items(form: str) -> str:
    return "".join(_item(form, number) for number in range(ITEMS))


def _item(form: str, number: int) -> str:
    told = expected(number)
    at = told.at or NOW
    return form.format(
        title=told.title.replace("&", "&amp;"),
        link=told.link.replace("&", "&amp;"),
        rfc822=format_datetime(at),
        iso=at.isoformat(),
    )


def feeds() -> Iterator[tuple[str, bytes]]:
    """Yield the name and the bytes of each feed."""
    atom = (
        f'<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>{items(ATOM_ENTRY)}</feed>'
    )
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns='
        '"http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>News</title></channel>{items(RDF_ITEM)}</rdf:RDF>"
    )
    json_items = [
        {
            "id": told.link,
            "url": told.link,
            "title": told.title,
            "date_published": f"{told.at:%FT%TZ}",
        }
        for told in map(expected, range(ITEMS))
    ]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "News", "items": json_items}
    whole = rss()
    yield "RSS 2.0", whole.encode()
    yield "Atom 1.0", atom.encode()
    yield "RSS 1.0 (RDF)", rdf.encode()
    yield "RSS 0.91", whole.replace('version="2.0"', 'version="0.91"').encode()
    yield "JSON Feed 1.1", json.dumps(feed).encode()
    yield "RSS in gzip", gzip.compress(whole.encode())
    yield "RSS in UTF-16", whole.replace("utf-8", "utf-16").encode("utf-16")
    yield "RSS in windows-1252, said so", whole.replace("utf-8", "windows-1252").encode("cp1252")
    yield "UTF-8 that says iso-8859-1", whole.replace("utf-8", "iso-8859-1").encode()
    yield (
        "titles in CDATA",
        rss(RSS_ITEM.replace("{title}", "<![CDATA[{title}]]>")).replace("&amp; “", "& “").encode(),
    )
    yield (
        "blank lines and a warning before it",
        b"\n\n<b>Warning</b>: x in y.php\n" + whole.encode(),
    )
    yield "ampersands not escaped", whole.replace("&amp;", "&").encode()
    yield "entities of HTML", whole.replace("“", "&ldquo;").replace("”", "&rdquo;").encode()
    yield "control characters", whole.replace("Text", "Te\x0bxt\x00").encode()
    yield "a prefix nobody declared", whole.replace("<guid>", "<x:n>1</x:n><guid>").encode()
    yield "cut off in the last item", whole[: whole.rindex("<guid>")].encode()
    yield "bytes that are no UTF-8", whole.encode().replace(b"Text of", b"T\xe9xt of")
    yield (
        "tags not closed in descriptions",
        whole.replace("&lt;b&gt;it&lt;/b&gt;", "<p>it<br>").encode(),
    )
    yield "a comment with two dashes", whole.replace("<item>", "<!-- a -- b --><item>", 1).encode()


def ours(body: bytes) -> list[Told]:
    hints = Hints(now=NOW)
    found = read_feed(body, content_type="", base_url=BASE)
    return [
        Told(item.title, item.link, when.at if when else None)
        for item in found.items
        for when in [read_date(item.date_text, hints, machine=item.published)]
    ]


def others() -> dict[str, Reader]:
    """Return the readers that are installed."""
    readers: dict[str, Reader] = {}
    for name in ("fastfeedparser", "feedparser"):
        try:
            module: Any = importlib.import_module(name)
        except ImportError:
            print(f"{name} is not installed: left out")
            continue

        def read(body: bytes, module: Any = module) -> list[Told]:
            return [_told(entry) for entry in module.parse(body).entries]

        readers[name] = read
    return readers


def _told(entry: Any) -> Told:
    published = entry.get("published") or entry.get("updated")
    when = read_date("", Hints(now=NOW), machine=str(published or ""))
    return Told(entry.get("title") or "", entry.get("link") or "", when.at if when else None)


def main() -> None:
    readers = {"aggregator": ours, **others()}
    print(
        f"of {ITEMS} items right, and milliseconds a feed\n{'':38}"
        + "".join(f"{n:>22}" for n in readers)
    )
    totals = dict.fromkeys(readers, 0)
    for name, body in feeds():
        line = f"{name:38}"
        for reader_name, reader in readers.items():
            right, spent = _judged(reader, body)
            totals[reader_name] += right
            line += f"{right:12} {spent:7.1f} ms"
        print(line)
    everything = ITEMS * sum(1 for _ in feeds())
    print(
        f"{f'all of {everything}':38}"
        + "".join(f"{total:12}" + " " * 11 for total in totals.values())
    )


def _judged(reader: Reader, body: bytes) -> tuple[int, float]:
    started = time.perf_counter()
    try:
        found = reader(body)
    except Exception:  # noqa: BLE001 - a reader that fails has read nothing
        found = []
    spent = (time.perf_counter() - started) * 1000
    wanted = {expected(number) for number in range(ITEMS)}
    return len(wanted.intersection(found)), spent


if __name__ == "__main__":
    main()
