"""The child: reads one page after the other from its connection until that ends."""

from __future__ import annotations

import resource
import signal
import socket
from pathlib import Path
from typing import BinaryIO

from selectolax.lexbor import SelectolaxError

from aggregator.adapters.parser.wire import ANSWER, JOB, LENGTH, Job, frame
from aggregator.core.read import read
from aggregator.model import Failed, FailureKind, Fetched, Reading


def serve(connection: socket.socket, *, cpu_seconds: float, memory_bytes: int) -> None:
    """Answer what *connection* asks; die by signal when a page takes too long or too much."""
    _limit_memory(memory_bytes)
    with connection, connection.makefile("rb") as requests:
        while (job := _frame(requests)) is not None:
            body = _frame(requests) or b""
            # Counts this process's CPU, also inside C; SIGPROF ends it wherever it is.
            signal.setitimer(signal.ITIMER_PROF, cpu_seconds)
            answer = ANSWER.dump_json(_answer(JOB.validate_json(job), body), exclude_defaults=True)
            signal.setitimer(signal.ITIMER_PROF, 0)
            connection.sendall(frame(answer))


def _answer(job: Job, body: bytes) -> Reading | Failed:
    page = Fetched(url=job.url, body=body, content_type=job.content_type, at=job.hints.now)
    try:
        return read(page, job.rule, job.hints, explain=job.explain)
    except (MemoryError, SelectolaxError):  # lexbor fails at nothing else
        return _failed(job, "the page needs more memory than a page may have")
    except RecursionError:
        return _failed(job, "the page is nested too deeply")
    except Exception as error:  # noqa: BLE001 -- one page's bug must not cost the next page
        return _failed(job, f"{type(error).__name__}: {error} ({_place(error)})")


def _failed(job: Job, detail: str) -> Failed:
    return Failed(kind=FailureKind.UNREADABLE, detail=detail[:500], at=job.hints.now)


def _place(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "nowhere"
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}"


def _limit_memory(more_bytes: int) -> None:
    """Allow *more_bytes* of address space beyond what the imports took."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    limit = pages * resource.getpagesize() + more_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _frame(stream: BinaryIO) -> bytes | None:
    head = stream.read(LENGTH.size)
    if len(head) < LENGTH.size:
        return None
    (length,) = LENGTH.unpack(head)
    return stream.read(int(length))
