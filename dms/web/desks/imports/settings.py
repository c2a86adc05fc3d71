"""What a school chose for files that are read in: what may happen without a person, and what identifies a pupil."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.model.duties import Duty
from dms.services.pupil_import.shapes import SchoolRules
from dms.web.asked import flag
from dms.web.frame import school
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.notices import tell
from ingest.service.watched import WatchRule

desk = Blueprint("watch", __name__)


@desk.get("/inlezen/instellingen")
@manages(Duty.PUPIL_FILES)
def page() -> ResponseReturnValue:
    """The choices of the school."""
    place = school()
    return render_template(
        "import/settings.html",
        watch=house().watched.rule(by(), place.brin),
        rules=house().pupil_imports.rules(by(), place.brin),
        mappings=[(str(x.id), x.name) for x in house().pupil_imports.mappings(by(), place.brin)],
        folder=house().settings.watch is not None,
        brin=place.brin,
    )


@desk.post("/inlezen/instellingen")
@manages(Duty.PUPIL_FILES)
def choose() -> ResponseReturnValue:
    """Keep the choices."""
    brin = school().brin
    house().watched.set_rule(by(), brin, WatchRule(flag("zelf")))
    house().pupil_imports.set_rules(by(), brin, SchoolRules(match_eckid=flag("eckid"), mentors=flag("mentoren")))
    tell("saved")
    return redirect(url_for("watch.page"), 303)
