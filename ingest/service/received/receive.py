"""Takes a package in: encrypted first, then proven, then its papers set apart to be read. Never into a dossier.

A package that came before (same school, same `pakket_id`) does nothing and says so. One that is refused leaves no byte
behind, only a line in the log.
"""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from sqlalchemy import delete, exists, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dms.db.tables import ItemRow, ReceivedPackageRow, ReceivedPartRow, RenditionRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, DmsError
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.documents import Rendition, Source
from dms.model.events import By, Event, EventKind
from dms.model.received import PartChoice, ReceivedState
from dms.services.catalogue import categories
from dms.services.shapes import Hints, SchoolView
from dms.services.tools import Tools, school_by_brin
from ingest.rules.dossier_zip.entries import EntryLimits
from ingest.service.bounded import GIGABYTE, bounded_archive
from ingest.service.dossier_survey import VaultFile, buffered
from ingest.service.names import clean_name
from ingest.service.receive import Receive
from ingest.service.received.access import VERSION, must_review
from ingest.service.received.content import COLUMN
from ingest.service.received.matching import sure_pupil
from ingest.service.received.reading import Opened, Part, opened
from storage.vault import StoredRef

MOST_BYTES = 5 * GIGABYTE
MOST_PARTS = 1000


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A package that is in quarantine; `again`: it was here already and nothing was done."""

    id: UUID
    state: ReceivedState
    papers: int
    faults: int
    intake_id: UUID | None
    again: bool = False


class ReceivePackages:
    """The way in for packages. `scratch` is a private folder for what must be a file for a moment."""

    def __init__(self, tools: Tools, receive: Receive, limits: EntryLimits, scratch: Path) -> None:
        self._tools = tools
        self._receive = receive
        self._limits = limits
        self._scratch = scratch

    def receive(self, by: By, brin: str, chunks: Iterable[bytes]) -> TakenIn:
        """Take a package in; returns once everything is stored and proven.

        Raises BadInput with the reason for one that is refused, NotFound for who may not receive here.
        """
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            must_review(session, by, school, self._tools)
        self._sweep()
        received_id = new_id()
        vault = self._tools.vault
        kept = False
        try:
            ref = vault.put(received_id, "original", VERSION, bounded_archive(chunks, MOST_BYTES))
            if not ref.size_plain:
                raise BadInput(N_("Er is geen bestand ontvangen."), N_("Kies een overstapdossier."), code="empty_file")
            source = buffered(VaultFile(vault, received_id, ref.object_key, VERSION, ref.size_plain))
            with self._opened(source, school) as package:
                found = self._known(school.id, package.package_id)
                if found is not None:
                    return found
                taken = self._keep(by, school, received_id, ref, package)
            kept = not taken.again
            return taken
        except BadInput as fault:
            self._refused(by, school, received_id, fault)
            raise
        finally:
            if not kept:
                vault.delete_all(received_id)
                vault.destroy_key(received_id)

    @contextmanager
    def _opened(self, source: BinaryIO, school: SchoolView) -> Iterator[Opened]:
        """The package, with a private folder beside it that goes at the end."""
        self._scratch.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (
            tempfile.TemporaryDirectory(dir=self._scratch) as folder,
            opened(source, school.brin, Path(folder), self._limits) as package,
        ):
            yield package

    def _keep(self, by: By, school: SchoolView, received_id: UUID, ref: StoredRef, package: Opened) -> TakenIn:
        if len(package.parts) > MOST_PARTS:
            raise BadInput(
                N_("In dit pakket zitten meer dan %(most)d stukken."),
                N_("Vraag de afzender om het in delen te sturen."),
                code="package_too_many",
                params={"most": MOST_PARTS},
            )
        whole = [x for x in package.parts if x.fault is None and x.open is not None]
        intake_id = None
        if whole:
            intake_id = self._receive.receive(
                by,
                school.brin,
                Source.TRANSFER,
                [(x.name, x.open()) for x in whole if x.open is not None],
                Hints(trusted=False, origin={"transfer": str(received_id), "brin": package.sender.brin}),
                idempotency_key=f"transfer:{package.package_id}"[:100],
            )
        try:
            with self._tools.database.begin() as uow:
                self._rows(uow, by, school, received_id, ref, package, whole, intake_id)
        except IntegrityError:
            found = self._known(school.id, package.package_id)  # the same package came twice at once
            if found is None:
                raise
            return found
        faults = len(package.parts) - len(whole)
        return TakenIn(received_id, ReceivedState.QUARANTINED, len(package.parts), faults, intake_id)

    def _rows(
        self,
        uow: UnitOfWork,
        by: By,
        school: SchoolView,
        received_id: UUID,
        ref: StoredRef,
        package: Opened,
        whole: list[Part],
        intake_id: UUID | None,
    ) -> None:
        pupil_id = sure_pupil(uow.session, self._tools.vault, school, package.told.pupil)
        uow.session.add(
            ReceivedPackageRow(
                id=received_id,
                board_id=school.board_id,
                school_id=school.id,
                package_id=package.package_id,
                format=package.format,
                state=ReceivedState.QUARANTINED,
                kind=package.kind,
                sender_brin=package.sender.brin[:4],
                sender_site=package.sender.site[:2],
                sender_name=package.sender.name[:200],
                frozen_at=package.frozen_at,
                mark=package.mark,
                size=ref.size_plain,
                object_key=ref.object_key,
                content_sealed=self._tools.vault.seal(received_id, COLUMN, package.told.to_bytes()),
                intake_id=intake_id,
                pupil_id=pupil_id,
                actor_kind=by.kind,
                received_by=by.user_id,
                created_at=uow.now,
            )
        )
        uow.session.add(_object_row(received_id, ref, uow))
        uow.flush()
        known = {k for k, v in categories(uow.session, school.board_id).items() if v.active}
        items = _items(uow.session, intake_id)
        place = {x.number: n for n, x in enumerate(whole)}
        for part in package.parts:
            uow.session.add(_part_row(received_id, part, known, items[place[part.number]] if part in whole else None))
        uow.record(
            Event(
                EventKind.RECEIVED_PACKAGE_IN,
                by,
                school.board_id,
                school.id,
                object_kind="received_package",
                object_id=received_id,
                details={"from": package.sender.brin, "papers": len(package.parts), "format": package.format.value},
            )
        )

    def _known(self, school_id: UUID, package_id: str) -> TakenIn | None:
        with self._tools.database.read() as session:
            row = session.scalar(
                select(ReceivedPackageRow).where(
                    ReceivedPackageRow.school_id == school_id, ReceivedPackageRow.package_id == package_id
                )
            )
            if row is None:
                return None
            parts = session.scalars(select(ReceivedPartRow).where(ReceivedPartRow.received_id == row.id)).all()
            faults = sum(1 for x in parts if x.item_id is None)
            return TakenIn(row.id, row.state, len(parts), faults, row.intake_id, again=True)

    def _refused(self, by: By, school: SchoolView, received_id: UUID, fault: DmsError) -> None:
        with self._tools.database.begin() as uow:
            uow.record(
                Event(
                    EventKind.RECEIVED_PACKAGE_REFUSED,
                    by,
                    school.board_id,
                    school.id,
                    object_kind="received_package",
                    object_id=received_id,
                    details={"reason": fault.code},
                )
            )

    def _sweep(self) -> None:
        """Let go of the files of packages that were decided on, where that did not happen at once."""
        with self._tools.database.read() as session:
            over = session.scalars(
                select(ReceivedPackageRow.id).where(
                    ReceivedPackageRow.state != ReceivedState.QUARANTINED,
                    exists().where(RenditionRow.document_id == ReceivedPackageRow.id),
                )
            ).all()
        for received_id in over:
            erase_file(self._tools, received_id)


def erase_file(tools: Tools, received_id: UUID) -> None:
    """The package's own file goes: key first, then bytes, then the row by which they were known. Can be repeated."""
    tools.vault.destroy_key(received_id)
    tools.vault.delete_all(received_id)
    with tools.database.begin() as uow:
        uow.session.execute(delete(RenditionRow).where(RenditionRow.document_id == received_id))


def _items(session: Session, intake_id: UUID | None) -> list[UUID]:
    if intake_id is None:
        return []
    return list(session.scalars(select(ItemRow.id).where(ItemRow.intake_id == intake_id).order_by(ItemRow.part)))


def _part_row(received_id: UUID, part: Part, known: set[str], item_id: UUID | None) -> ReceivedPartRow:
    fault = part.fault
    return ReceivedPartRow(
        received_id=received_id,
        number=part.number,
        name=clean_name(part.name),
        title=" ".join(part.title.split())[:300],
        size=part.size,
        category_sent=part.category[:40],
        category=part.category if part.category in known else None,
        document_date=part.document_date,
        fields=part.fields,
        redacted=part.redacted,
        choice=PartChoice.TAKE if fault is None else PartChoice.LEAVE,
        reason_code=fault.code if fault is not None else "",
        reason_text=fault.text if fault is not None else "",
        reason_params=dict(fault.params) if fault is not None else {},
        item_id=item_id,
    )


def _object_row(received_id: UUID, ref: StoredRef, uow: UnitOfWork) -> RenditionRow:
    """The row by which checks know that the bytes belong to something."""
    return RenditionRow(
        document_id=received_id,
        version=VERSION,
        kind=Rendition.ORIGINAL,
        page=0,
        object_key=ref.object_key,
        media_type="application/octet-stream",
        size=ref.size_plain,
        created_at=uow.now,
    )
