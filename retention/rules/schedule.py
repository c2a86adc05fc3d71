"""The board's retention schedule: per category when a term starts, how long it runs and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from retention.rules.term import Rounding, Term


class Trigger(StrEnum):
    """What starts a term. The values are those of the schedule as the board writes it."""

    ENROLMENT_END = "einde_inschrijving"
    SCHOOL_YEAR_END = "einde_schooljaar"
    FUNDING_YEAR_END = "einde_bekostigingsjaar"
    BOOK_YEAR_END = "einde_boekjaar"
    DOCUMENT_DATE = "documentdatum"
    DECISION_DATE = "besluitdatum"
    RESULT_DATE = "uitslagdatum"
    SETTLEMENT = "afhandeling"
    WITHDRAWAL = "intrekking"
    SUPPORT_END = "einde_ondersteuning"
    WITHDRAWAL_OR_ENROLMENT_END = "intrekking_of_einde_inschrijving"
    NEED_OR_ENROLMENT_END = "einde_noodzaak_of_einde_inschrijving"
    SETTLEMENT_OR_ENROLMENT_END = "afhandeling_of_einde_inschrijving"
    NONE = ""


class DisposalAction(StrEnum):
    """What follows when the term is over."""

    DESTROY = "vernietigen"
    TRANSFER_THEN_DESTROY = "overdragen_dan_vernietigen"
    REVIEW = "beoordelen"
    KEEP = "bewaren"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of a schedule. `minimum` and `maximum` are None where there is none."""

    category: str
    trigger: Trigger
    minimum: Term | None
    maximum: Term | None
    action: DisposalAction
    blocked: bool = False
    rounding: Rounding = Rounding.NONE
    legal_basis: str = ""
    source: str = ""
    certainty: str = ""
    remark: str = ""

    @property
    def certain(self) -> bool:
        """Whether a source states the term: everything but F is shown as "controleer met uw FG"."""
        return self.certainty == "F"


@dataclass(frozen=True, slots=True)
class Schedule:
    """A version of the schedule as the board adopted it."""

    version: int
    rules: Mapping[str, Rule] = field(default_factory=dict)

    def rule_for(self, category: str) -> Rule | None:
        """The rule of this category, or None: then nothing of it is ever due, and it is listed."""
        return self.rules.get(category)
