"""Every setting there is, with its default and its meaning, as docs/configuration.md has it.

``python -m tests.docs.settings`` prints the rows.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from aggregator.core.config.schema import Document

UNITS = (("d", 86_400), ("h", 3600), ("m", 60), ("s", 1))


class Setting(NamedTuple):
    """One key of config.yaml."""

    key: str  # "sources.NAME.every"
    default: str  # as one would write it; "" when there is none
    meaning: str

    def row(self) -> str:
        """Return its row of a table."""
        default = f"`{self.default}`" if self.default else "–"
        return f"| `{self.key}` | {default} | {self.meaning} |"


def settings(model: type[BaseModel] = Document, above: str = "") -> Iterator[Setting]:
    """Yield all settings below *model*, in the order of the schema."""
    for name, info in model.model_fields.items():
        key = f"{above}{info.alias or name}"
        inner = next(sections(info.annotation), None)
        if inner is None:
            yield Setting(key, default_of(info), info.description or "")
        else:
            is_named = getattr(info.annotation, "__origin__", None) is dict
            yield from settings(inner, f"{key}.NAME." if is_named else f"{key}.")


def sections(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from sections(argument)


def default_of(info: FieldInfo) -> str:
    value = info.default
    if info.is_required():
        return "needed"
    if isinstance(value, timedelta):
        seconds = int(value.total_seconds())
        unit, size = next((unit, size) for unit, size in UNITS if seconds % size == 0)
        return f"{seconds // size}{unit}"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(value)}]" if value else ""
    if isinstance(value, int) and value >= 10**6:
        return f"{value // 10**6}MB"
    return "" if value is None or value in ({}, "") else str(value)


if __name__ == "__main__":
    sys.stdout.writelines(f"{setting.row()}\n" for setting in settings())
