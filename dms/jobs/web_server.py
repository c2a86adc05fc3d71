"""The web server: gunicorn with one process and threads, on a socket that the supervisor opened or on an address.

Its lines about requests name the route, never the address that was asked: that may hold search words or tokens.
"""

import gc
from collections.abc import Callable
from datetime import timedelta
from wsgiref.types import WSGIApplication

import structlog
from gunicorn.app.base import BaseApplication
from gunicorn.config import Config
from gunicorn.glogging import Logger
from gunicorn.http.message import Request
from gunicorn.http.wsgi import Response

ROUTE = "dms.route"
"""Where an application leaves the pattern of the route that answered, for the log."""

THREADS = 16
GRACE_SECONDS = 5
PATIENCE_SECONDS = 60

log = structlog.get_logger(__name__)


class RequestLog(Logger):  # type: ignore[misc]
    """gunicorn's logger, with its lines about requests as ours."""

    def setup(self, cfg: Config) -> None:
        """Leave the way out of the log to the process's own settings."""
        super().setup(cfg)
        self.error_log.handlers = []
        self.error_log.propagate = True

    def access(self, resp: Response, req: Request, environ: dict[str, object], request_time: timedelta) -> None:
        """One line for one request."""
        log.info(
            "request",
            method=environ.get("REQUEST_METHOD", ""),
            route=environ.get(ROUTE, ""),
            status=int(str(resp.status).split(" ", 1)[0]),
            bytes=getattr(resp, "sent", 0) or 0,
            milliseconds=round(request_time.total_seconds() * 1000),
        )


class WebServer(BaseApplication):  # type: ignore[misc]
    """Serves what `make` builds; it is built after the fork, so that no connection is shared."""

    def __init__(self, make: Callable[[], WSGIApplication], address: str) -> None:
        self._make = make
        self._address = address
        super().__init__()

    def load_config(self) -> None:
        """Everything is said here: no files, no environment."""
        for name, value in {
            "bind": self._address,
            "workers": 1,
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": PATIENCE_SECONDS,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": 5,
            "limit_request_line": 4094,
            "logger_class": RequestLog,
            "errorlog": "-",
            "control_socket_disable": True,
            "server_software": "",
        }.items():
            if name in self.cfg.settings:
                self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """The application, in the process that serves."""
        made = self._make()
        settle_memory()
        return made


def settle_memory() -> None:
    """Take what is there now for lasting: the collector of garbage then skips it, instead of walking through all of the
    program (a tenth of a second and more) in the middle of somebody's page.
    """
    gc.collect()
    gc.freeze()


def serve_web(make: Callable[[], WSGIApplication], address: str) -> None:
    """Serve what `make` builds until SIGTERM or SIGINT. `address`: `HOST:PORT`, or `fd://N` for an open socket.

    Exits the process when the server is done or could not start.
    """
    WebServer(make, address).run()
