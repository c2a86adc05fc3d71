"""Mail that did not come in, with its reason, for who works at a desk of the school."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from dms.db.tables import MailboxRow, MailMessageRow
from dms.kernel.outcome import Reason
from dms.model.events import By
from dms.model.sources import MailState
from dms.services.tools import Tools, school_by_brin
from ingest.service.mail_facts import opened_facts
from rights.service.gate import Gate
from rights.service.places import desk_clauses

MOST = 100


@dataclass(frozen=True, slots=True)
class RefusedMail:
    """One mail. Sender and subject are empty where they are no longer kept. `folder` is where it lies now."""

    sender: str
    subject: str
    mailbox: str
    folder: str
    reason: Reason
    refused_at: datetime
    answered_at: datetime | None


class MailRefusals:
    """The mails that mailboxes of a school refused."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By, brin: str) -> tuple[RefusedMail, ...]:
        """Those of the last thirty days, newest first; none for who works at no desk. Raises NotFound."""
        with self._tools.database.read() as session:
            school = school_by_brin(session, brin)
            gate = Gate(session, by.user_id, self._tools.clock.today())
            if not desk_clauses(gate, school.board_id, school.id):
                return ()
            rows = session.execute(
                select(MailMessageRow, MailboxRow)
                .join(MailboxRow, MailboxRow.id == MailMessageRow.mailbox_id)
                .where(MailMessageRow.school_id == school.id, MailMessageRow.state == MailState.REFUSED)
                .order_by(MailMessageRow.created_at.desc())
                .limit(MOST)
            ).all()
        found = []
        for row, mailbox in rows:
            facts = opened_facts(self._tools.vault, mailbox.id, row)
            found.append(
                RefusedMail(
                    facts.sender if facts else "",
                    facts.subject if facts else "",
                    mailbox.name,
                    mailbox.refused_folder,
                    Reason(row.reason_code, row.reason_text),
                    row.created_at,
                    row.answered_at,
                )
            )
        return tuple(found)
