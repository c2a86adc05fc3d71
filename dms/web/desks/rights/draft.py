"""Changing the matrix: the draft as a table, a cell, a line, a role; its consequences; trying it; letting it count."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import BadInput, NotFound
from dms.kernel.text import N_
from dms.model.catalogue import Level
from dms.model.duties import Duty
from dms.services.rights.shapes import DraftView
from dms.web import notices
from dms.web.around import school
from dms.web.asked import day, identity, line, row_version
from dms.web.desks.rights import shown
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.notices import Notice, tell
from rights.rules.actions import Action, Condition, Reach
from rights.rules.matrix import CategoryPattern, MatrixLine

desk = Blueprint("rights_draft", __name__)
notices.register(
    {
        "draft_saved": Notice(N_("Het concept is bijgewerkt. Het telt nog niet.")),
        "draft_dropped": Notice(N_("Het concept is weg.")),
        "draft_adopted": Notice(N_("De nieuwe rechtenmatrix telt vanaf nu.")),
        "draft_proposed": Notice(N_("Het voorstel wacht op een tweede persoon.")),
        "draft_refused": Notice(N_("Het voorstel is teruggegeven.")),
    }
)


@desk.post("/rechten/concept")
@manages(Duty.RIGHTS)
def start() -> ResponseReturnValue:
    """Begin a draft, from what counts now or from an older version."""
    text = line("terug_naar")
    house().rights_desk.matrix.start(by(), school().brin, back_to=int(text) if text.isdigit() else None)
    return redirect(url_for("rights_draft.page"), 303)


@desk.get("/rechten/concept")
@manages(Duty.RIGHTS_SEEN)
def page() -> ResponseReturnValue:
    """The draft."""
    draft = _draft()
    names = shown.role_names(draft.matrix.roles)
    lines = [
        (x.number, names.get(x.role, x.role), " ".join(p.text for p in x.categories), shown.line_words(x), x.note)
        for x in draft.matrix.lines
    ]
    return render_template(
        "rights/draft.html",
        draft=draft,
        groups=shown.table(draft.matrix, editable=draft.may_edit),
        roles=[(x.code, names[x.code]) for x in shown.chosen_roles(draft.matrix)],
        all_roles=list(names.items()),
        role=request.args.get("rol", ""),
        legend=shown.legend(),
        lines=lines,
        changes=shown.change_lines(draft.changes, draft.matrix.roles),
    )


@desk.get("/rechten/concept/cel")
@manages(Duty.RIGHTS)
def cell() -> ResponseReturnValue:
    """What a role may do with a category, to be changed."""
    draft = _draft()
    role, category = request.args.get("rol", ""), request.args.get("categorie", "")
    known = next((x for x in draft.matrix.categories if x.code == category), None)
    names = shown.role_names(draft.matrix.roles)
    if known is None or role not in names:
        raise NotFound
    entries = [
        x for x in draft.matrix.lines if x.role == role and x.actions and any(p.matches(category) for p in x.categories)
    ]
    return render_template(
        "rights/cell.html",
        draft=draft,
        role=role,
        role_name=names[role],
        category=known,
        entries=entries,
        **_choices(),
    )


@desk.post("/rechten/concept/cel")
@manages(Duty.RIGHTS)
def set_cell() -> ResponseReturnValue:
    """Save a cell."""
    role, category = line("rol"), line("categorie")
    count = int(line("aantal")) if line("aantal").isdigit() else 0
    wanted = [x for n in range(min(count, 20)) if (x := _typed_line(f"_{n}", role, category)).actions]
    house().rights_desk.matrix.set_cell(by(), school().brin, row_version(), role, category, wanted)
    tell("draft_saved")
    return redirect(url_for("rights_draft.page", _anchor=f"rij-{category}"), 303)


@desk.get("/rechten/concept/regel")
@manages(Duty.RIGHTS)
def line_page() -> ResponseReturnValue:
    """A whole line, to be changed; without a number a new one."""
    draft = _draft()
    text = request.args.get("nummer", "")
    found = next((x for x in draft.matrix.lines if str(x.number) == text), None)
    if text and found is None:
        raise NotFound
    return render_template(
        "rights/line.html",
        draft=draft,
        entry=found,
        all_roles=list(shown.role_names(draft.matrix.roles).items()),
        **_choices(),
    )


@desk.post("/rechten/concept/regel")
@manages(Duty.RIGHTS)
def set_line() -> ResponseReturnValue:
    """Save a line, or take it out."""
    text = line("nummer")
    number = int(text) if text.isdigit() else None
    wanted = None if line("doe") == "weg" else _typed_line("", line("rol"), line("categorieen"))
    house().rights_desk.matrix.set_line(by(), school().brin, row_version(), number, wanted)
    tell("draft_saved")
    return redirect(url_for("rights_draft.page", _anchor="regels"), 303)


@desk.get("/rechten/concept/rol")
@manages(Duty.RIGHTS)
def role_page() -> ResponseReturnValue:
    """A role of the board's own, to be made."""
    draft = _draft()
    return render_template(
        "rights/role.html", draft=draft, all_roles=list(shown.role_names(draft.matrix.roles).items())
    )


@desk.post("/rechten/concept/rol")
@manages(Duty.RIGHTS)
def add_role() -> ResponseReturnValue:
    """Make it."""
    house().rights_desk.matrix.add_role(by(), school().brin, row_version(), line("naam"), line("basis"))
    tell("draft_saved")
    return redirect(url_for("rights_draft.page"), 303)


@desk.get("/rechten/concept/gevolgen")
@manages(Duty.RIGHTS_SEEN)
def consequences() -> ResponseReturnValue:
    """Who gains and loses what."""
    draft = _draft()
    found = house().rights_desk.effects.consequences(by(), school().brin)
    names = shown.role_names(draft.matrix.roles)
    people = [
        (
            x.user_id,
            x.name,
            ", ".join(names.get(r, r) for r in x.roles),
            shown.amounts(x.gains),
            shown.amounts(x.losses),
        )
        for x in found.people
    ]
    return render_template(
        "rights/consequences.html",
        draft=draft,
        found=found,
        people=people,
        changes=shown.change_lines(draft.changes, draft.matrix.roles),
    )


@desk.get("/rechten/concept/probeer")
@manages(Duty.RIGHTS_SEEN)
def try_as() -> ResponseReturnValue:
    """The draft opened as a colleague."""
    draft = _draft()
    asked = identity("persoon")
    effects = house().rights_desk.effects
    colleague, rows = None, tuple[shown.CountRow, ...]()
    if asked is not None:
        colleague, counts = effects.try_as(by(), school().brin, asked)
        rows = shown.count_rows(counts, draft=True)
    return render_template(
        "rights/try_as.html",
        draft=draft,
        people=[(x.user_id, x.name) for x in effects.people(by(), school().brin)],
        colleague=colleague,
        heads=shown.counted_heads(),
        rows=rows,
    )


@desk.post("/rechten/concept/invoeren")
@manages(Duty.RIGHTS)
def adopt() -> ResponseReturnValue:
    """Let it count, or lay it before a second person."""
    number = house().rights_desk.matrix.adopt(by(), school().brin, row_version(), line("reden"))
    if number is None:
        tell("draft_proposed")
        return redirect(url_for("rights_draft.page"), 303)
    tell("draft_adopted")
    return redirect(url_for("rights_matrix.page"), 303)


@desk.post("/rechten/concept/besluit")
@manages(Duty.RIGHTS_SEEN)
def decide() -> ResponseReturnValue:
    """The second person's answer."""
    agrees = line("doe") == "ja"
    house().rights_desk.matrix.decide(by(), school().brin, row_version(), agrees, line("antwoord"))
    tell("draft_adopted" if agrees else "draft_refused")
    return redirect(url_for("rights_matrix.page"), 303)


@desk.post("/rechten/concept/weg")
@manages(Duty.RIGHTS)
def drop() -> ResponseReturnValue:
    """Throw it away."""
    house().rights_desk.matrix.drop(by(), school().brin, row_version())
    tell("draft_dropped")
    return redirect(url_for("rights_matrix.page"), 303)


def _draft() -> DraftView:
    found = house().rights_desk.matrix.draft(by(), school().brin)
    if found is None:
        raise NotFound(N_("Er is geen concept."), N_("Begin een nieuw concept bij de rechtenmatrix."))
    return found


def _choices() -> dict[str, object]:
    return {
        "actions": shown.action_choices(),
        "reaches": shown.reach_choices(),
        "levels": shown.level_choices(),
        "conditions": shown.condition_choices(),
    }


def _typed_line(suffix: str, role: str, categories: str) -> MatrixLine:
    """What the form says. Raises BadInput for what no line can say."""
    try:
        patterns = tuple(CategoryPattern(x) for x in categories.upper().replace(",", " ").split())
        if any("*" in x.text[:-1] for x in patterns):
            raise ValueError(categories)
        return MatrixLine(
            number=0,
            role=role,
            reach=Reach(line(f"bereik{suffix}") or Reach.SCHOOL.value),
            level=Level(int(line(f"niveau{suffix}") or 1)),
            categories=patterns,
            actions=frozenset(Action(x) for x in request.form.getlist(f"acties{suffix}")),
            valid_from=day(f"van{suffix}"),
            valid_until=day(f"tot{suffix}"),
            note=line(f"toelichting{suffix}"),
            condition=Condition(line(f"voorwaarde{suffix}")),
        )
    except ValueError as fault:
        raise BadInput(
            N_("Deze regel kan niet zo."),
            N_("Een sterretje staat alleen achteraan, zoals OND-*. Kies de rest uit de lijsten."),
            code="bad_line",
        ) from fault
