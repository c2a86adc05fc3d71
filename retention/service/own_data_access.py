"""Who may see and take decisions on pupils' own data, and which there are."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import DossierRow, OwnDataDecisionRow, PupilRow
from dms.db.visibility import blocking_shields
from dms.kernel.errors import NotFound
from dms.model.disposal import OwnDataState
from dms.model.events import By
from dms.services.shapes import SchoolView
from dms.services.tools import school_by_brin
from retention.service.due_rights import DISPOSING, is_operator, reaches
from rights.service.gate import Gate


def part_of(session: Session, by: By, brin: str, today: date) -> tuple[SchoolView, bool, bool]:
    """The school, and whether the person proposes and approves there. Raises NotFound without any role there."""
    school = school_by_brin(session, brin)
    gate = Gate(session, by.user_id, today)
    if is_operator(by):
        return school, True, True
    if not gate.holds_any(school.board_id):
        raise NotFound
    proposes, approves = (reaches(gate, x, school.board_id, school.id) for x in DISPOSING)
    return school, proposes, approves


def unseen_pupils(session: Session, by: By, school: SchoolView, today: date) -> set[UUID]:
    """Pupils whose whole dossier is shielded from the person."""
    if by.user_id is None:
        return set()
    shields = blocking_shields(session, by.user_id, frozenset({school.board_id}), today)
    dossiers = [x.dossier_id for x in shields if x.dossier_id and x.category is None and x.document_id is None]
    return set(session.scalars(select(DossierRow.pupil_id).where(DossierRow.id.in_(dossiers)))) if dossiers else set()


def open_decisions(session: Session, school_id: UUID) -> list[OwnDataDecisionRow]:
    """The open ones, of pupils who are still known, the oldest first."""
    return list(
        session.scalars(
            select(OwnDataDecisionRow)
            .join(PupilRow, PupilRow.id == OwnDataDecisionRow.pupil_id)
            .where(OwnDataDecisionRow.school_id == school_id, OwnDataDecisionRow.state != OwnDataState.ENDED)
            .order_by(OwnDataDecisionRow.proposed_at, OwnDataDecisionRow.id)
        )
    )


def waiting_pupils(session: Session, by: By, school: SchoolView, today: date) -> int:
    """How many pupils' own data others proposed to destroy, for who may approve that at the school."""
    asked = select(OwnDataDecisionRow.pupil_id).where(
        OwnDataDecisionRow.school_id == school.id,
        OwnDataDecisionRow.state == OwnDataState.PROPOSED,
        OwnDataDecisionRow.proposed_by != by.user_id,
    )
    waiting = set(session.scalars(asked))
    return len(waiting - unseen_pupils(session, by, school, today)) if waiting else 0
