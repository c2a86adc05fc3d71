"""The life of a disposal list: which move leads where, who may make it, and why not.

`concept → in beoordeling → (aanpassen) → akkoord → bedenktijd → uitvoeren → verifiëren → voltooid | deels mislukt`;
for a transfer `… → verzonden → ontvangst bevestigd → uitvoeren …`: the source goes only once the receiver confirmed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from dms.kernel.clock import AMSTERDAM
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.disposal import ListKind, ListState


class Move(StrEnum):
    """What can be done with a list. The last four are the execution's own."""

    COMPOSE = "compose"
    """Take items in or out."""
    SUBMIT = "submit"
    ANSWER = "answer"
    RETURN = "return"
    APPROVE = "approve"
    SEND = "send"
    RECEIVE = "receive"
    START = "start"
    ABORT = "abort"
    VERIFY = "verify"
    COMPLETE = "complete"
    FAIL = "fail"
    RETRY = "retry"


@dataclass(frozen=True, slots=True)
class ListFacts:
    """What the rules may know of a list. `open_items`: those that are not excluded or settled.

    `waits_until`: set by the approval. `unanswered`: items that a person must judge and nobody has.
    """

    kind: ListKind
    state: ListState
    proposed_by: UUID
    name: str = ""
    open_items: int = 0
    unanswered: int = 0
    waits_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Moved:
    """The list may go there."""

    state: ListState


@dataclass(frozen=True, slots=True)
class Stays:
    """It may not, and why."""

    reason: Reason


BEFORE_EXECUTION = (
    ListState.DRAFT,
    ListState.IN_REVIEW,
    ListState.ADJUSTING,
    ListState.APPROVED,
    ListState.WAITING,
    ListState.SENT,
    ListState.RECEIVED,
)
"""States in which nothing has gone yet: a list can still be stopped."""

MOVES: Mapping[Move, Mapping[ListState, ListState]] = {
    Move.COMPOSE: {ListState.DRAFT: ListState.DRAFT, ListState.ADJUSTING: ListState.ADJUSTING},
    Move.SUBMIT: {ListState.DRAFT: ListState.IN_REVIEW, ListState.ADJUSTING: ListState.IN_REVIEW},
    Move.ANSWER: {ListState.IN_REVIEW: ListState.IN_REVIEW},
    Move.RETURN: {ListState.IN_REVIEW: ListState.ADJUSTING},
    Move.APPROVE: {ListState.IN_REVIEW: ListState.APPROVED},
    Move.SEND: {ListState.APPROVED: ListState.SENT, ListState.WAITING: ListState.SENT},
    Move.RECEIVE: {
        ListState.APPROVED: ListState.RECEIVED,
        ListState.WAITING: ListState.RECEIVED,
        ListState.SENT: ListState.RECEIVED,
    },
    Move.START: {
        ListState.APPROVED: ListState.EXECUTING,
        ListState.WAITING: ListState.EXECUTING,
        ListState.RECEIVED: ListState.EXECUTING,
    },
    Move.ABORT: dict.fromkeys(BEFORE_EXECUTION, ListState.ABORTED),
    Move.VERIFY: {ListState.EXECUTING: ListState.VERIFYING},
    Move.COMPLETE: {ListState.VERIFYING: ListState.COMPLETED},
    Move.FAIL: {ListState.EXECUTING: ListState.PARTLY_FAILED, ListState.VERIFYING: ListState.PARTLY_FAILED},
    Move.RETRY: {ListState.PARTLY_FAILED: ListState.EXECUTING},
}
TRANSFER_ONLY = frozenset({Move.SEND, Move.RECEIVE})


def move(facts: ListFacts, wanted: Move, who: UUID | None, now: datetime, typed_name: str = "") -> Moved | Stays:
    """Where `wanted` brings the list, or why it stays as it is. `typed_name` is what START asks to type.

    Whether the person has the right at all is the gate's to say; here it is about the list and the second person.
    """
    if wanted in TRANSFER_ONLY and facts.kind is not ListKind.TRANSFER:
        return Stays(Reason("no_transfer", N_("Deze lijst is geen overdracht.")))
    if (
        wanted is Move.START
        and facts.kind is ListKind.TRANSFER
        and facts.state
        in (
            ListState.APPROVED,
            ListState.WAITING,
            ListState.SENT,
        )
    ):
        text = N_("De ontvanger heeft de ontvangst nog niet bevestigd: er wordt niets vernietigd.")
        return Stays(Reason("not_received", text))
    target = MOVES[wanted].get(facts.state)
    if target is None:
        return Stays(Reason("wrong_state", N_("Dat kan bij deze lijst niet meer, of nog niet.")))
    against = _against(facts, wanted, who, now, typed_name)
    return Moved(target) if against is None else Stays(against)


def _against(facts: ListFacts, wanted: Move, who: UUID | None, now: datetime, typed_name: str) -> Reason | None:
    match wanted:
        case Move.COMPOSE | Move.SUBMIT if who != facts.proposed_by:
            return Reason("not_proposer", N_("Alleen wie de lijst voorstelde, stelt die samen."))
        case Move.SUBMIT if not facts.open_items:
            return _nothing()
        case Move.APPROVE:
            return _against_approval(facts, who)
        case Move.START:
            return _against_start(facts, now, typed_name)
        case _:
            return None


def _against_approval(facts: ListFacts, who: UUID | None) -> Reason | None:
    if who is None or who == facts.proposed_by:
        text = N_("Wie de lijst voorstelde, keurt die niet goed: dat doet een ander.")
        return Reason("same_person", text)
    if not facts.open_items:
        return _nothing()
    if facts.unanswered:
        text = N_("Bij %(count)d stukken moet eerst iemand oordelen.")
        return Reason("unanswered", text, {"count": facts.unanswered})
    return None


def _against_start(facts: ListFacts, now: datetime, typed_name: str) -> Reason | None:
    if facts.waits_until is None or now < facts.waits_until:
        until = f"{facts.waits_until.astimezone(AMSTERDAM):%Y-%m-%d %H:%M}" if facts.waits_until else "-"
        text = N_("De bedenktijd loopt nog, tot %(until)s.")
        return Reason("waiting", text, {"until": until})
    if _one_line(typed_name) != _one_line(facts.name):
        return Reason("wrong_name", N_("Dit is niet de naam van deze lijst."))
    return _nothing() if not facts.open_items else None


def _nothing() -> Reason:
    return Reason("nothing", N_("Er staat niets op deze lijst dat weg mag: er wordt niets vernietigd."))


def _one_line(text: str) -> str:
    return " ".join(text.split())


STATES: Mapping[ListState, str] = {
    ListState.DRAFT: N_("Concept"),
    ListState.IN_REVIEW: N_("In beoordeling"),
    ListState.ADJUSTING: N_("Aanpassen"),
    ListState.APPROVED: N_("Akkoord"),
    ListState.WAITING: N_("Bedenktijd"),
    ListState.SENT: N_("Verzonden"),
    ListState.RECEIVED: N_("Ontvangst bevestigd"),
    ListState.EXECUTING: N_("In uitvoering"),
    ListState.VERIFYING: N_("In controle"),
    ListState.COMPLETED: N_("Voltooid"),
    ListState.PARTLY_FAILED: N_("Deels mislukt"),
    ListState.ABORTED: N_("Gestopt"),
}
"""What people call the states."""
