"""The plain entry, as feedgen and the extension write it in Atom, without them.

Nine of ten entries are a title, a link, a date and a few lines; feedgen makes forty objects of
one. A property in tests/adapters/test_feedgen.py holds that it would write the same bytes.
"""

from __future__ import annotations

from html import escape

from aggregator.core.feeds import Shown, entry_links
from aggregator.model import Feed, Link


def plain_entry(feed: Feed, shown: Shown) -> bytes | None:
    """Return the element of an entry; ``None``: it holds more, so feedgen is to write it."""
    of, entry = shown.of, shown.of.entry
    if shown.link is None or of.also_at or entry.enclosures or entry.image:
        return None
    is_foreign = entry.language is not None and entry.language != feed.language
    updated = shown.updated.isoformat()
    parts = (
        f'<entry xml:lang="{_attribute(entry.language or "")}">' if is_foreign else "<entry>",
        f"<id>{_text(shown.id)}</id><title>{_text(shown.title)}</title>",
        f"<updated>{updated}</updated>",
        *(f"<author><name>{_text(name)}</name></author>" for name in shown.authors if name),
        f'<content type="html">{_text(shown.content)}</content>' if shown.content else "",
        f"<summary>{_text(shown.summary)}</summary>" if shown.summary else "",
        *(_category(topic, f' scheme="{_attribute(feed.base_url)}"') for topic in of.topics),
        *(_category(own, "") for own in entry.categories),
        f"<published>{shown.published.isoformat()}</published>",
        *map(_link, entry_links(shown)),
        f"<source><id>{_text(of.source_url)}</id><title>{_text(of.source_title)}</title>",
        f"<updated>{updated}</updated>",
        _link(Link(href=of.source_url, type="text/html")),
        "</source></entry>",
    )
    return "".join(parts).encode()


def _category(term: str, scheme: str) -> str:
    return f'<category term="{_attribute(term)}"{scheme}/>'


def _link(link: Link) -> str:
    return f'<link rel="{link.rel}" type="{link.type}" href="{_attribute(link.href)}"/>'


def _text(text: str) -> str:
    return escape(text, quote=False).replace("\r", "&#13;")


def _attribute(text: str) -> str:
    found = _text(text).replace('"', "&quot;")
    return found if found.isprintable() else found.replace("\n", "&#10;").replace("\t", "&#9;")
