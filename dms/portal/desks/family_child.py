"""The page of a child: what the school has opened of the dossier, part by part."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from dms.portal.child_sections import sections
from dms.portal.guard import portal_session
from dms.portal.house import house
from dms.portal.people import by
from dms.portal.texts import say
from dms.services.portal.standing import WHY

desk = Blueprint("family_child", __name__)


@desk.get("/portaal/kind/<uuid:pupil_id>")
@portal_session
def page(pupil_id: UUID) -> ResponseReturnValue:
    """What is open, or why nothing is."""
    found = house().portal.family.child(by(), pupil_id)
    return render_template(
        "portal/child/page.html",
        found=found,
        child=found.child,
        why=say(WHY[found.child.standing]),
        parts=[(x, say(x.name)) for x in found.parts],
        sections=sections(pupil_id) if found.child.open_to else (),
    )
