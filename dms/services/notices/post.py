"""Posting a letter: a row and an effect of the transaction that has something to tell. Sent later (`sending.py`).

A letter can only be filled with counts, days and addresses of pages, so no text about a person gets into it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from dms.db.outbox import LETTER
from dms.db.tables import LetterChoiceRow, LetterPaceRow, LetterRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.ids import new_id
from dms.model.letters import FACTS, FIRST_WAIT, INTERVALS, LANGUAGES, LetterKind, LetterState

PAGE = re.compile(r"(/[a-z0-9-]{1,40}){1,8}/?|/")
"""An address of a page in this house: no query, no capitals, no accents: nothing that a name fits in by accident."""

Param = int | date | str


@dataclass(frozen=True, slots=True)
class Sealed:
    """A value sealed by `Vault.seal(key_id, column, data)`; opened when the letter is sent."""

    key_id: UUID
    column: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter of a school to somebody with an account (user id), or to a sealed e-mail address.

    `params` fills the places of the kind (`dms.model.letters.FACTS`): `count` and `minutes` are numbers, `date` and
    `until` days, `page` a path in this house. `secret` is the sealed code or the sealed whole address of a link.
    """

    kind: LetterKind
    to: UUID | Sealed
    school_id: UUID
    language: str = "nl"
    params: Mapping[str, Param] = field(default_factory=dict)
    secret: Sealed | None = None


def post(uow: UnitOfWork, letter: Letter) -> UUID | None:
    """Let the letter go once this transaction holds; its id, or None when the person did not ask for such letters.

    Codes and invitations go at once; the rest waits for the interval that the person chose, and goes in one mail.
    Raises ValueError for what a letter of this kind cannot hold.
    """
    facts = FACTS[letter.kind]
    params = _checked(letter)
    user_id = letter.to if isinstance(letter.to, UUID) else None
    if user_id is None and not facts.always:
        raise ValueError(f"{letter.kind} goes to people with an account only")
    if user_id is not None and not facts.always and not _wanted(uow, user_id, letter.kind):
        return None
    row = LetterRow(
        id=new_id(),
        kind=letter.kind,
        school_id=letter.school_id,
        user_id=user_id,
        language=letter.language,
        params=params,
        state=LetterState.WAITING,
        posted_at=uow.now,
        expires_at=uow.now + facts.lives,
    )
    if isinstance(letter.to, Sealed):
        row.address_key, row.address_column, row.address_sealed = letter.to.key_id, letter.to.column, letter.to.data
    if letter.secret is not None:
        row.secret_key, row.secret_column = letter.secret.key_id, letter.secret.column
        row.secret_sealed = letter.secret.data
    _bundle(uow, row, facts.at_once)
    uow.session.add(row)
    uow.flush()
    return row.id


def language_of(uow: UnitOfWork, user_id: UUID) -> str:
    """The language in which the person is written to."""
    chosen = uow.session.scalar(select(UserRow.language).where(UserRow.id == user_id))
    return chosen if chosen in LANGUAGES else LANGUAGES[0]


def _bundle(uow: UnitOfWork, row: LetterRow, at_once: bool) -> None:
    """Choose the mail in which the letter goes, and ask for that mail when it is a new one."""
    if not at_once and row.user_id is not None:
        open_one = uow.session.execute(
            select(LetterRow.bundle_id, LetterRow.due_at)
            .where(
                LetterRow.user_id == row.user_id,
                LetterRow.school_id == row.school_id,
                LetterRow.state == LetterState.WAITING,
                LetterRow.due_at > uow.now,
            )
            .limit(1)
        ).first()
        if open_one is not None:
            row.bundle_id, row.due_at = open_one
            row.expires_at = max(row.expires_at, row.due_at + FACTS[row.kind].lives)
            return
    row.bundle_id = new_id()
    row.due_at = uow.now if at_once or row.user_id is None else _due(uow, row.user_id)
    row.expires_at = row.due_at + FACTS[row.kind].lives
    uow.after_commit(LETTER, row.bundle_id, wait=row.due_at - uow.now)


def _due(uow: UnitOfWork, user_id: UUID) -> datetime:
    """When the next mail to this person may go."""
    pace = uow.session.get(LetterPaceRow, user_id)
    interval = INTERVALS.get(pace.pace if pace is not None else "", INTERVALS["uur"])
    kept_back = [x for x, facts in FACTS.items() if not facts.at_once]
    last = uow.session.scalar(
        select(func.max(LetterRow.ended_at)).where(
            LetterRow.user_id == user_id, LetterRow.state == LetterState.SENT, LetterRow.kind.in_(kept_back)
        )
    )
    soonest = uow.now + FIRST_WAIT
    return soonest if last is None else max(soonest, last + interval)


def _wanted(uow: UnitOfWork, user_id: UUID, kind: LetterKind) -> bool:
    return uow.session.get(LetterChoiceRow, (user_id, kind)) is not None


def _checked(letter: Letter) -> dict[str, int | str]:
    """The params as they are kept; a fault of the caller is loud."""
    facts = FACTS[letter.kind]
    if letter.language not in LANGUAGES:
        raise ValueError(f"no letters in {letter.language}")
    if set(letter.params) != facts.places:
        raise ValueError(f"{letter.kind} is filled with {sorted(facts.places)}")
    if bool(facts.private) != (letter.secret is not None):
        raise ValueError(f"{letter.kind} has {'a' if facts.private else 'no'} secret")
    return {name: _kept(name, value) for name, value in letter.params.items()}


def _kept(name: str, value: Param) -> int | str:
    if name in {"count", "minutes"} and isinstance(value, int):
        return int(value)
    if name in {"date", "until"} and isinstance(value, date) and not isinstance(value, datetime):
        return value.isoformat()
    if name == "page" and isinstance(value, str) and PAGE.fullmatch(value):
        return value
    raise ValueError(f"{name} of a letter cannot be this")
