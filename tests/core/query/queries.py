"""Queries and texts that hypothesis makes of a few words, so that they meet."""

from hypothesis import strategies as st

from aggregator.core.query.tree import And, Field, Form, Near, Not, Or, Phrase, Query, Regex, Word
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

plain_words = st.builds(Word, word=st.sampled_from(WORDS), form=st.sampled_from(Form)).map(
    lambda word: Word(word="min", form=Form.PREFIX) if word.form is Form.PREFIX else word
)
phrases = st.builds(
    lambda words, fuzzy: Phrase(words=tuple(words), fuzzy=fuzzy and len(words) > 1),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    st.booleans(),
)
terms = plain_words | phrases
nears = st.builds(
    Near,
    left=terms,
    right=terms | st.builds(Or, queries=st.tuples(terms, terms)),
    distance=st.integers(1, 4),
)
regexes = st.builds(Regex, pattern=st.sampled_from(["^dam", "river.*bamba", "m+i"]))


def _made(parts: st.SearchStrategy[Query]) -> st.SearchStrategy[Query]:
    several = st.lists(parts, min_size=2, max_size=3).map(tuple)
    return (
        st.builds(And, queries=several)
        | st.builds(Or, queries=several)
        | st.builds(Not, query=parts)
        | st.builds(Field, name=st.sampled_from(["title", "summary", "tag"]), query=parts)
    )


queries: st.SearchStrategy[Query] = st.recursive(terms | nears | regexes, _made, max_leaves=8)

_texts = st.lists(
    st.sampled_from([*WORDS, "Dam,", "rivers", "mníng", "lasbambas", "新女性法", "–", "x"]),
    max_size=7,
).map(" ".join)
entries = st.builds(
    lambda title, summary, tags: entry(title, summary, categories=tuple(tags)),
    _texts,
    _texts,
    st.lists(_texts, max_size=2),
)
