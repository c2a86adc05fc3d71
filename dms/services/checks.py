"""Reconciles database, objects, keys, index and audit log, and repairs what is safe to repair."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from dms.db import audit
from dms.db.outbox import pending_documents
from dms.db.tables import DocumentRow, DocumentVersionRow, ItemRow, PlacementRow, PupilRow, RenditionRow, SchoolRow
from dms.db.unit_of_work import INDEX, UNINDEX
from dms.kernel.text import N_
from dms.model.documents import ItemState, PlacementState, Rendition
from dms.services.shapes import CheckReport
from dms.services.tools import Tools, digest_scope
from indexing.port import SearchIndex
from storage.reconcile import ExpectedRef, Findings, Fixity, fixity, reconcile

ORPHAN_AGE = timedelta(days=1)
AUDIT_SCOPE = "audit"
MOST_DETAILS = 100


class Checks:
    """What should be there against what is."""

    def __init__(self, tools: Tools, index: SearchIndex, checkpoint: Path) -> None:
        self._tools = tools
        self._index = index
        self._checkpoint = checkpoint

    def audit_key(self) -> bytes:
        """The key under which the log is sealed; it lives in the key store."""
        return self._tools.vault.keys.digest_key(AUDIT_SCOPE)

    def seal_audit(self) -> int:
        """Give the log's new rows their place. Only under the sealer's lease."""
        return audit.seal(self._tools.database, self.audit_key(), self._checkpoint)

    def verify_audit(self) -> tuple[int, list[audit.AuditFault]]:
        """Walk the log: how many sealed rows, and every fault with its place."""
        return audit.verify(self._tools.database, self.audit_key(), self._checkpoint)

    def check(self, *, repair: bool = False, full: bool = False) -> CheckReport:
        """Reconcile everything. `full` reads every object to its end; `repair` removes orphans older than a day and
        asks the indexer to bring wrong entries right. What is lost is reported, never hidden.
        """
        found = self._objects()
        keys_bad = self._key_faults(found)
        index_missing, index_extra, stray = self._index_differences()
        bad = self._fixity() if full else []
        _, faults = self.verify_audit()
        repaired = self._repair(found, stray, index_extra) if repair else {}
        details = [
            *(f"objects_missing {x}" for x in found.objects_missing),
            *(f"objects_orphan {x}" for x in found.objects_orphan),
            *(f"keys_missing {x}" for x in keys_bad),
            *(f"index_missing {x}" for x in index_missing),
            *(f"index_extra {x}" for x in index_extra),
            *(f"fixity_bad {x} {verdict}" for x, verdict in bad),
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

    def _expected(self) -> tuple[list[ExpectedRef], list[UUID]]:
        with self._tools.database.read() as session:
            refs = [
                ExpectedRef(x.document_id, x.object_key, x.version, x.size)
                for x in session.scalars(select(RenditionRow))
            ]
            known = {x.object_key for x in refs}
            for item in session.execute(
                select(ItemRow.document_id, ItemRow.object_key, ItemRow.size).where(
                    ItemRow.state != ItemState.DISCARDED
                )
            ):
                if item.object_key and item.object_key not in known:
                    refs.append(ExpectedRef(item.document_id, item.object_key, 1, item.size))
            sealed = list(
                session.scalars(
                    select(PupilRow.id).where(
                        PupilRow.bsn_sealed.is_not(None) | PupilRow.education_number_sealed.is_not(None)
                    )
                )
            )
        return refs, sealed

    def _objects(self) -> Findings:
        refs, sealed = self._expected()
        before = self._tools.clock.now() - ORPHAN_AGE
        return reconcile(refs, self._tools.vault.store, self._tools.vault.keys, before, sealed=sealed)

    def _key_faults(self, found: Findings) -> list[str]:
        """Keys that are lost, and those that are not the same in both copies of the key store."""
        apart = self._tools.vault.keys.compare()
        return [
            *(str(x) for x in found.keys_missing),
            *(f"{x} copy" for x in sorted(apart.only_primary)),
            *(f"{x} first" for x in sorted(apart.only_copy)),
            *(f"{x} different" for x in sorted(apart.different)),
            *(f"{x} digest" for x in sorted(apart.digest_scopes)),
        ]

    def _index_differences(self) -> tuple[list[UUID], list[UUID], list[UUID]]:
        """(live placements that the index lacks or shows in an old state, entries that are not live placements,
        documents to bring up to date). Documents that still wait for the indexer are no difference.
        """
        with self._tools.database.read() as session:
            wanted = {
                placement: (document, version)
                for placement, document, version in session.execute(
                    select(PlacementRow.id, PlacementRow.document_id, DocumentRow.index_version)
                    .join(DocumentRow, DocumentRow.id == PlacementRow.document_id)
                    .where(PlacementRow.state == PlacementState.ACTIVE)
                )
            }
        present = {} if self._index.needs_rebuild() else dict(self._index.placement_ids())
        waiting = pending_documents(self._tools.database)
        missing = [p for p, (d, v) in wanted.items() if present.get(p) != v and d not in waiting]
        extra = [p for p in present if p not in wanted]
        return missing, extra, [wanted[p][0] for p in missing]

    def _fixity(self) -> list[tuple[str, str]]:
        with self._tools.database.read() as session:
            brins = {x.id: x.brin for x in session.scalars(select(SchoolRow))}
            digests = {
                (document_id, number): (digest, digest_scope(brins[school_id]))
                for document_id, number, digest, school_id in session.execute(
                    select(
                        DocumentVersionRow.document_id,
                        DocumentVersionRow.number,
                        DocumentVersionRow.digest,
                        DocumentRow.school_id,
                    ).join(DocumentRow, DocumentRow.id == DocumentVersionRow.document_id)
                )
            }
            refs = []
            for row in session.scalars(select(RenditionRow)):
                digest, scope = (
                    digests.get((row.document_id, row.version), (None, None))
                    if row.kind is Rendition.ORIGINAL
                    else (None, None)
                )
                refs.append(ExpectedRef(row.document_id, row.object_key, row.version, row.size, digest, scope))
        verdicts = fixity(refs, self._tools.vault)
        return [
            (ref.object_key, verdict.value)
            for ref, verdict in verdicts
            if verdict not in (Fixity.GOOD, Fixity.OBJECT_MISSING, Fixity.KEY_MISSING)
        ]

    def _repair(self, found: Findings, documents: list[UUID], extra: list[UUID]) -> dict[str, int]:
        apart = self._tools.vault.keys.compare()
        left = self._tools.vault.keys.heal() if apart else apart
        for key in found.objects_orphan:
            self._tools.vault.delete(key)
        with self._tools.database.begin() as uow:
            for document_id in dict.fromkeys(documents):
                uow.after_commit(INDEX, document_id)
            for placement_id in extra:
                uow.after_commit(UNINDEX, placement_id)
        return {
            "keys_missing": apart.count - left.count,
            "objects_orphan": len(found.objects_orphan),
            "index_missing": len(documents),
            "index_extra": len(extra),
        }


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
