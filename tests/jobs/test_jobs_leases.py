"""Leases that are kept, signs of life, and who takes over what, on both databases."""

import threading
import time
from datetime import timedelta

import pytest

from dms.db import leases, pulse
from dms.db.engine import Database
from dms.jobs import lease as kept
from dms.jobs.lease import KeptLease
from dms.kernel.clock import SystemClock


class MovedClock(SystemClock):
    """The machine's clock, some seconds on."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self):
        return super().now() + timedelta(seconds=self.seconds)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
def database(database_url: str, clock: MovedClock):
    opened = Database(database_url, clock)
    yield opened
    opened.close()


def test_one_holds_it_until_it_is_given_back(database: Database) -> None:
    first, second = KeptLease(database, "indexer", "a"), KeptLease(database, "indexer", "b")
    assert first.take()
    assert first.take(), "taking what is held is no error"
    assert not second.take()
    assert not second.held
    first.give_back()
    assert second.take()
    second.give_back()
    assert leases.held_by(database, "indexer") is None


def test_threads_share_one_lease(database: Database) -> None:
    lease = KeptLease(database, "scheduler", "a")
    answers: list[bool] = []
    threads = [threading.Thread(target=lambda: answers.append(lease.take())) for _ in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers == [True] * 8
    assert sum(x.name == "lease-scheduler" for x in threading.enumerate()) == 1
    lease.give_back()


@pytest.mark.slow
def test_it_is_extended_while_its_holder_is_busy(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "LEASE_SECONDS", 1.0)
    monkeypatch.setattr(kept, "KEEP_SECONDS", 0.2)
    lease = KeptLease(database, "indexer", "a")
    lease.take()
    time.sleep(1.6)
    assert lease.held
    assert leases.held_by(database, "indexer") == "a"
    lease.give_back()


def test_a_holder_that_died_is_followed_when_its_time_is_over(database: Database, clock: MovedClock) -> None:
    assert leases.take(database, "indexer", "dead", kept.LEASE_SECONDS)
    heir = KeptLease(database, "indexer", "heir")
    assert not heir.take()
    clock.seconds = kept.LEASE_SECONDS + 1
    assert heir.take()
    heir.give_back()


def test_a_process_that_is_started_again_under_its_name_has_its_lease_at_once(database: Database) -> None:
    assert leases.take(database, "indexer", "scheduler-1", kept.LEASE_SECONDS)
    again = KeptLease(database, "indexer", "scheduler-1")
    assert again.take()
    again.give_back()


def test_life_shows_for_a_while_and_ends_when_said(database: Database, clock: MovedClock) -> None:
    pulse.beat(database, "worker-1", "pid 1")
    pulse.beat(database, "worker-1", "pid 1")
    pulse.beat(database, "scheduler-1")
    assert pulse.living(database, "worker") == ("worker-1",)
    clock.seconds = pulse.ALIVE_SECONDS + 1
    assert pulse.living(database, "worker") == ()
    pulse.beat(database, "worker-1")
    assert pulse.living(database, "worker") == ("worker-1",)
    pulse.silent(database, "worker-1")
    assert pulse.living(database, "worker") == ()
    clock.seconds = 2 * 24 * 3600
    assert pulse.forget_silent(database) == 1
