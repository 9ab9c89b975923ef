"""The daemon's pages and feeds over HTTP. See docs/serving.md."""

from aggregator.web.app import Site, create_app
from aggregator.web.server import Server

__all__ = ["Server", "Site", "create_app"]
