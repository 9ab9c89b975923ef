"""Apprise reaches whom it is told to reach."""

from __future__ import annotations

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from aggregator.adapters.apprise import AppriseMessenger
from aggregator.errors import ConfigError

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr':DeprecationWarning")  # Apprise's own


@pytest.mark.slow
def test_a_message_arrives_with_title_and_text() -> None:
    arrived: list[bytes] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            arrived.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Print nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        messenger = AppriseMessenger([f"json://127.0.0.1:{server.server_port}/"])

        reached = asyncio.run(messenger.tell("A title", "A text"))

        thread.join()
    assert reached
    (told,) = map(json.loads, arrived)
    assert (told["title"], told["message"]) == ("A title", "A text")


def test_an_address_nobody_knows_is_refused_without_telling_it() -> None:
    with pytest.raises(ConfigError) as caught:
        AppriseMessenger(["nonsense://user:secret@example.org/"])

    assert "secret" not in str(caught.value)
