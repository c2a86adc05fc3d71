"""The school's side: putting a plan before people, recording what was signed on paper, reminding, ending, overview."""

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, DocumentVersionRow, PlacementRow, PupilRow, SigningAnswerRow, SigningRequestRow
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.documents import Source
from dms.model.events import By, EventKind
from dms.model.letters import LetterKind
from dms.model.signing import SIGNABLE, Answer, Method, SigningState
from dms.services.signing import rows
from dms.services.signing.shapes import AskPage
from dms.services.signing.signers import entitled_to_sign, opened_in_portal
from dms.services.tools import Tools, full_name
from rights.rules.actions import Action
from rights.service.gate import Gate

MOST_PAPERS = 100


class Asking:
    """What who may share a plan does with it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def page(self, by: By, document_id: UUID) -> AskPage:
        """Who would be asked about a document, and until when. Raises NotFound, Refused, BadInput (not a plan)."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            document, placement = self._plan(gate, document_id)
            pupil = session.get_one(PupilRow, placement.pupil_id)
            people = entitled_to_sign(session, pupil, placement.category, gate.today)
            return AskPage(
                document.id,
                document.title,
                pupil.id,
                full_name(pupil),
                document.current_version,
                tuple((x.name, x.relation) for x in people),
                opened_in_portal(session, pupil.school_id, placement.category, gate.today),
                _open_one(session, document.id, pupil.id),
                placement.confirmed,
                gate.today + timedelta(days=rows.LEAST_DAYS),
                gate.today + timedelta(days=rows.MOST_DAYS),
                gate.today + timedelta(days=rows.PROPOSED_DAYS),
            )

    def signable(self, by: By, document_id: UUID) -> bool:
        """Whether the person could put this document before people."""
        try:
            self.page(by, document_id)
        except (NotFound, Refused, BadInput):
            return False
        return True

    def ask(self, by: By, document_id: UUID, ends_on: date) -> UUID:
        """Put the newest version before everybody who is entitled. Raises NotFound, Refused, BadInput, Conflict."""
        with self._tools.database.read() as session:
            document, _ = self._plan(Gate(session, by.user_id, self._tools.clock.today()), document_id)
            version = document.current_version
            digest = rows.hash_of(self._tools, session, document_id, version)
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            document, placement = self._plan(gate, document_id)
            uow.session.refresh(document, with_for_update=True)
            if document.current_version != version:
                raise Conflict(N_("Er kwam net een nieuwe versie."), N_("Bekijk die en leg haar dan voor."))
            if not placement.confirmed or by.user_id is None:
                raise BadInput(
                    N_("Dit document is vanzelf opgeborgen en nog door niemand bekeken."),
                    N_("Bevestig het eerst; daarna kunt u het voorleggen."),
                    code="not_confirmed",
                )
            _check_end(ends_on, uow.today)
            if _open_one(uow.session, document_id, placement.pupil_id) is not None:
                raise Conflict(N_("Dit plan ligt al voor."), N_("Kijk in het overzicht wie er nog moet antwoorden."))
            pupil = uow.session.get_one(PupilRow, placement.pupil_id)
            if not entitled_to_sign(uow.session, pupil, placement.category, uow.today):
                raise BadInput(
                    N_("Er is niemand aan wie dit plan kan worden voorgelegd."),
                    N_("Controleer de geboortedatum van de leerling, en van de ouders wie gezag heeft."),
                    code="nobody_to_ask",
                )
            return rows.open_request(self._tools, uow, by, placement, version, digest, ends_on, asker=by.user_id).id

    def on_paper(
        self, by: By, answer_id: UUID, answer: Answer, day: date, proof_document_id: UUID | None, remark: str = ""
    ) -> UUID:
        """Record what somebody signed on paper, with the document that shows it; the request's id. Raises NotFound,
        Refused, BadInput, Conflict.
        """
        with self._tools.database.begin() as uow:
            found = uow.session.get(SigningAnswerRow, answer_id)
            if found is None:
                raise NotFound
            request = rows.locked(uow.session, found.request_id)
            gate = self._reach(uow.session, by, request)
            row = uow.session.get_one(SigningAnswerRow, answer_id, populate_existing=True)
            rows.require_open(request, request.ends_on)  # paper may come in a little late, until it is closed
            if row.lapsed_at is not None:
                raise NotFound
            if row.answer is not None:
                raise Conflict(N_("Hier is al een antwoord van."), N_("Bekijk het antwoord in het overzicht."))
            if not request.asked_at.date() - timedelta(days=1) <= day <= uow.today:
                raise BadInput(
                    N_("De dag van de handtekening kan niet kloppen."),
                    N_("Geef de dag op het papier: niet in de toekomst en niet voor het voorleggen."),
                )
            if proof_document_id is None:
                raise BadInput(
                    N_("Er is nog geen document dat de handtekening laat zien."),
                    N_("Scan het papier naar het dossier en kies het hier."),
                    code="proof_missing",
                )
            _check_proof(gate, request, proof_document_id)
            row.answer, row.method, row.answered_at, row.day = answer, Method.PAPER, uow.now, day
            row.recorded_by, row.proof_document_id = by.user_id, proof_document_id
            row.remark_sealed = rows.seal(
                self._tools, request.document_id, rows.remark_column(row.id), rows.checked_remark(remark)
            )
            uow.record(
                rows.event(
                    EventKind.SIGNING_RECORDED,
                    by,
                    request,
                    {"answer": answer.value, "proof": str(proof_document_id), "person": str(row.carer_id or "")},
                )
            )
            uow.flush()
            rows.spare_letters(uow, request)
            rows.close_when_complete(uow, by, request)
            return request.id

    def papers(self, by: By, request_id: UUID) -> tuple[tuple[UUID, str, date | None], ...]:
        """Documents of the same dossier that can show a signature (id, title, date), newest first. Raises NotFound,
        Refused.
        """
        with self._tools.database.read() as session:
            request = session.get(SigningRequestRow, request_id)
            if request is None:
                raise NotFound
            gate = self._reach(session, by, request)
            found = session.execute(
                select(DocumentRow.id, DocumentRow.title, DocumentRow.document_date)
                .join(PlacementRow, PlacementRow.document_id == DocumentRow.id)
                .where(PlacementRow.pupil_id == request.pupil_id, gate.visible(Action.READ))
                .order_by(DocumentRow.created_at.desc())
                .limit(MOST_PAPERS)
            )
            return tuple((x, title, on) for x, title, on in found)

    def remind(self, by: By, request_id: UUID) -> int:
        """Write again to who did not answer; how many letters go. Raises NotFound, Refused, Conflict."""
        with self._tools.database.begin() as uow:
            request = rows.locked(uow.session, request_id)
            self._reach(uow.session, by, request)
            rows.require_open(request, uow.today)
            if request.reminded_at is not None and request.reminded_at > uow.now - timedelta(days=1):
                raise Conflict(N_("Er ging vandaag al een herinnering."), N_("Bel, of wacht tot morgen."))
            users = [
                rows.user_of(uow.session, request, x)
                for x in rows.answers_of(uow.session, request.id)
                if x.answer is None and x.lapsed_at is None
            ]
            sent = sum(rows.write_to(uow, request, x, LetterKind.SIGNING_REMINDED) for x in users if x)
            request.reminded_at = uow.now
            uow.record(rows.event(EventKind.SIGNING_REMINDED, by, request, {"letters": sent}))
            return sent

    def put_off(self, by: By, request_id: UUID, ends_on: date) -> None:
        """Give people more or less time. Raises NotFound, Refused, BadInput, Conflict."""
        with self._tools.database.begin() as uow:
            request = rows.locked(uow.session, request_id)
            self._reach(uow.session, by, request)
            rows.require_open(request, uow.today)
            _check_end(ends_on, uow.today)
            request.ends_on = ends_on
            uow.record(rows.event(EventKind.SIGNING_CHANGED, by, request, {"until": ends_on.isoformat()}))

    def end(self, by: By, request_id: UUID, *, withdraw: bool) -> None:
        """Stop asking: with a statement of what was answered, or (withdrawn) without. Raises NotFound, Refused,
        Conflict.
        """
        with self._tools.database.begin() as uow:
            request = rows.locked(uow.session, request_id)
            self._reach(uow.session, by, request)
            if request.state is not SigningState.OPEN:
                rows.require_open(request, uow.today)
            rows.close(uow, by, request, SigningState.WITHDRAWN if withdraw else SigningState.ENDED)

    def _plan(self, gate: Gate, document_id: UUID) -> tuple[DocumentRow, PlacementRow]:
        document, places = gate.require(document_id, Action.SHARE)
        if not gate.placements(document_id, Action.READ):
            raise Refused
        every = gate.session.scalars(
            select(PlacementRow.id).where(
                PlacementRow.document_id == document_id, PlacementRow.state == places[0].state
            )
        ).all()
        if len(every) != 1 or places[0].category not in SIGNABLE or document.source is Source.SIGNING:
            raise BadInput(
                N_("Dit document is geen plan van een leerling dat ondertekend wordt."),
                N_("Voorleggen kan met een ontwikkelingsperspectief (OPP) of een handelingsplan in één dossier."),
                code="not_signable",
            )
        return document, places[0]

    def _reach(self, session: Session, by: By, request: SigningRequestRow) -> Gate:
        gate = Gate(session, by.user_id, self._tools.clock.today())
        _, places = gate.require(request.document_id, Action.SHARE)
        if all(x.pupil_id != request.pupil_id for x in places):
            raise NotFound
        return gate


def _open_one(session: Session, document_id: UUID, pupil_id: UUID) -> UUID | None:
    return session.scalar(
        select(SigningRequestRow.id).where(
            SigningRequestRow.document_id == document_id,
            SigningRequestRow.pupil_id == pupil_id,
            SigningRequestRow.state == SigningState.OPEN,
        )
    )


def _check_end(ends_on: date, today: date) -> None:
    if not timedelta(days=rows.LEAST_DAYS) <= ends_on - today <= timedelta(days=rows.MOST_DAYS):
        raise BadInput(
            N_("Kies een einddatum van morgen tot over %(most)d dagen."),
            N_("Twee weken is gewoon."),
            code="end_wrong",
            params={"most": rows.MOST_DAYS},
        )


def _check_proof(gate: Gate, request: SigningRequestRow, document_id: UUID) -> None:
    """The proof lies in the same dossier, and is not the plan itself: a later version with signatures can be."""
    if all(x.pupil_id != request.pupil_id for x in gate.placements(document_id)):
        raise NotFound
    newest = gate.session.scalar(
        select(DocumentVersionRow.number)
        .where(DocumentVersionRow.document_id == document_id)
        .order_by(DocumentVersionRow.number.desc())
    )
    if document_id == request.document_id and newest == request.version:
        raise BadInput(
            N_("Dit is het plan zelf, zonder handtekening."), N_("Kies de scan waar de handtekening op staat.")
        )
