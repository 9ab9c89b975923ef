"""How parent, nursery and child talk: frames of JSON and raw bytes over sockets.

No pickles: what comes from a child that hostile bytes ran in is data, never code.

A page to read is two frames (the job as JSON, the page's bytes), an answer is one. A frame is
its length in bytes, four bytes big-endian, and as many bytes.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import Annotated, TypeAlias

from pydantic import Field, TypeAdapter

from aggregator.model import Failed, Hints, Reading, Rule

LENGTH = struct.Struct(">I")
COMMAND = struct.Struct(">cI")  # to the nursery: a verb and a pid
STATUS = struct.Struct(">i")  # from the nursery: a pid or an exit status
FORK, END = b"F", b"E"
MAX_FRAME_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A page to read; its bytes come in the next frame."""

    url: str
    content_type: str
    rule: Rule
    hints: Hints
    explain: bool


JOB = TypeAdapter(Job)
# From left to right: to find what fits best, pydantic would read each reading twice.
_Answer: TypeAlias = Annotated[Reading | Failed, Field(union_mode="left_to_right")]
ANSWER: TypeAdapter[Reading | Failed] = TypeAdapter(_Answer)


def frame(body: bytes) -> bytes:
    """Return *body* with its length in front."""
    return LENGTH.pack(len(body)) + body
