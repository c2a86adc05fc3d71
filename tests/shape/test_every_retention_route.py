"""Every route of the retention room × everybody × holds of one's own board, of another and of nobody."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from dms.db.tables import HoldRow, PlacementRow, PupilRow
from dms.model.retention import HoldOn
from retention.service.holds_place import HoldTarget
from tests.houses import BRIN
from tests.shape.retention_table import RETENTION
from tests.shape.rights_table import Room
from tests.shape.route_world import OUTSIDE, STAFF, RouteWorld
from tests.shape.test_every_route import ask, filled, masked, rules

ABSENT = UUID("0f0f0f0f-0000-4000-8000-00000000beef")


@pytest.fixture(scope="module")
def things(route_world: RouteWorld) -> dict[str, UUID]:
    """A hold that all who freeze here reach, one of a neighbour, and none. There is a draft to work on."""
    retention = route_world.house.app.retention
    retention.schedules.edit(route_world.by("femke"), BRIN, [])
    target = HoldTarget(HoldOn.DOCUMENT, str(route_world.documents["seven OND-03"]))
    own = retention.holds.add(route_world.by("femke"), target, "Er loopt een klacht.").id
    with route_world.house.app.database.begin() as uow:
        pupil = uow.session.get_one(PupilRow, route_world.pupils["their seven"])
        place = uow.session.scalars(select(PlacementRow).where(PlacementRow.pupil_id == pupil.id)).first()
        assert place is not None
        row = HoldRow(
            board_id=pupil.board_id,
            school_id=pupil.school_id,
            lies_on=HoldOn.PUPIL,
            pupil_id=pupil.id,
            dossier_id=place.dossier_id,
            reason="Van een ander bestuur.",
            owner_id=route_world.people["mees"].user_id,
            placed_by=route_world.people["mees"].user_id,
            placed_at=uow.now,
        )
        uow.session.add(row)
        uow.flush()
        return {"own": own, "theirs": row.id, "absent": ABSENT}


@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "method"), list(RETENTION))
def test_everybody_gets_what_the_matrix_says(
    route_world: RouteWorld,
    things: dict[str, UUID],
    endpoint: str,
    method: str,
    record_property: Callable[[str, object], None],
) -> None:
    asked = RETENTION[endpoint, method]
    rule = next(r for r, m in rules(route_world) if (r.endpoint, m) == (endpoint, method))
    count = 0
    for name in (*STAFF, *OUTSIDE):
        unseen: dict[str, str] = {}
        for whose, key in things.items() if asked.things else [("own", things["own"])]:
            address = filled(rule, key) + asked.query
            answer = ask(route_world, route_world.people[name], method, address, form=asked.form or None)
            where = f"{name} {method} {address} {whose}"
            assert answer.status_code == _expected(name, asked, whose), f"{where}: {answer.status_code}"
            if answer.status_code == 404 and asked.things:
                unseen[where] = masked(answer)
            assert b"Traceback" not in answer.data
            count += 1
        assert len(set(unseen.values())) <= 1, f"another board's and absent differ: {sorted(unseen)}"
    record_property("requests", count)


def test_who_sees_no_more_of_a_hold_is_not_told_why(route_world: RouteWorld, things: dict[str, UUID]) -> None:
    address = f"/documenten/{route_world.documents['seven OND-03']}"
    seen = {name: ask(route_world, route_world.people[name], "GET", address) for name in ("bram", "carla", "femke")}
    for name, answer in seen.items():
        text = answer.get_data(as_text=True)
        assert answer.status_code == 200, name
        assert "Bevroren: dit document" in text, name
        assert "Er loopt een klacht" not in text, name
        assert (f"/bewaren/bevriezingen/{things['own']}" in text) == (name != "bram"), name


def _expected(name: str, asked: Room, whose: str) -> int:
    """Sign in first; without the right refused; out of reach or absent 404."""
    if name in OUTSIDE:
        return 302
    if name not in asked.holders:
        return asked.others
    return 404 if whose != "own" else asked.done
