"""Taking an act of one's own back: from the notice after it, and from the history later."""

from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.model.documents import UndoKind
from dms.web import notices
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from rights.rules.actions import Action

desk = Blueprint("undo", __name__)
notices.register({"undone": Notice(N_("Ongedaan gemaakt: het is weer zoals het was."))})


@desk.post("/ongedaan/<uuid:batch_id>")
@acts(Action.SEE)
def undo(batch_id: UUID) -> ResponseReturnValue:
    """Take it back, and show what it was about: the document, or the dossier when there were more."""
    undone = house().undo.undo(by(), batch_id)
    tell("undone")
    if undone.kind is UndoKind.CONFIRMED:
        return redirect(url_for("self_filed.page"), 303)
    if len(undone.documents) == 1 and undone.kind is not UndoKind.REMOVED:
        return redirect(url_for("document.page", document_id=undone.documents[0]), 303)
    return redirect(url_for("pupils.dossier", pupil_id=undone.pupil_id), 303)
