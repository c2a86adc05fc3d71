"""What a mail says of itself (sender, subject, date): sealed with the papers that came of it, and gone with them."""

import json
from dataclasses import asdict, dataclass
from email.header import decode_header, make_header
from email.utils import parsedate_to_datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import ItemRow, MailMessageRow
from ingest.rules.mail_marks import values
from ingest.rules.mail_senders import single_sender
from ingest.service.names import clean_name
from storage.errors import Damaged, KeyMissing
from storage.vault import Vault

COLUMN = "mail"
LONGEST = 300


@dataclass(frozen=True, slots=True)
class MailFacts:
    """Sender is the bare address (empty where there is no single one), `date` ISO or empty, as the sender wrote it."""

    sender: str
    subject: str
    date: str
    message_id: str = ""
    verified: bool = False

    @property
    def file_name(self) -> str:
        """What the mail is called in lists."""
        plain = self.subject.replace("/", "-").replace("\\", "-")
        return clean_name(f"{plain.strip() or 'mail'}.eml")


def facts_of(headers: list[tuple[str, str]], *, verified: bool) -> MailFacts:
    """The facts of a mail by its headers. Never raises: what cannot be read is left out."""
    date = ""
    for text in values(headers, "date")[:1]:
        try:
            date = parsedate_to_datetime(text).date().isoformat()
        except (ValueError, TypeError, IndexError, OverflowError):
            date = ""
    subject = next(iter(values(headers, "subject")), "")
    message_id = next(iter(values(headers, "message-id")), "")
    safe_id = message_id if len(message_id) < LONGEST and message_id.isprintable() and message_id.isascii() else ""
    return MailFacts(single_sender(values(headers, "from")), decoded(subject), date, safe_id, verified)


def decoded(text: str) -> str:
    """A header as people read it, on one line, cut off where it is very long. Never raises."""
    try:
        plain = str(make_header(decode_header(text[: 4 * LONGEST])))
    except (ValueError, LookupError, UnicodeError, AssertionError):
        plain = text
    return " ".join(plain.split())[:LONGEST]


def sealed_facts(vault: Vault, owner: UUID, row_id: UUID, facts: MailFacts) -> bytes:
    """The facts under the key of `owner`: the document of a mail that was taken, else the mailbox."""
    return vault.seal(owner, f"{COLUMN}-{row_id.hex}", json.dumps(asdict(facts), ensure_ascii=False).encode())


def opened_facts(vault: Vault, owner: UUID, row: MailMessageRow) -> MailFacts | None:
    """The facts of a mail; None where they are gone."""
    if row.sealed is None:
        return None
    try:
        return MailFacts(**json.loads(vault.unseal(owner, f"{COLUMN}-{row.id.hex}", row.sealed)))
    except (KeyMissing, Damaged):
        return None


def mail_of_intake(session: Session, vault: Vault, intake_id: UUID) -> MailFacts | None:
    """The mail that an intake came from; None for one that is no mail, or whose facts are gone with its papers."""
    found = session.execute(
        select(MailMessageRow, ItemRow.document_id)
        .join(ItemRow, ItemRow.intake_id == MailMessageRow.intake_id)
        .where(MailMessageRow.intake_id == intake_id, ItemRow.part == 1)
    ).first()
    return opened_facts(vault, found[1], found[0]) if found else None
