"""The family's side: plans that wait, reading one, and answering it, confirmed with the password or a code of the app.

Whether somebody is still entitled is asked at every request: by the rules of who signs, and by the gate for reading.
"""

from collections.abc import Iterator
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import (
    CarerRow,
    DocumentRow,
    PlacementRow,
    PupilRow,
    SchoolRow,
    SigningAnswerRow,
    SigningRequestRow,
    UserRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.text import N_
from dms.model.documents import Rendition
from dms.model.events import By, EventKind
from dms.model.portal import DOOR, Door
from dms.model.signing import Answer, Method, SigningState
from dms.services import passwords
from dms.services.filing import log_act
from dms.services.portal.looks import ensure_logged
from dms.services.portal.papers import admitted_placements
from dms.services.renditions import page_views, rendition_row, stream
from dms.services.shapes import Content
from dms.services.sign_in import budgets, codes
from dms.services.signing import rows
from dms.services.signing.shapes import ToSign
from dms.services.signing.signers import entitled_to_sign
from dms.services.tools import Tools, full_name
from rights.rules.actions import Action
from rights.service.gate import Gate


class Answering:
    """What a carer or pupil does with plans that were put before her."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def mine(self, by: By) -> tuple[ToSign, ...]:
        """Plans that the person may read and is or was asked about; those that wait first."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            found = [self._view(session, *x) for x in _own(gate)]
            return tuple(sorted(found, key=lambda x: (not x.waits, x.ends_on)))

    def waiting(self, by: By) -> int:
        """How many plans wait for the person."""
        return sum(x.waits for x in self.mine(by))

    def one(self, by: By, request_id: UUID) -> ToSign:
        """One plan with its pages; that it was opened is recorded. Raises NotFound."""
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            request, row = _mine(gate, request_id)
            details: dict[str, str | int | bool | None] = {"person": str(row.carer_id or "")}
            uow.record(rows.event(EventKind.SIGNING_OPENED, by, request, details))
            seen: dict[str, str | int | bool | None] = {"version": request.version, DOOR: Door.PORTAL.value}
            place = _readable(gate, request)
            log_act(uow, by, EventKind.DOCUMENT_SEEN, request.document_id, [place] if place else [], seen)
            if row.opened_at is None:
                row.opened_at = uow.now
            return self._view(uow.session, request, row, pages=True)

    def picture(self, by: By, request_id: UUID, page: int) -> Content:
        """The picture of a page of the version that was put before the person; it belongs to a look that was logged, or
        is one itself. Raises NotFound.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            request, _ = _mine(gate, request_id)
            found = rendition_row(session, request.document_id, request.version, Rendition.PAGE, page)
            place = _readable(gate, request)
            if found is None or place is None:
                raise NotFound
            ensure_logged(self._tools, session, by, request.document_id, request.version, [place])
        return stream(self._tools.vault, found, "")

    def answer(self, by: By, request_id: UUID, answer: Answer, remark: str, proof: str) -> None:
        """Answer for good. `proof`: the person's password, or a code of the app where there is one.

        Raises NotFound, Conflict (too late, answered, another version), BadInput (wrong proof, remark missing).
        """
        said = rows.checked_remark(remark)
        if answer is Answer.NOT_AGREED and not said:
            raise BadInput(
                N_("Schrijf erbij waarom u het er niet mee eens bent."),
                N_("Een paar woorden zijn genoeg."),
                code="remark_missing",
            )
        with self._tools.database.begin() as uow:
            method = self._answer(uow, by, request_id, answer, said, proof)
        if method is None:
            raise BadInput(
                N_("Het wachtwoord of de code klopt niet."),
                N_("Probeer het opnieuw. Na een paar keer moet u even wachten."),
                code="proof_wrong",
            )

    def _answer(
        self, uow: UnitOfWork, by: By, request_id: UUID, answer: Answer, remark: str, proof: str
    ) -> Method | None:
        """How the person confirmed; None when that went wrong, which is recorded too."""
        request = rows.locked(uow.session, request_id)
        gate = Gate(uow.session, by.user_id, uow.today)
        request, row = _mine(gate, request_id)
        rows.require_open(request, uow.today)
        document = uow.session.get_one(DocumentRow, request.document_id)
        if document.current_version != request.version:
            raise Conflict(
                N_("Er is intussen een nieuwe versie van dit plan."),
                N_("U krijgt die versie apart. Deze hoeft u niet meer te ondertekenen."),
                code="other_version",
            )
        if row.answer is not None:
            raise Conflict(N_("U hebt al geantwoord."), N_("Wilt u iets anders zeggen? Neem contact op met de school."))
        method = self._confirmed(uow, gate.actor.user_id, proof)
        person = str(row.carer_id or "")
        if method is None:
            uow.record(rows.event(EventKind.SIGNING_REFUSED, by, request, {"person": person}))
            return None
        row.answer, row.method, row.answered_at = answer, method, uow.now
        row.remark_sealed = rows.seal(self._tools, request.document_id, rows.remark_column(row.id), remark)
        uow.record(
            rows.event(
                EventKind.SIGNING_ANSWERED,
                by,
                request,
                {"answer": answer.value, "method": method.value, "person": person},
            )
        )
        uow.flush()
        rows.tell_asker(uow, request)
        rows.spare_letters(uow, request)
        rows.close_when_complete(uow, by, request)
        return method

    def _confirmed(self, uow: UnitOfWork, user_id: UUID, proof: str) -> Method | None:
        """Whether the person is who she was at signing in; wrong tries cost time, whatever they tried."""
        key = budgets.key_of("signing", str(user_id))
        if not budgets.allowed(uow, key):
            return None
        user = uow.session.get_one(UserRow, user_id)
        method = None
        code = "".join(proof.split())
        if (
            code.isdigit()
            and codes.app_since(uow.session, user_id)
            and codes.use(uow, self._tools.vault, user_id, code)
        ):
            method = Method.CODE
        elif proof and passwords.verified(user.password_hash, proof):
            method = Method.PASSWORD
        if method is None:
            budgets.wrong(uow, key, user_id)
        else:
            budgets.right(uow, key)
        return method

    def _view(
        self, session: Session, request: SigningRequestRow, row: SigningAnswerRow, *, pages: bool = False
    ) -> ToSign:
        user_id = rows.user_of(session, request, row)
        return ToSign(
            request.id,
            request.document_id,
            request.pupil_id,
            rows.title_of(session, request),
            full_name(session.get_one(PupilRow, request.pupil_id)),
            session.get_one(SchoolRow, request.school_id).name,
            request.ends_on,
            SigningState.ENDED
            if request.state is SigningState.OPEN and request.ends_on < self._tools.clock.today()
            else request.state,
            row.answer,
            row.answered_at,
            rows.unseal(self._tools, request.document_id, rows.remark_column(row.id), row.remark_sealed),
            row.method is Method.PAPER,
            page_views(session, request.document_id, request.version) if pages else (),
            request.version,
            user_id is not None and codes.app_since(session, user_id) is not None,
        )


def _own(gate: Gate) -> Iterator[tuple[SigningRequestRow, SigningAnswerRow]]:
    """What the person is or was asked about and may read now: by the rule of who signs, and by the gate."""
    user_id = gate.actor.user_id
    if gate.actor.disabled:
        return
    found = gate.session.execute(
        select(SigningRequestRow, SigningAnswerRow, PupilRow)
        .join(SigningAnswerRow, SigningAnswerRow.request_id == SigningRequestRow.id)
        .join(PupilRow, PupilRow.id == SigningRequestRow.pupil_id)
        .outerjoin(CarerRow, CarerRow.id == SigningAnswerRow.carer_id)
        .where(
            (CarerRow.user_id == user_id) | (SigningAnswerRow.carer_id.is_(None) & (PupilRow.user_id == user_id)),
            SigningAnswerRow.lapsed_at.is_(None),
            SigningRequestRow.state.not_in((SigningState.WITHDRAWN, SigningState.SUPERSEDED)),
        )
        .order_by(SigningRequestRow.asked_at.desc())
    ).all()
    for request, row, pupil in found:
        place = _readable(gate, request)
        if place is None:
            continue
        entitled = {x.carer_id for x in entitled_to_sign(gate.session, pupil, place.category, gate.today)}
        if row.carer_id in entitled:
            yield request, row


def _mine(gate: Gate, request_id: UUID) -> tuple[SigningRequestRow, SigningAnswerRow]:
    found = next((x for x in _own(gate) if x[0].id == request_id), None)
    if found is None:
        raise NotFound
    return found


def _readable(gate: Gate, request: SigningRequestRow) -> PlacementRow | None:
    places = admitted_placements(
        gate.session, lambda: gate.visible(Action.READ), PlacementRow.document_id == request.document_id
    )
    return next((x for x in places if x.pupil_id == request.pupil_id), None)
