"""Who may deal with packages of a school: whoever works at one of its desks, each with what her lines reach."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import ReceivedPackageRow
from dms.kernel.errors import Conflict, NotFound
from dms.kernel.text import N_
from dms.model.documents import Desk
from dms.model.events import ActorKind, By
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_by_id
from rights.service.gate import Gate
from rights.service.places import works_at

VERSION = 1


def is_operator(by: By) -> bool:
    """The operator of the machine, without an account: may hand packages in, and decides on none."""
    return by.user_id is None and by.kind in (ActorKind.COMMAND, ActorKind.SYSTEM)


def must_review(session: Session, by: By, school: SchoolView, tools: Tools) -> Gate | None:
    """The gate of who works at the ordinary desk of the school; None for the operator. Raises NotFound for others."""
    if is_operator(by):
        return None
    gate = Gate(session, by.user_id, tools.clock.today())
    if not works_at(gate, school.board_id, school.id, Desk.ORDINARY):
        raise NotFound
    return gate


def package_of(
    session: Session, by: By, received_id: UUID, tools: Tools, *, lock: bool = False
) -> tuple[ReceivedPackageRow, SchoolView, Gate | None]:
    """A package that the person may review. Raises NotFound, also for who may not know of it."""
    query = select(ReceivedPackageRow).where(ReceivedPackageRow.id == received_id)
    row = session.scalars(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound
    school = school_by_id(session, row.school_id)
    return row, school, must_review(session, by, school, tools)


def decided() -> Conflict:
    """Somebody decided on it already."""
    return Conflict(
        N_("Over dit pakket is al beslist."),
        N_("Kijk in de lijst met ontvangen pakketten wat er besloten is."),
        code="package_decided",
    )


def looked_meanwhile() -> Conflict:
    """A colleague was first."""
    return Conflict(
        N_("Een collega heeft dit pakket intussen gewijzigd."),
        N_("Bekijk de wijziging en doe de uwe daarna opnieuw."),
        code="changed_meanwhile",
    )
