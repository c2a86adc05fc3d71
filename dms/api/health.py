"""Signs of life for watchdogs: `/healthz` (the process answers) and `/readyz` (all it needs answers too)."""

import json
from collections.abc import Callable, Iterable, Mapping
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog

from dms.kernel.errors import DmsError

Probe = Callable[[], None]
"""Returns when a part answers; raises DmsError otherwise."""

log = structlog.get_logger(__name__)


def with_health(app: WSGIApplication, probes: Mapping[str, Probe]) -> WSGIApplication:
    """`app` with the two addresses before it."""

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/healthz":
            return _json(environ, start_response, "200 OK", {"alive": True})
        if path == "/readyz":
            parts = {name: _asked(name, probe) for name, probe in probes.items()}
            ready = all(x["ready"] for x in parts.values())
            status = "200 OK" if ready else "503 Service Unavailable"
            return _json(environ, start_response, status, {"ready": ready, "parts": parts})
        return app(environ, start_response)

    return answer


def _asked(name: str, probe: Probe) -> dict[str, object]:
    try:
        probe()
    except DmsError as fault:
        return {"ready": False, "code": fault.code}
    except Exception as fault:
        log.error("probe_broke", kind=name, error=type(fault).__name__)
        return {"ready": False, "code": "broken"}
    return {"ready": True}


def _json(
    environ: WSGIEnvironment, start_response: StartResponse, status: str, body: Mapping[str, object]
) -> Iterable[bytes]:
    environ["dms.route"] = environ.get("PATH_INFO", "")
    data = json.dumps(body).encode()
    headers = [
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(data))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
    ]
    start_response(status, headers)
    return [] if environ.get("REQUEST_METHOD") == "HEAD" else [data]
