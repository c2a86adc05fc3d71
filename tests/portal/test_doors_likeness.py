"""An unknown, an ended and a revoked link are the same to who asks: in every byte, and in the time that it takes.

The bytes are compared here. Times are measured only with DMS_TEST_LIKENESS, the number of requests for each kind: asked
in a random order. Thousands take long, so a proof measures them in parts, puts the times of all parts together and
judges those with `tests.portal.ranks`.
"""

import json
import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update
from werkzeug.test import TestResponse

from dms.db.tables import ScopedLinkRow
from dms.portal import pace
from rights.rules.links import make_token
from tests.portal.doors_world import Doors, path, refused_alike
from tests.portal.ranks import p_of

Record = Callable[[str, object], None]
TIMED = int(os.environ.get("DMS_TEST_LIKENESS", "0"))  # noqa: TID251 - how thorough this run is
AT_ONCE = {"fetch": 1, "ask": 2, "enter": 4}
"""Browsers that ask at the same time where times are measured: an answer waits for most of its time."""
LEAST_P = 0.001
REAL_PACE = dict(pace.LEAST)


def addresses(doors: Doors) -> dict[str, Callable[[], str]]:
    """How to get an address of each kind: each is one address, asked again and again, as who compares them would."""
    unknown = f"/l/{make_token(uuid4().bytes + uuid4().bytes)}"
    ended, revoked = doors.link("plan"), doors.link("plan")
    doors.house.app.links.revoke(doors.house.by("carla"), revoked.link_id)
    with doors.house.app.database.begin() as uow:
        uow.session.execute(
            update(ScopedLinkRow).where(ScopedLinkRow.id == ended.link_id).values(ends=uow.now - timedelta(days=1))
        )
    return {
        "unknown": lambda: unknown,
        "ended": lambda: path(ended),
        "revoked": lambda: path(revoked),
    }


@pytest.mark.parametrize("what", ["fetch", "ask", "enter"])
def test_nobody_can_tell_a_dead_link_from_one_that_never_was(
    doors: Doors, what: str, monkeypatch: pytest.MonkeyPatch, record_property: Record
) -> None:
    if TIMED:
        monkeypatch.setattr(pace, "LEAST", REAL_PACE)
    kinds = addresses(doors)
    order = [x for x in kinds for _ in range(TIMED or 4)]
    random.shuffle(order)

    def asked(nth: int) -> tuple[float, TestResponse]:
        client, address = doors.browser(f"10.{nth >> 16}.{nth >> 8 & 255}.{nth & 255}"), kinds[order[nth]]()
        begun = time.perf_counter()
        answer = client.get(address) if what == "fetch" else client.post(address, data=form(what))
        took = time.perf_counter() - begun
        answer.close()
        return took, answer

    with ThreadPoolExecutor(AT_ONCE[what] if TIMED else 1) as browsers:
        found = list(browsers.map(asked, range(len(order))))
    assert refused_alike([x for _, x in found])
    if TIMED:
        took = {kind: [round(t * 1e6) for (t, _), x in zip(found, order, strict=True) if x == kind] for kind in kinds}
        record_property("microseconds", json.dumps(took))


def form(what: str) -> dict[str, str]:
    """What is sent: nothing asks for the code, a code tries to enter."""
    return {"code": "00000000"} if what == "enter" else {}


def test_the_test_of_times_sees_a_difference_where_there_is_one() -> None:
    chance = random.Random(7)
    one, same, slower = ([chance.gauss(mean, 1.0) for _ in range(2000)] for mean in (10.0, 10.0, 10.2))
    assert p_of(one, same) > LEAST_P
    assert p_of(one, slower) < LEAST_P
    assert p_of([round(x) for x in one], [round(x) for x in same]) > LEAST_P, "equal times are nobody's"
    assert p_of([round(x) for x in one], [round(x) for x in slower]) < LEAST_P
