"""Answers refused mail, once: that it was written down comes before the sending, so that nobody gets two."""

from datetime import date, timedelta
from email.message import EmailMessage
from uuid import UUID

import structlog
from sqlalchemy import select

from dms.db.tables import MailboxRow, MailMessageRow, SchoolRow
from dms.kernel.crashpoints import reached
from dms.kernel.errors import DmsError
from dms.kernel.text import N_
from dms.model.events import SYSTEM, Event, EventKind
from dms.model.sources import MailState
from dms.services.notices.writing import MONTHS
from dms.services.tools import Tools
from ingest.service.mail_facts import MailFacts, opened_facts
from ingest.sources.mail_send import NotDelivered, send

FRESH = timedelta(days=3)
SUBJECT = N_("Uw mail aan %(school)s is niet aangenomen")
TEXT = N_(
    "Goedendag,\n\nUw mail%(when)s aan %(school)s is niet aangenomen: %(reason)s\n\n"
    "Neem contact op met de school als u toch iets wilt sturen.\n\n"
    "Dit antwoord is automatisch verstuurd. Mail aan dit adres wordt niet door een mens gelezen.\n"
)

log = structlog.get_logger(__name__)


class MailAnswers:
    """Sends the answers that wait. `url` is the server that sends; empty: nothing is sent."""

    def __init__(self, tools: Tools, url: str) -> None:
        self._tools = tools
        self._url = url

    def send_waiting(self) -> int:
        """Send what waits; returns how many. What cannot be sent now is tried again for three days."""
        sent = 0
        for row_id in self._waiting() if self._url else ():
            message = self._claim(row_id)
            if message is None:
                continue
            reached("answer.claimed")
            try:
                send(self._url, message)
            except NotDelivered as fault:
                log.warning("answer_undeliverable", object_id=str(row_id), code=fault.code)
                continue
            except DmsError as fault:
                log.warning("answer_waits", object_id=str(row_id), code=fault.code)
                self._give_back(row_id)
                break
            sent += 1
        return sent

    def _waiting(self) -> list[UUID]:
        with self._tools.database.read() as session:
            return list(
                session.scalars(
                    select(MailMessageRow.id)
                    .where(
                        MailMessageRow.state == MailState.REFUSED,
                        MailMessageRow.answer.is_(True),
                        MailMessageRow.answered_at.is_(None),
                        MailMessageRow.created_at > self._tools.clock.now() - FRESH,
                    )
                    .order_by(MailMessageRow.created_at)
                    .limit(50)
                )
            )

    def _claim(self, row_id: UUID) -> EmailMessage | None:
        with self._tools.database.begin() as uow:
            row = uow.session.get(MailMessageRow, row_id, with_for_update=True)
            if row is None or row.answered_at is not None or row.state is not MailState.REFUSED:
                return None
            mailbox = uow.session.get_one(MailboxRow, row.mailbox_id)
            school = uow.session.get_one(SchoolRow, row.school_id)
            facts = opened_facts(self._tools.vault, mailbox.id, row)
            row.answered_at = uow.now
            uow.record(
                Event(EventKind.MAIL_ANSWERED, SYSTEM, school.board_id, school.id, object_kind="mail", object_id=row.id)
            )
            if facts is None or not facts.sender:
                return None
            return _message(row, mailbox, school, facts)

    def _give_back(self, row_id: UUID) -> None:
        with self._tools.database.begin() as uow:
            row = uow.session.get(MailMessageRow, row_id, with_for_update=True)
            if row is not None:
                row.answered_at = None


def _when(written: str) -> str:
    """The day of the mail as people write it, with "van" before it; empty where the mail has none."""
    if not written:
        return ""
    day = date.fromisoformat(written)
    return f" van {day.day} {MONTHS['nl'][day.month - 1]} {day.year}"


def _message(row: MailMessageRow, mailbox: MailboxRow, school: SchoolRow, facts: MailFacts) -> EmailMessage:
    message = EmailMessage()
    params = {"school": school.name, "when": _when(facts.date), "reason": row.reason_text}
    message["From"], message["To"] = mailbox.address, facts.sender
    message["Subject"] = " ".join((SUBJECT % params).split())
    message["Auto-Submitted"] = "auto-replied"
    message["X-Auto-Response-Suppress"] = "All"
    message["Message-ID"] = f"<antwoord-{row.id.hex}@{mailbox.address.rpartition('@')[2]}>"
    if facts.message_id.startswith("<") and facts.message_id.endswith(">"):
        message["In-Reply-To"] = message["References"] = facts.message_id
    message.set_content(TEXT % params)
    return message
