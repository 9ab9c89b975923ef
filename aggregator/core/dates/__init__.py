"""Dates as pages write them: found in a line, read in any language, never guessed.

`find_date_text` finds, `read_date` understands, `learn_day_first` learns from a source's
other dates what "05/06/2018" means. See docs/dates.md.
"""

from aggregator.core.dates.order import learn_day_first
from aggregator.core.dates.reading import find_date_text, read_date

__all__ = ["find_date_text", "learn_day_first", "read_date"]
