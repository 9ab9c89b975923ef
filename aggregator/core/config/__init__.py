"""The configuration: read with line numbers, checked as a whole, told in words."""

from aggregator.core.config.load import Config, load_config
from aggregator.core.config.problems import Problem
from aggregator.core.config.schema import json_schema

__all__ = ["Config", "Problem", "json_schema", "load_config"]
