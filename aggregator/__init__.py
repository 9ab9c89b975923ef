"""News listing pages in, feeds about topics out."""

__version__ = "0.1.0.dev0"
