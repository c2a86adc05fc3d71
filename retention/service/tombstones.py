"""Lets in again what was destroyed, when somebody has a reason: a court asks for it, or it was destroyed by mistake."""

from uuid import UUID

from dms.db.tables import ItemRow
from dms.kernel.errors import Conflict
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.services.tools import Tools
from ingest.service.desk_place import takeable
from ingest.service.duplicates_found import tombstone
from retention.service.due_rights import checked_reason
from rights.service.gate import Gate


class Tombstones:
    """The override of a tombstone, by who works at the desk where the paper waits."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def lift(self, by: By, item_id: UUID, reason: str) -> None:
        """Let the bytes of an item in again although they were destroyed; then it can be filed like any other.

        The reason stands in the log. Raises NotFound for an item that the person may not take, BadInput without a
        reason, Conflict where nothing stands in its way.
        """
        told = checked_reason(reason)
        with self._tools.database.begin() as uow:
            row: ItemRow = takeable(uow.session, Gate(uow.session, by.user_id, uow.today), item_id)
            stone = tombstone(uow.session, row.school_id, row.digest)
            if stone is None:
                raise Conflict(
                    N_("Dit bestand is niet eerder vernietigd."), N_("Berg het gewoon op."), code="not_destroyed"
                )
            stone.overridden_by, stone.overridden_at = by.user_id, uow.now
            uow.record(
                Event(
                    EventKind.TOMBSTONE_LIFTED,
                    by,
                    row.board_id,
                    row.school_id,
                    object_kind="item",
                    object_id=row.id,
                    details={"line": str(stone.line_id)},
                    note=told,
                )
            )
