"""Accepting a package, paper by paper, or rejecting it as a whole; and the answer that goes back to the sender.

Accepting makes documents in the ordinary way of filing, in one transaction. A person files what her own lines reach;
the rest waits for a colleague, and the package is done when nothing waits any more.
"""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select

from dms.db.tables import (
    DocumentVersionRow,
    DossierRow,
    ItemRow,
    PlacementRow,
    ReceivedPackageRow,
    ReceivedPartRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, Refused
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.catalogue import Category
from dms.model.documents import ItemState, PlacementState
from dms.model.events import By, Event, EventKind
from dms.model.received import PartChoice, ReceivedState
from dms.services.catalogue import categories
from dms.services.tools import Tools
from dms.wire.transfer_answer import FORMAT as ANSWER_FORMAT
from dms.wire.transfer_answer import REFUSED, TAKEN
from ingest.service.claims import facts
from ingest.service.duplicates_found import must_not_be_destroyed
from ingest.service.erase import ERASE
from ingest.service.file import file_row, settle
from ingest.service.received.access import decided, package_of
from ingest.service.received.receive import erase_file
from ingest.service.received.review import UNREAD, parts_of, record, wanted_category
from ingest.service.received.shapes import Accepted
from ingest.service.state import Filing
from ingest.service.steps import RECEIVED
from rights.rules.actions import Action
from rights.service.gate import Gate

ANSWER_VERSION = 1
LEAST_REASON, MOST_REASON = 8, 500
MOST_FIELDS, LONGEST_NAME, LONGEST_VALUE = 50, 60, 500
REJECTED = Reason("package_rejected", N_("Het pakket is geweigerd."))
LEFT = Reason("package_left", N_("Niet overgenomen uit het pakket."))
THERE = Reason("duplicate", N_("Dit stuk zit al in het dossier van deze leerling."))


class Decide:
    """Decisions on packages. The operator of the machine takes none: a person with rights must."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def accept(self, by: By, received_id: UUID, row_version: int | None = None) -> Accepted:
        """Put every chosen paper that the person may add into the dossier that was chosen.

        Raises NotFound, Conflict when somebody decided or a paper is still being read, BadInput while nobody said
        whose it is or what a paper is, Refused where the person may add none of it.
        """
        with self._tools.database.begin() as uow:
            row, _, gate = package_of(uow.session, by, received_id, self._tools, lock=True)
            if row.state is not ReceivedState.QUARANTINED:
                raise decided()
            if row_version is not None and row.row_version != row_version:
                raise decided()
            if gate is None:
                raise Refused(N_("Alleen een medewerker kan een pakket aannemen."), N_("Geef met --user wie het doet."))
            if row.pupil_id is None:
                raise BadInput(
                    N_("Het is nog niet gekozen van welke leerling dit pakket is."),
                    N_("Kies een leerling, of schrijf de leerling in. Naam en geboortedatum beslissen niet vanzelf."),
                    code="no_pupil",
                )
            dossier = uow.session.scalars(select(DossierRow).where(DossierRow.pupil_id == row.pupil_id)).one()
            done = self._file(uow, by, row, gate, dossier)
            row.row_version += 1
            if not done.waiting:
                self._close(uow, by, row, ReceivedState.ACCEPTED, LEFT)
            record(
                uow,
                EventKind.RECEIVED_PACKAGE_ACCEPTED,
                by,
                row,
                documents=len(done.documents),
                duplicates=done.duplicates,
                waiting=done.waiting,
            )
            uow.flush()
            result = Accepted(done.documents, done.duplicates, done.waiting, row.state)
        if result.state is ReceivedState.ACCEPTED:
            erase_file(self._tools, received_id)
        return result

    def reject(self, by: By, received_id: UUID, reason: str) -> None:
        """Take nothing of it; everything goes, and the reason goes back with the answer.

        Raises NotFound, Conflict, BadInput without a reason. A package of which something is in a dossier already
        cannot be rejected any more.
        """
        reason = " ".join(reason.split())
        if not LEAST_REASON <= len(reason) <= MOST_REASON:
            raise BadInput(
                N_("Geef een reden van %(least)d tot %(most)d tekens."),
                N_("De afzender krijgt deze reden te lezen. Noem geen namen van anderen."),
                code="reason_missing",
                params={"least": LEAST_REASON, "most": MOST_REASON},
            )
        with self._tools.database.begin() as uow:
            row, _, _ = package_of(uow.session, by, received_id, self._tools, lock=True)
            if row.state is not ReceivedState.QUARANTINED:
                raise decided()
            if any(x is not None and x.state is ItemState.FILED for _, x in parts_of(uow.session, row.id)):
                raise Conflict(
                    N_("Een deel van dit pakket zit al in een dossier."),
                    N_("Kies bij de andere stukken: niet overnemen. Neem het pakket daarna aan."),
                    code="package_half",
                )
            row.reject_reason = reason
            row.row_version += 1
            self._close(uow, by, row, ReceivedState.REJECTED, REJECTED)
            record(uow, EventKind.RECEIVED_PACKAGE_REJECTED, by, row, note=reason)
        erase_file(self._tools, received_id)

    def answer(self, by: By, received_id: UUID) -> bytes:
        """The answer for the sender: which package, what became of it, why. No names. Raises NotFound, Conflict."""
        with self._tools.database.read() as session:
            row, school, _ = package_of(session, by, received_id, self._tools)
            if row.state is ReceivedState.QUARANTINED or row.decided_at is None:
                raise Conflict(
                    N_("Over dit pakket is nog niet beslist."),
                    N_("Neem het eerst aan of weiger het; dan is er een antwoord."),
                    code="package_open",
                )
            papers = [{"nummer": part.number, "uitkomst": _fate(item)} for part, item in parts_of(session, row.id)]
            told: dict[str, Any] = {
                "formaat": ANSWER_FORMAT,
                "versie": ANSWER_VERSION,
                "pakket_id": row.package_id,
                "controle": row.mark,
                "ontvangst_id": str(row.id),
                "afzender": {"brin": row.sender_brin, "vestiging": row.sender_site},
                "ontvanger": {"brin": school.brin, "naam": school.name},
                "uitkomst": TAKEN if row.state is ReceivedState.ACCEPTED else REFUSED,
                "reden": row.reject_reason,
                "op": row.decided_at.isoformat(),
                "stukken": papers,
            }
            return (json.dumps(told, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()

    def _file(self, uow: UnitOfWork, by: By, row: ReceivedPackageRow, gate: Gate, dossier: DossierRow) -> Accepted:
        known = categories(uow.session, row.board_id)
        made: list[UUID] = []
        duplicates, waiting, taken = 0, 0, 0
        for part, item in parts_of(uow.session, row.id):
            if part.choice is not PartChoice.TAKE or item is None:
                continue
            if item.state in UNREAD:
                raise Conflict(
                    N_("Nog niet alle stukken van dit pakket zijn gelezen."),
                    N_("Wacht een paar minuten en probeer het opnieuw."),
                    code="package_unread",
                )
            if item.state is not ItemState.QUARANTINED or item.reason_code != RECEIVED.code:
                continue
            wanted = wanted_category(part, item, known)
            if wanted is None:
                raise BadInput(
                    N_("Van stuk %(number)d is de categorie niet bekend."),
                    N_("Kies een categorie, of kies dat het stuk niet wordt overgenomen."),
                    code="no_category",
                    params={"number": part.number},
                )
            taken += 1
            if not gate.scope(Action.ADD).admits(gate.place_for(dossier, wanted.code, wanted.level)):
                waiting += 1
            elif self._one(uow, by, row, part, item, dossier, wanted):
                made.append(item.document_id)
            else:
                duplicates += 1
        if taken and waiting == taken:
            raise Refused(
                N_("U mag geen van deze stukken aan dit dossier toevoegen."),
                N_("Vraag een collega die dat wel mag, bijvoorbeeld van het zorgteam."),
            )
        return Accepted(tuple(made), duplicates, waiting, row.state)

    def _one(
        self,
        uow: UnitOfWork,
        by: By,
        row: ReceivedPackageRow,
        part: ReceivedPartRow,
        item: ItemRow,
        dossier: DossierRow,
        wanted: Category,
    ) -> bool:
        """File one paper; False where the same bytes lie in the dossier already."""
        there = uow.session.scalar(
            select(DocumentVersionRow.document_id)
            .join(PlacementRow, PlacementRow.document_id == DocumentVersionRow.document_id)
            .where(
                DocumentVersionRow.digest == item.digest,
                PlacementRow.dossier_id == dossier.id,
                PlacementRow.state == PlacementState.ACTIVE,
            )
            .limit(1)
        )
        if there is not None:
            settle(item, uow, ItemState.DUPLICATE, THERE)
            item.duplicate_of = there
            uow.record(_event(EventKind.ITEM_DUPLICATE, by, item, THERE.code))
            return False
        must_not_be_destroyed(uow.session, item)
        filing = Filing(
            pupil_id=dossier.pupil_id,
            category=wanted,
            document_date=part.document_date or item.document_date,
            title=part.title or item.title or wanted.name,
            confidence=None,
            reason=Reason("received_from", N_("Ontvangen van %(brin)s."), {"brin": row.sender_brin}),
            confirmed_by=by.user_id,
            fields=_bounded(part.fields),
            by=by,
        )
        file_row(uow, facts(uow.session, item), item, filing)
        return True

    def _close(self, uow: UnitOfWork, by: By, row: ReceivedPackageRow, state: ReceivedState, reason: Reason) -> None:
        """Decide, and let everything go that is in no dossier."""
        for _, item in parts_of(uow.session, row.id):
            if item is not None and item.state not in (ItemState.FILED, ItemState.DISCARDED, ItemState.DUPLICATE):
                settle(item, uow, ItemState.DISCARDED, reason)
                uow.after_commit(ERASE, item.document_id)
                uow.record(_event(EventKind.ITEM_DISCARDED, by, item, reason.code))
        row.state, row.decided_by, row.decided_at = state, by.user_id, uow.now
        row.content_sealed, row.object_key = None, ""
        uow.flush()


def _bounded(fields: Mapping[str, Any]) -> dict[str, str]:
    """The metadata as the sender spells them: also those that the category does not have here, for they were true."""
    return {str(k)[:LONGEST_NAME]: str(v)[:LONGEST_VALUE] for k, v in list(fields.items())[:MOST_FIELDS]}


def _fate(item: ItemRow | None) -> str:
    if item is None:
        return "onbruikbaar"
    return {ItemState.FILED: "overgenomen", ItemState.DUPLICATE: "was er al"}.get(item.state, "niet overgenomen")


def _event(kind: EventKind, by: By, item: ItemRow, reason: str) -> Event:
    return Event(
        kind,
        by,
        item.board_id,
        item.school_id,
        object_kind="item",
        object_id=item.id,
        details={"reason": reason},
    )
