import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.config import load_config
from aggregator.core.query import is_phrase, parse, query_of, warnings_of
from aggregator.errors import ConfigError, QueryError


def made(**lists: object) -> str:
    given: dict[str, object] = {"any": [], "all": [], "none": [], "query": "", "name": "Las Bambas"}
    return query_of(**(given | lists))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lists", "query"),
    [
        ({}, '"las bambas"'),
        ({"name": "Mining"}, "mining"),
        ({"any": ["MMG"]}, "MMG"),
        ({"any": ["a", "b c"], "all": ["d"], "none": ["e"], "query": "f g"},
         '(a OR "b c" OR (f g)) AND d AND NOT e'),
        ({"any": ["a OR b", "cat*"]}, "((a OR b) OR cat*)"),
        ({"none": ["football"]}, '"las bambas" AND NOT football'),
        ({"query": "a OR b", "none": ["c d"]}, '(a OR b) AND NOT "c d"'),
        ({"any": ["US$15"]}, '"US$15"'),
    ],
)  # fmt: skip
def test_lists_are_sugar_for_a_query(lists: dict[str, object], query: str) -> None:
    assert made(**lists) == query
    parse(query)


@given(st.lists(st.text(max_size=12), max_size=3), st.text(max_size=12))
def test_lists_whose_parts_make_sense_make_a_query(some: list[str], name: str) -> None:
    try:
        for text in some:
            if not is_phrase(text):
                parse(text)
    except QueryError:
        return
    if some or name.isalnum():
        parse(made(any=some, none=some, name=name))


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("oil and gas", "'and' in small letters"),
        ("oil near/3 gas", "'near/3' in small letters"),
        ("NOT oil", "must not be there"),
        ("gas OR NOT oil", "must not be there"),
        ("-oil -gas", "must not be there"),
        ('"las bambas"', "only the topic's name"),
    ],
)
def test_what_is_allowed_and_hardly_meant_is_told(query: str, hint: str) -> None:
    (warning,) = warnings_of(query, name="Las Bambas")

    assert hint in warning


@pytest.mark.parametrize(
    "query", ["oil -gas", "oil AND gas", '"oil and gas"', "oil OR (gas -coal)"]
)
def test_what_is_meant_is_not_warned_of(query: str) -> None:
    assert warnings_of(query, name="Las Bambas") == ()


def problems(topic: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load_config(f"topics:\n  oil:\n{topic}", file="c.yaml", environment={})
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("topic", "place", "key"),
    [
        ("    query: river (dam\n", "c.yaml:3:18:", "topics.oil.query"),
        ("    query: 'it''s (dam'\n", "c.yaml:3:19:", "topics.oil.query"),
        ('    query: "a \\"b\\" \\u0041 (dam"\n', "c.yaml:3:28:", "topics.oil.query"),
        ("    query: |\n      river OR\n      (dam\n", "c.yaml:5:7:", "topics.oil.query"),
        ("    query: >\n      river OR\n      (dam\n", "c.yaml:5:7:", "topics.oil.query"),
        ("    query: >-\n      river\n      dam OR\n", "c.yaml:5:13:", "topics.oil.query"),
        ("    query: >-\n      dam OR\n    title: x\n", "c.yaml:4:13:", "topics.oil.query"),
        ("    query: river OR\n      (dam\n", "c.yaml:4:7:", "topics.oil.query"),
        ("    query: 'river OR\n\n      (dam'\n", "c.yaml:5:7:", "topics.oil.query"),
        ("    any: [dam, 'a*']\n", "c.yaml:3:17:", "topics.oil.any[1]"),
        ("    none:\n      - dam\n      - river OR\n", "c.yaml:5:17:", "topics.oil.none[1]"),
        ("    query: topic:gas\n", "c.yaml:3:18:", "topics.oil.query"),
        ("    title: '!!!'\n", "c.yaml:2:", "topics.oil"),
        ("    any: [dam, (x topic:oil)]\n", "c.yaml:3:25:", "topics.oil.any[1]"),
    ],
)
def test_a_bad_query_is_told_with_line_and_column(topic: str, place: str, key: str) -> None:
    (problem,) = problems(topic)

    assert problem.startswith(place)
    assert f" {key}: found " in problem


def test_every_bad_query_is_told_at_once() -> None:
    told = problems("    any: ['(a']\n    none: ['b*']\n    query: '\"c'\n")

    assert [line.split(":")[1] for line in told] == ["3", "4", "5"]


_TEXTS = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=20) | st.lists(
    st.sampled_from(
        [*'()"-|*~=/', " OR ", " NEAR/3 ", "topic:oil", "title:", "dam", "'", "\\", "ñ"]
    )
).map("".join)


@given(_TEXTS)
def test_any_text_is_a_query_or_is_told_with_line_and_column(text: str) -> None:
    quoted = json.dumps(text, ensure_ascii=False)
    try:
        load_config(f"topics:\n  oil:\n    query: {quoted}\n", file="c.yaml", environment={})
    except ConfigError as error:
        (problem,) = str(error).splitlines()
        assert re.match(r"c\.yaml:3:\d+: topics\.oil\.query: found ", problem)


def test_an_entry_with_half_a_quote_is_no_phrase() -> None:
    assert is_phrase("river dam")
    assert not is_phrase('river "dam')
