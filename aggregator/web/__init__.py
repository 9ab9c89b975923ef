"""The daemon's pages and feeds over HTTP. See docs/serving.md."""

from aggregator.web.server import Server

__all__ = ["Server"]
