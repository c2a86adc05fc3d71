"""Colleagues: finding them, and letting a new one in."""

from flask import g, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.services.administration.people import Asked
from dms.services.administration.roles import WHOLE_BOARD
from dms.web.around import school
from dms.web.asked import line
from dms.web.asked import page as asked_page
from dms.web.desks.admin import flow
from dms.web.desks.admin.forms import Form, Line, simple
from dms.web.desks.admin.room import crumbs, desk
from dms.web.guard import by, manages, may_manage, may_manage_board, user
from dms.web.house import house
from dms.web.presenters.admin import period, role_name
from dms.web.presenters.paging import pager
from dms.web.texts import moment, number, say

PAGE_SIZE = 50
STATES = (("", N_("Met toegang")), ("off", N_("Uitgezet")), ("all", N_("Iedereen, ook van vroeger")))


@desk.get("/collegas")
@manages(Duty.PEOPLE)
def people() -> ResponseReturnValue:
    """Colleagues, narrowed by words, role, school and state."""
    own = own_role_names()
    state, at = line("staat"), asked_page()
    schools = [x for x in user().schools if may_manage(Duty.PEOPLE, x)]
    place = next((x.id for x in schools if str(x.id) == line("school")), None)
    asked = Asked(line("q"), line("rol"), place, state if state in {x for x, _ in STATES} else "")
    found = house().administration.people.list(by(), asked, at, PAGE_SIZE)
    rows = [
        {
            "card": x,
            "address": url_for("admin.person", user_id=x.id),
            "roles": [
                {"name": role_name(r.role, own), "place": r.place or r.board, "period": period(None, r.until)}
                for r in x.roles
                if r.now
            ],
            "seen": moment(x.seen_at) if x.seen_at else "",
        }
        for x in found.rows
    ]
    return render_template(
        "admin/people.html",
        rows=rows,
        total=found.total,
        families=found.families,
        families_text=number(found.families),
        asked=asked,
        roles=role_choices(),
        places=[(str(x.id), x.name) for x in schools],
        states=[(x, say(y)) for x, y in STATES],
        pager=pager("admin.people", found.total, at, PAGE_SIZE),
        crumbs=crumbs((say(N_("Collega's")), "")),
    )


@desk.route("/collegas/nieuw", methods=["GET", "POST"])
@manages(Duty.PEOPLE)
def new_person() -> ResponseReturnValue:
    """A new colleague with a first role."""
    room = house().administration.roles

    def form() -> Form:
        return simple(
            say(N_("Collega toevoegen")),
            crumbs((say(N_("Collega's")), url_for("admin.people")), (say(N_("Collega toevoegen")), "")),
            [
                Line("email", say(N_("E-mailadres")), kind="email", required=True, maxlength=254),
                Line(
                    "name",
                    say(N_("Naam")),
                    hint=say(N_("Voor- en achternaam. Wie al een account heeft, houdt de eigen naam.")),
                ),
                *role_lines(),
            ],
            lead=say(N_("Na het opslaan maakt u een link waarmee de collega zelf een wachtwoord kiest.")),
            back=url_for("admin.people"),
        )

    return flow.change(
        form,
        lambda given, _, apply: room.invite(by(), school().board_id, given, apply=apply),
        lambda outcome: (
            url_for("role_gifts.page") if outcome.waits else url_for("admin.person", user_id=outcome.object_id)
        ),
    )


def own_role_names() -> dict[str, str]:
    """The names of the board's own roles by code."""
    return {x: name for x, name in _choices() if name}


def role_choices() -> tuple[tuple[str, str], ...]:
    """The roles that can be given: (code, name)."""
    found = _choices()
    return tuple((x, role_name(x, dict(found))) for x, _ in found)


def _choices() -> tuple[tuple[str, str], ...]:
    """The roles that can be given, with the names of the board's own; asked once a request."""
    if "admin_roles" not in g:
        g.admin_roles = house().administration.roles.choices(by(), school().board_id)
    found: tuple[tuple[str, str], ...] = g.admin_roles
    return found


def role_lines() -> list[Line]:
    """The fields of giving a role: which, where, from and until."""
    board_id = school().board_id
    places = [(str(x.id), x.name) for x in user().schools if x.board_id == board_id and may_manage(Duty.PEOPLE, x)]
    if may_manage_board(Duty.PEOPLE, board_id):
        places.append((WHOLE_BOARD, say(N_("Het hele bestuur: %(board)s"), {"board": school().board})))
    pick = ("", say(N_("Kies een rol")))
    board_only = N_("De functionaris gegevensbescherming en de archiefbeheerder werken altijd voor het hele bestuur.")
    return [
        Line(
            "role", say(N_("Rol")), kind="select", required=True, choices=(pick, *role_choices()), hint=say(board_only)
        ),
        Line("place", say(N_("Waar")), str(school().id), "select", required=True, choices=tuple(places)),
        Line("since", say(N_("Vanaf")), kind="date", hint=say(N_("Leeg: vandaag. Schrijf een datum als 3-9-2026."))),
        Line(
            "until",
            say(N_("Tot")),
            kind="date",
            hint=say(N_("De eerste dag zonder deze rol, zoals het einde van een contract. Leeg: voorlopig niet.")),
        ),
    ]
