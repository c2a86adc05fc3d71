"""Where does it go: into a dossier, to a desk, or back.

Sure of pupil, category and date, from a source that is known: it files itself. Everything else asks a person,
at the desk for care papers where the category that it may be is that confidential.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from ingest.rules.calibration import Curve
from ingest.rules.classify import CategorySuggestion
from ingest.rules.dates import DateSuggestion
from ingest.rules.match import Ambiguous, Matched, NoMatch

IDENTITY_PAPER = "ADM-07"
CARE_LEVEL = 3
_POSSIBLE = 0.25  # a suggestion below the best one counts for the choice of desk from this confidence


class SourceTrust(StrEnum):
    """How far the source of a document is known."""

    TRUSTED = "trusted"  # the school's own scanner, or a person who is logged in
    UNVERIFIED = "unverified"  # mail of an unknown sender, an outsider's upload
    BLOCKED = "blocked"  # a sender whose documents the school refuses


class Desk(StrEnum):
    """Which desk asks a person."""

    POSTBAK = "postbak"
    ZORGPOSTBAK = "zorgpostbak"


@dataclass(frozen=True, slots=True)
class Hints:
    """What the uploader said. `authorised`: this person may add documents of this category to this dossier.

    `ask`: why a person must decide whatever the text says; `level`: how confidential (1-4) the source says it is.
    """

    pupil_id: UUID | None = None
    category: str | None = None
    document_date: date | None = None
    authorised: bool = False
    ask: Reason | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """What the decision rests on. `text_quality`: mean confidence 0-100; `levels`: level 1-4 per category code."""

    trust: SourceTrust
    categories: tuple[CategorySuggestion, ...]
    match: Matched | Ambiguous | NoMatch
    date: DateSuggestion | None
    text_quality: float
    levels: Mapping[str, int]
    hints: Hints = field(default_factory=Hints)


@dataclass(frozen=True, slots=True)
class RouteThresholds:
    """From which confidence (0-1) a part counts as sure; `text_quality` 0-100. `categories`: per code, where another
    one was measured. The curves turn the confidence of pupil and date into chances, for what is told of a filing.
    """

    category: float = 0.8
    pupil: float = 0.95
    date: float = 0.6
    text_quality: float = 60.0
    categories: Mapping[str, float] = field(default_factory=dict)
    pupil_curve: Curve = field(default_factory=Curve)
    date_curve: Curve = field(default_factory=Curve)

    def category_of(self, code: str) -> float:
        """From which confidence a document of this kind files itself."""
        return self.categories.get(code, self.category)


@dataclass(frozen=True, slots=True)
class FileNow:
    """File it: whose, what, when, and the chance that all three are right (what a person said counts as right)."""

    pupil_id: UUID
    category: str
    document_date: date
    confidence: float
    reason: Reason


@dataclass(frozen=True, slots=True)
class AskHuman:
    """A person decides, at this desk; what is suggested stands in the facts."""

    reason: Reason
    desk: Desk


@dataclass(frozen=True, slots=True)
class Refuse:
    """It does not come in."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class _Decided:
    """One part of the verdict: its value and confidence, or why it is not known."""

    value: UUID | str | date | None
    confidence: float
    reason: Reason | None = None


def route(facts: RouteFacts, thresholds: RouteThresholds) -> FileNow | AskHuman | Refuse:
    """Decide where the document goes. Unsure is never guessed into a dossier. Never raises."""
    if facts.trust is SourceTrust.BLOCKED:
        return Refuse(Reason("sender_blocked", N_("De school neemt geen documenten aan van deze afzender.")))
    desk = _desk(facts)
    if facts.hints.category == IDENTITY_PAPER or _may_be(facts, IDENTITY_PAPER):
        return AskHuman(
            Reason(
                "identity_paper", N_("Dit lijkt een identiteitsbewijs. Bewaren mag alleen als er een regeling voor is.")
            ),
            Desk.ZORGPOSTBAK,
        )
    if facts.trust is not SourceTrust.TRUSTED:
        return AskHuman(Reason("sender_unverified", N_("Het is niet zeker wie de afzender is.")), desk)
    if facts.hints.ask is not None:
        return AskHuman(facts.hints.ask, desk)
    hinted = _hinted(facts)
    if not hinted and facts.text_quality < thresholds.text_quality:
        return AskHuman(Reason("poor_text", N_("De tekst is slecht leesbaar. Controleer het papier.")), desk)
    contradiction = _contradiction(facts, thresholds)
    if contradiction is not None:
        return AskHuman(contradiction, desk)
    category, pupil, day = _category(facts, thresholds), _pupil(facts, thresholds), _date(facts, thresholds)
    for part in (pupil, category, day):
        if part.reason is not None:
            return AskHuman(part.reason, desk)
    assert isinstance(pupil.value, UUID)
    assert isinstance(category.value, str)
    assert isinstance(day.value, date)
    return FileNow(
        pupil.value,
        category.value,
        day.value,
        round(pupil.confidence * category.confidence * day.confidence, 4),
        _filed_reason(facts, hinted),
    )


def _hinted(facts: RouteFacts) -> bool:
    return facts.hints.authorised and facts.hints.pupil_id is not None and facts.hints.category is not None


def _contradiction(facts: RouteFacts, thresholds: RouteThresholds) -> Reason | None:
    """What the uploader said against what the text says."""
    hint = facts.hints.pupil_id
    if hint is None:
        return None
    match = facts.match
    if isinstance(match, Matched) and match.pupil_id != hint:
        return Reason("other_pupil", N_("In het document staat een andere leerling dan de leerling die is gekozen."))
    if isinstance(match, Ambiguous):
        others = [one for one in match.candidates if one.pupil_id != hint and one.confidence >= thresholds.pupil]
        if others or match.reason.code in ("several_pupils", "number_of_another"):
            return (
                match.reason
                if not others
                else Reason("several_pupils", N_("Het document gaat over meerdere leerlingen."))
            )
    return None


def _pupil(facts: RouteFacts, thresholds: RouteThresholds) -> _Decided:
    if facts.hints.pupil_id is not None and facts.hints.authorised:
        return _Decided(facts.hints.pupil_id, 1.0)
    if isinstance(facts.match, Matched):
        if facts.match.confidence >= thresholds.pupil:
            return _Decided(facts.match.pupil_id, thresholds.pupil_curve(facts.match.confidence))
        return _Decided(None, 0.0, Reason("pupil_unsure", N_("Het is niet zeker welke leerling het is.")))
    return _Decided(None, 0.0, facts.match.reason)


def _category(facts: RouteFacts, thresholds: RouteThresholds) -> _Decided:
    if facts.hints.category is not None and facts.hints.authorised:
        if facts.hints.category in facts.levels:
            return _Decided(facts.hints.category, 1.0)
        return _Decided(None, 0.0, Reason("category_unknown", N_("De gekozen soort bestaat niet op deze school.")))
    if not facts.categories:
        return _Decided(None, 0.0, Reason("no_category", N_("Het is niet duidelijk wat voor document het is.")))
    best = facts.categories[0]
    if best.confidence < thresholds.category_of(best.code) or best.code not in facts.levels:
        return _Decided(None, 0.0, Reason("category_unsure", N_("Het is niet zeker wat voor document het is.")))
    return _Decided(best.code, best.confidence)


def _date(facts: RouteFacts, thresholds: RouteThresholds) -> _Decided:
    if facts.hints.document_date is not None:
        return _Decided(facts.hints.document_date, 1.0)
    if facts.date is None:
        return _Decided(None, 0.0, Reason("no_date", N_("Er is geen datum van het document gevonden.")))
    if facts.date.confidence < thresholds.date:
        return _Decided(None, 0.0, Reason("date_unsure", N_("Het is niet zeker van welke datum het document is.")))
    return _Decided(facts.date.date, thresholds.date_curve(facts.date.confidence))


def _may_be(facts: RouteFacts, code: str) -> bool:
    """Whether the text may well be of this category; an uploader's word does not wipe that out."""
    return any(one.code == code and one.confidence >= _POSSIBLE for one in facts.categories)


def _desk(facts: RouteFacts) -> Desk:
    if facts.hints.level is not None and facts.hints.level >= CARE_LEVEL:
        return Desk.ZORGPOSTBAK
    possible = [one.code for place, one in enumerate(facts.categories) if place == 0 or one.confidence >= _POSSIBLE]
    if facts.hints.category is not None:
        possible.append(facts.hints.category)
    # A category that the school's list does not know cannot be called harmless.
    confidential = any(facts.levels.get(code, CARE_LEVEL) >= CARE_LEVEL for code in possible)
    return Desk.ZORGPOSTBAK if confidential else Desk.POSTBAK


def _filed_reason(facts: RouteFacts, hinted: bool) -> Reason:
    if hinted:
        return Reason("chosen_by_uploader", N_("Leerling en soort zijn gekozen bij het uploaden."))
    if isinstance(facts.match, Matched):
        return facts.match.reason
    return Reason("pupil_chosen", N_("De leerling is gekozen bij het uploaden en de soort is herkend."))
