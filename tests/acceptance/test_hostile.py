"""The hostile bench that lies beside some checkouts, as far as it runs in minutes."""

from __future__ import annotations

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
