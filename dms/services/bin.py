"""The bin (prullenbak) of a school: what was removed, by whom, and putting it back within its term.

What happens to what stays in the bin after its term is decided by retention, not here.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import and_, func, select

from dms.db.tables import BinEntryRow, DocumentRow, PlacementRow, PupilRow, UserRow
from dms.kernel.errors import Conflict, NotFound
from dms.kernel.text import N_
from dms.model.documents import PlacementState
from dms.model.events import By, EventKind
from dms.services.catalogue import categories
from dms.services.filing import changed, from_bin, locked, log_act
from dms.services.tools import Tools, full_name, school_by_brin
from dms.services.working_shapes import BinLine, BinPage
from rights.rules.actions import Action
from rights.service.gate import Gate


class Bin:
    """What lies in the bin, for who may remove such documents."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By, brin: str, *, page: int = 1, size: int = 50) -> BinPage:
        """One page of what a person may put back at a school, newest first. Empty for who may remove nothing there."""
        with self._tools.database.read() as session:
            now = self._tools.clock.now()
            gate = Gate(session, by.user_id, self._tools.clock.today())
            school = school_by_brin(session, brin)
            here = and_(PlacementRow.school_id == school.id, gate.visible(Action.REMOVE, PlacementState.BIN))
            total = session.scalar(select(func.count()).select_from(PlacementRow).where(here)) or 0
            rows = session.execute(
                select(PlacementRow, DocumentRow.title, PupilRow, BinEntryRow, UserRow.name)
                .join(DocumentRow, DocumentRow.id == PlacementRow.document_id)
                .join(PupilRow, PupilRow.id == PlacementRow.pupil_id)
                .outerjoin(BinEntryRow, BinEntryRow.placement_id == PlacementRow.id)
                .outerjoin(UserRow, UserRow.id == BinEntryRow.removed_by)
                .where(here)
                .order_by(PlacementRow.changed_at.desc(), PlacementRow.id)
                .limit(size)
                .offset((max(page, 1) - 1) * size)
            ).all()
            known = categories(session, school.board_id)
            return BinPage(
                total,
                tuple(
                    BinLine(
                        placement_id=placement.id,
                        title=title,
                        pupil_id=pupil.id,
                        pupil_name=full_name(pupil),
                        category_name=known[placement.category].name
                        if placement.category in known
                        else placement.category,
                        removed_by=name or "",
                        removed_at=entry.removed_at if entry else placement.changed_at,
                        restore_until=entry.restore_until if entry else None,
                        restorable=entry is not None and entry.restore_until >= now,
                    )
                    for placement, title, pupil, entry, name in rows
                ),
            )

    def restore(self, by: By, placements: Sequence[UUID]) -> int:
        """Put back what lies in the bin: all or nothing. Returns how many.

        Raises NotFound when one is not there or not to be removed by this person, Conflict when a term is over.
        """
        wanted = frozenset(placements)
        with self._tools.database.begin() as uow:
            gate = Gate(uow.session, by.user_id, uow.today)
            rows = uow.session.execute(
                select(PlacementRow, BinEntryRow)
                .join(BinEntryRow, BinEntryRow.placement_id == PlacementRow.id)
                .where(PlacementRow.id.in_(wanted), gate.visible(Action.REMOVE, PlacementState.BIN))
                .order_by(PlacementRow.document_id)
            ).all()
            if not wanted or len(rows) != len(wanted):
                raise NotFound
            if any(entry.restore_until < uow.now for _, entry in rows):
                raise Conflict(
                    N_("Dit ligt langer dan 30 dagen in de prullenbak."),
                    N_("Vraag de archiefbeheerder wat er nog kan."),
                    code="too_late",
                )
            documents = locked(uow.session, [x.document_id for x, _ in rows])
            for placement, _ in rows:
                from_bin(uow, placement)
                changed(uow, documents[placement.document_id])
                log_act(uow, by, EventKind.DOCUMENT_RESTORED, placement.document_id, [placement])
            return len(rows)
