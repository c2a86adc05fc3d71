"""How often one may be wrong before one has to wait.

Tries are counted under the account *and* the place they come from, never under the account alone: nobody can lock a
colleague, or a school, out by being wrong on purpose. A device with which the person signed in before has a budget of
its own, which strangers cannot use up. When very many tries hit one account, or come from one place, strangers get
fewer tries there before they have to wait; they never are shut out for good.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from dms.db.tables import SignInBudgetRow
from dms.db.unit_of_work import UnitOfWork

FREE_TRIES = 5
FIRST_WAIT_SECONDS = 5
LONGEST_WAIT_SECONDS = 900
FORGOTTEN_AFTER = timedelta(days=1)
MANY_FOR_ACCOUNT = 50
MANY_FROM_PLACE = 200
"""Wrong tries within FORGOTTEN_AFTER from which on strangers have one free try only. A school shares one address."""


def key_of(kind: str, *parts: str) -> str:
    """The key under which tries of a kind are counted."""
    return sha256("\0".join((kind, *parts)).encode()).hexdigest()


def allowed(uow: UnitOfWork, key: str) -> bool:
    """Whether something may be tried under the key now. Holds the key until the transaction ends."""
    row = _row(uow, key, None)
    return row.until is None or row.until <= uow.now


def wrong(uow: UnitOfWork, key: str, user_id: UUID | None, free: int = FREE_TRIES) -> None:
    """Count a wrong try; after `free` of them each means waiting twice as long as the one before."""
    row = _row(uow, key, user_id)
    row.failures += 1
    row.changed_at = uow.now
    if row.failures >= free:
        wait = min(2 ** min(row.failures - free, 20) * FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS)
        row.until = uow.now + timedelta(seconds=wait)


def wrong_sign_in(uow: UnitOfWork, key: str, user_id: UUID | None, account: str, place: str, *, known: bool) -> None:
    """Count a wrong first step; strangers get fewer tries where very many hit one account or come from one place."""
    free = FREE_TRIES
    if not known:
        pressed = noted(uow, key_of("account", account)) >= MANY_FOR_ACCOUNT
        crowded = noted(uow, key_of("place", place)) >= MANY_FROM_PLACE
        free = 1 if pressed or crowded else free
    wrong(uow, key, user_id, free)
    forget_old(uow)


def noted(uow: UnitOfWork, key: str) -> int:
    """Count a wrong try without making anybody wait; returns how many there were before it."""
    row = _row(uow, key, None)
    row.failures += 1
    row.changed_at = uow.now
    return row.failures - 1


def right(uow: UnitOfWork, key: str) -> None:
    """A right try forgives the wrong ones under the key."""
    uow.session.execute(delete(SignInBudgetRow).where(SignInBudgetRow.key == key))


def forgive(uow: UnitOfWork, user_id: UUID) -> None:
    """Nobody has to wait for this account any more."""
    uow.session.execute(delete(SignInBudgetRow).where(SignInBudgetRow.user_id == user_id))


def forget_old(uow: UnitOfWork) -> None:
    """Leave out what no longer counts."""
    uow.session.execute(delete(SignInBudgetRow).where(SignInBudgetRow.changed_at < uow.now - FORGOTTEN_AFTER))


def waiting_until(user_id: UUID, now: datetime) -> Select[tuple[datetime | None]]:
    """The query for the last moment until which somebody waits at this account; none for nobody."""
    return select(func.max(SignInBudgetRow.until)).where(
        SignInBudgetRow.user_id == user_id, SignInBudgetRow.until > now
    )


def _row(uow: UnitOfWork, key: str, user_id: UUID | None) -> SignInBudgetRow:
    """The row of the key, held. Made first where it is not there: two tries at once make one row."""
    values = {"key": key, "user_id": user_id, "failures": 0, "until": None, "changed_at": uow.now}
    make = postgresql.insert if uow.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    uow.session.execute(make(SignInBudgetRow).values(**values).on_conflict_do_nothing())
    row = uow.session.get_one(SignInBudgetRow, key, with_for_update=True, populate_existing=True)
    if row.changed_at < uow.now - FORGOTTEN_AFTER:
        row.failures, row.until, row.changed_at = 0, None, uow.now
    if user_id is not None:
        row.user_id = user_id
    return row
