"""What families report as changed or wrong: old and new, accept or reject, lines for the LAS. Never a direct write."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, DmsError
from dms.kernel.text import N_
from dms.model.corrections import CorrectionState
from dms.services.corrections.shapes import QueueLine
from dms.web.asked import flag, row_version
from dms.web.csv_answer import csv_answer
from dms.web.error_pages import problem_of
from dms.web.frame import school
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from dms.web.texts import say, say_many
from rights.rules.actions import Action

desk = Blueprint("corrections", __name__)
register(
    {
        "correction_accepted": Notice(
            N_("Overgenomen. De ouder ziet het antwoord. Pas het nu aan in de leerlingadministratie.")
        ),
        "correction_rejected": Notice(N_("Niet overgenomen. De ouder leest uw reden.")),
        "correction_again": Notice(N_("Deze regel komt weer in het volgende bestand.")),
    }
)
STATES = {
    CorrectionState.WAITING: (N_("wacht"), "attention"),
    CorrectionState.ACCEPTED: (N_("overgenomen"), "good"),
    CorrectionState.REJECTED: (N_("niet overgenomen"), "quiet"),
    CorrectionState.WITHDRAWN: (N_("teruggenomen"), "quiet"),
}
HEAD = (N_("leerlingnummer"), N_("leerling"), N_("verzorger"), N_("veld"), N_("oud"), N_("nieuw"), N_("besloten op"),
        N_("besloten door"), N_("adres geheim"))  # fmt: skip


@desk.get("/wijzigingen")
@acts(Action.EDIT)
def page() -> ResponseReturnValue:
    """What waits; or what was decided."""
    decided = flag("oud")
    found = house().corrections.queue.page(by(), school().brin, decided=decided)
    return render_template(
        "corrections/page.html",
        lines=[_shown(x) for x in found.lines],
        decided=decided,
        to_export=found.to_export,
        total=say_many(N_("%(num)d wacht"), N_("%(num)d wachten"), found.waiting),
    )


@desk.get("/wijzigingen/<uuid:correction_id>")
@acts(Action.EDIT)
def one(correction_id: UUID) -> ResponseReturnValue:
    """One report with the two answers."""
    return _show(correction_id)


@desk.post("/wijzigingen/<uuid:correction_id>")
@acts(Action.EDIT)
def decide(correction_id: UUID) -> ResponseReturnValue:
    """Accept, or reject with a reason."""
    wanted, queue = request.form.get("doe", ""), house().corrections.queue
    try:
        if wanted not in {"neem", "niet"}:
            queue.one(by(), correction_id)
            raise BadInput(N_("Er is niets gekozen."), N_("Gebruik een van de knoppen."))
        accept = wanted == "neem"
        queue.decide(by(), correction_id, row_version(), accept=accept, reason=request.form.get("reden", ""))
    except BadInput as error:
        return _show(correction_id, error), 400
    tell("correction_accepted" if accept else "correction_rejected")
    return redirect(url_for("corrections.page"), 303)


@desk.post("/wijzigingen/<uuid:correction_id>/opnieuw")
@acts(Action.EDIT)
def again(correction_id: UUID) -> ResponseReturnValue:
    """Let an accepted change be in the next file once more."""
    house().corrections.queue.again(by(), correction_id)
    tell("correction_again")
    return redirect(url_for("corrections.page", oud=1), 303)


@desk.post("/wijzigingen/regels")
@acts(Action.EDIT)
def export() -> ResponseReturnValue:
    """The accepted changes as a file for the LAS; they count as fetched."""
    found = house().corrections.queue.export(by(), school().brin)
    rows = [
        (
            x.number,
            x.pupil,
            x.carer,
            say(x.field),
            x.old,
            x.new,
            x.decided,
            x.decided_by,
            say(N_("ja")) if x.secret else "",
        )
        for x in found
    ]
    return csv_answer(f"wijzigingen-{house().clock.today():%Y-%m-%d}.csv", [say(x) for x in HEAD], rows)


def _shown(line: QueueLine) -> tuple[QueueLine, str, str, str]:
    """A report with the name of its field, and its state with a tone."""
    state, tone = STATES[line.state]
    return line, say(line.field.school_label), say(state), tone


def _show(correction_id: UUID, error: DmsError | None = None) -> str:
    line, label, state, tone = _shown(house().corrections.queue.one(by(), correction_id))
    return render_template(
        "corrections/one.html",
        line=line,
        label=label,
        state=state,
        tone=tone,
        waits=line.state is CorrectionState.WAITING,
        accepted=line.state is CorrectionState.ACCEPTED,
        reason=request.form.get("reden", ""),
        problem=problem_of(error) if error else None,
    )
