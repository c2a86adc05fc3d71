"""The components of all screens on one page, each in every state: for who makes screens, and for the tests."""

from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.web.assets import digest_of_app, icon_names
from dms.web.guard import signed_in
from dms.web.presenters.documents import Box, Sheet
from dms.web.presenters.sorting import asked_order, columns
from dms.web.texts import say

desk = Blueprint("components", __name__)
HEADS = (("naam", N_("Naam")), ("groep", N_("Groep")), ("", N_("Toestand")), ("aantal", N_("Documenten")))
LONG_NAME = "Anna-Sophia Wilhelmina van den Berg-Öztürk tot Oldenzaal-Achterveld"


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One line of the sample table."""

    name: str
    group: str
    label: str
    tone: str
    count: int


ROWS = (
    SampleRow("Bakker, Sem", "groep 7", N_("Opgeborgen"), "good", 12),
    SampleRow(LONG_NAME, "groep 8", N_("Wacht op u"), "attention", 140),
    SampleRow("El Amrani, Noor", "groep 4", N_("Geweigerd"), "bad", 0),
)
KEYS = {"naam": lambda x: x.name, "groep": lambda x: x.group, "aantal": lambda x: x.count}


@desk.get("/onderdelen")
@signed_in
def page() -> ResponseReturnValue:
    """Every component in every state; the sample table really sorts, the sample form really complains."""
    order = asked_order(KEYS, "naam")
    wrong = _wrong()
    here = url_for("components.page")
    return render_template(
        "components/page.html",
        here_bare=here,
        icons=icon_names(),
        long_name=LONG_NAME,
        choices=[("a", "Onderwijs"), ("b", "Zorg"), ("c", "Administratie en alles wat daar verder nog bij hoort")],
        typed={x: request.args.get(x, "") for x in ("datum", "van", "tot")},
        wrong=wrong,
        wrong_by={"nummer": "", "uitleg": "", "datum": "", "van": "", "keuze": "", **dict(wrong)},
        columns=columns("components.page", HEADS, order, ("aantal",)),
        sheets=_sheets(),
        rows=[
            SampleRow(x.name, x.group, say(x.label), x.tone, x.count)
            for x in sorted(ROWS, key=KEYS[order.key], reverse=order.down)
        ],
        tab_samples=[
            {"label": say(N_("Documenten")), "address": here, "here": True, "count": 12},
            {"label": say(N_("Tijdlijn")), "address": here, "here": False},
            {"label": say(N_("Wie ziet wat")), "address": here, "here": False},
        ],
    )


@desk.post("/onderdelen/ongedaan")
@signed_in
def undone() -> ResponseReturnValue:
    """The way back of the sample toast: nothing was done, so nothing is taken back."""
    return redirect(url_for("components.page"), 303)


@desk.get("/onderdelen/venster")
@signed_in
def dialog_page() -> ResponseReturnValue:
    """What the sample dialog says, as a page: for who has no scripts."""
    return render_template("components/dialog.html")


def _sheets() -> tuple[Sheet, ...]:
    """Two drawn pages; on the first a word is marked, as after a search."""
    text = ((say(N_("Verslag van een ")), False), (say(N_("gesprek")), True))
    images = [url_for("assets.file", digest=digest_of_app(), name=f"img/sample-page-{x}.svg") for x in (1, 2)]
    return tuple(
        Sheet(
            number=number,
            image=image,
            thumbnail=image,
            width=420,
            height=594,
            pieces=text if number == 1 else (),
            boxes=(Box(428, 92, 157, 40),) if number == 1 else (),
        )
        for number, image in enumerate(images, 1)
    )


def _wrong() -> list[tuple[str, str]]:
    """The faults of the sample form; shown at the first look, so that they can be seen."""
    return [
        ("nummer", say(N_("Vul het leerlingnummer in."))),
        ("uitleg", say(N_("Schrijf een uitleg."))),
        ("datum", say(N_("Dit is geen datum."))),
        ("keuze", say(N_("Kies hoe lang."))),
    ]
