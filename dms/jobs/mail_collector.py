"""Follows every open mailbox in a thread of its own: takes what is there, then waits for more on that connection."""

import threading
import time
from typing import Protocol
from uuid import UUID

import structlog

from dms.kernel.errors import DmsError
from dms.log import place_of
from ingest.service.mail import MailIntake
from ingest.service.mail_room import MailRoom

WAIT_SECONDS = 240.0
PERMIT_SECONDS = 20.0
"""How long a thread goes on after the last turn: turns stop when another process has the lease."""
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
MOST_THREADS = 50

log = structlog.get_logger(__name__)


class House(Protocol):
    """The part of the application that follows mailboxes."""

    @property
    def mail(self) -> MailRoom:
        """The way in for mail."""
        ...


class MailCollector:
    """Called by the clock; keeps a thread per open mailbox, and ends those of mailboxes that were closed."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._followers: dict[UUID, _Follower] = {}

    def turn(self) -> int:
        """See to it that every open mailbox is followed; returns how many are. Raises OutsideDown."""
        wanted = self._house.mail.intake.open_mailboxes()
        for mailbox_id in self._followers.keys() - wanted.keys():
            self._followers.pop(mailbox_id).end()
        for mailbox_id, asked in list(wanted.items())[:MOST_THREADS]:
            follower = self._followers.get(mailbox_id)
            if follower is None or not follower.lives:
                follower = self._followers[mailbox_id] = _Follower(self._house.mail.intake, mailbox_id)
            follower.permit(now=asked)
        return len(self._followers)

    def stop(self) -> None:
        """End all, after the mail that each has in hand."""
        for one in self._followers.values():
            one.end()
        for one in self._followers.values():
            one.join()
        self._followers.clear()


class _Follower:
    """One mailbox, followed until its permit runs out."""

    def __init__(self, mail: MailIntake, mailbox_id: UUID) -> None:
        self._mail = mail
        self._id = mailbox_id
        self._until = time.monotonic() + PERMIT_SECONDS
        self._ended = threading.Event()
        self._asked = threading.Event()
        self._pause = FIRST_PAUSE
        self._thread = threading.Thread(target=self._run, name=f"mail-{mailbox_id}", daemon=True)
        self._thread.start()

    @property
    def lives(self) -> bool:
        return self._thread.is_alive()

    def permit(self, *, now: bool) -> None:
        self._until = time.monotonic() + PERMIT_SECONDS
        if now:
            self._asked.set()

    def end(self) -> None:
        self._ended.set()
        self._asked.set()

    def join(self) -> None:
        self._thread.join(5)

    def _permitted(self) -> bool:
        return not self._ended.is_set() and time.monotonic() < self._until

    def _undisturbed(self) -> bool:
        """Go on waiting: nobody asked for a look now."""
        return self._permitted() and not self._asked.is_set()

    def _run(self) -> None:
        while self._permitted():
            self._asked.clear()
            try:
                self._mail.follow(self._id, self._permitted, self._undisturbed, WAIT_SECONDS)
                self._pause = FIRST_PAUSE
                continue
            except DmsError as fault:
                log.warning("mailbox_waits", object_id=str(self._id), code=fault.code, pause=self._pause)
            except Exception as fault:  # the next try may do better; the other mailboxes go on
                log.error("mailbox_broke", object_id=str(self._id), error=type(fault).__name__, at=place_of(fault))
            until = time.monotonic() + self._pause
            while self._undisturbed() and time.monotonic() < until:
                self._asked.wait(1.0)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)
