"""The overview for who puts plans before people: who answered what, who did not. Only of plans that she may read."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    CarerRow,
    DocumentRow,
    ItemRow,
    PlacementRow,
    PupilCarerRow,
    PupilRow,
    SigningAnswerRow,
    SigningRequestRow,
)
from dms.kernel.errors import NotFound
from dms.model.events import By
from dms.model.letters import LetterKind
from dms.model.signing import Answer, SigningState
from dms.services.rights.officers import names_of
from dms.services.signing import rows
from dms.services.signing.shapes import Signer, SigningLine, SigningView
from dms.services.signing.signers import opened_in_portal
from dms.services.tools import Tools, full_name, groups_today, school_by_brin
from rights.rules.actions import Action
from rights.service.gate import Gate

MOST = 200


class Overview:
    """Requests of a school, within the reach of whoever asks."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def requests(self, by: By, brin: str, *, closed: bool = False) -> tuple[SigningLine, ...]:
        """The open requests, those that end first on top; or the closed ones, newest first. Raises NotFound."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            gate = Gate(session, by.user_id, self._tools.clock.today())
            state = SigningRequestRow.state
            which = state != SigningState.OPEN if closed else state == SigningState.OPEN
            order = SigningRequestRow.closed_at.desc() if closed else SigningRequestRow.ends_on
            found = session.scalars(
                _reachable(gate).where(SigningRequestRow.school_id == school.id, which).order_by(order).limit(MOST)
            ).all()
            return tuple(self._lines(gate, found))

    def of_document(self, by: By, document_id: UUID) -> tuple[SigningLine, ...]:
        """Every request about a document that the person may read, newest first; for a statement the one that it is of.
        Empty for others.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            stated = select(ItemRow.intake_id).where(ItemRow.document_id == document_id)
            found = session.scalars(
                _reachable(gate)
                .where(
                    or_(SigningRequestRow.document_id == document_id, SigningRequestRow.statement_intake_id.in_(stated))
                )
                .order_by(SigningRequestRow.asked_at.desc())
            ).all()
            return tuple(self._lines(gate, found))

    def one(self, by: By, request_id: UUID) -> SigningView:
        """One request with everybody's answer. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            request = session.scalar(_reachable(gate).where(SigningRequestRow.id == request_id))
            if request is None:
                raise NotFound
            placement = rows.placement_of(session, request)
            (line,) = self._lines(gate, [request])
            return SigningView(
                line,
                rows.unseal(self._tools, request.document_id, rows.hash_column(request.id), request.hash_sealed),
                rows.name_of(session, request.asked_by),
                self.signers(session, request),
                request.reminded_at,
                request.closed_at,
                session.scalar(
                    select(DocumentRow.id)
                    .join(ItemRow, ItemRow.id == DocumentRow.item_id)
                    .where(ItemRow.intake_id == request.statement_intake_id)
                )
                if request.statement_intake_id
                else None,
                session.get_one(DocumentRow, request.document_id).current_version,
                bool(gate.placements(request.document_id, Action.SHARE)),
                placement is not None and opened_in_portal(session, request.school_id, placement.category, gate.today),
            )

    def signers(self, session: Session, request: SigningRequestRow) -> tuple[Signer, ...]:
        """Everybody who is or was asked. Asks no rights: callers have."""
        found = rows.answers_of(session, request.id)
        names = names_of(session, (x.recorded_by for x in found))
        return tuple(self._signer(session, request, x, names.get(x.recorded_by or request.id, "")) for x in found)

    def _signer(self, session: Session, request: SigningRequestRow, row: SigningAnswerRow, recorder: str) -> Signer:
        user_id = rows.user_of(session, request, row)
        if row.carer_id is None:
            name, relation = full_name(session.get_one(PupilRow, request.pupil_id)), ""
        else:
            carer = session.get(CarerRow, row.carer_id)
            name = carer.name if carer else ""
            relation = (
                session.scalar(
                    select(PupilCarerRow.relation).where(
                        PupilCarerRow.carer_id == row.carer_id, PupilCarerRow.pupil_id == request.pupil_id
                    )
                )
                or ""
            )
        return Signer(
            row.id,
            row.carer_id,
            name,
            relation,
            user_id is not None,
            user_id is not None and rows.gets_mail(session, user_id, LetterKind.SIGNING_ASKED),
            row.answer,
            row.method,
            rows.unseal(self._tools, request.document_id, rows.remark_column(row.id), row.remark_sealed),
            row.answered_at,
            row.day,
            recorder,
            row.proof_document_id,
            row.opened_at,
            row.lapsed_at is not None,
        )

    def _lines(self, gate: Gate, found: Iterable[SigningRequestRow]) -> list[SigningLine]:
        requests = list(found)
        pupils = {
            x.id: x
            for x in gate.session.scalars(select(PupilRow).where(PupilRow.id.in_({y.pupil_id for y in requests})))
        }
        groups = groups_today(gate.session, frozenset(pupils), gate.today)
        counts: dict[UUID, list[Answer | None]] = {}
        missing: dict[UUID, list[str | None]] = {}
        for request_id, answer, name in gate.session.execute(
            select(SigningAnswerRow.request_id, SigningAnswerRow.answer, CarerRow.name)
            .outerjoin(CarerRow, CarerRow.id == SigningAnswerRow.carer_id)
            .where(SigningAnswerRow.request_id.in_([x.id for x in requests]), SigningAnswerRow.lapsed_at.is_(None))
            .order_by(SigningAnswerRow.carer_id.is_(None), CarerRow.name)
        ):
            counts.setdefault(request_id, []).append(answer)
            if answer is None:
                missing.setdefault(request_id, []).append(name)
        lines = []
        for one in requests:
            said = counts.get(one.id, [])
            pupil = full_name(pupils[one.pupil_id])
            lines.append(
                SigningLine(
                    one.id,
                    one.document_id,
                    rows.title_of(gate.session, one),
                    one.pupil_id,
                    pupil,
                    groups.get(one.pupil_id, ""),
                    one.version,
                    one.asked_at,
                    one.ends_on,
                    one.state,
                    len(said),
                    sum(x is not None for x in said),
                    said.count(Answer.NOT_AGREED),
                    one.state is SigningState.OPEN and one.ends_on < gate.today,
                    tuple(x or pupil for x in missing.get(one.id, ())),
                )
            )
        return lines

    def open_count(self, by: By, brin: str) -> int:
        """How many requests wait for answers, for who can do something about it."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            gate = Gate(session, by.user_id, self._tools.clock.today())
            wanted = _reachable(gate, Action.SHARE).where(
                SigningRequestRow.school_id == school.id, SigningRequestRow.state == SigningState.OPEN
            )
            return session.scalar(select(func.count()).select_from(wanted.subquery())) or 0


def _reachable(gate: Gate, action: Action = Action.READ) -> Select[tuple[SigningRequestRow]]:
    return select(SigningRequestRow).where(
        select(PlacementRow.id)
        .where(
            PlacementRow.document_id == SigningRequestRow.document_id,
            PlacementRow.pupil_id == SigningRequestRow.pupil_id,
            gate.visible(action),
        )
        .exists()
    )
