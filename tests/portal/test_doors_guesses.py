"""Guessed tokens open nothing and are slowed down: some here, ten thousand with DMS_TEST_FULL=1."""

import os
import time
from collections import Counter
from collections.abc import Callable
from uuid import uuid4

from sqlalchemy import func, select

from dms.db.tables import LinkChallengeRow, LinkSessionRow
from dms.services.links.doorway_counters import A_SECOND, BUCKET
from rights.rules.links import make_token
from tests.portal.doors_world import Doors

Record = Callable[[str, object], None]
FULL = os.environ.get("DMS_TEST_FULL") == "1"  # noqa: TID251 - how thorough this run is
GUESSES = 10_000 if FULL else 80


def test_guessed_tokens_give_nothing_and_are_slowed_down(doors: Doors, record_property: Record) -> None:
    doors.link("plan")
    before = rows(doors)
    client = doors.browser("198.51.100.77")
    begun = time.monotonic()
    answers: Counter[int] = Counter()
    for nth in range(GUESSES):
        address = f"/l/{make_token(uuid4().bytes + uuid4().bytes)}"
        answers[client.post(address, data={"code": f"{nth:08}"} if nth % 2 else {}).status_code] += 1
    judged = answers[200] + answers[403]
    assert set(answers) == {200, 403, 429}
    assert judged <= BUCKET + (time.monotonic() - begun) * A_SECOND + 1
    assert rows(doors) == before
    assert client.get("/portaal/gedeeld").status_code == 401
    record_property("guesses", GUESSES)
    record_property("judged", judged)
    record_property("seconds", round(time.monotonic() - begun))


def rows(doors: Doors) -> tuple[int, int]:
    """How many challenges and visits there are."""
    with doors.house.app.database.read() as session:
        count = [session.scalar(select(func.count()).select_from(x)) or 0 for x in (LinkChallengeRow, LinkSessionRow)]
    return count[0], count[1]
