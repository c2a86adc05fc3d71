"""What happens to requests by the clock: who became or is no longer entitled, new versions, reminders, the end, and the
statement in the dossier. Each request is a transaction of its own; doing it twice is doing it once.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from typing import Protocol
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import CategoryVersionRow, DocumentRow, PupilRow, SchoolRow, SigningRequestRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import DmsError, NotFound, Refused
from dms.log import place_of
from dms.model.documents import Source
from dms.model.events import SYSTEM, ActorKind, By, EventKind
from dms.model.letters import LetterKind
from dms.model.signing import SigningState
from dms.services.shapes import Hints
from dms.services.signing import rows
from dms.services.signing.overview import Overview
from dms.services.signing.signers import entitled_to_sign
from dms.services.signing.statement import Facts, pdf_of
from dms.services.tools import Tools, full_name

MOST = 200
STATED = (SigningState.COMPLETE, SigningState.ENDED, SigningState.SUPERSEDED)

log = structlog.get_logger(__name__)


class Receives(Protocol):
    """The one way in for bytes (`ingest.service.receive`), which stands on a floor above."""

    def __call__(
        self,
        by: By,
        brin: str,
        source: Source,
        files: Iterable[tuple[str, Iterable[bytes]]],
        hints: Hints | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> UUID:
        """Take files in; the id of the intake."""
        ...


class Following:
    """Called by the clock."""

    def __init__(self, tools: Tools, receive: Receives) -> None:
        self._tools = tools
        self._receive = receive
        self._overview = Overview(tools)

    def turn(self) -> int:
        """Look at every open request, then file the statements that wait; returns how many things changed."""
        return self._each(self._open(), self._follow) + self._each(self._unstated(), self._state)

    def _each(self, wanted: Iterable[UUID], act: Callable[[UUID], bool]) -> int:
        changed = 0
        for request_id in wanted:
            try:
                changed += act(request_id)
            except DmsError as fault:  # one plan that cannot be read now does not hold up the others
                log.warning("signing_waits", object_id=str(request_id), code=fault.code, at=place_of(fault))
        return changed

    def _open(self) -> list[UUID]:
        with self._tools.database.read() as session:
            return list(
                session.scalars(
                    select(SigningRequestRow.id)
                    .where(SigningRequestRow.state == SigningState.OPEN)
                    .order_by(SigningRequestRow.ends_on)
                )
            )

    def _unstated(self) -> list[UUID]:
        with self._tools.database.read() as session:
            return list(
                session.scalars(
                    select(SigningRequestRow.id)
                    .where(SigningRequestRow.state.in_(STATED), SigningRequestRow.statement_intake_id.is_(None))
                    .order_by(SigningRequestRow.closed_at)
                    .limit(MOST)
                )
            )

    def _follow(self, request_id: UUID) -> bool:
        """One open request. The hash of a new version is made before its transaction, which may wait for nothing."""
        with self._tools.database.read() as session:
            found = session.get(SigningRequestRow, request_id)
            version = session.scalar(
                select(DocumentRow.current_version).where(DocumentRow.id == found.document_id)
            ) if found else None  # fmt: skip
            if found is None or version is None:
                return False
            fresh = version != found.version
            if not fresh and not _moved(session, found, self._tools.clock.today()):
                return False
            digest = rows.hash_of(self._tools, session, found.document_id, version) if fresh else ""
        with self._tools.database.begin() as uow:
            request = rows.locked(uow.session, request_id)
            if request.state is not SigningState.OPEN:
                return False
            placement = rows.placement_of(uow.session, request)
            if placement is None:
                rows.close(uow, SYSTEM, request, SigningState.WITHDRAWN)
                return True
            if fresh:
                rows.close(uow, SYSTEM, request, SigningState.SUPERSEDED)
                ends = max(request.ends_on, uow.today + timedelta(days=rows.PROPOSED_DAYS))
                rows.open_request(self._tools, uow, SYSTEM, placement, version, digest, ends, request.asked_by)
                return True
            changed = _people(uow, request, placement.category)
            if request.ends_on < uow.today:
                if not rows.close_when_complete(uow, SYSTEM, request):
                    rows.close(uow, SYSTEM, request, SigningState.ENDED)
                return True
            return (changed and rows.close_when_complete(uow, SYSTEM, request)) or _remind(uow, request) or changed

    def _state(self, request_id: UUID) -> bool:
        """Bring the statement in, once; a statement without any answer is made too: that nobody answered is a fact."""
        made = self._statement(request_id)
        if made is None:
            return False
        asker, brin, pdf, hints = made
        name, key = f"ondertekening-{request_id}.pdf", f"signing-{request_id}"
        try:
            intake_id = self._receive(
                By(ActorKind.SYSTEM, asker), brin, Source.SIGNING, [(name, [pdf])], hints, idempotency_key=key
            )
        except (NotFound, Refused):  # who asked works here no more: a colleague looks at the statement
            intake_id = self._receive(SYSTEM, brin, Source.SIGNING, [(name, [pdf])], hints, idempotency_key=key)
        with self._tools.database.begin() as uow:
            request = rows.locked(uow.session, request_id)
            request.statement_intake_id = intake_id
            uow.record(rows.event(EventKind.SIGNING_FILED, SYSTEM, request, {"intake": str(intake_id)}))
        return True

    def _statement(self, request_id: UUID) -> tuple[UUID, str, bytes, Hints] | None:
        with self._tools.database.read() as session:
            request = session.get(SigningRequestRow, request_id)
            placement = rows.placement_of(session, request) if request is not None else None
            if request is None or placement is None or request.closed_at is None:
                return None
            school = session.get_one(SchoolRow, request.school_id)
            category = session.get_one(CategoryVersionRow, placement.category_version_id)
            title = rows.title_of(session, request)
            facts = Facts(
                number=str(request.id),
                school=school.name,
                brin=school.brin,
                pupil=full_name(session.get_one(PupilRow, request.pupil_id)),
                title=title,
                category=category.name,
                version=request.version,
                sha256=rows.unseal(self._tools, request.document_id, rows.hash_column(request.id), request.hash_sealed),
                asked_by=session.get_one(UserRow, request.asked_by).name,
                asked_at=request.asked_at,
                ends_on=request.ends_on,
                state=request.state,
                closed_at=request.closed_at,
                signers=self._overview.signers(session, request),
            )
            origin: Mapping[str, str | bool] = {"signing": str(request.id), "document": str(request.document_id)}
            hints = Hints(
                pupil_id=request.pupil_id,
                category=placement.category,
                document_date=self._tools.clock.today(),
                title=f"Ondertekening: {title}"[:300],
                level=placement.level,
                origin=origin,
            )
            return request.asked_by, school.brin, pdf_of(facts), hints


def _moved(session: Session, request: SigningRequestRow, today: date) -> bool:
    """Whether anything is to be done about an open request. Only reads: most of the time there is nothing."""
    placement = rows.placement_of(session, request)
    if placement is None or request.ends_on < today or _reminds(request, today):
        return True
    pupil = session.get_one(PupilRow, request.pupil_id)
    entitled = {x.carer_id for x in entitled_to_sign(session, pupil, placement.category, today)}
    known = [x for x in rows.answers_of(session, request.id) if x.lapsed_at is None]
    return bool(entitled - {x.carer_id for x in known} or {x.carer_id for x in known if x.answer is None} - entitled)


def _reminds(request: SigningRequestRow, today: date) -> bool:
    """Whether the one reminder that goes by itself is due: three days before the end, not on the day of asking."""
    soon = request.ends_on <= today + rows.REMIND_BEFORE
    return soon and request.reminded_at is None and request.asked_at.date() < today


def _people(uow: UnitOfWork, request: SigningRequestRow, category: str) -> bool:
    """Ask who became entitled, and no longer who is not; what was answered stays."""
    entitled = entitled_to_sign(uow.session, uow.session.get_one(PupilRow, request.pupil_id), category, uow.today)
    known = {x.carer_id: x for x in rows.answers_of(uow.session, request.id)}
    changed = False
    for person in entitled:
        row = known.get(person.carer_id)
        if row is None:
            rows.add_signer(uow, request, person)
        elif row.lapsed_at is not None:
            row.lapsed_at = None
        else:
            continue
        changed = True
    for carer_id, row in known.items():
        if row.answer is None and row.lapsed_at is None and carer_id not in {x.carer_id for x in entitled}:
            row.lapsed_at, changed = uow.now, True
    if changed:
        uow.record(rows.event(EventKind.SIGNING_CHANGED, SYSTEM, request, {"people": len(entitled)}))
        uow.flush()
    return changed


def _remind(uow: UnitOfWork, request: SigningRequestRow) -> bool:
    """One reminder by itself to who did not answer."""
    if not _reminds(request, uow.today):
        return False
    waiting = [x for x in rows.answers_of(uow.session, request.id) if x.answer is None and x.lapsed_at is None]
    users = [rows.user_of(uow.session, request, x) for x in waiting]
    sent = sum(rows.write_to(uow, request, x, LetterKind.SIGNING_REMINDED) for x in users if x)
    request.reminded_at = uow.now
    uow.record(rows.event(EventKind.SIGNING_REMINDED, SYSTEM, request, {"letters": sent}))
    return True
