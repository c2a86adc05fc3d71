"""What the parts of signing share: rows, their events, sealed words, closing. Within somebody's transaction."""

from datetime import date, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dms.db.tables import (
    CarerRow,
    DocumentRow,
    LetterChoiceRow,
    PlacementRow,
    PupilRow,
    SigningAnswerRow,
    SigningRequestRow,
    UserRow,
)
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.ids import new_id
from dms.kernel.text import N_
from dms.model.documents import PlacementState, Rendition
from dms.model.events import By, Event, EventKind
from dms.model.letters import LetterKind
from dms.model.signing import SigningState
from dms.services.notices.ending import unneeded
from dms.services.notices.post import Letter, Param, language_of, post
from dms.services.renditions import rendition_row, stream
from dms.services.signing.signers import Entitled, entitled_to_sign
from dms.services.tools import Tools

FAMILY_PAGE = "/portaal/ondertekenen"
MOST_REMARK = 2000
LEAST_DAYS, PROPOSED_DAYS, MOST_DAYS = 1, 14, 60
REMIND_BEFORE = timedelta(days=3)


def event(
    kind: EventKind, by: By, request: SigningRequestRow, details: dict[str, str | int | bool | None] | None = None
) -> Event:
    """The line in the log of an act about a request."""
    return Event(
        kind,
        by,
        request.board_id,
        request.school_id,
        request.pupil_id,
        object_kind="signing",
        object_id=request.id,
        details={"document": str(request.document_id), "version": request.version, **(details or {})},
    )


def locked(session: Session, request_id: UUID) -> SigningRequestRow:
    """The request as it is now, held until the end of the transaction. Raises NotFound."""
    row = session.scalar(
        select(SigningRequestRow)
        .where(SigningRequestRow.id == request_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound
    return row


def require_open(row: SigningRequestRow, today: date) -> None:
    """Raises Conflict when no answer counts any more."""
    if row.state is not SigningState.OPEN or row.ends_on < today:
        raise Conflict(
            N_("Antwoorden kan niet meer: dit verzoek is afgelopen."),
            N_("Neem contact op met de school."),
            code="signing_closed",
        )


def placement_of(session: Session, request: SigningRequestRow) -> PlacementRow | None:
    """Where the plan lies in the pupil's dossier; None when it lies there no more."""
    return session.scalar(
        select(PlacementRow).where(
            PlacementRow.document_id == request.document_id,
            PlacementRow.pupil_id == request.pupil_id,
            PlacementRow.state == PlacementState.ACTIVE,
        )
    )


def answers_of(session: Session, request_id: UUID) -> list[SigningAnswerRow]:
    """The rows of everybody who is or was asked."""
    return list(
        session.scalars(
            select(SigningAnswerRow)
            .outerjoin(CarerRow, CarerRow.id == SigningAnswerRow.carer_id)
            .where(SigningAnswerRow.request_id == request_id)
            .order_by(SigningAnswerRow.carer_id.is_(None), CarerRow.name, SigningAnswerRow.id)
        )
    )


def hash_of(tools: Tools, session: Session, document_id: UUID, version: int) -> str:
    """SHA-256 of the file of a version, 64 hexadecimal characters. Raises NotFound, Unreadable."""
    row = rendition_row(session, document_id, version, Rendition.ORIGINAL)
    if row is None:
        raise NotFound
    found = sha256()
    for chunk in stream(tools.vault, row, "").chunks:
        found.update(chunk)
    return found.hexdigest()


def seal(tools: Tools, document_id: UUID, column: str, text: str) -> bytes | None:
    """Words about a plan, sealed under its key; None for none."""
    return tools.vault.seal(document_id, column, text.encode()) if text else None


def unseal(tools: Tools, document_id: UUID, column: str, sealed: bytes | None) -> str:
    """The words again."""
    return "" if sealed is None else tools.vault.unseal(document_id, column, sealed).decode()


def remark_column(answer_id: UUID) -> str:
    """Under what a remark is sealed."""
    return f"signing-remark-{answer_id}"


def hash_column(request_id: UUID) -> str:
    """Under what the hash of the file is sealed."""
    return f"signing-hash-{request_id}"


def open_request(
    tools: Tools,
    uow: UnitOfWork,
    by: By,
    placement: PlacementRow,
    version: int,
    digest: str,
    ends_on: date,
    asker: UUID,
) -> SigningRequestRow:
    """A new request with a row for everybody who is entitled today, recorded; letters are posted."""
    request_id = new_id()
    row = SigningRequestRow(
        id=request_id,
        board_id=placement.board_id,
        school_id=placement.school_id,
        pupil_id=placement.pupil_id,
        document_id=placement.document_id,
        version=version,
        hash_sealed=seal(tools, placement.document_id, hash_column(request_id), digest),
        asked_by=asker,
        asked_at=uow.now,
        ends_on=ends_on,
        state=SigningState.OPEN,
    )
    uow.session.add(row)
    uow.flush()
    people = entitled_to_sign(uow.session, uow.session.get_one(PupilRow, row.pupil_id), placement.category, uow.today)
    for person in people:
        add_signer(uow, row, person)
    uow.record(event(EventKind.SIGNING_ASKED, by, row, {"people": len(people), "until": ends_on.isoformat()}))
    return row


def add_signer(uow: UnitOfWork, request: SigningRequestRow, person: Entitled) -> None:
    """Ask one person, by letter too where the person has an account and wants that."""
    uow.session.add(SigningAnswerRow(id=new_id(), request_id=request.id, carer_id=person.carer_id))
    uow.flush()
    if person.user_id is not None:
        write_to(uow, request, person.user_id, LetterKind.SIGNING_ASKED)


def write_to(uow: UnitOfWork, request: SigningRequestRow, user_id: UUID, kind: LetterKind) -> bool:
    """Post a letter about the request to somebody who is asked; whether one goes."""
    params: dict[str, Param] = {"until": request.ends_on, "page": FAMILY_PAGE}
    return post(uow, Letter(kind, user_id, request.school_id, language_of(uow, user_id), params)) is not None


def tell_asker(uow: UnitOfWork, request: SigningRequestRow) -> None:
    """Post a letter to who put the plan before people: so many answers by now."""
    count = uow.session.scalar(
        select(func.count())
        .select_from(SigningAnswerRow)
        .where(SigningAnswerRow.request_id == request.id, SigningAnswerRow.answer.is_not(None))
    )
    params: dict[str, Param] = {"count": count or 0, "page": f"/ondertekenen/{request.id}"}
    letter = Letter(
        LetterKind.SIGNING_ANSWERED, request.asked_by, request.school_id, language_of(uow, request.asked_by), params
    )
    post(uow, letter)


def close_when_complete(uow: UnitOfWork, by: By, request: SigningRequestRow) -> bool:
    """Close the request when nobody's answer is missing; whether it was."""
    rows = [x for x in answers_of(uow.session, request.id) if x.lapsed_at is None]
    if not rows or any(x.answer is None for x in rows):
        return False
    close(uow, by, request, SigningState.COMPLETE)
    return True


def close(uow: UnitOfWork, by: By, request: SigningRequestRow, state: SigningState) -> None:
    """No answer counts from now on. The statement follows by the clock (`following.py`)."""
    request.state, request.closed_at = state, uow.now
    uow.record(event(EventKind.SIGNING_CLOSED, by, request, {"state": state.value}))
    uow.flush()
    spare_letters(uow, request)


def spare_letters(uow: UnitOfWork, request: SigningRequestRow) -> None:
    """Letters about a plan that wait in somebody's bundle are dropped when no plan of the school waits for her any
    more: else a weekly mail asks for what was answered on the first day.
    """
    for row in uow.session.scalars(select(SigningAnswerRow).where(SigningAnswerRow.request_id == request.id)).all():
        user_id = user_of(uow.session, request, row)
        if user_id is None:
            continue
        waits = uow.session.scalar(
            select(SigningAnswerRow.id)
            .join(SigningRequestRow, SigningRequestRow.id == SigningAnswerRow.request_id)
            .join(PupilRow, PupilRow.id == SigningRequestRow.pupil_id)
            .outerjoin(CarerRow, CarerRow.id == SigningAnswerRow.carer_id)
            .where(
                (CarerRow.user_id == user_id) | (SigningAnswerRow.carer_id.is_(None) & (PupilRow.user_id == user_id)),
                SigningRequestRow.school_id == request.school_id,
                SigningRequestRow.state == SigningState.OPEN,
                SigningAnswerRow.answer.is_(None),
                SigningAnswerRow.lapsed_at.is_(None),
            )
            .limit(1)
        )
        if waits is None:
            unneeded(uow, user_id, request.school_id, (LetterKind.SIGNING_ASKED, LetterKind.SIGNING_REMINDED))


def user_of(session: Session, request: SigningRequestRow, row: SigningAnswerRow) -> UUID | None:
    """The account of somebody who is asked."""
    if row.carer_id is None:
        return session.scalar(select(PupilRow.user_id).where(PupilRow.id == request.pupil_id))
    return session.scalar(select(CarerRow.user_id).where(CarerRow.id == row.carer_id))


def gets_mail(session: Session, user_id: UUID, kind: LetterKind) -> bool:
    """Whether the person asked for letters of this kind."""
    return session.get(LetterChoiceRow, (user_id, kind)) is not None


def title_of(session: Session, request: SigningRequestRow) -> str:
    """What the plan is called now."""
    return session.scalar(select(DocumentRow.title).where(DocumentRow.id == request.document_id)) or ""


def name_of(session: Session, user_id: UUID | None) -> str:
    """The name of an account."""
    return (session.scalar(select(UserRow.name).where(UserRow.id == user_id)) or "") if user_id else ""


def checked_remark(text: str) -> str:
    """Somebody's own words about a plan. Raises BadInput for too many."""
    remark = text.replace("\r\n", "\n").strip()
    if len(remark) > MOST_REMARK:
        raise BadInput(
            N_("De opmerking is te lang."), N_("Houd het bij %(most)d tekens."), params={"most": MOST_REMARK}
        )
    return remark
