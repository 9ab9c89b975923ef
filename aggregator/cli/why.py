"""The command that tells why an entry is, or is not, in a feed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Annotated, Any

import typer

from aggregator.bootstrap import open_store
from aggregator.cli.options import DEFAULT_CONFIG, AsJson, ConfigPath
from aggregator.core.query import Percolator
from aggregator.core.text import cut
from aggregator.errors import UsageError
from aggregator.eyes import read_config
from aggregator.model import Basis, Entry, TopicId
from aggregator.why import Why, why

SHOWN = 300  # characters of an old and a new text

_BASES = {
    Basis.MACHINE: "as the page says for machines",
    Basis.WRITTEN: "as the page writes it",
    Basis.INFERRED: "as the page writes it; what it leaves open is worked out",
    Basis.RELATIVE: "counted back from the fetch",
    Basis.FIRST_SEEN: "the page has no date: when it was first seen",
}


def add_to(app: typer.Typer) -> None:
    """Add the command of this module."""
    app.command("why")(_why)


def _why(
    asked: Annotated[str, typer.Argument(metavar="LINK|ID", help="A link, or an entry's id.")],
    *,
    config: ConfigPath = DEFAULT_CONFIG,
    topic: Annotated[
        list[str] | None,
        typer.Option("--topic", help="Tell of this topic as well (repeatable)."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Tell why an entry is, or is not, in a feed."""
    found_config = read_config(config)
    names = {one.id for one in found_config.topics}
    only = [TopicId(name) for name in topic or ()]
    for name in only:
        if name not in names:
            there = ", ".join(sorted(names)) or "none"
            raise UsageError(
                f"there is no topic {name!r} in the configuration; there are: {there}",
                hint="Leave --topic out to hear of the topics the entry is in.",
            )
    percolator = Percolator(found_config.topics, sources=found_config.sources)
    with open_store(found_config, folder=config.parent) as store, store.reading() as session:
        found = why(
            session,
            asked,
            sources=found_config.sources,
            percolator=percolator,
            topics=found_config.topics,
            only=only,
        )
    if as_json:
        typer.echo(json.dumps(_as_json(found), ensure_ascii=False, indent=1))
    else:
        typer.echo("\n".join(_lines(found)))
    if found.entry is None:
        raise typer.Exit(1)


def _lines(found: Why) -> Iterator[str]:
    if found.entry is None:
        yield from _lines_of_unknown(found)
        return
    entry = found.entry
    yield entry.title or cut(entry.summary, 100) or "(untitled)"
    yield f"  link        {entry.link or '-'}"
    yield f"  id          {entry.id}"
    yield f"  published   {entry.published.isoformat()}, {_BASES[entry.published.basis]}"
    if entry.date_text:
        yield f"              “{entry.date_text}”"
    yield f"  first seen  {entry.first_seen:%Y-%m-%d %H:%M} UTC, in {entry.source}"
    yield f"  updated     {entry.updated:%Y-%m-%d %H:%M} UTC"
    kinds: dict[str, list[str]] = {}
    for source, kind in found.listed:
        kinds.setdefault(source, []).append(kind)
    for name, some in kinds.items():
        yield f"  known by    {' and '.join(some)} in {name}"
    yield f"  in feeds    {', '.join(found.feeds) or 'none'}"
    for one in found.topics:
        yield f"  {'in' if one.is_member else 'not in'} {one.topic}, because"
        yield from (f"    {line}" for line in one.lines)
    for feed, other in found.stands_for:
        yield f"  in {feed} it stands for {_named(other)}"
    for feed, other in found.shown_as:
        yield f"  in {feed} it is shown as {_named(other)}"
    for revision in found.revisions:
        yield f"  {revision.at:%Y-%m-%d %H:%M} {revision.field} changed"
        yield f"    - {cut(revision.old, SHOWN)}"
        yield f"    + {cut(revision.new, SHOWN)}"
    yield from (f"  note: {note}" for note in found.notes)


def _lines_of_unknown(found: Why) -> Iterator[str]:
    if found.forgotten:
        yield f"{found.asked} was an entry once, and its age took it away (keep:)."
        yield "  It is still known, so it never comes back as news: " + ", ".join(
            f"by {kind} in {source}" for source, kind in found.listed
        )
        return
    yield f"{found.asked} is no entry."
    yield from (f"  {note}" for note in found.notes)
    for entry in found.nearest:
        yield f"  nearest: {_named(entry)}"


def _named(entry: Entry) -> str:
    return f"“{cut(entry.title or entry.summary, 80)}” ({entry.source}) {entry.link or entry.id}"


def _as_json(found: Why) -> dict[str, Any]:
    entry = found.entry
    return {
        "asked": found.asked,
        "entry": _entry_json(entry) if entry else None,
        "forgotten": found.forgotten,
        "listed": [{"source": source, "key": kind} for source, kind in found.listed],
        "feeds": found.feeds,
        "topics": [
            {"topic": one.topic, "is_member": one.is_member, "why": one.lines}
            for one in found.topics
        ],
        "stands_for": [{"feed": feed, **_entry_json(one)} for feed, one in found.stands_for],
        "shown_as": [{"feed": feed, **_entry_json(one)} for feed, one in found.shown_as],
        "revisions": [
            {"at": one.at.isoformat(), "field": one.field, "old": one.old, "new": one.new}
            for one in found.revisions
        ],
        "notes": found.notes,
        "nearest": [_entry_json(one) for one in found.nearest],
    }


def _entry_json(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title,
        "link": entry.link,
        "source": entry.source,
        "published": entry.published.isoformat(),
        "published_is": entry.published.basis.value,
        "date_text": entry.date_text,
        "first_seen": entry.first_seen.isoformat(),
        "updated": entry.updated.isoformat(),
    }
