"""One owner at a time."""

import threading

from dms.db import leases
from dms.db.engine import Database


def test_a_lease_is_held_extended_given_back_and_taken_over(database: Database) -> None:
    assert leases.take(database, "sealer", "a", 60)
    assert leases.take(database, "sealer", "a", 60)
    assert not leases.take(database, "sealer", "b", 60)
    assert leases.held_by(database, "sealer") == "a"
    leases.release(database, "sealer", "b")
    assert leases.held_by(database, "sealer") == "a"
    leases.release(database, "sealer", "a")
    assert leases.held_by(database, "sealer") is None
    assert leases.take(database, "sealer", "b", -1)
    assert leases.held_by(database, "sealer") is None
    assert leases.take(database, "sealer", "c", 60)


def test_of_many_who_reach_at_once_one_has_it(database: Database) -> None:
    won: list[str] = []
    start = threading.Barrier(8)

    def reach(name: str) -> None:
        start.wait()
        if leases.take(database, "sealer", name, 60):
            won.append(name)

    threads = [threading.Thread(target=reach, args=(f"p{x}",)) for x in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert leases.held_by(database, "sealer") == won[0]
