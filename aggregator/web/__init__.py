"""The daemon's pages and feeds over HTTP. See docs/serving.md."""

from aggregator.web.app import App, create_app
from aggregator.web.hub import Hub
from aggregator.web.server import Server
from aggregator.web.site import Site, site_of

__all__ = ["App", "Hub", "Server", "Site", "create_app", "site_of"]
