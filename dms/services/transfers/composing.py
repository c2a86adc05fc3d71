"""Composing a package: what goes along, to whom; and freezing it as parents will see it."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    PlacementRow,
    RenditionRow,
    SchoolRow,
    TransferDocumentRow,
    TransferPackageRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, DmsError
from dms.kernel.text import N_
from dms.model.documents import Rendition
from dms.model.events import By, EventKind
from dms.model.redaction import RedactionGround
from dms.model.transfer_package import DOSSIER, PackageFile, PackageInspection, PackageManifest
from dms.model.transfers import ON_THE_WAY, TransferState
from dms.services.renditions import stream
from dms.services.schools import checked_brin
from dms.services.tools import Tools
from dms.services.transfers.access import (
    Now,
    Sealed,
    has_national_number,
    held,
    need_all,
    need_state,
    now_of,
    pupil_for,
    record,
    seal_snapshot,
)
from dms.services.transfers.content import advice_column
from dms.services.transfers.facts import Candidate, candidates, choices, school_name
from dms.services.transfers.shapes import Order, Redactor
from dms.services.transfers.telling import ask_to_look
from dms.wire.plain_zip import LARGEST
from dms.wire.transfer_dossier import read_dossier, write_dossier
from dms.wire.transfer_manifest import snapshot_hash
from rights.rules.actions import Action
from rights.rules.transfer_gate import Going
from rights.service.gate import Gate

LONGEST_ADVICE = 500


class Composing:
    """Packages before they are sent."""

    def __init__(self, tools: Tools, redactor: Redactor) -> None:
        self._tools = tools
        self._redactor = redactor

    def compose(self, by: By, pupil_id: UUID, order: Order) -> UUID:
        """A new package: all that goes along by itself and that the person may share, and what is chosen.

        Raises NotFound, Refused, BadInput, Conflict for one that is under way to the same receiver already.
        """
        checked = _checked(order)
        with self._tools.database.begin() as uow:
            gate, pupil = pupil_for(uow.session, by, pupil_id, uow.today)
            school = uow.session.get_one(SchoolRow, pupil.school_id)
            if school.brin == checked.receiver_brin:
                raise BadInput(N_("De ontvanger is deze school zelf."), N_("Kies een andere ontvanger."))
            _need_none_under_way(uow.session, pupil_id, checked)
            row = TransferPackageRow(
                board_id=pupil.board_id,
                school_id=pupil.school_id,
                pupil_id=pupil.id,
                kind=checked.kind,
                receiver_brin=checked.receiver_brin,
                receiver_site=checked.receiver_site,
                receiver_name=checked.receiver_name or school_name(uow.session, checked.receiver_brin),
                registered_on=checked.registered_on,
                state=TransferState.CONCEPT,
                composed_by=by.user_id,
                created_at=uow.now,
            )
            uow.session.add(row)
            uow.flush()
            row.advice_sealed = self._advice(row, checked.advice)
            count = _take_up(uow, gate, by, row, set(checked.chosen))
            record(uow, EventKind.TRANSFER_COMPOSED, by, row, {"receiver": row.receiver_brin, "documents": count})
            package_id, asks = row.id, self._to_redact(uow.session, row, uow)
        self._ask(by, asks)
        return package_id

    def choose(self, by: By, package_id: UUID, along: Collection[UUID], row_version: int | None = None) -> None:
        """Of what may go along and the person may share: exactly these go. What was frozen is a concept again.

        Raises NotFound, Refused, Conflict, BadInput for a document that may not go.
        """
        with self._tools.database.begin() as uow:
            row, gate = held(uow.session, by, package_id, uow.today, row_version)
            need_state(row, TransferState.CONCEPT, TransferState.FROZEN)
            mine = _shareable(gate, by, candidates(uow.session, row.pupil_id, row.kind, uow.today))
            may = {x.document.id for x in mine if x.verdict.going is not Going.NEVER}
            if not may.issuperset(along):
                raise _may_not_go()
            uow.session.execute(
                delete(TransferDocumentRow).where(
                    TransferDocumentRow.package_id == row.id,
                    TransferDocumentRow.document_id.in_([x.document.id for x in mine]),
                )
            )
            _add(uow, row, {x: x in along for x in may})
            _thaw(row)
            record(uow, EventKind.TRANSFER_CHANGED, by, row, {"documents": len(along)})
            asks = self._to_redact(uow.session, row, uow)
        self._ask(by, asks)

    def change(
        self,
        by: By,
        package_id: UUID,
        *,
        registered_on: date | None,
        receiver_name: str | None = None,
        advice: str | None = None,
        row_version: int | None = None,
    ) -> None:
        """The day of registration at the receiver, and (None: as it was) the receiver's name and the advice; another
        advice is another snapshot. Raises NotFound, Refused, Conflict.
        """
        with self._tools.database.begin() as uow:
            row, _ = held(uow.session, by, package_id, uow.today, row_version)
            need_state(row, TransferState.CONCEPT, TransferState.FROZEN)
            row.registered_on = registered_on
            if receiver_name is not None:
                row.receiver_name = " ".join(receiver_name.split())[:200]
            if advice is not None:
                row.advice_sealed = self._advice(row, _short(advice))
            row.row_version += 1
            record(uow, EventKind.TRANSFER_CHANGED, by, row, {"registered": registered_on is not None})

    def freeze(self, by: By, package_id: UUID, row_version: int | None = None) -> str:
        """Fix the package as it is now, for inspection; the hash of the snapshot. What went along by itself and is new
        since the last time is taken up first. Raises NotFound, Refused, Conflict (something changed meanwhile, or
        copies without BSN are not there yet), BadInput.
        """
        with self._tools.database.begin() as uow:
            row, gate = held(uow.session, by, package_id, uow.today, row_version)
            need_state(row, TransferState.CONCEPT, TransferState.FROZEN)
            _take_up(uow, gate, by, row, set())
            asks = self._to_redact(uow.session, row, uow)
            row.row_version += 1
            record(uow, EventKind.TRANSFER_CHANGED, by, row)
            version = row.row_version
        self._ask(by, asks)
        with self._tools.database.read() as session:
            row, gate = held(session, by, package_id, self._tools.clock.today(), lock=False)
            frozen_at = self._tools.clock.now().replace(microsecond=0)
            now = now_of(session, self._tools.vault, row, frozen_at, self._tools.clock.today())
            _need_ready(now)
            need_all(gate, by, row, now.going)
            sources = _sources(session, now)
        files = [self._summed(path, source) for path, source in sources]  # reads every byte: outside a transaction
        if sum(x["size"] for x in files) > LARGEST // 2:
            raise BadInput(
                N_("Het pakket is te groot om te versturen."), N_("Laat grote bestanden weg."), code="package_too_large"
            )
        sealed = Sealed(write_dossier(now.content), tuple(files))
        if row.kind.to_swv and has_national_number(sealed.dossier, now.own_numbers):
            raise Conflict(
                N_("In een titel, bestandsnaam of kenmerk staat een BSN. Dat mag niet naar een samenwerkingsverband."),
                N_("Verander die tekst en leg het pakket daarna vast."),
                code="bsn_in_data",
            )
        snapshot = snapshot_hash(manifest_of(sealed))
        with self._tools.database.begin() as uow:
            row, _ = held(uow.session, by, package_id, uow.today, version)
            again = now_of(uow.session, self._tools.vault, row, frozen_at, uow.today)
            if again.basis != now.basis:
                raise Conflict(
                    N_("Terwijl het pakket werd vastgelegd, veranderde er iets in het dossier."),
                    N_("Leg het opnieuw vast."),
                    code="changed_meanwhile",
                )
            row.number += 1
            row.snapshot, row.basis = snapshot, now.basis
            row.sealed = seal_snapshot(self._tools.vault, row, sealed)
            row.frozen_at, row.frozen_by = frozen_at, by.user_id
            row.state = TransferState.FROZEN
            row.row_version += 1
            record(uow, EventKind.TRANSFER_FROZEN, by, row, {"number": row.number, "documents": len(files)})
            ask_to_look(uow, row, again)
        return snapshot

    def _summed(self, path: PackageFile, source: RenditionRow) -> dict[str, Any]:
        found, size = hashlib.sha256(), 0
        for piece in stream(self._tools.vault, source, path.path).chunks:
            found.update(piece)
            size += len(piece)
        return {
            "path": path.path,
            "category": path.category,
            "sha256": found.hexdigest(),
            "size": size,
            "rendition": str(source.id),
            "document": str(source.document_id),
            "version": source.version,
        }

    def _advice(self, row: TransferPackageRow, text: str) -> bytes | None:
        if not text:
            return None
        return self._tools.vault.seal(row.pupil_id, advice_column(row.id), text.encode("utf-8"))

    def _to_redact(self, session: Session, row: TransferPackageRow, uow: UnitOfWork) -> list[tuple[UUID, int]]:
        if not row.kind.to_swv:
            return []
        uow.flush()
        now = now_of(session, self._tools.vault, row, uow.now, uow.today)
        return [(x.document.id, x.version.number) for x in now.waiting_copies if x.document.id not in now.copies]

    def _ask(self, by: By, asks: Iterable[tuple[UUID, int]]) -> None:
        for document_id, version in asks:
            self._redactor(by, document_id, version, RedactionGround.SWV)


def manifest_of(sealed: Sealed, inspections: tuple[PackageInspection, ...] = ()) -> PackageManifest:
    """The manifest of a snapshot with what people answered."""
    content = read_dossier([sealed.dossier])
    files = [PackageFile(DOSSIER, hashlib.sha256(sealed.dossier).hexdigest(), len(sealed.dossier))]
    files += [PackageFile(x["path"], x["sha256"], x["size"], x["category"]) for x in sealed.files]
    return PackageManifest(
        package_id=content.package_id,
        sender=content.sender,
        receiver=content.receiver,
        kind=content.kind,
        frozen_at=content.frozen_at,
        categories={x.category: x.category_name for x in content.documents},
        files=tuple(files),
        inspections=inspections,
    )


def _checked(order: Order) -> Order:
    site = order.receiver_site.strip()
    if site and not (len(site) == 2 and site.isdecimal()):
        raise BadInput(N_("De vestiging is geen nummer van twee cijfers."), N_("Vul bijvoorbeeld 00 in."))
    brin = order.receiver_brin.strip().upper()
    if len(brin) == 6 and brin[4:].isdecimal() and not site:
        brin, site = brin[:4], brin[4:]
    return replace(
        order,
        receiver_brin=checked_brin(brin),
        receiver_site=site,
        receiver_name=" ".join(order.receiver_name.split())[:200],
        advice=_short(order.advice),
    )


def _short(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_ADVICE:
        raise BadInput(
            N_("Het advies is te lang (%(most)d tekens of minder)."),
            N_("Maak de tekst korter."),
            params={"most": LONGEST_ADVICE},
        )
    return text


def _need_none_under_way(session: Session, pupil_id: UUID, order: Order) -> None:
    found = session.scalar(
        select(TransferPackageRow.id).where(
            TransferPackageRow.pupil_id == pupil_id,
            TransferPackageRow.receiver_brin == order.receiver_brin,
            TransferPackageRow.state.in_(ON_THE_WAY),
        )
    )
    if found is not None:
        raise Conflict(
            N_("Er is al een pakket onderweg naar deze ontvanger."),
            N_("Werk dat pakket bij, of trek het eerst in."),
            code="under_way",
        )


def _shareable(gate: Gate, by: By, found: Iterable[Candidate]) -> list[Candidate]:
    """Those that the person may share and read now; an operator without an account shares nothing by choice."""
    rows = {x.placement.id: x for x in found}
    may = set(rows)
    for action in (Action.SHARE, Action.READ):
        may &= set(gate.session.scalars(select(PlacementRow.id).where(PlacementRow.id.in_(rows), gate.visible(action))))
    return [x for k, x in rows.items() if k in may]


def _take_up(uow: UnitOfWork, gate: Gate, by: By, row: TransferPackageRow, chosen: set[UUID]) -> int:
    """Add what nobody decided on yet, and drop what may not go any more; how many go along now."""
    found = candidates(uow.session, row.pupil_id, row.kind, uow.today)
    mine = {x.document.id: x for x in _shareable(gate, by, found) if x.verdict.going is not Going.NEVER}
    if not chosen <= set(mine):
        raise _may_not_go()
    decided = choices(uow.session, row.id)
    lasting = {x.document.id for x in found if x.verdict.going is not Going.NEVER}
    gone = [x for x in decided if x not in lasting]
    uow.session.execute(
        delete(TransferDocumentRow).where(
            TransferDocumentRow.package_id == row.id, TransferDocumentRow.document_id.in_(gone)
        )
    )
    new = {k: x.verdict.going is Going.ALONG or k in chosen for k, x in mine.items() if k not in decided}
    _add(uow, row, new)
    return sum(new.values()) + sum(v for k, v in decided.items() if k in lasting)


def _add(uow: UnitOfWork, row: TransferPackageRow, wanted: dict[UUID, bool]) -> None:
    uow.session.add_all(
        TransferDocumentRow(package_id=row.id, pupil_id=row.pupil_id, document_id=k, included=v)
        for k, v in wanted.items()
    )
    uow.flush()


def _thaw(row: TransferPackageRow) -> None:
    row.state = TransferState.CONCEPT
    row.row_version += 1


def _may_not_go() -> BadInput:
    return BadInput(
        N_("Een van de gekozen documenten mag niet mee."),
        N_("Kies alleen documenten die in het overzicht staan als: mag mee."),
        code="may_not_go",
    )


def _need_ready(now: Now) -> None:
    fault: DmsError | None = None
    if now.waiting_copies:
        fault = Conflict(
            N_("Nog niet van elk document is er een versie zonder BSN (nog %(count)d)."),
            N_("Wacht tot ze klaar zijn en controleer ze, of laat ze weg. Leg het pakket daarna vast."),
            code="not_redacted",
            params={"count": len(now.waiting_copies)},
        )
    if not now.going:
        fault = BadInput(
            N_("Er gaat nog geen enkel document mee."), N_("Kies eerst documenten."), code="nothing_chosen"
        )
    if fault is not None:
        raise fault


def _sources(session: Session, now: Now) -> list[tuple[PackageFile, RenditionRow]]:
    """Per file which object it is: the original as it came, or the copy without numbers."""
    found = []
    for one, paper in zip(now.going, now.content.documents, strict=True):
        if paper.redacted:
            source = session.get(RenditionRow, now.copies[one.document.id].rendition_id)
        else:
            source = session.scalar(
                select(RenditionRow).where(
                    RenditionRow.document_id == one.document.id,
                    RenditionRow.version == one.version.number,
                    RenditionRow.kind == Rendition.ORIGINAL,
                )
            )
        if source is None:
            raise Conflict(
                N_("Van een document zijn de bytes er niet."),
                N_("Meld dit aan de applicatiebeheerder (`dms check`)."),
                code="rendition_missing",
            )
        session.expunge(source)
        found.append((PackageFile(paper.path, "", 0, paper.category), source))
    return found
