"""What config.yaml may hold: every key, its meaning, its default."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from aggregator.core.addresses import parse_allowed
from aggregator.core.config.units import duration, size

_NAME = re.compile(r"^[a-z0-9][a-z0-9_.-]{0,99}$")
_LANGUAGE = re.compile(r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")
_RESERVED = frozenset({"all", "sources", "status", "corrections", "index", "feeds", "archive"})


def _wrong(expected: str) -> PydanticCustomError:
    return PydanticCustomError("expected", "{expected}", {"expected": expected})


def _duration(value: Any) -> Any:
    try:
        return duration(value)
    except (TypeError, ValueError):
        raise _wrong("a duration such as 30s, 5m, 1h or 1d") from None


def _some_time(value: Any) -> Any:
    try:
        some = duration(value)
    except (TypeError, ValueError):
        some = timedelta(0)
    if some < timedelta(seconds=1):
        raise _wrong("a duration such as 30s, 5m, 1h or 1d, one second at least")
    return some


def _size(value: Any) -> Any:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return size(value)
    except (TypeError, ValueError):
        raise _wrong("a size such as 500kB or 10MB") from None


def _url(value: Any) -> Any:
    try:
        parts = urlsplit(value.strip())
        named = parts.hostname and not re.search(r"\s", parts.hostname)
        fine = parts.scheme in {"http", "https"} and named and parts.port != 0
    except (AttributeError, ValueError):
        fine = False
    if not fine:
        raise _wrong("an address that begins with http:// or https://")
    return value.strip()


def _hub(value: Any) -> Any:
    if value in ("none", "embedded"):
        return value
    try:
        return _url(value)
    except PydanticCustomError:
        raise _wrong("none, embedded, or the address of a hub") from None


def _state(value: Any) -> Any:
    if isinstance(value, str) and "://" in value and not value.startswith("postgresql"):
        raise _wrong("a folder, or postgresql+psycopg://user@host/database")
    return value


def _allowed(value: Any) -> Any:
    try:
        parse_allowed(value)
    except (AttributeError, ValueError):
        raise _wrong("host:port or CIDR:port, such as 127.0.0.1:8080 or 10.0.0.0/8:80") from None
    return value


def _timezone(value: Any) -> Any:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, TypeError, ValueError, OSError):
        raise _wrong("a time zone such as UTC, Europe/London or America/Lima") from None
    return value


def _language(value: Any) -> Any:
    if not isinstance(value, str) or not _LANGUAGE.match(value):
        raise _wrong("a language code such as en, es or pt-BR")
    return value


def _words(value: Any) -> Any:
    """Accept numbers where a word is meant: a topic may look for 2018."""
    if isinstance(value, list):
        return [str(each) if isinstance(each, int | float) else each for each in value]
    return [value] if isinstance(value, str) else value


def _name(value: str) -> str:
    if not _NAME.match(value):
        raise _wrong("a name of small letters, digits, '-', '_' and '.'")
    return value


def _topic_name(value: str) -> str:
    if value in _RESERVED:
        raise _wrong("another name: feeds of the program itself have this one")
    return _name(value)


_TEXT: dict[str, Any] = {"type": "string"}
_SPAN = WithJsonSchema(_TEXT | {"pattern": r"^([0-9.]+[smhdwy])+$"})
Duration = Annotated[timedelta, BeforeValidator(_duration), _SPAN]
SomeTime = Annotated[timedelta, BeforeValidator(_some_time), _SPAN]  # a second or more
Size = Annotated[int, BeforeValidator(_size), WithJsonSchema({"type": ["string", "integer"]})]
Url = Annotated[str, BeforeValidator(_url), WithJsonSchema(_TEXT | {"pattern": "^https?://"})]
Timezone = Annotated[str, BeforeValidator(_timezone), WithJsonSchema(_TEXT)]
Language = Annotated[str, BeforeValidator(_language), WithJsonSchema(_TEXT)]
Words = Annotated[list[str], BeforeValidator(_words)]
Name = Annotated[str, AfterValidator(_name)]
TopicName = Annotated[str, AfterValidator(_topic_name)]
Text = Annotated[str, Field(min_length=1)]
Hub = Annotated[
    str,
    BeforeValidator(_hub),
    WithJsonSchema(_TEXT | {"pattern": "^(none|embedded|https?://.+)$"}),
]
State = Annotated[Text, BeforeValidator(_state)]
Allowance = Annotated[Text, BeforeValidator(_allowed)]


class Section(BaseModel):
    """A mapping whose keys are all known; one without a value is as good as left out."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_what_is_empty(cls, data: Any) -> Any:
        if not isinstance(data, dict) or None not in data.values():
            return data
        known = {info.alias or name for name, info in cls.model_fields.items()}
        return {key: value for key, value in data.items() if value is not None or key not in known}


class Publish(Section):
    """Where the feeds go and what they look like."""

    title: Text = Field("News", description="The title of the feed of all entries.")
    base_url: Url = Field("http://127.0.0.1:8765/", description="The public address of the feeds.")
    dir: Text = Field(
        "state/feeds", description="The folder of the feeds; any web server can serve it."
    )
    formats: list[Literal["atom", "rss", "json"]] = Field(
        ["atom", "rss", "json"], min_length=1, description="Which formats are written."
    )
    window: int = Field(
        50, ge=1, le=100_000, description="Entries a feed; older ones lie in archives."
    )
    hub: Hub = Field("none", description="WebSub: none, embedded, or the address of a hub.")
    entry_ids: Literal["global", "per-feed"] = Field(
        "global", description="per-feed for readers that drop an entry they know from another feed."
    )
    icon: Url | None = Field(
        None, description="The address of a small square picture of the feeds."
    )
    rights: str = Field("", description="Who may do what with the feeds, in one sentence.")


class Serve(Section):
    """Where the daemon serves its page and the feeds."""

    host: Text = Field("127.0.0.1", description="The address to listen on.")
    port: int = Field(8765, ge=0, le=65_535, description="The port; 0: any free one.")


class PerHost(Section):
    """How politely one host is asked."""

    concurrency: int = Field(2, ge=1, le=1000, description="Fetches at the same time.")
    delay: Duration = Field(timedelta(seconds=1), description="Time between two fetches.")


class Fetch(Section):
    """How pages are fetched."""

    user_agent: Text = Field(
        "aggregator (+https://example.org/about-this-bot)", description="Who we say we are."
    )
    concurrency: int = Field(
        64, ge=1, le=1000, description="Fetches at the same time, over all hosts."
    )
    timeout: Duration = Field(
        timedelta(seconds=30), description="For the whole fetch, redirects included."
    )
    max_bytes: Size = Field(10_000_000, ge=1000, description="The largest page, after decoding.")
    per_host: PerHost = Field(PerHost(), description="How politely one host is asked.")
    robots: bool = Field(default=True, description="Obey robots.txt.")
    allow: list[Allowance] = Field(
        [], description="Private addresses that may be fetched, as host:port or CIDR:port."
    )


class Defaults(Section):
    """What a source has when it does not say otherwise."""

    every: SomeTime = Field(timedelta(hours=1), description="How often a source is refreshed.")
    timezone: Timezone = Field("UTC", description="What a time without an offset means.")
    language: Language = Field("en", description="What language a page is in that does not say.")


class SelectorsSection(Section):
    """Where the parts of an item stand; CSS, with ::attr(name) and ::text."""

    items: Text = Field(description="Matches each item of the list.")
    title: Text | None = Field(
        None, description="Its title; without one: the first heading or link."
    )
    link: Text | None = Field(
        None, description="Its address; without one: the link of the title, or the only link."
    )
    date: Text | None = Field(None, description="Its date, with the words around it.")
    summary: Text | None = Field(
        None, description="Its text; what matches several elements becomes paragraphs."
    )
    content: Text | None = Field(None, description="Its whole text, kept as HTML.")
    author: Text | None = Field(None, description="Who wrote it.")
    image: Text | None = Field(None, description="Its picture.")
    categories: Text | None = Field(None, description="Its labels.")
    next: Text | None = Field(None, description="The link to the next page of the list.")


class JsonSection(Section):
    """Where the parts of an item stand in a JSON answer."""

    items: str = Field(
        description="The path of the array, such as data.news; '' is the whole answer."
    )
    title: Text | None = Field(None, description="The title.")
    link: Text | None = Field(None, description="The address.")
    date: Text | None = Field(None, description="The date.")
    summary: Text | None = Field(None, description="The text.")
    content: Text | None = Field(None, description="The whole text, as HTML.")
    author: Text | None = Field(None, description="Who wrote it.")
    image: Text | None = Field(None, description="The picture.")
    categories: Text | None = Field(None, description="The labels.")
    guid: Text | None = Field(None, description="What names the item for ever.")


class Auth(Section):
    """How to log in: user and password, or bearer."""

    user: Text | None = Field(None, description="HTTP Basic; goes with a password.")
    password: str | None = Field(None, description="Write it as ${NAME}.")
    bearer: Text | None = Field(None, description="A token; write it as ${NAME}.")


class SourceSection(Section):
    """A page that lists news, or a feed, sitemap or JSON answer."""

    url: Url = Field(description="Its address.")
    title: Text | None = Field(None, description="Its name in feeds; without one, its key.")
    every: SomeTime | None = Field(None, description="How often it is refreshed.")
    timezone: Timezone | None = Field(None, description="What a time without an offset means.")
    language: Language | None = Field(None, description="For a page that does not say.")
    selectors: SelectorsSection | None = Field(
        None, description="Leave out: the items are found automatically."
    )
    json_: JsonSection | None = Field(
        None, alias="json", description="For a JSON answer of a site's own making."
    )
    discover: bool = Field(default=False, description="Prefer a feed that the page advertises.")
    pages: int = Field(1, ge=1, le=1000, description="How many pages back to look for what is new.")
    render: Literal["never", "auto", "browser"] = Field(
        "never", description="Whether a browser runs the page's scripts first."
    )
    full_text: bool = Field(default=False, description="Fetch each article for its whole text.")
    keep: SomeTime | None = Field(
        None, description="How long entries are kept; without it for ever."
    )
    method: Literal["GET", "POST"] = Field("GET", description="How it is asked.")
    headers: dict[str, str] = Field({}, description="Sent with every request.")
    cookies: dict[str, str] = Field({}, description="Sent with every request.")
    auth: Auth | None = Field(None, description="How to log in.")
    body: str | None = Field(None, description="What a POST sends.")
    proxy: Url | None = Field(None, description="Ask through this proxy.")
    http2: bool = Field(default=False, description="Speak HTTP/2 where the server does.")
    client_certificate: Text | None = Field(None, description="A PEM file: certificate and key.")
    insecure: bool = Field(default=False, description="Do not verify certificates. Think twice.")


class TopicSection(Section):
    """A named query over all entries."""

    title: Text | None = Field(None, description="Its name in feeds; without one, its key.")
    description: str = Field("", description="The subtitle of its feed.")
    any: Words = Field([], description="One of these is enough.")
    all: Words = Field([], description="Each of these must be there.")
    none: Words = Field([], description="None of these may be there.")
    query: str = Field("", description="Or the full query language; see docs/topics.md.")
    language: Language | None = Field(None, description="What language its feed is in.")
    exact: bool = Field(default=False, description="No plurals, no typing errors.")
    merge: Literal["group", "off"] = Field(
        "group", description="group: one story from several sources is one entry."
    )
    was: list[TopicName] = Field([], description="Earlier names; their feeds redirect here.")


class Document(Section):
    """config.yaml."""

    publish: Publish = Field(Publish(), description="Where the feeds go, what they look like.")
    serve: Serve = Field(Serve(), description="Where the daemon serves them.")
    state: State = Field("state/", description="A folder, or postgresql+psycopg://user@host/db.")
    fetch: Fetch = Field(Fetch(), description="How pages are fetched.")
    defaults: Defaults = Field(Defaults(), description="What a source has that does not say.")
    notify: list[Text] = Field(
        [], description="Whom to tell when a source needs a look: addresses of Apprise."
    )
    sources: dict[Name, SourceSection] = Field({}, description="What is read.")
    topics: dict[TopicName, TopicSection] = Field({}, description="What is published.")


def json_schema() -> dict[str, Any]:
    """Return the JSON Schema of config.yaml (draft 2020-12)."""
    schema = Document.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
