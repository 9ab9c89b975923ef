"""Reads pages in children that a hostile page may kill; a nursery forks them."""

from aggregator.adapters.parser.pool import ChildParser

__all__ = ["ChildParser"]
