"""Fingerprints of what was read, and what in a dossier looks the same: the step of the pipeline before filing.

A document's fingerprint is sealed under its own key and goes with it. Only documents of the same dossier and the same
number of pages are opened to be compared.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import (
    DocumentRow,
    DocumentVersionRow,
    FingerprintRow,
    ItemRow,
    LookalikeRow,
    PlacementRow,
    TombstoneRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Conflict
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import Desk, PlacementState, Source
from ingest.rules.duplicates import SAME_BYTES, Fingerprint, Likeness, compare, fingerprint
from ingest.service.state import VERSION, Continue, ItemFacts, Outcome, Park, PipelineTools, Work
from rights.service.places import DESK_LEVEL
from storage.errors import Damaged, KeyMissing
from storage.vault import Vault

MOST_COMPARED = 300
"""Of one dossier and one number of pages; the newest first. Comparing so many takes a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Lookalike:
    """A document of the dossier that looks the same, and why."""

    document_id: UUID
    likeness: Likeness


def keep_fingerprint(uow: UnitOfWork, item: ItemFacts, work: Work, vault: Vault) -> None:
    """Save by what the document is known again, in the transaction that saves the reading."""
    if not work.renditions or not work.pages:
        return
    made = fingerprint((x.text for x in work.pages), work.looks)
    sealed = vault.seal(item.document_id, _column(item.version), made.to_bytes())
    uow.session.merge(
        FingerprintRow(document_id=item.document_id, version=item.version, pages=made.pages, sealed=sealed)
    )
    uow.flush()


def look_for_same(item: ItemFacts, work: Work, tools: PipelineTools) -> Outcome:
    """Before it files itself: were these bytes destroyed once, or does a paper like it lie there already?

    Then a person decides. What lies there byte for byte is for the next step; what comes out of an archive of dossiers
    was sorted by somebody, and files as told; statements of what was signed are all alike, and each counts.
    """
    if work.filing is None:
        return Continue()
    desk = (Desk.CARE if work.filing.category.level >= DESK_LEVEL[Desk.CARE] else Desk.ORDINARY).value
    with tools.database.read() as session:
        gone = tombstone(session, item.school_id, work.digest or item.digest)
        if gone is not None:
            return Park(destroyed_reason(gone), desk)
        if item.source in (Source.ARCHIVE, Source.SIGNING):
            return Continue()
        own = fingerprint((x.text for x in work.pages), work.looks or _looks_of(session, item, tools.vault))
        given = work.filing.document_date
        found = same_in_dossier(session, tools.vault, own, given, work.filing.pupil_id, item.item_id, ())
        if not found or _same_bytes(session, found[0].document_id, work.digest or item.digest):
            return Continue()
    assert found[0].likeness.reason is not None
    return Park(found[0].likeness.reason, desk)


def same_in_dossier(
    session: Session,
    vault: Vault,
    own: Fingerprint,
    given: date | None,
    pupil_id: UUID,
    item_id: UUID,
    visible: Collection[UUID],
) -> list[Lookalike]:
    """Documents of the pupil that look the same, the most alike first; those that were decided about left out.

    `given`: the date of the paper. `visible`: only these, when not empty.
    """
    query = (
        select(FingerprintRow, DocumentRow.document_date)
        .join(DocumentRow, DocumentRow.id == FingerprintRow.document_id)
        .join(PlacementRow, PlacementRow.document_id == FingerprintRow.document_id)
        .where(
            FingerprintRow.version == DocumentRow.current_version,
            PlacementRow.pupil_id == pupil_id,
            PlacementRow.state == PlacementState.ACTIVE,
            FingerprintRow.pages == own.pages,
            DocumentRow.item_id != item_id,
            FingerprintRow.document_id.not_in(select(LookalikeRow.document_id).where(LookalikeRow.item_id == item_id)),
        )
        .order_by(DocumentRow.created_at.desc())
        .limit(MOST_COMPARED)
    )
    if visible:
        query = query.where(FingerprintRow.document_id.in_(visible))
    if given is not None:
        query = query.where((DocumentRow.document_date == given) | DocumentRow.document_date.is_(None))
    found: dict[UUID, Lookalike] = {}
    for row, their_date in session.execute(query):
        theirs = _opened(vault, row)
        if theirs is None:
            continue
        likeness = compare(own, theirs, given, their_date)
        if likeness.alike:
            found[row.document_id] = Lookalike(row.document_id, likeness)
    return sorted(found.values(), key=lambda x: -x.likeness.text)


def same_bytes(session: Session, digest: str, pupil_id: UUID, item_id: UUID) -> list[Lookalike]:
    """Documents of the pupil with exactly these bytes, as their version of today or an earlier one."""
    rows = session.scalars(
        select(DocumentVersionRow.document_id)
        .join(PlacementRow, PlacementRow.document_id == DocumentVersionRow.document_id)
        .join(DocumentRow, DocumentRow.id == DocumentVersionRow.document_id)
        .where(
            DocumentVersionRow.digest == digest,
            PlacementRow.pupil_id == pupil_id,
            PlacementRow.state == PlacementState.ACTIVE,
            DocumentRow.item_id != item_id,
        )
        .distinct()
    )
    return [Lookalike(x, Likeness(1.0, 1.0, 1.0, SAME_BYTES)) for x in rows]


def kept_fingerprint(session: Session, vault: Vault, item: ItemRow) -> Fingerprint | None:
    """The fingerprint of an item that was read; None where it has none that can be opened."""
    row = session.get(FingerprintRow, (item.document_id, VERSION))
    return _opened(vault, row) if row is not None else None


def tombstone(session: Session, school_id: UUID, digest: str) -> TombstoneRow | None:
    """What says that these bytes were destroyed at the school, and that nobody let them in again."""
    if not digest:
        return None
    return session.scalar(
        select(TombstoneRow).where(
            TombstoneRow.school_id == school_id, TombstoneRow.digest == digest, TombstoneRow.overridden_at.is_(None)
        )
    )


def must_not_be_destroyed(session: Session, item: ItemRow) -> None:
    """Raises Conflict when these very bytes were destroyed, until somebody has given a reason to let them in again."""
    stone = tombstone(session, item.school_id, item.digest)
    if stone is not None:
        found = destroyed_reason(stone)
        raise Conflict(
            found.text,
            N_("Is er een reden, laat het dan eerst toe. Hoort het nergens, kies dan: niet voor een dossier."),
            code=found.code,
            params=found.params,
        )


def destroyed_reason(row: TombstoneRow) -> Reason:
    """What people are told of a file that was destroyed before."""
    return Reason(
        "destroyed_before",
        N_("Precies dit bestand is op %(day)s vernietigd. Het mag niet zonder reden terug in een dossier."),
        {"day": f"{row.destroyed_on:%d-%m-%Y}"},
    )


def _same_bytes(session: Session, document_id: UUID, digest: str) -> bool:
    return digest in set(
        session.scalars(select(DocumentVersionRow.digest).where(DocumentVersionRow.document_id == document_id))
    )


def _looks_of(session: Session, item: ItemFacts, vault: Vault) -> Iterable[str]:
    """After a restart: how the pages look, as it was saved with the reading."""
    row = session.get(FingerprintRow, (item.document_id, item.version))
    kept = _opened(vault, row) if row is not None else None
    return [f"{x:064x}" for x in kept.looks] if kept is not None else ()


def _opened(vault: Vault, row: FingerprintRow) -> Fingerprint | None:
    try:
        raw = vault.unseal(row.document_id, _column(row.version), row.sealed)
    except (Damaged, KeyMissing):  # the document is on its way out, or damaged: that shows elsewhere
        return None
    return Fingerprint.from_bytes(raw)


def _column(version: int) -> str:
    return f"fingerprint-{version}"
