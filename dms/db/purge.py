"""Takes out of the database's own files what deleted and overwritten rows leave there, and reads those files raw.

A deleted row is not gone. On SQLite `secure_delete` blanks the page, but the write-ahead log keeps the old one until
it is cut, and an overwritten value may linger in the free space of a page: so the log is cut, the file rewritten and
the log cut again. On PostgreSQL an old row stays in the table until it is rewritten, and common values stay in the
planner's statistics: so the tables are rewritten, counted anew, and the statistics rewritten too, each after everybody
has ended who might still see the old rows (`dms.wire.horizon`). Its write-ahead log keeps old rows until it is
recycled; that is the server's own affair.

What an account on PostgreSQL needs is in docs/destruction.md; what it may not do is said in `Purged.skipped`.
"""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InternalError, OperationalError, ProgrammingError

from dms.db.engine import BUSY_SECONDS, Database, answering
from dms.kernel.errors import OutsideDown
from dms.kernel.text import N_
from dms.wire.horizon import all_saw_the_last

PIECE = 4 * 1024 * 1024
"""Bytes read at once."""
PATIENCE = 60.0
"""Seconds to wait, each time, for others who still see old rows."""
_NOT_ALLOWED = "42501"
_SEGMENT = 1024**3
"""Bytes in one file of a table on PostgreSQL; a larger table goes on in the next."""


@dataclass(frozen=True, slots=True)
class Purged:
    """What was done (codes) and what the database account may not do."""

    done: tuple[str, ...]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RawFile:
    """One file of the database, with its bytes in pieces."""

    name: str
    pieces: Iterator[bytes]


def purge(database: Database, tables: Sequence[str], patience: float = PATIENCE) -> Purged:
    """Rewrite what holds the remains of destroyed rows: all of a SQLite database, these tables on PostgreSQL.

    Other transactions wait meanwhile. Raises OutsideDown when the database stays busy or does not answer, also when
    somebody still looks at the old rows after `patience` seconds; calling it again is always right.
    """
    if database.dialect == "sqlite":
        return _purge_sqlite(_path(database), patience)
    with answering():
        return _purge_postgres(database, tables, patience)


def raw_files(database: Database) -> Iterator[RawFile]:
    """Every file in which the database keeps rows, as it is on disk. Nothing where the account may not read them."""
    if database.dialect == "sqlite":
        path = _path(database)
        for one in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-journal")):
            if one.exists():
                yield RawFile(one.name, _pieces(one))
        return
    with answering(), database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not may_read_files(connection):
            return
        for name, place, size in _relations(connection):
            yield RawFile(name, _server_pieces(connection, place, size))


def may_read_files(connection: Connection) -> bool:
    """Whether this account may read the server's files (`pg_read_server_files` and the function)."""
    asked = "SELECT has_function_privilege('pg_read_binary_file(text,bigint,bigint,boolean)', 'EXECUTE')"
    return bool(connection.execute(text(asked)).scalar())


def _path(database: Database) -> Path:
    name = make_url(database.url).database
    assert name
    return Path(name)


def _purge_sqlite(path: Path, patience: float) -> Purged:
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")
            connection.execute("PRAGMA secure_delete=ON")
            connection.execute("PRAGMA temp_store=FILE")  # the new file may not fit in memory
            _cut_log(connection, patience)
            connection.execute("VACUUM")
            _cut_log(connection, patience)
        finally:
            connection.close()
    except sqlite3.OperationalError as fault:
        raise _busy() from fault
    return Purged(("secure_delete", "vacuum", "wal_truncated"))


def _cut_log(connection: sqlite3.Connection, patience: float) -> None:
    """Cut the write-ahead log to nothing; readers may hold it up for a while."""
    end = time.monotonic() + patience
    while connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]:
        if time.monotonic() > end:
            raise _busy()
        time.sleep(0.1)


def _purge_postgres(database: Database, tables: Sequence[str], patience: float) -> Purged:
    done, skipped = ["vacuum_full"], list[str]()
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"SET lock_timeout = '{BUSY_SECONDS}s'"))
        connection.execute(text("SET statement_timeout = 0"))
        try:
            quote = connection.dialect.identifier_preparer.quote
            _unseen(connection, patience)
            for table in tables:
                connection.execute(text(f"VACUUM (FULL, ANALYZE) {quote(table)}"))
                _forget_statistics(connection, table)
            _unseen(connection, patience)  # the statistics that were just replaced
            for code, statement in (("statistics", "VACUUM FULL pg_statistic"), ("checkpoint", "CHECKPOINT")):
                (done if _allowed(connection, statement) else skipped).append(code)
            if not may_read_files(connection):
                skipped.append("read_files")
        except OperationalError as fault:
            raise _busy() from fault
        finally:
            connection.execute(text("RESET ALL"))
    return Purged(tuple(done), tuple(skipped))


def _unseen(connection: Connection, patience: float) -> None:
    if not all_saw_the_last(connection, patience):
        raise _busy()


def _forget_statistics(connection: Connection, table: str) -> None:
    """Drop what the planner knows of a table that became empty: ANALYZE leaves it as it was then.

    A change of type to the same type does so. Columns of keys hold ids and are left alone.
    """
    quote = connection.dialect.identifier_preparer.quote
    if connection.execute(text(f"SELECT EXISTS (SELECT 1 FROM {quote(table)})")).scalar_one():  # noqa: S608 - a table of ours
        return
    known = connection.execute(
        text(
            "SELECT a.attname, format_type(a.atttypid, a.atttypmod) FROM pg_attribute a"
            " JOIN pg_stats s ON s.attname = a.attname AND s.tablename = :table AND s.schemaname = current_schema()"
            " WHERE a.attrelid = to_regclass(:quoted) AND NOT EXISTS (SELECT 1 FROM pg_constraint c"
            " WHERE (c.conrelid = a.attrelid AND a.attnum = ANY (c.conkey) AND c.contype IN ('p', 'u', 'f'))"
            " OR (c.confrelid = a.attrelid AND a.attnum = ANY (c.confkey)))"
        ),
        {"table": table, "quoted": quote(table)},
    ).all()
    if known:
        changes = ", ".join(f"ALTER COLUMN {quote(name)} TYPE {kind}" for name, kind in known)
        connection.execute(text(f"ALTER TABLE {quote(table)} {changes}"))


def _allowed(connection: Connection, statement: str) -> bool:
    """Do it; False where the account may not. (A catalogue that is not one's own is passed over with a warning.)"""
    before = _file_of_statistics(connection)
    try:
        connection.execute(text(statement))
    except (ProgrammingError, InternalError) as fault:
        if _state(fault) != _NOT_ALLOWED:
            raise
        return False
    return "pg_statistic" not in statement or _file_of_statistics(connection) != before


def _file_of_statistics(connection: Connection) -> object:
    return connection.execute(text("SELECT pg_relation_filenode('pg_statistic')")).scalar()


def _state(fault: DBAPIError) -> str | None:
    return getattr(fault.orig, "sqlstate", None)


def _relations(connection: Connection) -> list[tuple[str, str, int]]:
    """Name, path and size of all tables, indexes and TOAST tables of ours, and of the planner's statistics."""
    rows = connection.execute(
        text(
            "SELECT c.oid::regclass::text, pg_relation_filepath(c.oid), pg_relation_size(c.oid) FROM pg_class c"
            " JOIN pg_namespace n ON n.oid = c.relnamespace"
            " WHERE c.relkind IN ('r', 'i', 't', 'm') AND pg_relation_filepath(c.oid) IS NOT NULL"
            " AND (n.nspname NOT IN ('pg_catalog', 'information_schema') OR c.relname LIKE 'pg_statistic%')"
            " ORDER BY 1"
        )
    )
    return [(name, path, int(size)) for name, path, size in rows]


def _server_pieces(connection: Connection, path: str, size: int) -> Iterator[bytes]:
    read = text("SELECT pg_read_binary_file(:path, :start, :length, true)")
    for start in range(0, size, PIECE):
        segment, offset = divmod(start, _SEGMENT)
        place = path if segment == 0 else f"{path}.{segment}"
        piece = connection.execute(read, {"path": place, "start": offset, "length": PIECE}).scalar()
        if piece:
            yield bytes(piece)


def _pieces(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(PIECE):
                yield piece
    except FileNotFoundError:  # the log went with its last connection
        return


def _busy() -> OutsideDown:
    return OutsideDown(
        N_("De database is te druk om op te schonen."),
        N_("Dit wordt later vanzelf opnieuw geprobeerd."),
        code="database_busy",
    )
