"""Whose is it: one pupil for sure, or a question for a person.

A name alone never files. What counts as two independent facts, and how sure they make it, stands in `_PAIRS`;
then everything that speaks against it is asked: another birth date, a number or BSN of somebody else, a twin,
a sibling, a namesake, a second pupil. Names of carers, teachers and senders (role OTHER) never count.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from rapidfuzz.distance import OSA

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from ingest.rules.clues import Clues
from ingest.rules.roles import Role
from ingest.rules.roster import Candidate, Evidence, EvidenceKind, PupilFacts
from ingest.rules.text import Span, fold_name


@dataclass(frozen=True, slots=True)
class MatchThresholds:
    """From which confidence (0-1) a pupil counts as found."""

    sure: float = 0.95


@dataclass(frozen=True, slots=True)
class Ranked:
    """A pupil that it may be: confidence 0-1 and what speaks for it."""

    pupil_id: UUID
    confidence: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """It is this pupil."""

    pupil_id: UUID
    confidence: float
    evidence: tuple[Evidence, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A person must say who it is; the likeliest first (at most five)."""

    candidates: tuple[Ranked, ...]
    reason: Reason


@dataclass(frozen=True, slots=True)
class NoMatch:
    """Nobody of this school is recognised."""

    reason: Reason


@dataclass(frozen=True, slots=True)
class _Facts:
    """What speaks for one candidate, carers' and others' lines left out."""

    candidate: Candidate
    number: bool
    bsn: bool
    full: bool
    firm_name: bool
    pupil_role: bool
    initials: bool
    surname: bool
    given: bool
    birth: bool
    group: bool
    loose_group: bool
    carer: bool
    spans: tuple[Span, ...]

    @property
    def pupil(self) -> PupilFacts:
        return self.candidate.pupil

    @property
    def registered(self) -> bool:
        """A number that only this pupil has."""
        return self.number or self.bsn


# Two facts of different origin and the confidence that they give; the first that holds counts.
_PAIRS: tuple[tuple[Callable[[_Facts], bool], float], ...] = (
    (lambda f: f.registered and f.full, 0.995),
    (lambda f: f.number and f.bsn, 0.99),
    (lambda f: f.full and f.birth and f.firm_name, 0.985),
    (lambda f: f.registered and f.birth, 0.98),
    (lambda f: f.registered and f.initials, 0.98),
    (lambda f: f.full and f.birth, 0.97),
    (lambda f: f.registered and f.surname, 0.965),
    (lambda f: f.registered and f.given, 0.96),
    (lambda f: f.full and f.firm_name and f.pupil_role and f.group and f.pupil.current, 0.955),
    (lambda f: f.initials and f.birth, 0.955),
)
# One fact, or two that hang together: good for a suggestion, never for filing.
_HUNCHES: tuple[tuple[Callable[[_Facts], bool], float], ...] = (
    (lambda f: f.birth and (f.surname or f.given), 0.85),
    (lambda f: f.full and (f.group or f.carer), 0.85),
    (lambda f: f.bsn, 0.8),
    (lambda f: f.full and f.loose_group, 0.75),
    (lambda f: f.full and f.pupil_role, 0.7),
    (lambda f: f.number, 0.6),
    (lambda f: f.full, 0.55),
    (lambda f: f.initials, 0.4),
    (lambda f: f.birth, 0.3),
    (lambda f: f.surname, 0.1),
)
_WEAK_REGISTERED = 0.85
_SHOWN = 5
_LIST_OF_PUPILS = 3
_ADULT_YEARS = 13
_SIBLINGS = frozenset({"broer", "broertje", "broers", "broertjes", "zus", "zusje", "zussen", "zusjes", "tweelingbroer",
                       "tweelingzus"})  # fmt: skip


def match(clues: Clues, candidates: Sequence[Candidate], thresholds: MatchThresholds) -> Matched | Ambiguous | NoMatch:
    """Decide whose the document is: two independent facts at least, and nothing that contradicts them. Never raises."""
    facts = [_facts(candidate) for candidate in candidates]
    scored = sorted(
        ((_confidence(one, facts), one) for one in facts),
        key=lambda item: (-item[0], not item[1].pupil.current, item[1].pupil.pupil_id.int),
    )
    scored = [item for item in scored if item[0] > 0]
    if not scored:
        return NoMatch(_nobody(clues))
    confidence, best = scored[0]
    sure = [one for value, one in scored if value >= thresholds.sure]
    if not sure:
        return _ask(scored, _too_little(scored))
    if len(sure) > 1:
        return _ask(scored, _several(sure))
    against = _against(best, confidence, [one for _, one in scored[1:]], clues)
    if against is not None:
        return _ask(scored, against)
    return Matched(best.pupil.pupil_id, confidence, best.candidate.evidence, _why(best))


def _facts(candidate: Candidate) -> _Facts:
    counted = [one for one in candidate.evidence if one.role is not Role.OTHER or one.kind is EvidenceKind.CARER]

    def has(kind: EvidenceKind) -> bool:
        return any(one.kind is kind for one in counted)

    named = [one for one in counted if one.kind is EvidenceKind.FULL_NAME]
    full, initials = bool(named), has(EvidenceKind.INITIALS_NAME)
    groups = [one for one in counted if one.kind is EvidenceKind.GROUP]
    names = named or [one for one in counted if one.kind in (EvidenceKind.INITIALS_NAME, EvidenceKind.SURNAME)]
    return _Facts(
        candidate,
        number=has(EvidenceKind.NUMBER),
        bsn=has(EvidenceKind.BSN),
        full=full,
        firm_name=any(one.firm for one in named),
        pupil_role=any(one.role is Role.PUPIL for one in named),
        initials=initials,
        surname=full or initials or has(EvidenceKind.SURNAME),
        given=full or any(one.kind is EvidenceKind.GIVEN_NAME and one.firm for one in counted),
        birth=has(EvidenceKind.BIRTH_DATE),
        group=any(one.firm for one in groups),
        loose_group=bool(groups),
        carer=has(EvidenceKind.CARER),
        spans=tuple(one.span for one in names if one.span is not None),
    )


def _confidence(one: _Facts, all_facts: Sequence[_Facts]) -> float:
    for holds, value in _PAIRS:
        if holds(one):
            if one.registered and not (one.full or one.birth or (one.number and one.bsn)):
                # A number read wrong may be a brother's: a shared surname adds nothing to it.
                family = [other for other in all_facts if other is not one and _share_name(one, other)]
                if family:
                    return _WEAK_REGISTERED
            return value
    for holds, value in _HUNCHES:
        if holds(one):
            return value
    return 0.0


def _share_name(one: _Facts, other: _Facts) -> bool:
    return other.surname and fold_name(one.pupil.surname) == fold_name(other.pupil.surname)


def _against(best: _Facts, confidence: float, others: Sequence[_Facts], clues: Clues) -> Reason | None:
    """What speaks against the only sure candidate; None where nothing does."""
    if _other_birth(best.pupil, clues):
        return Reason(
            "birth_date_differs", N_("De geboortedatum in het document is een andere dan die van de leerling.")
        )
    if any(other.registered for other in others):
        return Reason("number_of_another", N_("Er staat een nummer in het document dat van een andere leerling is."))
    for other in others:
        if not best.registered and _twin(best.pupil, other.pupil) and _twin_in_play(best.pupil, other):
            return Reason("twin", N_("Er is een tweelingbroer of -zus: een mens moet kiezen."))
    if _another_child(best.pupil, clues) or (clues.plural and not best.registered):
        return _several_reason()
    if clues.both and not best.registered and not _alone(best, others, clues):
        return _several_reason()
    rivals = [other for other in others if other.full and not _inside(other, best)]
    if len(rivals) + 1 >= _LIST_OF_PUPILS or any(rival.pupil_role for rival in rivals):
        return _several_reason()
    if rivals and (not best.full or confidence < 0.965 or not _first(best, rivals)):
        return _several_reason()
    if not best.registered and not best.birth:
        return _against_group(best, others, clues)
    if best.full and any(other.full and other.birth and not other.firm_name for other in others):
        return Reason("namesakes", N_("Er zijn leerlingen met (bijna) dezelfde naam."))
    return None


def _against_group(best: _Facts, others: Sequence[_Facts], clues: Clues) -> Reason | None:
    """A name and a group are the weakest pair: any other number, and anybody with nearly that name, stops it."""
    if any(other.full for other in others):
        return Reason("namesakes", N_("Er zijn leerlingen met (bijna) dezelfde naam."))
    numbers = [one for one in clues.numbers if one.labelled and one.role is not Role.OTHER]
    personal = [one for one in clues.personal_numbers if one.labelled and one.role is not Role.OTHER]
    if numbers or (personal and not best.bsn):
        return Reason("number_unknown", N_("Er staat een nummer in het document dat niet bij deze leerling hoort."))
    return None


def _alone(best: _Facts, others: Sequence[_Facts], clues: Clues) -> bool:
    """Whether one child is named in full with its birth date, and nobody of its family is named or spoken of."""
    written = {word.text for word in clues.words}
    family = {fold_name(one.pupil.given_name) for one in others if _alike(one.pupil.surname, best.pupil.surname)}
    named = (family - {fold_name(best.pupil.given_name)}) | _SIBLINGS
    return best.full and best.birth and not named & written


def _other_birth(pupil: PupilFacts, clues: Clues) -> bool:
    known = pupil.birth_date
    if known is None:
        return False
    written = [one for one in clues.births if one.labelled and one.role is not Role.OTHER and one.exact]
    if any(one.value == known for one in clues.births if one.role is not Role.OTHER):
        return False
    # A parent's birthday on a form without headings contradicts nothing.
    return any(known.year - one.value.year < _ADULT_YEARS for one in written)


def _another_child(pupil: PupilFacts, clues: Clues) -> bool:
    """Whether a second child's birth date stands there: unlike the pupil's in more than one part (a slip is in one)."""
    known = pupil.birth_date
    if known is None:
        return False
    others = [one.value for one in clues.births if one.labelled and one.exact and one.role is not Role.OTHER]
    return any(
        (one.day != known.day) + (one.month != known.month) + (one.year != known.year) > 1
        and known.year - one.year < _ADULT_YEARS
        for one in others
    )


def _twin(one: PupilFacts, other: PupilFacts) -> bool:
    return one.birth_date is not None and one.birth_date == other.birth_date and _alike(one.surname, other.surname)


def _twin_in_play(best: PupilFacts, twin: _Facts) -> bool:
    """Whether the twin is named too, or the two given names can be mistaken for each other."""
    named = any(one.kind in (EvidenceKind.GIVEN_NAME, EvidenceKind.FULL_NAME) for one in twin.candidate.evidence)
    mine, theirs = fold_name(best.given_name).replace(" ", ""), fold_name(twin.pupil.given_name).replace(" ", "")
    return named or OSA.distance(mine, theirs) <= (1 if min(len(mine), len(theirs)) < 4 else 2)


def _alike(one: str, other: str) -> bool:
    left, right = fold_name(one).replace(" ", ""), fold_name(other).replace(" ", "")
    return left == right or (len(left) >= 5 and OSA.distance(left, right) <= 1)


def _inside(other: _Facts, best: _Facts) -> bool:
    """Whether all of the other's names are the very words of the best one's (a namesake, not a second person)."""
    return all(any(mine.page == span.page and mine.start < span.end and span.start < mine.end for mine in best.spans)
               for span in other.spans)  # fmt: skip


def _first(best: _Facts, rivals: Sequence[_Facts]) -> bool:
    """Whether the best one is called the pupil, or named before all others."""
    return best.pupil_role or min(best.spans) < min(span for rival in rivals for span in rival.spans)


def _ask(scored: Sequence[tuple[float, _Facts]], reason: Reason) -> Ambiguous:
    return Ambiguous(
        tuple(Ranked(one.pupil.pupil_id, value, one.candidate.evidence) for value, one in scored[:_SHOWN]), reason
    )


def _several(sure: Sequence[_Facts]) -> Reason:
    if len(sure) == 2 and _alike(sure[0].pupil.surname, sure[1].pupil.surname):
        return Reason("namesakes", N_("Broers, zussen of naamgenoten: een mens moet kiezen."))
    return _several_reason()


def _several_reason() -> Reason:
    return Reason("several_pupils", N_("Het document gaat over meerdere leerlingen."))


def _too_little(scored: Sequence[tuple[float, _Facts]]) -> Reason:
    best = scored[0][1]
    if len(scored) > 1 and scored[1][0] == scored[0][0]:
        return Reason("which_pupil", N_("Er passen meerdere leerlingen bij wat er staat."))
    if best.full and not (best.registered or best.birth):
        return Reason("name_alone", N_("Er staat alleen een naam. Dat is niet genoeg om zeker te zijn."))
    if best.registered and not best.surname:
        return Reason("number_alone", N_("Er staat alleen een nummer. Dat is niet genoeg om zeker te zijn."))
    return Reason("too_little", N_("Er staat te weinig om zeker te weten welke leerling het is."))


def _nobody(clues: Clues) -> Reason:
    if not clues.readable:
        return Reason("no_text", N_("Er is geen tekst gelezen."))
    return Reason("no_pupil", N_("Er is geen leerling van deze school herkend."))


def _why(best: _Facts) -> Reason:
    if best.registered and best.surname:
        return Reason("number_and_name", N_("Nummer en naam horen bij deze leerling."))
    if best.registered:
        return Reason("number_and_birth_date", N_("Nummer en geboortedatum horen bij deze leerling."))
    if best.birth:
        return Reason("name_and_birth_date", N_("Naam en geboortedatum horen bij deze leerling."))
    return Reason("name_and_group", N_("Naam en groep komen op deze school maar één keer samen voor."))
