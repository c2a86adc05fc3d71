"""The pages of a stack at the desk: seen, moved, split, merged, turned, removed and brought back.

What a person does is kept as a draft, step by step, so that each step can be taken back; nothing happens to a document
until the draft is carried out. Parts that the person may not see stay unseen, and stay as they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from dms.db.tables import ItemRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.text import N_
from dms.model.batches import PartState
from dms.model.documents import Desk, ItemState, Rendition
from dms.model.events import By, Event, EventKind
from dms.services.renditions import rendition_row, stream
from dms.services.shapes import Content, SchoolView
from dms.services.tools import Tools, school_by_id
from ingest.rules.splitting import Arrangement
from ingest.service.batches import PARTABLE
from ingest.service.pages_apply import carry_out
from ingest.service.pages_open import OpenStack, open_stack
from ingest.service.state import VERSION
from rights.service.gate import Gate

MOST_DRAFTS = 50
"""Steps that can be taken back."""
Change = Callable[[Arrangement, frozenset[int]], Arrangement]
"""A step: the arrangement and the parts that are closed to the person, to another arrangement."""


@dataclass(frozen=True, slots=True)
class PartView:
    """A part as a person sees it. `item_id`: what it is at the desk; None for one that is not made yet."""

    number: int
    state: PartState
    pages: tuple[tuple[int, int], ...]
    """Page of the stack, and its turn in degrees; empty where the person may not see it."""
    count: int
    item_id: UUID | None
    document_id: UUID | None
    desk: Desk | None
    changed: bool


@dataclass(frozen=True, slots=True)
class RemovedView:
    """A page in no part."""

    page: int
    why: str


@dataclass(frozen=True, slots=True)
class StackView:
    """A stack with its parts in order. `steps`: how many can be taken back; `changed`: a draft waits."""

    stack_id: UUID
    school: SchoolView
    name: str
    page_count: int
    parts: tuple[PartView, ...]
    removed: tuple[RemovedView, ...]
    steps: int
    changed: bool
    by_other: bool
    row_version: int


class Stacks:
    """The stacks of a school, for who works at its desks."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def view(self, by: By, item_id: UUID) -> StackView:
        """The stack of an item: its own, the one that it is a part of, or the item itself. Raises NotFound; is logged.

        Raises BadInput for what cannot be parted: signed files, and files without pages of their own.
        """
        with self._tools.database.begin() as uow:
            stack = self._open(uow, by, item_id)
            uow.record(_event(EventKind.ITEM_SEEN, by, stack.item))
            return _view(uow.session, by, stack)

    def page(self, by: By, item_id: UUID, page: int, *, thumbnail: bool = True) -> Content:
        """The image of a page, as it was read. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            stack = open_stack(session, gate, item_id)
            if page in stack.hidden_pages:
                raise NotFound
            kind = Rendition.THUMBNAIL if thumbnail else Rendition.PAGE
            row = rendition_row(session, stack.item.document_id, VERSION, kind, page)
            if row is None:
                raise NotFound
        return stream(self._tools.vault, row, stack.item.name)

    def change(self, by: By, item_id: UUID, row_version: int, change: Change) -> StackView:
        """Do one step to the draft. Raises NotFound, Conflict when a colleague changed it meanwhile, BadInput."""
        with self._tools.database.begin() as uow:
            stack = self._open(uow, by, item_id, row_version)
            before = stack.shown
            after = change(before, stack.closed).checked(stack.pages)
            if not stack.leaves_closed_alone(after):
                raise BadInput(
                    N_("Dit stuk ligt niet meer in de postbak."),
                    N_("Wat al is opgeborgen, verdeelt u niet meer op deze pagina."),
                    code="part_closed",
                )
            if after != before:
                drafts = [*(stack.row.drafts or [stack.now.to_json()]), after.to_json()]
                stack.row.drafts = drafts[:1] + drafts[1:][-MOST_DRAFTS:]
                self._saved(uow, by, stack, "step")
            return _view(uow.session, by, stack)

    def undo(self, by: By, item_id: UUID, row_version: int) -> StackView:
        """Take the last step back. Raises NotFound, Conflict, BadInput when there is none."""
        with self._tools.database.begin() as uow:
            stack = self._open(uow, by, item_id, row_version)
            drafts = list(stack.row.drafts)
            if len(drafts) < 2:
                raise BadInput(N_("Er is niets om terug te draaien."), N_("Ga verder met verdelen."), code="no_step")
            stack.row.drafts = drafts[:-1] if len(drafts) > 2 else []
            self._saved(uow, by, stack, "undo")
            return _view(uow.session, by, stack)

    def forget(self, by: By, item_id: UUID, row_version: int) -> StackView:
        """Throw the whole draft away. Raises NotFound, Conflict."""
        with self._tools.database.begin() as uow:
            stack = self._open(uow, by, item_id, row_version)
            stack.row.drafts = []
            self._saved(uow, by, stack, "forget")
            return _view(uow.session, by, stack)

    def carry_out(self, by: By, item_id: UUID, row_version: int) -> int:
        """Make the documents as the draft says; returns how many are made anew, which come back to the desk.

        Raises NotFound, BadInput without a draft, Conflict when a colleague changed or filed something meanwhile.
        """
        with self._tools.database.begin() as uow:
            stack = self._open(uow, by, item_id, row_version)
            if not stack.row.drafts or stack.shown == stack.now:
                raise BadInput(N_("Er is niets veranderd."), N_("Verdeel eerst de bladzijden."), code="no_draft")
            if not stack.leaves_closed_alone(stack.shown):
                raise Conflict(
                    N_("Een deel van deze stapel is intussen door iemand anders behandeld."),
                    N_("Begin opnieuw met verdelen."),
                    code="taken_meanwhile",
                )
            made = carry_out(uow, by, stack)
            uow.record(_event(EventKind.STACK_ARRANGED, by, stack.item, made=made))
            return made

    @staticmethod
    def _open(uow: UnitOfWork, by: By, item_id: UUID, row_version: int | None = None) -> OpenStack:
        gate = Gate(uow.session, by.user_id, uow.today)
        stack = open_stack(uow.session, gate, item_id, lock=row_version is not None)
        if stack.row.signed or stack.item.kind not in PARTABLE:
            raise BadInput(
                N_("Dit bestand kan niet worden verdeeld."),
                N_("Een ondertekend bestand, of een bestand zonder eigen bladzijden, blijft heel."),
                code="not_partable",
            )
        if row_version is not None and stack.row.row_version != row_version:
            raise Conflict(
                N_("Deze stapel is intussen veranderd."), N_("Kijk wat er nu staat en ga dan verder."), code="stale"
            )
        return stack

    @staticmethod
    def _saved(uow: UnitOfWork, by: By, stack: OpenStack, act: str) -> None:
        stack.row.draft_by = by.user_id if stack.row.drafts else None
        stack.row.row_version += 1
        stack.row.changed_at = uow.now
        uow.flush()
        uow.record(_event(EventKind.STACK_DRAFTED, by, stack.item, act=act))


def _view(session: Session, by: By, stack: OpenStack) -> StackView:
    shown, now = stack.shown, stack.now
    parts = []
    for one in shown.parts:
        item = stack.items.get(one.number)
        state = stack.states.get(one.number, PartState.NEW)
        seen = one.number not in stack.hidden
        before = now.part(one.number)
        parts.append(
            PartView(
                number=one.number,
                state=state,
                pages=tuple((x.page, x.turn) for x in one.leaves) if seen else (),
                count=len(one.leaves),
                item_id=item.id if item is not None and state is PartState.OPEN and _is_item(item) else None,
                document_id=item.document_id if item is not None and state is PartState.FILED and seen else None,
                desk=item.desk if item is not None else None,
                changed=before is None or before.leaves != one.leaves,
            )
        )
    return StackView(
        stack_id=stack.item.id,
        school=school_by_id(session, stack.item.school_id),
        name=stack.item.name,
        page_count=stack.pages,
        parts=tuple(parts),
        removed=tuple(RemovedView(x.page, x.why.value) for x in shown.removed if x.page not in stack.hidden_pages),
        steps=max(0, len(stack.row.drafts) - 1),
        changed=bool(stack.row.drafts) and shown != now,
        by_other=stack.row.draft_by is not None and stack.row.draft_by != by.user_id,
        row_version=stack.row.row_version,
    )


def _is_item(item: ItemRow) -> bool:
    return item.state is ItemState.DESK


def _event(kind: EventKind, by: By, row: ItemRow, **details: str | int) -> Event:
    return Event(kind, by, row.board_id, row.school_id, object_kind="item", object_id=row.id, details=dict(details))
