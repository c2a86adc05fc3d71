"""Sites (vestigingen) of a school."""

from uuid import UUID

from flask import url_for
from flask.typing import ResponseReturnValue

from dms.kernel.errors import NotFound
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.services.administration.shapes import SchoolDetail, SiteCard
from dms.web.desks.admin import flow
from dms.web.desks.admin.forms import Form, Line, simple
from dms.web.desks.admin.room import desk
from dms.web.desks.admin.schools import way
from dms.web.guard import by, manages
from dms.web.house import house
from dms.web.texts import say


@desk.route("/scholen/<uuid:school_id>/vestigingen/nieuw", methods=["GET", "POST"])
@manages(Duty.SCHOOLS)
def new_site(school_id: UUID) -> ResponseReturnValue:
    """A new site."""

    def form() -> Form:
        detail = house().administration.schools.view(by(), school_id)
        hint = say(N_("Twee cijfers achter het BRIN %(brin)s, zoals 00 of 01."), {"brin": detail.school.brin})
        return simple(
            say(N_("Vestiging toevoegen")),
            (*way(detail), (say(N_("Vestiging toevoegen")), "")),
            [
                Line("code", say(N_("Nummer van de vestiging")), hint=hint, required=True, maxlength=2),
                Line("name", say(N_("Naam of adres")), required=True),
            ],
            detail.school.row_version,
            back=url_for("admin.school", school_id=school_id),
        )

    return flow.change(
        form,
        lambda given, _, apply: house().administration.sites.add(by(), school_id, given, apply=apply),
        lambda _: url_for("admin.school", school_id=school_id),
    )


@desk.route("/scholen/<uuid:school_id>/vestigingen/<uuid:site_id>/wijzigen", methods=["GET", "POST"])
@manages(Duty.SCHOOLS)
def change_site(school_id: UUID, site_id: UUID) -> ResponseReturnValue:
    """The name of a site."""

    def form() -> Form:
        detail, site = _site(school_id, site_id)
        return simple(
            say(N_("Vestiging wijzigen")),
            (*way(detail), (site.full_code, "")),
            [Line("name", say(N_("Naam of adres")), site.name, required=True)],
            site.row_version,
            back=url_for("admin.school", school_id=school_id),
        )

    return flow.change(
        form,
        lambda given, version, apply: house().administration.sites.change(by(), site_id, version, given, apply=apply),
        lambda _: url_for("admin.school", school_id=school_id),
    )


@desk.route("/scholen/<uuid:school_id>/vestigingen/<uuid:site_id>/sluiten", methods=["GET", "POST"])
@manages(Duty.SCHOOLS)
def close_site(school_id: UUID, site_id: UUID) -> ResponseReturnValue:
    """Close a site."""
    return flow.confirm(
        lambda: _asked(school_id, site_id, N_("Vestiging sluiten"), N_("Sluit de vestiging")),
        lambda _, version, apply: house().administration.sites.close(by(), site_id, version, apply=apply),
        lambda _: url_for("admin.school", school_id=school_id),
    )


@desk.route("/scholen/<uuid:school_id>/vestigingen/<uuid:site_id>/openen", methods=["GET", "POST"])
@manages(Duty.SCHOOLS)
def reopen_site(school_id: UUID, site_id: UUID) -> ResponseReturnValue:
    """Open a closed site again."""
    return flow.confirm(
        lambda: _asked(school_id, site_id, N_("Vestiging weer openen"), N_("Open de vestiging")),
        lambda _, version, apply: house().administration.sites.reopen(by(), site_id, version, apply=apply),
        lambda _: url_for("admin.school", school_id=school_id),
    )


def _site(school_id: UUID, site_id: UUID) -> tuple[SchoolDetail, SiteCard]:
    detail = house().administration.schools.view(by(), school_id)
    site = next((x for x in detail.sites if x.id == site_id), None)
    if site is None:
        raise NotFound
    return detail, site


def _asked(school_id: UUID, site_id: UUID, title: str, button: str) -> Form:
    detail, site = _site(school_id, site_id)
    back = url_for("admin.school", school_id=school_id)
    return Form(say(title), (*way(detail), (site.full_code, "")), (), site.row_version, back=back, button=say(button))
