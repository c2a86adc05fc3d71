"""What was refused or set apart, each with its reason, and trying again."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.web.frame import school
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.presenters.items import cards
from rights.rules.actions import Action

desk = Blueprint("refused", __name__)


@desk.get("/geweigerd")
@acts(Action.ADD)
def page() -> ResponseReturnValue:
    """The list with reasons."""
    return render_template("refused/list.html", items=cards(house().status.stopped(by(), school().brin)))


@desk.post("/geweigerd/<uuid:item_id>/opnieuw")
@acts(Action.ADD)
def retry(item_id: UUID) -> ResponseReturnValue:
    """Read it again, after whatever stood in the way has been changed."""
    house().desk.retry(by(), item_id)
    flash("retried")
    return redirect(url_for("refused.page"), 303)
