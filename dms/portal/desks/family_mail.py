"""Which mails a parent or pupil gets, and how often at most."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.model.letters import LetterKind
from dms.portal.guard import portal_session
from dms.portal.house import house
from dms.portal.people import Place, add_place, by
from dms.portal.texts import say

desk = Blueprint("family_mail", __name__)
add_place(Place("family_mail.page", N_("Mail"), ("family_mail",), 60))

KINDS = {
    LetterKind.SIGNING_ASKED: N_("Er ligt een plan voor mij klaar"),
    LetterKind.SIGNING_REMINDED: N_("Een herinnering aan een plan dat nog wacht"),
    LetterKind.PORTAL_OPENED: N_("De school laat meer zien in het portaal"),
    LetterKind.CORRECTION_ANSWERED: N_("De school heeft geantwoord op een wijziging die ik doorgaf"),
    LetterKind.PACKAGE_READY: N_("Er staan gegevens klaar voor een andere school"),
    LetterKind.REQUEST_READY: N_("Het antwoord op mijn inzageverzoek is klaar"),
}
PACES = {"uur": N_("Zo snel mogelijk, hoogstens één mail per uur"), "dag": N_("Hoogstens één mail per dag"),
         "week": N_("Hoogstens één mail per week")}  # fmt: skip


@desk.get("/portaal/mail")
@portal_session
def page() -> ResponseReturnValue:
    """The choices as they are."""
    found = house().letters.choices.of(by())
    return render_template(
        "portal/notices/page.html",
        kinds=[(x.value, say(KINDS[x]), x in found.chosen) for x in found.offered if x in KINDS],
        paces=[(x, say(y), x == found.pace) for x, y in PACES.items()],
        saved=request.args.get("bewaard") == "ja",
    )


@desk.post("/portaal/mail")
@portal_session
def choose() -> ResponseReturnValue:
    """Choose anew."""
    known = {x.value: x for x in LetterKind}
    wanted = [known[x] for x in request.form.getlist("soort") if x in known]
    house().letters.choices.choose(by(), wanted, request.form.get("vaak", "uur"))
    return redirect(url_for("family_mail.page", bewaard="ja"), 303)
