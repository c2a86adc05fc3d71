"""Opens the database. On SQLite: WAL, foreign keys, and every writing unit of work as BEGIN IMMEDIATE.

Deferred transactions that read and then write fail at once under contention; immediate ones wait their turn.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool

from dms.db.unit_of_work import UnitOfWork
from dms.kernel.clock import Clock
from dms.kernel.errors import OutsideDown
from dms.kernel.text import N_

BUSY_SECONDS = 30
WRITE = {"dms_write": True}
READ: dict[str, bool] = {"dms_write": False}
CLOCK = "clock"
"""Under this name a session carries the house's clock (`Session.info`)."""


class Database:
    """The door to the database: `begin()` for a writing unit of work, `read()` for a read-only session."""

    def __init__(self, url: str, clock: Clock) -> None:
        self.url = url
        self.clock = clock
        self.engine = open_engine(url)
        path = make_url(url).database if url.startswith("sqlite") else None
        self._log = Path(f"{path}-wal") if path else None
        self._writing = self.engine.execution_options(**WRITE)
        read_only = {"postgresql_readonly": True} if self.dialect == "postgresql" else {}
        self._reading = self.engine.execution_options(**READ, **read_only)

    @property
    def dialect(self) -> str:
        """`sqlite` or `postgresql`."""
        return self.engine.dialect.name

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """One transaction that may write: commits at the end, rolls back on any error.

        Raises OutsideDown when the database does not answer.
        """
        with answering(), self._session(self._writing) as session, session.begin():
            uow = UnitOfWork(session, self.clock)
            yield uow
            uow.flush()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One read-only transaction: a consistent picture, and writing fails.

        Raises OutsideDown when the database does not answer.
        """
        with answering(), self._session(self._reading) as session, session.begin():
            yield session

    def _session(self, engine: Engine) -> Session:
        return Session(engine, expire_on_commit=False, info={CLOCK: self.clock})

    def probe(self) -> None:
        """Raises OutsideDown when the database does not answer."""
        with self.read() as session:
            session.execute(text("select 1"))

    def mark(self) -> object | None:
        """Something that is another after each commit of whatever process, without asking the database.

        None where there is no such thing: then ask now and then. SQLite only: its log grows, or begins anew.
        """
        if self._log is None:
            return None
        try:
            facts = self._log.stat()
        except OSError:
            return 0
        return facts.st_mtime_ns, facts.st_size

    def close(self) -> None:
        """Let all connections go (needed before a fork)."""
        self.engine.dispose()


@contextmanager
def answering() -> Iterator[None]:
    """Turn "the database does not answer" into OutsideDown."""
    try:
        yield
    except OperationalError as fault:
        if "readonly" in str(fault.orig):
            raise  # a fault of ours: somebody wrote in a reading session
        raise _down(fault) from fault
    except DBAPIError as fault:
        if fault.connection_invalidated:
            raise _down(fault) from fault
        raise


def _down(fault: DBAPIError) -> OutsideDown:
    busy = isinstance(fault.orig, sqlite3.OperationalError) and "locked" in str(fault.orig)
    return OutsideDown(
        N_("De database is bezet.") if busy else N_("De database antwoordt niet."),
        N_("Probeer het zo opnieuw. Blijft dit zo, vraag dan de beheerder om de database na te kijken."),
        code="database_busy" if busy else "database_down",
    )


def open_engine(url: str) -> Engine:
    """An engine with the pragmas and the way of beginning that this product counts on."""
    if not url.startswith("sqlite"):
        return create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=20)
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=5,
        max_overflow=20,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: sqlite3.Connection, record: object) -> None:
    connection.isolation_level = None  # BEGIN is ours to say
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writing = bool(connection.get_execution_options().get("dms_write", True))
    connection.exec_driver_sql(f"PRAGMA query_only={'OFF' if writing else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
