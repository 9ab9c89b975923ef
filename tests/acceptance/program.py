"""Runs the real program on a configuration and listens to what it says."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

ATOM = "{http://www.w3.org/2005/Atom}"
PATIENCE_SECONDS = 60  # for a machine that is busy with other things

Event = dict[str, Any]


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "aggregator", *words]


def run_once(*words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run one command in *folder* to its end."""
    return subprocess.run(
        command(*words),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


class Program:
    """The daemon as a process; its log is read as it comes."""

    def __init__(self, folder: Path, *, port: int | None = 0) -> None:
        """Start it in *folder*; *port* 0 is any free one, ``None`` what `serve:` says."""
        path = folder / f"log-{time.monotonic_ns()}"
        words = ("run", "--json", *(() if port is None else ("--port", str(port))))
        with path.open("w", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                command(*words), cwd=folder, stderr=log, stdout=subprocess.DEVNULL
            )
        self._log = path.open(encoding="utf-8")
        self._seen: list[Event] = []
        self._rest = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._log.close()

    def events(self) -> list[Event]:
        """Return what it has said so far."""
        *whole, self._rest = (self._rest + self._log.read()).split("\n")
        self._seen += [json.loads(line) for line in whole if line.startswith("{")]
        return self._seen

    def said(self) -> str:
        """Return everything on its standard error, not only events."""
        return Path(self._log.name).read_text(encoding="utf-8")

    def wait_for(self, holds: Callable[[list[Event]], object]) -> list[Event]:
        """Wait until what it has said is as *holds* wants it."""
        end = time.monotonic() + PATIENCE_SECONDS
        while not holds(self.events()):
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"it never came; it said {self.events()} {self._rest}")
            time.sleep(0.02)
        return self.events()

    def wait_until_it_says(self, event: str, *, times: int = 1, **fields: object) -> Event:
        """Wait for a line of its log; return the last one that fits."""

        def fitting(events: list[Event]) -> list[Event]:
            return [
                one for one in events if one["event"] == event and fields.items() <= one.items()
            ]

        return fitting(self.wait_for(lambda events: len(fitting(events)) >= times))[-1]

    @property
    def port(self) -> int:
        return int(self.wait_until_it_says("serving")["port"])

    def get(self, path: str) -> bytes:
        """Return what it serves at *path*; nothing when it is not there yet."""
        address = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(address, timeout=10) as answer:
                body: bytes = answer.read()
        except urllib.error.HTTPError as error:
            error.close()
            return b""
        return body

    def seen_at(self, path: str) -> str:
        """Return what it answers at *path*, headers and errors too."""
        url = f"http://127.0.0.1:{self.port}{path}"
        try:
            with urllib.request.urlopen(url, timeout=10) as answer:
                return f"{answer.headers}{answer.read().decode()}"
        except urllib.error.HTTPError as error:
            return f"{error.headers}{error.read().decode()}"

    def send(self, number: signal.Signals) -> None:
        self.process.send_signal(number)

    def end(self, number: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal that ends it; return its exit status."""
        self.send(number)
        return self.process.wait(timeout=PATIENCE_SECONDS)


def titles(document: bytes) -> list[str]:
    """Return the titles of the entries of an Atom feed."""
    entries = ET.fromstring(document).iter(f"{ATOM}entry")
    return [entry.findtext(f"{ATOM}title", "") for entry in entries]


def ids(document: bytes) -> list[str]:
    """Return the ids of the entries of an Atom feed."""
    return [
        entry.findtext(f"{ATOM}id", "") for entry in ET.fromstring(document).iter(f"{ATOM}entry")
    ]
