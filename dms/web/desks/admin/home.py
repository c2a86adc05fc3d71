"""The start of the administration, and what was changed in it."""

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.model.duties import ADMINISTRATION, Duty
from dms.services.administration.history import KINDS, AskedHistory
from dms.services.administration.shapes import HistoryLine
from dms.web.around import school
from dms.web.asked import day, identity, line
from dms.web.asked import page as asked_page
from dms.web.desks.admin.room import crumbs, desk
from dms.web.guard import by, manages, may_manage
from dms.web.house import house
from dms.web.presenters.admin import ACTS, SUBJECTS, change_lines, role_name
from dms.web.presenters.paging import pager
from dms.web.texts import moment, say

HISTORY_SIZE = 50
TILES = (
    (
        Duty.SCHOOLS,
        "admin.schools",
        N_("Scholen"),
        N_("Besturen, scholen en vestigingen: namen, en wanneer ze sluiten."),
        "school",
    ),
    (Duty.GROUPS, "admin.groups", N_("Groepen"), N_("Namen, leerjaren en mentoren. Samenvoegen en sluiten."), "people"),
    (
        Duty.PEOPLE,
        "admin.people",
        N_("Collega's"),
        N_("Wie er in mag, met welke rol en tot wanneer. Wachtwoorden en tokens."),
        "person",
    ),
    (
        Duty.CATEGORIES,
        "admin.categories",
        N_("Categorieën"),
        N_("Soorten stukken, hun niveau en de velden erbij."),
        "folder",
    ),
    (
        Duty.SOURCES,
        "admin.sources",
        N_("Bronnen"),
        N_("Hoe stukken binnenkomen, wanneer voor het laatst en wat er misging."),
        "inbox-in",
    ),
    (
        Duty.SETTINGS,
        "admin.settings",
        N_("Instellingen"),
        N_("Contact, taal, termijnen en inloggen. En hoe de dienst draait."),
        "settings",
    ),
    (
        Duty.SETTINGS,
        "letters.page",
        N_("Brieven per mail"),
        N_("De teksten van mails die vanzelf weggaan, en hoe het versturen gaat."),
        "inbox-in",
    ),
    (Duty.HISTORY, "admin.history", N_("Geschiedenis"), N_("Wie wat veranderde, en wanneer."), "clock"),
)


@desk.get("")
@manages(*ADMINISTRATION)
def home() -> ResponseReturnValue:
    """What this person administers."""
    tiles = [
        (url_for(endpoint), say(label), say(text), icon)
        for duty, endpoint, label, text, icon in TILES
        if may_manage(duty)
    ]
    return render_template(
        "admin/home.html", tiles=tiles, place=school().name, crumbs=(*crumbs()[:-1], (say(N_("Inrichting")), ""))
    )


@desk.get("/wijzigingen")
@manages(Duty.HISTORY)
def history() -> ResponseReturnValue:
    """Changes of the configuration, narrowed by subject, person, thing and days."""
    subject, at = line("onderwerp"), asked_page()
    asked = AskedHistory(subject if subject in KINDS else "", identity("wie"), identity("wat"), day("van"), day("tot"))
    found = house().administration.history.list(by(), asked, at, HISTORY_SIZE)
    rows = [
        {
            "at": moment(x.at),
            "act": say(ACTS.get(x.kind, x.kind)),
            "subject": _subject(x),
            "who": _who(x),
            "changes": change_lines(x.changes),
            "note": x.note,
        }
        for x in found.rows
    ]
    return render_template(
        "admin/history.html",
        rows=rows,
        total=found.total,
        people=[(str(x), name) for x, name in found.people],
        subjects=[(k, say(v)) for k, v in SUBJECTS.items()],
        asked=asked,
        pager=pager("admin.history", found.total, at, HISTORY_SIZE),
        crumbs=crumbs((say(N_("Geschiedenis")), "")),
        role_name=role_name,
    )


def _who(line: HistoryLine) -> str:
    if line.by_command:
        return say(N_("opdracht op de server (%(name)s)"), {"name": line.who})
    return line.who or say(N_("de dienst zelf"))


def _subject(line: HistoryLine) -> str:
    """What it was done to. Names of parents and pupils are not shown here."""
    if line.subject_kind == "user" and not line.subject:
        return say(N_("een ouder of leerling"))
    return say(line.subject) if line.subject_kind == "source" else line.subject
