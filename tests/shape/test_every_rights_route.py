"""Every route of the rights room × everybody × things of one's own board, of another and of nobody."""

import contextlib
import re
from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from dms.db.tables import DataBreachRow, FamilyPhaseRow, PupilRow, PupilStaffRow, TemporaryAccessRow
from dms.kernel.errors import Conflict
from dms.model.portal import BreachCause, BreachState
from tests.houses import BRIN
from tests.shape.rights_table import RIGHTS, Room
from tests.shape.route_world import OUTSIDE, STAFF, RouteWorld
from tests.shape.test_every_route import ask, masked, rules

ABSENT = UUID("0f0f0f0f-0000-4000-8000-00000000beef")
KINDS = ("user", "pupil", "access", "given", "phase", "breach", "family")


@pytest.fixture(scope="module")
def things(route_world: RouteWorld) -> dict[str, dict[str, str]]:
    """What Gijs and Esra guard, what a neighbour has, and what is not there. There is a draft to work on."""
    with contextlib.suppress(Conflict):
        route_world.house.app.rights_desk.matrix.start(route_world.by("gijs"), BRIN)
    own = {"user": route_world.people["bram"].user_id, "pupil": route_world.pupils["seven"]}
    theirs = {"user": route_world.people["mees"].user_id, "pupil": route_world.pupils["their seven"]}
    for found in (own, theirs):
        found.update(_rows(route_world, found["user"], found["pupil"]))
    own["family"], theirs["family"] = route_world.people["hanna"].user_id, route_world.people["mees"].user_id
    return {
        "own": {k: str(v) for k, v in own.items()},
        "theirs": {k: str(v) for k, v in theirs.items()},
        "absent": dict.fromkeys(KINDS, str(ABSENT)),
    }


def _rows(world: RouteWorld, user: UUID | None, pupil: UUID | None) -> dict[str, UUID]:
    assert user is not None
    with world.house.app.database.begin() as uow:
        about = uow.session.scalars(select(PupilRow).where(PupilRow.id == pupil)).one()
        access = TemporaryAccessRow(
            board_id=about.board_id,
            school_id=about.school_id,
            user_id=user,
            condition="reden",
            pupil_id=about.id,
            reason="al lang voorbij",
            since=uow.now - timedelta(days=2),
            until=uow.now - timedelta(days=1),
        )
        given = PupilStaffRow(user_id=user, pupil_id=about.id, until=uow.today, created_at=uow.now)
        phase = FamilyPhaseRow(school_id=about.school_id, name="Fase", opens_on=date(2090, 9, 1), changed_at=uow.now)
        breach = DataBreachRow(
            board_id=about.board_id,
            school_id=about.school_id,
            pupil_id=about.id,
            cause=BreachCause.TOLD,
            state=BreachState.OPEN,
            found_at=uow.now,
            changed_at=uow.now,
        )
        uow.session.add_all([access, given, phase, breach])
        uow.flush()
        return {"access": access.id, "given": given.id, "phase": phase.id, "breach": breach.id}


@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "method"), list(RIGHTS))
def test_everybody_gets_what_the_duty_says(
    route_world: RouteWorld,
    things: dict[str, dict[str, str]],
    endpoint: str,
    method: str,
    record_property: Callable[[str, object], None],
) -> None:
    asked = RIGHTS[endpoint, method]
    rule = next(r for r, m in rules(route_world) if (r.endpoint, m) == (endpoint, method))
    count = 0
    for name in (*STAFF, *OUTSIDE):
        unseen: dict[str, str] = {}
        every = (asked.things or "{user}" in asked.query) and name in asked.holders
        for whose, ids in things.items() if every else [("own", things["own"])]:
            address = _filled(rule.rule, asked, ids)
            answer = ask(route_world, route_world.people[name], method, address, form=asked.form or None)
            where = f"{name} {method} {address} {whose}"
            assert answer.status_code == _expected(name, asked, whose), f"{where}: {answer.status_code}"
            if answer.status_code == 404 and every:
                unseen[where] = masked(answer)
            assert b"Traceback" not in answer.data
            count += 1
        assert len(set(unseen.values())) <= 1, f"another board's and absent differ: {sorted(unseen)}"
    record_property("requests", count)


def _expected(name: str, asked: Room, whose: str) -> int:
    """Sign in first; without the duty refused; out of reach or absent 404."""
    if name in OUTSIDE:
        return 302
    if name not in asked.holders:
        return asked.others
    return 404 if whose != "own" or name in asked.blind else asked.done


def _filled(pattern: str, asked: Room, ids: dict[str, str]) -> str:
    for kind in asked.things:
        pattern = re.sub(r"<uuid:\w+>", ids[kind], pattern, count=1)
    return pattern.replace("<int:number>", "1") + asked.query.format(user=ids["user"])
