"""One transaction: what was done, its audit rows and its effects stand or fall together."""

import pytest
from sqlalchemy import func, select

from dms.db import outbox
from dms.db.engine import Database
from dms.db.tables import AuditEventRow, AuditNoteRow, AuditSubjectRow, BoardRow, OutboxRow
from dms.kernel.errors import OutsideDown
from dms.kernel.ids import new_id
from dms.model.events import SYSTEM, Event, EventKind


def _count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_fault_takes_act_log_and_effect_back(database: Database) -> None:
    with pytest.raises(RuntimeError), database.begin() as uow:
        uow.session.add(BoardRow(name="Stichting Horizon", created_at=uow.now))
        uow.record(Event(EventKind.BOARD_CREATED, SYSTEM, None, note="reden"))
        uow.after_commit("index", new_id())
        raise RuntimeError
    assert [_count(database, x) for x in (BoardRow, AuditEventRow, AuditNoteRow, OutboxRow)] == [0, 0, 0, 0]


def test_an_act_whose_log_line_cannot_be_written_does_not_happen(database: Database) -> None:
    with pytest.raises(Exception, match="not JSON serializable|serializable"), database.begin() as uow:
        uow.session.add(BoardRow(name="Stichting Horizon", created_at=uow.now))
        uow.record(Event(EventKind.BOARD_CREATED, SYSTEM, None, details={"what": object()}))  # type: ignore[dict-item]
    assert _count(database, BoardRow) == 0


def test_a_pupil_stands_in_the_log_under_one_random_pseudonym(database: Database) -> None:
    pupil = new_id()
    for _ in range(2):
        with database.begin() as uow:
            uow.record(Event(EventKind.DOSSIER_SEEN, SYSTEM, None, pupil_id=pupil))
    with database.read() as session:
        subjects = set(session.scalars(select(AuditEventRow.subject)))
        assert subjects == set(session.scalars(select(AuditSubjectRow.pseudonym)))
    assert len(subjects) == 1
    assert pupil not in subjects


def test_reading_sessions_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match=r"read.?only|readonly"), database.read() as session:
        session.add(BoardRow(name="x", created_at=database.clock.now()))
        session.flush()
    assert _count(database, BoardRow) == 0


def test_a_database_that_is_not_there_is_a_clear_state() -> None:
    from dms.kernel.clock import SystemClock

    gone = Database("postgresql+psycopg://nobody:x@127.0.0.1:9/none", SystemClock())
    with pytest.raises(OutsideDown) as down:
        gone.probe()
    assert down.value.code == "database_down"
    assert "x@" not in str(down.value)


def test_effects_are_claimed_once_done_once_and_retried_later(database: Database) -> None:
    thing = new_id()
    with database.begin() as uow:
        uow.after_commit("index", thing)
    assert outbox.pending_documents(database) == {thing}
    [effect] = outbox.claim(database, "a")
    assert outbox.claim(database, "b") == []
    outbox.done(database, "b", [effect.id])
    assert outbox.open_count(database) == 1
    outbox.failed(database, "a", effect.id, "outside_down")
    assert outbox.claim(database, "a") == []
    assert outbox.pending_documents(database) == {thing}
    with database.begin() as uow:
        row = uow.session.get_one(OutboxRow, effect.id)
        row.available_at = uow.now
    [again] = outbox.claim(database, "b")
    outbox.done(database, "b", [again.id])
    assert outbox.open_count(database) == 0
    assert outbox.pending_documents(database) == frozenset()
