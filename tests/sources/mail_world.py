"""A school's mailbox on a real IMAP server, for tests: mails put into it, and what became of them."""

import imaplib
import random
import secrets
from dataclasses import dataclass
from email.message import EmailMessage
from uuid import UUID

import pytest
from sqlalchemy import select

from dms.db.tables import IntakeRow, ItemRow, MailboxRow, MailMessageRow, SchoolRow
from dms.model.documents import Source
from dms.model.sources import MailState
from ingest.service.mail_facts import MailFacts, opened_facts
from tests.houses import BRIN, House
from tests.servers.dovecot import PASSWORD, DovecotServer, dovecot_server
from tests.servers.ports import HOST
from tests.servers.run import NotStarted, Run

AUTHSERV = "mx.deregenboog.example"
GOOD = f"{AUTHSERV}; dmarc=pass header.from=ggd.example; spf=pass"


def server_or_skip(run: Run) -> DovecotServer:
    """The IMAP server of this run."""
    try:
        return dovecot_server(run)
    except NotStarted as fault:
        pytest.skip(str(fault))


def mail(
    number: int = 1, sender: str = "Anne Post <post@ggd.example>", *, attachment: bytes = b"", **headers: str
) -> bytes:
    """One mail, with a PDF where `attachment` has bytes."""
    message = EmailMessage()
    message["From"], message["To"] = sender, "post@deregenboog.example"
    message["Subject"] = headers.pop("subject", f"Verslag {number}")
    message["Date"] = "Thu, 15 Oct 2026 09:30:00 +0200"
    message["Message-ID"] = f"<bericht-{number}@ggd.example>"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(f"Beste school,\n\nhierbij stuk {number}.\n")
    if attachment:
        message.add_attachment(attachment, maintype="application", subtype="pdf", filename=f"stuk {number}.pdf")
    return message.as_bytes()


def noise(seed: int, size: int = 6000) -> bytes:
    """Bytes that differ for every seed."""
    return b"%PDF-1.4\n" + random.Random(seed).randbytes(size) + b"\n%%EOF"


@dataclass
class MailWorld:
    """A house with one mailbox of its own on the server."""

    house: House
    server: DovecotServer
    login: str
    school_id: UUID
    mailbox_id: UUID

    @classmethod
    def make(cls, house: House, server: DovecotServer, **given: str) -> "MailWorld":
        """Set up a mailbox as the administrator does."""
        login = f"{secrets.token_hex(6)}@deregenboog.example"
        with house.app.database.read() as session:
            school_id = session.scalars(select(SchoolRow.id).where(SchoolRow.brin == BRIN)).one()
        values = {
            "name": f"Post {login[:4]}",
            "address": "post@deregenboog.example",
            "host": "localhost",
            "port": str(server.port),
            "login": login,
            "authserv_id": AUTHSERV,
            **given,
        }
        room, gijs = house.app.administration.mailboxes, house.by("gijs")
        made = room.add(gijs, school_id, values, apply=True)
        assert made.object_id is not None
        if values.get("method", "password") == "password":
            room.set_secret(gijs, made.object_id, PASSWORD)
        return cls(house, server, login, school_id, made.object_id)

    def change(self, **given: str) -> None:
        """Set the mailbox up differently; another server or way to sign in asks for the password again."""
        room, gijs = self.house.app.administration.mailboxes, self.house.by("gijs")
        view = room.view(gijs, self.mailbox_id)
        room.change(gijs, self.mailbox_id, view.row_version, {**view.values, **given}, apply=True)
        if not room.view(gijs, self.mailbox_id).has_secret:
            room.set_secret(gijs, self.mailbox_id, PASSWORD)

    def direct(self) -> imaplib.IMAP4:
        """A connection of the test's own, that nothing cuts."""
        client = imaplib.IMAP4(HOST, self.server.plain_port)
        client.login(self.login, PASSWORD)
        return client

    def put(self, *mails: bytes, folder: str = "INBOX") -> None:
        """Deliver mails."""
        client = self.direct()
        for one in mails:
            assert client.append(folder, None, None, one.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))[0] == "OK"  # type: ignore[arg-type]
        client.logout()

    def count(self, folder: str = "INBOX") -> int:
        """How many mails a folder has; 0 where it is not there."""
        client = self.direct()
        try:
            if client.select(f'"{folder}"')[0] != "OK":
                return 0
            return len(client.search(None, "ALL")[1][0].split())
        finally:
            client.logout()

    def intakes(self) -> list[IntakeRow]:
        """What came in by mail."""
        with self.house.app.database.read() as session:
            mine = select(MailMessageRow.intake_id).where(MailMessageRow.mailbox_id == self.mailbox_id)
            query = select(IntakeRow).where(IntakeRow.source == Source.MAIL, IntakeRow.id.in_(mine))
            return list(session.scalars(query.order_by(IntakeRow.created_at)))

    def original(self, intake_id: UUID) -> bytes:
        """The bytes that were kept of an intake."""
        with self.house.app.database.read() as session:
            item = session.scalars(select(ItemRow).where(ItemRow.intake_id == intake_id)).one()
        with self.house.app.vault.open(item.document_id, item.object_key, 1) as pieces:
            return b"".join(pieces)

    def rows(self, state: MailState | None = None) -> list[MailMessageRow]:
        """The mails that were seen."""
        with self.house.app.database.read() as session:
            query = select(MailMessageRow).where(MailMessageRow.mailbox_id == self.mailbox_id)
            rows = session.scalars(query.order_by(MailMessageRow.created_at))
            return [x for x in rows if state in (None, x.state)]

    def facts(self, row: MailMessageRow) -> MailFacts | None:
        """What is kept of a refused mail."""
        return opened_facts(self.house.app.vault, self.mailbox_id, row)

    def row(self) -> MailboxRow:
        """The mailbox as it is now."""
        with self.house.app.database.read() as session:
            return session.get_one(MailboxRow, self.mailbox_id)
