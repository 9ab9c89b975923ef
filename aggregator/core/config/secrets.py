"""Keep what came from the environment out of what people see."""

from __future__ import annotations

from collections.abc import Collection

SHORTEST = 4  # characters; hiding a letter or two would blacken everything and protect nothing


def hidden(text: str, secrets: Collection[str]) -> str:
    """Return *text* with ``***`` where a secret was.

    >>> hidden("http://example.org/?key=k3y-42bb", {"k3y-42bb"})
    'http://example.org/?key=***'
    """
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= SHORTEST:
            text = text.replace(secret, "***")
    return text
