"""What happens by the clock. APScheduler only ticks: work that one machine does for all stands behind a lease."""

from collections.abc import Callable
from dataclasses import dataclass

import structlog
from apscheduler.schedulers.background import BackgroundScheduler

from dms.db import outbox, pulse
from dms.jobs.house import House
from dms.jobs.lease import KeptLease
from dms.jobs.mail_collector import MailCollector
from dms.jobs.scanner_folders import ScannerFolders
from dms.jobs.watched_folder import WatchedFolder
from dms.kernel.errors import DmsError
from dms.log import place_of
from dms.model.events import SYSTEM
from storage.spool import sweep

LEASE = "scheduler"
HOUR = 3600
EVERY_SO_MANY = 60

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do every so many seconds. `shared`: one process of the installation does it for all. `stop` ends
    what goes on between turns.
    """

    name: str
    seconds: int
    run: Callable[[], int]
    shared: bool = True
    stop: Callable[[], None] | None = None


class Sealer:
    """Seals the log as soon as it has a new row; once in a while without asking, for rows that came out of order."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._seen = -1
        self._turns = 0

    def __call__(self) -> int:
        """Give new rows their place; returns how many."""
        newest = pulse.newest_event(self._house.database)
        self._turns += 1
        if newest == self._seen and self._turns % EVERY_SO_MANY:
            return 0
        sealed = self._house.checks.seal_audit(whole=self._turns == 1)
        self._seen = newest
        return sealed


def tasks_of(house: House) -> tuple[Task, ...]:
    """All that is done by the clock."""

    mail = MailCollector(house)

    def sweep_folders() -> int:
        return sweep(house.settings.jobs_folder, lambda: [f"item-{x}" for x in pulse.leased_items(house.database)])

    return (
        Task("seal_log", 1, Sealer(house)),
        Task("sweep_job_folders", 300, sweep_folders, shared=False),
        Task("read_pupil_files", 2, house.pupil_imports.read_waiting),
        Task("read_dossiers", 2, house.dossier_work.work),
        Task("follow_watched", 5, house.watched.follow),
        *_watching(house),
        Task("scanner_folders", 2, ScannerFolders(house).turn),
        Task("follow_mail", 5, mail.turn, stop=mail.stop),
        Task("answer_mail", 15, house.mail.answers.send_waiting),
        Task("send_letters", 2, house.letters.sender.send_waiting),
        Task("sweep_letters", HOUR // 12, house.letters.sender.sweep),
        Task("follow_signing", 60, house.signing.following.turn),
        Task("forget_corrections", HOUR, house.corrections.queue.sweep),
        Task("links_ending", HOUR, house.link_expiry.tell),
        Task("announce_phases", HOUR // 12, house.portal.plan.announce_due),
        Task("sweep_uploads", HOUR, house.resumable.sweep),
        Task("forget_refused_mail", HOUR, house.mail.intake.sweep),
        Task("sweep_pupil_files", HOUR, house.pupil_imports.sweep),
        Task("follow_days", HOUR, lambda: house.pupil_import.follow_days(SYSTEM)),
        Task("forget_desk_acts", HOUR, house.desk_room.acts.forget),
        Task("erase_refused", HOUR, house.erase.sweep_terms),
        Task("find_unarchived", HOUR // 12, house.archive_later.find),
        Task("erase_unpacked", HOUR, house.parts.sweep),
        Task("sweep_stacks", HOUR, house.batches.sweep),
        Task("count_terms", 5, house.retention.sweep.recount),
        Task("sweep_terms", HOUR // 4, house.retention.sweep.run),
        Task("learn_recognition", HOUR, house.learning.turn),
        Task("begin_destruction", HOUR, house.destruction.sweep),
        Task("destroy_packs", HOUR, house.requests.releasing.sweep),
        Task("sweep_orphans", 24 * HOUR, house.checks.sweep_orphans),
        Task("expire_backups", HOUR, house.backups.sweep),
        Task("forget_effects", 6 * HOUR, lambda: outbox.forget_done(house.database)),
        Task("forget_processes", 6 * HOUR, lambda: pulse.forget_silent(house.database)),
    )


def _watching(house: House) -> tuple[Task, ...]:
    """Looking into the watched place, where there is one."""
    folder = house.settings.watch
    if folder is None:
        return ()
    return (Task("watch_folder", 3, WatchedFolder(house, folder, house.settings.watch_keep).turn),)


class Ticks:
    """Runs tasks in threads of this process until `stop`."""

    def __init__(self, house: House, owner: str) -> None:
        self._house = house
        self._tasks = tasks_of(house)
        self._lease = KeptLease(house.database, LEASE, owner)
        self._scheduler = BackgroundScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin; everything is done once at the start."""
        for task in self._tasks:
            self._scheduler.add_job(
                self._run,
                "interval",
                seconds=task.seconds,
                args=[task],
                id=task.name,
                next_run_time=self._house.database.clock.now(),
            )
        self._scheduler.start()

    def stop(self) -> None:
        """End, after the tasks that are running."""
        self._scheduler.shutdown(wait=True)
        for task in self._tasks:
            if task.stop is not None:
                task.stop()
        self._lease.give_back()

    def _run(self, task: Task) -> None:
        try:
            if task.shared and not self._lease.take():
                return
            if count := task.run():
                log.debug("task_done", task=task.name, count=count)
        except DmsError as fault:
            log.warning("task_failed", task=task.name, code=fault.code)
        except Exception as fault:  # the next tick tries again; the others go on
            log.error("task_broke", task=task.name, error=type(fault).__name__, at=place_of(fault))
