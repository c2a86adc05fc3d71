"""How to get into a mailbox: its sealed password, or an access token that is fetched when it is needed."""

from uuid import UUID

from sqlalchemy import update

from dms.db.tables import MailboxRow
from dms.kernel.errors import NotFound
from dms.model.duties import Duty
from dms.model.events import By
from dms.services.administration.mailbox_fields import COMMAND, PASSWORD
from dms.services.administration.mailboxes import CLIENT_SECRET, SECRET
from dms.services.administration.remit import remit, school_within
from dms.services.tools import Tools
from ingest.sources.imap import Account, Mailbox, Security
from ingest.sources.mail_faults import sign_in_refused
from ingest.sources.mail_token import by_command, by_refresh

PROBE_SECONDS = 10.0


class MailAccounts:
    """Opens mailboxes. `command` is what gives tokens where a mailbox says so."""

    def __init__(self, tools: Tools, command: str) -> None:
        self._tools = tools
        self._command = command

    def account(self, mailbox_id: UUID) -> Account:
        """The mailbox with what opens it. Raises NotFound; the secret is fetched when it is asked for."""
        with self._tools.database.read() as session:
            row = session.get(MailboxRow, mailbox_id)
            if row is None:
                raise NotFound
        return Account(
            row.host,
            row.port,
            Security(row.security),
            row.login,
            lambda: self._secret(row),
            token=row.method != PASSWORD,
            folder=row.folder,
        )

    def probe(self, by: By, mailbox_id: UUID) -> int:
        """Sign in, look at the folders and count what waits. Raises NotFound, Refused, MailDown, MailWrong."""
        with self._tools.database.read() as session:
            row = session.get(MailboxRow, mailbox_id)
            if row is None:
                raise NotFound
            school_within(session, remit(session, by, Duty.SOURCES, self._tools.clock.today()), row.school_id)
        with Mailbox(self.account(mailbox_id), PROBE_SECONDS) as server:
            waiting = len(server.uids())
            for folder in (row.done_folder, row.refused_folder):
                server.make_folder(folder)
            return waiting

    def _secret(self, row: MailboxRow) -> str:
        if row.method == COMMAND:
            return by_command(self._command, row.login)
        if row.secret_sealed is None:
            raise sign_in_refused()
        vault = self._tools.vault
        secret = vault.unseal(row.id, SECRET, row.secret_sealed).decode()
        if row.method == PASSWORD:
            return secret
        client_secret = (
            vault.unseal(row.id, CLIENT_SECRET, row.client_secret_sealed).decode() if row.client_secret_sealed else ""
        )
        grant = by_refresh(row.token_url, row.client_id, client_secret, secret)
        if grant.refresh:
            self._renew(row, grant.refresh)
        return grant.access

    def _renew(self, row: MailboxRow, refresh: str) -> None:
        """The provider gave another refresh token: the old one may not work a second time."""
        sealed = self._tools.vault.seal(row.id, SECRET, refresh.encode())
        with self._tools.database.begin() as uow:
            uow.session.execute(
                update(MailboxRow)
                .where(MailboxRow.id == row.id, MailboxRow.secret_sealed == row.secret_sealed)
                .values(secret_sealed=sealed)
            )
