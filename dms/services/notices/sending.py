"""Sends the letters that wait, as one mail a bundle. A server that is down makes them wait, not disappear.

A mail is marked as sent after the server took it. Killed in between, it goes again with the same Message-ID, by which
mail programs know that they have it: exactly once as far as SMTP allows.
"""

from collections.abc import Sequence
from uuid import UUID

import structlog
from sqlalchemy import delete, select, update

from dms.db import outbox
from dms.db.outbox import LETTER, LETTERS
from dms.db.tables import CarerRow, LetterRow, LetterTextRow, OutboxRow, SchoolRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.crashpoints import reached
from dms.kernel.errors import DmsError
from dms.kernel.ids import new_id
from dms.model.letters import DAY, FACTS, LetterState
from dms.services.notices.ending import end
from dms.services.notices.post import Sealed
from dms.services.notices.texts import Text
from dms.services.notices.writing import Envelope, Filled, compose, default
from dms.services.tools import Tools
from ingest.sources.mail_send import NotDelivered, send
from storage.errors import Damaged, KeyMissing
from storage.vault import Vault

MOST = 50
KEEP = 30 * DAY
OPEN = (LetterState.WAITING, LetterState.SENDING)

log = structlog.get_logger(__name__)


class LetterSender:
    """`url` is the server that sends, empty for none; `sender` stands in From; `home` is the address of this house."""

    def __init__(self, tools: Tools, url: str, sender: str, home: str) -> None:
        self._tools = tools
        self._url = url
        self._sender = sender
        self._home = home

    @property
    def sends(self) -> bool:
        """Whether there is a server that sends."""
        return bool(self._url)

    def send_waiting(self, owner: str = "letters") -> int:
        """Send what is due; returns how many mails went. Without a server everything waits until it is too old."""
        sent = 0
        while self._url and sent < MOST:
            effects = outbox.claim(self._tools.database, owner, 1, kinds=LETTERS)
            if not effects:
                break
            effect = effects[0]
            try:
                sent += self._send(effect.object_id)
            except NotDelivered as fault:
                log.warning("letter_undeliverable", object_id=str(effect.object_id), code=fault.code)
                self._ended(effect.object_id, LetterState.FAILED, fault.code)
            except DmsError as fault:
                log.warning("letter_waits", object_id=str(effect.object_id), code=fault.code)
                outbox.failed(self._tools.database, owner, effect.id, fault.code)
                break
            outbox.done(self._tools.database, owner, [effect.id])
        return sent

    def sweep(self) -> int:
        """End what is too old to be sent, and forget what ended a month ago; returns how many rows were touched."""
        with self._tools.database.begin() as uow:
            late = uow.session.scalars(
                select(LetterRow).where(LetterRow.state.in_(OPEN), LetterRow.expires_at <= uow.now).limit(500)
            ).all()
            for row in late:
                end(uow, row, LetterState.EXPIRED, row.fault)
            uow.session.execute(
                update(OutboxRow)
                .where(OutboxRow.kind == LETTER, OutboxRow.object_id.in_({x.bundle_id for x in late}))
                .values(done_at=uow.now, lease_owner=None, lease_until=None)
            )
            gone = uow.session.execute(delete(LetterRow).where(LetterRow.ended_at < uow.now - KEEP))
            return len(late) + int(gone.rowcount)  # type: ignore[attr-defined]

    def _send(self, bundle_id: UUID) -> int:
        taken = self._take(bundle_id)
        if taken is None:
            return 0
        envelope, letters = taken
        message = compose(envelope, letters)
        reached("letter.taken")
        send(self._url, message)
        reached("letter.sent")
        self._ended(bundle_id, LetterState.SENT)
        return 1

    def _take(self, bundle_id: UUID) -> tuple[Envelope, list[Filled]] | None:
        """The bundle, from now on closed to more letters. None when nothing of it is to be sent."""
        with self._tools.database.begin() as uow:
            rows = uow.session.scalars(
                select(LetterRow)
                .where(LetterRow.bundle_id == bundle_id, LetterRow.state.in_(OPEN))
                .order_by(LetterRow.posted_at, LetterRow.id)
                .with_for_update()
            ).all()
            live = []
            for row in rows:
                if row.expires_at <= uow.now:
                    end(uow, row, LetterState.EXPIRED, row.fault)
                else:
                    row.state, row.attempts = LetterState.SENDING, row.attempts + 1
                    live.append(row)
            if not live:
                return None
            first = live[0]
            try:
                to = self._address(uow, first)
                filled = [Filled(x.kind, _text(uow, x), x.params, self._opened(_secret(x))) for x in live]
            except (KeyMissing, Damaged):
                to, filled = "", []
            if not to:
                for row in live:
                    end(uow, row, LetterState.DROPPED)
                return None
            school = uow.session.get_one(SchoolRow, first.school_id)
            chooses = any(not FACTS[x.kind].always for x in live)
            return (
                Envelope(bundle_id, school.name, self._sender, to, first.language, self._home, chooses),
                filled,
            )

    def _address(self, uow: UnitOfWork, row: LetterRow) -> str:
        if row.user_id is None:
            return self._opened(_address(row))
        user = uow.session.get(UserRow, row.user_id)
        if user is None or user.disabled_at is not None:
            return ""
        own = uow.session.scalar(
            select(CarerRow.email).where(
                CarerRow.user_id == user.id, CarerRow.school_id == row.school_id, CarerRow.email != ""
            )
        )
        return own or user.email

    def _opened(self, sealed: Sealed | None) -> str:
        return "" if sealed is None else _unseal(self._tools.vault, sealed)

    def _ended(self, bundle_id: UUID, state: LetterState, fault: str = "") -> None:
        """The mail went, or never will. What was posted while it went becomes a bundle of its own."""
        with self._tools.database.begin() as uow:
            rows = uow.session.scalars(
                select(LetterRow).where(LetterRow.bundle_id == bundle_id, LetterRow.state.in_(OPEN)).with_for_update()
            ).all()
            for row in rows:
                if row.state is LetterState.SENDING:
                    end(uow, row, state, fault)
            _apart(uow, [x for x in rows if x.state is LetterState.WAITING])


def _apart(uow: UnitOfWork, rows: Sequence[LetterRow]) -> None:
    if rows:
        bundle_id = new_id()
        for row in rows:
            row.bundle_id = bundle_id
        uow.after_commit(LETTER, bundle_id)


def _text(uow: UnitOfWork, row: LetterRow) -> Text:
    own = uow.session.scalar(
        select(LetterTextRow)
        .where(
            LetterTextRow.school_id == row.school_id,
            LetterTextRow.kind == row.kind,
            LetterTextRow.language == row.language,
        )
        .order_by(LetterTextRow.number.desc())
        .limit(1)
    )
    return Text(own.subject, own.body) if own is not None and own.body else default(row.kind, row.language)


def _address(row: LetterRow) -> Sealed | None:
    if row.address_key is None or row.address_sealed is None:
        return None
    return Sealed(row.address_key, row.address_column, row.address_sealed)


def _secret(row: LetterRow) -> Sealed | None:
    if row.secret_key is None or row.secret_sealed is None:
        return None
    return Sealed(row.secret_key, row.secret_column, row.secret_sealed)


def _unseal(vault: Vault, sealed: Sealed) -> str:
    return vault.unseal(sealed.key_id, sealed.column, sealed.data).decode()
