"""What makes no sense is refused with its column, never taken as an empty feed."""

import pytest

from aggregator.core.query import Percolator, parse
from aggregator.errors import QueryError
from tests.core.query.entries import topic

REFUSED = [
    ("", 1, "empty"),
    ("   ", 1, "empty"),
    ("(dam", 1, "not closed"),
    ("a (dam (river)", 3, "not closed"),
    ("dam)", 4, "closes nothing"),
    ("(dam))", 6, "closes nothing"),
    ("()", 1, "empty"),
    ("dam ( )", 5, "empty"),
    ('"dam', 1, "quote"),
    ('river "dam', 7, "quote"),
    ("“dam", 1, "quote"),
    ('""', 1, "no word"),
    ('"!?"', 1, "no word"),
    ('"dam"river', 6, "blank"),
    ('"dam"~5', 7, "blank"),
    ("dam OR", 7, "follow"),
    ("dam |", 6, "follow"),
    ("OR dam", 1, "both sides"),
    ("AND dam", 1, "both sides"),
    ("dam OR OR river", 8, "both sides"),
    ("(dam OR )", 9, "something is missing before it"),
    ("dam AND OR river", 9, "both sides"),
    ("NOT", 4, "follow"),
    ("dam NOT", 8, "follow"),
    ("-", 1, "no letter"),
    ("dam - river", 5, "no letter"),
    ("–dam", 1, "write NOT or -"),
    ("!dam", 1, "write NOT or -"),
    ("NEAR/3 dam", 1, "left"),
    ("dam NEAR/3", 11, "follow"),
    ("dam NEAR/0 river", 5, "distance"),
    ("dam NEAR/-1 river", 5, "distance"),
    ("dam NEAR/x river", 5, "distance"),
    ("dam NEAR/² river", 5, "distance"),
    ("dam NEAR river", 5, "distance"),
    ("dam NEAR/9999 river", 5, "distance"),
    ("dam NEAR/3 /x/", 5, "between words"),
    ("title:dam NEAR/3 river", 11, "title:(a NEAR/3 b)"),
    ("(dam -lake) NEAR/3 river", 13, "between words"),
    ("*", 1, "three letters"),
    ("a*", 1, "three letters"),
    ("mi*", 1, "three letters"),
    ("女性*", 1, "three letters"),
    ("*dam", 1, "end of a word"),
    ("ri*er", 3, "end of a word"),
    ("river**", 6, "end of a word"),
    ("oil-spill*", 1, "one plain word"),
    ("river~2", 6, "last sign"),
    ("river~=", 6, "last sign"),
    ("river==", 7, "one sign"),
    ("!!!", 1, "write NOT"),
    ("& dam", 1, "no letter"),
    ("title:", 1, "value"),
    ("title: dam", 1, "right after the colon"),
    ("(title:)", 2, "value"),
    ("title:-dam", 7, "both sides"),
    ("titel:dam", 1, "did you mean title:"),
    ("Lima:dam", 1, "no field"),
    ("http://example.org/", 6, "not closed"),
    ("before:", 1, "value"),
    ("before:soon", 8, "2018-01-22"),
    ("before:2018-02-30", 8, "2018-01-22"),
    ("after:(2018)", 1, "value"),
    ("topic:", 1, "value"),
    ("//", 1, "not closed"),
    ("/dam", 1, "not closed"),
    ("/(dam/", 1, "RE2"),
    (r"/(?=dam)/", 1, "RE2"),
    ("/dam/i", 6, "blank"),
    ("/a{1000}{1000}/", 1, "RE2"),
    ("(" * 200 + "a" + ")" * 200, 101, "deep"),
    ("-" * 200 + "a", 202, "deep"),
    ("(-" * 60 + "a" + " OR b)" * 60, 421, "deep"),
    ("a" + " NEAR/1 a" * 2_000, 903, "deep"),
    (f"({'a ' * 300}) NEAR/3 ({'b ' * 300})", 604, "90,000 pairs"),
    (f"({'a ' * 300}) NEAR/3 {'b' * 300}", 604, "300 pairs"),
    ("title:" * 200 + "a", 595, "fields in fields"),
    ("a " * 20_000, 20_000, "at most"),
]


@pytest.mark.parametrize(("query", "column", "hint"), REFUSED)
def test_it_is_refused_with_its_column_and_a_hint(query: str, column: int, hint: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse(query)

    assert hint in str(caught.value)
    assert caught.value.column == column


@pytest.mark.parametrize("query", ["topic:t", "topic:other"])
def test_topics_that_name_each_other_in_a_circle_are_refused(query: str) -> None:
    topics = [topic(query), topic("dam OR (river topic:t)", name="other")]

    with pytest.raises(QueryError, match="circle"):
        Percolator(topics)


def test_topics_that_name_each_other_without_end_are_refused() -> None:
    names = [f"t{number}" for number in range(1_000)]
    topics = [
        topic(f"dam OR topic:{other}", name=name)
        for name, other in zip(names, [*names[1:], "last"], strict=True)
    ]

    with pytest.raises(QueryError, match="nested more than 100 deep"):
        Percolator([*topics, topic("mine", name="last")])


def test_an_unknown_topic_is_refused_with_the_one_that_was_meant() -> None:
    with pytest.raises(QueryError, match=r"column 11: .* did you mean 'mining'\?"):
        Percolator([topic("dam topic:minning"), topic("mine", name="mining")])
