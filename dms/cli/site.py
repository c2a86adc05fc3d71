"""The web side of the service as one WSGI callable: the staff application, the API and the signs of life."""

from wsgiref.types import WSGIApplication

from flask import Flask, request, request_finished
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from dms.api.factory import PREFIX
from dms.api.factory import create_app as api
from dms.api.health import with_health
from dms.app import App
from dms.jobs.web_server import ROUTE
from dms.services.backup.step import require_step
from dms.web.factory import create_app as staff


def build(house: App) -> WSGIApplication:
    """The callable over `house`."""
    screens, programs = staff(house), api(house)
    for app in (screens, programs):
        request_finished.connect(_tell_route, app)
    probes = {
        "database": house.database.probe,
        "objects": house.vault.store.probe,
        "keys": house.keys.probe,
        "index": house.index.probe,
        "ledger": lambda: require_step(house.database, house.ledger),
    }
    return with_health(DispatcherMiddleware(screens, {PREFIX: programs}), probes)


def _tell_route(sender: Flask, **_: object) -> None:
    """Leave the pattern of the route for the log: the address itself may hold what must not be logged."""
    rule = request.url_rule
    request.environ[ROUTE] = f"{request.script_root}{rule.rule}" if rule is not None else "unknown"
