"""Pupils of whom nothing is left but their own data: proposing their destruction, approving it, stopping it."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.text import N_
from dms.web import notices
from dms.web.around import school
from dms.web.asked import identities, line
from dms.web.desks.disposal import DISPOSING
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters.retention import reason_words
from dms.web.texts import day, moment, say
from retention.service.own_data_view import OwnDataLine
from rights.rules.actions import Action

desk = Blueprint("own_data", __name__)
notices.register(
    {
        "own_data_proposed": Notice(
            N_("Voorgesteld: %(num)d leerling. Een ander keurt het goed."),
            N_("Voorgesteld: %(num)d leerlingen. Een ander keurt het goed."),
        ),
        "own_data_approved": Notice(
            N_("Goedgekeurd: %(num)d leerling. De gegevens gaan weg na de bedenktijd."),
            N_("Goedgekeurd: %(num)d leerlingen. De gegevens gaan weg na de bedenktijd."),
        ),
        "own_data_left_out": Notice(
            N_("Bij %(num)d leerling kan het niet: er is intussen iets veranderd."),
            N_("Bij %(num)d leerlingen kan het niet: er is intussen iets veranderd."),
        ),
        "own_data_kept": Notice(
            N_("Gestopt bij %(num)d leerling. De gegevens blijven."),
            N_("Gestopt bij %(num)d leerlingen. De gegevens blijven."),
        ),
    }
)


@dataclass(frozen=True, slots=True)
class OwnDataRow:
    """One pupil, as the page shows it. `note`: why the data would stay as things are now."""

    key: str
    address: str
    name: str
    number: str
    left: str
    due: str
    proposed: str
    approved: str
    until: str
    note: str
    mine: bool


@desk.get("/vernietiging/leerlingen")
@acts(*DISPOSING)
def page() -> ResponseReturnValue:
    """Who can be proposed, what waits for a second person, and what waits for its day."""
    found = house().disposal.own_data_reading.page(by(), school().brin)
    return render_template(
        "disposal/own_data.html",
        found=found,
        candidates=_rows(found.candidates),
        for_me=_rows(x for x in found.proposed if found.approves and not x.mine),
        for_others=_rows(x for x in found.proposed if not found.approves or x.mine),
        approved=_rows(found.approved),
    )


@desk.post("/vernietiging/leerlingen/voorstel")
@acts(Action.PROPOSE_DISPOSAL)
def propose() -> ResponseReturnValue:
    """Propose the ticked pupils."""
    done = house().disposal.own_data.propose(by(), school().brin, identities("leerling"))
    tell("own_data_proposed", count=done.done)
    return _back(done.left_out.values())


@desk.post("/vernietiging/leerlingen/akkoord")
@acts(Action.APPROVE_DISPOSAL)
def approve() -> ResponseReturnValue:
    """Approve the ticked pupils: the second person's word."""
    done = house().disposal.own_data.approve(by(), school().brin, identities("leerling"))
    tell("own_data_approved", count=done.done)
    return _back(done.left_out.values())


@desk.post("/vernietiging/leerlingen/stoppen")
@acts(*DISPOSING)
def stop() -> ResponseReturnValue:
    """Stop it for the ticked pupils, with a reason: all stays."""
    done = house().disposal.own_data.stop(by(), school().brin, identities("leerling"), line("reden"))
    tell("own_data_kept", count=done.done)
    return _back(())


def _back(left_out: Iterable[int]) -> ResponseReturnValue:
    if count := sum(left_out):
        tell("own_data_left_out", count=count)
    return redirect(url_for("own_data.page"), 303)


def _rows(lines: Iterable[OwnDataLine]) -> list[OwnDataRow]:
    return [
        OwnDataRow(
            key=str(x.pupil_id),
            address=url_for("pupils.dossier", pupil_id=x.pupil_id),
            name=x.name,
            number=x.number,
            left=day(x.left_on) if x.left_on else "",
            due=day(x.due_from) if x.due_from else "",
            proposed=say(N_("%(name)s op %(when)s"), {"name": x.proposed_by, "when": moment(x.proposed_at)})
            if x.proposed_at
            else "",
            approved=x.approved_by,
            until=moment(x.waits_until) if x.waits_until else "",
            note=reason_words(x.against) if x.against else "",
            mine=x.mine,
        )
        for x in lines
    ]
