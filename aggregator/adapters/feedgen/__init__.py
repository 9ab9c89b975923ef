"""Write feeds as Atom 1.0 and RSS 2.0 with feedgen; what it gets wrong is put right here.

See:
    docs/decisions/feedgen-extension.md
"""

from aggregator.adapters.feedgen.renderers import AtomRenderer, RssRenderer

__all__ = ["AtomRenderer", "RssRenderer"]
