"""Put documents into a folder that any web server can serve, each whole at every moment."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from aggregator.errors import PublishError

_TERMS = ".terms"  # hidden, so it is neither served nor in anyone's way
# What is being written: hidden, beside its target, with the writer's process id.
_UNFINISHED = re.compile(r"\..+\.(\d{1,9})\.tmp")
_REASONS = {
    errno.EACCES: "this user may not write there",
    errno.EFBIG: "the document is larger than this file system or user may have",
    errno.EDQUOT: "this user's share of the disk is used up",
    errno.ENAMETOOLONG: "the name is too long for this file system",
    errno.ENOSPC: "no space is left on the disk",
    errno.EPERM: "this user may not write there",
    errno.EROFS: "the disk is mounted read-only",
}


class FilePublisher:
    """Replaces files in a folder (port `Publisher`).

    A document is written beside its target, flushed to the disk and renamed over it; the
    folder is flushed as well. So a reader, or a power cut, sees the old document or the
    new one. What a killed run left half written is removed at the start.

    The time of a file says when its bytes changed: whole seconds, and later than before
    at every change even when the clock went back. newsboat and curl throw a document
    away whose Last-Modified is not later than the one they hold.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pending: dict[Path, Path] | None = None  # target: unfinished; None: no batch
        self._unflushed: set[Path] = set()  # folders
        self._troubles: list[PublishError] = []  # to be told when the others are in place
        with _told(str(folder)):
            folder.mkdir(parents=True, exist_ok=True)
            _remove_leftovers(folder)

    def write(self, path: str, document: bytes, *, now: datetime) -> bool:
        target = self._target(path)
        try:
            with _told(path):
                unfinished = self._prepare(target, document, now=now)
        except PublishError as trouble:
            if self._pending is None:
                raise
            self._troubles.append(trouble)
            return False
        if unfinished is None:
            self._forget(target)
        elif self._pending is None:
            self._finish({target: unfinished})
        else:
            self._pending[target] = unfinished
        return unfinished is not None

    def remove(self, path: str) -> bool:
        target = self._target(path)
        with _told(path):
            self._forget(target)
            with suppress(FileNotFoundError, NotADirectoryError):
                target.unlink()
                _flush(target.parent)
                return True
        return False

    @contextmanager
    def batch(self) -> Iterator[None]:
        self._pending = {}
        try:
            yield
        except BaseException:
            _discard(self._pending.values())
            self._troubles.clear()
            raise
        else:
            self._finish(self._pending)
        finally:
            self._pending = None

    def terms(self) -> str:
        with _told(_TERMS):
            try:
                return (self._folder / _TERMS).read_text("utf-8")
            except FileNotFoundError:
                return ""

    def keep_terms(self, terms: str) -> None:
        target = self._folder / _TERMS
        with _told(_TERMS):
            unfinished = _write_beside(target, terms.encode())
        self._finish({target: unfinished})

    def _target(self, path: str) -> Path:
        """Return where *path* lies; it can lead nowhere but below the folder."""
        parts = path.split("/")
        if any(not part or part.startswith(".") or "\0" in part for part in parts):
            raise PublishError(f"{path!r} is not a path below {self._folder}")
        return self._folder.joinpath(*parts)

    def _prepare(self, target: Path, document: bytes, *, now: datetime) -> Path | None:
        """Write *document* beside *target*; return where, or ``None`` when it is there already."""
        old = _stat(target)
        if old is not None and _holds(target, old, document):
            return None
        seconds = int(now.timestamp())
        if old is not None:
            seconds = max(seconds, int(old.st_mtime) + 1)
        self._make_folder(target.parent)
        return _write_beside(target, document, seconds=seconds)

    def _make_folder(self, folder: Path) -> None:
        """Make *folder* and those above it; remember which ones hold a new name."""
        if folder.is_dir():
            return
        self._make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        self._unflushed.add(folder.parent)

    def _forget(self, target: Path) -> None:
        """Drop what this batch wanted *target* to become."""
        if self._pending and (unfinished := self._pending.pop(target, None)):
            _discard([unfinished])

    def _finish(self, pending: dict[Path, Path]) -> None:
        """Flush all, rename all, flush their folders: in this order a crash harms nothing.

        One that fails does not stop the others; the first is told at the end.
        """
        flushed = self._survivors(pending, _flush)
        renamed = self._survivors(flushed, Path.replace)
        self._unflushed.update(target.parent for target in renamed)
        while self._unflushed:
            with _told(str(self._folder)):
                _flush(self._unflushed.pop())
        if self._troubles:
            first = self._troubles[0]
            self._troubles.clear()
            raise first

    def _survivors(
        self, pending: dict[Path, Path], step: Callable[[Path, Path], object]
    ) -> dict[Path, Path]:
        """Take one step with each unfinished document; drop those it fails for."""
        survivors = {}
        for target, unfinished in pending.items():
            try:
                with _told(str(target.relative_to(self._folder))):
                    step(unfinished, target)
            except PublishError as trouble:
                self._troubles.append(trouble)
                _discard([unfinished])
            else:
                survivors[target] = unfinished
        return survivors


def was_published(folder: Path) -> bool:
    """Tell whether feeds were ever written to *folder*."""
    return (folder / _TERMS).exists()


@contextmanager
def _told(path: str) -> Iterator[None]:
    """Turn what the system refused into a sentence."""
    try:
        yield
    except (OSError, ValueError) as error:
        number = error.errno if isinstance(error, OSError) else None
        reason = _REASONS.get(number, "") if number else ""
        message = f"{path}: {reason or getattr(error, 'strerror', None) or error}"
        raise PublishError(f"{message}; the old document still stands") from error


def _stat(target: Path) -> os.stat_result | None:
    try:
        return target.stat()
    except FileNotFoundError:
        return None


def _holds(target: Path, found: os.stat_result, document: bytes) -> bool:
    return found.st_size == len(document) and target.read_bytes() == document


def _write_beside(target: Path, document: bytes, *, seconds: int | None = None) -> Path:
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        unfinished.write_bytes(document)
        if seconds is not None:
            os.utime(unfinished, (seconds, seconds))
    except OSError:
        _discard([unfinished])
        raise
    return unfinished


def _flush(path: Path, _target: Path | None = None) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _discard(unfinished: Iterable[Path]) -> None:
    for path in unfinished:
        with suppress(OSError):
            path.unlink()


def _remove_leftovers(folder: Path) -> None:
    """Remove unfinished documents unless another living process writes them."""
    for path in folder.rglob(".*.tmp"):
        match = _UNFINISHED.fullmatch(path.name)
        if match and not _is_another_alive(int(match[1])):
            _discard([path])


def _is_another_alive(process: int) -> bool:
    if process in (0, os.getpid()):  # in a container every run has the same number
        return False
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it belongs to someone else
        return True
    return True
