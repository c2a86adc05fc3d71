"""The relay: batches, faults that stay with their object, and order, on both databases."""

from uuid import UUID, uuid4

import pytest

from dms.db import outbox
from dms.db.engine import Database
from dms.jobs.relay import Relay
from dms.kernel.clock import SystemClock
from dms.kernel.errors import Conflict, OutsideDown


class Recorder:
    """A handler that keeps what it was given, and fails for some objects."""

    def __init__(self, bad: set[UUID] | None = None, fault: Exception | None = None) -> None:
        self.batches: list[list[UUID]] = []
        self._bad = bad or set()
        self._fault = fault or ValueError("Jan Jansen")

    def __call__(self, ids) -> None:
        if self._bad & set(ids):
            raise self._fault
        self.batches.append(list(ids))


@pytest.fixture
def database(database_url: str):
    opened = Database(database_url, SystemClock())
    yield opened
    opened.close()


def ask(database: Database, kind: str, *ids: UUID) -> None:
    with database.begin() as uow:
        for one in ids:
            uow.after_commit(kind, one)


def test_several_effects_of_one_document_are_one(database: Database) -> None:
    first, second = uuid4(), uuid4()
    ask(database, "index", first, second, first, first)
    handler = Recorder()
    assert Relay(database, "relay-1", {"index": handler}).turn() == 4
    assert handler.batches == [[first, second]]
    assert outbox.open_count(database) == 0


def test_a_document_that_fails_holds_nobody_else_up(database: Database) -> None:
    good, bad, other = uuid4(), uuid4(), uuid4()
    ask(database, "index", good, bad, other, bad)
    handler = Recorder({bad})
    relay = Relay(database, "relay-1", {"index": handler})
    relay.turn()
    assert handler.batches == [[good], [other]]
    assert outbox.open_count(database) == 2
    assert outbox.pending_documents(database) == {bad}
    assert relay.turn() == 0, "it waits before it is tried again"


@pytest.mark.slow
@pytest.mark.parametrize("fault", [OutsideDown("weg"), Conflict("bezet")])
def test_what_is_down_fails_all_without_trying_each(database: Database, fault: Exception) -> None:
    ids = [uuid4() for _ in range(3)]
    ask(database, "index", *ids)
    tries = []

    def down(given) -> None:
        tries.append(len(given))
        raise fault

    Relay(database, "relay-1", {"index": down}).turn()
    assert tries == [3]
    assert outbox.open_count(database) == 3


def test_a_kind_that_nobody_knows_stays_and_the_others_go_on(database: Database) -> None:
    one, two = uuid4(), uuid4()
    ask(database, "zomaar", one)
    ask(database, "index", two)
    handler = Recorder()
    Relay(database, "relay-1", {"index": handler}).turn()
    assert handler.batches == [[two]]
    assert outbox.open_count(database, "zomaar") == 1


def test_faults_in_the_outbox_are_codes_never_texts(database: Database) -> None:
    from sqlalchemy import select

    from dms.db.tables import OutboxRow

    bad = uuid4()
    ask(database, "index", bad)
    Relay(database, "relay-1", {"index": Recorder({bad})}).turn()
    with database.read() as session:
        assert session.scalars(select(OutboxRow.fault)).all() == ["ValueError"]


def test_a_batch_has_a_limit(database: Database) -> None:
    ask(database, "index", *[uuid4() for _ in range(130)])
    relay = Relay(database, "relay-1", {"index": Recorder()})
    assert [relay.turn(), relay.turn(), relay.turn()] == [100, 30, 0]
