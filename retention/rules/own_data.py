"""When what is not decided on a list goes: what lies in the bin, and a pupil's own data. Pure.

The bin has a rule of its own: after its days a removed document goes, but never while the schedule obliges to keep it
(a minimum that runs, a blocked or missing rule, a trigger that is not known where there is a minimum) and never while
a hold lies over it. Removing is no way to destroy early (Archiefwet 1995 art. 3 and 5).

A pupil's own data (name, numbers, carers) follow the rule of the category `OWN_DATA`, and never go before the last
document of the dossier. Where no document ever went by a disposal list, two people decide on them by themselves.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.disposal import OwnDataState
from retention.rules.due import Due, Verdict
from retention.rules.schedule import Rule

OWN_DATA = "ADM-03"
"""Names and addresses of pupil and parents: the category whose rule a pupil's own data follow."""

NOT_APPROVED = "not_approved"
"""The code of the reason that only two people can take away."""

KEPT_IN_BIN = (Verdict.BLOCKED, Verdict.NO_RULE, Verdict.KEPT)
"""Verdicts under which the board still has to choose, or chose to keep."""


@dataclass(frozen=True, slots=True)
class BinFacts:
    """What the rules may know of a removed document. `restore_until`: until then it can be put back; `in_bin`: it
    still lies there. `rule` is the schedule's for its category.
    """

    in_bin: bool
    restore_until: datetime | None
    due: Due | None
    rule: Rule | None


def against_bin(facts: BinFacts, now: datetime) -> Reason | None:
    """Why a removed document may not go yet; None where it may."""
    if not facts.in_bin or facts.due is None or facts.restore_until is None:
        return Reason("gone", N_("Het ligt niet meer in de prullenbak."))
    if facts.restore_until >= now:
        return Reason("restorable", N_("Het kan nog worden teruggezet."))
    verdict = facts.due.verdict
    if verdict is Verdict.HELD:
        return Reason("held", N_("Het is bevroren."))
    if verdict is Verdict.DUE:
        return None
    if verdict in KEPT_IN_BIN or facts.rule is None:
        return Reason(verdict.value, N_("Volgens het schema blijft dit bewaard, of moet het bestuur nog kiezen."))
    if facts.rule.minimum is not None:
        return Reason("minimum", N_("De wettelijke bewaartermijn is nog niet om."))
    return None


@dataclass(frozen=True, slots=True)
class PupilFacts:
    """What the rules may know of a pupil's own data. `living`: documents that still lie in the dossier, the bin
    included; `waiting`: papers at a desk that are for this pupil; `approved`: two people decided on the destruction of
    the dossier's documents; `asked`: what somebody still needs them for.
    """

    due: Due
    living: int
    waiting: int
    approved: bool
    asked: Reason | None = None


def against_pupil(facts: PupilFacts) -> Reason | None:
    """Why a pupil's own data may not go yet; None where they may."""
    if facts.living:
        return Reason("documents_left", N_("Er liggen nog stukken in het dossier."))
    if facts.waiting:
        return Reason("papers_wait", N_("Er wacht nog een stuk voor deze leerling op een postbak."))
    if facts.due.verdict is Verdict.HELD:
        return Reason("held", N_("Het is bevroren."))
    if facts.due.verdict is not Verdict.DUE:
        return Reason(facts.due.verdict.value, facts.due.reason.text, facts.due.reason.params)
    if facts.asked is not None:
        return facts.asked
    if not facts.approved:
        text = N_("Niemand heeft nog besloten over de stukken van deze leerling.")
        return Reason(NOT_APPROVED, text)
    return None


@dataclass(frozen=True, slots=True)
class DecisionFacts:
    """What the rules may know of a decision on a pupil's own data; `person` is who wants to act."""

    state: OwnDataState
    proposed_by: UUID
    person: UUID | None


def against_approval(facts: DecisionFacts) -> Reason | None:
    """Why the person cannot approve the decision; None where she can. Two people are needed (four-eyes principle)."""
    if facts.state is not OwnDataState.PROPOSED:
        return Reason("not_proposed", N_("Dit voorstel wacht niet meer op een goedkeuring."))
    if facts.person is None or facts.person == facts.proposed_by:
        return Reason("same_person", N_("Wie iets voorstelt, kan het niet zelf goedkeuren."))
    return None
