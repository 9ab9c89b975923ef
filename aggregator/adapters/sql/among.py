"""Ask about many rows at once: one parameter, however many there are.

SQLAlchemy spells every value of an ``IN`` out, and the database reads a new statement for each
number of them: a third of what one with twenty values costs. SQLite takes a JSON array apart
by itself, PostgreSQL an array.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Dialect, Text, TypeDecorator, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

SOME = "some"  # the parameter that holds the values


class Among(FunctionElement[bool]):
    """Tells whether a column holds one of the values of the parameter ``some``."""

    # Without a type of its own: SQLAlchemy compares what is boolean with 1, and SQLite then
    # looks at every row instead of asking an index.
    name = "among"
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column, bindparam(SOME, type_=_Values(column.type)))


class _Values(TypeDecorator[Collection[Any]]):
    """Values of one column, as one parameter."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return Text() if dialect.name == "sqlite" else ARRAY(self.of)

    def process_bind_param(self, value: Collection[Any] | None, dialect: Dialect) -> Any:
        values = list(value or ())
        return json.dumps(values) if dialect.name == "sqlite" else values


@compiles(Among, "sqlite")
def _in_sqlite(among: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in among.clauses)
    return f"{column} IN (SELECT value FROM json_each({values}))"  # noqa: S608 -- both are ours


@compiles(Among, "postgresql")
def _in_postgresql(among: Among, compiler: SQLCompiler, **options: Any) -> str:
    column, values = (compiler.process(part, **options) for part in among.clauses)
    return f"{column} = ANY ({values})"
