"""Connections of the key store: every commit is on disk before it returns, and what is erased is overwritten."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import NullPool

from dms.kernel.crashpoints import reached
from dms.kernel.errors import SetupWrong
from dms.kernel.text import N_
from storage.errors import DISK_FULL, KeysDown, StoreFull

FILE_NAME = "keys.sqlite3"
_WAIT_SECONDS = 30
_WRITING = "dossierkluis_writing"


def open_engine(location: str) -> Engine:
    """An engine for a folder (made when absent, mode 0700) or a `postgresql+psycopg://` address.

    Raises `SetupWrong` when the address is no such thing, `KeysDown` when the folder cannot be used.
    """
    if "://" not in location:
        return _file_engine(Path(location))
    try:
        url = make_url(location)
        if url.get_backend_name() == "sqlite" and url.database:
            return _file_engine(Path(url.database))
        if url.get_backend_name() == "postgresql":
            return _server_engine(url)
    except (ArgumentError, NoSuchModuleError):
        pass
    raise SetupWrong(
        N_("De plaats van de sleutelkast klopt niet."),
        N_("Geef in DMS_KEYS een map, of een adres dat met postgresql+psycopg:// begint."),
    )


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection to read with."""
    with _for_people(), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine, written: str = "", committed: str = "") -> Iterator[Connection]:
    """A transaction to write in; committed and synced when the block ends.

    `written` and `committed` name the boundaries just before and just after the commit.
    """
    with _for_people(), engine.connect().execution_options(**{_WRITING: True}) as connection:
        with connection.begin():
            yield connection
            if written:
                reached(written)
        if committed:
            reached(committed)


def insert_new(connection: Connection, table: Table, **values: object) -> None:
    """Insert a row unless one with the same key is there, also when another process inserts it at this moment."""
    insert_all_new(connection, table, [values])


def insert_all_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """`insert_new` for several rows (at least one) with the same columns."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(table).on_conflict_do_nothing(), [dict(row) for row in rows])


def _file_engine(folder: Path) -> Engine:
    path = folder / FILE_NAME
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.fchmod(handle, 0o600)
        finally:
            os.close(handle)
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(handle)  # a file whose name is lost in a power cut loses all keys
        finally:
            os.close(handle)
    except OSError as error:
        raise KeysDown from error
    # One connection per use: nothing to share between threads or to inherit by a forked worker.
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        hide_parameters=True,
        connect_args={"timeout": _WAIT_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def _prepare(connection: object, _record: object) -> None:
        connection.isolation_level = None  # type: ignore[attr-defined]
        cursor = connection.cursor()  # type: ignore[attr-defined]
        for pragma in (
            "secure_delete = ON",
            "journal_mode = TRUNCATE",
            "synchronous = FULL",
            "temp_store = MEMORY",
            f"busy_timeout = {_WAIT_SECONDS * 1000}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        mode = "IMMEDIATE" if connection.get_execution_options().get(_WRITING) else "DEFERRED"
        connection.exec_driver_sql(f"BEGIN {mode}")

    return engine


def _server_engine(url: URL) -> Engine:
    # `synchronous_commit` may be off on the server; for keys it never is.
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=2,
        max_overflow=8,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5, "options": "-c synchronous_commit=on -c statement_timeout=60000"},
    )


@contextmanager
def _for_people() -> Iterator[None]:
    try:
        yield
    except DBAPIError as error:
        text = str(error.orig)
        full = "disk is full" in text or "disk full" in text or getattr(error.orig, "sqlstate", None) == "53100"
        raise StoreFull() if full else KeysDown() from error
    except OSError as error:
        raise StoreFull() if error.errno in DISK_FULL else KeysDown() from error
