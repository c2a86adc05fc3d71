"""Letters by mail: a school's own texts with preview and history, how sending goes, and a colleague's own choice."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, DmsError, NotFound
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.letters import FACTS, LetterKind, LetterState
from dms.services.notices.texts import Text
from dms.web.asked import line
from dms.web.error_pages import problem_of
from dms.web.frame import school
from dms.web.guard import by, manages, signed_in
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from dms.web.texts import LANGUAGES, say

desk = Blueprint("letters", __name__)
register(
    {
        "letter_saved": Notice(N_("De tekst is bewaard. Nieuwe mails krijgen deze tekst.")),
        "letter_default": Notice(N_("De gewone tekst geldt weer.")),
        "letter_chosen": Notice(N_("Uw keuze is bewaard.")),
    }
)
KINDS = {
    LetterKind.LINK_CODE: N_("Code voor een deellink"),
    LetterKind.LINK_SENT: N_("Een deellink voor de ontvanger"),
    LetterKind.LINK_VIEWED: N_("Een deellink van mij is voor het eerst geopend"),
    LetterKind.LINK_LOCKED: N_("Een deellink van mij is op slot gegaan"),
    LetterKind.LINK_EXPIRING: N_("Deellinks van mij lopen bijna af"),
    LetterKind.LINK_RETURNED: N_("Er is iets teruggestuurd via een deellink van mij"),
    LetterKind.INVITATION: N_("Uitnodiging voor het ouderportaal"),
    LetterKind.PORTAL_OPENED: N_("Nieuw in het portaal"),
    LetterKind.SIGNING_ASKED: N_("Een plan ligt klaar om te lezen"),
    LetterKind.SIGNING_REMINDED: N_("Herinnering aan een plan"),
    LetterKind.SIGNING_ANSWERED: N_("Er is geantwoord op een plan dat ik voorlegde"),
    LetterKind.CORRECTION_RECEIVED: N_("Ouders gaven een wijziging door"),
    LetterKind.CORRECTION_ANSWERED: N_("Antwoord op een doorgegeven wijziging"),
    LetterKind.PACKAGE_READY: N_("Gegevens voor een andere school staan klaar"),
    LetterKind.PACKAGE_ANSWERED: N_("Er is geantwoord op een overdracht die ik voorbereid"),
    LetterKind.PACKAGE_RECEIVED: N_("Er is een overstapdossier ontvangen"),
    LetterKind.REQUEST_RECEIVED: N_("Er is een inzageverzoek"),
    LetterKind.REQUEST_READY: N_("Het antwoord op een inzageverzoek is klaar"),
    LetterKind.BREACH_STARTED: N_("Er is een mogelijk datalek"),
    LetterKind.DISPOSAL_DUE: N_("Er zijn bewaartermijnen om"),
    LetterKind.DISPOSAL_ASKED: N_("Een voorstel om te vernietigen wacht op mijn akkoord"),
}
STATES = {
    LetterState.WAITING: N_("wachten"),
    LetterState.SENDING: N_("worden opnieuw geprobeerd"),
    LetterState.SENT: N_("verstuurd"),
    LetterState.FAILED: N_("niet aangenomen door de mailserver van de ontvanger"),
    LetterState.EXPIRED: N_("te oud geworden om nog te versturen"),
    LetterState.DROPPED: N_("vervallen: niet meer nodig, of er is niemand meer om aan te schrijven"),
}
PLACES = {
    "school": N_("de naam van de school"),
    "page": N_("het adres van de pagina"),
    "count": N_("hoeveel het er zijn"),
    "minutes": N_("hoeveel minuten de code werkt"),
    "date": N_("de dag waarop het gebeurde"),
    "until": N_("tot en met welke dag"),
    "code": N_("de code"),
    "link": N_("de deellink"),
}
"""What the places that a text can fill stand for."""
PACES = {"uur": N_("Hoogstens één mail per uur"), "dag": N_("Hoogstens één mail per dag"),
         "week": N_("Hoogstens één mail per week")}  # fmt: skip


@desk.get("/brieven")
@manages(Duty.SETTINGS)
def page() -> ResponseReturnValue:
    """Every text, and how the letters of the last month went."""
    room, place = house().letters, school()
    return render_template(
        "letters/page.html",
        lines=[(say(KINDS[x.kind]), LANGUAGES[x.language], x) for x in room.texts.list(by(), place.brin)],
        traffic=[(say(STATES[x.state]), x.count) for x in room.texts.traffic(by(), place.brin) if x.count],
        sends=room.sender.sends,
    )


@desk.get("/brieven/<kind>/<language>")
@manages(Duty.SETTINGS)
def text(kind: str, language: str) -> ResponseReturnValue:
    """One text with its history."""
    return _show(_kind(kind), language)


@desk.post("/brieven/<kind>/<language>")
@manages(Duty.SETTINGS)
def change(kind: str, language: str) -> ResponseReturnValue:
    """See a text as mail, let it hold, or take the default back."""
    texts, found, wanted = house().letters.texts, _kind(kind), request.form.get("doe", "")
    typed = Text(line("onderwerp"), request.form.get("tekst", ""))
    try:
        if wanted == "gewoon":
            texts.save(by(), school().brin, found, language, None)
            tell("letter_default")
        elif wanted == "bewaar":
            texts.save(by(), school().brin, found, language, typed)
            tell("letter_saved")
        else:
            return _show(found, language, typed, shown=texts.preview(by(), school().brin, found, language, typed))
    except BadInput as error:
        return _show(found, language, typed, error), 400
    return redirect(url_for("letters.text", kind=kind, language=language), 303)


@desk.get("/account/mail")
@signed_in
def mine() -> ResponseReturnValue:
    """Which mails a colleague gets."""
    found = house().letters.choices.of(by())
    return render_template(
        "letters/mine.html",
        kinds=[(x.value, say(KINDS[x])) for x in found.offered],
        chosen=[x.value for x in found.chosen],
        always=[say(KINDS[x]) for x in found.always],
        paces=[(x, say(y)) for x, y in PACES.items()],
        pace=found.pace,
        sends=house().letters.sender.sends,
    )


@desk.post("/account/mail")
@signed_in
def choose() -> ResponseReturnValue:
    """Choose anew."""
    known = {x.value: x for x in LetterKind}
    wanted = [known[x] for x in request.form.getlist("soort") if x in known]
    house().letters.choices.choose(by(), wanted, line("vaak") or "uur")
    tell("letter_chosen")
    return redirect(url_for("letters.mine"), 303)


def _kind(code: str) -> LetterKind:
    found = next((x for x in FACTS if x.value == code), None)
    if found is None:
        raise NotFound
    return found


def _show(
    kind: LetterKind,
    language: str,
    typed: Text | None = None,
    error: DmsError | None = None,
    shown: tuple[str, str] | None = None,
) -> str:
    now, history = house().letters.texts.one(by(), school().brin, kind, language)
    return render_template(
        "letters/text.html",
        kind=kind.value,
        name=say(KINDS[kind]),
        language_code=language,
        language_name=LANGUAGES[language],
        own=now.own,
        text=typed or now.text,
        places=[(f"{{{x}}}", say(PLACES[x])) for x in sorted(FACTS[kind].known)],
        history=history,
        shown=shown,
        problem=problem_of(error) if error else None,
    )
