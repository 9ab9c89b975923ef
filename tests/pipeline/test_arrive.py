"""Where a page lives: as configured, where it moved to for good, and back again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from aggregator.arrive import Arrival, arrive
from aggregator.model import (
    Failed,
    FailureKind,
    Fetched,
    FetchResult,
    Gone,
    Moved,
    NotModified,
    RequestOptions,
    Source,
    SourceState,
)
from tests.pipeline.pages import NOW, SITE, Web, source

ELSEWHERE = "http://elsewhere.example/news"
NOT_FOUND = Failed(kind=FailureKind.NOT_FOUND, detail="the server says 404", at=NOW)
NO_HOST = Failed(kind=FailureKind.DNS, detail="elsewhere.example: not known", at=NOW)
SLOW = Failed(kind=FailureKind.TIMEOUT, detail="no whole page within 30 s", at=NOW)
GONE = Gone(at=NOW)
SECRETS = [
    RequestOptions(headers=(("X-Api-Key", "k3y"),)),
    RequestOptions(cookies=(("session", "s3ssion"),)),
    RequestOptions(basic=("ana", "s3cret")),
    RequestOptions(bearer="b34rer"),
    RequestOptions(method="POST", body=b"token=s3cret"),
    RequestOptions(client_certificate="ours.pem"),
]


def arrival(of: Source, web: Web, *, at: str | None = None, etag: str | None = None) -> Arrival:
    state = SourceState(source=of.id, url=at, etag=etag)
    return asyncio.run(arrive(of, state, transport=web))


def there(answer: FetchResult, **pages: str | FetchResult) -> Web:
    """Return a web in which the page moved to an address that gives *answer*."""
    return Web({ELSEWHERE: answer, **{f"/{name}": page for name, page in pages.items()}})


def test_a_page_that_moved_for_good_is_asked_for_where_it_is() -> None:
    of = source()
    page = Fetched(url=ELSEWHERE, body=b"<p>News", at=NOW)
    first = arrival(of, Web({"/news": Moved(url=ELSEWHERE, then=page)}))
    web = there(page)

    again = arrival(of, web, at=first.state.url)

    assert web.paths == [ELSEWHERE]
    assert again.result == page
    assert again.note is None


@pytest.mark.parametrize("lost", [NOT_FOUND, NO_HOST, GONE])
def test_a_page_that_is_lost_where_it_moved_is_asked_for_at_its_own_address(
    lost: FetchResult,
) -> None:
    web = there(lost, news="<p>News")

    found = arrival(source(), web, at=ELSEWHERE, etag='"theirs"')

    assert web.paths == [ELSEWHERE, "/news"]
    assert web.asked[1].etag is None
    assert isinstance(found.result, Fetched)
    assert found.state.url is None
    assert found.note is not None
    assert "elsewhere.example" in found.note.sentence


@pytest.mark.parametrize("answer", [SLOW, NotModified(at=NOW)])
def test_a_page_that_is_only_late_is_not_lost(answer: FetchResult) -> None:
    web = there(answer, news="<p>News")

    found = arrival(source(), web, at=ELSEWHERE)

    assert web.paths == [ELSEWHERE]
    assert found.state.url == ELSEWHERE


def test_a_page_that_moved_again_is_followed() -> None:
    further = f"{SITE}/2026/news"
    page = Fetched(url=further, body=b"<p>News", at=NOW)

    found = arrival(source(), there(GONE, news=Moved(url=further, then=page)), at=ELSEWHERE)

    assert found.state.url == further
    assert found.result == page


def test_where_no_address_gives_the_page_the_redirect_stays_remembered() -> None:
    found = arrival(source(), there(NO_HOST, news=SLOW), at=ELSEWHERE)

    assert found.result == NO_HOST
    assert found.state.url == ELSEWHERE
    assert found.note is not None
    assert SLOW.detail in found.note.sentence


def test_a_page_is_gone_for_good_only_when_both_addresses_say_so() -> None:
    one = arrival(source(), there(GONE, news=SLOW), at=ELSEWHERE)
    both = arrival(source(), there(GONE, news=GONE), at=ELSEWHERE)

    assert isinstance(one.result, Failed)
    assert isinstance(both.result, Gone)


@pytest.mark.parametrize("options", SECRETS)
def test_what_identifies_us_does_not_follow_a_remembered_redirect(options: RequestOptions) -> None:
    of = replace(source(), request=options)
    page = Fetched(url=ELSEWHERE, body=b"<p>News", at=NOW)
    web = Web({"/news": Moved(url=ELSEWHERE, then=page), ELSEWHERE: page})
    first = arrival(of, web)

    arrival(of, web, at=first.state.url)

    assert web.paths == ["/news", "/news"]


def test_what_identifies_us_follows_to_the_same_host() -> None:
    of = replace(source(), request=RequestOptions(bearer="b34rer"))
    web = Web({"/2026/news": "<p>News"})

    arrival(of, web, at=f"{SITE}/2026/news")

    assert web.asked[0].options.bearer == "b34rer"
    assert web.paths == ["/2026/news"]
