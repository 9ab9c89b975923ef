"""One daemon a state: a file lock that the kernel takes back when its holder dies."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from aggregator.errors import StateLockedError, StoreError

LOCK_FILE = "lock"


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Hold *folder* for this process alone.

    Raises:
        StateLockedError: Another process holds it; the message has its pid.
        StoreError: The folder cannot be written.
    """
    path = folder / LOCK_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise StoreError(f"{folder} is a file where a folder should be") from error
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror}") from error
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error
    try:
        _lock(descriptor, path)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        holder = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip() or "unknown"
        raise StateLockedError(f"{path.parent} is in use by process {holder}") from error
    pid = f"{os.getpid()}\n".encode("ascii")
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, pid, 0)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}") from error
