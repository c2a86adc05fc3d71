"""Who may do what with requests of data subjects, and what a request lets the privacy officer read.

Administration and head of a school register, check identity and prepare; only the privacy officer releases, and nobody
releases what she prepared herself. The officer reads no dossier by the matrix: an open request about a pupil, with
identity and authority in order, lets her read what lies in that dossier, on record, and nothing else.
"""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import PlacementRow, SubjectRequestItemRow, SubjectRequestRow
from dms.kernel.errors import NotFound, Refused
from dms.model.documents import PlacementState
from dms.model.people import RoleCode
from dms.model.requests import RequestState
from rights.service.gate import Gate

PREPARERS = (
    RoleCode.ADMINISTRATION.value,
    RoleCode.HEAD.value,
    RoleCode.CARE_COORDINATOR.value,
    RoleCode.PRIVACY_OFFICER.value,
)
RELEASERS = (RoleCode.PRIVACY_OFFICER.value,)
READABLE = (RequestState.OPEN, RequestState.PREPARED)


def require_desk(gate: Gate, school_id: UUID, board_id: UUID) -> None:
    """Raises NotFound for who does not deal with requests at this school."""
    if not gate.holds_role(school_id, board_id, *PREPARERS):
        raise NotFound


def require_releaser(gate: Gate, row: SubjectRequestRow) -> None:
    """Raises NotFound for who does not deal with requests, Refused for who may only prepare them."""
    require_desk(gate, row.school_id, row.board_id)
    if not gate.holds_role(row.school_id, row.board_id, *RELEASERS):
        raise Refused


def releases(gate: Gate, school_id: UUID, board_id: UUID) -> bool:
    """Whether the person is the privacy officer here."""
    return gate.holds_role(school_id, board_id, *RELEASERS)


def checked(row: SubjectRequestRow) -> bool:
    """Whether identity and authority were established."""
    return row.identity is not None and row.authority_ok is True


def reads_by_request(session: Session, gate: Gate, document_id: UUID, request_id: UUID) -> list[PlacementRow]:
    """The placements of a document that the privacy officer may read because of a request; empty where she may not."""
    row = session.get(SubjectRequestRow, request_id)
    if row is None or row.state not in READABLE or not checked(row):
        return []
    if not releases(gate, row.school_id, row.board_id):
        return []
    return list(
        session.scalars(
            select(PlacementRow)
            .join(SubjectRequestItemRow, SubjectRequestItemRow.placement_id == PlacementRow.id)
            .where(
                SubjectRequestItemRow.request_id == request_id,
                PlacementRow.document_id == document_id,
                PlacementRow.pupil_id == row.pupil_id,
                PlacementRow.state.in_((PlacementState.ACTIVE, PlacementState.BIN)),
            )
        )
    )
