"""Pupils: the list, the picker that pages use while typing, the dossier with what one does to many documents at once,
and what happened in it.
"""

from uuid import UUID

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.kernel.ids import parse_id
from dms.kernel.schoolyear import SchoolYear, parse_school_year, school_year_of
from dms.kernel.text import N_
from dms.services.downloads import attachment
from dms.services.pupils import PupilSort, When
from dms.web import notices
from dms.web.asked import flag, line
from dms.web.asked import page as asked_page
from dms.web.desks.rights.kinds import kind_words
from dms.web.frame import school
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters import dossiers, histories
from dms.web.presenters import pupils as present
from dms.web.presenters.paging import pager
from dms.web.presenters.sorting import asked_order, columns
from dms.web.texts import number, say
from rights.rules.actions import Action

desk = Blueprint("pupils", __name__)
PAGE_SIZE = 50
YEARS_BACK = 12
UNDO = ("undo.undo", "batch_id")
WHEN: dict[When, str] = {
    When.ENROLLED: N_("Ingeschreven"),
    When.NOW: N_("Nu op school"),
    When.FUTURE: N_("Komt nog"),
    When.FORMER: N_("Oud-leerlingen"),
    When.ALL: N_("Iedereen"),
}
HEADS = (
    (PupilSort.NAME.value, N_("Naam")),
    (PupilSort.GROUP.value, N_("Groep")),
    (PupilSort.BIRTH.value, N_("Geboren")),
    (PupilSort.NUMBER.value, N_("Nummer")),
    ("", N_("Documenten")),
)
notices.register(
    {
        "moved": Notice(N_("%(num)d document is verplaatst."), N_("%(num)d documenten zijn verplaatst."), undo=UNDO),
        "removed": Notice(
            N_("%(num)d document ligt in de prullenbak."), N_("%(num)d documenten liggen in de prullenbak."), undo=UNDO
        ),
        "all_confirmed": Notice(N_("%(num)d document is bevestigd."), N_("%(num)d documenten zijn bevestigd.")),
    }
)


@desk.get("/leerlingen")
@acts(Action.SEE)
def page() -> ResponseReturnValue:
    """The pupils of the school: filtered by text, group, whether they are here and school year; sorted; paged."""
    today = house().clock.today()
    text, group, at = line("q"), line("groep"), asked_page()
    year = parse_school_year(line("schooljaar")) if line("schooljaar") else None
    when = _when(year)
    order = asked_order((x.value for x in PupilSort), PupilSort.NAME.value)
    found = house().pupils.list(
        by(),
        school().brin,
        text=text,
        group=group or None,
        when=when,
        year=year,
        sort=PupilSort(order.key),
        down=order.down,
        page=at,
        size=PAGE_SIZE,
    )
    newest = school_year_of(today).start + 1
    return render_template(
        "pupils/list.html",
        rows=present.rows(found.rows),
        columns=columns("pupils.page", HEADS, order, figures=(N_("Documenten"),)),
        total=found.total,
        total_text=number(found.total),
        groups=found.groups,
        text=text,
        group=group,
        when=when.value,
        whens=tuple((k.value, say(v)) for k, v in WHEN.items()),
        year=str(year) if year else "",
        years=tuple(str(SchoolYear(x)) for x in range(newest, newest - YEARS_BACK, -1)),
        pager=pager("pupils.page", found.total, at, PAGE_SIZE),
    )


@desk.get("/leerlingen/kies")
@acts(Action.SEE)
def picker() -> ResponseReturnValue:
    """Pupils that fit what is typed, as a piece of a page: to choose one for a paper, or (`doel=open`) to go there."""
    opening = line("doel") == "open"
    found = house().pupils.suggest(by(), school().brin, line("q"), adding=not opening)
    return render_template("pupils/_choices.html", choices=present.rows(found.rows), asked=line("q"), more=found.more)


@desk.get("/leerlingen/<uuid:pupil_id>")
@acts(Action.SEE)
def dossier(pupil_id: UUID) -> ResponseReturnValue:
    """One dossier, by category."""
    view = house().pupils.dossier(by(), pupil_id)
    asked = dossiers.Narrowed(
        text=line("q"),
        category=line("categorie"),
        year=line("schooljaar"),
        unconfirmed=flag("onbevestigd"),
        sort=line("volgorde") if line("volgorde") in dossiers.SORTS else "nieuw",
    )
    shown = dossiers.dossier(view, asked)
    places = house().documents.categories(by(), view.school.brin, Action.ADD) if "classify" in shown.can else ()
    return render_template("pupils/dossier.html", dossier=shown, asked=asked, places=places)


@desk.get("/leerlingen/<uuid:pupil_id>/tijdlijn")
@acts(Action.SEE)
def timeline(pupil_id: UUID) -> ResponseReturnValue:
    """What happened in the dossier, newest first."""
    before = line("voor")
    found = house().timeline.dossier(
        by(), pupil_id, before=int(before) if before.isascii() and before.isdigit() else None
    )
    return render_template(
        "pupils/timeline.html",
        pupil_id=pupil_id,
        pupil_address=url_for("pupils.dossier", pupil_id=pupil_id),
        name=found.about,
        days=histories.days(found, kind_words),
        older=url_for("pupils.timeline", pupil_id=pupil_id, voor=found.older) if found.older else "",
    )


@desk.post("/leerlingen/<uuid:pupil_id>/documenten")
@acts(Action.SEE)
def together(pupil_id: UUID) -> ResponseReturnValue:
    """Do one thing with the chosen documents of the dossier: all, or none when one may not be."""
    chosen = [x for x in (parse_id(y) for y in request.form.getlist("document")) if x is not None]
    what = line("doe")
    if what == "deel" and chosen:
        return redirect(url_for("links.form", pupil_id=pupil_id, document=[str(x) for x in chosen]), 303)
    if what == "zip":
        parcel = house().parcels.pack(by(), pupil_id, chosen)
        answer = Response(parcel.chunks, mimetype="application/zip")
        answer.headers["Content-Disposition"] = attachment(parcel.file_name)
        return answer
    places = house().placements
    if what == "verplaats":
        if not line("naar") and chosen:
            raise BadInput(
                N_("Er is nog geen categorie gekozen."), N_("Kies waar de documenten heen gaan."), code="no_category"
            )
        tell("moved", undo=places.recategorise(by(), pupil_id, chosen, line("naar")), count=len(chosen))
    elif what == "weg":
        tell("removed", undo=places.remove_all(by(), pupil_id, chosen), count=len(chosen))
    elif what == "bevestig":
        tell("all_confirmed", count=places.confirm_all(by(), pupil_id, chosen))
    else:
        raise BadInput(N_("Er is niets gekozen."), N_("Kies wat u met de documenten wilt doen."), code="nothing_chosen")
    return redirect(url_for("pupils.dossier", pupil_id=pupil_id), 303)


def _when(year: SchoolYear | None) -> When:
    """`oud=1` is how older addresses ask for former pupils; with a school year everybody of that year is meant."""
    asked = line("wie")
    if asked in set(When):
        return When(asked)
    if flag("oud"):
        return When.FORMER
    return When.ALL if year else When.ENROLLED
