"""Letting in what the virus scanner set apart: one person asks and says why, another decides."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import ItemRow, ReleaseRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import reached
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import ItemState
from dms.model.events import By, Event, EventKind
from dms.model.sources import ReleaseState
from dms.services.tools import Tools, school_by_brin
from ingest.service.file import settle
from ingest.service.malware import MALWARE
from rights.service.gate import Gate
from rights.service.places import desk_clauses

REASONS: Mapping[str, str] = {
    "false_alarm": N_("De scanner vergist zich: de afzender en het bestand zijn bekend"),
    "evidence": N_("Het moet bewaard blijven, ook al is er iets mee"),
    "checked": N_("Het bestand is door een deskundige nagekeken"),
}
"""Why somebody wants it in. Free text would be one more place for personal data."""

Details = dict[str, str | int | bool | None]
MOST = 100
RELEASED = Reason("released", N_("Vrijgegeven door twee collega's. Wordt gelezen."))


@dataclass(frozen=True, slots=True)
class SetApart:
    """An item that the scanner set apart, with the wish to let it in, if there is one. `mine`: the asker is you."""

    item_id: UUID
    name: str
    finding: str
    received: datetime
    asked_by: str = ""
    asked_at: datetime | None = None
    reason: str = ""
    mine: bool = False

    @property
    def asked(self) -> bool:
        """Whether somebody asked for it."""
        return self.asked_at is not None


class Quarantine:
    """What is set apart at a school, for who works at a desk there."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def view(self, by: By, item_id: UUID) -> SetApart:
        """One item. Raises NotFound unless it is set apart for a virus and the person works at a desk of its school."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            return _shown(session, _item(session, gate, item_id, lock=False), by)

    def list(self, by: By, brin: str) -> tuple[SetApart, ...]:
        """What is set apart at a school, newest first; none for who works at no desk there. Raises NotFound."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            gate = Gate(session, by.user_id, self._tools.clock.today())
            if not desk_clauses(gate, school.board_id, school.id):
                return ()
            rows = session.scalars(
                select(ItemRow)
                .where(
                    ItemRow.school_id == school.id,
                    ItemRow.state == ItemState.QUARANTINED,
                    ItemRow.reason_code == MALWARE,
                )
                .order_by(ItemRow.changed_at.desc())
                .limit(MOST)
            ).all()
            return tuple(_shown(session, x, by) for x in rows)

    def ask(self, by: By, item_id: UUID, reason: str) -> None:
        """Ask for it to be let in, for one of REASONS. Raises NotFound, BadInput, Conflict when somebody asked."""
        if reason not in REASONS:
            raise BadInput(N_("Er is geen reden gekozen."), N_("Kies waarom dit bestand toch binnen mag komen."))
        with self._tools.database.begin() as uow:
            row = _item(uow.session, Gate(uow.session, by.user_id, uow.today), item_id, lock=True)
            if _wish(uow.session, row.id) is not None:
                raise Conflict(N_("Een collega vroeg dit al."), N_("Iemand anders kan het nu vrijgeven."), code="asked")
            assert by.user_id is not None
            uow.session.add(
                ReleaseRow(
                    item_id=row.id, state=ReleaseState.ASKED, reason=reason, asked_by=by.user_id, asked_at=uow.now
                )
            )
            _record(uow, EventKind.RELEASE_ASKED, by, row, {"reason": reason})

    def decide(self, by: By, item_id: UUID, *, release: bool) -> None:
        """Let it in, or leave it where it is. Raises NotFound, Conflict without a wish, Refused on a wish of one's own.

        Who asked may take the wish back (`release` false).
        """
        with self._tools.database.begin() as uow:
            row = _item(uow.session, Gate(uow.session, by.user_id, uow.today), item_id, lock=True)
            wish = _wish(uow.session, row.id)
            if wish is None:
                raise Conflict(N_("Niemand heeft hierom gevraagd."), N_("Vraag er eerst om."), code="not_asked")
            if release and wish.asked_by == by.user_id:
                raise Refused(
                    N_("U kunt niet uw eigen aanvraag goedkeuren."),
                    N_("Vraag een collega om het bestand vrij te geven."),
                    code="two_persons",
                )
            wish.state = ReleaseState.RELEASED if release else ReleaseState.KEPT
            wish.decided_by, wish.decided_at = by.user_id, uow.now
            _record(uow, EventKind.RELEASE_DECIDED, by, row, {"released": release})
            if release:
                settle(row, uow, ItemState.WAITING, RELEASED)
                row.step, row.attempts, row.failures, row.available_at = "", 0, 0, uow.now
            uow.flush()
            reached("release.written")


def _item(session: Session, gate: Gate, item_id: UUID, *, lock: bool) -> ItemRow:
    row = session.get(ItemRow, item_id, with_for_update=lock)
    if row is None or row.state is not ItemState.QUARANTINED or row.reason_code != MALWARE:
        raise NotFound
    if not desk_clauses(gate, row.board_id, row.school_id):
        raise NotFound
    return row


def _wish(session: Session, item_id: UUID) -> ReleaseRow | None:
    return session.scalar(
        select(ReleaseRow).where(ReleaseRow.item_id == item_id, ReleaseRow.state == ReleaseState.ASKED)
    )


def _shown(session: Session, row: ItemRow, by: By) -> SetApart:
    finding = str(row.reason_params.get("finding", ""))
    wish = _wish(session, row.id)
    if wish is None:
        return SetApart(row.id, row.name, finding, row.created_at)
    who = session.get(UserRow, wish.asked_by)
    return SetApart(
        row.id,
        row.name,
        finding,
        row.created_at,
        who.name if who else "",
        wish.asked_at,
        REASONS.get(wish.reason, wish.reason),
        wish.asked_by == by.user_id,
    )


def _record(
    uow: UnitOfWork, kind: EventKind, by: By, row: ItemRow, details: dict[str, str | int | bool | None]
) -> None:
    uow.record(Event(kind, by, row.board_id, row.school_id, object_kind="item", object_id=row.id, details=details))
