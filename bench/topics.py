"""What matching costs: all topics against an entry, one changed topic against the history, memory.

python -m bench.topics            entries are made of 60 words of a made-up vocabulary
python -m bench.topics --suggest  what picking from `topic suggest` brings, on the labelled cases
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import resource
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from random import Random
from time import perf_counter, process_time

from aggregator.core.query import Percolator, parse
from aggregator.core.query.document import Document
from aggregator.core.query.evaluate import compile_query
from aggregator.core.query.suggest import suggest
from aggregator.core.query.tree import Or, Phrase, Query, Word
from aggregator.core.text import words
from aggregator.model import (
    Basis,
    Draft,
    Entry,
    EntryId,
    FeedId,
    Precision,
    SourceId,
    Topic,
    TopicId,
    When,
)
from aggregator.testing import Workbench
from bench.shared import shared_folder

VOCABULARY = 20_000  # words, as often as their rank says (Zipf)
WORDS = 60  # of an entry
SAMPLE = 1000  # entries a figure is measured on
SIZES = (10, 100, 1_000, 10_000)
HISTORY = 100_000
SYLLABLES = [
    a + b + c for a in "bcdfghjklmnpqrstvwyzñ" for b in "aeiouáé" for c in ("", "n", "s", "r")
]


def vocabulary(rng: Random) -> list[str]:
    found: dict[str, None] = {}
    while len(found) < VOCABULARY:
        found["".join(rng.choices(SYLLABLES, k=rng.randint(2, 4)))] = None
    return list(found)


def texts(rng: Random, known: list[str], count: int) -> list[str]:
    weights = list(accumulate(1 / rank for rank in range(10, len(known) + 10)))
    return [" ".join(rng.choices(known, cum_weights=weights, k=WORDS)) for _ in range(count)]


def topic(rng: Random, known: list[str], number: int) -> Topic:
    """Return a topic as people write them: five names, of them a phrase, a slip, an exclusion."""
    rare = known[200:]
    a, b, c, d, e, f = rng.sample(rare, 6)
    query = f'({a} OR "{b} {c}" OR {d}~ OR ({e} NEAR/5 {f}) OR {rng.choice(rare)}=) NOT {known[0]}'
    return Topic(id=TopicId(f"t{number}"), title=f"t{number}", query=query)


def draft(text: str) -> Draft:
    title, _, summary = text.partition(" ")
    return Draft(title=title, link=None, summary=summary)


def timed(work: Callable[[], object], *, rounds: int = 7) -> float:
    best = float("inf")
    for _ in range(rounds):
        started = process_time()  # the machine may be busy with other things
        work()
        best = min(best, process_time() - started)
    return best


def matching() -> None:
    rng = Random(1)
    known = vocabulary(rng)
    entries = [draft(text) for text in texts(rng, known, SAMPLE)]
    folding = timed(lambda: [words(entry.summary) for entry in entries]) / SAMPLE
    print(f"folding alone       {folding * 1e6:7.1f} µs an entry of {WORDS} words")
    for size in SIZES:
        gc.collect()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        topics = [topic(rng, known, number) for number in range(size)]
        started = process_time()
        percolator = Percolator(topics)
        built = process_time() - started
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
        first = timed(lambda p=percolator: [p.match(entry) for entry in entries], rounds=1)  # type: ignore[misc]
        cost = timed(lambda p=percolator: [p.match(entry) for entry in entries]) / SAMPLE  # type: ignore[misc]
        hits = sum(len(percolator.match(entry)) for entry in entries) / SAMPLE
        print(
            f"{size:6,} topics       {cost * 1e6:7.1f} µs an entry, {hits:5.2f} matches;"
            f" {first / SAMPLE * 1e6:.0f} µs the first time, many words being new;"
            f" built in {built:.2f} s, {grown:.0f} MB more"
        )


def history() -> None:
    rng = Random(2)
    known = vocabulary(rng)
    config = 'sources: {s: {url: "http://example.org/"}}\ntopics:\n'
    first = config + "  one: {query: 'nothing'}\n"
    other = f"  one: {{query: '{known[300]} OR \"{known[40]} {known[50]}\" OR {known[900]}~'}}\n"
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_history(texts(rng, known, HISTORY), first, config + other, Path(folder)))


async def _history(some: list[str], first: str, changed: str, folder: Path) -> None:
    from aggregator.adapters.sql.store import SqlStore  # noqa: PLC0415 -- only here

    store = SqlStore(str(folder))
    bench = Workbench(first, store=store)
    await bench.align()
    entries = [entry(number, text) for number, text in enumerate(some)]
    for start in range(0, len(entries), 5000):
        chunk = entries[start : start + 5000]
        await store.transact(lambda session, c=chunk: session.add_entries(c))  # type: ignore[misc]
    bench = Workbench(changed, store=store)
    started, cpu = perf_counter(), process_time()
    await bench.align()
    took, cpu = perf_counter() - started, process_time() - cpu
    with store.reading() as session:
        found = session.count_shown(FeedId("one"))
    print(
        f"one changed topic over {len(some):,} stored entries:"
        f" {cpu:.2f} s of CPU time, {took:.2f} s by the clock, {found:,} found"
    )
    await store.close()


def entry(number: int, text: str) -> Entry:
    at = datetime(2020, 1, 1, tzinfo=UTC) + timedelta(minutes=number)
    made = draft(text)
    return Entry(
        id=EntryId(f"http://example.org/{number}"),
        source=SourceId("s"),
        title=made.title,
        link=f"http://example.org/{number}",
        summary=made.summary,
        published=When(at=at, precision=Precision.TIME, basis=Basis.MACHINE),
        updated=at,
        first_seen=at,
    )


def suggestions(folder: Path) -> None:
    """Pick, as a reader would, what belongs there by more than half, from 20 suggestions."""
    for name in ("bolivia", "reuters"):
        data = json.loads((folder / "topics" / f"{name}_topics.json").read_text("utf-8"))
        items = [
            (Document(Draft(title=i["title"], link=None, summary=i["summary"] or "")), i)
            for i in data["items"]
        ]
        alone, picked = [0, 0, 0], [0, 0, 0]
        for key, about in data["topics"].items():
            query = _named(about["name"])
            _score(alone, items, query, key)
            _score(picked, items, _picked(query, items, key), key)
        print(f"{name}: name alone F1 {_f1(*alone):.3f}, with what is picked {_f1(*picked):.3f}")


def _named(name: str) -> Query:
    found = words(name)
    return Word(word=found[0]) if len(found) == 1 else Phrase(words=found)


def _picked(query: Query, items: list[tuple[Document, dict[str, list[str]]]], key: str) -> Query:
    by_entry = {id(document.entry): document for document, _ in items}
    found = suggest(
        lambda: (document.entry for document, _ in items),  # type: ignore[misc]
        query,
        document=lambda entry: by_entry[id(entry)],
    )
    for one in found:
        test, term = compile_query(query), parse(f'"{one.text}"')
        adds = compile_query(term)
        new = [item for document, item in items if adds(document) and not test(document)]
        if new and 2 * sum(key in item["topics"] for item in new) >= len(new):
            query = Or(queries=(query, term))
    return query


def _score(
    counts: list[int], items: list[tuple[Document, dict[str, list[str]]]], query: Query, key: str
) -> None:
    test = compile_query(query)
    for document, item in items:
        belongs, given = key in item["topics"], test(document)
        counts[0] += belongs and given
        counts[1] += given and not belongs and key not in item.get("topics_marginal", [])
        counts[2] += belongs and not given


def _f1(right: int, false: int, missed: int) -> float:
    return 2 * right / (2 * right + false + missed)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--suggest", action="store_true")
    if parser.parse_args().suggest:
        folder = shared_folder()
        if folder is not None:
            suggestions(folder)
        return
    matching()
    history()


if __name__ == "__main__":
    main()
