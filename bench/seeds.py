"""Run the real program over the five snapshots of the first user's page.

    python -m bench.seeds [--shared DIR] [--keep DIR] [--automatic]

Each seed text becomes a listing page with links as on the real site; the pages are served in
order of time on loopback, and ``aggregator refresh`` runs over each, twice. What comes out is
held against seeds_truth.json. Ends with 1 when anything differs.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bench.shared import shared_folder

ATOM = "{http://www.w3.org/2005/Atom}"
ORDER = ("001", "002", "004", "000", "003")  # 2007, 2014, 2016, 2018, 2019
REQUIRED = ("id", "title", "updated")

SELECTORS = """    selectors: {items: "ul.news > li", title: h3, link: "h3 a::attr(href)", date: .date, summary: p}
"""
CONFIG = """\
publish: {{title: Seeds, base_url: "http://127.0.0.1:8765/", dir: feeds, window: 100}}
state: state/
fetch: {{per_host: {{concurrency: 2, delay: 0s}}, robots: false, allow: ["127.0.0.1:{port}"]}}
sources:
  psg:
    title: Peru Support Group
    url: http://127.0.0.1:{port}/news.php
    timezone: Europe/London
{selectors}topics:
  las-bambas: {{title: Las Bambas, query: {query}}}
"""


@dataclass
class Report:
    """What was right and what was not."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)

    def expect(self, holds: object, otherwise: str) -> None:
        """Count a check; keep what it says when it does not hold."""
        if holds:
            self.right += 1
        else:
            self.wrong.append(otherwise)


class Site:
    """The news page, at one moment of its history."""

    def __init__(self) -> None:
        self.page = b""
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                found = self.path == "/news.php"
                self.send_response(200 if found else 404)
                body = site.page if found else b"not here"
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                """Print nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def listing(items: list[dict[str, Any]], boxes: list[str], text: str) -> bytes:
    """Return a listing page: the items as the seed has them, then its side boxes."""
    rows = []
    for item in items:
        number = 1000 + 10 * int(item["seed"][:3]) + item["index"]
        heading = (
            f"<h3><a href='/news-article-{number}.html'>{escape(item['title'])}</a></h3>"
            if item["title"]
            else ""
        )
        paragraphs = "".join(f"<p>{escape(part)}</p>" for part in item["paragraphs"])
        rows.append(
            f"<li>{heading}<div class='date'>{escape(item['date_line'])}</div>{paragraphs}</li>"
        )
    side = "".join(
        f"<li><h3><a href='/page-{at}.html'>{escape(title)}</a></h3><p>{escape(about(title, text))}</p></li>"
        for at, title in enumerate(boxes)
    )
    return (
        "<!doctype html><html lang='en'><head><meta charset='utf-8'><title>News</title></head><body>"
        f"<ul class='nav'><li><a href='/'>Home</a></li></ul><ul class='news'>{''.join(rows)}</ul>"
        f"<ul class='side'>{side}</ul></body></html>"
    ).encode()


def about(title: str, text: str) -> str:
    """Return the words of a side box: what stands below its title in the seed."""
    lines = [line.strip(" •") for line in text.splitlines()]
    at = lines.index(title) if title in lines else len(lines)
    return next((line for line in lines[at + 1 :] if line), "")


def refresh(folder: Path) -> int:
    """Run the real program once; return its exit status."""
    command = [
        sys.executable,
        "-m",
        "aggregator",
        "refresh",
        "--config",
        str(folder / "config.yaml"),
    ]
    return subprocess.run(command, check=False, stdout=subprocess.DEVNULL).returncode


def entries(path: Path) -> Iterator[tuple[str, str, str]]:
    """Yield (title, day, link) of each entry of an Atom feed."""
    for entry in ET.parse(path).getroot().iter(f"{ATOM}entry"):
        link = next(
            (
                one.get("href", "")
                for one in entry.findall(f"{ATOM}link")
                if one.get("rel", "alternate") == "alternate"
            ),
            "",
        )
        yield entry.findtext(f"{ATOM}title", ""), entry.findtext(f"{ATOM}published", "")[:10], link


def stamps(folder: Path) -> dict[str, int]:
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*") if path.is_file()}


def replay(folder: Path, seeds: Path, *, automatic: bool) -> Report:
    """Serve the years one after the other and hold what is published against the truth."""
    truth = json.loads((seeds / "seeds_truth.json").read_text(encoding="utf-8"))
    boxes = json.loads((seeds / "seeds_not_news.json").read_text(encoding="utf-8"))
    query = json.loads((seeds.parent / "topics/seeds_topics.json").read_text(encoding="utf-8"))
    query = query["topics"]["las-bambas"]["query"]
    report, site = Report(), Site()
    selectors = "" if automatic else SELECTORS
    text = CONFIG.format(port=site.port, selectors=selectors, query=json.dumps(query))
    (folder / "config.yaml").write_text(text, encoding="utf-8")
    for prefix in ORDER:
        seed = next(seeds.glob(f"{prefix}_*.txt"))
        items = [item for item in truth if item["seed"] == seed.name]
        sides = [box["title"] for box in boxes if box["seed"] == seed.name]
        site.page = listing(items, sides, seed.read_text(encoding="utf-8"))
        report.expect(refresh(folder) == 0, f"{prefix}: refresh failed")
        before = stamps(folder / "feeds")
        report.expect(refresh(folder) == 0, f"{prefix}: second refresh failed")
        report.expect(
            stamps(folder / "feeds") == before, f"{prefix}: the second refresh wrote files"
        )
    judge(report, folder / "feeds", truth, boxes)
    return report


def judge(
    report: Report, feeds: Path, truth: list[dict[str, Any]], boxes: list[dict[str, Any]]
) -> None:
    """Hold the feeds against the truth."""
    got = list(entries(feeds / "sources/psg.atom"))
    report.expect(len(got) == len(truth), f"{len(got)} entries, expected {len(truth)}")
    for item in truth:
        title = item["title"]
        matches = [
            e
            for e in got
            if e[1] == item["date_iso"]
            and (e[0] == title if title else e[0][:20] == item["summary"][:20])
        ]
        report.expect(
            len(matches) == 1,
            f"{item['seed'][:3]} {item['index']} {title!r}: found {len(matches)} times",
        )
    titles = {title for title, _, _ in got}
    for box in boxes:
        report.expect(box["title"] not in titles, f"side box published: {box['title']}")
    wanted = {item["title"] for item in truth if "las-bambas" in item["topics"]}
    maybe = {item["title"] for item in truth if "las-bambas" in item.get("topics_marginal", [])}
    topic = {title for title, _, _ in entries(feeds / "las-bambas.atom")}
    report.expect(
        wanted <= topic <= wanted | maybe,
        f"las-bambas: missing {wanted - topic}, foreign {topic - wanted - maybe}",
    )
    for path in sorted(feeds.rglob("*.atom")):
        for element in (root := ET.parse(path).getroot()).iter(f"{ATOM}entry"):
            report.expect(
                all(element.findtext(f"{ATOM}{name}") for name in REQUIRED),
                f"{path.name}: an entry lacks id, title or updated",
            )
        report.expect(
            all(root.findtext(f"{ATOM}{name}") for name in REQUIRED),
            f"{path.name}: lacks id, title or updated",
        )


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, help="the folder with seeds/ and topics/")
    parser.add_argument("--keep", type=Path, help="work here and leave everything behind")
    parser.add_argument("--automatic", action="store_true", help="without selectors")
    options = parser.parse_args()
    shared = shared_folder(options.shared)
    if shared is None:
        return 0
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.keep or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        report = replay(folder, shared / "seeds", automatic=options.automatic)
    for line in report.wrong:
        print(f"WRONG {line}")
    print(f"{report.right} checks right, {len(report.wrong)} wrong")
    return 1 if report.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
