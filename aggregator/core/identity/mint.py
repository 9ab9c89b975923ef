"""Mint the ids of entries: from what an item is, so that even a lost state mints the same."""

from __future__ import annotations

from uuid import UUID, uuid5

from aggregator.core.identity.sight import Keys, title_or_text
from aggregator.core.urls import canonical
from aggregator.model import Draft, EntryId, SourceId

_SPACE = UUID("7c1a0f2e-6d0b-5b0e-9a57-3d1f6c0a4e21")  # ours alone; RFC 9562 section 5.5


def mint(source: SourceId, draft: Draft, *, beside: Keys | None = None) -> EntryId:
    """Return the id of a new entry; it is stored and never derived again.

    An item with a link of its own has the same id on every list that shows it.

    Args:
        source: Where it was found.
        draft: The item.
        beside: Its keys, when a link alone is not enough: there is none, several items share
            it, or an entry has its id already. Then title and date make the id as well.

    See:
        RFC 4287 section 4.2.6; docs/decisions/entry-identity.md
    """
    if beside is None:
        name = f"link\n{canonical(draft.link or '')}"
    elif beside.guid and not beside.link:
        name = f"guid\n{source}\n{beside.guid}"
    else:
        date = draft.published.at.date().isoformat() if draft.published else ""
        told = " ".join(title_or_text(draft))
        name = f"text\n{source}\n{beside.own[-1]}\n{date}\n{told}"
    return EntryId(f"urn:uuid:{uuid5(_SPACE, name)}")
