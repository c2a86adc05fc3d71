"""Builds the application for outsiders from the house that it is given."""

from flask import Flask
from jinja2 import BaseLoader, PackageLoader, StrictUndefined

from dms.portal import assets, error_pages, frame, guard, people, security, sessions, texts
from dms.portal.desks import (
    family_account,
    family_child,
    family_corrections,
    family_document,
    family_home,
    family_mail,
    family_shared,
    family_sign_in,
    family_signing,
    inspection,
    links,
    links_shared,
)
from dms.portal.house import EXTENSION, House

DESKS = (
    assets,
    links,
    links_shared,
    family_sign_in,
    family_home,
    family_child,
    family_document,
    family_signing,
    family_corrections,
    family_mail,
    family_shared,
    inspection,
    family_account,
)
"""Every room with pages. Each has a blueprint `desk`; each of its routes says which door it stands behind."""


class PortalApp(Flask):
    """A Flask application whose pages come from the package `templates`, also when installed from a wheel."""

    jinja_options = {"undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}

    def create_global_jinja_loader(self) -> BaseLoader:  # type: ignore[override]
        """Templates lie beside this package, not in a folder of the process."""
        return PackageLoader("templates", "")


def create_app(house: House) -> Flask:
    """The application for outsiders over `house`."""
    app = PortalApp(__name__, static_folder=None, template_folder=None)
    app.extensions[EXTENSION] = house
    security.prepare(app, house.settings, house.secret)
    guard.prepare(app)
    sessions.prepare(app)
    texts.prepare(app)
    error_pages.prepare(app)
    frame.prepare(app)
    people.prepare(app)  # after the frame: what it knows of who is in wins
    assets.prepare(app)
    for desk in DESKS:
        app.register_blueprint(desk.desk)
    return app
