"""Reads pages in children that a hostile page may kill; see docs/decisions."""

from aggregator.adapters.parser.pool import ChildParser

__all__ = ["ChildParser"]
