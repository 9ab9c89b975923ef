"""Files are replaced whole, whatever happens."""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.adapters.files import FilePublisher
from aggregator.errors import PublishError
from aggregator.ports import Publisher
from tests.contracts.publisher import NOON, PublisherContract


class TestFilePublisher(PublisherContract):
    @pytest.fixture
    def publisher(self, tmp_path: Path) -> Publisher:
        self.folder = tmp_path / "state" / "feeds"
        return FilePublisher(self.folder)

    def look(self, publisher: Publisher, path: str) -> tuple[bytes, datetime] | None:
        assert isinstance(publisher, FilePublisher)
        file = self.folder / path
        if not file.exists():
            return None
        stat = file.stat()
        assert stat.st_mtime_ns % 1_000_000_000 == 0
        return file.read_bytes(), datetime.fromtimestamp(stat.st_mtime, tz=UTC)


@contextmanager
def files_no_larger_than(limit_bytes: int) -> Iterator[None]:
    """Make the system refuse to write more, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def write_together(publisher: Publisher, *paths: str) -> None:
    with publisher.batch():
        for path in paths:
            publisher.write(path, b"new", now=NOON)


def test_a_document_that_does_not_fit_leaves_the_old_one(tmp_path: Path) -> None:
    publisher = FilePublisher(tmp_path)
    publisher.write("all.atom", b"old", now=NOON)

    with files_no_larger_than(100), pytest.raises(PublishError) as raised:
        publisher.write("all.atom", b"x" * 10_000, now=NOON)

    assert str(raised.value) == (
        "all.atom: the document is larger than this file system or user may have; "
        "the old document still stands"
    )
    assert (tmp_path / "all.atom").read_bytes() == b"old"
    assert names(tmp_path) == ["all.atom"]


def test_one_document_that_cannot_be_put_in_place_keeps_none_back(tmp_path: Path) -> None:
    publisher = FilePublisher(tmp_path)
    (tmp_path / "taken.atom" / "x").mkdir(parents=True)

    with pytest.raises(PublishError, match=r"^taken\.atom: "):
        write_together(publisher, "a.atom", "taken.atom", "b.atom")

    assert names(tmp_path) == ["a.atom", "b.atom"]
    write_together(publisher, "c.atom")


def test_one_document_that_cannot_be_written_keeps_none_back(tmp_path: Path) -> None:
    publisher = FilePublisher(tmp_path)
    publisher.write("sources", b"a file", now=NOON)

    with pytest.raises(PublishError, match=r"^sources/psg\.atom: "):
        write_together(publisher, "a.atom", "sources/psg.atom", "b.atom")

    assert names(tmp_path) == ["a.atom", "b.atom", "sources"]
    write_together(publisher, "c.atom")


def test_a_file_where_a_folder_should_be_is_told(tmp_path: Path) -> None:
    publisher = FilePublisher(tmp_path)
    publisher.write("sources", b"a file", now=NOON)

    with pytest.raises(PublishError, match=r"^sources/psg\.atom: "):
        publisher.write("sources/psg.atom", b"x", now=NOON)
    publisher.remove("sources/psg.atom")

    assert names(tmp_path) == ["sources"]


def test_a_process_of_another_user_counts_as_alive(tmp_path: Path) -> None:
    (tmp_path / ".all.atom.1.tmp").write_bytes(b"init is always there")

    FilePublisher(tmp_path)

    assert names(tmp_path) == [".all.atom.1.tmp"]


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")

    with pytest.raises(PublishError, match="still stands"):
        FilePublisher(tmp_path / "file" / "feeds")


def test_what_a_killed_run_left_is_removed_at_the_start(tmp_path: Path) -> None:
    dead = subprocess.Popen(["true"])
    dead.wait()
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / f".psg.atom.{dead.pid}.tmp").write_bytes(b"half")
    (tmp_path / f".all.atom.{os.getpid()}.tmp").write_bytes(b"half")
    (tmp_path / f".all.rss.{os.getppid()}.tmp").write_bytes(b"another process at work")
    (tmp_path / ".mine.tmp").write_bytes(b"none of ours")

    FilePublisher(tmp_path)

    assert names(tmp_path) == sorted([f".all.rss.{os.getppid()}.tmp", ".mine.tmp"])


def test_terms_are_lost_with_the_folder_they_were_kept_for(tmp_path: Path) -> None:
    FilePublisher(tmp_path / "feeds").keep_terms("one")

    assert FilePublisher(tmp_path / "feeds").terms() == "one"
    assert FilePublisher(tmp_path / "elsewhere").terms() == ""


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from aggregator.adapters.files import FilePublisher
publisher = FilePublisher(Path(sys.argv[1]))
for number in range(10**6):
    document = bytes([65 + number % 26]) * 200_000
    publisher.write("all.atom", document, now=datetime(2026, 1, 1, tzinfo=UTC))
    if number == 3:
        print("going", flush=True)
"""


@pytest.mark.slow
def test_a_kill_at_any_moment_leaves_a_whole_document(tmp_path: Path) -> None:
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", WRITER, str(tmp_path)], stdout=subprocess.PIPE
        ) as writer:
            assert writer.stdout is not None
            writer.stdout.readline()
            writer.send_signal(signal.SIGKILL)

        document = (tmp_path / "all.atom").read_bytes()
        assert len(document) == 200_000
        assert len(set(document)) == 1
    FilePublisher(tmp_path)
    assert names(tmp_path) == ["all.atom"]
