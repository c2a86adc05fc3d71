"""My preferences: language, light or dark, contrast, and whether single keys do something."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.screens import Contrast, Theme
from dms.web.asked import flag, line
from dms.web.frame import taste
from dms.web.guard import by, signed_in
from dms.web.house import house
from dms.web.notices import tell
from dms.web.texts import LANGUAGES, say

desk = Blueprint("tastes", __name__)
THEMES = {
    Theme.DEVICE: N_("Zoals mijn apparaat"),
    Theme.LIGHT: N_("Licht"),
    Theme.DARK: N_("Donker"),
}
CONTRASTS = {
    Contrast.DEVICE: N_("Zoals mijn apparaat"),
    Contrast.NORMAL: N_("Gewoon"),
    Contrast.MORE: N_("Meer contrast"),
}


@desk.get("/voorkeuren")
@signed_in
def page() -> ResponseReturnValue:
    """The form."""
    return render_template(
        "home/tastes.html",
        own=taste(),
        themes=[(x.value, say(text)) for x, text in THEMES.items()],
        contrasts=[(x.value, say(text)) for x, text in CONTRASTS.items()],
    )


@desk.post("/voorkeuren")
@signed_in
def choose() -> ResponseReturnValue:
    """Keep what is chosen. Raises BadInput for what cannot be chosen."""
    language = line("taal")
    try:
        wanted = replace(
            taste(),
            theme=Theme(line("kleuren")),
            contrast=Contrast(line("contrast")),
            shortcuts=flag("toetsen"),
        )
    except ValueError:
        raise BadInput(N_("Deze keuze is er niet."), N_("Open de pagina opnieuw en kies uit de lijst.")) from None
    if language not in LANGUAGES:
        raise BadInput(N_("Deze taal is er niet."), N_("Kies Nederlands of Engels."))
    house().preferences.choose(by(), wanted)
    house().accounts.set_language(by(), language)
    tell("tastes_saved")
    return redirect(url_for("tastes.page"), 303)
