"""A stack of pages as its page shows it."""

from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from dms.kernel.text import N_
from dms.model.batches import PartState
from dms.web.presenters.items import DESK_NAMES
from dms.web.texts import say
from ingest.rules.splitting import WHY_LABELS, Why, ranges
from ingest.service.pages_desk import PartView, StackView

STATES: dict[PartState, tuple[str, str]] = {
    PartState.NEW: (N_("nieuw"), "attention"),
    PartState.OPEN: (N_("in de postbak"), "quiet"),
    PartState.COLLEAGUE: (N_("bij een collega"), "quiet"),
    PartState.BUSY: (N_("wordt gemaakt"), "busy"),
    PartState.FILED: (N_("opgeborgen"), "good"),
    PartState.STOPPED: (N_("geweigerd of dubbel"), "quiet"),
    PartState.GONE: (N_("niet voor een dossier"), "quiet"),
}


@dataclass(frozen=True, slots=True)
class LeafShown:
    """A page: its number in the stack, how far it is turned, and where its pictures are."""

    page: int
    turn: int
    small: str
    large: str
    first: bool


@dataclass(frozen=True, slots=True)
class PartShown:
    """A part with its pages, or with how many there are that this person may not see."""

    number: int
    place: int
    label: str
    tone: str
    pages_text: str
    leaves: tuple[LeafShown, ...]
    closed: bool
    unseen: int
    changed: bool
    address: str
    can_merge: bool


@dataclass(frozen=True, slots=True)
class RemovedShown:
    """A page in no part, and why."""

    page: int
    why: str
    small: str
    large: str


@dataclass(frozen=True, slots=True)
class StackPage:
    """All that the page shows."""

    key: str
    name: str
    page_count: int
    parts: tuple[PartShown, ...]
    removed: tuple[RemovedShown, ...]
    steps: int
    changed: bool
    by_other: bool
    row_version: int
    choices: tuple[tuple[int, str], ...]


def present(view: StackView) -> StackPage:
    """The stack for its page."""
    closed = [_closed(x) for x in view.parts]
    parts = []
    for place, one in enumerate(view.parts):
        can_merge = place > 0 and not closed[place] and not closed[place - 1]
        parts.append(_part(view.stack_id, one, place + 1, closed[place], can_merge))
    return StackPage(
        key=str(view.stack_id),
        name=view.name,
        page_count=view.page_count,
        parts=tuple(parts),
        removed=tuple(
            RemovedShown(x.page, say(WHY_LABELS[Why(x.why)]), *_pictures(view.stack_id, x.page)) for x in view.removed
        ),
        steps=view.steps,
        changed=view.changed,
        by_other=view.by_other,
        row_version=view.row_version,
        choices=tuple((x.number, _choice(x)) for x in parts if not x.closed),
    )


def _part(stack_id: UUID, one: PartView, place: int, closed: bool, can_merge: bool) -> PartShown:
    label, tone = STATES[one.state]
    if one.state is PartState.OPEN and one.desk is not None:
        label = DESK_NAMES[one.desk]
    leaves = tuple(
        LeafShown(page, turn, *_pictures(stack_id, page), first=nth == 0) for nth, (page, turn) in enumerate(one.pages)
    )
    return PartShown(
        number=one.number,
        place=place,
        label=say(label),
        tone=tone,
        pages_text=ranges([x.page for x in leaves]),
        leaves=leaves,
        closed=closed,
        unseen=0 if leaves else one.count,
        changed=one.changed,
        address=_address(one),
        can_merge=can_merge,
    )


def _closed(one: PartView) -> bool:
    return one.state not in (PartState.OPEN, PartState.NEW)


def _address(one: PartView) -> str:
    if one.item_id is not None:
        return url_for("intake_desk.item", item_id=one.item_id)
    return url_for("document.page", document_id=one.document_id) if one.document_id is not None else ""


def _pictures(stack_id: UUID, page: int) -> tuple[str, str]:
    small = url_for("stack.picture", item_id=stack_id, number=page)
    return small, url_for("stack.picture", item_id=stack_id, number=page, groot=1)


def _choice(part: PartShown) -> str:
    return say(N_("stuk %(place)d (bladzijde %(pages)s)"), {"place": part.place, "pages": part.pages_text})
