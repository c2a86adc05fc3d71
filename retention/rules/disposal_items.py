"""May this item go? Decided when it is put on a list, when the list is approved, and again when it is carried out."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.disposal import ListKind
from retention.rules.due import Due, Verdict
from retention.rules.schedule import DisposalAction


@dataclass(frozen=True, slots=True)
class ItemFacts:
    """What the rules may know of one item.

    `due` is the verdict of the schedule now, None where the placement is not there any more. `living`: it lies in its
    dossier, not in the bin and not gone. `same_category`, `same_content`: as when it was put on the list or reviewed.
    `deferred_until`: an earlier list kept it until then. `elsewhere`: another list has it.
    """

    kind: ListKind
    due: Due | None
    living: bool = True
    same_category: bool = True
    same_content: bool = True
    deferred_until: date | None = None
    elsewhere: bool = False


def obstacle(facts: ItemFacts, today: date) -> Reason | None:
    """Why the item may not go now; None where nothing stands in the way.

    Only what the schedule calls due goes; what is not known is no ground to destroy. What people judged to be handed
    over first may be on a list of transfers although the schedule does not ask it; the other way round never.
    """
    found = facts.due
    if found is None or not facts.living:
        return _reason("gone")
    if found.verdict is Verdict.HELD:
        return _reason("held")
    if found.verdict is not Verdict.DUE or found.due_from is None or found.due_from > today:
        return _reason(found.verdict.value if found.verdict is not Verdict.DUE else "running")
    if facts.elsewhere:
        return _reason("elsewhere")
    if facts.deferred_until is not None and facts.deferred_until > today:
        return Reason("deferred", TEXTS["deferred"], {"until": facts.deferred_until.isoformat()})
    if not facts.same_category:
        return _reason("reclassified")
    if kind_of(found.action) not in (facts.kind, ListKind.DESTROY):
        return _reason("other_action")
    return None if facts.same_content else _reason("changed")


def kind_of(action: DisposalAction | None) -> ListKind | None:
    """The kind of list that carries out this action; None for what no list carries out."""
    match action:
        case DisposalAction.TRANSFER_THEN_DESTROY:
            return ListKind.TRANSFER
        case DisposalAction.DESTROY | DisposalAction.REVIEW:
            return ListKind.DESTROY
        case _:
            return None


def must_be_judged(action: DisposalAction) -> bool:
    """Whether the schedule leaves it to a person: then no answer is no yes."""
    return action is DisposalAction.REVIEW


TEXTS: Mapping[str, str] = {
    "gone": N_("Het ligt niet meer in het dossier."),
    "held": N_("Het is bevroren."),
    Verdict.RUNNING.value: N_("De termijn is nog niet om."),
    Verdict.AHEAD.value: N_("De termijn is nog niet begonnen."),
    Verdict.UNKNOWN_TRIGGER.value: N_("De aanleiding is niet bekend: de termijn loopt niet."),
    Verdict.BLOCKED.value: N_("De regel is geblokkeerd tot het bestuur kiest."),
    Verdict.KEPT.value: N_("Volgens het schema blijft dit bewaard."),
    Verdict.NO_RULE.value: N_("Voor deze categorie is geen bewaartermijn vastgesteld."),
    "elsewhere": N_("Het staat al op een andere lijst."),
    "deferred": N_("Bij een eerdere beoordeling is besloten het te bewaren tot %(until)s."),
    "reclassified": N_("Het heeft intussen een andere categorie."),
    "other_action": N_("Volgens het schema hoort dit op een ander soort lijst."),
    "changed": N_("Het is veranderd sinds het op de lijst kwam."),
    "removed": N_("Van de lijst gehaald."),
    "answered_keep": N_("Bij de beoordeling is besloten het te bewaren."),
    "answered_reclassify": N_("Bij de beoordeling kreeg het een andere categorie."),
    "answered_transfer": N_("Bij de beoordeling is besloten het eerst over te dragen."),
    "aborted": N_("De lijst is gestopt."),
}
"""What the codes of reasons mean to people."""


def text_of(code: str) -> str:
    """The source text of a reason's code; empty for one that is not of these rules."""
    return TEXTS.get(code, "")


def _reason(code: str) -> Reason:
    return Reason(code, TEXTS[code])
