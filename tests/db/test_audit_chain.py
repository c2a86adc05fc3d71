"""A log that was changed, shortened or cut off says where."""

from pathlib import Path

import pytest
from sqlalchemy import text

from dms.db import audit
from dms.db.engine import WRITE, Database
from dms.kernel.ids import new_id
from dms.model.events import SYSTEM, Event, EventKind

KEY = b"k" * 32
BOARD = new_id()


@pytest.fixture
def log(database: Database, tmp_path: Path) -> tuple[Database, Path]:
    checkpoint = tmp_path / "log" / "checkpoints"
    for batch in range(2):
        with database.begin() as uow:
            for number in range(5):
                uow.record(Event(EventKind.DOSSIER_SEEN, SYSTEM, BOARD, details={"n": batch * 5 + number}))
        assert audit.seal(database, KEY, checkpoint) == 5
    return database, checkpoint


def _meddle(database: Database, *statements: str) -> None:
    """What somebody with the database's own password can do: first the guard goes."""
    with database.engine.execution_options(**WRITE).begin() as connection:
        for table in ("audit_events", "audit_seals"):
            for act in ("update", "delete"):
                name = f"{table}_no_{act}"
                connection.execute(
                    text(f"DROP TRIGGER {name}" if database.dialect == "sqlite" else f"DROP TRIGGER {name} ON {table}")
                )
        for statement in statements:
            connection.execute(text(statement))


def _faults(log: tuple[Database, Path], key: bytes = KEY) -> list[tuple[int, str]]:
    return [(x.sequence, x.what) for x in audit.verify(log[0], key, log[1])[1]]


def test_an_untouched_log_verifies_and_sealing_again_changes_nothing(log: tuple[Database, Path]) -> None:
    assert audit.seal(log[0], KEY, log[1]) == 0
    assert audit.verify(log[0], KEY, log[1]) == (10, [])
    assert audit.unsealed(log[0]) == 0


def test_the_database_itself_refuses_changes(log: tuple[Database, Path]) -> None:
    for statement in ("UPDATE audit_events SET object_kind = 'x'", "DELETE FROM audit_seals"):
        with (
            pytest.raises(Exception, match="the audit log never changes"),
            log[0].engine.execution_options(**WRITE).begin() as connection,
        ):
            connection.execute(text(statement))


def test_a_changed_row_is_found(log: tuple[Database, Path]) -> None:
    _meddle(log[0], "UPDATE audit_events SET object_kind = 'x' WHERE id = 4")
    assert _faults(log) == [(4, "changed")]


def test_a_deleted_row_is_found(log: tuple[Database, Path]) -> None:
    statement = "DELETE FROM audit_events WHERE id = 7"
    off = "PRAGMA foreign_keys=OFF" if log[0].dialect == "sqlite" else "SET session_replication_role = replica"
    with log[0].engine.execution_options(**WRITE).connect() as connection:
        _meddle(log[0])
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute(off)
        raw.execute(statement)
        raw.commit()
    assert (7, "deleted") in _faults(log)


def test_a_row_and_its_seal_taken_from_the_middle_is_found(log: tuple[Database, Path]) -> None:
    _meddle(log[0], "DELETE FROM audit_seals WHERE event_id = 5", "DELETE FROM audit_events WHERE id = 5")
    assert (5, "missing") in _faults(log)


def test_a_tail_cut_off_is_found(log: tuple[Database, Path]) -> None:
    _meddle(log[0], "DELETE FROM audit_seals WHERE event_id > 8", "DELETE FROM audit_events WHERE id > 8")
    assert _faults(log) == [(9, "cut")]


def test_a_whole_chain_taken_away_is_found(log: tuple[Database, Path]) -> None:
    _meddle(log[0], "DELETE FROM audit_seals", "DELETE FROM audit_events")
    assert _faults(log)[0] == (1, "cut")


def test_a_chain_forged_without_the_key_is_found(log: tuple[Database, Path]) -> None:
    _meddle(log[0], "UPDATE audit_events SET object_kind = 'x' WHERE id = 1", "DELETE FROM audit_seals")
    audit.seal(log[0], b"f" * 32, log[1].with_name("other"))
    assert len(_faults(log)) >= 10
