"""What of a dossier may go along to the next school or a samenwerkingsverband, and when a package may go.

The legal list of what may go along: administrative data; education and results; social-emotional development and
behaviour; support given or indicated; attendance of the last year (Besluit uitwisseling leer- en begeleidingsgegevens,
OSO gegevensset). A category that is on no line never goes. Notes of teachers and of the care team go only when
somebody chooses them one by one. The gate: registered at the receiver, looked through by everybody who is entitled,
consent where it must be there (VO to VO), nothing changed since, and no BSN to a samenwerkingsverband.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.transfers import TransferKind, Viewer

NAMED_PEOPLE = 4
"""The level that is for people by name: it never goes along by itself or by choice."""


class Part(StrEnum):
    """The parts of the legal list."""

    ADMINISTRATIVE = "administratief"
    EDUCATION = "onderwijs"
    DEVELOPMENT = "ontwikkeling"
    SUPPORT = "ondersteuning"
    ATTENDANCE = "verzuim"


class Going(StrEnum):
    """What becomes of a document: along unless left out, along only when chosen, or never."""

    ALONG = "along"
    CHOSEN = "chosen"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Line:
    """One category of the list. `to_swv`: how it goes to a samenwerkingsverband, where that is another way."""

    part: Part
    going: Going
    to_swv: Going | None = None


_ALONG, _CHOSEN, _NEVER = Going.ALONG, Going.CHOSEN, Going.NEVER

WHITELIST: dict[str, Line] = {
    "ADM-01": Line(Part.ADMINISTRATIVE, _ALONG, _CHOSEN),
    "ADM-02": Line(Part.ATTENDANCE, _ALONG),
    "ADM-03": Line(Part.ADMINISTRATIVE, _ALONG, _CHOSEN),
    "OND-01": Line(Part.EDUCATION, _ALONG),
    "OND-02": Line(Part.EDUCATION, _CHOSEN),
    "OND-03": Line(Part.EDUCATION, _ALONG),
    "OND-04": Line(Part.EDUCATION, _ALONG),
    "OND-05": Line(Part.DEVELOPMENT, _CHOSEN),
    "OND-07": Line(Part.EDUCATION, _ALONG, _NEVER),
    "OND-08": Line(Part.EDUCATION, _CHOSEN, _NEVER),
    "OND-10": Line(Part.EDUCATION, _CHOSEN),
    "GES-01": Line(Part.DEVELOPMENT, _CHOSEN),
    "ZRG-01": Line(Part.SUPPORT, _CHOSEN),
    "ZRG-02": Line(Part.SUPPORT, _CHOSEN),
    "ZRG-03": Line(Part.SUPPORT, _ALONG),
    "ZRG-04": Line(Part.SUPPORT, _CHOSEN),
    "ZRG-05": Line(Part.SUPPORT, _CHOSEN, _ALONG),
    "VEI-02": Line(Part.DEVELOPMENT, _CHOSEN),
}
"""By category. What is not here (finance, identity papers, consents, complaints, Veilig Thuis, the national numbers as
a document, group plans of several pupils, and categories of the board's own) is on no part of the legal list."""


@dataclass(frozen=True, slots=True)
class Paper:
    """The facts of a document in the dossier. `shared`: it lies in the dossier of another pupil too."""

    category: str
    level: int
    document_date: date | None
    confirmed: bool
    shared: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a document may go along, and why."""

    going: Going
    reason: Reason
    part: Part | None = None


_PAPER_TEXTS = {
    "along": N_("Hoort bij wat volgens de wet meegaat."),
    "chosen": N_("Gaat alleen mee als u dit kiest (notities, gesprekken en zorg)."),
    "not_listed": N_("Deze categorie staat niet op de wettelijke lijst van wat mee mag."),
    "attendance_old": N_("Alleen het verzuim van het laatste jaar mag mee."),
    "unconfirmed": N_("Nog door niemand gecontroleerd. Controleer het document eerst."),
    "shared": N_("Ligt ook in het dossier van een andere leerling."),
    "named_people": N_("Alleen voor met naam genoemde mensen."),
}


def may_go(paper: Paper, kind: TransferKind, today: date) -> Verdict:
    """Whether a document may go along with a package of this kind that is composed on `today`."""
    line = WHITELIST.get(paper.category)
    if line is None:
        return _verdict(Going.NEVER, "not_listed", None)
    going = line.to_swv if kind.to_swv and line.to_swv is not None else line.going
    if going is Going.NEVER:
        return _verdict(going, "not_listed", line.part)
    if paper.level >= NAMED_PEOPLE:
        return _verdict(Going.NEVER, "named_people", line.part)
    if paper.shared:
        return _verdict(Going.NEVER, "shared", line.part)
    if line.part is Part.ATTENDANCE and not _last_year(paper.document_date, today):
        return _verdict(Going.NEVER, "attendance_old", line.part)
    if not paper.confirmed:
        return _verdict(Going.NEVER, "unconfirmed", line.part)
    return _verdict(going, going.value, line.part)


def _verdict(going: Going, code: str, part: Part | None) -> Verdict:
    return Verdict(going, Reason(code, _PAPER_TEXTS[code]), part)


def _last_year(day: date | None, today: date) -> bool:
    """In the twelve months before today. Without a day it cannot be told, and does not go."""
    return day is not None and today - timedelta(days=366) < day <= today


@dataclass(frozen=True, slots=True)
class Entitled:
    """Somebody who is to look the package through today. `person_id` is None for the pupil."""

    viewer: Viewer
    person_id: UUID | None
    name: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """What somebody answered on the snapshot that is frozen now."""

    viewer: Viewer
    person_id: UUID | None
    seen_on: date
    agreed: bool
    consent: bool | None = None


@dataclass(frozen=True, slots=True)
class GateFacts:
    """All that decides whether a package may go. `basis_frozen` and `basis_now`: digests of what the snapshot was made
    of, then and now; empty where nothing is frozen. `age_known`: it is sure who is entitled. `unredacted`: documents in
    which the BSN was not (yet) made unreadable though it must. `bsn_inside`: the data themselves hold such a number.
    """

    kind: TransferKind
    registered_on: date | None
    basis_frozen: str
    basis_now: str
    age_known: bool
    entitled: Sequence[Entitled]
    answers: Sequence[Answered]
    documents: Sequence[Verdict]
    unredacted: int = 0
    bsn_inside: bool = False


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """Whether the package may go; every reason why not. `waiting_for`: who has still to look or to consent."""

    reasons: tuple[Reason, ...]
    waiting_for: tuple[Entitled, ...] = ()

    @property
    def open(self) -> bool:
        """Nothing stands in the way."""
        return not self.reasons


_GATE_TEXTS = {
    "not_frozen": N_("Het pakket is nog niet vastgelegd."),
    "changed": N_("Er is iets veranderd sinds het vastleggen. Leg het pakket opnieuw vast en laat het opnieuw inzien."),
    "not_registered": N_("De leerling is nog niet ingeschreven bij de ontvanger."),
    "registered_later": N_("De inschrijving bij de ontvanger ligt nog in de toekomst."),
    "age_unknown": N_("De geboortedatum is niet volledig bekend, dus is niet zeker wie het pakket mag inzien."),
    "nobody_entitled": N_("Er is niemand bekend die het pakket mag inzien."),
    "not_seen": N_("Nog niet iedereen die het pakket mag inzien, heeft dat gedaan (nog %(count)d)."),
    "consent_missing": N_("Voor deze overstap is toestemming nodig. Die is er nog niet van iedereen."),
    "consent_refused": N_("De toestemming is geweigerd. Het pakket gaat niet."),
    "not_allowed": N_("%(count)d van de documenten mag niet mee."),
    "bsn_in_documents": N_("In %(count)d van de documenten is het BSN nog niet onleesbaar gemaakt."),
    "bsn_in_data": N_("Een samenwerkingsverband mag het BSN niet krijgen."),
}  # fmt: skip


def send_gate(facts: GateFacts, today: date) -> GateVerdict:
    """Whether the package may go on `today`, judged anew each time that it is asked."""
    codes: list[tuple[str, int]] = []
    answers = {(x.viewer, x.person_id): x for x in facts.answers}
    asked = [(x, answers.get((x.viewer, x.person_id))) for x in facts.entitled]
    unseen = [x for x, answer in asked if answer is None or answer.seen_on > today]
    silent = [x for x, answer in asked if answer is not None and answer.consent is None]
    refused = any(answer is not None and answer.consent is False for _, answer in asked)
    banned = sum(1 for x in facts.documents if x.going is Going.NEVER)

    def closed(when: bool, code: str, count: int = 0) -> None:
        if when:
            codes.append((code, count))

    closed(not facts.basis_frozen, "not_frozen")
    closed(bool(facts.basis_frozen) and facts.basis_frozen != facts.basis_now, "changed")
    closed(facts.registered_on is None, "not_registered")
    closed(facts.registered_on is not None and facts.registered_on > today, "registered_later")
    closed(not facts.age_known, "age_unknown")
    closed(facts.age_known and not facts.entitled, "nobody_entitled")
    closed(bool(unseen), "not_seen", len(unseen))
    if facts.kind.needs_consent:
        closed(refused, "consent_refused")
        closed(bool(silent), "consent_missing")
    closed(banned > 0, "not_allowed", banned)
    if facts.kind.to_swv:
        closed(facts.unredacted > 0, "bsn_in_documents", facts.unredacted)
        closed(facts.bsn_inside, "bsn_in_data")
    waiting = (*unseen, *(silent if facts.kind.needs_consent else ()))
    return GateVerdict(tuple(_reason(code, count) for code, count in codes), waiting)


def _reason(code: str, count: int) -> Reason:
    text = _GATE_TEXTS[code]
    return Reason(code, text, {"count": count} if "%(count)" in text else {})
