"""What came out of a file that was taken apart, for who sent it and who works at the desks; and the end of its term."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from dms.db.tables import IntakeRow, ItemRow, PartRow
from dms.kernel.errors import NotFound
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import UNFINISHED, ItemState
from dms.model.events import By
from dms.services.shapes import ItemView
from dms.services.tools import Tools
from ingest.service.erase import over
from ingest.service.views import Viewer
from rights.service.gate import Gate
from rights.service.places import desk_clauses

KEPT_TERM = timedelta(days=30)
TERM_OVER = Reason(
    "unpacked_term_over", N_("Uitgepakt. Het bestand zelf is na 30 dagen verwijderd; de onderdelen niet.")
)


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of a file: what became of it, or why it was left out."""

    number: int
    name: str
    item: ItemView | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Parts:
    """A file that was taken apart, with its parts in their order."""

    whole: ItemView
    parts: tuple[PartView, ...]


class PartsList:
    """The parts of files."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def of(self, by: By, item_id: UUID) -> Parts:
        """The parts of a file that was taken apart. Raises NotFound for others, and for who may not follow it."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            row = session.get(ItemRow, item_id)
            rows = session.scalars(select(PartRow).where(PartRow.parent_id == item_id).order_by(PartRow.number)).all()
            if row is None or not rows or not _may_follow(session, gate, row):
                raise NotFound
            items = {x.item_id: x.item_id for x in rows if x.item_id is not None}
            views = {
                x.item_id: x
                for x in Viewer(session, gate).views(
                    session.scalars(select(ItemRow).where(ItemRow.id.in_(items))).all()
                )
            }
            whole = Viewer(session, gate).view(row)
            return Parts(
                whole,
                tuple(
                    PartView(
                        x.number,
                        x.name,
                        views.get(x.item_id) if x.item_id is not None else None,
                        Reason(x.reason_code, x.reason_text, x.reason_params) if x.reason_code else None,
                    )
                    for x in rows
                ),
            )

    def sweep(self) -> int:
        """Let files go that were taken apart 30 days ago and of which every part has its outcome. Returns how many."""
        with self._tools.database.begin() as uow:
            part = select(PartRow.item_id).where(PartRow.parent_id == ItemRow.id)
            busy = select(ItemRow.id).where(ItemRow.state.in_(UNFINISHED)).scalar_subquery()
            rows = uow.session.scalars(
                select(ItemRow)
                .where(
                    ItemRow.state == ItemState.SPLIT,
                    ItemRow.changed_at < uow.now - KEPT_TERM,
                    exists(part),
                    ~exists(part.where(PartRow.item_id.in_(busy))),
                )
                .limit(200)
                .with_for_update(skip_locked=True)
            ).all()
            for row in rows:
                over(uow, row, TERM_OVER)
            return len(rows)


def _may_follow(session: Session, gate: Gate, row: ItemRow) -> bool:
    """Who sent it, and who works at a desk of the school."""
    if gate.actor.disabled:
        return False
    intake = session.get_one(IntakeRow, row.intake_id)
    return intake.submitted_by == gate.actor.user_id or bool(desk_clauses(gate, row.board_id, row.school_id))
