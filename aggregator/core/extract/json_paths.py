"""Follow dotted paths into a JSON document, and tell where one is lost."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import Any, TypeAlias

Json: TypeAlias = Any  # what json.loads returns

_SHOWN_KEYS = 8
_VALUES_LIMIT = 10_000  # what a path with several wildcards may lead to
_INDEX = re.compile(r"-?[0-9]{1,6}")


def values_at(document: Json, path: str) -> list[Json]:
    """Return the values to which a path leads: keys and indexes with dots, ``*`` for all.

    A key that itself holds dots is found too.

    >>> values_at({"a": [{"b": 1}, {"b": 2}]}, "a.*.b")
    [1, 2]
    """
    found = [document]
    for step in _steps(path):
        found = [inner for value in found[:_VALUES_LIMIT] for inner in _step(value, step)]
    if not found and isinstance(document, dict) and path in document:
        return [document[path]]
    return found


def lost_at(document: Json, path: str) -> str:
    """Tell where a path that leads nowhere is lost, and what is there instead."""
    walked: list[str] = []
    value = document
    for step in _steps(path):
        inner = _step(value, step)
        if not inner:
            place = repr(".".join(walked)) if walked else "the document"
            near = get_close_matches(step, list(value), n=1) if isinstance(value, dict) else []
            hint = f"; did you mean {near[0]!r}?" if near else ""
            return f"there is no {step!r} in {place}: {what_is_there(value)}{hint}"
        walked.append(step)
        value = inner[0]
    return f"{path!r} leads to {what_is_there(value)}"


def _steps(path: str) -> list[str]:
    return [
        step
        for step in path.removeprefix("$").replace("[", ".").replace("]", "").split(".")
        if step
    ]


def _step(value: Json, step: str) -> list[Json]:
    if isinstance(value, dict):
        if step in value:
            return [value[step]]
        return list(value.values()) if step == "*" else []
    if isinstance(value, list):
        if step == "*":
            return value
        index = int(step) if _INDEX.fullmatch(step) else len(value)
        return [value[index]] if -len(value) <= index < len(value) else []
    return []


def what_is_there(value: Json) -> str:
    """Tell what a value is, for a person: the keys of an object, the length of an array."""
    if isinstance(value, dict):
        keys = [str(key)[:40] for key in value]
        more = ", …" if len(keys) > _SHOWN_KEYS else ""
        return f"its keys are {', '.join(keys[:_SHOWN_KEYS])}{more}" if keys else "it is empty"
    if isinstance(value, list):
        return f"it is an array of {len(value)}"
    names = {str: "text", bool: "true or false", type(None): "null"}
    return f"it is {names.get(type(value), 'a number')}"
