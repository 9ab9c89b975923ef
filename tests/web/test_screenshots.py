"""The pages in Debian's Chromium: light and dark, wide and on a phone; pictures to look at."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from aggregator.adapters.prometheus import Meters
from aggregator.model import FailureKind
from aggregator.testing import Workbench
from aggregator.web import Server, create_app, site_of
from tests.web.test_pages import CONFIG, URL, listing

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--hide-scrollbars",
)
PNG = b"\x89PNG\r\n\x1a\n"


def output_folder(tmp_path: Path) -> Path:
    """Return where pictures are kept: the tests' output folder, if one is named."""
    named = os.environ.get("AGGREGATOR_TEST_OUTPUT")
    folder = Path(named) if named else tmp_path / "screenshots"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def picture(url: str, target: Path, *, size: str, is_dark: bool, profile: Path) -> None:
    scheme = ["--blink-settings=preferredColorScheme=0"] if is_dark else []
    subprocess.run(
        [
            str(CHROMIUM),
            *FLAGS,
            *scheme,
            f"--user-data-dir={profile}",
            f"--window-size={size}",
            f"--screenshot={target}",
            url,
        ],
        check=True,
        timeout=90,
        capture_output=True,
    )


@pytest.mark.slow
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine")
@pytest.mark.parametrize(
    ("size", "is_dark"), [("1000,1200", False), ("420,900", True)], ids=["light", "phone-dark"]
)
def test_every_page_is_drawn(tmp_path: Path, *, size: str, is_dark: bool) -> None:
    folder = output_folder(tmp_path)

    async def draw() -> list[Path]:
        drawn = []
        async with Workbench(CONFIG) as bench:
            bench.transport.serve(URL, listing("A mine opens", "Rain in the mine", "Rain"))
            await bench.refresh("news")
            bench.transport.fail(URL, FailureKind.TIMEOUT)
            await bench.refresh("news")
            site = site_of(bench.shop, folder=tmp_path, meters=Meters(), ticked=lambda: None)
            server = Server(host="127.0.0.1", port=0)
            async with server.serving(create_app(site)):
                for page in ("", "topics/mines", "sources", "sources/news", "nothing"):
                    name = f"{page.replace('/', '-') or 'index'}-{size.replace(',', 'x')}.png"
                    url = f"http://127.0.0.1:{server.port}/{page}"
                    await asyncio.to_thread(
                        picture,
                        url,
                        folder / name,
                        size=size,
                        is_dark=is_dark,
                        profile=tmp_path / "profile",
                    )
                    drawn.append(folder / name)
            server.close()
        return drawn

    pictures = asyncio.run(draw())

    for path in pictures:
        assert path.read_bytes().startswith(PNG)
        assert path.stat().st_size > 3000  # a blank page is smaller
