"""Statements with their rows in the very form that the driver takes, made before a transaction begins.

Turning thousands of rows into what a driver wants takes longer than the database takes to write them. Done beforehand,
nobody else waits for it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Dialect, Table, bindparam, delete, insert, update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.types import TypeEngine

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Sending:
    """One statement for all of its rows."""

    text: str
    rows: list[Any]

    def send(self, connection: Connection) -> None:
        """Write it in the transaction of `connection`."""
        connection.exec_driver_sql(self.text, self.rows)


def inserting(dialect: Dialect, table: Table, rows: Sequence[Row]) -> Sending:
    """Insert `rows`, which name the same columns; what they leave out gets its default. Raises KeyError."""
    names = list(rows[0])
    made = [x for x in table.columns if x.key not in rows[0] and x.default is not None]
    compiled = insert(table).inline().compile(dialect=dialect, column_keys=[*names, *(x.key for x in made)])
    full = [{**x, **{y.key: _default(y.default) for y in made}} for x in rows] if made else rows
    return _sending(dialect, compiled, {x.key: x.type for x in table.columns}, full)


def updating(dialect: Dialect, table: Table, key: str, rows: Sequence[Row]) -> Sending:
    """Set the columns of `rows`, which name the same ones, where `key` is theirs. Raises KeyError."""
    columns = [x for x in rows[0] if x != key]
    statement = update(table).where(table.c[key] == bindparam("this", type_=table.c[key].type))
    statement = statement.values({x: bindparam(f"new_{x}", type_=table.c[x].type) for x in columns})
    types = {"this": table.c[key].type, **{f"new_{x}": table.c[x].type for x in columns}}
    named = [{"this": row[key], **{f"new_{x}": row[x] for x in columns}} for row in rows]
    return _sending(dialect, statement.compile(dialect=dialect), types, named)


def deleting(dialect: Dialect, table: Table, ids: Sequence[UUID]) -> Sending:
    """Remove the rows with these ids."""
    statement = delete(table).where(table.c.id == bindparam("gone", type_=table.c.id.type))
    types = {"gone": table.c.id.type}
    return _sending(dialect, statement.compile(dialect=dialect), types, [{"gone": x} for x in ids])


def _sending(dialect: Dialect, compiled: object, types: Mapping[str, TypeEngine[Any]], rows: Sequence[Row]) -> Sending:
    assert isinstance(compiled, SQLCompiler)
    assert compiled.string is not None
    names = list(compiled.positiontup or compiled.bind_names.values())
    ways = [types[x].dialect_impl(dialect).bind_processor(dialect) for x in names]
    columns = [
        [row[name] for row in rows] if way is None else [way(row[name]) for row in rows]
        for name, way in zip(names, ways, strict=True)
    ]
    tuples = list(zip(*columns, strict=True))
    if compiled.positiontup is not None:
        return Sending(compiled.string, tuples)
    return Sending(compiled.string, [dict(zip(names, x, strict=True)) for x in tuples])


def _default(default: Any) -> Any:  # noqa: ANN401 - of the library, any value of a column
    return default.arg(None) if default.is_callable else default.arg
