"""As many openings as a link has, however many come at once.

A few rounds on PostgreSQL here (on SQLite in `test_doors_closed.py`). With DMS_TEST_RACE a database and the first and
last round (`sqlite 0 20`), with thirty-two at once: a hundred rounds take long, so a proof takes them in parts.
"""

import os
import threading
from collections.abc import Callable

import pytest

from dms.model.links import Verification
from dms.portal import pace
from dms.services.links import doorway, doorway_counters
from tests.houses import House
from tests.portal.doors_world import Doors, SetClock, fill_doors, path
from tests.portal.test_doors_unlocked import FEW, unlocked_once

Record = Callable[[str, object], None]
GIVEN = os.environ.get("DMS_TEST_RACE", "").split()  # noqa: TID251 - how thorough this run is
TOGETHER = 32 if GIVEN else 8
ROUNDS = range(int(GIVEN[1]), int(GIVEN[2])) if GIVEN else range(2)
KINDS = ["house" if GIVEN and GIVEN[0] == "sqlite" else "postgres_house"]
PATIENCE = 900
"""Seconds that browsers wait for one another before the test says that one never came."""


@pytest.fixture(params=[pytest.param(x, marks=pytest.mark.postgres) if "postgres" in x else x for x in KINDS])
def racing(request: pytest.FixtureRequest) -> House:
    """A fresh house."""
    made = request.getfixturevalue(request.param)
    assert isinstance(made, House)
    return made


@pytest.mark.slow
def test_one_more_than_there_are_openings_never_gets_in(
    racing: House, monkeypatch: pytest.MonkeyPatch, record_property: Record
) -> None:
    monkeypatch.setattr(pace, "LEAST", dict.fromkeys(pace.LEAST, 0.0))
    monkeypatch.setattr(doorway_counters, "BUCKET", 10**6)
    doors = fill_doors(racing, SetClock(), ("adres",))
    for nth in ROUNDS:
        openings = 1 + nth % (TOGETHER - 1)
        made = doors.link("adres", maker="anouk", openings=openings, verification=Verification.CODE)
        assert race(doors, path(made), made.access_code) == [303] * openings + [403] * (TOGETHER - openings), nth
        assert doors.row(made).openings == openings
        assert doors.events(made).count("verified") == openings
    if not GIVEN:
        monkeypatch.setattr(doorway, "WRONG_A_DAY", FEW)
        unlocked_once(doors)
    record_property("rounds", len(ROUNDS))
    record_property("together", TOGETHER)
    record_property("database", racing.app.database.dialect)


def race(doors: Doors, address: str, code: str) -> list[int]:
    """The statuses of TOGETHER browsers that give the right code at the same moment, sorted."""
    ready = threading.Barrier(TOGETHER, timeout=PATIENCE)
    answers: list[int] = []

    def come() -> None:
        client = doors.browser()
        client.post(address)
        ready.wait()
        answers.append(client.post(address, data={"code": code}).status_code)

    threads = [threading.Thread(target=come) for _ in range(TOGETHER)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    return sorted(answers)
