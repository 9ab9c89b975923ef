"""One process a state, and never one that is dead."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aggregator.adapters.lock import LOCK_FILE, exclusive
from aggregator.errors import StateLockedError, StoreError

HOLD = """
import sys
from pathlib import Path
from aggregator.adapters.lock import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_second_is_refused_with_the_process_number_of_the_first(tmp_path: Path) -> None:
    refused = pytest.raises(StateLockedError, match=f"process {os.getpid()}$")

    with exclusive(tmp_path), refused, exclusive(tmp_path):
        pass


def test_it_can_be_held_again_once_it_is_given_back(tmp_path: Path) -> None:
    for _ in range(2):
        with exclusive(tmp_path / "new"):
            assert (tmp_path / "new" / LOCK_FILE).read_text() == f"{os.getpid()}\n"


@pytest.mark.slow
def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    assert holder.stdout.readline() == b"held\n"
    with pytest.raises(StateLockedError, match=f"process {holder.pid}$"), exclusive(tmp_path):
        pass

    holder.kill()
    holder.communicate()

    with exclusive(tmp_path):
        pass


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreError, match="file"), exclusive(tmp_path / "file" / "state"):
        pass


def test_a_file_where_the_folder_should_be_is_told_as_that(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("")

    with pytest.raises(StoreError, match="state is a file"), exclusive(tmp_path / "state"):
        pass
