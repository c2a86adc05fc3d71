"""Preparing, releasing and deciding: two people for a pack, and the pack's own life until its term is over.

The pack is encrypted under a key of its own. Six weeks after the release, when nobody can go to court about it any
more, key and bytes are destroyed and the dossier's hold ends.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import BoardRow, PupilRow, RenditionRow, SchoolRow, SubjectPackRow, SubjectRequestRow
from dms.kernel.clock import legal_date
from dms.kernel.errors import Conflict, NotFound
from dms.kernel.ids import new_id
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import Rendition
from dms.model.events import SYSTEM, By, EventKind
from dms.model.requests import WITH_PACK, Decision, RequestKind, RequestState
from dms.services.renditions import stream
from dms.services.requests import holding, pack_page, words
from dms.services.requests.access import require_desk, require_releaser
from dms.services.requests.decision_page import Decided, letter
from dms.services.requests.desks import at_desks
from dms.services.requests.missing import items_of, missing
from dms.services.requests.pack_facts import PackFacts, facts_of
from dms.services.requests.pack_words import ACTS, role
from dms.services.requests.registry import log, open_row
from dms.services.rights.access_log import AccessLog
from dms.services.shapes import Content
from dms.services.tools import Tools, full_name
from dms.wire.plain_zip import plain_zip
from rights.service.gate import Gate

VERSION = 1
KEEPS_HOLD = (RequestKind.RESTRICTION,)


class NotReady(Conflict):
    """A request that cannot be prepared or released yet; the message says what lacks."""

    code = "request_not_ready"

    def __init__(self, lacks: tuple[Reason, ...]) -> None:
        super().__init__(
            N_("Dit verzoek is nog niet vrijgegeven. %(lacks)s"),
            N_("Doe dit eerst. Daarna geeft de functionaris gegevensbescherming het vrij."),
            params={"lacks": " ".join(str(x) for x in lacks)},
        )
        self.lacks = lacks


class Releasing:
    """From prepared to answered."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def prepare(self, by: By, request_id: UUID, row_version: int) -> None:
        """Say that all is ready for the privacy officer. Raises NotFound, Conflict, `NotReady`."""
        with self._tools.database.begin() as uow:
            row = open_row(uow, by, request_id, row_version)
            _require_pack(row)
            if lacks := self._lacks(uow.session, row):
                raise NotReady(lacks)
            row.state, row.prepared_by, row.prepared_at = RequestState.PREPARED, by.user_id, uow.now
            log(uow, by, row, EventKind.REQUEST_PREPARED)

    def send_back(self, by: By, request_id: UUID, row_version: int, reason: str) -> None:
        """The privacy officer wants something changed first. Raises NotFound, Refused, Conflict, BadInput."""
        why = words.needed(reason)
        with self._tools.database.begin() as uow:
            row = open_row(uow, by, request_id, row_version)
            require_releaser(Gate(uow.session, by.user_id, uow.today), row)
            row.state, row.prepared_by, row.prepared_at = RequestState.OPEN, None, None
            words.keep(self._tools.vault, row, replace(words.told_of(self._tools.vault, row), return_note=why))
            log(uow, by, row, EventKind.REQUEST_RETURNED)

    def release(self, by: By, request_id: UUID, row_version: int) -> None:
        """The privacy officer lets the answer go: the pack is made and kept. Never by who prepared it.

        Raises NotFound, Refused, Conflict, `NotReady`.
        """
        lines = self._log_lines(by, request_id)
        pack_id = new_id()
        with self._tools.database.read() as session:
            row = session.get_one(SubjectRequestRow, request_id)
            self._check_release(by, Gate(session, by.user_id, self._tools.clock.today()), row, row_version)
            if lacks := self._lacks(session, row):
                raise NotReady(lacks)
            facts = facts_of(session, self._tools.vault, row, lines, self._tools.clock.today())
        ref = self._tools.vault.put(pack_id, "pack", VERSION, plain_zip(self._entries(facts)))
        with self._tools.database.begin() as uow:
            row = open_row(uow, by, request_id, row_version)
            self._check_release(by, Gate(uow.session, by.user_id, uow.today), row, row.row_version)
            if lacks := self._lacks(uow.session, row):
                raise NotReady(lacks)
            row.state, row.released_by, row.released_at = RequestState.RELEASED, by.user_id, uow.now
            row.closed_at = uow.now
            uow.session.add(
                SubjectPackRow(
                    id=pack_id,
                    request_id=row.id,
                    school_id=row.school_id,
                    size=ref.size_plain,
                    documents=sum(bool(x.file) for x in facts.documents),
                    made_at=uow.now,
                    ends_on=uow.today + holding.CONTESTED,
                    fetched=0,
                )
            )
            uow.session.add(
                RenditionRow(
                    document_id=pack_id,
                    version=VERSION,
                    kind=Rendition.ORIGINAL,
                    page=0,
                    object_key=ref.object_key,
                    media_type="application/zip",
                    size=ref.size_plain,
                    created_at=uow.now,
                )
            )
            log(uow, by, row, EventKind.REQUEST_RELEASED, {"documents": len(facts.documents), "bytes": ref.size_plain})

    def decide(self, by: By, request_id: UUID, row_version: int, decision: Decision, reason: str) -> None:
        """The privacy officer's answer to rectification, erasure or restriction, or a refusal of any request.

        Raises NotFound, Refused, Conflict, BadInput, `NotReady` before identity was established.
        """
        why = words.needed(reason)
        with self._tools.database.begin() as uow:
            row = open_row(uow, by, request_id, row_version)
            require_releaser(Gate(uow.session, by.user_id, uow.today), row)
            if row.kind in WITH_PACK and decision is not Decision.REFUSED:
                raise Conflict(
                    N_("Dit verzoek wordt beantwoord met een pakket."), N_("Bereid het voor en geef het vrij.")
                )
            lacks = self._lacks(uow.session, row)
            if decision is not Decision.REFUSED and lacks:
                raise NotReady(lacks)
            row.state, row.decision, row.closed_at = RequestState.DECIDED, decision, uow.now
            row.released_by, row.released_at = None, None
            words.keep(self._tools.vault, row, replace(words.told_of(self._tools.vault, row), decision_reason=why))
            if row.kind not in KEEPS_HOLD or decision is Decision.REFUSED:
                holding.let_go(uow, by, row)
            log(uow, by, row, EventKind.REQUEST_DECIDED, {"decision": decision.value})

    def pack(self, by: By, request_id: UUID) -> Content:
        """The pack as a ZIP; taking it is logged. Raises NotFound, `NotReady` before the release with what lacks, and
        Conflict when its term is over.
        """
        with self._tools.database.begin() as uow:
            row = uow.session.get(SubjectRequestRow, request_id)
            if row is None:
                raise NotFound
            require_desk(Gate(uow.session, by.user_id, uow.today), row.school_id, row.board_id)
            if row.state is not RequestState.RELEASED:
                lacks = self._lacks(uow.session, row)
                raise NotReady((*lacks, _RELEASE) if row.kind in WITH_PACK else lacks)
            pack = uow.session.scalars(
                select(SubjectPackRow).where(SubjectPackRow.request_id == row.id, SubjectPackRow.destroyed_at.is_(None))
            ).first()
            stored = _stored(uow.session, pack)
            if pack is None or stored is None:
                raise Conflict(
                    N_("Dit pakket is vernietigd: de termijn is om."), N_("Registreer zo nodig een nieuw verzoek.")
                )
            pack.fetched += 1
            log(uow, by, row, EventKind.REQUEST_PACK_FETCHED)
            number = row.number
        return stream(self._tools.vault, stored, f"verzoek-{number}.zip")

    def letter(self, by: By, request_id: UUID) -> Content:
        """The decision as a letter (PDF); taking it is logged. Raises NotFound, Conflict before there is a decision."""
        with self._tools.database.begin() as uow:
            row = uow.session.get(SubjectRequestRow, request_id)
            if row is None:
                raise NotFound
            require_desk(Gate(uow.session, by.user_id, uow.today), row.school_id, row.board_id)
            if row.state is not RequestState.DECIDED or row.decision is None or row.closed_at is None:
                raise Conflict(N_("Er is nog geen besluit."), N_("Neem eerst een besluit."))
            told = words.told_of(self._tools.vault, row)
            raw = letter(
                Decided(
                    number=row.number,
                    kind=row.kind,
                    school=uow.session.get_one(SchoolRow, row.school_id).name,
                    board=uow.session.get_one(BoardRow, row.board_id).name,
                    pupil=full_name(uow.session.get_one(PupilRow, row.pupil_id)),
                    asker=told.asker_name,
                    asked=told.asked,
                    received_on=row.received_on,
                    decided_on=legal_date(row.closed_at),
                    decision=row.decision,
                    reason=told.decision_reason,
                )
            )
            log(uow, by, row, EventKind.REQUEST_PACK_FETCHED, {"what": "decision"})
            return Content(iter([raw]), "application/pdf", len(raw), f"besluit-verzoek-{row.number}.pdf")

    def sweep(self) -> int:
        """Destroy packs whose term is over, or whose request is gone. Returns how many."""
        today = self._tools.clock.today()
        known = select(SubjectRequestRow.id)
        with self._tools.database.read() as session:
            due = session.scalars(
                select(SubjectPackRow.id).where(
                    SubjectPackRow.destroyed_at.is_(None),
                    or_(SubjectPackRow.ends_on <= today, SubjectPackRow.request_id.not_in(known)),
                )
            ).all()
        for pack_id in due:
            self._destroy(pack_id)
        return len(due)

    def _destroy(self, pack_id: UUID) -> None:
        """Key first: from there no copy can be read. Done twice it is done once."""
        self._tools.vault.destroy_key(pack_id)
        self._tools.vault.delete_all(pack_id)
        with self._tools.database.begin() as uow:
            pack = uow.session.get_one(SubjectPackRow, pack_id, with_for_update=True)
            pack.destroyed_at = uow.now
            uow.session.execute(delete(RenditionRow).where(RenditionRow.document_id == pack_id))
            row = uow.session.get(SubjectRequestRow, pack.request_id)
            if row is None:
                uow.session.delete(pack)
            else:
                holding.let_go(uow, SYSTEM, row)
                log(uow, SYSTEM, row, EventKind.REQUEST_PACK_DESTROYED)

    def _lacks(self, session: Session, row: SubjectRequestRow) -> tuple[Reason, ...]:
        return missing(session, row, items_of(session, row), len(at_desks(session, self._tools.vault, row)))

    def _check_release(self, by: By, gate: Gate, row: SubjectRequestRow, row_version: int) -> None:
        require_releaser(gate, row)
        if row.row_version != row_version or row.state is not RequestState.PREPARED:
            raise NotReady((Reason("not_prepared", N_("Iemand moet het eerst klaarzetten.")),))
        if row.prepared_by == by.user_id:
            raise Conflict(
                N_("U zette dit verzoek zelf klaar. Een ander geeft het vrij."),
                N_("Laat een collega het klaarzetten."),
                code="second_person",
            )

    def _log_lines(self, by: By, request_id: UUID) -> tuple[tuple[datetime, str, str], ...]:
        """The log of the pupil in plain words, staff by role. Raises NotFound, also for who is not the officer."""
        with self._tools.database.read() as session:
            row = session.get(SubjectRequestRow, request_id)
            if row is None:
                raise NotFound
            require_releaser(Gate(session, by.user_id, self._tools.clock.today()), row)
            pupil_id = row.pupil_id
        _, lines = AccessLog(self._tools).for_subject(by, pupil_id)
        return tuple((x.at, ACTS.get(x.group, "gewijzigd"), role(x.who)) for x in lines)

    def _entries(self, facts: PackFacts) -> Iterator[tuple[str, Iterator[bytes]]]:
        for name, data in (
            ("index.html", pack_page.html_page(facts)),
            ("overzicht.pdf", pack_page.pdf_page(facts)),
            ("documenten.csv", pack_page.documents_csv(facts)),
            ("logboek.csv", pack_page.log_csv(facts)),
            ("gegevens.json", pack_page.data_json(facts)),
        ):
            yield name, iter([data])
        for document in facts.documents:
            if document.file and document.rendition is not None:
                yield document.file, iter(stream(self._tools.vault, document.rendition, "").chunks)


_RELEASE = Reason("not_released", N_("De functionaris gegevensbescherming moet het nog vrijgeven."))


def _require_pack(row: SubjectRequestRow) -> None:
    if row.kind not in WITH_PACK:
        raise Conflict(N_("Dit verzoek krijgt een besluit, geen pakket."), N_("Neem een besluit."))


def _stored(session: Session, pack: SubjectPackRow | None) -> RenditionRow | None:
    if pack is None:
        return None
    return session.scalar(select(RenditionRow).where(RenditionRow.document_id == pack.id))
