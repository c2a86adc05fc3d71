"""The verdict on one thing that may be destroyed, with what its line in the books needs."""

from dataclasses import dataclass
from datetime import date

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from retention.rules.due import Due
from retention.rules.schedule import Rule

GONE = Reason("gone", N_("Het ligt niet meer in het dossier."))


@dataclass(frozen=True, slots=True)
class Decided:
    """The verdict on one item: `against` is why it stays, None where it goes. The rest is for its line."""

    against: Reason | None
    rule_version: int = 0
    action: str = ""
    legal_basis: str = ""
    due_from: date | None = None
    due_by: date | None = None
    document_date: date | None = None


def decided(against: Reason | None, verdict: Due, rule: Rule | None, day: date | None) -> Decided:
    """The verdict as it is told: why it stays, else what its term says."""
    return Decided(
        against,
        verdict.rule_version,
        rule.action.value if rule else "",
        rule.legal_basis if rule else "",
        verdict.due_from,
        verdict.due_by,
        day,
    )
