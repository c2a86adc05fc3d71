"""Who may have a redacted copy made, look at it and confirm it.

Looking needs `read`; asking and confirming `share` or `export` as well, since a copy is made to leave the house. The
privacy officer may do both for a document of an open data subject request.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, PlacementRow
from dms.kernel.errors import NotFound, Refused
from dms.services.requests.access import reads_by_request
from rights.rules.actions import Action
from rights.service.gate import Gate

GIVING = (Action.SHARE, Action.EXPORT)


def readable(session: Session, gate: Gate, document_id: UUID, request_id: UUID | None) -> list[PlacementRow]:
    """The placements through which the person may look. Raises NotFound, and Refused for who sees but may not read."""
    reached = gate.placements(document_id, Action.READ)
    if not reached and request_id is not None:
        reached = reads_by_request(session, gate, document_id, request_id)
    if not reached:
        if gate.placements(document_id):
            raise Refused
        raise NotFound
    return reached


def may_decide(session: Session, gate: Gate, document_id: UUID, request_id: UUID | None) -> bool:
    """Whether the person may ask for a copy and confirm what is covered."""
    if any(gate.placements(document_id, x) for x in GIVING) and gate.placements(document_id, Action.READ):
        return True
    return request_id is not None and bool(reads_by_request(session, gate, document_id, request_id))


def require(session: Session, gate: Gate, document_id: UUID, request_id: UUID | None) -> DocumentRow:
    """The document, for who may decide. Raises NotFound, Refused."""
    readable(session, gate, document_id, request_id)
    if not may_decide(session, gate, document_id, request_id):
        raise Refused
    document = session.get(DocumentRow, document_id)
    if document is None:
        raise NotFound
    return document
