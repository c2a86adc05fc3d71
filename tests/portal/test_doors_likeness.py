"""An unknown, an ended and a revoked link are the same to who asks: in every byte, and in the time that it takes.

The bytes are compared here. Times are compared only with DMS_TEST_LIKENESS, the number of requests for each kind: asked
in a random order, and judged with the Mann-Whitney U test, two-sided, for each pair of kinds. Were the times the same,
one of the nine pairs would fall below a p of 0.001 in one run out of a hundred.
"""

import math
import os
import random
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from itertools import combinations
from statistics import median
from uuid import uuid4

import pytest
from sqlalchemy import update

from dms.db.tables import ScopedLinkRow
from dms.portal import pace
from rights.rules.links import make_token
from tests.portal.doors_world import Doors, path, refused_alike

Record = Callable[[str, object], None]
TIMED = int(os.environ.get("DMS_TEST_LIKENESS", "0"))  # noqa: TID251 - how thorough this run is
CODES_TIMED = TIMED // 5
LEAST_P = 0.001
REAL_PACE = dict(pace.LEAST)


def addresses(doors: Doors) -> dict[str, Callable[[], str]]:
    """How to get an address of each kind; an unknown one is another each time."""
    ended, revoked = doors.link("plan"), doors.link("plan")
    doors.house.app.links.revoke(doors.house.by("carla"), revoked.link_id)
    with doors.house.app.database.begin() as uow:
        uow.session.execute(
            update(ScopedLinkRow).where(ScopedLinkRow.id == ended.link_id).values(ends=uow.now - timedelta(days=1))
        )
    return {
        "unknown": lambda: f"/l/{make_token(uuid4().bytes + uuid4().bytes)}",
        "ended": lambda: path(ended),
        "revoked": lambda: path(revoked),
    }


@pytest.mark.parametrize("what", ["fetch", "ask", "enter"])
def test_nobody_can_tell_a_dead_link_from_one_that_never_was(
    doors: Doors, what: str, monkeypatch: pytest.MonkeyPatch, record_property: Record
) -> None:
    times = TIMED if what != "enter" else CODES_TIMED
    if TIMED:
        monkeypatch.setattr(pace, "LEAST", REAL_PACE)
    kinds = addresses(doors)
    order = [x for x in kinds for _ in range(times or 4)]
    random.Random(1).shuffle(order)
    took: dict[str, list[float]] = {x: [] for x in kinds}
    answers = []
    for nth, kind in enumerate(order):
        client, address = doors.browser(f"10.{nth >> 16}.{nth >> 8 & 255}.{nth & 255}"), kinds[kind]()
        begun = time.perf_counter()
        answer = client.get(address) if what == "fetch" else client.post(address, data=form(what))
        took[kind].append(time.perf_counter() - begun)
        answer.close()
        answers.append(answer)
    assert refused_alike(answers)
    record_property("requests", len(order))
    if TIMED:
        least = min(p_of(took[x], took[y]) for x, y in combinations(kinds, 2))
        record_property("p", f"{least:.4f}")
        record_property("medians", {k: round(median(v) * 1000, 3) for k, v in took.items()})
        assert least >= LEAST_P


def form(what: str) -> dict[str, str]:
    """What is sent: nothing asks for the code, a code tries to enter."""
    return {"code": "00000000"} if what == "enter" else {}


def p_of(left: Sequence[float], right: Sequence[float]) -> float:
    """The two-sided p of the Mann-Whitney U test, in the normal approximation. Times that are equal hardly occur."""
    n, m = len(left), len(right)
    ranked = sorted([(x, 0) for x in left] + [(x, 1) for x in right])
    ranks = sum(rank for rank, (_, side) in enumerate(ranked, start=1) if side == 0)
    u = ranks - n * (n + 1) / 2
    z = (u - n * m / 2) / math.sqrt(n * m * (n + m + 1) / 12)
    return math.erfc(abs(z) / math.sqrt(2))


def test_the_test_of_times_sees_a_difference_where_there_is_one() -> None:
    chance = random.Random(7)
    one, same, slower = ([chance.gauss(mean, 1.0) for _ in range(2000)] for mean in (10.0, 10.0, 10.2))
    assert p_of(one, same) > LEAST_P
    assert p_of(one, slower) < LEAST_P
