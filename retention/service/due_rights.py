"""Who may do what with schedules, due lists and holds: asked of the gate, like everything else."""

from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import SchoolRow
from dms.kernel.errors import BadInput, NotFound, Refused
from dms.kernel.text import N_
from dms.model.events import ActorKind, By
from dms.services.shapes import SchoolView
from rights.rules.actions import Action
from rights.service.gate import Gate

DISPOSING = (Action.PROPOSE_DISPOSAL, Action.APPROVE_DISPOSAL)
LONGEST_REASON = 500
SHORTEST_REASON = 4


def is_operator(by: By) -> bool:
    """Whether this is who works at the machine itself, without an account, or the service."""
    return by.user_id is None and by.kind in (ActorKind.COMMAND, ActorKind.SYSTEM)


def reaches(gate: Gate, action: Action, board_id: UUID, school_id: UUID | None = None) -> bool:
    """Whether the person may do `action` for something in the school; None: for something in the whole board."""
    return any(
        x.board_id == board_id and (x.school_id is None or (school_id is not None and x.school_id == school_id))
        for x in gate.scope(action).clauses
    )


def may_dispose(session: Session, by: By, board_id: UUID, school_id: UUID | None, today: date) -> None:
    """Raises NotFound for a board where the person holds no role, Refused without a part in disposal there."""
    if is_operator(by):
        return
    gate = Gate(session, by.user_id, today)
    if not gate.holds_any(board_id):
        raise NotFound
    if not any(reaches(gate, x, board_id, school_id) for x in DISPOSING):
        raise Refused


def disposing_at(session: Session, gate: Gate, school: SchoolView) -> list[SchoolRow]:
    """The schools of the school's board where the person has a part in disposal, by BRIN."""
    asked = select(SchoolRow).where(SchoolRow.board_id == school.board_id).order_by(SchoolRow.brin)
    return [x for x in session.scalars(asked) if any(reaches(gate, y, school.board_id, x.id) for y in DISPOSING)]


def checked_reason(text: str) -> str:
    """The reason that a person typed. Raises BadInput for one that says nothing, or too much."""
    reason = " ".join(text.split())
    if not SHORTEST_REASON <= len(reason) <= LONGEST_REASON:
        raise BadInput(
            N_("Er is een reden nodig."),
            N_("Schrijf in %(least)d tot %(most)d tekens waarom."),
            code="no_reason",
            params={"least": SHORTEST_REASON, "most": LONGEST_REASON},
        )
    return reason
