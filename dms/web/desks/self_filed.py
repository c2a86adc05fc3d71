"""The daily list: what filed itself today, or earlier without anybody having looked; one key each."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.web import notices
from dms.web.frame import school
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import DOCUMENT, Notice, tell
from dms.web.presenters import self_filed as present
from dms.web.texts import say_many
from rights.rules.actions import Action

desk = Blueprint("self_filed", __name__)
notices.register(
    {
        "right_so": Notice(
            N_("Klopt: bevestigd."), link=DOCUMENT, link_text=N_("Bekijk het document"), undo=("undo.undo", "batch_id")
        )
    }
)


@desk.get("/postbak/vandaag")
@acts(Action.CLASSIFY)
def page() -> ResponseReturnValue:
    """What filed itself and waits for a look, newest first, and how recognition did of late."""
    found = house().confirming.list(by(), school().brin)
    return render_template(
        "self_filed/page.html",
        rows=present.rows(found),
        counted=present.summary(found.counts),
        total=say_many(N_("%(num)d document wacht"), N_("%(num)d documenten wachten"), found.waiting),
        more=found.waiting - len(found.lines),
    )


@desk.post("/postbak/vandaag/<uuid:document_id>")
@acts(Action.CLASSIFY)
def confirm(document_id: UUID) -> ResponseReturnValue:
    """It is right: the next one is under the same key."""
    done = house().documents.confirm(by(), document_id)
    tell("right_so", document_id, undo=done.undo)
    return redirect(url_for("self_filed.page"), 303)
