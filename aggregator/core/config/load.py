"""From the text of config.yaml to values the program can use, or to every problem in it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from aggregator.core.config.problems import Path, Problem, dotted, nearest, shown
from aggregator.core.config.schema import (
    Auth,
    Defaults,
    Document,
    Fetch,
    Publish,
    Serve,
    SourceSection,
    TopicSection,
)
from aggregator.core.config.secrets import hidden
from aggregator.core.config.tree import Tree, read_tree, without
from aggregator.core.extract.selectors import check_selectors
from aggregator.core.query import is_phrase, query_of, resolve
from aggregator.errors import ConfigError, QueryError, UsageError
from aggregator.model import (
    JsonPaths,
    Render,
    RequestOptions,
    Rule,
    Selectors,
    Source,
    SourceId,
    Topic,
    TopicId,
)

_EXPECTED = {
    "string_type": "a text in quotes",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "dict_type": "a mapping (key: value)",
    "model_type": "a mapping (key: value)",
    "model_attributes_type": "a mapping (key: value)",
    "list_type": "a list",
    "string_too_short": "a text that is not empty",
    "too_short": "at least one element",
    "missing": "this key",
}
_BOUNDS = {"greater_than_equal": "{ge} or more", "less_than_equal": "{le} or less"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """A checked configuration."""

    publish: Publish
    serve: Serve
    state: str
    fetch: Fetch
    sources: tuple[Source, ...]
    topics: tuple[Topic, ...]
    notify: tuple[str, ...] = field(default=(), repr=False)
    secrets: frozenset[str] = field(default=frozenset(), repr=False)  # from the environment

    def source(self, name: str) -> Source:
        """Return the source whose key is *name*.

        Raises:
            UsageError: There is none.
        """
        for source in self.sources:
            if source.id == name:
                return source
        meant = nearest(name, [source.id for source in self.sources])
        told = f"; did you mean {meant!r}?" if meant else ""
        raise UsageError(
            f"there is no source {name!r} in the configuration{told}",
            hint="See what there is with: aggregator status",
        )


def load_config(text: str, *, file: str, environment: Mapping[str, str]) -> Config:
    """Read and check a configuration.

    Args:
        text: YAML.
        file: What to call it in messages.
        environment: Where ``${NAME}`` is looked up.

    Raises:
        ConfigError: Something is wrong; the message has a line for every problem.
    """
    tree = read_tree(text, environment=environment)
    problems = list(tree.problems)
    document = None
    if not problems or tree.data is not None:
        document = _validated(tree, problems)
    if document is not None:
        sources = tuple(
            _source(name, section, document.defaults, tree.secrets)
            for name, section in document.sources.items()
        )
        topics = tuple(_topic(name, section) for name, section in document.topics.items())
        problems += _unusable(document, sources, topics, tree)
    if problems or document is None:
        problems.sort(key=lambda problem: problem.line)
        told = "\n".join(problem.told(file) for problem in problems)
        raise ConfigError(hidden(told, tree.secrets))
    return Config(
        publish=document.publish,
        serve=document.serve,
        state=document.state,
        fetch=document.fetch,
        sources=sources,
        topics=topics,
        notify=tuple(document.notify),
        secrets=frozenset(tree.secrets),
    )


def _validated(tree: Tree, problems: list[Problem]) -> Document:
    """Return the document, without what is wrong in it, so that the rest is checked further."""
    data = tree.data if tree.data is not None else {}
    told: dict[tuple[int, str], Problem] = {}
    while True:
        try:
            return Document.model_validate(data)
        except ValidationError as error:
            wrong = error.errors(include_url=False)
            if not told:
                for problem in (_problem(details, tree) for details in wrong):
                    told.setdefault((problem.line, problem.key), problem)
                problems.extend(told.values())
            left = without(data, map(_blamed, wrong)) if isinstance(data, dict) else {}
            data = left if left != data else {}


def _blamed(details: ErrorDetails) -> Path:
    """Return what to leave out to be rid of a problem."""
    path = _path_of(details)
    return path[:-1] if details["type"] == "missing" else path


def _path_of(details: ErrorDetails) -> Path:
    return tuple(part for part in details["loc"] if part != "[key]")


def _problem(details: ErrorDetails, tree: Tree) -> Problem:
    path = _path_of(details)
    kind, found = details["type"], shown(details["input"])
    expected, meant = _EXPECTED.get(kind), None
    if kind == "extra_forbidden":
        known = _keys_beside(path)
        found = "an unknown key"
        expected, meant = f"one of {', '.join(known)}", nearest(str(path[-1]), known)
    elif kind == "missing":
        found = "nothing"
    elif kind in _BOUNDS:
        expected = _BOUNDS[kind].format(**details["ctx"])
    elif kind == "literal_error":
        choices = [choice.strip("' ") for choice in details["ctx"]["expected"].split(" or ")]
        choices = [each.strip("' ") for choice in choices for each in choice.split(",")]
        expected, meant = f"one of {', '.join(choices)}", nearest(str(details["input"]), choices)
    if details["loc"][-1:] == ("[key]",):
        found = f"the name {found}"
    message = details["msg"][:1].lower() + details["msg"][1:]
    return Problem(
        line=tree.line(path),
        key=dotted(path),
        found=found,
        expected=expected or message.removeprefix("input should be "),
        nearest=meant,
    )


def _keys_beside(path: Path) -> list[str]:
    """Return the keys that may stand where the last of *path* stands."""
    at: type[BaseModel] = Document
    for step in path[:-1]:
        info = next(
            (one for name, one in at.model_fields.items() if (one.alias or name) == step), None
        )
        if info is not None:
            at = next(_sections(info.annotation), at)
    return [info.alias or name for name, info in at.model_fields.items()]


def _sections(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _sections(argument)


def _source(
    name: str, section: SourceSection, defaults: Defaults, secrets: Collection[str]
) -> Source:
    selectors, json = section.selectors, section.json_
    public_url = hidden(section.url, secrets)
    return Source(
        id=SourceId(name),
        title=section.title or name,
        url=section.url,
        public_url=public_url if public_url != section.url else None,
        every=section.every or defaults.every,
        timezone=section.timezone or defaults.timezone,
        language=section.language or defaults.language,
        rule=Rule(
            selectors=Selectors(**selectors.model_dump()) if selectors else None,
            json=JsonPaths(**json.model_dump()) if json else None,
        ),
        discover=section.discover,
        pages=section.pages,
        render=Render(section.render),
        full_text=section.full_text,
        keep=section.keep,
        request=_request_options(section, section.auth or Auth()),
    )


def _request_options(section: SourceSection, auth: Auth) -> RequestOptions:
    return RequestOptions(
        method=section.method,
        headers=tuple(section.headers.items()),
        cookies=tuple(section.cookies.items()),
        basic=(auth.user, auth.password or "") if auth.user else None,
        bearer=auth.bearer,
        body=section.body.encode() if section.body is not None else None,
        proxy=section.proxy,
        http2=section.http2,
        client_certificate=section.client_certificate,
        insecure=section.insecure,
    )


def _topic(name: str, section: TopicSection) -> Topic:
    title = section.title or name
    return Topic(
        id=TopicId(name),
        title=title,
        query=query_of(
            any=section.any,
            all=section.all,
            none=section.none,
            query=section.query,
            name=title,
        ),
        description=section.description,
        language=section.language,
        exact=section.exact,
        merge=section.merge == "group",
        was=tuple(section.was),
    )


def _unusable(
    document: Document, sources: tuple[Source, ...], topics: tuple[Topic, ...], tree: Tree
) -> Iterator[Problem]:
    for source in sources:
        if source.rule.selectors:
            for key, wrong in check_selectors(source.rule.selectors):
                yield _at(tree, ("sources", source.id, "selectors", key), wrong, "a CSS selector")
        auth = document.sources[source.id].auth
        if auth and bool(auth.user) == bool(auth.bearer):
            path = ("sources", source.id, "auth")
            yield _at(tree, path, "both or neither", "either user and password or bearer")
    yield from _unusable_queries(document, topics, tree)
    yield from _taken_names(topics, tree)


def _unusable_queries(
    document: Document, topics: tuple[Topic, ...], tree: Tree
) -> Iterator[Problem]:
    known = {str(topic.id): topic for topic in topics}
    for topic in topics:
        wrong = list(_wrong_parts(topic, document.topics[topic.id], known, tree))
        yield from wrong
        try:
            if not wrong:
                resolve(topic, known)
        except QueryError as error:  # of a title that stands for the query, and is no word
            path = ("topics", topic.id)
            yield _at(tree, path, f"{shown(topic.query)}: {error.detail}", _A_QUERY)


_A_QUERY = "a query (docs/topics.md)"


def _wrong_parts(
    topic: Topic, section: TopicSection, known: Mapping[str, Topic], tree: Tree
) -> Iterator[Problem]:
    """Find what makes no sense in the lists and the query, each where it stands."""
    for path, text in _parts_of(topic.id, section):
        try:
            resolve(replace(topic, query=text), known)
        except QueryError as error:
            line, column = tree.place(path, column=error.column)
            found = f"{shown(text)}: {error.detail}"
            yield Problem(
                line=line, column=column, key=dotted(path), found=found, expected=_A_QUERY
            )


def _parts_of(topic: TopicId, section: TopicSection) -> Iterator[tuple[Path, str]]:
    """Yield what is a query in the lists and the query, each with where it stands."""
    for key in ("any", "all", "none"):
        for at, text in enumerate(getattr(section, key)):
            if not is_phrase(text):
                yield ("topics", topic, key, at), text
    if section.query.strip():
        yield ("topics", topic, "query"), section.query


def _taken_names(topics: tuple[Topic, ...], tree: Tree) -> Iterator[Problem]:
    taken = {str(topic.id) for topic in topics}
    for topic in topics:
        for at, name in enumerate(topic.was):
            if name in taken:
                path = ("topics", topic.id, "was", at)
                yield _at(tree, path, f"{name!r}, which is in use", "a name no topic has now")
            taken.add(name)


def _at(tree: Tree, path: Path, found: str, expected: str) -> Problem:
    return Problem(line=tree.line(path), key=dotted(path), found=found, expected=expected)
