"""Two sample sites on loopback, whose pages change as the years go by.

They are shaped like real pages of their time: date lines with words before them, side boxes
that look like news, a dated event without a title, ten items of one day.
"""

from __future__ import annotations

import re
import threading
from dataclasses import dataclass
from functools import cache
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from typing import Any

import yaml

_RELAUNCHED = 2016

BOXES = (
    (
        "Our Aims",
        "The network brings together people who live along rivers and people who study them.",
    ),
    (
        "Rivers of the Coast",
        "Fifty-three rivers cross the desert. Most carry water for three months.",
    ),
    ("Human Rights", "Those who speak for a river are often alone. We walk with them."),
    ("Why join us?", "Keep up with the news of the valley. Support our work. Become a member."),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One item of the sample page."""

    number: int
    year: int  # whose page showed it first
    title: str | None
    date: str
    text: tuple[str, ...]


@cache
def years() -> tuple[tuple[int, tuple[Story, ...]], ...]:
    """Return the years and their stories, oldest year first, newest story first."""
    text = resources.files(__package__).joinpath("stories.yaml").read_text(encoding="utf-8")
    number = 100
    chapters = []
    for chapter in yaml.safe_load(text):
        stories = []
        for one in chapter["stories"]:
            number += 1
            stories.append(
                Story(
                    number=number,
                    year=int(chapter["year"]),
                    title=one["title"],
                    date=one["date"],
                    text=tuple(one["text"]),
                )
            )
        chapters.append((int(chapter["year"]), tuple(stories)))
    return tuple(chapters)


def network_page(at: int) -> str:
    """Return the listing of the first site after *at* years: ten items, then side boxes."""
    year = years()[at][0]
    stories = [story for _, chapter in reversed(years()[: at + 1]) for story in chapter][:10]
    items = "\n".join(_item(story, year) for story in stories)
    boxes = "\n".join(
        f"<li><h3><a href='/about#{at}'>{escape(title)}</a></h3><p>{escape(text)}</p></li>"
        for at, (title, text) in enumerate(BOXES)
    )
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Andean Rivers "
        "Network: news</title></head><body><div id='nav'><a href='/'>Home</a> <a href='/about'>"
        f"About</a></div><ul class='news'>\n{items}\n</ul><ul class='side'>\n{boxes}\n</ul></body></html>"
    )


def _item(story: Story, year: int) -> str:
    link = escape(_address(story, year))
    heading = f"<h3><a href='{link}'>{escape(story.title)}</a></h3>" if story.title else ""
    paragraphs = "".join(f"<p>{escape(text)}</p>" for text in story.text)
    return f"<li>{heading}<div class='date'>{escape(story.date)}</div>{paragraphs}</li>"


def _address(story: Story, year: int) -> str:
    """Return where the story lies in *year*: the site was relaunched twice.

    The items of a bulletin share its address; a relaunch gives every story another one.
    """
    if story.date.startswith("Bulletin"):
        return f"/{story.date.partition('.')[0].replace(' ', '-').lower()}.html"
    if year < _RELAUNCHED:
        return f"/news-article-{story.number}.html"
    return f"/{story.year}/{_slug(story.title or '')}-{story.number}/"


def _slug(title: str) -> str:
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:60]


def herald_page(at: int) -> str:
    """Return the listing of the second site: a paper that reprints some of the stories."""
    stories = [
        story
        for _, chapter in reversed(years()[: at + 1])
        for story in chapter
        if story.title and ("Molinos" in story.title or "dam" in story.title)
    ][:10]
    cards = "\n".join(
        f"<article><a href='/valley/{story.number}'><h2>{escape(story.title or '')}</h2>"
        f"<time>{escape(story.date)}</time><p>{escape(story.text[0])}</p></a></article>"
        for story in stories
    )
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>Valley Herald</title>"
        f"</head><body><main>\n{cards}\n</main><footer>Valley Herald</footer></body></html>"
    )


class SampleSite:
    """Serves both sites on one port of 127.0.0.1; `advance` turns to the next year."""

    def __init__(self) -> None:
        self.at = 0
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                page = {"/news.php": network_page, "/valley/": herald_page}.get(self.path)
                body = (page(site.at) if page else "<p>not here</p>").encode()
                self.send_response(200 if page else 404)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Stay silent: the daemon tells what happens."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        """Return the port it listens on."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Serve in a thread."""
        self._thread.start()

    def advance(self) -> int | None:
        """Turn to the next year and return it; ``None`` when there is none."""
        if self.at + 1 >= len(years()):
            return None
        self.at += 1
        return years()[self.at][0]

    def stop(self) -> None:
        """Close the port."""
        self._server.shutdown()
        self._server.server_close()
