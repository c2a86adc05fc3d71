"""What came out of a mail or a ZIP: each part with what became of it, and what was left out and why."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from dms.web.frame import desk_counts
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.presenters.items import card
from dms.web.texts import reason
from rights.rules.actions import Action

desk = Blueprint("parts", __name__)


@desk.get("/inname/stuk/<uuid:item_id>/onderdelen")
@acts(Action.ADD)
def page(item_id: UUID) -> ResponseReturnValue:
    """The parts of one file."""
    found = house().parts.of(by(), item_id)
    counts = desk_counts()
    return render_template(
        "upload/parts.html",
        name=found.whole.name,
        outcome=reason(found.whole.reason),
        items=tuple(card(x.item, counts) for x in found.parts if x.item is not None),
        left_out=tuple((x.name, reason(x.reason)) for x in found.parts if x.item is None and x.reason is not None),
    )
