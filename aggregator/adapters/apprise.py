"""Tell people by mail, chat and a hundred other ways, through Apprise (extra ``notify``)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from aggregator.errors import ConfigError, MissingExtraError


class AppriseMessenger:
    """Implements `aggregator.ports.Messenger`. Addresses hold secrets and are never shown."""

    def __init__(self, addresses: Sequence[str]) -> None:
        """Prepare to tell whoever is at *addresses*.

        Raises:
            ConfigError: Apprise does not know what one of them means.
            MissingExtraError: Apprise is not installed.
        """
        try:
            from apprise import Apprise  # noqa: PLC0415 -- an extra
        except ImportError as error:
            raise MissingExtraError("notify: needs the extra 'notify'") from error
        self._apprise: Any = Apprise()
        for number, address in enumerate(addresses, start=1):
            if not self._apprise.add(address):
                scheme = address.partition("://")[0][:20]
                raise ConfigError(f"notify: address {number} ({scheme}://…) is none Apprise knows")

    async def tell(self, title: str, text: str) -> bool:
        return bool(await asyncio.to_thread(self._apprise.notify, title=title, body=text))
