"""The pages for people: rendered here, whole without a script, in light and dark."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from typing import Any

import jinja2

from aggregator.core.site import FORMATS, listed_feeds
from aggregator.web.site import Site

_TEMPLATES = jinja2.Environment(
    loader=jinja2.PackageLoader("aggregator.web"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """A format a feed is read in."""

    suffix: str
    name: str
    media_type: str


def index(site: Site) -> str:
    """Return the first page: the topics."""
    feeds = listed_feeds(site.frame, tuple(site.sources.values()))
    return _page("index.html", site, title=site.frame.title, feeds=feeds, discovered=feeds)


def style() -> bytes:
    """Return the one style sheet."""
    return resources.files(__package__).joinpath("templates/style.css").read_bytes()


def _page(template: str, site: Site, **values: Any) -> str:
    formats = [
        Format(suffix=suffix, name=name, media_type=kind)
        for suffix, (name, kind) in FORMATS.items()
        if suffix in site.formats
    ]
    return _TEMPLATES.get_template(template).render(
        home=site.path, language="en", formats=formats, **values
    )
