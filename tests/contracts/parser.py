"""What every `Parser` must do; each adapter's tests inherit these."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from datetime import UTC, datetime

import pytest

from aggregator.model import Failed, FailureKind, Fetched, Hints, Kind, Reading, Rule, Selectors
from aggregator.ports import Parser

NOW = datetime(2018, 1, 27, 12, tzinfo=UTC)
RULE = Rule(selectors=Selectors(items="li", title="h3", link="a::attr(href)", date=".d"))
LISTING = """<ul>
<li><h3><a href="/1">Uno &amp; dos</a></h3><p class=d>22 January 2018</p></li>
<li><h3><a href="/2">Ñandú</a></h3><p class=d>no day at all</p></li>
</ul>""".encode()


def page(body: bytes, content_type: str = "text/html; charset=utf-8") -> Fetched:
    return Fetched(url="http://example.org/news", body=body, at=NOW, content_type=content_type)


class ParserContract(ABC):
    """Inherit, and say how a parser is made."""

    @abstractmethod
    def parser(self) -> Parser:
        """Return a parser; called inside a running event loop."""

    def read(
        self, *pages: Fetched, rule: Rule = RULE, explain: bool = False
    ) -> list[Reading | Failed]:
        async def all_of_them() -> list[Reading | Failed]:
            parser = self.parser()
            hints = Hints(now=NOW, timezone="Europe/London")
            try:
                reads = (parser.read(one, rule, hints, explain=explain) for one in pages)
                return list(await asyncio.gather(*reads))
            finally:
                await parser.close()

        return asyncio.run(all_of_them())

    def test_a_listing_becomes_drafts_in_page_order(self) -> None:
        (reading,) = self.read(page(LISTING))

        assert isinstance(reading, Reading)
        assert [draft.title for draft in reading.drafts] == ["Uno & dos", "Ñandú"]
        assert [draft.link for draft in reading.drafts] == [
            "http://example.org/1",
            "http://example.org/2",
        ]
        assert reading.extraction.kind is Kind.SELECTORS

    def test_a_date_that_is_not_understood_is_no_date(self) -> None:
        (reading,) = self.read(page(LISTING))

        assert isinstance(reading, Reading)
        first, second = reading.drafts
        assert first.published is not None
        assert first.published.isoformat() == "2018-01-22"
        assert (second.published, second.date_text) == (None, "no day at all")

    def test_a_page_without_items_says_why(self) -> None:
        (reading,) = self.read(page(b"<p>Nothing here.</p>"))

        assert isinstance(reading, Reading)
        assert reading.drafts == ()
        assert reading.extraction.diagnosis is not None
        assert reading.extraction.diagnosis.next_step

    def test_a_rule_that_cannot_be_followed_is_a_value(self) -> None:
        rule = Rule(selectors=Selectors(items="li["))

        (failed,) = self.read(page(LISTING), rule=rule)

        assert isinstance(failed, Failed)
        assert failed.kind is FailureKind.UNREADABLE
        assert failed.at == NOW

    @pytest.mark.parametrize(
        "body", [b"", b"\x00\xff\xfe<li><h3>", b"<li>" * 2000, b"%PDF-1.4 \xe2\xe3", b"{" * 999]
    )
    def test_no_bytes_are_an_exception(self, body: bytes) -> None:
        (answer,) = self.read(page(body))

        assert isinstance(answer, Reading | Failed)

    def test_many_pages_at_once_are_not_mixed_up(self) -> None:
        pages = [page(f"<li><h3>Page {number}</h3></li>".encode()) for number in range(12)]

        readings = self.read(*pages)

        titles = [reading.drafts[0].title for reading in readings if isinstance(reading, Reading)]
        assert titles == [f"Page {number}" for number in range(12)]
