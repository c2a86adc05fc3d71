"""Where a document lies and which file it has: one more dossier, out of one, a new version."""

from uuid import UUID

from flask import Blueprint, redirect, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.web import notices
from dms.web.asked import identity, line, row_version
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.security import csrf
from dms.web.streaming import sent_form
from rights.rules.actions import Action

desk = Blueprint("placing", __name__)
UNDO = ("undo.undo", "batch_id")
notices.register(
    {
        "placed": Notice(N_("Het document ligt nu ook in het andere dossier."), undo=UNDO),
        "taken_out": Notice(N_("Het document ligt in de prullenbak."), undo=UNDO),
        "version_sent": Notice(N_("De nieuwe versie is binnen. Ze telt zodra ze gelezen is.")),
    }
)


@desk.post("/documenten/<uuid:document_id>/plaatsen")
@acts(Action.CLASSIFY)
def place(document_id: UUID) -> ResponseReturnValue:
    """Let it lie in the dossier of one more pupil; or only search for that pupil, in a browser without scripts."""
    if line("doe") == "zoek":
        found = url_for("document.page", document_id=document_id, ook=line("leerling_zoek"), _anchor="ook")
        return redirect(found, 303)
    pupil = identity("leerling")
    if pupil is None:
        house().documents.facts(by(), document_id)  # who may not know of it hears nothing else
        raise BadInput(
            N_("Er is nog geen leerling gekozen."), N_("Kies een leerling, of zoek er een."), code="no_pupil"
        )
    batch = house().placements.place(by(), document_id, row_version(), pupil, line("categorie") or None)
    tell("placed", undo=batch)
    return redirect(url_for("document.page", document_id=document_id), 303)


@desk.post("/documenten/<uuid:document_id>/weg")
@acts(Action.REMOVE)
def remove(document_id: UUID) -> ResponseReturnValue:
    """Out of one dossier, into the bin; back to that dossier."""
    removed = house().placements.remove(by(), document_id, row_version(), identity("plaats"))
    tell("taken_out", undo=removed.batch_id)
    if removed.elsewhere:
        return redirect(url_for("document.page", document_id=document_id), 303)
    return redirect(url_for("pupils.dossier", pupil_id=removed.pupil_id), 303)


@desk.post("/documenten/<uuid:document_id>/versies")
@csrf.exempt  # type: ignore[untyped-decorator] # the token is in the form's body, which must not be read whole: it is checked below
@acts(Action.EDIT)
def version(document_id: UUID) -> ResponseReturnValue:
    """Take in a new version. The bytes pass through as they arrive: nothing is written here."""
    form = sent_form()
    versions = house().versions
    versions.admit(by(), document_id)
    versions.add(by(), document_id, *form.file())
    tell("version_sent")
    return redirect(url_for("document.page", document_id=document_id), 303)
