"""A stack with all that decides what a person may see and do of it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import ItemRow, StackRow
from dms.kernel.errors import NotFound
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.batches import PartState
from dms.model.documents import UNFINISHED, Desk, ItemState
from ingest.rules.splitting import Arrangement
from ingest.service.batches import PARTABLE
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import DESK_LEVEL, may_take, works_at

PAGES_MOVED = Reason("pages_moved", N_("Alle bladzijden zijn naar andere stukken verplaatst."))
CARE_LEVEL = int(DESK_LEVEL[Desk.CARE])


@dataclass(frozen=True, slots=True)
class OpenStack:
    """`now`: the arrangement that counts; `shown`: the draft, or else the same. `items` and `states` by part number.

    `hidden`: parts whose pages the person may not see. `closed`: parts that she may not change; all others wait at a
    desk of hers. `whole`: the item was not parted yet, and is its own one part.
    """

    item: ItemRow
    row: StackRow
    now: Arrangement
    items: dict[int, ItemRow]
    states: dict[int, PartState]
    hidden: frozenset[int]
    whole: bool

    @property
    def pages(self) -> int:
        """How many pages the stack has."""
        return len(self.now.pages)

    @property
    def shown(self) -> Arrangement:
        """The arrangement with what was done to it so far."""
        return Arrangement.from_json(self.row.drafts[-1]) if self.row.drafts else self.now

    @property
    def closed(self) -> frozenset[int]:
        """Parts that stay as they are."""
        return frozenset(x for x, state in self.states.items() if state is not PartState.OPEN)

    @property
    def hidden_pages(self) -> frozenset[int]:
        """Pages that the person may not see: of hidden parts, also those that were taken out of them."""
        parted = {x for part in self.now.parts if part.number in self.hidden for x in part.pages}
        taken = {x.page for x in self.now.removed if x.part in self.hidden}
        drafted = {x.page for x in self.shown.removed if x.part in self.hidden}
        return frozenset(parted | taken | drafted)

    def leaves_closed_alone(self, after: Arrangement) -> bool:
        """Whether `after` has every closed part, and every page that is hidden, where it was."""
        if any(self.now.part(x) != after.part(x) for x in self.closed):
            return False
        return all(self.now.part_of(x) == after.part_of(x) for x in self.hidden_pages)


def open_stack(session: Session, gate: Gate, item_id: UUID, *, lock: bool = False) -> OpenStack:
    """The stack that an item is, or that it is a part of. Raises NotFound where the person sees none of its parts."""
    row = session.get(ItemRow, item_id)
    if row is not None and row.stack_id is not None:
        row = session.get(ItemRow, row.stack_id)
    if row is None:
        raise NotFound
    query = select(StackRow).where(StackRow.item_id == row.id)
    kept = session.scalars(query.with_for_update().execution_options(populate_existing=True) if lock else query).first()
    if kept is None:
        raise NotFound
    if row.state is ItemState.DESK and may_take(gate, row.board_id, row.school_id, row.category, row.level):
        whole = Arrangement.whole(len(kept.seen))
        return OpenStack(row, kept, whole, {1: row}, {1: PartState.OPEN}, frozenset(), True)
    if row.state is not ItemState.SPLIT or kept.arrangement is None:
        raise NotFound
    items = {
        x.stack_part: x
        for x in session.scalars(select(ItemRow).where(ItemRow.stack_id == row.id).order_by(ItemRow.part))
        if x.stack_part is not None
    }
    judged = {number: _state(gate, x) for number, x in items.items()}
    seen = {number for number, (_, visible) in judged.items() if visible}
    if not seen:
        raise NotFound
    states = {number: state for number, (state, _) in judged.items()}
    return OpenStack(
        row, kept, Arrangement.from_json(kept.arrangement), items, states, frozenset(items.keys() - seen), False
    )


def _works_where(gate: Gate, item: ItemRow) -> bool:
    """Whether the person works at the desk where a part was that has no pages left; it has no category any more."""
    care = (item.level or 0) >= CARE_LEVEL
    return works_at(gate, item.board_id, item.school_id, Desk.CARE if care else Desk.ORDINARY)


def _state(gate: Gate, item: ItemRow) -> tuple[PartState, bool]:
    """What a part is to the person, and whether she may see its pages."""
    if item.state is ItemState.FILED:
        return PartState.FILED, bool(gate.placements(item.document_id, Action.READ))
    takes = may_take(gate, item.board_id, item.school_id, item.category, item.level)
    if item.state is ItemState.DESK:
        return (PartState.OPEN if takes else PartState.COLLEAGUE), takes
    if item.state in UNFINISHED:
        return PartState.BUSY, takes and item.category is not None
    if item.state is ItemState.DISCARDED:
        return PartState.GONE, item.reason_code == PAGES_MOVED.code and _works_where(gate, item)
    return PartState.STOPPED, takes and item.category is not None


def stack_known(session: Session, item: ItemRow) -> bool:
    """Whether the item's pages can be parted: a part of a stack, or a file of several pages of which facts are kept."""
    if item.stack_id is not None:
        return session.scalar(select(StackRow.item_id).where(StackRow.item_id == item.stack_id)) is not None
    kept = session.get(StackRow, item.id)
    return kept is not None and not kept.signed and item.kind in PARTABLE and (item.pages or 0) > 1
