"""Give the drafts of one page their keys, and learn from the page about the site's links."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

import xxhash

from aggregator.core.identity.learned import Learned
from aggregator.core.identity.lessons import same_title, study_links
from aggregator.core.text import words
from aggregator.core.urls import canonical, fragment_of
from aggregator.model import Basis, Draft, SourceId

TEXT_WORDS = 20  # of an item without title or link that make its key


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """What may lead to a draft's entry. ``None``: it has no such key."""

    guid: str | None = None
    link: str | None = None  # under all that was learned
    text: str | None = None  # of an item whose link is missing or shared
    former: tuple[str, ...] = ()  # of its link before something was learned; weak

    own: tuple[str, ...] = field(init=False)  # remembered for the entry, strongest first
    all: tuple[str, ...] = field(init=False)  # looked up

    def __post_init__(self) -> None:
        """Put the keys in order once: they are walked many times."""
        own = tuple(key for key in (self.guid, self.link, self.text) if key)
        object.__setattr__(self, "own", own)
        object.__setattr__(self, "all", own + self.former)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """What one page shows, before memory is asked."""

    source: SourceId
    drafts: Sequence[Draft]
    keys: tuple[Keys, ...]  # of each draft
    prints: tuple[str, ...]  # fingerprint of each draft
    learned: Learned  # with the lessons of this page

    @property
    def lookups(self) -> set[str]:
        """Every key memory is asked about: of this page, and of the last one."""
        return {key for keys in self.keys for key in keys.all}.union(self.learned.page)


def sight(drafts: Sequence[Draft], source: SourceId, learned: Learned) -> Sighting:
    """Give each draft its keys, after learning from the page which of them are worth something."""
    learned = study_links(drafts, learned)
    guids = [_guid_key(draft, learned) for draft in drafts]
    links = [link_key(draft.link, learned) for draft in drafts]
    shared = _shared_by_titles(drafts, guids) | _shared_by_titles(drafts, links)
    if fresh := shared.difference(learned.shared):
        learned = replace(learned, shared=(*learned.shared, *sorted(fresh)))
    return Sighting(
        source=source,
        drafts=drafts,
        keys=tuple(
            _keys(draft, guid, link, learned)
            for draft, guid, link in zip(drafts, guids, links, strict=True)
        ),
        prints=tuple(map(fingerprint, drafts)),
        learned=learned,
    )


def keys_of(
    drafts: Sequence[Draft], source: SourceId, learned: Learned
) -> tuple[tuple[str, ...], ...]:
    """Return for each draft the keys that may lead to its entry, strongest first."""
    return tuple(keys.all for keys in sight(drafts, source, learned).keys)


def link_key(link: str | None, learned: Learned) -> str | None:
    """Return the key of a link; ``None`` when it is no address of a page."""
    if not link or not link.startswith(("http://", "https://")):
        return None
    return digest("l", canonical(link, noise=learned.noise, identity=learned.identity))


def digest(kind: str, *parts: str) -> str:
    """Return a key: a letter for its kind, and 96 bits nobody can aim at."""
    raw = blake2b("\n".join(parts).encode("utf-8", "surrogatepass"), digest_size=12).digest()
    return kind + urlsafe_b64encode(raw).decode()


def fingerprint(draft: Draft) -> str:
    """Return a short name for what the page says of an item now."""
    published = draft.published
    firm = published is not None and published.basis is not Basis.RELATIVE
    parts = (
        draft.title or "",
        draft.link or "",
        draft.guid or "",
        published.isoformat() if published is not None and firm else "",
        draft.summary,
        draft.content or "",
    )
    raw = xxhash.xxh3_64_digest("\0".join(parts).encode("utf-8", "surrogatepass"))
    return urlsafe_b64encode(raw).decode()[:11]


def _keys(draft: Draft, guid: str | None, link: str | None, learned: Learned) -> Keys:
    if guid in learned.shared:
        guid = None
    former: tuple[str, ...] = ()
    if link and (learned.noise or learned.identity) and "?" in (draft.link or ""):
        plain = link_key(draft.link, Learned())
        former = (plain,) if plain and plain != link else ()
    if link is None:
        return Keys(guid=guid, text=None if guid else _text_key(draft))
    if link in learned.shared:
        text = digest("s", link, fragment_of(draft.link or ""), *words(draft.title or ""))
        return Keys(guid=guid, text=text, former=(link, *former))
    return Keys(guid=guid, link=link, former=former)


def _guid_key(draft: Draft, learned: Learned) -> str | None:
    return digest("g", draft.guid) if draft.guid and learned.has_guids else None


def _text_key(draft: Draft) -> str:
    """Return the key of an item without a link: its title, or its first words, and its date."""
    date = draft.published.at.date().isoformat() if draft.published else ""
    return digest("t", date, *title_or_text(draft))


def title_or_text(draft: Draft) -> tuple[str, ...]:
    """Return the words of a draft's title; of one without, its first ones."""
    return words(draft.title or "") or words(draft.summary or draft.content or "")[:TEXT_WORDS]


def _shared_by_titles(drafts: Sequence[Draft], keys: Sequence[str | None]) -> set[str]:
    """Return the keys under which this page shows items of different titles."""
    titles: dict[str, list[str]] = defaultdict(list)
    for draft, key in zip(drafts, keys, strict=True):
        if key is not None:
            titles[key].append(draft.title or "")
    return {
        key
        for key, some in titles.items()
        if len(some) > 1 and not all(same_title(some[0], other) for other in some[1:])
    }
