"""Recognises papers as the pipeline does, from their text alone, and holds what comes of it to the truth."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid5

from benchmarks.measures.recognition_set import TODAY, Paper
from dms.demo.facts import DemoPupil, School
from ingest.rules.classify import CategorySuggestion, classify
from ingest.rules.clues import extract
from ingest.rules.dates import DateSuggestion
from ingest.rules.describe import describe
from ingest.rules.learned.combine import Weighing, combined
from ingest.rules.learned.features import features
from ingest.rules.learned.model import LinearModel
from ingest.rules.match import Ambiguous, Matched, MatchThresholds, NoMatch, match
from ingest.rules.phrases import VOCABULARY
from ingest.rules.roster import PupilFacts, Roster
from ingest.rules.route import FileNow, RouteFacts, RouteThresholds, SourceTrust, route
from ingest.rules.senders import OwnSchool
from ingest.rules.text import PageText, mean_confidence

SPACE = UUID("5b1f0c7e-52ac-4f1f-9d0a-6f9f3c1f7a11")
LEVELS = dict.fromkeys(VOCABULARY, 2)


@dataclass(frozen=True)
class Seen:
    """What rules and model say of a text, before anything is decided."""

    suggested: tuple[CategorySuggestion, ...]
    likely: Mapping[str, float]
    match: Matched | Ambiguous | NoMatch
    date: DateSuggestion | None
    title: str
    quality: float


@dataclass(frozen=True)
class Verdict:
    """What became of a paper: filed or the reason why not, and what is right of it (None: not told)."""

    paper: Paper
    filed: bool
    reason: str
    confidence: float
    category: str
    category_chance: float
    category_right: bool
    pupil_right: bool
    date_right: bool

    @property
    def right(self) -> bool:
        """Pupil, category and date."""
        return self.category_right and self.pupil_right and self.date_right


class Judge:
    """Papers of one school."""

    def __init__(
        self,
        school: School,
        model: LinearModel | None,
        weighing: Weighing,
        thresholds: RouteThresholds | None = None,
        today: date = TODAY,
    ) -> None:
        self.own = OwnSchool(school.name, school.brin)
        self.people = [facts_of(pupil) for pupil in school.pupils]
        self.personal = {x: _id(p.number) for p in school.pupils for x in (p.bsn, p.education_number) if x}
        self.roster = Roster(self.people)
        self.id_of: Callable[[str], UUID] = _id
        self.model, self.weighing, self.today = model, weighing, today
        self.thresholds = thresholds or RouteThresholds()

    def look(self, pages: tuple[PageText, ...]) -> Seen:
        """What the text says."""
        clues = extract(pages)
        owners = {self.personal[one.value] for one in clues.personal_numbers if one.value in self.personal}
        candidates = self.roster.candidates(clues, owners)
        found = match(clues, candidates, MatchThresholds())
        suggested = classify(pages, VOCABULARY, self.own)
        likely = self.model.likelihoods(features(pages), tuple(VOCABULARY)) if self.model is not None else {}
        described = describe(pages, found, candidates, "naam", self.today)
        return Seen(suggested, likely, found, described.date, described.title, mean_confidence(pages))

    def __call__(self, paper: Paper) -> Verdict:
        """Recognise and route a paper, as one that the school's own scanner sent."""
        return self.decide(paper, self.look(paper.pages))

    def decide(self, paper: Paper, seen: Seen) -> Verdict:
        """Where a paper goes, by what was seen of it."""
        categories = combined(seen.suggested, seen.likely, VOCABULARY, self.weighing)
        verdict = route(
            RouteFacts(SourceTrust.TRUSTED, categories, seen.match, seen.date, seen.quality, LEVELS), self.thresholds
        )
        truth = paper.truth
        matched = isinstance(seen.match, Matched)
        pupil = seen.match.pupil_id if isinstance(seen.match, Matched) else None
        best = categories[0] if categories else None
        return Verdict(
            paper,
            isinstance(verdict, FileNow),
            verdict.reason.code,
            verdict.confidence if isinstance(verdict, FileNow) else 0.0,
            best.code if best else "",
            best.confidence if best else 0.0,
            best is not None and best.code == truth.category,
            matched and truth.pupil_number is not None and pupil == self.id_of(truth.pupil_number),
            seen.date is not None and seen.date.date == truth.document_date,
        )


def _id(number: str) -> UUID:
    return uuid5(SPACE, number)


def facts_of(pupil: DemoPupil) -> PupilFacts:
    """What the roster knows of an invented pupil."""
    return PupilFacts(
        pupil_id=_id(pupil.number), number=pupil.number, given_name=pupil.call_name, first_names=pupil.given_names,
        initials=pupil.initials, prefix=pupil.prefix, surname=pupil.surname, birth_date=pupil.birth_date,
        groups=(pupil.group,) if pupil.left is None else (), current=pupil.left is None,
        carers=tuple(carer.name for carer in pupil.carers),
    )  # fmt: skip
