"""The web side of the service as one WSGI callable: the staff application, the API and the signs of life."""

from wsgiref.types import WSGIApplication

from flask import Flask, request, request_finished
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from dms.api.health import with_health
from dms.app import App
from dms.jobs.web_server import ROUTE
from dms.web.factory import create_app as staff


def build(house: App) -> WSGIApplication:
    """The callable over `house`."""
    screens = staff(house)
    request_finished.connect(_tell_route, screens)
    probes = {
        "database": house.database.probe,
        "objects": house.vault.store.probe,
        "keys": house.keys.probe,
        "index": house.index.probe,
    }
    return with_health(DispatcherMiddleware(screens, {}), probes)


def _tell_route(sender: Flask, **_: object) -> None:
    """Leave the pattern of the route for the log: the address itself may hold what must not be logged."""
    request.environ[ROUTE] = request.url_rule.rule if request.url_rule is not None else "unknown"
