"""Carries a draft out: parts whose pages changed are made anew, from the stack, and come back to the desk."""

from typing import Any

from dms.db.tables import ItemRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import reached
from dms.kernel.errors import Conflict
from dms.kernel.text import N_
from dms.model.documents import ItemState
from dms.model.events import By, Event, EventKind
from ingest.rules.separators import BY_HAND
from ingest.rules.splitting import Part, ranges
from ingest.service.batches import LONGEST_RANGE, NewPart, book_parts, new_item, next_part, part_name
from ingest.service.erase import ERASE
from ingest.service.file import settle
from ingest.service.pages_open import CARE_LEVEL, PAGES_MOVED, OpenStack


def carry_out(uow: UnitOfWork, by: By, stack: OpenStack) -> int:
    """Make the draft count, in the caller's transaction; returns how many parts are made anew.

    The caller has seen to it that no part changes that is not at a desk of the person.
    """
    wanted = stack.shown
    if stack.whole:
        level, category = stack.item.level, stack.item.category
        parts = [NewPart(x, _hints(level), level, category) for x in wanted.parts]
        _lock(uow, [stack.item])
        book_parts(uow, by, stack.item, wanted, parts)
        return len(parts)
    changed = [x for x in wanted.parts if stack.now.part(x.number) != x]
    touched = [stack.items[x.number] for x in changed if x.number in stack.items]
    emptied = [
        stack.items[x.number] for x in stack.now.parts if wanted.part(x.number) is None and x.number in stack.items
    ]
    _lock(uow, [*touched, *emptied])
    for item in emptied:
        _end(uow, by, item)
    for part in changed:
        level, category = _origin(stack, part)
        if part.number in stack.items:
            _again(uow, stack.item, stack.items[part.number], part, level, category)
            continue
        new = NewPart(part, _hints(level), level, category)
        uow.session.add(new_item(uow, stack.item, new, next_part(uow, stack.item.intake_id)))
        uow.flush()
    stack.row.arrangement, stack.row.drafts, stack.row.draft_by = wanted.to_json(), [], None
    stack.row.row_version += 1
    stack.row.changed_at = uow.now
    uow.flush()
    reached("parts.arranged")
    return len(changed)


def _again(uow: UnitOfWork, stack: ItemRow, item: ItemRow, part: Part, level: int | None, category: str | None) -> None:
    """Let a part be made and recognised anew. What it was taken for decides meanwhile who may see it."""
    settle(item, uow, ItemState.WAITING, BY_HAND)
    pages = ranges(part.pages)
    item.desk = None
    item.object_key = ""
    item.name, item.page_range = part_name(stack.name, pages), pages[:LONGEST_RANGE]
    item.pages, item.pages_done = len(part.leaves), 0
    item.pupil_id, item.document_date, item.title, item.evidence = None, None, "", None
    item.confidence, item.level, item.category = None, level, category
    item.own_hints = {**(item.own_hints or {}), **_hints(level)}
    item.step, item.attempts, item.failures, item.available_at = "", 0, 0, uow.now


def _end(uow: UnitOfWork, by: By, item: ItemRow) -> None:
    """A part without pages is no document: its copies of them go. The stack has them still."""
    settle(item, uow, ItemState.DISCARDED, PAGES_MOVED)
    item.desk = None
    item.title, item.evidence = "", None
    uow.record(
        Event(
            EventKind.ITEM_DISCARDED,
            by,
            item.board_id,
            item.school_id,
            object_kind="item",
            object_id=item.id,
            details={"reason": PAGES_MOVED.code},
        )
    )
    uow.after_commit(ERASE, item.document_id)


def _hints(level: int | None) -> dict[str, Any]:
    """A person parted it, so a person says what it is; what came out of a care paper goes to the care desk."""
    hints: dict[str, Any] = {"ask": BY_HAND.code}
    if level is not None and level >= CARE_LEVEL:
        hints["level"] = level
    return hints


def _origin(stack: OpenStack, part: Part) -> tuple[int | None, str | None]:
    """Level and category of the most confidential part that its pages came from: until it is recognised, it is that."""
    homes = {home.number for x in part.pages if (home := stack.now.part_of(x)) is not None}
    homes |= {x.part for x in stack.now.removed if x.part is not None and x.page in part.pages}
    items = [x for number in homes if (x := stack.items.get(number)) is not None and x.level is not None]
    most = max(items, key=lambda x: x.level or 0, default=None)
    return (most.level, most.category) if most is not None else (None, None)


def _lock(uow: UnitOfWork, items: list[ItemRow]) -> None:
    """Look at the rows once more under a lock. Raises Conflict when a colleague took one meanwhile."""
    for item in sorted(items, key=lambda x: x.id):
        uow.session.refresh(item, with_for_update=True)
        if item.state is not ItemState.DESK:
            raise Conflict(
                N_("Een deel van deze stapel is intussen door iemand anders behandeld."),
                N_("Begin opnieuw met verdelen."),
                code="taken_meanwhile",
            )
