"""The database is purged only after everybody has ended who may still see the old rows, on whatever database."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import create_engine, text

from dms.db.engine import Database
from dms.db.purge import Purged, purge, raw_files
from dms.kernel.clock import SystemClock
from dms.kernel.errors import OutsideDown
from dms.wire import horizon
from tests.servers.postgres import PostgresServer

WORDS = [f"kanarieregel-{x}" for x in range(20)]


@pytest.fixture
def emptied(empty_postgres_url: str) -> Iterator[tuple[Database, Callable[[], None]]]:
    """A table with words that are in the planner's statistics too, and what deletes them all."""
    database = Database(empty_postgres_url, SystemClock())

    def do(*statements: str) -> None:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for one in statements:
                connection.exec_driver_sql(one)

    values = ", ".join(f"({x}, '{word}')" for x, word in enumerate(WORDS * 2))
    do("CREATE TABLE weg (id int PRIMARY KEY, woord text)", f"INSERT INTO weg VALUES {values}", "ANALYZE weg")
    do("CHECKPOINT")
    assert left(database) == set(WORDS)
    yield database, lambda: do("DELETE FROM weg")
    database.close()


@contextmanager
def transaction(url: str, *statements: str) -> Iterator[None]:
    """A transaction that stays open meanwhile."""
    engine = create_engine(url)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
            for one in statements:
                connection.execute(text(one))
            yield
    finally:
        engine.dispose()


def left(database: Database) -> set[str]:
    """The words that stand in the server's files."""
    data = b"".join(y for x in raw_files(database) for y in x.pieces)
    return {x for x in WORDS if x.encode() in data}


def purged_beside(database: Database, patience: float = 60) -> tuple[threading.Thread, list[Purged]]:
    """A purge that goes on in a thread, and what it answered once it has."""
    answers: list[Purged] = []
    thread = threading.Thread(target=lambda: answers.append(purge(database, ["weg"], patience)))
    thread.start()
    return thread, answers


@pytest.mark.parametrize("who", ["a snapshot here", "a writer in another database"])
def test_it_waits_for_who_may_still_see_it(
    emptied: tuple[Database, Callable[[], None]],
    postgres: PostgresServer,
    monkeypatch: pytest.MonkeyPatch,
    who: str,
) -> None:
    database, delete = emptied
    waits = threading.Event()
    sleep = time.sleep
    elsewhere = postgres.new_database()
    held = (
        transaction(database.url, "SELECT count(*) FROM weg")
        if who == "a snapshot here"
        else transaction(elsewhere, "CREATE TABLE bezig (id int)")
    )

    class Pauses:
        """The clock of the wait, which tells that it waits."""

        monotonic = staticmethod(time.monotonic)

        @staticmethod
        def sleep(seconds: float) -> None:
            waits.set()
            sleep(seconds)

    with held:
        delete()
        with pytest.raises(OutsideDown) as told:
            purge(database, ["weg"], patience=0)
        assert told.value.code == "database_busy", "it is done later"
        monkeypatch.setattr(horizon, "time", Pauses)
        thread, answers = purged_beside(database)
        assert waits.wait(30)
        assert not answers
        assert left(database) == set(WORDS), "they can still be seen, and nothing was promised"
    thread.join(60)
    assert [x.done for x in answers] == [("vacuum_full", "statistics", "checkpoint")]
    assert left(database) == set(), "not in the table, and not in the statistics of a table that became empty"
    postgres.drop_database(elsewhere)


def test_who_began_later_is_not_waited_for(emptied: tuple[Database, Callable[[], None]]) -> None:
    database, delete = emptied
    delete()
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        moment = connection.execute(text("SELECT CAST(pg_snapshot_xmax(pg_current_snapshot()) AS text)")).scalar_one()
        with transaction(database.url, "SELECT 1", "CREATE TABLE later (id int)"):
            for asked in (horizon._WRITING, horizon._SEEING):
                assert connection.execute(asked, {"moment": moment}).scalar_one() is False
