"""What stands at an address nobody configured."""

from __future__ import annotations

import asyncio

from aggregator.model import Diagnosis, Render, Trouble
from aggregator.scout import Scouted, scout
from tests.pipeline.pages import SHELL, SITE, Scripts, Web, eyes, listing, rss


def scouted(web: Web, path: str = "/news", *, browser: Scripts | None = None) -> Scouted:
    found = asyncio.run(scout(SITE + path, eyes=eyes(web, browser=browser)))
    assert isinstance(found, Scouted), found
    return found


def test_a_feed_itself_is_taken_as_it_is() -> None:
    found = scouted(Web({"/rss": rss(3, 2, 1)}), "/rss")

    assert (found.url, len(found.reading.drafts)) == (f"{SITE}/rss", 3)
    assert found.selectors is None


def test_a_feed_that_does_not_come_is_told_of() -> None:
    head = "<link rel=alternate type=application/rss+xml href=/gone>"
    found = scouted(Web({"/news": listing(3, 2, 1, head=head)}))

    assert found.notes[0] == (
        f"the page advertises a feed that does not come: {SITE}/gone (the server says 404)"
    )


def test_an_application_shell_is_shown_to_the_browser() -> None:
    found = scouted(Web({"/news": SHELL}), browser=Scripts(listing(4, 3, 2, 1)))

    assert found.render is Render.BROWSER
    assert len(found.reading.drafts) == 4


def test_a_shell_that_no_browser_fills_is_named() -> None:
    for browser in (None, Scripts(), Scripts("<p>still nothing</p>")):
        web = Web({"/news": SHELL})

        found = asyncio.run(scout(f"{SITE}/news", eyes=eyes(web, browser=browser)))

        assert isinstance(found, Diagnosis)
        assert found.trouble is Trouble.NEEDS_BROWSER
