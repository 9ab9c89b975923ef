"""The selectors of one source are changed in the text of a configuration, and nothing else."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.config.edit_selectors import with_selectors
from aggregator.errors import ConfigError

TEXT = """\
# mine
sources:
    psg:   # the first
        url: "http://x.org/"   # its page
        selectors: {items: "li.item", title: 'h3'} # flow
    # between
    block:
        title: A block
        url: http://y.org/
        selectors:   # block
          items: li   # the list
          title: h3
    flow: {url: http://z.org/}
    plain:
        title: Plain
        url: http://w.org/   # the page
    empty: {url: "http://z.org/", selectors: {}}
    unset:
        url: http://q.org/
        selectors:
topics: {}
"""
SOURCES = ("psg", "block", "flow", "plain", "empty", "unset")


def others(text: str) -> list[str]:
    """Return the lines that no change of selectors may touch."""
    return [line for line in text.splitlines() if "items" not in line and "selectors" not in line]


@pytest.mark.parametrize("source", SOURCES)
def test_selectors_are_put_in_wherever_a_source_has_them(source: str) -> None:
    changed = with_selectors(TEXT, source=source, selectors={"items": "div.card", "date": ".d"})

    data, before = yaml.safe_load(changed), yaml.safe_load(TEXT)
    wanted = (before["sources"][source].get("selectors") or {}) | {
        "items": "div.card",
        "date": ".d",
    }
    assert data["sources"][source]["selectors"] == wanted
    before["sources"][source]["selectors"] = wanted
    assert data == before
    assert [line for line in others(TEXT) if source not in line] == [
        line for line in others(changed) if source not in line and ".d" not in line
    ]


@pytest.mark.parametrize("comment", ["# mine", "# the first", "# its page", "# flow", "# between"])
def test_comments_stay(comment: str) -> None:
    assert comment in with_selectors(TEXT, source="psg", selectors={"items": "p"})


def test_new_lines_stand_behind_the_address() -> None:
    changed = with_selectors(TEXT, source="plain", selectors={"items": "div.card", "date": None})

    assert (
        "url: http://w.org/   # the page\n"
        '        selectors:\n          items: "div.card"\n          date: null\n    empty'
        in changed
    )


def test_a_file_without_a_last_line_break_gets_one_where_it_is_needed() -> None:
    text = "sources:\n  a:\n    url: http://x.org/"

    changed = with_selectors(text, source="a", selectors={"items": "p"})

    assert changed == f'{text}\n    selectors:\n      items: "p"\n'


def test_line_breaks_of_other_systems_stay() -> None:
    changed = with_selectors(TEXT.replace("\n", "\r\n"), source="block", selectors={"date": ".d"})

    assert changed.count("\n") == changed.count("\r\n")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sources: {}",
        "sources:\n  psg:\n",
        "sources:\n  other: {url: http://x.org/}",
        "sources: [",
    ],
)
def test_a_source_that_is_not_there_cannot_be_changed(text: str) -> None:
    with pytest.raises(ConfigError):
        with_selectors(text, source="psg", selectors={"items": "p"})


@pytest.mark.parametrize("key", ["2018", "no"])
def test_a_name_that_yaml_takes_for_something_else_wants_quotes(key: str) -> None:
    text = f"sources:\n  {key}: {{url: 'http://x.org/'}}\n"

    with pytest.raises(ConfigError, match="put quotes around"):
        with_selectors(text, source=key, selectors={"items": "p"})


@pytest.mark.parametrize(
    "text",
    [
        "sources:\n  a: {url: u, selectors: &s {items: li}}\n  b: {url: v, selectors: *s}\n",
        "sources:\n  a: &a {url: u}\n  b: *a\n",
        "x: &u http://x.org/\nsources:\n  b:\n    url: *u\n",
        "x: &x {url: u, selectors: {items: li, title: h3}}\nsources:\n  b: {<<: *x, pages: 2}\n",
    ],
    ids=["selectors", "source", "address", "merged"],
)
def test_what_a_source_shares_with_another_place_is_not_changed_there(text: str) -> None:
    with pytest.raises(ConfigError, match=r"cannot be changed|no YAML"):
        with_selectors(text, source="b", selectors={"items": "p"})


@given(
    css=st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30),
    source=st.sampled_from(SOURCES),
)
def test_any_selector_is_read_back_as_it_was(css: str, source: str) -> None:
    changed = with_selectors(TEXT, source=source, selectors={"items": css})

    written = yaml.safe_load(changed)["sources"][source]["selectors"]["items"]
    assert written.replace("$$", "$") == css.replace("$$", "$")
