"""Sources are put into a configuration, and nothing else of it changes."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.config import load_config
from aggregator.core.config.edit import with_sources
from aggregator.errors import ConfigError

NEW = {"new": {"url": "http://x.org/", "selectors": {"items": "ul > li", "title": "h3"}}}
BLOCK = """\
  new:
    url: http://x.org/
    selectors:
      items: ul > li
      title: h3
"""


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "sources:\n{new}"),
        ("state: s/\n", "state: s/\n\nsources:\n{new}"),
        ("state: s/", "state: s/\n\nsources:\n{new}"),
        ("sources:\ntopics: {}\n", "sources:\n{new}topics: {}\n"),
        ("sources: {}  # none yet\n", "sources:  # none yet\n{new}"),
        ("sources: null\nstate: s/\n", "sources:\n{new}state: s/\n"),
        ("sources: ~", "sources:\n{new}"),
        ("sources:\n  a: {url: 'http://a.org'} # A\n", "sources:\n  a: {url: 'http://a.org'} # A\n{new}"),
        (
            "sources:\n  a:\n    url: http://a.org\n    # selectors: later\n\n# What is published\ntopics: {}\n",
            "sources:\n  a:\n    url: http://a.org\n    # selectors: later\n{new}\n# What is published\ntopics: {}\n",
        ),
        (
            "sources:\n  a:\n    url: http://a.org\n\n  b:\n    url: http://b.org\n",
            "sources:\n  a:\n    url: http://a.org\n\n  b:\n    url: http://b.org\n\n{new}",
        ),
        (
            "sources:\n  a:\n    url: http://a.org\n    body: |\n      # no comment\n      q=1\ntopics: {}\n",
            "sources:\n  a:\n    url: http://a.org\n    body: |\n      # no comment\n      q=1\n{new}topics: {}\n",
        ),
    ],
)  # fmt: skip
def test_a_source_is_put_at_the_end_and_nothing_else_changes(before: str, after: str) -> None:
    assert with_sources(before, NEW) == after.replace("{new}", BLOCK)


def test_the_indentation_of_the_file_is_kept() -> None:
    text = "sources:\n    a:\n        url: http://a.org\n"

    assert (
        with_sources(text, {"b": {"url": "http://b.org"}})
        == text + "    b:\n      url: http://b.org\n"
    )


def test_line_ends_of_windows_are_kept() -> None:
    text = "sources:\r\n  a: {url: 'http://a.org'}\r\nstate: s/\r\n"

    changed = with_sources(text, {"b": {"url": "http://b.org"}})

    assert (
        changed
        == "sources:\r\n  a: {url: 'http://a.org'}\r\n  b:\r\n    url: http://b.org\r\nstate: s/\r\n"
    )


@pytest.mark.parametrize("end", ["", ","])
def test_sources_in_braces_stay_in_braces(end: str) -> None:
    text = "sources: {a: {url: 'http://a.org'}" + end + "}  # one line\nstate: s/\n"

    changed = with_sources(text, NEW)

    assert yaml.safe_load(changed)["sources"] == {"a": {"url": "http://a.org"}, **NEW}
    assert changed.endswith("}  # one line\nstate: s/\n")


@pytest.mark.parametrize("text", ["a: [", "- a\n", "sources: [a]\n", "sources: word\n"])
def test_what_is_no_configuration_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        with_sources(text, NEW)


@pytest.mark.parametrize(
    "text",
    [
        "mine: &mine {}\nsources: *mine\n",
        "mine: &mine\n  a: {url: 'http://a.org'}\nsources: *mine\n",
        "mine: &mine {a: {url: 'http://a.org'}}\nsources: *mine\n",
        "sources: {\n}\n",
    ],
    ids=["empty alias", "alias", "alias in braces", "braces on two lines"],
)
def test_sources_that_stand_elsewhere_are_left_alone(text: str) -> None:
    with pytest.raises(ConfigError):
        with_sources(text, NEW)


def test_a_dollar_in_an_address_names_no_variable() -> None:
    changed = with_sources("", {"a": {"url": "http://a.org/?q=${HOME}$$"}})

    config = load_config(changed, file="c.yaml", environment={})

    assert config.sources[0].url == "http://a.org/?q=${HOME}$$"


words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs"), exclude_characters="$"),
    min_size=1,
)
sections = st.dictionaries(
    words, st.fixed_dictionaries({"url": words}, optional={"title": words}), min_size=1, max_size=3
)


@given(sections, sections)
def test_whatever_is_put_in_can_be_read_again(
    some: dict[str, dict[str, str]], more: dict[str, dict[str, str]]
) -> None:
    more = {key: value for key, value in more.items() if key not in some} or {"other": {"url": "u"}}

    changed = with_sources(with_sources("", some), more)

    assert yaml.safe_load(changed) == {"sources": {**some, **more}}
