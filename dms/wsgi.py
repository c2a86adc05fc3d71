"""The web side of the service: the staff application, the API and the signs of life as one WSGI callable.

`python -m dms.wsgi` serves it; another WSGI server may call `create`.
"""

import argparse
import sys
from wsgiref.types import WSGIApplication

from flask import Flask, request, request_finished
from werkzeug.middleware.dispatcher import DispatcherMiddleware

from dms.api.health import with_health
from dms.app import App
from dms.cli.output import exit_code, report
from dms.jobs.stop import die_with
from dms.jobs.web_server import ROUTE, WebServer
from dms.kernel.errors import DmsError
from dms.log import configure
from dms.settings import load
from dms.web.factory import create_app as staff


def create() -> WSGIApplication:
    """The callable over the installation that the settings name. Raises SetupWrong, OutsideDown."""
    return build(App.open(load()))


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


def main() -> int:
    """Serve on a socket of the supervisor (`--listener`), else on the address of the settings."""
    options = argparse.ArgumentParser(prog="dms.wsgi", description="Het web van Dossierkluis.")
    options.add_argument("--parent", type=int)
    options.add_argument("--listener", type=int)
    chosen = options.parse_args()
    die_with(chosen.parent)
    try:
        settings = load()
        configure(settings.log_level, "web")
        App.open(settings).close()  # what is wrong with the installation must show before the server starts
        host = f"[{settings.bind_host}]" if ":" in settings.bind_host else settings.bind_host
        address = f"{host}:{settings.bind_port}" if chosen.listener is None else f"fd://{chosen.listener}"
        WebServer(create, address).run()
    except DmsError as fault:
        report(fault, as_json=False)
        return exit_code(fault)
    return 0


if __name__ == "__main__":
    sys.exit(main())
