"""The web side of the service as one WSGI callable: the applications of the staff and of outsiders, the API and the
signs of life."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, request, request_finished
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from dms.api.factory import PREFIX
from dms.api.factory import create_app as api
from dms.api.health import with_health
from dms.app import App
from dms.jobs.web_server import ROUTE
from dms.portal.factory import create_app as outsiders
from dms.services.backup.step import require_step
from dms.web.factory import create_app as staff

OUTSIDE = ("/l", "/portaal")
"""Where outsiders come in. Their application keeps whole addresses, so that it is one however one enters."""


def build(house: App) -> WSGIApplication:
    """The callable over `house`."""
    screens, programs, portal = staff(house), api(house), outsiders(house)
    for app in (screens, programs, portal):
        request_finished.connect(_tell_route, app)
    probes = {
        "database": house.database.probe,
        "objects": house.vault.store.probe,
        "keys": house.keys.probe,
        "index": house.index.probe,
        "ledger": lambda: require_step(house.database, house.ledger),
    }
    return with_health(_by_door(DispatcherMiddleware(screens, {PREFIX: programs}), portal), probes)


def _by_door(inside: WSGIApplication, outside: WSGIApplication) -> WSGIApplication:
    """Who comes at an address of OUTSIDE to `outside`, everybody else to `inside`."""

    def choose(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        chosen = outside if path.startswith(tuple(f"{x}/" for x in OUTSIDE)) or path in OUTSIDE else inside
        return chosen(environ, start_response)

    return choose


def _tell_route(sender: Flask, **_: object) -> None:
    """Leave the pattern of the route for the log: the address itself may hold what must not be logged."""
    rule = request.url_rule
    request.environ[ROUTE] = f"{request.script_root}{rule.rule}" if rule is not None else "unknown"
