"""Topics: the query language, and all topics against each entry. See docs/topics.md."""

from aggregator.core.query.explain import Explanation, Place
from aggregator.core.query.lists import is_phrase, query_of, warnings_of
from aggregator.core.query.parse import parse
from aggregator.core.query.percolate import Percolator, resolve
from aggregator.core.query.tree import told

__all__ = [
    "Explanation",
    "Percolator",
    "Place",
    "is_phrase",
    "parse",
    "query_of",
    "resolve",
    "told",
    "warnings_of",
]
