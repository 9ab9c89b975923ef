"""Commands about topics: explain, test, suggest. They look at what is stored and change nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer
from rich.console import Console

from aggregator.bootstrap import open_store
from aggregator.cli.options import DEFAULT_CONFIG, AsJson, ConfigPath
from aggregator.core.config import Config
from aggregator.core.query import Explanation, Percolator, Place, told, warnings_of
from aggregator.core.query.suggest import Suggestion, suggest
from aggregator.core.query.trial import Newest, Trial, try_query
from aggregator.core.text import cut
from aggregator.errors import QueryError, UsageError
from aggregator.eyes import read_config
from aggregator.model import Entry, Topic, TopicId
from aggregator.ports import Session
from aggregator.why import id_of

ENTRIES_AT_ONCE = 2000  # read from the store at a time
NOT_MATCHED = 1

Name = Annotated[str, typer.Argument(metavar="NAME", help="The topic's key in config.yaml.")]
topic_app = typer.Typer(help="Try a topic over what is stored.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Add the commands of this module."""
    topic_app.command("explain")(explain_entry)
    topic_app.command("test")(try_topic)
    topic_app.command("suggest")(suggest_terms)
    app.add_typer(topic_app, name="topic")


# ---- the commands --------------------------------------------------------------------


def explain_entry(
    name: Name,
    entry: Annotated[str, typer.Argument(metavar="LINK|ID", help="A stored entry.")],
    config: ConfigPath = DEFAULT_CONFIG,
    *,
    as_json: AsJson = False,
) -> None:
    """Tell why an entry belongs to a topic: which word matched where, or which part failed.

    Ends with 1 when it does not belong there.
    """
    with _open(config, name) as desk:
        found = _entry(desk.session, entry)
        explanation = desk.percolator.explain(desk.topic.id, found)
    if as_json:
        told_entry = {"topic": name, **_entry_data(found), **_explanation_data(explanation)}
        typer.echo(json.dumps(told_entry, ensure_ascii=False, indent=1))
    else:
        verdict = "belongs to" if explanation.matches else "does not belong to"
        typer.echo(f"{_line(found)}\n{verdict} {name}:")
        for line in explanation.lines(1):
            typer.echo(line)
    if not explanation.matches:
        raise typer.Exit(NOT_MATCHED)


def try_topic(
    name: Name,
    config: ConfigPath = DEFAULT_CONFIG,
    *,
    query: Annotated[
        str | None, typer.Option(help="Try this instead, and compare it with the topic's own.")
    ] = None,
    shown: Annotated[int, typer.Option(min=0, help="Entries of each kind to name.")] = 5,
    as_json: AsJson = False,
) -> None:
    """Try a topic over all stored entries: how many, the newest, and what it nearly finds.

    With --query the topic need not be there yet.
    """
    with _open(config, name, query=query) as desk:
        tried = desk.trying(query)
        current, proposed = desk.percolator.query(desk.topic.id), tried.query(desk.topic.id)
        trial = try_query(
            desk.entries(), proposed, current=current, document=tried.document, shown=shown
        )
    if as_json:
        typer.echo(json.dumps(_trial_data(trial, told(proposed)), ensure_ascii=False, indent=1))
        return
    typer.echo(f"{name}: {trial.found.count:,} of {trial.searched:,} stored entries")
    for warning in warnings_of(query, name=desk.topic.title) if query else ():
        typer.echo(f"warning: {warning}", err=True)
    _show(trial.found, " ")
    if query is not None and not desk.is_new:
        typer.echo(f"against the topic as it is: {trial.gained.count:,} gained")
        _show(trial.gained, "+")
        typer.echo(f"and {trial.lost.count:,} lost")
        _show(trial.lost, "-")
    for miss in trial.near_misses:
        typer.echo(f"near misses: {miss.found.count:,} more {miss.change}")
        _show(miss.found, "?")
    if desk.is_new:
        typer.echo(f"There is no topic {name!r} yet; write it under `topics:` to have its feed.")


def suggest_terms(
    name: Name,
    config: ConfigPath = DEFAULT_CONFIG,
    *,
    limit: Annotated[int, typer.Option(min=1, help="Suggestions at most.")] = 20,
    as_json: AsJson = False,
) -> None:
    """Suggest words and names that come with the topic's entries and would add others."""
    with _open(config, name) as desk:
        query = desk.percolator.query(desk.topic.id)
        found = suggest(desk.entries, query, document=desk.percolator.document, limit=limit)
    if as_json:
        typer.echo(json.dumps([_suggestion_data(one) for one in found], ensure_ascii=False))
        return
    if not found:
        typer.echo("nothing to suggest: too few entries match, or nothing comes with them")
        return
    typer.echo(f"{'adds':>6} {'with':>6}  put what belongs there into any: of topics.{name}")
    for one in found:
        mark = "  (a name)" if one.is_name else ""
        typer.echo(f"{one.adds:>6} {one.together:>6}  {one.text}{mark}")
    typer.echo(f"See what one would bring: aggregator topic test {name} --query '…'")


# ---- what they look at ---------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """A topic, what is stored, and what matches the two."""

    topic: Topic
    config: Config
    percolator: Percolator
    session: Session
    is_new: bool  # not in the configuration: only tried

    def entries(self) -> Iterator[Entry]:
        """Yield every stored entry, in order of coming."""
        return stored_entries(self.session)

    def trying(self, query: str | None) -> Percolator:
        """Return what matches the topic with another query in place of its own."""
        if query is None:
            return self.percolator
        return _percolator(replace(self.topic, query=query), self.config)


@contextmanager
def _open(path: ConfigPath, name: str, *, query: str | None = None) -> Iterator[_Desk]:
    """Open what is stored to look at a topic, or to try *query* as one that is not there yet."""
    config = read_config(path)
    topic = next((topic for topic in config.topics if topic.id == name), None)
    is_new = topic is None
    if topic is None:
        if query is None:
            raise _no_topic(name, config)
        topic = Topic(id=TopicId(name), title=name, query=query)
    percolator = _percolator(topic, config)
    with open_store(config, folder=path.parent) as store, store.reading() as session:
        yield _Desk(
            topic=topic, config=config, percolator=percolator, session=session, is_new=is_new
        )


def _percolator(topic: Topic, config: Config) -> Percolator:
    try:
        return Percolator([topic], known=config.topics, sources=config.sources)
    except QueryError as error:
        raise UsageError(f"{topic.query!r}: {error}", hint=error.hint) from error


def _no_topic(name: str, config: Config) -> UsageError:
    names = ", ".join(topic.id for topic in config.topics) or "none"
    return UsageError(
        f"there is no topic {name!r} in the configuration; there are: {names}",
        hint=f"Try one before you write it: aggregator topic test {name} --query '…'",
    )


def stored_entries(session: Session) -> Iterator[Entry]:
    """Yield every stored entry, in order of coming."""
    seq = 0
    while chunk := session.entries_after(seq, limit=ENTRIES_AT_ONCE):
        yield from chunk.values()
        seq = max(chunk)


def _entry(session: Session, named: str) -> Entry:
    """Return the entry that has *named* as its id or its link."""
    states = {state.source: state for state in session.source_states()}
    entry_id = id_of(session, named, states)
    entry = session.entries([entry_id]).get(entry_id) if entry_id else None
    if entry is None:
        raise UsageError(
            f"no stored entry has the id or link {named!r}",
            hint=f"What is known of it, and what comes near: aggregator why {named}",
        )
    return entry


# ---- how they tell it ----------------------------------------------------------------


def _show(found: Newest, mark: str) -> None:
    console = Console(soft_wrap=True, highlight=False)
    for entry in found.entries():
        console.print(f"  {mark} {_line(entry)}", markup=False)


def _line(entry: Entry) -> str:
    title = entry.title or cut(entry.summary, 80)
    return f"{entry.published.at:%Y-%m-%d}  {title}  {entry.link or entry.id}"


def _entry_data(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "url": entry.link,
        "published": entry.published.isoformat(),
        "source": entry.source,
    }


def _explanation_data(explanation: Explanation) -> dict[str, Any]:
    return {
        "query": told(explanation.query),
        "matches": explanation.matches,
        "places": [_place_data(place) for place in explanation.places],
        "parts": [_explanation_data(part) for part in explanation.parts],
        "alike": explanation.alike or None,
    }


def _place_data(place: Place) -> dict[str, Any]:
    text = place.text[place.start : place.end]
    return {"field": place.field, "start": place.start, "end": place.end, "text": text}


def _trial_data(trial: Trial, query: str) -> dict[str, Any]:
    return {
        "query": query,
        "searched": trial.searched,
        "found": _newest_data(trial.found),
        "gained": _newest_data(trial.gained),
        "lost": _newest_data(trial.lost),
        "near_misses": [
            {"change": miss.change, **_newest_data(miss.found)} for miss in trial.near_misses
        ],
    }


def _newest_data(found: Newest) -> dict[str, Any]:
    return {"count": found.count, "newest": [_entry_data(entry) for entry in found.entries()]}


def _suggestion_data(one: Suggestion) -> dict[str, Any]:
    return {
        "text": one.text,
        "adds": one.adds,
        "together": one.together,
        "likelihood": round(one.likelihood, 1),
        "is_name": one.is_name,
    }
