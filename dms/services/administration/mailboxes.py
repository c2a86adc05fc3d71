"""The mailboxes of a school. A password or token is sealed, and never shown again."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, select, update

from dms.db.tables import MailboxRow, MailMessageRow, SenderRuleRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict
from dms.kernel.ids import new_id
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.events import By, Change, EventKind
from dms.services.administration.mailbox_fields import COMMAND, FIELDS, checked_values, fill, values_of
from dms.services.administration.outcome import Outcome
from dms.services.administration.source_rows import for_new, mine, of_school, one, record
from dms.services.administration.source_shapes import SourceView, changes_of, run_view
from dms.services.tools import Tools

SECRET, CLIENT_SECRET = "secret", "client_secret"
LONGEST_SECRET = 8000


class MailboxAdministration:
    """Mailboxes, within reach of who administers sources."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def list(self, by: By, school_id: UUID) -> tuple[SourceView, ...]:
        """The mailboxes of a school. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            rows = of_school(session, by, MailboxRow, school_id, self._tools.clock.today())
            return tuple(_view(x) for x in rows)

    def view(self, by: By, mailbox_id: UUID) -> SourceView:
        """One mailbox. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            return _view(one(session, by, MailboxRow, mailbox_id, self._tools.clock.today()))

    def add(self, by: By, school_id: UUID, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """A new mailbox, still without password. Raises FieldsWrong, NotFound, Refused, Conflict."""
        values = checked_values(given)
        with self._tools.database.begin() as uow:
            school = for_new(uow, by, school_id)
            _free(uow, school.id, values, None)
            changes = changes_of(FIELDS, {}, values)
            if not apply:
                return Outcome(changes)
            row = MailboxRow(
                id=new_id(),
                school_id=school.id,
                created_at=uow.now,
                changed_at=uow.now,
                row_version=1,
                host="",
                port=0,
                security="",
                login="",
                method="",
                token_url="",
            )
            fill(row, values)
            uow.session.add(row)
            uow.flush()
            record(uow, EventKind.MAILBOX_CHANGED, by, school, row, changes)
            return Outcome(changes, object_id=row.id)

    def change(self, by: By, mailbox_id: UUID, version: int, given: Mapping[str, str], *, apply: bool) -> Outcome:
        """Set it up differently. Raises FieldsWrong, NotFound, Refused, Conflict."""
        values = checked_values(given)
        with self._tools.database.begin() as uow:
            school, row = mine(uow, by, MailboxRow, mailbox_id, version)
            _free(uow, school.id, values, row.id)
            changes = changes_of(FIELDS, values_of(row), values)
            elsewhere = any(
                values_of(row)[x] != values[x] for x in ("host", "port", "security", "login", "method", "token_url")
            )
            if apply and changes:
                if fill(row, values):
                    row.secret_sealed = row.client_secret_sealed = None
                row.row_version += 1
                row.changed_at = uow.now
                record(uow, EventKind.MAILBOX_CHANGED, by, school, row, changes)
            again = Reason("secret_again", N_("Daarna zet u het wachtwoord of token opnieuw: het oude gaat hier weg."))
            return Outcome(changes, (again,) if elsewhere else (), row.id)

    def set_secret(self, by: By, mailbox_id: UUID, secret: str, client_secret: str = "") -> None:
        """Keep the password, or the refresh token with the client's secret. Raises BadInput, NotFound, Refused."""
        with self._tools.database.begin() as uow:
            school, row = mine(uow, by, MailboxRow, mailbox_id, None)
            if not secret or max(len(secret), len(client_secret)) > LONGEST_SECRET:
                raise BadInput(N_("Er is geen wachtwoord of token ingevuld."), N_("Vul het in en probeer het opnieuw."))
            vault = self._tools.vault
            row.secret_sealed = vault.seal(row.id, SECRET, secret.encode())
            row.client_secret_sealed = (
                vault.seal(row.id, CLIENT_SECRET, client_secret.encode()) if client_secret else None
            )
            row.asked_at = uow.now
            row.changed_at = uow.now
            record(
                uow,
                EventKind.MAILBOX_CHANGED,
                by,
                school,
                row,
                (Change(N_("Wachtwoord of token"), "", N_("opnieuw gezet")),),
            )

    def remove(self, by: By, mailbox_id: UUID, version: int, *, apply: bool) -> Outcome:
        """No longer take mail from it; rules, password and the list of mails go. Raises NotFound, Refused, Conflict."""
        with self._tools.database.begin() as uow:
            school, row = mine(uow, by, MailboxRow, mailbox_id, version)
            changes = (Change(N_("Postbus"), row.name, ""),)
            if apply:
                record(uow, EventKind.MAILBOX_CHANGED, by, school, row, changes)
                uow.session.execute(delete(SenderRuleRow).where(SenderRuleRow.mailbox_id == row.id))
                uow.session.execute(delete(MailMessageRow).where(MailMessageRow.mailbox_id == row.id))
                uow.session.delete(row)
            return Outcome(changes, object_id=mailbox_id)

    def fetch_now(self, by: By, mailbox_id: UUID) -> None:
        """Ask for a look at once. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            mine(uow, by, MailboxRow, mailbox_id, None)
            uow.session.execute(update(MailboxRow).where(MailboxRow.id == mailbox_id).values(asked_at=uow.now))


def _free(uow: UnitOfWork, school_id: UUID, values: Mapping[str, str], own: UUID | None) -> None:
    taken = uow.session.scalar(
        select(MailboxRow.id).where(
            MailboxRow.school_id == school_id,
            MailboxRow.host == values["host"],
            MailboxRow.login == values["login"],
            MailboxRow.folder == values["folder"],
        )
    )
    if taken is not None and taken != own:
        raise Conflict(N_("Deze postbus is er al."), N_("Wijzig de postbus die er is."), code="taken")


def _view(row: MailboxRow) -> SourceView:
    has_secret = row.method == COMMAND or row.secret_sealed is not None
    return SourceView(
        row.id, row.school_id, row.name, row.open, values_of(row), run_view(row), row.row_version, has_secret
    )
