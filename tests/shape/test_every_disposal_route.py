"""Every route of the disposal lists × everybody × lists of one's own board, of another and of nobody."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from dms.db.tables import DisposalItemRow, DisposalListRow, PlacementRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.disposal import DisposalStep, ListKind, ListState
from tests.shape.disposal_table import DISPOSAL
from tests.shape.rights_table import Room
from tests.shape.route_world import OUTSIDE, STAFF, RouteWorld
from tests.shape.test_every_route import ask, filled, masked, rules

ABSENT = UUID("0f0f0f0f-0000-4000-8000-00000000beef")


@pytest.fixture(scope="module")
def things(route_world: RouteWorld) -> dict[str, dict[str, UUID]]:
    """Lists in review and lists that can start: of the school, of a neighbour, and none."""
    with route_world.house.app.database.begin() as uow:
        return {
            "own": _lists(route_world, uow, "seven"),
            "theirs": _lists(route_world, uow, "their seven"),
            "absent": {"list": ABSENT, "ready": ABSENT},
        }


def _lists(world: RouteWorld, uow: UnitOfWork, pupil: str) -> dict[str, UUID]:
    found = select(PlacementRow).where(PlacementRow.pupil_id == world.pupils[pupil])
    first, second = uow.session.scalars(found.order_by(PlacementRow.level, PlacementRow.id).limit(2))
    return {
        "list": _list(world, uow, first, ListState.IN_REVIEW, "In beoordeling"),
        "ready": _list(world, uow, second, ListState.WAITING, "Klaar om te starten"),
    }


def _list(world: RouteWorld, uow: UnitOfWork, place: PlacementRow, state: ListState, name: str) -> UUID:
    approved = state is ListState.WAITING
    row = DisposalListRow(
        board_id=place.board_id,
        school_id=place.school_id,
        name=name,
        kind=ListKind.DESTROY,
        state=state,
        proposed_by=world.people["femke"].user_id,
        approved_by=world.people["dirk"].user_id if approved else None,
        approved_at=uow.now if approved else None,
        waits_until=uow.now - timedelta(days=1) if approved else None,
        rule_version=1,
        created_at=uow.now,
    )
    uow.session.add(row)
    uow.flush()
    uow.session.add(
        DisposalItemRow(
            list_id=row.id,
            board_id=place.board_id,
            school_id=place.school_id,
            placement_id=place.id,
            document_id=place.document_id,
            dossier_id=place.dossier_id,
            pupil_id=place.pupil_id,
            category=place.category,
            action="vernietigen",
            due_from=uow.today,
            rule_version=1,
            content_version=1,
            content_hash="",
            state=DisposalStep.READY if approved else DisposalStep.OPEN,
        )
    )
    uow.flush()
    return row.id


@pytest.mark.slow
@pytest.mark.parametrize(("endpoint", "method"), list(DISPOSAL))
def test_everybody_gets_what_the_matrix_says(
    route_world: RouteWorld,
    things: dict[str, dict[str, UUID]],
    endpoint: str,
    method: str,
    record_property: Callable[[str, object], None],
) -> None:
    asked = DISPOSAL[endpoint, method]
    rule = next(r for r, m in rules(route_world) if (r.endpoint, m) == (endpoint, method))
    count = 0
    for name in (*STAFF, *OUTSIDE):
        unseen: dict[str, str] = {}
        for whose, ids in things.items() if asked.things else [("own", things["own"])]:
            address = filled(rule, ids[asked.things[0]] if asked.things else ABSENT) + asked.query
            answer = ask(route_world, route_world.people[name], method, address, form=asked.form or None)
            where = f"{name} {method} {address} {whose}"
            assert answer.status_code == _expected(name, asked, whose), f"{where}: {answer.status_code}"
            if answer.status_code == 404:
                unseen[where] = masked(answer)
            assert b"Traceback" not in answer.data
            count += 1
        assert len(set(unseen.values())) <= 1, f"another board's and absent differ: {sorted(unseen)}"
    record_property("requests", count)


def _expected(name: str, asked: Room, whose: str) -> int:
    """Sign in first; without the right refused; out of reach or absent 404."""
    if name in OUTSIDE:
        return 302
    if name not in asked.holders:
        return asked.others
    return 404 if whose != "own" else asked.done
