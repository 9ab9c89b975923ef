"""Queries and texts that hypothesis makes of a few words, so that they meet."""

from datetime import date

from hypothesis import strategies as st

from aggregator.core.query.tree import (
    And,
    Field,
    Form,
    Near,
    Not,
    Or,
    Phrase,
    Published,
    Query,
    Regex,
    Word,
)
from tests.core.query.entries import entry

WORDS = [
    "dam",
    "dams",
    "river",
    "mining",
    "minign",
    "glacier",
    "las",
    "bambas",
    "bamba",
    "女性",
    "女",
]

plain_words = st.builds(
    Word, word=st.sampled_from(WORDS), form=st.sampled_from([Form.LIGHT, Form.EXACT, Form.FUZZY])
)
prefixes = st.builds(
    Word, word=st.sampled_from(["min", "bamb", "glacier"]), form=st.just(Form.PREFIX)
)
phrases = st.builds(
    lambda words, fuzzy: Phrase(words=tuple(words), fuzzy=fuzzy and len(words) > 1),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    st.booleans(),
)
terms = plain_words | prefixes | phrases
nears = st.builds(
    Near,
    left=terms,
    right=terms | st.builds(Or, queries=st.tuples(terms, terms)),
    distance=st.integers(1, 4),
)
regexes = st.builds(
    Regex,
    pattern=st.sampled_from(
        ["^dam", "river.*bamba", "m+i", "LAS|MNÍ", "女", ".", "(dam)?s", r"\bx"]
    ),
)
days = st.builds(
    Published, before=st.booleans(), day=st.dates(date(2018, 1, 21), date(2018, 1, 23))
)
FIELDS = ["title", "summary", "content", "tag", "author", "source", "lang", "url"]


def _made(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(And, queries=several)
        | st.builds(Or, queries=several)
        | st.builds(Not, query=parts)
        | st.builds(Field, name=st.sampled_from(FIELDS), query=parts)
    )


queries: st.SearchStrategy[Query] = st.recursive(
    terms | nears | regexes | days, _made, max_leaves=8
)

_texts = st.lists(
    st.sampled_from([*WORDS, "Dam,", "rivers", "mníng", "lasbambas", "新女性法", "–", "x"]),
    max_size=7,
).map(" ".join)
entries = st.builds(
    lambda title, summary, content, tags: entry(
        title,
        summary,
        content=f"<p>{content}</p>",
        categories=tuple(tags),
        authors=tuple(tags[:1]),
        source="dam",
        language="es",
    ),
    _texts,
    _texts,
    _texts,
    st.lists(_texts, max_size=2),
)
