"""The way of every change: fill in, see what would change and what follows from it, save. Nothing is overwritten."""

from collections.abc import Callable, Mapping
from datetime import date

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict, Refused
from dms.kernel.text import N_
from dms.services.administration.outcome import STALE, Outcome
from dms.services.chosen.fields import FieldFault, FieldsWrong
from dms.web.asked import LONGEST_LINE, row_version
from dms.web.dates import read_day
from dms.web.desks.admin.forms import Form, Line, filled, fresh
from dms.web.error_pages import Problem, problem_of
from dms.web.house import house
from dms.web.notices import tell
from dms.web.presenters.admin import change_lines
from dms.web.texts import reason, say
from dms.wire.status import status_of

Typed = Mapping[str, str]
Act = Callable[[Typed, int, bool], Outcome]
"""Takes what was typed, the version that was seen, and whether to save."""


def change(form: Callable[[], Form], act: Act, done: Callable[[Outcome], str]) -> ResponseReturnValue:
    """Serve a form at GET and POST. `form` gives it with what stands there now; `done` the address afterwards."""
    if request.method == "GET":
        return _page(fresh(form()))
    typed = values(form().lines)
    step = request.form.get("doe", "")
    if step == "terug":
        return _page(filled(form(), typed, {}))
    try:
        given = _days(form().lines, typed)
        outcome = act(given, row_version(), step == "opslaan")
    except FieldsWrong as wrong:
        errors = {x.name: say(x.message, _said(x.params)) for x in wrong.faults}
        return _page(filled(form(), typed, errors)), 400
    except Conflict as conflict:
        stale = conflict.code == STALE
        return _page(filled(form(), typed, {}, stale=stale), problem_of(conflict), stale=stale), 409
    except (BadInput, Refused) as problem:
        return _page(filled(form(), typed, {}), problem_of(problem)), status_of(problem)
    if step == "opslaan":
        tell("admin_waits" if outcome.waits else "admin_saved" if outcome.changes else "admin_same")
        return redirect(done(outcome), 303)
    if not outcome.changes:
        tell("admin_same")
        return redirect(done(outcome), 303)
    return _check(form(), outcome, typed)


def confirm(form: Callable[[], Form], act: Act, done: Callable[[Outcome], str]) -> ResponseReturnValue:
    """Serve a change that asks nothing but a yes: GET shows what follows from it, POST does it."""
    if request.method == "GET":
        asked = form()
        try:
            return _check(asked, act({}, asked.version, False), {})
        except (BadInput, Conflict, Refused) as problem:
            return render_template("admin/cannot.html", form=asked, problem=problem_of(problem)), status_of(problem)
    try:
        outcome = act({}, row_version(), True)
    except (BadInput, Conflict, Refused) as problem:
        return render_template("admin/cannot.html", form=form(), problem=problem_of(problem)), status_of(problem)
    tell("admin_saved")
    return redirect(done(outcome), 303)


def values(lines: tuple[Line, ...]) -> dict[str, str]:
    """What the form says, a line of text each; with what stood there when it was opened."""
    names = [y for x in lines for y in (x.name, f"was_{x.name}") if y in request.form]
    return {x: " ".join(request.form.get(x, "").split())[: 2 * LONGEST_LINE] for x in names}


def _days(lines: tuple[Line, ...], typed: Mapping[str, str]) -> dict[str, str]:
    """The same with days in their own spelling. Raises FieldsWrong."""
    given, faults = dict(typed), []
    for one in lines:
        if one.kind == "date" and given.get(one.name):
            try:
                given[one.name] = read_day(given[one.name], house().clock.today()).isoformat()
            except ValueError:
                faults.append(FieldFault(one.name, N_("Dit is geen datum.")))
    if faults:
        raise FieldsWrong(faults)
    return given


def iso_day(text: str | None) -> date | None:
    """A day that a form of ours gave in its own spelling; None where it is left empty."""
    return date.fromisoformat(text) if text else None


def _said(params: Mapping[str, object]) -> dict[str, object]:
    return {k: say(v) if isinstance(v, str) else v for k, v in params.items()}


def _page(form: Form, problem: Problem | None = None, *, stale: bool = False) -> str:
    errors = [(x.name, x.error) for x in form.lines if x.error]
    return render_template("admin/form.html", form=form, problem=problem, errors=errors, stale=stale)


def _check(form: Form, outcome: Outcome, typed: Mapping[str, str]) -> str:
    return render_template(
        "admin/check.html",
        form=form,
        changes=change_lines(outcome.changes),
        consequences=[reason(x) for x in outcome.consequences],
        typed=typed,
        asks=bool(form.lines),
    )
