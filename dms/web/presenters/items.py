"""Items of the intake as a list shows them: a state in words, a colour, how far it is, and where it went."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from flask import url_for

from dms.kernel.text import N_
from dms.model.documents import UNFINISHED, Desk, ItemState
from dms.services.shapes import ItemView
from dms.web.texts import day, moment, number, reason, say, say_many

STATES: dict[ItemState, tuple[str, str]] = {
    ItemState.WAITING: (N_("Wacht"), "busy"),
    ItemState.WORKING: (N_("Wordt gelezen"), "busy"),
    ItemState.FILED: (N_("Opgeborgen"), "good"),
    ItemState.DESK: (N_("Wacht op u"), "attention"),
    ItemState.DUPLICATE: (N_("Was er al"), "quiet"),
    ItemState.QUARANTINED: (N_("Apart gezet"), "bad"),
    ItemState.REFUSED: (N_("Geweigerd"), "bad"),
    ItemState.DISCARDED: (N_("Niet voor een dossier"), "quiet"),
    ItemState.SPLIT: (N_("Verdeeld"), "quiet"),
}
DESK_NAMES: dict[Desk, str] = {Desk.ORDINARY: N_("Postbak"), Desk.CARE: N_("Zorgpostbak")}
ENDPOINTS: dict[Desk, str] = {Desk.ORDINARY: "intake_desk_list.ordinary", Desk.CARE: "intake_desk_list.care"}


@dataclass(frozen=True, slots=True)
class ItemCard:
    """What a list shows of one item. Addresses are empty where there is nothing to open."""

    key: str
    name: str
    state: str
    label: str
    tone: str
    busy: bool
    step: str
    pages: int | None
    pages_done: int
    reason: str
    advice: str
    went_to: str
    document_address: str
    desk_label: str
    desk_address: str
    can_retry: bool
    received: str


def card(item: ItemView, own_desks: Iterable[Desk] = ()) -> ItemCard:
    """One item for a list; `own_desks` are the desks that the person may open."""
    label, tone = STATES[item.state]
    at_own_desk = item.state is ItemState.DESK and item.desk in frozenset(own_desks)
    return ItemCard(
        key=str(item.item_id),
        name=_shown_name(item),
        state=item.state.value,
        label=say(label if item.state is not ItemState.DESK or at_own_desk else N_("Wacht op een collega")),
        tone=tone,
        busy=item.state in UNFINISHED,
        step=_step(item),
        pages=item.pages,
        pages_done=item.pages_done,
        reason="" if item.state in (ItemState.WORKING, ItemState.FILED) else reason(item.reason),
        advice=say(item.advice, item.reason.params),
        went_to=_went_to(item),
        document_address=_parts(item) or _document(item.document_id),
        desk_label=say(DESK_NAMES[item.desk]) if item.desk else "",
        desk_address=url_for("intake_desk.item", item_id=item.item_id) if at_own_desk else "",
        can_retry=item.state in {ItemState.REFUSED, ItemState.QUARANTINED},
        received=moment(item.created_at),
    )


def cards(items: Iterable[ItemView], own_desks: Iterable[Desk] = ()) -> tuple[ItemCard, ...]:
    """All of `items` for a list."""
    own = frozenset(own_desks)
    return tuple(card(x, own) for x in items)


def summary(shown: Iterable[ItemCard]) -> str:
    """One sentence for who listens instead of looks."""
    every = tuple(shown)
    busy = sum(x.busy for x in every)
    if busy:
        return say_many(N_("%(num)d bestand is nog bezig."), N_("%(num)d bestanden zijn nog bezig."), busy)
    return say(N_("Alles is klaar.")) if every else ""


def attention_first(shown: Iterable[ItemCard]) -> tuple[ItemCard, ...]:
    """What needs a person on top, then what is busy, then what is done; else the order stays."""
    return tuple(sorted(shown, key=_place))


def _place(one: ItemCard) -> int:
    if one.desk_address or one.tone == "bad":
        return 0
    return 1 if one.busy else 2


def counted(shown: Iterable[ItemCard]) -> str:
    """How many are in which state: Opgeborgen: 12 · Wacht op u: 2."""
    found = Counter(x.label for x in shown)
    return " · ".join(f"{label}: {number(count)}" for label, count in found.items())


def _shown_name(item: ItemView) -> str:
    return f"{item.name} ({item.part})" if item.part > 1 else item.name


def _step(item: ItemView) -> str:
    if item.state not in UNFINISHED:
        return ""
    if item.pages:
        return say(
            N_("%(step)s: bladzijde %(done)d van %(pages)d"),
            {"step": say(item.step_label), "done": min(item.pages_done + 1, item.pages), "pages": item.pages},
        )
    return say(item.step_label)


def _went_to(item: ItemView) -> str:
    parts = (item.pupil_name or "", item.category_name or "", day(item.document_date))
    return " · ".join(x for x in parts if x)


def _parts(item: ItemView) -> str:
    """The way to what came out of a file that was taken apart."""
    unpacked = item.state is ItemState.SPLIT and item.reason.code == "unpacked"
    return url_for("parts.page", item_id=item.item_id) if unpacked else ""


def _document(document_id: UUID | None) -> str:
    return url_for("document.page", document_id=document_id) if document_id else ""
