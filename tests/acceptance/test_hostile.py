"""The hostile bench that lies beside some checkouts, as far as it runs in minutes."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from bench.shared import shared_folder

SHARED = shared_folder()
FOLDER = SHARED / "hostile" if SHARED else Path("missing")
PORTS = 10  # the server's own and those beside it
SOME_CASES = "^(net-|xss-|redir-|cs-|comp|feed-).*(short|trunc|bomb|loop|title|latin1|entit)"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not FOLDER.is_dir(), reason="the hostile bench is not beside this checkout"),
]


def free_ports() -> int:
    """Return the first of some ports in a row that nobody listens on."""
    for first in range(20_000, 30_000, 37):
        with ExitStack() as stack:
            try:
                for port in range(first, first + PORTS):
                    stack.enter_context(socket.socket()).bind(("127.0.0.1", port))
            except OSError:
                continue
            return first
    raise RuntimeError("no free ports")


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    port = free_ports()
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen(
        [sys.executable, "hostile_server.py", "--port", str(port)],
        cwd=FOLDER,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        for _ in range(300):
            try:
                urllib.request.urlopen(f"{url}/control/canary", timeout=5).close()
                break
            except OSError:
                time.sleep(0.1)
        yield url
    finally:
        server.kill()
        server.wait()


def passes(script: str, *words: str, base: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, script, "--base", base, *words],
        cwd=FOLDER,
        env=os.environ | {"AGG": f"{sys.executable} -m aggregator", "BENCH_TMP": str(folder)},
        capture_output=True,
        text=True,
        timeout=550,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-1000:]


def test_all_cases_in_one_cycle_are_survived(base: str, tmp_path: Path) -> None:
    passes("bench.py", "--all-at-once", base=base, folder=tmp_path)


def test_some_cases_are_survived_alone(base: str, tmp_path: Path) -> None:
    passes("bench.py", "--only", SOME_CASES, "--jobs", "2", base=base, folder=tmp_path)


def test_kills_at_any_moment_lose_and_double_nothing(base: str, tmp_path: Path) -> None:
    passes("crash_loop.py", "--runs", "8", "--settle", "4", base=base, folder=tmp_path)


@pytest.mark.parametrize("mode", ["syscall", "enospc", "eio"])
@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_a_kill_or_a_broken_disk_at_any_call_loses_nothing(
    base: str, tmp_path: Path, mode: str
) -> None:
    passes("crash_loop.py", "--mode", mode, "--runs", "3", base=base, folder=tmp_path)


def test_the_server_saw_good_manners(base: str, tmp_path: Path) -> None:
    """Read off what the server counted over three cycles that were asked for by hand."""
    cycles, polite = 3, {"etag": "http-etag-proper", "busy": "http-429-seconds"}
    sources = [
        {"name": name, "url": f"{base}/case/{case}", "kind": "html"}
        for name, case in polite.items()
    ]
    (tmp_path / "sources.json").write_text(json.dumps(sources), encoding="utf-8")
    before = {case: stats(base, case)["hits"] for case in polite.values()}

    for _ in range(cycles):
        subprocess.run(
            [
                *(sys.executable, "product.py", "--sources", str(tmp_path / "sources.json")),
                *("--state", str(tmp_path / "state"), "--out", str(tmp_path / "out")),
                *("--allow", base.removeprefix("http://")),
            ],
            cwd=FOLDER,
            env=os.environ | {"AGG": f"{sys.executable} -m aggregator"},
            timeout=300,
            check=True,
        )

    for case, hits in before.items():
        assert stats(base, case)["hits"] - hits == cycles  # one request a cycle, no second try
    headers = {
        name.lower(): value for name, value in stats(base, polite["etag"])["last_headers"].items()
    }
    assert headers["if-none-match"] == '"v1"'
    assert headers["user-agent"].startswith("aggregator")


def stats(base: str, case: str) -> dict[str, Any]:
    """Return what the server counted of one case; nobody may have asked for it yet."""
    path = f"/case/{case}"
    with urllib.request.urlopen(f"{base}/control/stats?path={path}", timeout=30) as answer:
        found: dict[str, dict[str, Any]] = json.load(answer)
    return found.get(path, {"hits": 0})
