"""What stands open to families, and pupils given to one colleague."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.web import notices
from dms.web.around import school
from dms.web.asked import day, identity, line
from dms.web.guard import by, manages, may_manage
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.texts import say

desk = Blueprint("families", __name__)
notices.register(
    {
        "modules_saved": Notice(N_("Opgeslagen. Het telt vanaf nu.")),
        "pupil_given": Notice(N_("De leerling hoort nu bij deze collega.")),
        "pupil_taken": Notice(N_("De leerling hoort niet meer bij deze collega.")),
    }
)


@desk.get("/rechten/gezin")
@manages(Duty.RIGHTS_SEEN)
def page() -> ResponseReturnValue:
    """The modules."""
    found = house().rights_desk.families.modules(by(), school().brin)
    return render_template(
        "rights/families.html",
        modules=[(x, say(x.name)) for x in found],
        may_edit=may_manage(Duty.RIGHTS, school()),
    )


@desk.post("/rechten/gezin")
@manages(Duty.RIGHTS)
def save() -> ResponseReturnValue:
    """Open and close them."""
    families = house().rights_desk.families
    opened = set(request.form.getlist("open"))
    wanted = {}
    for one in families.modules(by(), school().brin):
        age = line(f"tot_{one.code}")
        wanted[one.code] = (one.code in opened, int(age) if age.isascii() and age.isdigit() and len(age) < 4 else 0)
    families.set_modules(by(), school().brin, wanted)
    tell("modules_saved")
    return redirect(url_for("families.page"), 303)


@desk.get("/rechten/leerlingen")
@manages(Duty.RIGHTS)
def given() -> ResponseReturnValue:
    """Pupils given to one colleague."""
    desk_of = house().rights_desk
    return render_template(
        "rights/given.html",
        given=desk_of.families.given_pupils(by(), school().brin),
        people=[(x.user_id, x.name) for x in desk_of.effects.people(by(), school().brin)],
    )


@desk.post("/rechten/leerlingen")
@manages(Duty.RIGHTS)
def give() -> ResponseReturnValue:
    """Give one, by number."""
    person, number = identity("persoon"), line("nummer")
    if person is None or not number:
        raise BadInput(N_("Kies een collega en een leerling."), N_("Het leerlingnummer staat in het dossier."))
    house().rights_desk.families.give_number(by(), school().brin, person, number, since=day("van"), until=day("tot"))
    tell("pupil_given")
    return redirect(url_for("families.given"), 303)


@desk.post("/rechten/leerlingen/<uuid:given_id>/einde")
@manages(Duty.RIGHTS)
def take(given_id: UUID) -> ResponseReturnValue:
    """End it."""
    house().rights_desk.families.take_pupil(by(), school().brin, given_id)
    tell("pupil_taken")
    return redirect(url_for("families.given"), 303)
