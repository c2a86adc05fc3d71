"""Changing the schedule: a draft, one rule of it, throwing it away, and adopting it by somebody else."""

from dataclasses import replace

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, Conflict, NotFound
from dms.kernel.text import N_
from dms.web import notices
from dms.web.around import school
from dms.web.asked import line, row_version
from dms.web.desks.retention.room import DISPOSING, tabs
from dms.web.error_pages import Problem, problem_of
from dms.web.guard import acts, by
from dms.web.house import house
from dms.web.notices import Notice, tell
from dms.web.presenters.retention import action_choices, rounding_choices, rule_words, spoken, trigger_choices
from dms.web.presenters.retention_form import LONGEST, PARTS, RuleForm, form_of, rule_of
from dms.web.presenters.retention_schedule import CERTAINTIES, EffectsPage, changes, effects, rule_groups
from dms.web.texts import say
from retention.rules.schedule import Rule
from retention.service.schedule import ScheduleDraft, ScheduleView
from rights.rules.actions import Action

desk = Blueprint("retention_draft", __name__)
EXAMPLES = 3
FIELDS = (
    "aanleiding",
    "actie",
    "afronding",
    "geblokkeerd",
    "zekerheid",
    *LONGEST,
    *(f"{x}_{y}" for x in ("minimum", "maximum") for y in PARTS),
)
notices.register(
    {
        "rule_drafted": Notice(N_("De regel staat in het concept. Hij telt nog niet.")),
        "schedule_drafted": Notice(N_("De regels staan in het concept. Ze tellen nog niet.")),
        "schedule_dropped": Notice(N_("Het concept is weg. Er is niets veranderd.")),
        "schedule_adopted": Notice(N_("Het nieuwe schema geldt vanaf nu. Alle termijnen worden opnieuw geteld.")),
    }
)


@desk.get("/bewaren/schema/concept")
@acts(*DISPOSING)
def page() -> ResponseReturnValue:
    """The draft: what it changes, all its rules, adopting it. Without a draft: how to begin one."""
    return _page()


@desk.get("/bewaren/schema/concept/regel")
@acts(*DISPOSING)
def rule() -> ResponseReturnValue:
    """One rule, to be changed: as it stands in the draft, else as it is now."""
    code = line("categorie")
    view, draft = _now()
    return _rule_page(code, view, draft, form_of(_found(code, view, draft)))


@desk.post("/bewaren/schema/concept/regel")
@acts(Action.PROPOSE_DISPOSAL)
def set_rule() -> ResponseReturnValue:
    """Put the rule in the draft, or only look what it would do."""
    code = line("categorie")
    view, draft = _now()
    now = _found(code, view, draft)
    typed, form = rule_of(code, {x: line(x) for x in FIELDS})
    if typed is not None and now is not None and typed.remark == spoken(now.remark):
        typed = replace(typed, remark=now.remark)  # nobody touched it: only its durations were said in words
    if typed is None:
        return _rule_page(code, view, draft, form), 400
    if line("doe") == "kijk":
        found = house().retention.what_if.ask(by(), [typed], school().brin, examples=EXAMPLES)
        return _rule_page(code, view, draft, form, effects(found, view.names))
    try:
        house().retention.schedules.edit(by(), school().brin, [typed], row_version())
    except (BadInput, Conflict) as fault:
        problem = problem_of(fault)
        return _rule_page(code, *_now(), form, problem=problem), problem.status
    tell("rule_drafted")
    return redirect(url_for("retention_draft.page", _anchor="verschillen"), 303)


@desk.post("/bewaren/schema/concept/weg")
@acts(Action.PROPOSE_DISPOSAL)
def drop() -> ResponseReturnValue:
    """Throw the draft away."""
    house().retention.schedules.drop(by(), school().brin, row_version())
    tell("schedule_dropped")
    return redirect(url_for("retention_schedule.page"), 303)


@desk.post("/bewaren/schema/concept/vaststellen")
@acts(Action.APPROVE_DISPOSAL)
def adopt() -> ResponseReturnValue:
    """Make the draft the schedule that counts."""
    try:
        house().retention.schedules.adopt(by(), school().brin, row_version(), line("reden"))
    except BadInput as fault:
        problem = problem_of(fault)
        return _page(problem), problem.status
    tell("schedule_adopted")
    return redirect(url_for("retention_schedule.page"), 303)


def _now() -> tuple[ScheduleView, ScheduleDraft | None]:
    schedules = house().retention.schedules
    return schedules.current(by(), school().brin), schedules.draft(by(), school().brin)


def _found(code: str, view: ScheduleView, draft: ScheduleDraft | None) -> Rule | None:
    """The rule of a category, None for a category without one. Raises NotFound for a category that is not there."""
    rules = draft.rules if draft else view.rules
    found = next((x for x in rules if x.category == code), None)
    if found is None and code not in view.names:
        raise NotFound
    return found


def _page(problem: Problem | None = None) -> str:
    view, draft = _now()
    rules = draft.rules if draft else view.rules
    return render_template(
        "retention/draft.html",
        draft=draft,
        may_edit=view.may_edit,
        version=view.version,
        changes=changes(view.rules, rules, view.names),
        groups=rule_groups(
            rules, view.names, view.groups, changed=draft.changed if draft else (), editable=view.may_edit
        ),
        board=school().board,
        problem=problem,
        reason=line("reden") if problem else "",
        behind=draft is not None and draft.based_on != view.version.number,
        tabs=tabs("retention_schedule.page"),
    )


def _rule_page(
    code: str,
    view: ScheduleView,
    draft: ScheduleDraft | None,
    form: RuleForm,
    found: EffectsPage | None = None,
    problem: Problem | None = None,
) -> str:
    now = next((x for x in view.rules if x.category == code), None)
    known = dict(CERTAINTIES)
    certainty = form.values.get("zekerheid", "")
    sure = [(x, f"{x}: {say(y)}") for x, y in known.items()]
    if certainty and certainty not in known:
        sure.append((certainty, certainty))
    return render_template(
        "retention/rule.html",
        code=code,
        name=view.names.get(code, code),
        form=form,
        now=rule_words(now),
        row_version=request.form.get("versie") or (draft.row_version if draft else 0),
        may_edit=view.may_edit,
        triggers=[x for x in trigger_choices() if x[0]],
        actions=action_choices(),
        roundings=rounding_choices(),
        certainties=sure,
        effects=found,
        problem=problem,
        tabs=tabs("retention_schedule.page"),
    )
