"""Which processes make up the service on this machine."""

import os
import sys

import structlog

from dms.db.leases import new_owner
from dms.jobs.stop import Stop
from dms.jobs.supervisor import Child, Supervisor, open_socket
from dms.settings import Settings

NICE = 10
"""Workers leave the processor to the screens."""

log = structlog.get_logger(__name__)


def serve(settings: Settings, *, web_only: bool = False) -> int:
    """Run web server, scheduler and workers until SIGTERM or SIGINT; returns the exit code.

    Raises OutsideDown for an address that is taken.
    """
    stop = Stop()
    with open_socket(settings.bind_host, settings.bind_port) as listener:
        log.info(
            "serving", address=f"{settings.bind_host}:{settings.bind_port}", workers=0 if web_only else settings.workers
        )
        return Supervisor(children_of(settings, listener.fileno(), web_only=web_only), stop).run()


def children_of(settings: Settings, listener: int, *, web_only: bool) -> list[Child]:
    """The processes of this machine. A process that is started again keeps its name, and so its leases."""
    python = [sys.executable, "-m"]
    parent = ["--parent", str(os.getpid())]
    children = [Child("web", [*python, "dms.wsgi", *parent, "--listener", str(listener)], (listener,))]
    if web_only:
        return children
    children.append(Child("scheduler", [*python, "dms", "scheduler", *parent, "--owner", new_owner("scheduler")]))
    for number in range(1, settings.workers + 1):
        owner = ["--owner", new_owner("worker"), "--nice", str(NICE)]
        children.append(Child(f"worker {number}", [*python, "dms", "worker", *parent, *owner]))
    return children
