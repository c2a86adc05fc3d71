"""What tests of the administration share."""

from uuid import UUID

from sqlalchemy import select

from dms.db.tables import (
    AuditEventRow,
)
from dms.model.events import By
from tests.houses import BRIN, OPERATOR, PASSWORD, House

NEIGHBOUR = "99ZZ"


def board_and_school(house: House, brin: str = BRIN):  # type: ignore[no-untyped-def]
    school = next(x for x in house.app.schools.list() if x.brin == brin)
    return school.board_id, school.id


def person(house: House, name: str):  # type: ignore[no-untyped-def]
    who = house.by(name)
    return house.app.administration.people.view(OPERATOR, who.user_id)


def kinds(house: House) -> list[str]:
    with house.app.database.read() as session:
        return [x.value for x in session.scalars(select(AuditEventRow.kind).order_by(AuditEventRow.id))]


def second_manager(house: House, name: str = "sam") -> By:
    """Another administrator of the whole board."""
    email = f"{name}@deregenboog.example"
    house.app.accounts.add_user(OPERATOR, email, "applicatiebeheerder", BRIN, password=PASSWORD, whole_board=True)
    return house.by(name)


def settings_version(house: House, board_id: UUID) -> int:
    """The version of the board's settings as they stand; the demo school has chosen some already."""
    return house.app.administration.settings.view(OPERATOR, board_id, None).row_version
