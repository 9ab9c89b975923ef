"""The nursery: imports the parser once, then forks a child whenever it is asked to.

A fresh interpreter needs a second of CPU before it can read a page; a fork needs a
millisecond. So a page that kills its child costs the others nothing, and the children
share their memory. One thread only, so that a fork is safe.

Run as ``python -m aggregator.adapters.parser.nursery CPU_SECONDS MEMORY_BYTES`` with one end
of a Unix socket pair as standard input. Every request gets one answer:

    FORK, with a socket      pid of a new child that reads pages from that socket
    END and a pid            its exit status, killed first if it still lives
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from contextlib import suppress

from aggregator.adapters.parser.child import serve
from aggregator.adapters.parser.wire import COMMAND, END, FORK, STATUS


def main() -> None:
    """Answer until the parent hangs up."""
    cpu_seconds, memory_bytes = float(sys.argv[1]), int(sys.argv[2])
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)  # the parent decides when we end
    gc.collect()
    gc.freeze()  # what is here now stays shared between all children
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as parent:
        while True:
            request, fds, _, _ = socket.recv_fds(parent, COMMAND.size, 1)
            if len(request) < COMMAND.size:
                return
            verb, pid = COMMAND.unpack(request)
            if verb == FORK:
                parent.sendall(STATUS.pack(_fork(parent, fds[0], cpu_seconds, memory_bytes)))
            elif verb == END:
                parent.sendall(STATUS.pack(_end(pid)))


def _fork(parent: socket.socket, fd: int, cpu_seconds: float, memory_bytes: int) -> int:
    pid = os.fork()
    if pid:
        os.close(fd)
        return pid
    status = 1
    try:
        parent.close()
        os.close(sys.stdin.fileno())
        serve(socket.socket(fileno=fd), cpu_seconds=cpu_seconds, memory_bytes=memory_bytes)
        status = 0
    finally:
        os._exit(status)  # not a second nursery: nothing of its loop may run here


def _end(pid: int) -> int:
    """Return how the child *pid* ended: its status, or minus the signal that killed it."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)  # one that ended is a zombie: its status stays
    try:
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    except ChildProcessError:
        return 1


if __name__ == "__main__":
    main()
