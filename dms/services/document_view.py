"""Gathers what the page of a document shows. Asks the gate what the reader may; the number of queries is fixed."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    DocumentRow,
    DocumentVersionRow,
    IntakeRow,
    ItemRow,
    PlacementRow,
    PupilRow,
    RenditionRow,
    UserRow,
    VersionUploadRow,
)
from dms.kernel.errors import NotFound
from dms.kernel.outcome import Reason
from dms.model.documents import Rendition, UploadState
from dms.services.catalogue import categories
from dms.services.renditions import page_views
from dms.services.shapes import DocumentView, PlacementView
from dms.services.tools import full_name, groups_today, school_by_id
from dms.services.working_shapes import Origin, UploadView, VersionView
from rights.rules.actions import Action
from rights.service.gate import Gate

REFUSED_SHOWN = timedelta(days=30)
"""How long a refused version is mentioned."""


def document_view(
    gate: Gate,
    document: DocumentRow,
    placements: list[PlacementRow],
    now: datetime,
    version: int | None = None,
    undo: UUID | None = None,
) -> DocumentView:
    """The document with the pages of `version` (None: the current one). Raises NotFound for a version not there."""
    session = gate.session
    known = categories(session, document.board_id)
    pupils = {
        x.id: x for x in session.scalars(select(PupilRow).where(PupilRow.id.in_([p.pupil_id for p in placements])))
    }
    groups = groups_today(session, frozenset(pupils), gate.today)
    targets = gate.targets(placements)
    may = [frozenset(a.value for a in gate.actions_on(t)) for t in targets]
    versions = _versions(session, document)
    shown = next((row for row, _ in versions if row.number == (version or document.current_version)), None)
    if shown is None:
        raise NotFound
    readable = any(gate.scope(Action.READ).admits(x) for x in targets)
    return DocumentView(
        document_id=document.id,
        school=school_by_id(session, document.school_id),
        title=document.title,
        document_date=document.document_date,
        fields={str(k): str(v) for k, v in document.fields.items()},
        source=document.source,
        row_version=document.row_version,
        version=shown.number,
        file_name=shown.file_name,
        media_type=shown.media_type,
        size=shown.size,
        pages=page_views(session, document.id, shown.number) if readable else (),
        text_source=shown.text_source,
        text_confidence=shown.text_confidence,
        confidence=document.confidence,
        confirmed=document.confirmed_at is not None,
        filed_by=_name(session, document.filed_by),
        created_at=document.created_at,
        placements=tuple(
            PlacementView(
                placement_id=x.id,
                pupil_id=x.pupil_id,
                pupil_name=full_name(pupils[x.pupil_id]),
                pupil_number=pupils[x.pupil_id].number,
                group=groups.get(x.pupil_id, ""),
                category_code=x.category,
                category_name=known[x.category].name if x.category in known else x.category,
                level=x.level,
                actions=actions,
            )
            for x, actions in zip(placements, may, strict=True)
        ),
        actions=frozenset().union(*may),
        current_version=document.current_version,
        versions=tuple(
            VersionView(x.number, x.file_name, x.size, x.pages, x.created_at, name or "") for x, name in versions
        ),
        uploads=_uploads(session, document, now),
        origin=_origin(session, document),
        has_archive=readable and _has_archive(session, document, shown.number),
        undo=undo,
    )


def _versions(session: Session, document: DocumentRow) -> list[tuple[DocumentVersionRow, str | None]]:
    rows = session.execute(
        select(DocumentVersionRow, UserRow.name)
        .outerjoin(
            VersionUploadRow,
            (VersionUploadRow.document_id == DocumentVersionRow.document_id)
            & (VersionUploadRow.number == DocumentVersionRow.number),
        )
        .outerjoin(UserRow, UserRow.id == VersionUploadRow.submitted_by)
        .where(DocumentVersionRow.document_id == document.id)
        .order_by(DocumentVersionRow.number.desc())
    )
    return [(x, name) for x, name in rows]


def _uploads(session: Session, document: DocumentRow, now: datetime) -> tuple[UploadView, ...]:
    rows = session.scalars(
        select(VersionUploadRow)
        .where(
            VersionUploadRow.document_id == document.id,
            VersionUploadRow.state != UploadState.ACCEPTED,
            VersionUploadRow.created_at > now - REFUSED_SHOWN,
        )
        .order_by(VersionUploadRow.number.desc())
    )
    return tuple(
        UploadView(x.number, x.file_name, x.state, Reason(x.reason_code, x.reason_text, x.reason_params), x.created_at)
        for x in rows
    )


def _origin(session: Session, document: DocumentRow) -> Origin | None:
    if document.item_id is None:
        return None
    row = session.execute(
        select(ItemRow.name, ItemRow.part, IntakeRow, UserRow.name)
        .join(IntakeRow, IntakeRow.id == ItemRow.intake_id)
        .outerjoin(UserRow, UserRow.id == IntakeRow.submitted_by)
        .where(ItemRow.id == document.item_id)
    ).first()
    if row is None:
        return None
    name, part, intake, sender = row
    parts = session.scalar(select(func.count()).select_from(ItemRow).where(ItemRow.intake_id == intake.id)) or 1
    return Origin(intake.id, sender or "", intake.created_at, name, part, parts)


def _has_archive(session: Session, document: DocumentRow, version: int) -> bool:
    found = session.scalar(
        select(RenditionRow.id).where(
            RenditionRow.document_id == document.id,
            RenditionRow.version == version,
            RenditionRow.kind == Rendition.ARCHIVE,
        )
    )
    return found is not None


def _name(session: Session, user_id: UUID | None) -> str:
    return "" if user_id is None else (session.scalar(select(UserRow.name).where(UserRow.id == user_id)) or "")
