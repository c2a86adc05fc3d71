"""The matrix in force, its versions and comparing them."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from dms.model.duties import Duty
from dms.web.around import school
from dms.web.desks.rights import shown
from dms.web.guard import by, manages, may_manage
from dms.web.house import house

desk = Blueprint("rights_matrix", __name__)


@desk.get("/rechten")
@manages(Duty.RIGHTS_SEEN)
def page() -> ResponseReturnValue:
    """The matrix that counts now."""
    matrix = house().rights_desk.matrix
    view = matrix.current(by(), school().brin)
    return render_template(
        "rights/matrix.html",
        version=view.version,
        groups=shown.table(view, editable=False),
        roles=[(x.code, shown.role_names(view.roles)[x.code]) for x in shown.chosen_roles(view)],
        all_roles=list(shown.role_names(view.roles).items()),
        role=request.args.get("rol", ""),
        legend=shown.legend(),
        unread=shown.unread(view),
        draft=matrix.draft(by(), school().brin),
        may_edit=may_manage(Duty.RIGHTS, school()),
    )


@desk.get("/rechten/versies")
@manages(Duty.RIGHTS_SEEN)
def versions() -> ResponseReturnValue:
    """All versions with author and reason; two of them compared when asked."""
    matrix = house().rights_desk.matrix
    found = matrix.versions(by(), school().brin)
    before, after = _number("van"), _number("naar")
    changes = None
    if before is not None and after is not None:
        roles = matrix.current(by(), school().brin).roles
        changes = shown.change_lines(matrix.compared(by(), school().brin, before, after), roles)
    newest = found[0].number if found else 0
    return render_template(
        "rights/versions.html",
        versions=found,
        before=before if before is not None else max(newest - 1, 1),
        after=after if after is not None else newest,
        changes=changes,
        may_edit=may_manage(Duty.RIGHTS, school()),
    )


@desk.get("/rechten/versies/<int:number>")
@manages(Duty.RIGHTS_SEEN)
def version(number: int) -> ResponseReturnValue:
    """One version as a table."""
    view = house().rights_desk.matrix.version(by(), school().brin, number)
    return render_template(
        "rights/version.html",
        version=number,
        groups=shown.table(view, editable=False),
        roles=[(x.code, shown.role_names(view.roles)[x.code]) for x in shown.chosen_roles(view)],
        legend=shown.legend(),
        may_edit=may_manage(Duty.RIGHTS, school()),
    )


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None
