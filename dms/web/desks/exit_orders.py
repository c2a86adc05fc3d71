"""A school that leaves: the head orders an export of everything; the operator of the machine makes it."""

from flask import Blueprint, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.exits import ExitState
from dms.services.exit.orders import OrderView
from dms.web.around import school
from dms.web.asked import flag, identity
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.notices import Notice, register, tell
from dms.web.texts import moment, say

desk = Blueprint("exit_orders", __name__)
register(
    {
        "exit_ordered": Notice(N_("De opdracht staat. De beheerder van de server kan de uitvoer nu maken.")),
        "exit_withdrawn": Notice(N_("De opdracht is ingetrokken.")),
    }
)
STATES = {
    ExitState.OPEN: N_("verlopen"),
    ExitState.MADE: N_("uitgevoerd"),
    ExitState.WITHDRAWN: N_("ingetrokken"),
}


@desk.get("/uitvoer")
@manages(Duty.EXIT)
def page() -> ResponseReturnValue:
    """The orders of the school. For its head."""
    return _page()


@desk.post("/uitvoer")
@manages(Duty.EXIT)
def order() -> ResponseReturnValue:
    """Order an export."""
    try:
        if not flag("afgesproken"):
            raise BadInput(
                N_("Vink aan dat is afgesproken wie de uitvoer krijgt."),
                N_("Zonder die afspraak is een uitvoer een groot risico."),
                code="not_agreed",
            )
        house().exit.orders.order(by(), school().brin)
    except (BadInput, Conflict) as fault:
        problem = problem_of(fault)
        return _page(problem), problem.status
    tell("exit_ordered")
    return redirect(url_for("exit_orders.page"), 303)


@desk.post("/uitvoer/intrekken")
@manages(Duty.EXIT)
def withdraw() -> ResponseReturnValue:
    """Take an order back."""
    order_id = identity("opdracht")
    if order_id is None:
        raise BadInput(N_("Er is geen opdracht gekozen."), N_("Open de pagina opnieuw."), code="form_incomplete")
    house().exit.orders.withdraw(by(), order_id)
    tell("exit_withdrawn")
    return redirect(url_for("exit_orders.page"), 303)


def _page(problem: Problem | None = None) -> str:
    found = house().exit.orders.list(by(), school().brin)
    return render_template(
        "exit/orders.html",
        school=school(),
        live=next((x for x in found if x.live), None),
        until=next((moment(x.expires_at) for x in found if x.live), ""),
        rows=[_row(x) for x in found if not x.live],
        problem=problem,
    )


def _row(one: OrderView) -> tuple[str, str, str, str, str]:
    made = moment(one.made_at) if one.made_at is not None else ""
    return moment(one.ordered_at), one.ordered_by, say(STATES[one.state]), made, one.mark
