"""The facts of a package, gathered from the database: documents that lie in the dossier, and who is entitled today.

Asks no rights: callers have. What the rules say of the facts stands in `rights.rules.transfer_gate`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session, aliased

from dms.db.tables import (
    CarerRow,
    DocumentRow,
    DocumentVersionRow,
    PlacementRow,
    PupilCarerRow,
    PupilRow,
    RedactionRow,
    SchoolRow,
    TransferDocumentRow,
)
from dms.model.documents import PlacementState
from dms.model.redaction import RedactionGround, RedactionState
from dms.model.transfers import TransferKind, Viewer
from ingest.rules.pupils.entitled import AgeLimits, CarerFacts, Share, entitled
from rights.rules.transfer_gate import Entitled, Going, Paper, Verdict, may_go

LIMITS = AgeLimits()
SEEN_WHOLE = frozenset({"application/pdf", "image/jpeg", "image/png", "image/tiff", "image/heic"})
"""Files that go along themselves when no number was found in them; a mail or office file holds more than its pages."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A living document of the dossier with what the rule says of it."""

    placement: PlacementRow
    document: DocumentRow
    version: DocumentVersionRow
    verdict: Verdict


def candidates(session: Session, pupil_id: UUID, kind: TransferKind, today: date) -> list[Candidate]:
    """Every living document of the dossier, oldest first, whoever may see it."""
    elsewhere = aliased(PlacementRow)
    shared = exists().where(
        elsewhere.document_id == PlacementRow.document_id,
        elsewhere.pupil_id != PlacementRow.pupil_id,
        elsewhere.state == PlacementState.ACTIVE,
    )
    rows = session.execute(
        select(PlacementRow, DocumentRow, DocumentVersionRow, shared)
        .join(DocumentRow, DocumentRow.id == PlacementRow.document_id)
        .join(
            DocumentVersionRow,
            and_(
                DocumentVersionRow.document_id == DocumentRow.id,
                DocumentVersionRow.number == DocumentRow.current_version,
            ),
        )
        .where(PlacementRow.pupil_id == pupil_id, PlacementRow.state == PlacementState.ACTIVE)
        .order_by(DocumentRow.document_date, DocumentRow.title, DocumentRow.id)
    )
    return [
        Candidate(
            placement,
            document,
            version,
            may_go(
                Paper(placement.category, placement.level, document.document_date, placement.confirmed, bool(both)),
                kind,
                today,
            ),
        )
        for placement, document, version, both in rows
    ]


def choices(session: Session, package_id: UUID) -> dict[UUID, bool]:
    """Per document that was chosen or left out whether it is included."""
    rows = session.execute(
        select(TransferDocumentRow.document_id, TransferDocumentRow.included).where(
            TransferDocumentRow.package_id == package_id
        )
    )
    return dict(rows.tuples().all())


def included(found: Iterable[Candidate], chosen: dict[UUID, bool]) -> list[Candidate]:
    """Those that go along."""
    return [x for x in found if chosen.get(x.document.id)]


def listed(found: Iterable[Candidate]) -> list[Candidate]:
    """Those that may go along at all."""
    return [x for x in found if x.verdict.going is not Going.NEVER]


def carers_of(session: Session, pupil_id: UUID) -> list[tuple[CarerRow, PupilCarerRow]]:
    """Everybody who is or was a carer of the pupil, in the order of the dossier."""
    rows = session.execute(
        select(CarerRow, PupilCarerRow)
        .join(PupilCarerRow, PupilCarerRow.carer_id == CarerRow.id)
        .where(PupilCarerRow.pupil_id == pupil_id)
        .order_by(PupilCarerRow.position, CarerRow.name)
    )
    return list(rows.tuples())


def viewers(session: Session, pupil: PupilRow, today: date) -> tuple[bool, tuple[Entitled, ...]]:
    """Whether it is sure who is entitled today, and who is: each parent with authority, the pupil from 16."""
    names: dict[UUID | None, str] = {None: ""}
    facts = []
    for carer, link in carers_of(session, pupil.id):
        names[carer.id] = carer.name
        facts.append(
            CarerFacts(
                carer.id,
                link.authority,
                link.authority_since,
                link.authority_until,
                link.since,
                link.until,
                carer.deceased,
                link.relation,
            )
        )
    found = entitled(pupil.birth_date, pupil.birth_date_partial, facts, today, LIMITS)
    sure = all(x.share is not Share.UNKNOWN for x in found)
    return sure, tuple(
        Entitled(Viewer.PUPIL if x.carer_id is None else Viewer.CARER, x.carer_id, names[x.carer_id])
        for x in found
        if x.share is Share.ALL
    )


def redactions(session: Session, found: Iterable[Candidate]) -> dict[UUID, RedactionRow]:
    """Per document the newest copy of its present version that was made for a samenwerkingsverband."""
    wanted = {x.document.id: x.version.number for x in found}
    rows = session.scalars(
        select(RedactionRow)
        .where(RedactionRow.document_id.in_(wanted), RedactionRow.ground == RedactionGround.SWV)
        .order_by(RedactionRow.number)
    )
    return {x.document_id: x for x in rows if x.version == wanted[x.document_id]}


def unredacted(found: Iterable[Candidate], copies: dict[UUID, RedactionRow]) -> list[Candidate]:
    """Those of which there is no copy yet without numbers, and of which it is not sure that they hold none."""
    return [x for x in found if not _settled(copies.get(x.document.id), x.version.media_type)]


def _settled(row: RedactionRow | None, media_type: str) -> bool:
    """A copy is there; or nothing was found in a file of which all that it holds can be looked at."""
    if row is None:
        return False
    if row.state is RedactionState.FOUND_NOTHING:
        return media_type.partition(";")[0].strip().lower() in SEEN_WHOLE
    return row.state is RedactionState.DONE and row.rendition_id is not None


def school_name(session: Session, brin: str) -> str:
    """What this house calls the school with this number; empty for one that it does not know."""
    return session.scalar(select(SchoolRow.name).where(SchoolRow.brin == brin)) or ""
