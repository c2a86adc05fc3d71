"""The door of a scoped link: an address that anybody may fetch, a code that is asked, and a visit that begins with it.

Until the right code is given, nobody can tell a link that lives from one that never was: every method does the same
work and answers alike for an unknown, an ended and a revoked link. Guessing is slowed down per place and stopped per
challenge and per link. An opening is a code that was right; the count of openings is kept by one UPDATE that says its
own condition, so that n openings stay n however many come at once.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from dms.db.tables import LinkChallengeRow, LinkSessionRow, ScopedLinkEventRow, ScopedLinkRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.clock import legal_date
from dms.kernel.digest import same, token_digest
from dms.kernel.ids import new_id
from dms.model.events import Event, EventKind
from dms.model.letters import LetterKind
from dms.model.links import LinkEventKind, LinkLife, Verification
from dms.services import passwords
from dms.services.links import doorway_counters as counters
from dms.services.links import doorway_visits as visits
from dms.services.links import letters
from dms.services.links.doorway_accounts import ForAccount, links_for
from dms.services.links.doorway_counters import WRONG
from dms.services.links.doorway_events import VISITOR, What, happened, place_of
from dms.services.links.reach import effective_now, plain_facts
from dms.services.links.recipients import recipient_of
from dms.services.notices.post import Letter, Sealed, post
from dms.services.sign_in.visit import Visit as Whence
from dms.services.tools import Tools
from rights.rules.links import life_of, parse_token

CODE_DIGITS = 8
CODE_LIVES = timedelta(minutes=10)
TRIES_A_CHALLENGE = 5
WRONG_A_DAY = 20
MAILS_A_DAY = 20
FETCHED_AGAIN = timedelta(minutes=10)
"""A place that fetches the address again within this time is written down once."""
KEPT = timedelta(days=30)
"""How long challenges and visits that are over are kept; what happened stays with the link."""
CODE = "link-code"  # the name of a scope
MAILED = "mailed"


@dataclass(frozen=True, slots=True)
class Entered:
    """A visit that began. `token` goes into the visitor's cookie and is nowhere else."""

    token: str
    link_id: UUID


class Doorway:
    """Scoped links from outside, up to the door and through it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def fetched(self, token: str, whence: Whence) -> None:
        """Somebody, or a mail scanner, fetched the address. Opens nothing, uses nothing up, tells nothing.

        Written down for a link that lives, once per place and while.
        """
        place = place_of(self._tools.vault, whence)
        with self._tools.database.read() as session:
            link = _link(session, token)
            if link is None or life_of(plain_facts(link), self._tools.clock.now())[0] is not LinkLife.LIVE:
                return
            if _fetched_before(session, link.id, place, self._tools.clock.now() - FETCHED_AGAIN):
                return
        with self._tools.database.begin() as uow:
            happened(uow, link, LinkEventKind.FETCHED, place)

    def ask(self, token: str, whence: Whence) -> str:
        """Ask for the code: mails one where the link says so. Returns the token of the challenge, for a cookie.

        The answer is the same for any token, also for one that opens nothing. Raises TooOften, OutsideDown.
        """
        place = place_of(self._tools.vault, whence)
        challenge = secrets.token_urlsafe(visits.TOKEN_BYTES)
        with self._tools.database.begin() as uow:
            counters.pour(uow, place)
            counters.forget_old(uow)
            _forget_old(uow)
            link = _link(uow.session, token)
            if link is not None and life_of(plain_facts(link), uow.now)[0] is LinkLife.LIVE:
                self._challenge(uow, link, challenge, place)
        return challenge

    def enter(self, token: str, challenge: str, code: str, whence: Whence) -> Entered | None:
        """Open the link with the code that was asked for; None for whatever does not open it, all alike.

        `challenge` is the token that `ask` gave; a code that school gave by phone or on paper works without one too.
        Raises TooOften, OutsideDown.
        """
        place = place_of(self._tools.vault, whence)
        clean = re.sub(r"[\s-]", "", code)[:64]
        right = self._is_right(token, challenge, clean, place)
        with self._tools.database.begin() as uow:
            counters.pour(uow, place)
            link = _link(uow.session, token)
            asked = _asked(uow.session, link, challenge)
            if link is None or life_of(plain_facts(link), uow.now)[0] not in (LinkLife.LIVE, LinkLife.USED_UP):
                return None
            if asked is None and link.verification is Verification.CODE:
                asked = _new_challenge(uow, link, secrets.token_urlsafe(visits.TOKEN_BYTES), None)
            if asked is None or link.verification is Verification.ACCOUNT:
                return None
            if counters.tally(uow, WRONG, link.id) >= WRONG_A_DAY or not _spend_try(uow, asked):
                happened(uow, link, LinkEventKind.REFUSED, place)
                return None
            if not right:
                self._wrong(uow, link, place)
                return None
            counters.give_back(uow, place, 2)
            return self._open(uow, link, asked, place)

    def enter_with_account(self, token: str, user_id: UUID, whence: Whence) -> Entered | None:
        """Open a link that is for this account, whose holder signed in to the portal; None as for `enter`.

        Raises TooOften, OutsideDown.
        """
        place = place_of(self._tools.vault, whence)
        with self._tools.database.begin() as uow:
            counters.pour(uow, place)
            return self._by_account(uow, _link(uow.session, token), user_id, place)

    def shared_with(self, user_id: UUID) -> tuple[ForAccount, ...]:
        """The links that this account, which signed in to the portal, can open now; what ends first in front."""
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            return links_for(session, user_id, now, legal_date(now))

    def enter_shared(self, link_id: UUID, user_id: UUID, whence: Whence) -> Entered | None:
        """Open a link of `shared_with` without its address; None for whatever is not for this account or not open.

        Raises TooOften, OutsideDown.
        """
        place = place_of(self._tools.vault, whence)
        with self._tools.database.begin() as uow:
            counters.pour(uow, place)
            return self._by_account(uow, uow.session.get(ScopedLinkRow, link_id), user_id, place)

    def visit(self, token: str) -> UUID:
        """The link of a visit that goes on. Raises VisitOver when there is none, LinkOver when its link is dead."""
        now = self._tools.clock.now()
        with self._tools.database.read() as session:
            found = visits.standing(session, token, now, legal_date(now))
        if visits.due(found.row, now):
            with self._tools.database.begin() as uow:
                visits.seen(uow, found.row.id)
        return found.link.id

    def leave(self, token: str) -> None:
        """End a visit; nothing where there is none."""
        with self._tools.database.begin() as uow:
            row = uow.session.scalar(
                select(LinkSessionRow).where(
                    LinkSessionRow.token_digest == token_digest(token), LinkSessionRow.ended_at.is_(None)
                )
            )
            if row is None:
                return
            link = uow.session.get_one(ScopedLinkRow, row.link_id)
            visits.end(uow, token)
            uow.record(
                Event(
                    EventKind.LINK_LEFT,
                    VISITOR,
                    link.board_id,
                    link.school_id,
                    object_kind="link",
                    object_id=link.id,
                )
            )

    def _by_account(self, uow: UnitOfWork, link: ScopedLinkRow | None, user_id: UUID, place: str) -> Entered | None:
        if (
            link is None
            or link.verification is not Verification.ACCOUNT
            or link.account_id != user_id
            or life_of(plain_facts(link), uow.now)[0] is not LinkLife.LIVE
        ):
            return None
        counters.give_back(uow, place, 1)
        return self._open(uow, link, None, place)

    def _challenge(self, uow: UnitOfWork, link: ScopedLinkRow, token: str, place: str) -> None:
        """Ask for a code on a link that lives; by e-mail at most MAILS_A_DAY, for a mailbox is no target either."""
        code = None
        if link.verification is Verification.EMAIL:
            if counters.mark(uow, MAILED, link.id) > MAILS_A_DAY:
                return
            code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
        row = _new_challenge(uow, link, token, None)
        if code is not None:
            row.code_digest = self._digest(row.id, code)
            self._mail(uow, link, row.id, code)
        happened(uow, link, LinkEventKind.CHALLENGED, place)

    def _mail(self, uow: UnitOfWork, link: ScopedLinkRow, challenge_id: UUID, code: str) -> None:
        to = recipient_of(self._tools.vault, link).email
        if not to:
            return
        letter_id = new_id()
        address, secret = f"link-code-to-{letter_id}", f"link-code-{letter_id}"
        vault = self._tools.vault
        post(
            uow,
            Letter(
                LetterKind.LINK_CODE,
                Sealed(link.pupil_id, address, vault.seal(link.pupil_id, address, to.encode())),
                link.school_id,
                link.language,
                {"minutes": int(CODE_LIVES.total_seconds()) // 60},
                Sealed(link.pupil_id, secret, vault.seal(link.pupil_id, secret, code.encode())),
            ),
        )

    def _is_right(self, token: str, challenge: str, code: str, place: str) -> bool:
        """Whether the code fits, judged before the door's transaction: Argon2 takes long, and takes as long for all.

        What is found here counts only if the limits then allow this try.
        """
        with self._tools.database.read() as session:
            counters.look(session, place, self._tools.clock.now())
            link = _link(session, token)
            asked = _asked(session, link, challenge)
            stored = link.access_code_hash if link is not None and link.verification is Verification.CODE else None
            mailed = asked.code_digest if asked is not None else None
            key = asked.id if asked is not None else UUID(int=0)
        by_hand = passwords.verified(stored, code)
        by_mail = same(mailed or "", self._digest(key, code)) and mailed is not None
        return by_hand or by_mail

    def _wrong(self, uow: UnitOfWork, link: ScopedLinkRow, place: str) -> None:
        """Count a wrong code; at the last of the day the link locks itself, and its maker hears of it."""
        happened(uow, link, LinkEventKind.REFUSED, place)
        if counters.mark(uow, WRONG, link.id) >= WRONG_A_DAY and letters.locked(uow, link):
            happened(uow, link, LinkEventKind.LOCKED, place)

    def _open(self, uow: UnitOfWork, link: ScopedLinkRow, asked: LinkChallengeRow | None, place: str) -> Entered | None:
        """Begin a visit, if an opening is left and the link gives anything now."""
        if asked is not None and not _use(uow, asked):
            return None
        if not effective_now(uow.session, link, uow.now, uow.today).serves or not _count_opening(uow, link):
            happened(uow, link, LinkEventKind.REFUSED, place)
            return None
        token, session_id = visits.begin(uow, link, place)
        happened(uow, link, LinkEventKind.VERIFIED, place, What(session_id=session_id))
        return Entered(token, link.id)

    def _digest(self, challenge_id: UUID, code: str) -> str:
        """Bound to its challenge: the same code for another one is another digest."""
        return self._tools.vault.keyed_digest(CODE, [challenge_id.bytes, code.encode()])


def _link(session: Session, token: str) -> ScopedLinkRow | None:
    """The link of the token. Asks the database also for what cannot be a token: that takes as long."""
    clean = parse_token(token) or ""
    return session.scalar(select(ScopedLinkRow).where(ScopedLinkRow.token_digest == token_digest(clean)))


def _asked(session: Session, link: ScopedLinkRow | None, challenge: str) -> LinkChallengeRow | None:
    """The challenge of this browser for this link."""
    return session.scalar(
        select(LinkChallengeRow).where(
            LinkChallengeRow.token_digest == token_digest(challenge),
            LinkChallengeRow.link_id == (link.id if link is not None else UUID(int=0)),
        )
    )


def _new_challenge(uow: UnitOfWork, link: ScopedLinkRow, token: str, code: str | None) -> LinkChallengeRow:
    row = LinkChallengeRow(
        link_id=link.id,
        token_digest=token_digest(token),
        code_digest=code,
        created_at=uow.now,
        expires_at=uow.now + CODE_LIVES,
        tries=0,
    )
    uow.session.add(row)
    uow.flush()
    return row


def _spend_try(uow: UnitOfWork, asked: LinkChallengeRow) -> bool:
    """Use one of the challenge's tries; whether there was one. A condition of the UPDATE itself: exact at once too."""
    done = uow.session.execute(
        update(LinkChallengeRow)
        .where(
            LinkChallengeRow.id == asked.id,
            LinkChallengeRow.tries < TRIES_A_CHALLENGE,
            LinkChallengeRow.used_at.is_(None),
            LinkChallengeRow.expires_at > uow.now,
        )
        .values(tries=LinkChallengeRow.tries + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _use(uow: UnitOfWork, asked: LinkChallengeRow) -> bool:
    """A challenge opens once."""
    done = uow.session.execute(
        update(LinkChallengeRow)
        .where(LinkChallengeRow.id == asked.id, LinkChallengeRow.used_at.is_(None))
        .values(used_at=uow.now)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _count_opening(uow: UnitOfWork, link: ScopedLinkRow) -> bool:
    """Take one of the openings that are left: one statement, so that two at once never take the same."""
    done = uow.session.execute(
        update(ScopedLinkRow)
        .where(
            ScopedLinkRow.id == link.id,
            or_(ScopedLinkRow.max_openings.is_(None), ScopedLinkRow.openings < ScopedLinkRow.max_openings),
            ScopedLinkRow.revoked_at.is_(None),
            ScopedLinkRow.locked_at.is_(None),
            ScopedLinkRow.starts <= uow.now,
            ScopedLinkRow.ends > uow.now,
        )
        .values(openings=ScopedLinkRow.openings + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(done.rowcount)  # type: ignore[attr-defined]


def _forget_old(uow: UnitOfWork) -> None:
    uow.session.execute(delete(LinkChallengeRow).where(LinkChallengeRow.created_at < uow.now - KEPT))
    uow.session.execute(delete(LinkSessionRow).where(LinkSessionRow.started_at < uow.now - KEPT))


def _fetched_before(session: Session, link_id: UUID, place: str, since: datetime) -> bool:
    return (
        session.scalar(
            select(ScopedLinkEventRow.id)
            .where(
                ScopedLinkEventRow.link_id == link_id,
                ScopedLinkEventRow.kind == LinkEventKind.FETCHED,
                ScopedLinkEventRow.place == place,
                ScopedLinkEventRow.at > since,
            )
            .limit(1)
        )
        is not None
    )
