"""Where is what I sent? One's own intakes, live; and what could not come in."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import case, exists, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import IntakeRow, ItemRow, PartRow
from dms.kernel.errors import NotFound
from dms.model.documents import UNFINISHED, ItemState, Source
from dms.model.events import ActorKind, By
from dms.services.shapes import ItemView
from dms.services.tools import Tools, school_by_brin
from ingest.service.sending import sending_prefix
from ingest.service.views import Viewer
from rights.service.gate import Gate
from rights.service.places import desk_clauses

RECENT = timedelta(days=7)
ATTENTION = (ItemState.DESK, ItemState.REFUSED, ItemState.QUARANTINED)


@dataclass(frozen=True, slots=True)
class Stopped:
    """One page of what could not come in, and how many there are in all."""

    total: int
    items: tuple[ItemView, ...]


class Status:
    """Items for the people who sent them, and for those who work at the desks."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def intake(self, by: By, intake_id: UUID) -> tuple[ItemView, ...]:
        """The items of one intake; of a stack that was split its parts, of a mail or ZIP both.

        Raises NotFound unless the person sent it or works at a desk of the school.
        """
        with self._tools.database.read() as session:
            intake = session.get(IntakeRow, intake_id)
            gate = self._gate(session, by)
            if intake is None or not _may_follow(gate, intake):
                raise NotFound
            rows = session.scalars(
                select(ItemRow)
                .where(
                    ItemRow.intake_id == intake_id,
                    or_(ItemRow.state != ItemState.SPLIT, exists().where(PartRow.parent_id == ItemRow.id)),
                )
                .order_by(ItemRow.part)
            ).all()
            return Viewer(session, gate).views(rows)

    def sending(self, by: By, brin: str, sending_id: UUID) -> tuple[ItemView, ...]:
        """The items of all files that the person sent at once, in the order of sending. Raises NotFound for none."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            prefix = sending_prefix(by.user_id, sending_id) if by.user_id else None
            if prefix is None:
                raise NotFound
            rows = session.scalars(
                select(ItemRow)
                .join(IntakeRow, IntakeRow.id == ItemRow.intake_id)
                .where(
                    IntakeRow.school_id == school.id,
                    IntakeRow.idempotency_key > prefix,
                    IntakeRow.idempotency_key < f"{prefix}:",
                    IntakeRow.submitted_by == by.user_id,
                )
                .order_by(IntakeRow.created_at, ItemRow.part)
            ).all()
            if not rows:
                raise NotFound
            return Viewer(session, self._gate(session, by)).views(rows)

    def recent(self, by: By, brin: str, limit: int = 100, *, open_first: bool = False) -> tuple[ItemView, ...]:
        """What the person sent in the last week, newest first.

        `open_first`: what waits for a person or stopped comes before what is busy, and that before what is done, so
        that of hundreds of files none that asks for attention falls outside `limit`.
        """
        turn = case((ItemRow.state.in_(ATTENTION), 0), (ItemRow.state.in_(UNFINISHED), 1), else_=2)
        order = (turn,) if open_first else ()
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            rows = session.scalars(
                select(ItemRow)
                .join(IntakeRow, IntakeRow.id == ItemRow.intake_id)
                .where(
                    IntakeRow.submitted_by == by.user_id,
                    IntakeRow.school_id == school.id,
                    IntakeRow.created_at > self._tools.clock.now() - RECENT,
                )
                .order_by(*order, IntakeRow.created_at.desc(), ItemRow.part)
                .limit(limit)
            ).all()
            return Viewer(session, self._gate(session, by)).views(rows)

    def arrived(self, by: By, brin: str, limit: int = 100) -> tuple[ItemView, ...]:
        """What came in by itself (scanner folders, mail) in the last week, newest first; none for who works at no desk.

        Raises NotFound.
        """
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            gate = Gate(session, by.user_id, self._tools.clock.today())
            if not desk_clauses(gate, school.board_id, school.id):
                return ()
            rows = session.scalars(
                select(ItemRow)
                .join(IntakeRow, IntakeRow.id == ItemRow.intake_id)
                .where(
                    IntakeRow.school_id == school.id,
                    IntakeRow.source.in_((Source.SCANNER, Source.MAIL)),
                    IntakeRow.submitted_by.is_(None),
                    IntakeRow.created_at > self._tools.clock.now() - RECENT,
                )
                .order_by(IntakeRow.created_at.desc(), ItemRow.part)
                .limit(limit)
            ).all()
            return Viewer(session, gate).views(rows)

    def stopped(self, by: By, brin: str, page: int = 1, size: int = 50) -> Stopped:
        """What was refused or quarantined at a school, newest first: the person's own, and all for who files there.

        One page of it, and how many there are in all.
        """
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            gate = Gate(session, by.user_id, self._tools.clock.today())
            query = (
                select(ItemRow)
                .join(IntakeRow, IntakeRow.id == ItemRow.intake_id)
                .where(ItemRow.school_id == school.id, ItemRow.state.in_((ItemState.REFUSED, ItemState.QUARANTINED)))
                .where(IntakeRow.source != Source.TRANSFER)  # they stand with their package
            )
            if not desk_clauses(gate, school.board_id, school.id):
                query = query.where(IntakeRow.submitted_by == by.user_id)
            total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
            newest = query.order_by(ItemRow.changed_at.desc(), ItemRow.id).limit(size).offset((max(page, 1) - 1) * size)
            return Stopped(total, Viewer(session, gate).views(session.scalars(newest).all()))

    def _gate(self, session: Session, by: By) -> Gate | None:
        """The operator of the machine (a command without an account) has no gate."""
        if by.user_id is None and by.kind in (ActorKind.COMMAND, ActorKind.SYSTEM):
            return None
        return Gate(session, by.user_id, self._tools.clock.today())


def _may_follow(gate: Gate | None, intake: IntakeRow) -> bool:
    if gate is None:
        return True
    if gate.actor.disabled:
        return False
    return intake.submitted_by == gate.actor.user_id or bool(desk_clauses(gate, intake.board_id, intake.school_id))
