"""An item beside the document that it looks like, and what a person decides of the two."""

from uuid import UUID

from flask import Blueprint, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput
from dms.kernel.ids import parse_id
from dms.kernel.text import N_
from dms.model.documents import Desk
from dms.web.asked import identity, line, row_version
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from dms.web.presenters import lookalikes as present
from dms.web.presenters.items import ENDPOINTS
from rights.rules.actions import Action

desk = Blueprint("lookalikes", __name__)
register(
    {
        "lookalike_both": Notice(N_("Het zijn twee stukken. Het stuk gaat verder.")),
        "lookalike_version": Notice(
            N_("Het stuk wordt een nieuwe versie. Ze telt zodra ze gelezen is."),
            link=("document.page", "document_id"),
            link_text=N_("Bekijk het document"),
        ),
        "lookalike_discard": Notice(N_("Het stuk is weggelegd: het zat al in het dossier.")),
    }
)


@desk.get("/postbak/<uuid:item_id>/lijkt-op")
@acts(Action.ADD)
def page(item_id: UUID) -> ResponseReturnValue:
    """The item beside the document that it looks like most, or the one that was chosen."""
    found = house().duplicates.of(by(), item_id)
    chosen = parse_id(request.args.get("document", ""))
    first = next((x for x in found if x.document_id == chosen), found[0] if found else None)
    pair = house().duplicates.pair(by(), item_id, first.document_id) if first is not None else None
    at = (pair.item.desk if pair is not None else None) or Desk.ORDINARY
    g.desk_here = ENDPOINTS[at]
    return render_template(
        "intake_desk/lookalike.html",
        back=url_for("intake_desk.item", item_id=item_id),
        pair=present.pair(pair) if pair is not None else None,
        others=tuple(present.line(item_id, x) for x in found if first is not None and x is not first),
    )


@desk.post("/postbak/<uuid:item_id>/lijkt-op")
@acts(Action.ADD)
def decide(item_id: UUID) -> ResponseReturnValue:
    """Both stay, the item is a new version, or it goes."""
    document_id, wish = identity("document"), line("doe")
    desks = house().duplicates
    if document_id is None or wish not in ("beide", "versie", "weg"):
        desks.of(by(), item_id)  # who may not take the item hears nothing of it
        raise BadInput(N_("Er is niets gekozen."), N_("Ga terug en kies wat er met het stuk moet gebeuren."))
    if wish == "beide":
        desks.keep_both(by(), item_id, row_version(), document_id)
        tell("lookalike_both")
    elif wish == "versie":
        desks.add_version(by(), item_id, row_version(), document_id)
        tell("lookalike_version", document_id)
    else:
        desks.discard(by(), item_id, row_version(), document_id)
        tell("lookalike_discard")
    return redirect(url_for(ENDPOINTS[Desk.ORDINARY]), 303)
