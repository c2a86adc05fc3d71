"""A stack of scans becomes its documents: the step of the pipeline, and the transaction that books the parts.

The stack's own bytes stay as they came, under their own key, until its parts are settled (`batches_sweep`). Each part
is an item of the same intake; its file is made when a worker takes it (`pages_gather`).
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, or_, select, update

from dms.db.tables import ItemRow, SheetRow, StackRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import reached
from dms.kernel.ids import new_id
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.batches import SheetKind
from dms.model.documents import ItemState, Source
from dms.model.events import SYSTEM, By, Event, EventKind
from ingest.rules.separators import ASK_OF, PAGE_NOT_READ, SheetSaid, SheetState
from ingest.rules.splitting import Arrangement, Part, ranges
from ingest.rules.splitting_plan import PageSeen, Plan, ScanProfile, plan
from ingest.service.file import settle
from ingest.service.pages_gather import part_unread
from ingest.service.sheets_found import look_up
from ingest.service.state import Continue, ItemFacts, Outcome, PipelineTools, Split, Work

SPLIT_REASON = "split"
LONGEST_RANGE = 200
PARTABLE = frozenset({"pdf", "tiff"})
"""Kinds of files with pages of their own."""


@dataclass(frozen=True, slots=True)
class NewPart:
    """A part to book: its place in the arrangement, and what is known of it before it is read."""

    part: Part
    hints: dict[str, Any]
    level: int | None = None
    category: str | None = None


def split(item: ItemFacts, work: Work, tools: PipelineTools) -> Outcome:
    """Is it one document, or several with sheets between them?"""
    if item.version != 1 or item.source is Source.TRANSFER:
        return Continue()
    if item.stack_id is not None:
        work.ask = PAGE_NOT_READ if part_unread(item, tools) else ""
        return Continue()
    _recall(item, work, tools)
    seen, profile = work.seen, ScanProfile.of(item.hints)
    work.ask = PAGE_NOT_READ if any(x.unread for x in seen) else ""
    texts = {x for page in seen for x in page.sheets}
    if not texts and not profile.duplex and not profile.blanks:
        return Continue()
    found = look_up(tools.database, tools.vault, item, texts, tools.clock.today())
    made = plan(seen, found.verdicts, profile)
    if made.arrangement is None or work.signed or work.kind not in PARTABLE:
        work.ask = made.ask or next(iter(made.ask_of.values()), work.ask)
        return Continue()
    return Split(made, {made.sheet_of[x]: found.said[made.sheet_of[x]] for x in made.sheet_of})


def keep_pages(uow: UnitOfWork, row: ItemRow, item: ItemFacts, work: Work) -> None:
    """Save what was seen on the pages, in the transaction that saves the reading; and a part's own file."""
    if work.gathered is not None:
        row.object_key, row.size, row.digest = work.gathered
        row.media_type, row.kind = work.media_type, work.kind
        work.gathered = None
    if not work.seen or item.stack_id is not None or item.version != 1:
        return
    uow.session.execute(delete(StackRow).where(StackRow.item_id == row.id))
    if len(work.seen) > 1 or any(x.sheets or x.unread for x in work.seen):
        uow.session.add(
            StackRow(
                item_id=row.id,
                signed=work.signed,
                seen=[x.to_json() for x in work.seen],
                drafts=[],
                changed_at=uow.now,
            )
        )
        uow.flush()


def book(uow: UnitOfWork, row: ItemRow, outcome: Split) -> None:
    """Make the parts, use up the sheets, and let the stack rest; in the caller's transaction, on its locked row."""
    made: Plan = outcome.plan
    arrangement = made.arrangement
    assert arrangement is not None
    asks = dict(made.ask_of)
    for number, text in made.sheet_of.items():
        if number in made.obeyed and not _use_up(uow, outcome.said[text], row.id):
            asks[number] = ASK_OF[SheetState.USED].code
    parts = [
        NewPart(x, _hints(outcome.said.get(made.sheet_of.get(x.number, "")), asks.get(x.number, "")))
        for x in arrangement.parts
    ]
    book_parts(uow, SYSTEM, row, arrangement, parts)


def book_parts(uow: UnitOfWork, by: By, row: ItemRow, arrangement: Arrangement, parts: list[NewPart]) -> None:
    """Let the item of the locked `row` rest as a stack, with `parts` in its place."""
    stack = uow.session.get_one(StackRow, row.id)
    stack.arrangement, stack.drafts, stack.draft_by = arrangement.to_json(), [], None
    stack.row_version += 1
    stack.changed_at = uow.now
    first, row.part = row.part, -row.part
    settle(row, uow, ItemState.SPLIT, _reason(len(arrangement.parts)))
    row.desk = None
    uow.flush()
    for place, one in enumerate(parts):
        uow.session.add(new_item(uow, row, one, first if place == 0 else next_part(uow, row.intake_id)))
        uow.flush()
    reached("parts.booked")
    uow.record(
        Event(
            EventKind.STACK_SPLIT,
            by,
            row.board_id,
            row.school_id,
            object_kind="item",
            object_id=row.id,
            details={"parts": len(arrangement.parts), "removed": len(arrangement.removed)},
        )
    )


def new_item(uow: UnitOfWork, stack: ItemRow, new: NewPart, part: int) -> ItemRow:
    """The item of a part, which waits for its file to be made."""
    pages = ranges(new.part.pages)
    return ItemRow(
        id=new_id(),
        intake_id=stack.intake_id,
        board_id=stack.board_id,
        school_id=stack.school_id,
        document_id=new_id(),
        part=part,
        name=part_name(stack.name, pages),
        object_key="",
        size=0,
        digest="",
        pages=len(new.part.leaves),
        state=ItemState.WAITING,
        available_at=uow.now,
        level=new.level,
        category=new.category,
        stack_id=stack.id,
        stack_part=new.part.number,
        page_range=pages[:LONGEST_RANGE],
        own_hints=new.hints or None,
        created_at=uow.now,
        changed_at=uow.now,
    )


def next_part(uow: UnitOfWork, intake_id: UUID) -> int:
    """The next free number of an intake."""
    most = uow.session.scalar(select(func.max(func.abs(ItemRow.part))).where(ItemRow.intake_id == intake_id))
    return (most or 0) + 1


def part_name(name: str, pages: str) -> str:
    """What a part is called: the stack's name with its pages."""
    stem, dot, ending = name.rpartition(".")
    stem = stem if dot and stem and len(ending) <= 5 else name
    tail = f" {pages[:40].rstrip(', ')}.pdf"
    return f"{stem[: 255 - len(tail)]}{tail}"


def _use_up(uow: UnitOfWork, said: SheetSaid, item_id: UUID) -> bool:
    """Use the sheet up for this stack; False when another stack was first."""
    if said.reusable:
        return True
    changed = uow.session.execute(
        update(SheetRow)
        .where(SheetRow.id == said.sheet_id, or_(SheetRow.used_item.is_(None), SheetRow.used_item == item_id))
        .values(used_item=item_id, used_at=uow.now)
    )
    return bool(changed.rowcount)  # type: ignore[attr-defined]


def _hints(said: SheetSaid | None, ask: str) -> dict[str, Any]:
    """What a part carries of its sheet. Who is asked gets the pupil as a suggestion only."""
    hints: dict[str, Any] = {}
    if said is not None and said.kind is SheetKind.COVER:
        hints["suggested"] = [str(said.pupil_id)]
        if not ask:
            hints |= {"pupil_id": str(said.pupil_id), "category": said.category, "authorised": True}
            hints["sheet"] = str(said.sheet_id)
    if ask:
        hints["ask"] = ask
    return hints


def _recall(item: ItemFacts, work: Work, tools: PipelineTools) -> None:
    """After a restart: what an earlier run saw."""
    if work.seen:
        return
    with tools.database.read() as session:
        kept = session.get(StackRow, item.item_id)
        if kept is not None:
            work.seen = tuple(PageSeen.from_json(x) for x in kept.seen)
            work.signed = kept.signed
            work.kind = session.get_one(ItemRow, item.item_id).kind


def _reason(parts: int) -> Reason:
    if parts == 1:
        return Reason(SPLIT_REASON, N_("Er is één stuk uit gehaald."))
    return Reason(SPLIT_REASON, N_("Verdeeld in %(parts)d stukken."), {"parts": parts})
