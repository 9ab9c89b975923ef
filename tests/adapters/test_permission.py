"""What robots.txt said is asked for once, kept for as long as it holds, and never a mistake of ours."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from aggregator.adapters.http.manners import Turn, Turns
from aggregator.adapters.http.permission import Permissions
from aggregator.adapters.http.refusals import Refusal

URL = "http://example.org/news"


class Site:
    """Answers requests for robots.txt, one after the other; the last one again and again."""

    def __init__(self, *answers: int | Exception) -> None:
        self._answers = list(answers)
        self.asked: list[str] = []
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def ask(self, url: str) -> tuple[int | None, bytes]:
        self.asked.append(url)
        await self.may_answer.wait()
        answer = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer, b"User-agent: *\nDisallow: /private\n"

    def permissions(self) -> Permissions:
        return Permissions(self.ask, user_agent="aggregator", is_obeyed=True)


def a_turn() -> Turn:
    return Turns(concurrency=1, delay=timedelta(0)).turn()


def test_an_origin_is_asked_once_however_many_want_to_know() -> None:
    async def main() -> list[str]:
        site = Site(200)
        permissions = site.permissions()
        urls = [URL, f"{URL}/2", "http://example.org:81/", "https://example.org/"]
        await asyncio.gather(*(permissions.ask_for(url, turn=a_turn()) for url in urls * 5))
        return sorted(site.asked)

    assert asyncio.run(main()) == [
        "http://example.org/robots.txt",
        "http://example.org:81/robots.txt",
        "https://example.org/robots.txt",
    ]


def test_who_gives_up_waiting_spoils_the_answer_for_nobody() -> None:
    async def main() -> list[str]:
        site = Site(200)
        site.may_answer.clear()
        permissions = site.permissions()
        first, second = (
            asyncio.create_task(permissions.ask_for(URL, turn=a_turn())) for _ in range(2)
        )
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.gather(first, return_exceptions=True)
        site.may_answer.set()
        await second
        return site.asked

    assert len(asyncio.run(main())) == 1


def test_a_mistake_of_ours_costs_one_fetch_and_not_a_day() -> None:
    async def main() -> None:
        permissions = Site(RuntimeError("a mistake"), 200).permissions()

        with pytest.raises(RuntimeError):
            await permissions.ask_for(URL, turn=a_turn())
        await permissions.ask_for(URL, turn=a_turn())
        with pytest.raises(Refusal):
            await permissions.ask_for("http://example.org/private", turn=a_turn())

    asyncio.run(main())
