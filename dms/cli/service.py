"""Which processes make up the service on this machine, and what each of them does."""

import gc
import os
from collections.abc import Callable

import structlog

from dms.cli import site
from dms.cli.opening import open_app
from dms.cli.output import EXIT_BROKEN, exit_code, report, spoken
from dms.db.leases import new_owner
from dms.jobs.background import run_background
from dms.jobs.child import call
from dms.jobs.listener import listen
from dms.jobs.stop import Stop
from dms.jobs.supervisor import Child, Supervisor
from dms.jobs.web_server import serve_web
from dms.jobs.worker import run_worker
from dms.kernel.errors import DmsError
from dms.log import configure
from dms.settings import Settings

NICE = 10
"""Workers leave the processor to the screens."""

log = structlog.get_logger(__name__)


def run_service(settings: Settings, *, web_only: bool = False) -> int:
    """Run web, scheduler and workers until SIGTERM or SIGINT; returns the exit code.

    Raises OutsideDown for an address that is taken.
    """
    stop = Stop()
    with listen(settings.bind_host, settings.bind_port) as listener:
        log.info("serving", address=f"{settings.bind_host}:{settings.bind_port}", pid=os.getpid())
        gc.freeze()  # what is loaded by now stays shared between the processes
        return Supervisor(_children(settings, listener.fileno(), web_only=web_only), stop).run()


def found_wrong(settings: Settings) -> int:
    """The exit code of an installation that cannot open, which was then said; 0 for one that can.

    Asked in a process of its own: the one that starts the others keeps no database open.
    """

    code = call(lambda: spoken(lambda: open_app(settings).close()))
    return code if code >= 0 else EXIT_BROKEN


def _children(settings: Settings, listener: int, *, web_only: bool) -> list[Child]:
    """The processes of this machine. One that is started again keeps its name, and so takes over its leases."""

    def web() -> None:
        open_app(settings).close()  # what is wrong with the installation must show before the server starts
        serve_web(lambda: site.build(open_app(settings)), f"fd://{listener}")

    children = [Child("web", _process(settings, "web", web))]
    if web_only:
        return children
    children.append(Child("scheduler", scheduler_process(settings, new_owner("scheduler"))))
    for number in range(1, settings.workers + 1):
        children.append(Child(f"worker {number}", worker_process(settings, new_owner("worker")), NICE))
    return children


def worker_process(settings: Settings, owner: str) -> Callable[[], int]:
    """What a process that reads does."""

    def work() -> None:
        app = open_app(settings)
        try:
            run_worker(app, owner)
        finally:
            app.close()

    return _process(settings, "worker", work)


def scheduler_process(settings: Settings, owner: str) -> Callable[[], int]:
    """What the process does that keeps up index, log and folders."""

    def keep_up() -> None:
        app = open_app(settings)
        try:
            run_background(app, owner)
        finally:
            app.close()

    return _process(settings, "scheduler", keep_up)


def _process(settings: Settings, name: str, run: Callable[[], None]) -> Callable[[], int]:
    def whole() -> int:
        configure(settings.log_level, name)
        try:
            run()
        except DmsError as fault:
            log.error("process_failed", code=fault.code)
            report(fault, as_json=False)
            return exit_code(fault)
        return 0

    return whole
