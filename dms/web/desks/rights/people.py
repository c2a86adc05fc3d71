"""Who may see this, why, what may she see, and looking as a colleague."""

from uuid import UUID

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from dms.model.duties import Duty
from dms.services.rights.officers import SHIPPED
from dms.web.around import school
from dms.web.asked import identity
from dms.web.desks.rights import shown
from dms.web.guard import acts, by, manages, may_manage, signed_in, user
from dms.web.house import house
from dms.web.presenters.pupils import level_text
from dms.web.texts import day, reason, say
from rights.rules.actions import Action, Condition
from rights.rules.table import ACTION_NAMES

desk = Blueprint("rights_people", __name__)


@desk.get("/documenten/<uuid:document_id>/wie")
@acts(Action.SEE)
def who(document_id: UUID) -> ResponseReturnValue:
    """Who may see this document; and for one colleague why, action by action."""
    looking = house().rights_desk.looking
    found = looking.who(by(), document_id)
    names = _role_names()
    asked = identity("persoon")
    verdicts = looking.explain(by(), document_id, asked) if asked is not None else ()
    return render_template(
        "rights/who.html",
        document_id=document_id,
        title=looking.title(by(), document_id),
        staff=[
            (
                x.user_id,
                x.name,
                ", ".join(names.get(r, r) for r in x.roles),
                ", ".join(say(ACTION_NAMES[Action(a)]) for a in x.actions),
                x.line,
            )
            for x in found.staff
        ],
        others=[(names.get(k, k), v) for k, v in sorted(found.others.items())],
        links=[(x.recipient, day(x.expires)) for x in house().link_lists.through(by(), document_id)],
        people=[(x.user_id, x.name) for x in looking.colleagues_for(by(), document_id)],
        asked=asked,
        verdicts=[
            (say(ACTION_NAMES[Action(x.action)]), x.allowed, reason(x.reason), x.line.number if x.line else None)
            for x in verdicts
        ],
        verdict_name=verdicts[0].name if verdicts else "",
        offered=Condition.EMERGENCY in house().rights_desk.opening.conditions(by(), school().brin),
    )


@desk.get("/rechten/collega")
@manages(Duty.RIGHTS_SEEN)
def may_see() -> ResponseReturnValue:
    """What a colleague may see: numbers by category."""
    effects = house().rights_desk.effects
    asked = identity("persoon")
    colleague, rows = None, tuple[shown.CountRow, ...]()
    if asked is not None:
        colleague, counts = effects.may_see(by(), school().brin, asked)
        rows = shown.count_rows(counts, draft=False)
    return render_template(
        "rights/may_see.html",
        people=[(x.user_id, x.name) for x in effects.people(by(), school().brin)],
        colleague=colleague,
        roles=", ".join(_role_names().get(x, x) for x in colleague.roles) if colleague else "",
        heads=shown.counted_heads(),
        rows=rows,
        privacy=may_manage(Duty.PRIVACY, school()),
    )


@desk.get("/rechten/van-mij")
@signed_in
def mine() -> ResponseReturnValue:
    """What the person herself may see."""
    colleague, counts = house().rights_desk.effects.may_see(by(), school().brin, user().id)
    return render_template(
        "rights/mine.html",
        roles=", ".join(_role_names().get(x, x) for x in colleague.roles),
        heads=shown.counted_heads(),
        rows=shown.count_rows(counts, draft=False),
    )


@desk.get("/rechten/kijk-als/<uuid:user_id>")
@manages(Duty.RIGHTS_SEEN)
def look_as(user_id: UUID) -> ResponseReturnValue:
    """The school as a colleague finds it, as far as the one who looks may know."""
    found = house().rights_desk.looking.look_as(by(), school().brin, user_id)
    return render_template("rights/look_as.html", found=found)


@desk.get("/rechten/kijk-als/<uuid:user_id>/leerlingen/<uuid:pupil_id>")
@manages(Duty.RIGHTS_SEEN)
def look_in(user_id: UUID, pupil_id: UUID) -> ResponseReturnValue:
    """One dossier as a colleague finds it."""
    colleague, pupil, documents, more = house().rights_desk.looking.look_in_dossier(
        by(), school().brin, user_id, pupil_id
    )
    rows = [(x, level_text(x.level), ", ".join(say(ACTION_NAMES[Action(a)]) for a in x.actions)) for x in documents]
    return render_template("rights/look_in.html", colleague=colleague, pupil=pupil, rows=rows, more=more)


def _role_names() -> dict[str, str]:
    """Shipped roles in the reader's language; a role of the board's own shows by its code."""
    return {code.value: say(name) for code, name in SHIPPED}
