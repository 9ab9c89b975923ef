"""Gets pages over HTTP: bounded, guarded, polite. See docs/decisions/fetch-guard.md."""

from aggregator.adapters.http.poster import HttpPoster
from aggregator.adapters.http.settings import FetchSettings
from aggregator.adapters.http.transport import HttpTransport

__all__ = ["FetchSettings", "HttpPoster", "HttpTransport"]
