"""Subscribers that confirm are told of every change, once, and nobody else is."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import parse_qs, urlencode, urlsplit

import httpx
import pytest

from aggregator.core.websub import RETRIES
from aggregator.testing import FakeClock, FakePoster, MemoryStore
from aggregator.web import Hub, create_app
from tests.web.site_at import BASE, publish, site_at

TOPIC = f"{BASE}/feeds/las-bambas.atom"
CALLBACK = "http://reader.example/push"
FORM = {"content-type": "application/x-www-form-urlencoded"}
T = TypeVar("T")


class Stage:
    """A hub, a subscriber and a clock, for one test."""

    def __init__(self, folder: Path, client: httpx.AsyncClient, clock: FakeClock) -> None:
        self.folder, self.client, self.clock = folder, client, clock
        self.poster, self.store = FakePoster(), MemoryStore()
        self.poster.answer(CALLBACK, self._confirm)
        self.status: int | None = 202

    def _confirm(self, url: str) -> tuple[int, bytes] | None:
        query = parse_qs(urlsplit(url).query)
        if "hub.challenge" in query:
            return 200, query["hub.challenge"][0].encode()
        return None if self.status is None else (self.status, b"")

    async def ask(self, **changes: str) -> httpx.Response:
        fields = {"hub.mode": "subscribe", "hub.topic": TOPIC, "hub.callback": CALLBACK}
        fields |= {f"hub.{name}": value for name, value in changes.items()}
        response = await self.client.post("/hub", content=urlencode(fields), headers=FORM)
        await settled()
        return response

    async def change(self, document: bytes) -> None:
        """Publish *document* as the pipeline does, and say so."""
        self.clock.advance(timedelta(seconds=1))
        now = self.clock.now()
        publish(self.hub.site, "las-bambas.atom", document, at=now)
        await self.store.transact(lambda s: s.mark_pushes(["las-bambas.atom"], at=now))
        await self.look()

    async def look(self) -> None:
        self.hub.wake()
        await settled()

    @property
    def delivered(self) -> list[bytes]:
        return [body for method, *_, body in self.poster.sent if method == "POST"]

    hub: Hub


async def settled() -> None:
    """Let what was started end; nothing here waits for anything outside."""
    for _ in range(30):
        await asyncio.sleep(0.002)


def on_stage(
    folder: Path, story: Callable[[Stage], Awaitable[T]], *, hub: str = f"{BASE}/hub"
) -> T:
    async def play() -> T:
        clock = FakeClock()
        async with httpx.AsyncClient(base_url=BASE) as outside:
            stage = Stage(folder, outside, clock)
            site = replace(site_at(folder, store=stage.store, hub=hub), clock=clock)
            stage.hub = Hub(site, stage.poster, allowed=())
            transport = httpx.ASGITransport(app=create_app(site, stage.hub))
            async with (
                httpx.AsyncClient(transport=transport, base_url=BASE) as stage.client,
                stage.hub.telling(),
            ):
                await stage.change(b"<feed/>")
                result = await story(stage)
            await stage.store.close()
            return result

    return asyncio.run(play())


def test_who_confirms_is_told_of_the_next_change(tmp_path: Path) -> None:
    async def story(stage: Stage) -> None:
        response = await stage.ask(secret="key")
        await stage.change(b"<feed>new</feed>")

        assert response.status_code == 202
        (verified, delivered) = stage.poster.sent
        assert verified[0] == "GET"
        assert "hub.lease_seconds=864000" in verified[1]
        _, url, headers, body = delivered
        assert (url, body) == (CALLBACK, b"<feed>new</feed>")
        assert headers["Content-Type"] == "application/atom+xml; charset=utf-8"
        assert headers["Link"] == f'<{BASE}/hub>; rel="hub", <{TOPIC}>; rel="self"'
        digest = hmac.new(b"key", body, hashlib.sha256).hexdigest()
        assert headers["X-Hub-Signature"] == f"sha256={digest}"

    on_stage(tmp_path, story)


def test_who_does_not_confirm_is_never_told(tmp_path: Path) -> None:
    async def story(stage: Stage) -> None:
        stage.poster.answer(CALLBACK, lambda _: (200, b"yes, yes"))
        await stage.ask()
        await stage.change(b"<feed>new</feed>")

        assert stage.delivered == []

    on_stage(tmp_path, story)


def test_the_same_bytes_are_told_once_however_often_they_are_marked(tmp_path: Path) -> None:
    async def story(stage: Stage) -> None:
        await stage.ask()
        await stage.change(b"<feed>new</feed>")
        await stage.change(b"<feed>new</feed>")
        await stage.ask(mode="publish", url=TOPIC)

        assert stage.delivered == [b"<feed>new</feed>"]

    on_stage(tmp_path, story)


def test_who_is_away_is_told_later_of_what_is_then_new(tmp_path: Path) -> None:
    async def story(stage: Stage) -> None:
        await stage.ask()
        stage.status = None
        await stage.change(b"<feed>1</feed>")
        await stage.look()
        assert len(stage.delivered) == 1  # not again before its time

        stage.status = 200
        publish(stage.hub.site, "las-bambas.atom", b"<feed>22</feed>", at=stage.clock.now())
        stage.clock.advance(RETRIES[0])
        await stage.look()
        await stage.look()

        assert stage.delivered[1:] == [b"<feed>22</feed>"]

    on_stage(tmp_path, story)


def test_who_is_away_for_long_is_left_alone_until_the_next_change(tmp_path: Path) -> None:
    async def story(stage: Stage) -> None:
        await stage.ask()
        stage.status = 500
        await stage.change(b"<feed>1</feed>")
        for wait in RETRIES:
            stage.clock.advance(wait)
            await stage.look()
        given_up = len(stage.delivered)
        stage.clock.advance(timedelta(hours=20))
        await stage.look()

        assert given_up == len(stage.delivered) == len(RETRIES) + 1
        stage.status = 200
        await stage.change(b"<feed>2</feed>")
        assert stage.delivered[-1] == b"<feed>2</feed>"

    on_stage(tmp_path, story)


@pytest.mark.parametrize("how", ["unsubscribes", "says 410", "lets its lease end"])
def test_who_wants_no_more_is_told_no_more(tmp_path: Path, how: str) -> None:
    async def story(stage: Stage) -> None:
        await stage.ask()
        if how == "unsubscribes":
            await stage.ask(mode="unsubscribe")
        elif how == "says 410":
            stage.status = 410
            await stage.change(b"<feed>1</feed>")
        else:
            stage.clock.advance(timedelta(days=11))
        told = len(stage.delivered)
        stage.status = 200
        await stage.change(b"<feed>2</feed>")

        assert len(stage.delivered) == told

    on_stage(tmp_path, story)


def test_what_waits_survives_the_hub(tmp_path: Path) -> None:
    async def story(stage: Stage) -> None:
        await stage.ask()
        stage.status = None
        await stage.change(b"<feed>1</feed>")
        stage.status = 200
        stage.clock.advance(RETRIES[0])
        async with Hub(stage.hub.site, stage.poster, allowed=()).telling():
            await settled()

        assert stage.delivered == [b"<feed>1</feed>"] * 2

    on_stage(tmp_path, story)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({"topic": "http://other.example/feed"}, 404),
        ({"topic": f"{BASE}/feeds/nothing.atom"}, 404),
        ({"topic": f"{BASE}/feeds/las-bambas/archive/1.atom"}, 404),
        ({"callback": "http://127.0.0.1/"}, 400),
        ({"mode": "dance"}, 400),
        ({"x": "y" * 20_000}, 413),
    ],
)
def test_what_is_not_ours_is_refused(tmp_path: Path, changes: dict[str, str], status: int) -> None:
    async def story(stage: Stage) -> None:
        response = await stage.ask(**changes)

        assert response.status_code == status
        assert stage.poster.sent == []

    on_stage(tmp_path, story)


def test_the_hub_takes_nothing_but_post(tmp_path: Path) -> None:
    async def story(stage: Stage) -> None:
        response = await stage.client.get("/hub")

        assert response.status_code == 405
        assert response.headers["allow"] == "POST"

    on_stage(tmp_path, story)


def test_an_outside_hub_is_told_which_feed_changed(tmp_path: Path) -> None:
    async def story(stage: Stage) -> None:
        hub = "http://hub.example/"
        stage.poster.answer(hub, lambda _: (204, b""))
        await stage.store.transact(lambda s: s.sync_hub(hub, ["las-bambas.atom", "all.atom"]))
        await stage.change(b"<feed>1</feed>")
        await stage.change(b"<feed>1</feed>")

        ((method, url, _, body),) = stage.poster.sent
        assert (method, url) == ("POST", hub)
        assert parse_qs(body.decode()) == {
            "hub.mode": ["publish"],
            "hub.url": [TOPIC],
            "hub.topic": [TOPIC],
        }
        assert (await stage.client.post("/hub")).status_code == 405

    on_stage(tmp_path, story, hub="http://hub.example/")
