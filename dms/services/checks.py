"""Reconciles database, objects, keys, index and audit log, and repairs what is safe to repair."""

from datetime import datetime, timedelta
from pathlib import Path
from uuid import UUID

import structlog
from sqlalchemy import select

from dms.db import audit
from dms.db.outbox import pending_documents
from dms.db.tables import DocumentRow, ItemRow, PlacementRow, PupilRow, RenditionRow
from dms.db.unit_of_work import INDEX, UNINDEX
from dms.kernel.text import N_
from dms.model.documents import PlacementState
from dms.services.check_report import CheckReport
from dms.services.fixity import FixityCheck, expected_objects, pupil_files, slices, upload_pieces, within
from dms.services.tools import Tools
from indexing.port import SearchIndex
from storage.keys.port import KeyMismatch
from storage.reconcile import Findings, outside_slices, reconcile

ORPHAN_AGE = timedelta(days=1)
AUDIT_SCOPE = "audit"
MOST_DETAILS = 100
FEW_ORPHANS = 200
LARGE_PART = 0.05
"""More orphans than both of these are not swept by the clock."""
BATCH = 500

log = structlog.get_logger(__name__)


class Checks:
    """What should be there against what is."""

    def __init__(self, tools: Tools, index: SearchIndex, checkpoint: Path) -> None:
        self._tools = tools
        self._index = index
        self._checkpoint = checkpoint
        self._fixity = FixityCheck(tools)

    def audit_key(self) -> bytes:
        """The key under which the log is sealed; it lives in the key store."""
        return self._tools.vault.keys.digest_key(AUDIT_SCOPE)

    def seal_audit(self, *, whole: bool = False) -> int:
        """Give the log's new rows their place (`whole`: look at all of it). Only under the sealer's lease."""
        return audit.seal(self._tools.database, self.audit_key(), self._checkpoint, whole=whole)

    def verify_audit(self) -> tuple[int, list[audit.AuditFault]]:
        """Walk the log: how many sealed rows, and every fault with its place."""
        return audit.verify(self._tools.database, self.audit_key(), self._checkpoint)

    def check(self, *, repair: bool = False, full: bool = False, orphan_age: timedelta = ORPHAN_AGE) -> CheckReport:
        """Reconcile everything. `full` reads every object and sealed value to its end; `repair` removes orphans older
        than `orphan_age`, makes both copies of the keys the same, and asks the indexer to bring wrong entries right.
        What is lost is reported, never hidden.
        """
        before = self._tools.clock.now() - orphan_age
        found = self._objects(before)
        apart = self._tools.vault.keys.compare()
        index_missing, index_extra, stray = self._index_differences()
        bad = self._fixity.check() if full else []
        _, faults = self.verify_audit()
        repaired: dict[str, int] = {}
        if repair:
            left = self._tools.vault.keys.heal() if apart else apart
            swept = self._sweep(found.objects_orphan, before)
            self._reindex(stray, index_extra)
            repaired = {
                "keys_missing": apart.count - left.count,
                "objects_orphan": swept,
                "index_missing": len(stray),
                "index_extra": len(index_extra),
            }
            apart = left
        keys_bad = _key_faults(found, apart)
        details = [
            *(f"objects_missing {x}" for x in found.objects_missing),
            *(f"objects_orphan {x}" for x in found.objects_orphan),
            *(f"keys_missing {x}" for x in keys_bad),
            *(f"index_missing {x}" for x in index_missing),
            *(f"index_extra {x}" for x in index_extra),
            *(f"fixity_bad {x.document_id} {x.name} {x.verdict}" for x in bad),
            *(f"audit_bad {x.chain} {x.sequence} {x.what}" for x in faults),
        ]
        return CheckReport(
            objects_missing=len(found.objects_missing),
            objects_orphan=0 if repair else len(found.objects_orphan),
            keys_missing=len(keys_bad),
            index_missing=0 if repair else len(index_missing),
            index_extra=0 if repair else len(index_extra),
            fixity_bad=len(bad),
            audit_bad=len(faults),
            repaired=repaired,
            details=tuple(details[:MOST_DETAILS]),
        )

    def sweep_orphans(self) -> int:
        """Remove objects without rows and unfinished writes of more than a day ago. Returns how many objects.

        Does nothing where that would be a large part of all: then rows are missing rather than objects left over
        (a database from a backup, say), and a person decides with `dms check --repair`.
        """
        before = self._tools.clock.now() - ORPHAN_AGE
        found = self._objects(before)
        orphans, all_objects = len(found.objects_orphan), found.objects
        if orphans > max(FEW_ORPHANS, all_objects * LARGE_PART):
            log.error("orphans_too_many", orphans=orphans, objects=all_objects)
            return 0
        return self._sweep(found.objects_orphan, before)

    def _sweep(self, candidates: list[str], before: datetime) -> int:
        swept = 0
        for start in range(0, len(candidates), BATCH):
            page = set(candidates[start : start + BATCH])
            with self._tools.database.read() as session:  # once more: rows may have come since
                page -= set(session.scalars(select(RenditionRow.object_key).where(RenditionRow.object_key.in_(page))))
                page -= set(session.scalars(select(ItemRow.object_key).where(ItemRow.object_key.in_(page))))
                page -= {x.object_key for x in pupil_files(session)}
                page -= {x.object_key for x in upload_pieces(session)}
            for key in sorted(page):
                self._tools.vault.delete(key)
            swept += len(page)
        self._tools.vault.store.sweep_unfinished(before)
        return swept

    def _objects(self, before: datetime) -> Findings:
        """Rows against objects and keys, slice by slice: memory does not grow with the archive."""
        found = Findings()
        parts = slices(self._tools.database)
        for part in parts:
            with self._tools.database.read() as session:
                refs = expected_objects(session, part)
                sealed = session.scalars(
                    select(PupilRow.id).where(
                        PupilRow.bsn_sealed.is_not(None) | PupilRow.education_number_sealed.is_not(None),
                        *within(PupilRow.id, part),
                    )
                ).all()
            vault = self._tools.vault
            found.add(
                reconcile(refs, vault.store, vault.keys, before, sealed=sealed, prefix=part, look_for_spare_keys=False)
            )
        if len(parts) > 1:
            found.add(outside_slices(self._tools.vault.store, before))
        return found

    def _index_differences(self) -> tuple[list[UUID], list[UUID], list[UUID]]:
        """(live placements that the index lacks or shows in an old state, entries that are not live placements,
        documents to bring up to date). Documents that still wait for the indexer are no difference.
        """
        with self._tools.database.read() as session:
            live = session.execute(
                select(PlacementRow.id, DocumentRow.index_version)
                .join(DocumentRow, DocumentRow.id == PlacementRow.document_id)
                .where(PlacementRow.state == PlacementState.ACTIVE)
                .execution_options(yield_per=BATCH)
            )
            wanted: dict[UUID, int] = {row.id: row.index_version for row in live}
        extra: list[UUID] = []
        differing: list[UUID] = []
        for placement, version in [] if self._index.needs_rebuild() else self._index.placement_ids():
            expected = wanted.pop(placement, None)
            if expected is None:
                extra.append(placement)
            elif expected != version:
                differing.append(placement)
        missing, stray = self._not_waiting([*wanted, *differing])
        return missing, extra, stray

    def _not_waiting(self, placements: list[UUID]) -> tuple[list[UUID], list[UUID]]:
        """Those placements whose document does not wait for the indexer, and these documents."""
        waiting = pending_documents(self._tools.database)
        missing: list[UUID] = []
        documents: list[UUID] = []
        for start in range(0, len(placements), BATCH):
            page = placements[start : start + BATCH]
            with self._tools.database.read() as session:
                of = select(PlacementRow.id, PlacementRow.document_id).where(PlacementRow.id.in_(page))
                for placement, document in session.execute(of):
                    if document not in waiting:
                        missing.append(placement)
                        documents.append(document)
        return missing, documents

    def _reindex(self, documents: list[UUID], extra: list[UUID]) -> None:
        with self._tools.database.begin() as uow:
            for document_id in dict.fromkeys(documents):
                uow.after_commit(INDEX, document_id)
            for placement_id in extra:
                uow.after_commit(UNINDEX, placement_id)


def _key_faults(found: Findings, apart: KeyMismatch) -> list[str]:
    """Keys that are lost, and those that are not the same in both copies of the key store."""
    return [
        *(str(x) for x in found.keys_missing if x not in apart.only_copy),
        *(f"{x} copy" for x in sorted(apart.only_primary)),
        *(f"{x} first" for x in sorted(apart.only_copy)),
        *(f"{x} different" for x in sorted(apart.different)),
        *(f"{x} digest" for x in sorted(apart.digest_scopes)),
    ]


REPORT_LINES = {
    "objects_missing": N_("Bestanden die weg zijn"),
    "objects_orphan": N_("Bestanden die nergens bij horen"),
    "keys_missing": N_("Sleutels die weg zijn"),
    "index_missing": N_("Documenten die de zoekmachine mist"),
    "index_extra": N_("Documenten die de zoekmachine te veel heeft"),
    "fixity_bad": N_("Bestanden die beschadigd zijn"),
    "audit_bad": N_("Fouten in het logboek"),
}
"""What each count of a report means, for people."""
