"""What services are made with, and small facts that several of them need."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.engine import Database
from dms.db.tables import BoardRow, EnrolmentRow, GroupPlacementRow, GroupRow, PupilRow, SchoolRow
from dms.db.visibility import placed_on
from dms.kernel.clock import Clock
from dms.kernel.errors import NotFound
from dms.services.shapes import SchoolView
from storage.vault import Vault


@dataclass(frozen=True, slots=True)
class Tools:
    """The adapters that services work with; chosen in `dms.app`."""

    database: Database
    vault: Vault
    clock: Clock


def school_view(school: SchoolRow, board: BoardRow) -> SchoolView:
    """A school as screens show it."""
    return SchoolView(school.id, school.brin, school.name, board.id, board.name)


def school_by_brin(session: Session, brin: str) -> SchoolView:
    """The school with this BRIN. Raises NotFound."""
    found = session.execute(
        select(SchoolRow, BoardRow)
        .join(BoardRow, BoardRow.id == SchoolRow.board_id)
        .where(SchoolRow.brin == brin.strip().upper()[:4])
    ).first()
    if found is None:
        raise NotFound
    return school_view(found[0], found[1])


def school_by_id(session: Session, school_id: UUID) -> SchoolView:
    """The school with this id. Raises NotFound."""
    found = session.execute(
        select(SchoolRow, BoardRow).join(BoardRow, BoardRow.id == SchoolRow.board_id).where(SchoolRow.id == school_id)
    ).first()
    if found is None:
        raise NotFound
    return school_view(found[0], found[1])


def digest_scope(brin: str) -> str:
    """The scope of keyed digests: within one school equal bytes have equal digests, across schools never."""
    return f"school:{brin}"


def full_name(pupil: PupilRow) -> str:
    """As people say it: `Jan van der Berg`."""
    return " ".join(x for x in (pupil.given_name, pupil.prefix, pupil.surname) if x)


def sorted_name(pupil: PupilRow) -> str:
    """As people look it up: `Berg, Jan van der`."""
    rest = " ".join(x for x in (pupil.given_name, pupil.prefix) if x)
    if not pupil.surname:
        return rest
    return f"{pupil.surname}, {rest}" if rest else pupil.surname


def groups_today(session: Session, pupils: frozenset[UUID], today: date) -> dict[UUID, str]:
    """The name of the group in which each pupil is placed today (the first by name where there are more)."""
    found: dict[UUID, str] = {}
    if pupils:
        for pupil_id, name in session.execute(
            select(GroupPlacementRow.pupil_id, GroupRow.name)
            .join(GroupRow, GroupRow.id == GroupPlacementRow.group_id)
            .where(GroupPlacementRow.pupil_id.in_(pupils), placed_on(today))
            .order_by(GroupRow.name)
        ):
            found.setdefault(pupil_id, name)
    return found


def enrolled_today(session: Session, pupils: frozenset[UUID], today: date) -> frozenset[UUID]:
    """Those of `pupils` with an enrolment that has not ended (a future one counts: the pupil is registered)."""
    if not pupils:
        return frozenset()
    return frozenset(
        session.scalars(
            select(EnrolmentRow.pupil_id).where(
                EnrolmentRow.pupil_id.in_(pupils), or_(EnrolmentRow.until.is_(None), EnrolmentRow.until > today)
            )
        )
    )
