"""The blueprint of the administration, its breadcrumbs and what its pages tell."""

from flask import Blueprint, url_for

from dms.kernel.text import N_
from dms.web.notices import Notice, register
from dms.web.texts import say

desk = Blueprint("admin", __name__, url_prefix="/beheer")

register(
    {
        "admin_saved": Notice(N_("Opgeslagen.")),
        "admin_waits": Notice(N_("De rol wacht op een tweede persoon. De rol telt pas als die persoon ja zegt.")),
        "admin_same": Notice(N_("Er is niets veranderd.")),
        "admin_sessions": Notice(N_("Op %(num)d apparaat uitgelogd."), N_("Op %(num)d apparaten uitgelogd.")),
        "admin_token_gone": Notice(N_("Het token is ingetrokken en werkt niet meer.")),
    }
)
Crumbs = tuple[tuple[str, str], ...]


def crumbs(*parts: tuple[str, str]) -> Crumbs:
    """The way to a page of the administration; the last part is the page itself, its address empty."""
    return ((say(N_("Start")), url_for("home.page")), (say(N_("Inrichting")), url_for("admin.home")), *parts)
