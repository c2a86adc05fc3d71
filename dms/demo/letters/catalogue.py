"""All kinds of demo papers with their right answers, and the making of one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from dms.demo.chance import repeatable
from dms.demo.facts import DemoPupil, School
from dms.demo.letters import ambiguous, care, contact, looks, office, plans, rare, results
from dms.demo.letters.layout import render
from dms.demo.letters.occasion import Occasion
from dms.demo.letters.sheet import Look, Sheet
from dms.demo.letters.truth import Expected, Letter, Truth


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of paper. `category` is a code of the default list; `years` are the year groups it is written for.

    `title_words` are in lower case. `reason` is set for papers that are for the desk. `former` says that the paper
    is about a pupil who has left, `joining` that it was written before the first school day, `common` that schools
    get more of it than of the others. `among` finds the only pupils it can be about.
    """

    name: str
    category: str
    make: Callable[[Occasion], Sheet]
    looks: tuple[Look, ...]
    title_words: tuple[str, ...]
    years: range = range(1, 9)
    reason: str = ""
    former: bool = False
    joining: bool = False
    common: bool = False
    among: Callable[[School], list[DemoPupil]] | None = None

    @property
    def expected(self) -> Expected:
        """Whether a careful reader could file it."""
        return Expected.DESK if self.reason else Expected.FILEABLE

    def suits(self, pupil: DemoPupil) -> bool:
        """Whether such a paper is written about this pupil."""
        return pupil.year in self.years and (pupil.left is not None) == self.former

    def pupils(self, school: School) -> list[DemoPupil]:
        """The pupils of `school` that such a paper can be about; may be none."""
        return [p for p in (self.among(school) if self.among else school.pupils) if self.suits(p)]


_LETTERS, _HOME, _FORMS, _REPORTS, _MEMOS = looks.LETTERS, looks.HOME_LETTERS, looks.FORMS, looks.REPORTS, looks.MEMOS

FILEABLE_KINDS = (
    Kind("report card", "OND-03", results.report_card, (*_REPORTS, looks.FORM_LINED), ("rapport",), common=True),
    Kind("test results", "OND-03", results.test_results, (*_REPORTS, looks.FORM_BOXED), ("toets",), range(3, 9),
         common=True),
    Kind("support plan", "OND-05", plans.support_plan, (*_REPORTS, *_FORMS), ("handelingsplan",), range(2, 9),
         common=True),
    Kind("observation", "OND-05", plans.observation, (*_MEMOS, looks.REPORT_BOOK), ("observatie",)),
    Kind("development perspective", "ZRG-03", plans.development_perspective, (*_REPORTS, *_FORMS),
         ("ontwikkelingsperspectief",), range(5, 9)),
    Kind("school advice", "OND-04", results.school_advice, _LETTERS, ("advies",), range(8, 9)),
    Kind("final test", "OND-04", results.final_test, _REPORTS, ("doorstroomtoets",), range(8, 9)),
    Kind("transfer report sent", "OND-01", plans.transfer_report_sent, _REPORTS, ("onderwijskundig", "rapport"),
         former=True),
    Kind("transfer report received", "OND-02", plans.transfer_report_received, _REPORTS,
         ("onderwijskundig", "rapport"), range(3, 8)),
    Kind("registration form", "ADM-01", office.registration_form, _FORMS, ("inschrijf", "aanmeld"),
         range(1, 3), joining=True),
    Kind("deregistration", "ADM-01", office.deregistration, (*_FORMS, looks.REPORT_BOOK), ("uitschrijving",),
         former=True),
    Kind("absence report", "ADM-02", office.absence_report, _LETTERS, ("verzuim",), common=True),
    Kind("leave request", "ADM-02", office.leave_request, _FORMS, ("verlof",), common=True),
    Kind("photo consent", "ADM-09", office.photo_consent, _FORMS, ("toestemming",), common=True),
    Kind("address change", "ADM-03", office.address_change, _HOME, ("adres", "verhuizing")),
    Kind("contribution invoice", "ADM-08", office.contribution_invoice, _LETTERS, ("ouderbijdrage", "factuur")),
    Kind("exemption decision", "ADM-12", office.exemption_decision, _LETTERS, ("vrijstelling",), range(3, 9)),
    Kind("dyslexia research", "ZRG-04", care.dyslexia_research, _REPORTS, ("onderzoek",), range(4, 9), common=True),
    Kind("dyslexia statement", "ZRG-04", care.dyslexia_statement, (*_FORMS, looks.REPORT_BOOK), ("dyslexieverklaring",),
         range(5, 9)),
    Kind("medication statement", "ZRG-01", care.medication_statement, _FORMS, ("medicijn",), common=True),
    Kind("allergy letter", "ZRG-01", care.allergy_letter, _LETTERS, ("verklaring", "allergie")),
    Kind("therapy report", "ZRG-02", care.therapy_report, _LETTERS, ("logopedie", "behandeling")),
    Kind("youth care letter", "ZRG-02", care.youth_care_letter, _LETTERS, ("terugkoppeling",), range(3, 9)),
    Kind("partnership advice", "SWV-01", care.partnership_advice, _LETTERS, ("ondersteuning", "arrangement")),
    Kind("admission decision", "SWV-02", care.admission_decision, _LETTERS, ("toelaatbaarheidsverklaring",)),
    Kind("admission request", "ZRG-05", care.admission_request, _FORMS, ("tlv", "toelaatbaarheidsverklaring")),
    Kind("parent talk", "GES-01", contact.parent_talk, (*_MEMOS, looks.REPORT_BOXED), ("gesprek", "ouders"),
         common=True),
    Kind("letter to parents", "GES-01", contact.letter_to_parents, _LETTERS, ("brief", "gesprek", "antwoord"),
         common=True),
    Kind("incident report", "VEI-02", contact.incident_report, _FORMS, ("incident",), range(3, 9), common=True),
    Kind("suspension letter", "VEI-03", contact.suspension_letter, _LETTERS, ("schorsing",), range(6, 9)),
    Kind("complaint", "VEI-05", contact.complaint, _HOME, ("klacht",), range(3, 9)),
    Kind("privacy request", "AVG-01", contact.privacy_request, _HOME, ("inzage",)),
    Kind("safe home report", "VEI-01", contact.safe_home_report, _LETTERS, ("melding",)),
)  # fmt: skip

DESK_KINDS = (
    Kind("sick note, surname only", "ADM-02", ambiguous.sick_note_surname_only, _HOME, ("ziek",),
         reason="only a surname and an initial that two children share", among=ambiguous.sharing_initial),
    Kind("namesake note", "GES-01", ambiguous.namesake_note, _MEMOS, ("telefoongesprek",),
         reason="two pupils have this name", among=ambiguous.sharing_name),
    Kind("call name only", "ADM-02", ambiguous.call_name_only, _HOME, ("eerder",), reason="only a call name",
         among=ambiguous.sharing_call_name),
    Kind("letter about two", "GES-01", ambiguous.letter_about_two, _HOME, ("ophalen",),
         reason="about two children at once", among=ambiguous.with_siblings),
    Kind("unknown child", "ZRG-02", ambiguous.unknown_child, _LETTERS, ("informatie",),
         reason="the child is not at this school"),
    Kind("group plan", "OND-09", ambiguous.group_plan, (*_REPORTS, *_FORMS), ("groepsplan",), range(3, 9),
         reason="names many pupils"),
    Kind("newsletter", "GES-01", ambiguous.newsletter, _LETTERS, ("informatie",), reason="about no pupil"),
    Kind("wrong birth date", "ZRG-02", ambiguous.other_school_child, _LETTERS, ("geb.",),
         reason="name and birth date do not belong together"),
)  # fmt: skip

RARE_KINDS = (
    Kind("not placed", "ADM-05", rare.not_placed, _LETTERS, ("plaats", "aanmelding"), range(1, 5)),
    Kind("number statement", "ADM-04", rare.number_statement, _FORMS, ("burgerservicenummer", "bsn")),
    Kind("placement report", "OND-10", rare.placement_report, _REPORTS, ("stage",), range(6, 9)),
)
"""Not in the demo pile: for measuring recognition."""

KINDS: dict[str, Kind] = {kind.name: kind for kind in (*FILEABLE_KINDS, *DESK_KINDS, *RARE_KINDS)}


def make_letter(school: School, kind: Kind, pupil: DemoPupil, day: date, seed: int, look: Look | None = None) -> Letter:
    """One paper of `kind` about `pupil`, dated `day`, as a PDF with a text layer.

    The same arguments give the same bytes with the same libraries and fonts. Without `look`, chance picks one of
    the kind's own.
    """
    rng = repeatable("letter", kind.name, pupil.number, day.isoformat(), seed)
    chosen = look or rng.choice(kind.looks)
    sheet = kind.make(Occasion(rng, school, pupil, day, chosen.date_style))
    number = pupil.number if kind.expected is Expected.FILEABLE else None
    truth = Truth(number, kind.category, day, kind.title_words, kind.expected, kind.reason)
    data, pages = render(sheet, chosen)
    return Letter(data, truth, kind.name, chosen.name, pages)
