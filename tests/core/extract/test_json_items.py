"""Items out of JSON answers, by paths or by the names people use."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.extract.json_items import read_json
from aggregator.core.extract.json_paths import lost_at, values_at
from aggregator.core.extract.selectors import MAX_ITEMS
from aggregator.model import Extraction, Item, JsonPaths, Kind, Trouble

URL = "https://example.org/api/posts"

POST = {
    "id": 5,
    "date": "2026-01-02T02:04:05",
    "date_gmt": "2026-01-02T03:04:05",
    "modified_gmt": "2026-01-03T00:00:00",
    "link": "https://example.org/one/",
    "slug": "one",
    "title": {"rendered": "Mine &#8211; and <em>yours</em>"},
    "excerpt": {"rendered": "<p>Short</p>"},
    "content": {"rendered": "<p>Long</p>"},
    "_embedded": {
        "author": [{"name": "Ana"}],
        "wp:term": [[{"name": "News"}], [{"name": "Perú"}]],
        "wp:featuredmedia": [{"source_url": "https://example.org/i.jpg"}],
    },
}


def read(document: Any, paths: JsonPaths | None = None) -> Extraction:
    return read_json(json.dumps(document).encode(), paths=paths, base_url=URL)


def test_a_wordpress_post_is_read_whole() -> None:
    found = read([POST])

    assert found.kind is Kind.JSON
    assert found.items == (
        Item(
            title="Mine – and yours",
            link="https://example.org/one/",
            guid="5",
            published="2026-01-02T03:04:05Z",
            updated="2026-01-03T00:00:00Z",
            summary="Short",
            content="<p>Long</p>",
            authors=("Ana",),
            categories=("News", "Perú"),
            image="https://example.org/i.jpg",
        ),
    )


def test_configured_paths_lead_to_the_items() -> None:
    document = {
        "d": {"rows": [{"h": {"t": "One"}, "u": ["/1"], "w": 1700000000, "by": ["A", "B"]}]}
    }
    paths = JsonPaths(items="d.rows", title="h.t", link="u.0", date="w", author="by", summary="")
    found = read(document, paths)

    (item,) = found.items
    assert (item.title, item.link) == ("One", "https://example.org/1")
    assert item.published == "1700000000"
    assert item.authors == ("A", "B")


@pytest.mark.parametrize(
    ("document", "path", "titles"),
    [
        ([{"title": "a"}], "", ["a"]),
        ({"title": "a"}, "", ["a"]),
        ({"x": [{"title": "a"}, {"title": "b"}]}, "$.x", ["a", "b"]),
        ({"x": [{"title": "a"}, {"title": "b"}]}, "x[1]", ["b"]),
        ({"x": {"1": {"title": "a"}, "2": {"title": "b"}}}, "x", ["a", "b"]),
        ({"x": [{"y": [{"title": "a"}]}, {"y": [{"title": "b"}]}]}, "x.*.y", ["a", "b"]),
        ({"a.b": [{"title": "a"}]}, "a.b", ["a"]),
        ({"x": ["News of today", "/one"]}, "x", ["News of today", ""]),
    ],
)
def test_a_path_may_be_written_in_many_ways(document: Any, path: str, titles: list[str]) -> None:
    assert [item.title for item in read(document, JsonPaths(items=path)).items] == titles


@pytest.mark.parametrize(
    "document",
    [
        {"meta": [{"name": "x"}], "articles": [{"headline": "One", "url": "/1", "date": "2026"}]},
        {"data": {"posts": {"edges": [{"node": {"title": "One", "uri": "/1"}}]}}},
        {"data": [{"type": "a", "id": "1", "attributes": {"title": "One", "url": "/1"}}]},
        {"hits": {"hits": [{"_source": {"title": "One", "link": "/1"}}]}},
        {"found": [{"title": "One", "url": "/1"}, "and more", None]},
        {"menu": [{"label": "Home", "href": "/"}], "results": [{"title": "One", "url": "/1"}] * 9},
    ],
)
def test_the_items_are_found_without_paths(document: Any) -> None:
    item = read(document).items[0]

    assert (item.title, item.link) == ("One", "https://example.org/1")


@pytest.mark.parametrize(
    ("said", "next_url"),
    [
        ({"next": "?page=2"}, "https://example.org/api/posts?page=2"),
        ({"links": {"next": "/p/2"}}, "https://example.org/p/2"),
        ({"next": 2}, None),
        ({"next": None}, None),
    ],
)
def test_an_answer_may_name_its_next_page(said: dict[str, Any], next_url: str | None) -> None:
    assert read({"items": [{"title": "a", "url": "/1"}], **said}).next_url == next_url


@pytest.mark.parametrize(
    ("document", "path", "said"),
    [
        (
            {"articles": []},
            "article",
            "there is no 'article' in the document: its keys are articles",
        ),
        ({"articles": []}, "article", "did you mean 'articles'?"),
        ({"d": {}}, "d.x", "there is no 'x' in 'd': it is empty"),
        ({"d": [1, 2]}, "d.7", "it is an array of 2"),
        ({"d": "x"}, "d.y", "it is text"),
        ({"d": None}, "d.y", "it is null"),
        ({"d": True}, "d.y", "it is true or false"),
        ({"d": 3}, "d.y", "it is a number"),
        ({str(n): 1 for n in range(20)}, "x", "0, 1, 2, 3, 4, 5, 6, 7, …"),
    ],
)
def test_a_path_that_leads_nowhere_names_what_is_there(document: Any, path: str, said: str) -> None:
    found = read(document, JsonPaths(items=path))

    assert found.diagnosis is not None
    assert found.diagnosis.trouble is Trouble.NOTHING_MATCHES
    assert said in found.diagnosis.detail


def test_a_field_that_leads_nowhere_is_a_warning() -> None:
    found = read([{"head": "x", "url": "/1"}], JsonPaths(items="", title="haed"))

    assert "json: title: there is no 'haed'" in found.warnings[0]
    assert "did you mean 'head'?" in found.warnings[0]


@pytest.mark.parametrize(
    ("body", "trouble"),
    [
        (b"no json", Trouble.UNKNOWN_FORMAT),
        (b"[" * 100_000, Trouble.UNKNOWN_FORMAT),
        (b"[]", Trouble.EMPTY_LIST),
        (b"{}", Trouble.NOT_A_LIST),
        (b'[{"x": 1}]', Trouble.NOT_A_LIST),
    ],
)
def test_an_answer_without_items_says_why(body: bytes, trouble: Trouble) -> None:
    found = read_json(body, paths=None, base_url=URL)

    assert found.items == ()
    assert found.diagnosis is not None
    assert found.diagnosis.trouble is trouble


def test_items_without_anything_to_read_are_told() -> None:
    nothing = read({"x": [{"q": 1}, {}]}, JsonPaths(items="x"))
    empty = read({"x": []}, JsonPaths(items="x"))
    some = read({"x": [{"title": "a"}, {"q": 1}]}, JsonPaths(items="x"))

    assert nothing.diagnosis is not None
    assert "its keys are q" in nothing.diagnosis.detail
    assert empty.diagnosis is not None
    assert empty.diagnosis.trouble is Trouble.EMPTY_LIST
    assert [dropped.text for dropped in some.dropped] == ["1 values"]


def test_a_dump_is_read_up_to_a_limit() -> None:
    found = read([{"title": "a", "url": "/1"}] * (MAX_ITEMS + 4))

    assert len(found.items) == MAX_ITEMS


def test_a_date_of_zeros_is_none() -> None:
    entry = {"title": "a", "url": "/1", "date_gmt": "0000-00-00T00:00:00", "date": "2026-01-01"}

    assert read([entry]).items[0].published == "2026-01-01"


def test_wildcards_multiply_only_so_far() -> None:
    wide = {"a": [[0] * 200] * 200}

    assert len(values_at(wide, "a.*.*.*")) == 0
    assert lost_at({"a": 1}, "a") == "'a' leads to it is a number"


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["title", "link", "url", "date_gmt", "author", "items", "name", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(values, st.none() | st.text(alphabet="title.link*[]0-$", max_size=10))
def test_no_answer_crashes_the_reader(document: Any, path: str | None) -> None:
    paths = None if path is None else JsonPaths(items=path, title=path, link="*")
    found = read(document, paths)

    assert found.items or found.diagnosis
