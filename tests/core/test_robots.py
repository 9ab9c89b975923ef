"""What robots.txt lets us do, and what reading it may cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.robots import KEPT, MAX_RULES, Robots, our_rules, read_robots

NOW = datetime(2018, 6, 5, 12, tzinfo=UTC)
AGENT = "aggregator/1.0 (+https://example.org/about-this-bot)"


def robots(text: str) -> Robots:
    return read_robots(200, text.encode(), user_agent=AGENT, now=NOW)


def test_the_group_that_names_us_wins_over_the_one_for_everyone() -> None:
    rules = robots("User-agent: *\nDisallow: /\n\nUser-agent: Aggregator\nDisallow: /private\n")

    assert rules.allows("http://example.org/news")
    assert not rules.allows("http://example.org/private/1")


def test_groups_that_name_us_twice_are_one() -> None:
    rules = robots(
        "User-agent: aggregator\nDisallow: /a\nUser-agent: other\nDisallow: /\n"
        "User-agent: aggregator\nDisallow: /b\n"
    )

    assert [rules.allows(f"http://example.org/{path}") for path in "abc"] == [False, False, True]


def test_several_agents_above_one_group_share_it() -> None:
    rules = robots("User-agent: other\nSitemap: /map\nUser-agent: aggregator\nDisallow: /x\n")

    assert not rules.allows("http://example.org/x")


def test_a_bot_whose_name_is_part_of_ours_is_not_us() -> None:
    assert robots("User-agent: bot\nDisallow: /\n").allows("http://example.org/")


def test_the_longest_rule_wins_and_wildcards_count() -> None:
    rules = robots("User-agent: *\nDisallow: /*.php$\nAllow: /news.php$\nDisallow: /old\n")

    assert rules.allows("http://example.org/news.php")
    assert not rules.allows("http://example.org/old.php")
    assert not rules.allows("http://example.org/old/1")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("5", 5.0), ("2.5", 2.5), ("86400", 60.0), ("1e400", 0.0), ("-3", 0.0), ("soon", 0.0)],
)
def test_a_crawl_delay_is_kept_within_reason(text: str, seconds: float) -> None:
    rules = robots(f"User-agent: *\nCrawl-delay: {text}\n")

    assert rules.delay() == timedelta(seconds=seconds)


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 410])
def test_without_a_robots_txt_everything_is_allowed(status: int) -> None:
    rules = read_robots(status, b"User-agent: *\nDisallow: /", user_agent=AGENT, now=NOW)

    assert rules.allows("http://example.org/")
    assert rules.until == NOW + KEPT


@pytest.mark.parametrize("status", [429, 500, 503, None])
def test_when_it_cannot_be_read_nothing_is_allowed_for_a_while(status: int | None) -> None:
    rules = read_robots(status, b"", user_agent=AGENT, now=NOW)

    assert not rules.allows("http://example.org/")
    assert NOW < rules.until < NOW + KEPT


def test_while_it_cannot_be_read_what_it_said_before_holds() -> None:
    before = robots("User-agent: *\nDisallow: /private\n")

    rules = read_robots(503, b"", user_agent=AGENT, now=NOW, before=before)

    assert rules.allows("http://example.org/news")
    assert not rules.allows("http://example.org/private")


def test_thousands_of_agents_above_thousands_of_rules_cost_nothing() -> None:
    agents = [f"User-agent: bot{n}" for n in range(15_000)]
    rules = [f"Disallow: /{n}" for n in range(15_000)]

    assert not list(our_rules("\n".join(agents + rules), AGENT))


def test_only_so_many_rules_are_taken_in() -> None:
    text = "User-agent: *\n" + "".join(f"Disallow: /{n}\n" for n in range(2 * MAX_RULES))

    assert len(list(our_rules(text, AGENT))) == MAX_RULES + 1


@given(st.binary(max_size=400), st.sampled_from([None, 200, 404, 500]))
def test_no_bytes_crash_it(body: bytes, status: int | None) -> None:
    rules = read_robots(status, b"User-agent: *\n" + body, user_agent=AGENT, now=NOW)

    rules.allows("http://example.org/a?b=c")
    assert timedelta(0) <= rules.delay() <= timedelta(seconds=60)
