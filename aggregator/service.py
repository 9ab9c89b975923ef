"""Process life: the daemon's rounds, its signals, its end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import structlog

from aggregator.adapters.apscheduler import ApschedulerEngine
from aggregator.adapters.loop import run_async
from aggregator.adapters.prometheus import Meters
from aggregator.align import align, search_history
from aggregator.bootstrap import Shop, alone, messenger, open_poster, open_shop
from aggregator.core.addresses import parse_allowed
from aggregator.core.config import Config
from aggregator.errors import (
    AggregatorError,
    ConfigError,
    NotifyError,
    PublishError,
    ServeError,
    StateGoneError,
    StoreError,
)
from aggregator.eyes import read_config
from aggregator.model import Outcome
from aggregator.pipeline import republish, tell_notices
from aggregator.ports import Clock, Messenger
from aggregator.rounds import Rounds
from aggregator.watchdog import Watchdog
from aggregator.web import Hub, Server, create_app, site_of

TICK = timedelta(seconds=1)
NOTICES_EVERY = timedelta(seconds=30)
RETRY = timedelta(seconds=10)  # between two attempts to write what could not be written

log = structlog.get_logger()


def at_port(config: Config, port: int) -> Config:
    """Return *config* as it is when the daemon listens on *port*, which may be any free one.

    A public address that names the port in the file means this daemon itself, so it moves
    along; any other is a proxy's and stays.
    """
    serve, publish = config.serve, config.publish
    address = urlsplit(publish.base_url)
    if address.port == serve.port:
        moved = address._replace(netloc=f"{address.hostname}:{port}")
        publish = publish.model_copy(update={"base_url": moved.geturl()})
    return replace(config, serve=serve.model_copy(update={"port": port}), publish=publish)


def _keep_old(error: AggregatorError) -> None:
    log.error("kept the old configuration", why=str(error), do=error.hint, code=error.code)


class Daemon:
    """Schedules, fetches, publishes and serves until it is told to stop."""

    def __init__(self, path: Path, *, port: int | None = None) -> None:
        """Prepare a daemon on the configuration at *path*; *port* overrides serve.port."""
        self._path = path
        self._port = port
        self._stop = asyncio.Event()
        self._reload = asyncio.Event()
        self._wake = asyncio.Event()  # a signal came, or feeds wait to be published
        self._troubles: set[str] = set()  # told, and not over
        self._ticked: datetime | None = None
        self._meters = Meters()
        self._messenger: Messenger | None = None
        self._watchdog = Watchdog()
        self._fatal: AggregatorError | None = None

    async def run(self) -> None:
        """Work until SIGTERM or SIGINT; begin anew with another configuration at SIGHUP.

        Raises:
            ConfigError: The configuration is wrong at the start.
            ServeError: The port cannot be listened on.
            StoreError: The state cannot be used.
        """
        self._listen_to_signals()
        config, fallback = read_config(self._path), None
        with contextlib.closing(self._listening(config)) as server:
            while not self._stop.is_set():
                async with contextlib.AsyncExitStack() as stack:
                    shop = await self._opened(at_port(config, server.port), fallback, stack)
                    hub = await stack.enter_async_context(self._hub(shop))
                    app = create_app(hub.site, hub)
                    await stack.enter_async_context(server.serving(app))
                    log.info("serving", at=shop.press.frame.home, port=server.port)
                    await self._work(shop, hub)
                fallback, config = shop.config, self._reread(shop.config)
        if self._fatal is not None:
            raise self._fatal
        log.info("stopped")

    async def _opened(
        self, config: Config, fallback: Config | None, stack: contextlib.AsyncExitStack
    ) -> Shop:
        """Open everything for *config*; when that is not possible, for *fallback*."""
        try:
            return await stack.enter_async_context(self._aligned(config))
        except AggregatorError as error:
            if fallback is None:
                raise
            _keep_old(error)
            return await stack.enter_async_context(self._aligned(fallback))

    @contextlib.asynccontextmanager
    async def _aligned(self, config: Config) -> AsyncIterator[Shop]:
        async with open_shop(config, folder=self._path.parent) as shop:
            self._messenger = messenger(config)
            await align(config, desk=shop.desk, press=shop.press)
            yield shop

    def _listening(self, config: Config) -> Server:
        port = config.serve.port if self._port is None else self._port
        try:
            return Server(host=config.serve.host, port=port)
        except ServeError:
            with alone(config, folder=self._path.parent):  # or it is ours that listens there
                raise

    @contextlib.asynccontextmanager
    async def _hub(self, shop: Shop) -> AsyncIterator[Hub]:
        site = site_of(
            shop, folder=self._path.parent, meters=self._meters, ticked=lambda: self._ticked
        )
        allowed = [parse_allowed(text) for text in shop.config.fetch.allow]
        async with open_poster(shop.config) as poster:
            hub = Hub(site, poster, allowed=allowed)
            if shop.press.frame.hub is None:
                yield hub
                return
            async with hub.telling():
                yield hub

    def _reread(self, config: Config) -> Config:
        """Return the configuration to go on with; a bad file keeps the old one."""
        self._reload.clear()
        if self._stop.is_set():
            return config
        try:
            fresh = read_config(self._path)
        except ConfigError as error:
            _keep_old(error)
            return config
        log.info("reloaded", sources=len(fresh.sources), topics=len(fresh.topics))
        if self._port is None and fresh.serve.port and fresh.serve != config.serve:
            at = f"{config.serve.host}:{config.serve.port}"
            log.warning("listening as before", at=at, do="Restart, to listen where `serve:` says.")
        return fresh

    def _listen_to_signals(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._tell, self._stop)
        loop.add_signal_handler(signal.SIGHUP, self._tell, self._reload)

    def _tell(self, event: asyncio.Event) -> None:
        event.set()
        self._wake.set()

    async def _work(self, shop: Shop, hub: Hub) -> None:
        """Tick and publish until a signal comes, then let what runs end."""
        engine, rounds = ApschedulerEngine(), Rounds(shop, ended=self._ended)
        engine.start(lambda: self._tick(rounds, shop.desk.clock), every=TICK)
        self._wake.set()  # whatever a crash left in the outbox is published first
        beside = [asyncio.create_task(self._search(shop)), asyncio.create_task(self._notify(shop))]
        self._watchdog.start()
        try:
            while not (self._stop.is_set() or self._reload.is_set()):
                await self._wake.wait()
                self._wake.clear()
                await self._publish(shop, hub)
        finally:
            self._watchdog.stop()
            await engine.stop()
            for task in beside:
                task.cancel()
            await rounds.drain()
            await self._publish(shop, hub)

    async def _publish(self, shop: Shop, hub: Hub) -> None:
        """Write what waits; what cannot be written now is written when that is possible."""
        try:
            self._meters.published(await republish(press=shop.press))
        except (PublishError, StoreError) as error:
            self._troubled("not published", error)
            asyncio.get_running_loop().call_later(RETRY.total_seconds(), self._wake.set)
        else:
            self._over("not published")
            hub.wake()

    async def _search(self, shop: Shop) -> None:
        """Search what is stored for new and changed topics, beside everything else."""

        def told(left: int) -> None:
            log.info("searching history", left=left)

        while True:
            try:
                await search_history(desk=shop.desk, told=told)
            except StoreError as error:
                self._troubled("not searched", error)
                await asyncio.sleep(RETRY.total_seconds())
            else:
                self._over("not searched")
                self._wake.set()
                return

    async def _notify(self, shop: Shop) -> None:
        """Tell people of notices, those of half a minute together."""
        while self._messenger is not None:
            await asyncio.sleep(NOTICES_EVERY.total_seconds())
            try:
                told = await tell_notices(self._messenger, desk=shop.desk)
            except StoreError as error:
                self._troubled("nobody told", error)
                continue
            if told:
                self._over("nobody told")
            else:
                self._troubled("nobody told", NotifyError("whom `notify:` names is not reached"))

    async def _tick(self, rounds: Rounds, clock: Clock) -> None:
        """Go one round; what keeps it from that is told, and the next tick tries again."""
        self._ticked = clock.now()
        self._watchdog.feed()
        try:
            await rounds.tick()
        except StateGoneError as error:
            self._fatal = error
            self._tell(self._stop)
        except StoreError as error:
            self._troubled("not scheduled", error)
        else:
            self._over("not scheduled")

    def _troubled(self, what: str, error: AggregatorError) -> None:
        """Say what someone must repair; once, until it has worked again."""
        if what not in self._troubles:
            self._troubles.add(what)
            log.error(what, why=str(error), do=error.hint, code=error.code)

    def _over(self, what: str) -> None:
        """Say that what was told works again, if it was."""
        if what in self._troubles:
            self._troubles.discard(what)
            log.info("works again", after=what)

    def _ended(self, result: Outcome | StoreError, took: timedelta) -> None:
        """Note what came of a refresh."""
        if isinstance(result, StoreError):
            self._troubled("not stored", result)
        else:
            self._over("not stored")
            self._meters.refreshed(
                result.kind.value, new=result.new, updated=result.updated, took=took
            )
        self._wake.set()


def run_daemon(path: Path, *, port: int | None = None) -> None:
    """Run the daemon on the configuration at *path* until it is told to stop."""
    run_async(Daemon(path, port=port).run())
