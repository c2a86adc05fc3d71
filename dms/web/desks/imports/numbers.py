"""BSN and onderwijsnummer of a pupil: masked, until who may see them asks for them by a deliberate act.

The numbers come in the answer to a form only: they are in no address, and no answer of a signed-in person is kept by
a browser.
"""

from uuid import UUID

from flask import Blueprint, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.model.duties import Duty
from dms.services.national_numbers import NationalNumbers
from dms.web.around import school
from dms.web.desks.rights.shown import role_names
from dms.web.guard import acts, by, may_manage
from dms.web.house import house
from rights.rules.actions import Action

desk = Blueprint("numbers", __name__)


@desk.get("/leerlingen/<uuid:pupil_id>/nummers")
@acts(Action.READ)
def page(pupil_id: UUID) -> ResponseReturnValue:
    """Masked, with the button for who may see them, else with who may give that right."""
    return _page(pupil_id, house().pupils.may_see_national_numbers(by(), pupil_id), None)


@desk.post("/leerlingen/<uuid:pupil_id>/nummers")
@acts(Action.READ)
def show(pupil_id: UUID) -> ResponseReturnValue:
    """In full; that it was looked at is recorded."""
    house().pupils.may_see_national_numbers(by(), pupil_id)  # out of reach looks like absent
    return _page(pupil_id, True, house().pupils.national_numbers(by(), pupil_id))


def _page(pupil_id: UUID, may_see: bool, numbers: NationalNumbers | None) -> ResponseReturnValue:
    readers = house().rights_desk.readers.of_numbers(by(), pupil_id)
    asked_by = None if may_see else readers.asked_by
    return render_template(
        "pupils/numbers.html",
        pupil_id=pupil_id,
        may_see=may_see,
        numbers=numbers,
        always=", ".join(role_names(readers.always).values()),
        asking=", ".join(role_names(readers.asking).values()),
        ask_address=url_for("opening.page", soort=asked_by.value) if asked_by else "",
        matrix_address=url_for("rights_matrix.page") if may_manage(Duty.RIGHTS_SEEN, school()) else "",
    )
