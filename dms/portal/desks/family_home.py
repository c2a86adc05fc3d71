"""The first page of the portal: my children, or myself."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from dms.portal.child_sections import ChildSection, sections
from dms.portal.guard import portal_session
from dms.portal.house import house
from dms.portal.people import by
from dms.portal.texts import say
from dms.services.portal.shapes import Child
from dms.services.portal.standing import WHY

desk = Blueprint("family_home", __name__)


@desk.get("/portaal")
@portal_session
def page() -> ResponseReturnValue:
    """Every child with what is open of it, and what the school opened lately."""
    found = house().portal.family.home(by())
    return render_template(
        "portal/home/page.html",
        children=[(x, say(WHY[x.standing]), _waiting(x)) for x in found.children],
        news=found.news,
        offers_mail=any(x.open_to for x in found.children) and not house().letters.choices.of(by()).chosen,
    )


def _waiting(child: Child) -> list[ChildSection]:
    """What waits for the reader on a child's page."""
    return [x for x in sections(child.pupil_id) if x.count] if child.open_to else []
