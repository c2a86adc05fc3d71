"""BSN and onderwijsnummer of a pupil: masked, until who may see them asks for them by a deliberate act.

The numbers come in the answer to a form only: they are in no address, and no answer of a signed-in person is kept by
a browser.
"""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from dms.services.national_numbers import NationalNumbers
from dms.web.guard import acts, by
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
    return render_template("pupils/numbers.html", pupil_id=pupil_id, may_see=may_see, numbers=numbers)
