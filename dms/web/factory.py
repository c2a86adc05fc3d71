"""Builds the staff application from the house that it is given."""

from flask import Flask
from jinja2 import BaseLoader, PackageLoader, StrictUndefined

from dms.web import assets, error_pages, frame, guard, security, sessions, texts
from dms.web.desks import (
    account,
    admin,
    certificates,
    components,
    corrections,
    disposal,
    disposal_acts,
    disposal_own_data,
    document,
    exit_orders,
    finding,
    home,
    intake_desk,
    intake_desk_list,
    letters,
    links,
    links_list,
    lookalikes,
    parts,
    pictures,
    placing,
    portal_breaches,
    portal_people,
    portal_plan,
    pupils,
    received,
    received_acts,
    redaction,
    refused,
    second_step,
    self_filed,
    sheets,
    sign_in,
    sign_on,
    signing,
    stack,
    subject_requests,
    tastes,
    transfers,
    transfers_acts,
    undo,
    upload,
)
from dms.web.desks import (
    bin as bin_desk,
)
from dms.web.desks.admin import set_password
from dms.web.desks.imports import DESKS as IMPORT_DESKS
from dms.web.desks.retention import DESKS as RETENTION_DESKS
from dms.web.desks.rights import DESKS as RIGHTS_DESKS
from dms.web.house import EXTENSION, House

DESKS = (
    sign_in,
    second_step,
    sign_on,
    account,
    home,
    tastes,
    upload,
    refused,
    intake_desk,
    intake_desk_list,
    lookalikes,
    parts,
    self_filed,
    sheets,
    stack,
    pupils,
    document,
    pictures,
    placing,
    links,
    links_list,
    transfers,
    transfers_acts,
    received,
    received_acts,
    exit_orders,
    signing,
    corrections,
    letters,
    undo,
    bin_desk,
    finding,
    *IMPORT_DESKS,
    components,
    admin,
    set_password,
    disposal,
    disposal_acts,
    disposal_own_data,
    certificates,
    portal_plan,
    portal_people,
    portal_breaches,
    redaction,
    subject_requests,
    *RIGHTS_DESKS,
    *RETENTION_DESKS,
)


class StaffApp(Flask):
    """A Flask application whose pages come from the package `templates`, also when installed from a wheel."""

    jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}

    def create_global_jinja_loader(self) -> BaseLoader:  # type: ignore[override]
        """Templates lie beside this package, not in a folder of the process."""
        return PackageLoader("templates", "")


def create_app(house: House) -> Flask:
    """The staff application over `house`."""
    app = StaffApp(__name__, static_folder=None, template_folder=None)
    app.secret_key = house.secret
    app.extensions[EXTENSION] = house
    sessions.prepare(app)
    guard.prepare(app)  # before the check on forged forms: who is not signed in goes to sign in
    security.prepare(app, house.settings)
    texts.prepare(app)
    error_pages.prepare(app)
    frame.prepare(app)
    assets.prepare(app)
    for desk in DESKS:
        app.register_blueprint(desk.desk)
    return app
