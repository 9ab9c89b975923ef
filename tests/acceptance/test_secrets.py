"""What comes from the environment is sent where it belongs and seen nowhere else."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.program import Program, command
from tests.adapters.loopback import LoopbackSite

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SECRETS = {
    "TOKEN": "t0ken-5f1c",
    "PASSWORD": "pa55word-9d2e",
    "SESSION": "s3ssion-77aa",
    "KEY": "k3y-42bb",
    "PROXY_LOGIN": "pr0xy-13cc",
}
CONFIG = """\
publish: {{dir: feeds, formats: [atom, rss, json]}}
state: state
fetch: {{robots: false, timeout: 2s, allow: ["127.0.0.1:*"]}}
sources:
  good:
    url: "http://127.0.0.1:{port}/good?key=${{KEY}}"
    selectors: {{items: li, title: a, link: "a::attr(href)"}}
    auth: {{bearer: "${{TOKEN}}"}}
    cookies: {{session: "${{SESSION}}"}}
  refused:
    url: "http://127.0.0.1:{port}/refused?key=${{KEY}}"
    auth: {{user: ana, password: "${{PASSWORD}}"}}
  broken:
    url: "http://127.0.0.1:{port}/broken?key=${{KEY}}"
    headers: {{X-Key: "${{KEY}}"}}
    insecure: true
  nowhere:
    url: "http://nowhere.invalid/?key=${{KEY}}"
    proxy: "http://ana:${{PROXY_LOGIN}}@127.0.0.1:1"
"""
PAGES = [
    "/",
    "/health",
    "/metrics",
    "/sources",
    "/sources/good",
    "/sources/refused",
    "/feeds.opml",
    "/feeds/all.atom",
    "/feeds/sources/good.json",
    "/no-such-page",
]


@pytest.fixture
def site() -> Iterator[LoopbackSite]:
    with LoopbackSite() as site:
        key = SECRETS["KEY"]
        site.page(f"/good?key={key}", b"<ul><li><a href='/1'>Road reopens</a></li></ul>")
        site.status(f"/refused?key={key}", 401)
        site.status(f"/broken?key={key}", 500)
        yield site


def without_secrets(where: str, text: str) -> None:
    for name, value in SECRETS.items():
        assert value not in text, f"{name} is in {where}"


def test_no_secret_is_in_logs_feeds_or_pages(
    tmp_path: Path, site: LoopbackSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "config.yaml").write_text(CONFIG.format(port=site.port), encoding="utf-8")

    with Program(tmp_path) as program:
        program.wait_until_it_says("insecure", source="broken")
        program.wait_until_it_says("refreshed", source="good", new=1)
        for source in ("refused", "broken", "nowhere"):
            program.wait_until_it_says("not refreshed", source=source)
        program.wait_for(lambda _: b"Road reopens" in program.get("/feeds/all.atom"))
        for page in PAGES:
            without_secrets(page, program.seen_at(page))
        program.end()
        without_secrets("the log", program.said())

    assert any(SECRETS["KEY"] in path for path in site.asked)  # it was sent, after all
    for path in (tmp_path / "feeds").rglob("*.*"):
        without_secrets(path.name, path.read_text(encoding="utf-8"))


def test_no_secret_is_in_what_commands_print(tmp_path: Path, site: LoopbackSite) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG.format(port=site.port), encoding="utf-8")

    def run(*words: str) -> str:
        done = subprocess.run(
            command(*words),
            cwd=tmp_path,
            env=os.environ | SECRETS,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        return done.stdout + done.stderr

    printed = {words: run(*words) for words in (("refresh", "--json"), ("status",), ("doctor",))}

    for words, text in printed.items():
        assert text
        without_secrets(" ".join(words), text)
