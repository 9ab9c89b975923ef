"""Take the main content out of the page of one article (extra ``fulltext``)."""

from __future__ import annotations

from aggregator.core.charset import decode
from aggregator.core.sanitize import sanitize, text_of
from aggregator.errors import MissingExtraError
from aggregator.model import Diagnosis, Draft, Extraction, Fetched, Kind, Reading, Trouble

CONTENT_LIMIT = 200_000  # characters
_READ_LIMIT = 2_000_000
_LEAST_TEXT = 80  # characters; less is a caption, a cookie notice
_NOTHING = Diagnosis(
    trouble=Trouble.NOT_A_LIST,
    detail="no main text was found on the page",
    next_step="Open the article in a browser: it may need a login, or scripts.",
)


def read_article(page: Fetched) -> Reading:
    """Return a reading with one draft that holds the article's text as clean HTML.

    Raises:
        MissingExtraError: trafilatura is not installed.
    """
    try:
        import trafilatura  # noqa: PLC0415 -- optional, and half a second to load
    except ModuleNotFoundError as error:
        raise MissingExtraError("full_text: true needs the extra 'fulltext'") from error
    found = trafilatura.extract(
        decode(page.body, page.content_type)[:_READ_LIMIT],
        url=page.url,
        output_format="html",
        include_comments=False,
        include_images=True,
        include_links=True,
        include_formatting=True,
    )
    content = sanitize(found[:CONTENT_LIMIT], base_url=page.url) if found else ""
    is_text = len(text_of(content)) >= _LEAST_TEXT
    drafts = (Draft(title=None, link=page.url, content=content),) if is_text else ()
    extraction = Extraction(kind=Kind.ARTICLE, diagnosis=None if is_text else _NOTHING)
    return Reading(drafts=drafts, extraction=extraction)
