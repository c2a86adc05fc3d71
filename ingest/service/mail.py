"""Takes the mail of a school's mailboxes: each mail once, whatever happens to the connection or to this process.

A mail is known by a keyed digest of what its sender wrote. It is kept first, its row written next, and moved on the
server last: what is still in the folder is looked at again, and one that is known already is only moved.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import structlog
from sqlalchemy import select

from dms.db.tables import ItemRow, MailboxRow, MailMessageRow, SchoolRow, SenderRuleRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import reached
from dms.kernel.errors import BadInput, DmsError, Refused
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import Source
from dms.model.events import SYSTEM, Event, EventKind
from dms.model.sources import MailState
from dms.services.administration.mailbox_fields import ALL, COMMAND, VERIFIED
from dms.services.chosen.ways_in import require_open
from dms.services.shapes import Hints
from dms.services.tools import Tools, digest_scope
from ingest.rules.mail_marks import marking, may_be_answered, split, values
from ingest.rules.mail_senders import Headers, Rule, Strangers, Verdict, judge
from ingest.service.mail_account import MailAccounts
from ingest.service.mail_facts import MailFacts, facts_of, sealed_facts
from ingest.service.receive import Receive
from ingest.service.source_runs import Run, note_run
from ingest.sources.imap import Mailbox

REFUSED_TERM = timedelta(days=30)
TOO_LARGE = Reason("mail_too_large", N_("De mail is te groot om aan te nemen."))

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Box:
    """A mailbox as it is set up, for the length of one look."""

    id: UUID
    board_id: UUID
    school_id: UUID
    brin: str
    address: str
    done_folder: str
    refused_folder: str
    authserv_id: str
    strangers: Strangers
    answers: str
    rules: tuple[SenderRuleRow, ...]


class MailIntake:
    """The way in for mail."""

    def __init__(self, tools: Tools, receive: Receive, accounts: MailAccounts, most_bytes: int) -> None:
        self._tools = tools
        self._receive = receive
        self._accounts = accounts
        self._most_bytes = most_bytes

    def open_mailboxes(self) -> dict[UUID, bool]:
        """The mailboxes to follow (open, with a secret, of a school that takes mail); whether a look was asked for."""
        with self._tools.database.read() as session:
            rows = session.scalars(select(MailboxRow).where(MailboxRow.open.is_(True))).all()
            found: dict[UUID, bool] = {}
            for row in rows:
                try:
                    require_open(session, row.school_id, Source.MAIL)
                except Refused:
                    continue
                if row.secret_sealed is not None or row.method == COMMAND:
                    found[row.id] = row.asked_at is not None
            return found

    def follow(
        self, mailbox_id: UUID, go_on: Callable[[], bool], still: Callable[[], bool], wait_seconds: float
    ) -> None:
        """Take all mail as long as `go_on` says so, then wait for more on the same connection as long as `still` does.

        How it goes is written on the mailbox. Raises DmsError when the connection or the mailbox fails.
        """
        try:
            with Mailbox(self._accounts.account(mailbox_id)) as server:
                while True:
                    self._take_all(mailbox_id, server, go_on)
                    if not still() or not server.wait(wait_seconds, still):
                        return
        except DmsError as fault:
            note_run(self._tools.database, MailboxRow, mailbox_id, Run(trouble=fault))
            raise

    def collect(self, mailbox_id: UUID) -> Run:
        """Take all mail once. Raises as `follow`."""
        try:
            with Mailbox(self._accounts.account(mailbox_id)) as server:
                return self._take_all(mailbox_id, server, lambda: True)
        except DmsError as fault:
            note_run(self._tools.database, MailboxRow, mailbox_id, Run(trouble=fault))
            raise

    def sweep(self) -> int:
        """Forget refused mails of more than 30 days ago. Returns how many. The log keeps that they were refused."""
        with self._tools.database.begin() as uow:
            rows = uow.session.scalars(
                select(MailMessageRow)
                .where(MailMessageRow.state == MailState.REFUSED, MailMessageRow.created_at < uow.now - REFUSED_TERM)
                .limit(500)
            ).all()
            for row in rows:
                uow.session.delete(row)
            return len(rows)

    def _take_all(self, mailbox_id: UUID, server: Mailbox, go_on: Callable[[], bool]) -> Run:
        box = self._box(mailbox_id)
        taken = failed = 0
        try:
            for uid in server.uids():
                if not go_on():
                    break
                fate = self._take(box, server, uid)
                taken += fate is MailState.TAKEN
                failed += fate is MailState.REFUSED
        except BaseException:
            if taken or failed:
                note_run(self._tools.database, MailboxRow, mailbox_id, Run(taken, failed))
            raise
        note_run(self._tools.database, MailboxRow, mailbox_id, Run(taken, failed))
        return Run(taken, failed)

    def _take(self, box: _Box, server: Mailbox, uid: int) -> MailState | None:
        """One mail, to where it belongs. None for one that is gone, or was known already."""
        size = server.size(uid)
        too_large = size is not None and size > self._most_bytes
        raw = server.read(uid, headers_only=too_large)
        if raw is None:
            return None
        mark = self._tools.vault.keyed_digest(digest_scope(box.brin), marking(raw))
        earlier = self._known(box, mark)
        if earlier is MailState.TAKEN:
            server.move(uid, box.done_folder)
            return None
        headers, _ = split(raw)
        verdict = judge(
            Headers(values(headers, "from"), values(headers, "authentication-results")),
            [Rule(x.pattern, x.allow) for x in box.rules],
            box.strangers,
            box.authserv_id,
        )
        facts = facts_of(headers, verified=verdict.verified)
        refusal = verdict.refusal or (TOO_LARGE if too_large else None)
        if refusal is None:
            try:
                self._keep(box, server.uid_validity, uid, raw, mark, verdict, facts)
            except BadInput as fault:
                refusal = Reason(fault.code, fault.message, {k: str(v) for k, v in fault.params.items()})
        if refusal is None:
            server.move(uid, box.done_folder)
            reached("mail.moved")
            return MailState.TAKEN
        answer = box.answers == ALL or (box.answers == VERIFIED and verdict.verified)
        answer = answer and may_be_answered(headers, facts.sender, box.address)
        self._refuse(box, server.uid_validity, uid, mark, refusal, facts, answer=answer)
        server.move(uid, box.refused_folder)
        reached("mail.moved")
        return MailState.REFUSED if earlier is None else None

    def _keep(
        self, box: _Box, uid_validity: int, uid: int, raw: bytes, mark: str, verdict: Verdict, facts: MailFacts
    ) -> None:
        row_id = uuid.uuid5(box.id, mark)
        rule = box.rules[verdict.rule] if verdict.rule is not None else None
        reached("mail.taking")
        intake_id = self._receive.receive(
            SYSTEM,
            box.brin,
            Source.MAIL,
            [(facts.file_name, [raw])],
            Hints(
                trusted=verdict.trusted,
                likely=rule.category if rule else None,
                suggested=(rule.pupil_id,) if rule and rule.pupil_id else (),
                origin={"mail": str(row_id), "verified": verdict.verified, "date": facts.date},
            ),
            idempotency_key=f"mail/{mark}",
        )
        reached("mail.kept")
        with self._tools.database.begin() as uow:
            document_id = uow.session.scalars(
                select(ItemRow.document_id).where(ItemRow.intake_id == intake_id, ItemRow.part == 1)
            ).one()
            row = self._row(uow, box, row_id, mark, uid_validity, uid)
            row.state, row.intake_id, row.verified = MailState.TAKEN, intake_id, verdict.verified
            row.reason_code = row.reason_text = ""
            row.answer = False
            row.sealed = sealed_facts(self._tools.vault, document_id, row_id, facts)
            uow.record(_event(EventKind.MAIL_TAKEN, box, row_id, {"verified": verdict.verified}))
        reached("mail.taken")

    def _refuse(
        self, box: _Box, uid_validity: int, uid: int, mark: str, why: Reason, facts: MailFacts, *, answer: bool
    ) -> None:
        row_id = uuid.uuid5(box.id, mark)
        with self._tools.database.begin() as uow:
            row = self._row(uow, box, row_id, mark, uid_validity, uid)
            row.state, row.verified = MailState.REFUSED, facts.verified
            row.reason_code, row.reason_text = why.code, why.text
            row.answer = answer
            row.sealed = sealed_facts(self._tools.vault, box.id, row_id, facts)
            uow.record(_event(EventKind.MAIL_REFUSED, box, row_id, {"reason": why.code}))
        reached("mail.refused")

    def _row(self, uow: UnitOfWork, box: _Box, row_id: UUID, mark: str, uid_validity: int, uid: int) -> MailMessageRow:
        row = uow.session.get(MailMessageRow, row_id, with_for_update=True)
        if row is None:
            row = MailMessageRow(
                id=row_id, school_id=box.school_id, mailbox_id=box.id, mark=mark, created_at=uow.now, uid=uid
            )
            uow.session.add(row)
        row.uid_validity, row.uid, row.moved_at = uid_validity, uid, uow.now
        return row

    def _known(self, box: _Box, mark: str) -> MailState | None:
        with self._tools.database.read() as session:
            return session.scalar(
                select(MailMessageRow.state).where(MailMessageRow.mailbox_id == box.id, MailMessageRow.mark == mark)
            )

    def _box(self, mailbox_id: UUID) -> _Box:
        with self._tools.database.read() as session:
            row = session.get_one(MailboxRow, mailbox_id)
            school = session.get_one(SchoolRow, row.school_id)
            rules = session.scalars(
                select(SenderRuleRow).where(SenderRuleRow.mailbox_id == row.id).order_by(SenderRuleRow.created_at)
            ).all()
            return _Box(
                row.id,
                school.board_id,
                school.id,
                school.brin,
                row.address,
                row.done_folder,
                row.refused_folder,
                row.authserv_id,
                Strangers(row.strangers),
                row.answers,
                tuple(rules),
            )


def _event(kind: EventKind, box: _Box, row_id: UUID, details: dict[str, str | int | bool | None]) -> Event:
    return Event(kind, SYSTEM, box.board_id, box.school_id, object_kind="mail", object_id=row_id, details=details)
