"""All rows of the database as text that fits either kind of database, and back.

Rows are read in one transaction that sees one moment, whatever is written meanwhile, and come table by table in an
order in which referred rows come first where that is possible. Values are JSON: UUIDs as 32 digits, instants and days
as ISO 8601, bytes as base64, JSON columns as the text that stands there. Loading needs tables of the same revision;
references are checked as a whole at the end, so circles between tables are no hindrance.
"""

import base64
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy import Connection, cast, func, select, text, type_coerce
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import Session

from dms.db.engine import CLOCK, READ, WRITE, Database, answering
from dms.db.tables import Base
from dms.db.tables.base import Instant, Named
from dms.kernel.errors import Broken
from dms.kernel.text import N_

AT_ONCE = 500
"""Rows that are read and written together."""


@dataclass(frozen=True, slots=True)
class TableShape:
    """A table in a dump: its name, and its columns with the kind of their values."""

    name: str
    columns: tuple[tuple[str, str], ...]


class DanglingRows(Broken):
    """Rows that refer to rows which are not there: what was loaded is no whole database."""

    code = "dangling_rows"

    def __init__(self) -> None:
        super().__init__(
            N_("De gegevens in de reservekopie verwijzen naar gegevens die er niet zijn."),
            N_("Gebruik een andere reservekopie en meld dit aan de makers."),
        )


def shapes() -> list[TableShape]:
    """All tables of this release, referred ones first where there is such an order."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)  # circles: see `loading`
        tables = Base.metadata.sorted_tables
    return [TableShape(x.name, tuple((c.name, _kind(c.type)) for c in x.columns)) for x in tables]


@contextmanager
def one_moment(database: Database) -> Iterator[Session]:
    """A session in which everything is as it was at one moment, however long it lasts. Raises OutsideDown."""
    options: dict[str, Any] = dict(READ)
    if database.dialect == "postgresql":
        options = {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with (
        answering(),
        database.engine.connect().execution_options(**options) as connection,
        connection.begin(),
        Session(connection, info={CLOCK: database.clock}) as session,
    ):
        session.execute(select(func.count()).select_from(sa.table("alembic_version")))  # the moment begins here
        yield session


def rows_of(
    session: Session, shape: TableShape, where: sa.ColumnElement[bool] | None = None
) -> Iterator[list[list[Any]]]:
    """The rows of a table (those for which `where` holds) in order of its key, in bunches, as JSON can hold them."""
    table = Base.metadata.tables[shape.name]
    kinds = [kind for _, kind in shape.columns]
    columns = [_read(column, kind) for column, kind in zip(table.columns, kinds, strict=True)]
    query = select(*columns).order_by(*table.primary_key.columns).execution_options(yield_per=AT_ONCE)
    if where is not None:
        query = query.where(where)
    for rows in session.execute(query).partitions(AT_ONCE):
        yield [[_told(value, kind) for value, kind in zip(row, kinds, strict=True)] for row in rows]


@contextmanager
def loading(database: Database) -> Iterator[Connection]:
    """A connection in one transaction in which tables may be made and filled in any order.

    Commits at the end when every reference holds; raises `DanglingRows` and changes nothing when one does not.
    """
    with answering(), database.engine.connect().execution_options(**WRITE) as connection:
        lite = database.dialect == "sqlite"
        if lite:  # outside a transaction, or it does nothing
            driver = connection.connection.driver_connection
            assert driver is not None
            driver.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                if lite and connection.execute(text("PRAGMA foreign_key_check")).first() is not None:
                    raise DanglingRows
        finally:
            connection.invalidate()  # its settings are not those of other connections


@contextmanager
def unchecked(connection: Connection) -> Iterator[None]:
    """Within `loading`, fill tables in any order: on PostgreSQL references are taken off and put back at the end."""
    if connection.dialect.name != "postgresql":
        yield
        return
    found = connection.execute(
        text(
            "SELECT conrelid::regclass::text AS owner, quote_ident(conname) AS name, pg_get_constraintdef(oid) AS means"
            " FROM pg_constraint WHERE contype = 'f' AND connamespace = current_schema()::regnamespace"
        )
    ).all()
    for one in found:
        connection.execute(text(f"ALTER TABLE {one.owner} DROP CONSTRAINT {one.name}"))
    yield
    try:
        for one in found:
            connection.execute(text(f"ALTER TABLE {one.owner} ADD CONSTRAINT {one.name} {one.means}"))
    except sa.exc.IntegrityError as fault:
        raise DanglingRows from fault


def load_rows(connection: Connection, shape: TableShape, rows: Sequence[Sequence[Any]]) -> None:
    """Add rows of `rows_of` to a table that has the same columns."""
    if not rows:
        return
    lite = connection.dialect.name == "sqlite"
    table = sa.table(shape.name, *(sa.column(name, _written(kind)) for name, kind in shape.columns))
    values: dict[str, Any] = {
        name: cast(sa.bindparam(name, type_=sa.Text()), sa.JSON())
        if kind == "json" and not lite
        else sa.bindparam(name)
        for name, kind in shape.columns
    }
    given = [
        {name: _meant(value, kind, lite) for (name, kind), value in zip(shape.columns, row, strict=True)}
        for row in rows
    ]
    connection.execute(sa.insert(table).values(values), given)


def emptied(connection: Connection, names: Iterable[str]) -> None:
    """Take away what migrations put in tables that are to be loaded."""
    for name in names:
        table = sa.table(name)
        if connection.execute(select(func.count()).select_from(table)).scalar():
            connection.execute(sa.delete(table))


def numbered_on(connection: Connection) -> None:
    """Let numbers that the database gives out go on after the highest one that was loaded (PostgreSQL)."""
    if connection.dialect.name != "postgresql":
        return
    for table in Base.metadata.tables.values():
        for column in table.primary_key.columns:
            if not isinstance(column.type, sa.Integer) or column.foreign_keys:
                continue
            names = {"owner": table.name, "name": column.name}
            counter = connection.execute(text("SELECT pg_get_serial_sequence(:owner, :name)"), names).scalar()
            highest = connection.execute(select(func.max(column))).scalar()
            if counter is not None and highest is not None:
                connection.execute(text("SELECT setval(:counter, :highest)"), {"counter": counter, "highest": highest})


_KINDS: tuple[tuple[type[sa.types.TypeEngine[Any]], str], ...] = (
    (sa.Uuid, "uuid"),
    (sa.JSON, "json"),
    (sa.Boolean, "bool"),
    (sa.Date, "date"),
    (sa.LargeBinary, "bytes"),
    (sa.Float, "float"),
    (sa.Integer, "int"),
    (sa.String, "text"),
)


def _kind(of: sa.types.TypeEngine[Any]) -> str:
    if isinstance(of, Instant):
        return "instant"
    if isinstance(of, Named):
        return "text"
    for known, kind in _KINDS:
        if isinstance(of, known):
            return kind
    raise TypeError(f"no way to dump {of!r}")


def _read(column: sa.Column[Any], kind: str) -> sa.ColumnElement[Any]:
    if kind == "json":
        return cast(column, sa.Text)  # as it stands: nothing in it is read or written anew
    return type_coerce(column, sa.String()) if kind == "text" else column


def _told(value: Any, kind: str) -> Any:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return None
    if kind == "uuid":
        return value.hex
    if kind in ("instant", "date"):
        return value.isoformat()
    return base64.b64encode(value).decode() if kind == "bytes" else value


def _meant(value: Any, kind: str, lite: bool) -> Any:  # noqa: ANN401 - whatever a column holds
    if value is None:
        return None
    if kind == "uuid":
        return UUID(value)
    if kind == "date":
        return date.fromisoformat(value)
    if kind == "instant":
        at = datetime.fromisoformat(value).astimezone(UTC)
        return at.replace(tzinfo=None) if lite else at
    return base64.b64decode(value) if kind == "bytes" else value


def _written(kind: str) -> sa.types.TypeEngine[Any]:
    plain: dict[str, sa.types.TypeEngine[Any]] = {
        "uuid": sa.Uuid(),
        "json": sa.Text(),
        "bool": sa.Boolean(),
        "date": sa.Date(),
        "instant": sa.DateTime(timezone=True),
        "bytes": sa.LargeBinary(),
        "float": sa.Float(),
        "int": sa.BigInteger(),
        "text": sa.Text(),
    }
    return plain[kind]
