import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.core.config import Config, json_schema, load_config
from aggregator.core.config.units import duration, size
from aggregator.errors import ConfigError
from aggregator.model import Render


def load(text: str, **environment: str) -> Config:
    return load_config(text, file="config.yaml", environment=environment)


def problems(text: str, **environment: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(text, **environment)
    return str(caught.value).splitlines()


def test_an_empty_file_is_all_defaults() -> None:
    config = load("")

    assert config.publish.window == 50
    assert config.fetch.timeout == timedelta(seconds=30)
    assert config.sources == ()


def test_a_source_takes_what_it_does_not_say_from_the_defaults() -> None:
    config = load(
        """
        defaults: {every: 2h, timezone: America/Lima, language: es}
        sources:
          a: {url: "http://example.org/", every: 30m, language: no}
          b: {url: "https://example.org/b", title: B, pages: 3, render: auto, keep: 5y}
        """
    )

    a, b = config.sources
    assert (a.every, a.timezone, a.language) == (timedelta(minutes=30), "America/Lima", "no")
    assert (b.every, b.language, b.title, b.pages) == (timedelta(hours=2), "es", "B", 3)
    assert b.render is Render.AUTO
    assert a.title == "a"


def test_every_problem_is_told_at_once_with_its_line() -> None:
    told = problems(
        "publish:\n"
        "  windw: 10\n"
        "sources:\n"
        "  a:\n"
        "    url: example.org\n"
        "    evry: 1h\n"
        "    timezone: Lima\n"
        "  b:\n"
        "    url: http://example.org/\n"
        "    every: soon\n"
        "    pages: many\n"
        "    render: browsr\n"
    )

    assert told == [
        "config.yaml:2: publish.windw: found an unknown key, expected one of title, base_url, dir,"
        " formats, window, hub, entry_ids, icon, rights; did you mean 'window'?",
        "config.yaml:5: sources.a.url: found 'example.org', expected an address that begins with"
        " http:// or https://",
        told[2],
        "config.yaml:7: sources.a.timezone: found 'Lima', expected a time zone such as UTC,"
        " Europe/London or America/Lima",
        "config.yaml:10: sources.b.every: found 'soon', expected a duration such as 30s, 5m, 1h or 1d,"
        " one second at least",
        "config.yaml:11: sources.b.pages: found 'many', expected a whole number",
        "config.yaml:12: sources.b.render: found 'browsr', expected one of never, auto, browser;"
        " did you mean 'browser'?",
    ]
    assert told[2].startswith("config.yaml:6: sources.a.evry: found an unknown key")
    assert told[2].endswith("did you mean 'every'?")


def test_what_is_right_in_form_is_looked_at_further_beside_what_is_not() -> None:
    told = problems(
        "sources:\n"
        "  a: {url: 'http://x.org/', every: soon, selectors: {items: 'li['}}\n"
        "  b: {selectors: {items: 'p['}}\n"
        "topics:\n"
        "  c: {nnoe: [x], query: '(oil'}\n"
        "  d: {query: 'topic:c gas'}\n"
        "  e: {any: [[1], 'oil AND']}\n"
        "nonsense: 1\n"
    )

    assert [line.split(": found")[0] for line in told] == [
        "config.yaml:2: sources.a.every",
        "config.yaml:2: sources.a.selectors.items",
        "config.yaml:3: sources.b.url",
        "config.yaml:5: topics.c.nnoe",
        "config.yaml:5:26: topics.c.query",
        "config.yaml:6:21: topics.d.query",
        "config.yaml:7: topics.e.any[0]",
        "config.yaml:8: nonsense",
    ]


def test_a_key_without_a_value_is_as_good_as_left_out() -> None:
    config = load("sources:\ntopics:\npublish: {window: }\nfetch: {per_host: }\n")

    assert (config.sources, config.topics, config.publish.window) == ((), (), 50)
    assert "a.url: found nothing" in problems("sources: {a: {url: }}")[0]
    assert "found an unknown key" in problems("fetch: {per_hots: }")[0]


def test_private_addresses_are_allowed_with_their_ports() -> None:
    config = load("fetch: {allow: ['127.0.0.1:8080', '10.0.0.0/8:80', '[::1]:*']}")

    assert config.fetch.allow == ["127.0.0.1:8080", "10.0.0.0/8:80", "[::1]:*"]


def test_the_same_key_twice_is_an_error() -> None:
    (told,) = problems("sources:\n  a: {url: 'http://x.org/'}\n  a: {url: 'http://y.org/'}\n")

    assert told == "config.yaml:3: sources.a: found the same key twice, expected each key once"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: [", "config.yaml:2:1: found no value where one belongs"),
        ("a:\n  - b\n  c: d", "config.yaml:3:3: found no '-' indicator, expected YAML"),
        ("\tpublish: {}", "config.yaml:1:1: found"),
        ("[1, 2]", "a mapping"),
        ("sources: {a: {}}", "sources.a.url: found nothing, expected this key"),
        (
            "sources: {A B: {url: 'http://x.org/'}}",
            "found the name 'A B', expected a name of small",
        ),
        ('"two\\nlines": 1', "config.yaml:1: two\\nlines: found an unknown key"),
        ("topics: {all: {}}", "expected another name: feeds of the program itself"),
        ("publish: {formats: []}", "expected at least one element"),
        ("publish: {window: 0}", "expected 1 or more"),
        ("serve: {port: 99999}", "expected 65535 or less"),
        ("publish: {hub: somewhere}", "expected none, embedded, or the address of a hub"),
        ("publish: {hub: [none]}", "found a list, expected none, embedded"),
        ("state: mysql://x/y", "expected a folder, or postgresql+psycopg://user@host/database"),
        ("fetch: {allow: [127.0.0.1]}", "allow[0]: found '127.0.0.1', expected host:port or CIDR"),
        ("defaults: {every: 0s}", "found '0s', expected a duration such as 30s, 5m, 1h or 1d, one"),
        ("fetch: {per_host: {delay: soon}}", "found 'soon', expected a duration such as"),
        ("defaults: {every: often}", "found 'often', expected a duration such as"),
        ("sources: {a: {url: 'http://exa mple/'}}", "an address that begins with http"),
        ("sources:\n\ta: {}", "config.yaml:2:1: found a tab, expected YAML (blanks"),
        ("publish:\n  title: News: x", "config.yaml:2:14: found ': ' in a text without quotes"),
        (
            'topics:\n  a:\n    any:\n      - "las bambas"~',
            """config.yaml:4:21: found '~' after a text in quotes, expected other quotes around"""
            """ the whole, such as '"las bambas"~', or a comma""",
        ),
        ('topics: {a: {query: "b c" OR d}}', "1:27: found 'OR d}}' after a text in quotes"),
        ("a: 'b", "found the end of the file in a text whose quotes are not closed"),
        ("a: 1\n---\nb: 2", "config.yaml:2:1: found another document"),
        ("serve: {host: ''}", "a text that is not empty"),
        ("? [a]\n: 1", "a list or mapping as a key"),
        ("fetch: {max_bytes: big}", "a size such as"),
        ("sources: {a: {url: 5}}", "an address that begins with http"),
        ("sources:\n  a: \ud800", "config.yaml:2:6: found the character U+D800"),
        ("sources: {a: {url: 'http://[x/'}}", "an address that begins with http"),
        ("topics: {a: {any: 5}}", "topics.a.any: found 5"),
        ("sources: {a: {url: 'http://x.org/', language: english!}}", "a language code"),
        ("sources: {a: {url: 'http://x.org/', selectors: {items: 'li['}}}", "a CSS selector"),
        ("sources: {a: {url: 'http://x.org/', auth: {user: u, bearer: b}}}", "either user"),
        ("topics: {a: {}, b: {was: [a]}}", "'a', which is in use"),
        ("topics: {a: {was: [null]}}", "topics.a.was"),
        ("topics: {a: {was: [{b: c}]}}", "topics.a.was"),
        ("topics: {a: {query: '('}}", "topics.a"),
        (
            "sources: {a: {url: 'http://x.org/', headers: {Cookie: '${NOPE}'}}}",
            "${NOPE}, which is not",
        ),
    ],
)
def test_a_problem_says_what_was_expected(text: str, said: str) -> None:
    assert said in "\n".join(problems(text))


def test_secrets_come_from_the_environment_and_are_remembered_as_such() -> None:
    config = load(
        "sources: {a: {url: 'http://x.org/', auth: {bearer: '${TOKEN}'}, headers: {X: 'a$$b'}}}",
        TOKEN="s3cret",
    )

    (source,) = config.sources
    assert source.request.bearer == "s3cret"
    assert source.request.headers == (("X", "a$b"),)
    assert config.secrets == {"s3cret"}
    assert "s3cret" not in repr(config)


def test_only_true_and_false_are_truth_values_and_only_digits_numbers() -> None:
    config = load("topics: {a: {title: 'on', any: [no, 2018, 12:30, 1_000, 1.5], exact: true}}")

    (topic,) = config.topics
    assert topic.exact is True
    for word in ("no", "2018", "12:30", "1_000", "1.5"):
        assert word in topic.query


def test_anchors_and_merges_work_and_circles_do_not() -> None:
    config = load(
        "sources:\n  a: &base {url: 'http://x.org/', pages: 4}\n  b: {<<: *base, url: 'http://y.org/'}\n"
    )

    assert [source.pages for source in config.sources] == [4, 4]
    assert "aliases that repeat" in "\n".join(problems("sources: &a {b: *a}"))
    assert str(problems("sources: &a {b: *a, c: *a}")).count("aliases that repeat") == 1


def test_a_topic_with_one_word_needs_no_list() -> None:
    assert load("topics: {a: {any: copper}}").topics == load("topics: {a: {any: [copper]}}").topics


def test_a_mistake_in_a_lone_word_is_told_with_its_line() -> None:
    (told,) = problems("topics:\n  a:\n    any: '('\n")

    assert told.startswith("config.yaml:3: topics.a.any")


def test_the_schema_knows_every_key_and_is_json() -> None:
    schema = json_schema()

    assert set(schema["properties"]) == {
        "publish",
        "serve",
        "state",
        "fetch",
        "defaults",
        "notify",
        "sources",
        "topics",
    }
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.parametrize(
    ("text", "seconds"), [("30s", 30), ("5m", 300), ("1h30m", 5400), ("1d", 86_400), ("0.5h", 1800)]
)
def test_durations_are_read(text: str, seconds: int) -> None:
    assert duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "count"), [("10MB", 10**7), ("500kB", 500_000), ("1 MiB", 2**20), ("7B", 7)]
)
def test_sizes_are_read(text: str, count: int) -> None:
    assert size(text) == count


@pytest.mark.parametrize("text", ["10iB", "x", ""])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=text or "^$"):
        size(text)


@given(st.text(max_size=120))
def test_no_text_crashes_it(text: str) -> None:
    try:
        load(text)
    except ConfigError as error:
        assert str(error)


def test_what_came_from_the_environment_is_in_no_address_for_people_and_in_no_complaint() -> None:
    text = "sources: {a: {url: 'http://example.org/?key=${KEY}', every: '${KEY}'}}"
    environment = {"KEY": "k3y-42bb"}

    config = load_config(text.replace("every: '${KEY}'", ""), file="c", environment=environment)
    with pytest.raises(ConfigError) as caught:
        load_config(text, file="c", environment=environment)

    assert config.sources[0].url == "http://example.org/?key=k3y-42bb"
    assert config.sources[0].shown_url == "http://example.org/?key=***"
    assert "k3y" not in str(caught.value)
    assert "'***'" in str(caught.value)


def test_what_is_too_short_for_a_secret_is_hidden_nowhere() -> None:
    config = load("sources: {a: {url: 'http://example.org/?page=${ONE}'}}", ONE="1")

    assert config.sources[0].shown_url == "http://example.org/?page=1"


def test_a_size_may_be_a_plain_number_of_bytes() -> None:
    assert load("fetch: {max_bytes: 5000000}").fetch.max_bytes == 5_000_000
