"""The WebSub hub: takes subscriptions, has them confirmed, and tells who waits to be told.

Everything that must survive a crash is in the store: subscriptions, and since when each of
them waits. What a document holds is read when it is delivered, so ten changes while a
subscriber is away are one delivery.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import structlog

from aggregator.core import websub
from aggregator.core.addresses import Allowed
from aggregator.core.websub import Again, Ended, Ping, Refused, Wanted
from aggregator.errors import StoreError
from aggregator.model import Subscription
from aggregator.ports import Poster
from aggregator.web.documents import Document, Documents
from aggregator.web.replies import MEDIA_TYPES, Reply, plain
from aggregator.web.site import Site

AT_ONCE = 50  # deliveries, and as many verifications
VERIFICATIONS_WAITING = 200
_PAUSE = timedelta(minutes=1)  # at most, until the store is asked again who waits
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}

log = structlog.get_logger()


class Hub:
    """Our own hub, or the voice that tells an outside one."""

    def __init__(
        self,
        site: Site,
        poster: Poster,
        *,
        allowed: Sequence[Allowed],
        challenge: Callable[[], str] = lambda: secrets.token_urlsafe(24),
    ) -> None:
        """Prepare; `telling` does the telling."""
        self.site = site
        self._poster = poster
        self._allowed = allowed
        self._challenge = challenge
        self._documents = Documents(site.folder)
        self._wake = asyncio.Event()
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._verifying: set[asyncio.Task[None]] = set()
        self._telling: dict[tuple[str, str], asyncio.Task[None]] = {}

    # ---- taking subscriptions

    async def take(self, form: bytes) -> Reply:
        """Answer a request to the hub; a subscription counts once its subscriber confirms."""
        wanted = websub.read_request(form, allowed=self._allowed)
        if isinstance(wanted, Refused):
            return plain(400, f"{wanted.reason}.")
        path = self._path(wanted.topic)
        if path is None:
            return plain(404, "This hub knows no such feed.")
        if isinstance(wanted, Ping):
            await self._mark(path)
            return plain(202, "Its subscribers will be told.")
        if len(self._verifying) >= VERIFICATIONS_WAITING:
            return plain(503, "Too many subscriptions wait.", (b"retry-after", b"60"))
        task = asyncio.create_task(self._verify(wanted, path))
        self._verifying.add(task)
        task.add_done_callback(self._verifying.discard)
        return plain(202, "The callback will be asked to confirm this.")

    def _path(self, topic: str) -> str | None:
        """Return the document a topic names; ``None``: it is none of ours."""
        base = self.site.frame.base_url
        path = topic.removeprefix(base)
        if not topic.startswith(base) or not self.site.is_pushed(path):
            return None
        return path

    async def _verify(self, wanted: Wanted, path: str) -> None:
        """Ask the subscriber whether it meant it; if so, note it."""
        challenge = self._challenge()
        url = websub.verification(wanted, challenge=challenge)
        async with self._slots:
            answer = await self._poster.send("GET", url, headers={})
        if answer is None or not websub.is_confirmed(*answer, challenge=challenge):
            log.info("subscription not confirmed", feed=path, mode=wanted.mode)
            return
        expires_at = self.site.clock.now() + wanted.lease
        subscription = Subscription(
            path=path, callback=wanted.callback, secret=wanted.secret, expires_at=expires_at
        )
        try:
            if wanted.mode == "subscribe":
                await self.site.store.transact(lambda s: s.add_subscription(subscription))
            else:
                await self.site.store.transact(
                    lambda s: s.remove_subscription(path, wanted.callback)
                )
        except StoreError as error:
            log.error("subscription not stored", why=str(error), do=error.hint, code=error.code)  # noqa: TRY400
            return
        log.info("subscription", feed=path, mode=wanted.mode)

    async def _mark(self, path: str) -> None:
        now = self.site.clock.now()
        await self.site.store.transact(lambda session: session.mark_pushes([path], at=now))
        self.wake()

    # ---- telling

    def wake(self) -> None:
        """Look at once who waits to be told: feeds were published."""
        self._wake.set()

    @asynccontextmanager
    async def telling(self) -> AsyncIterator[None]:
        """Tell whoever waits until the block ends; what is not done is left to the next start."""
        running = asyncio.create_task(self._run())
        try:
            yield
        finally:
            tasks = [running, *self._verifying, *self._telling.values()]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            self._wake.clear()
            pause = _PAUSE
            try:
                pause = self._start()
            except StoreError as error:
                log.error("not told", why=str(error), do=error.hint, code=error.code)  # noqa: TRY400
            with suppress(TimeoutError):
                async with asyncio.timeout(pause.total_seconds()):
                    await self._wake.wait()

    def _start(self) -> timedelta:
        """Start telling as many as there is room for; return when to look again."""
        now = self.site.clock.now()
        room = AT_ONCE - len(self._telling)
        with self.site.store.reading() as session:
            due = session.due_pushes(now=now, limit=AT_ONCE + len(self._telling))
            upcoming = session.next_push(now=now)
        for subscription in due:
            key = (subscription.path, subscription.callback)
            if room > 0 and key not in self._telling:
                room -= 1
                self._telling[key] = asyncio.create_task(self._tell(subscription, key))
        if self._telling or upcoming is None:
            return _PAUSE  # whoever ends wakes us
        return min(max(upcoming - now, timedelta(seconds=0.05)), _PAUSE)

    async def _tell(self, subscription: Subscription, key: tuple[str, str]) -> None:
        try:
            await self._deliver(subscription)
        except StoreError as error:
            log.error("not told", why=str(error), do=error.hint, code=error.code)  # noqa: TRY400
            await asyncio.sleep(_PAUSE.total_seconds())
        finally:
            self._telling.pop(key, None)
            self.wake()

    async def _deliver(self, subscription: Subscription) -> None:
        """Deliver once, unless its subscriber holds these very bytes, and note how it went."""
        document = await asyncio.to_thread(self._documents.find, subscription.path)
        if document is None:
            await self._end(subscription)
            return
        if document.tag == subscription.delivered:
            await self._conclude(replace(subscription, attempts=0), again=None)
            return
        status = await self._send(subscription, document)
        now = self.site.clock.now()
        match websub.concluded(status, attempts=subscription.attempts, now=now):
            case Ended():
                await self._end(subscription)
            case Again(at=at):
                log.info("not told", feed=subscription.path, status=status, again=str(at))
                tried = replace(subscription, attempts=subscription.attempts + 1)
                await self._conclude(tried, again=at)
            case _:
                told = replace(subscription, delivered=document.tag, attempts=0)
                await self._conclude(told, again=None)

    async def _send(self, subscription: Subscription, document: Document) -> int | None:
        topic = f"{self.site.frame.base_url}{subscription.path}"
        if subscription.expires_at is None:
            ping = urlencode({"hub.mode": "publish", "hub.topic": topic, "hub.url": topic})
            headers, body = _FORM, ping.encode()
        else:
            suffix = subscription.path.rpartition(".")[2]
            hub = self.site.frame.hub
            headers = {
                "Content-Type": MEDIA_TYPES[suffix],
                "Link": f'<{hub}>; rel="hub", <{topic}>; rel="self"',
            }
            if subscription.secret:
                headers["X-Hub-Signature"] = websub.signature(subscription.secret, document.body)
            body = document.body
        async with self._slots:
            answer = await self._poster.send(
                "POST", subscription.callback, headers=headers, body=body
            )
        return answer[0] if answer else None

    async def _conclude(self, subscription: Subscription, *, again: datetime | None) -> None:
        await self.site.store.transact(
            lambda session: session.conclude_push(subscription, again=again)
        )

    async def _end(self, subscription: Subscription) -> None:
        await self.site.store.transact(
            lambda session: session.remove_subscription(subscription.path, subscription.callback)
        )
