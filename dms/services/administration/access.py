"""Access of colleagues: switching accounts off and on, their sessions, their tokens, and links to set a password."""

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, select

from dms.db.tables import ApiTokenRow, PasswordLinkRow, RoleHeldRow, SessionRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.digest import token_digest
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.events import ActorKind, By, Event, EventKind
from dms.services import passwords
from dms.services.accounts.ending import end_access, end_sessions, withdraw_links
from dms.services.accounts.opening import end_steps
from dms.services.accounts.tokens import issue
from dms.services.administration.administrators import keep_administrators
from dms.services.administration.outcome import changed, locked
from dms.services.administration.people import board_of, person, whole
from dms.services.administration.remit import Remit, remit
from dms.services.administration.roles import not_oneself
from dms.services.administration.shapes import MadeLink
from dms.services.chosen.known import CONTACT, LINK_DAYS, PASSWORD_LENGTH
from dms.services.chosen.reading import holding, strictest, strictest_most
from dms.services.shapes import IssuedToken
from dms.services.sign_in import budgets
from dms.services.tools import Tools

LINK_GONE = (
    N_("Deze link werkt niet (meer)."),
    N_("Een link werkt één keer en een paar dagen. Vraag uw applicatiebeheerder om een nieuwe."),
)


class AccessAdministration:
    """Ending and giving access. All of it asks that the person works nowhere out of the asker's reach."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def disable(self, by: By, user_id: UUID, version: int) -> None:
        """Switch the account off: sessions, tokens and links end at once. Raises NotFound, Refused, Conflict."""
        with self._tools.database.begin() as uow:
            user, board = self._user(uow, by, user_id, version)
            keep_administrators(uow, user.id)
            if user.disabled_at is None:
                user.disabled_at = uow.now
                user.row_version += 1
                ended = end_access(uow, user.id)
                uow.record(
                    Event(EventKind.USER_DISABLED, by, board, object_kind="user", object_id=user.id, details=ended)
                )

    def enable(self, by: By, user_id: UUID, version: int) -> None:
        """Switch the account on again; tokens and sessions do not come back. Raises NotFound, Refused, Conflict."""
        with self._tools.database.begin() as uow:
            user, board = self._user(uow, by, user_id, version)
            if user.disabled_at is not None:
                user.disabled_at = None
                budgets.forgive(uow, user.id)
                user.row_version += 1
                uow.record(Event(EventKind.USER_ENABLED, by, board, object_kind="user", object_id=user.id))

    def end_sessions(self, by: By, user_id: UUID, session_id: UUID | None = None) -> int:
        """End one session, or all of them; returns how many. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            user, board = self._user(uow, by, user_id, None)
            if session_id is None:
                count = end_sessions(uow, user.id)
            else:
                row = uow.session.get(SessionRow, session_id)
                if row is None or row.user_id != user.id:
                    raise NotFound
                count = 1 if row.ended_at is None else 0
                row.ended_at = row.ended_at or uow.now
            uow.record(
                Event(
                    EventKind.SESSIONS_ENDED,
                    by,
                    board,
                    object_kind="user",
                    object_id=user.id,
                    details={"sessions": count},
                )
            )
            return count

    def make_link(self, by: By, user_id: UUID) -> MadeLink:
        """A link with which the colleague sets a password, shown once; earlier ones stop working.

        The old password works until then. Raises NotFound, Refused, Conflict for a disabled account.
        """
        token = f"wl1_{secrets.token_urlsafe(32)}"
        with self._tools.database.begin() as uow:
            user, board = self._user(uow, by, user_id, None)
            if user.disabled_at is not None:
                raise Conflict(N_("Dit account is uitgezet."), N_("Zet het account eerst weer aan."), code="disabled")
            days = strictest(uow.session, LINK_DAYS, [board] if board else [])
            withdraw_links(uow, user.id)
            link = PasswordLinkRow(
                user_id=user.id,
                token_digest=token_digest(token),
                author_id=by.user_id,
                created_at=uow.now,
                expires_at=uow.now + timedelta(days=days),
            )
            uow.session.add(link)
            uow.record(
                Event(
                    EventKind.PASSWORD_LINK_MADE,
                    by,
                    board,
                    object_kind="user",
                    object_id=user.id,
                    details={"days": days},
                )
            )
            return MadeLink(user.id, token, link.expires_at)

    def link(self, token: str) -> tuple[str, int]:
        """(whom to ask for help, shortest password) for a link that works. Raises Refused, alike for all others."""
        with self._tools.database.read() as session:
            found = session.scalar(select(PasswordLinkRow).where(PasswordLinkRow.token_digest == token_digest(token)))
            user = self._owner(session.get(UserRow, found.user_id) if found else None, found)
            boards = session.scalars(_held(user.id)).all()
            contact = next((x for x in (holding(session, CONTACT, b) for b in boards) if x), "")
            return contact, strictest_most(session, PASSWORD_LENGTH, boards)

    def set_password(self, token: str, password: str) -> None:
        """Set the password with a link, once: all sessions end, a lock after wrong tries is lifted.

        Raises Refused for a link that does not work, BadInput for a password that is too short.
        """
        self.link(token)
        with self._tools.database.begin() as uow:
            found = uow.session.scalar(
                select(PasswordLinkRow).where(PasswordLinkRow.token_digest == token_digest(token)).with_for_update()
            )
            user = self._owner(uow.session.get(UserRow, found.user_id) if found else None, found)
            boards = uow.session.scalars(_held(user.id)).all()
            user.password_hash = passwords.hashed(password, strictest_most(uow.session, PASSWORD_LENGTH, boards))
            budgets.forgive(uow, user.id)
            if found is not None:
                found.used_at = uow.now
            end_sessions(uow, user.id)
            end_steps(uow, user.id)
            uow.record(
                Event(
                    EventKind.PASSWORD_SET,
                    By(ActorKind.USER, user.id),
                    boards[0] if boards else None,
                    object_kind="user",
                    object_id=user.id,
                )
            )

    def set_for(self, by: By, user_id: UUID, password: str) -> None:
        """Set somebody's password at the machine: sessions end. Raises NotFound, BadInput."""
        with self._tools.database.begin() as uow:
            user, board = self._user(uow, by, user_id, None)
            boards = uow.session.scalars(_held(user.id)).all()
            user.password_hash = passwords.hashed(password, strictest_most(uow.session, PASSWORD_LENGTH, boards))
            budgets.forgive(uow, user.id)
            withdraw_links(uow, user.id)
            end_sessions(uow, user.id)
            end_steps(uow, user.id)
            uow.record(Event(EventKind.PASSWORD_SET, by, board, object_kind="user", object_id=user.id))

    def issue_token(self, by: By, user_id: UUID, scopes: str, days: int, name: str) -> IssuedToken:
        """A token for programs of this colleague, shown once. Raises NotFound, BadInput, Refused."""
        with self._tools.database.begin() as uow:
            user, _ = self._user(uow, by, user_id, None)
            if user.disabled_at is not None:
                raise Conflict(N_("Dit account is uitgezet."), N_("Zet het account eerst weer aan."), code="disabled")
            if not name.strip():
                raise BadInput(N_("Waar is het token voor?"), N_("Geef het een naam, zoals het programma heet."))
            return issue(uow, by, user, scopes, days, name)

    def revoke_token(self, by: By, user_id: UUID, token_id: UUID) -> None:
        """The token stops working at once; revoking twice is no error. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            user, board = self._user(uow, by, user_id, None)
            row = uow.session.get(ApiTokenRow, token_id)
            if row is None or row.user_id != user.id:
                raise NotFound
            if row.revoked_at is None:
                row.revoked_at = uow.now
                uow.record(
                    Event(
                        EventKind.TOKEN_REVOKED,
                        by,
                        board,
                        object_kind="user",
                        object_id=user.id,
                        details={"token": str(row.id)},
                        changes=changed((N_("Token"), row.name or row.scope, "")),
                    )
                )

    def _user(self, uow: UnitOfWork, by: By, user_id: UUID, version: int | None) -> tuple[UserRow, UUID | None]:
        """The account, if the asker may end and give its access; and the board to log it at."""
        reach: Remit = remit(uow.session, by, Duty.PEOPLE, uow.today)
        person(uow.session, reach, user_id)
        not_oneself(by, user_id)
        if not whole(uow.session, reach, user_id, uow.today):
            raise Refused(
                N_("Deze collega werkt ook op een plaats die u niet beheert."),
                N_("Beëindig de rollen bij uw eigen scholen, of vraag de beheerder van het bestuur."),
                code="elsewhere",
            )
        return locked(uow.session, UserRow, user_id, version), board_of(uow.session, reach, user_id)

    def _owner(self, user: UserRow | None, link: PasswordLinkRow | None) -> UserRow:
        now = self._tools.clock.now()
        live = link is not None and link.used_at is None and link.withdrawn_at is None and link.expires_at > now
        if user is None or user.disabled_at is not None or not live:
            raise Refused(*LINK_GONE, code="link_gone")
        return user


def _held(user_id: UUID) -> Select[tuple[UUID]]:
    return select(RoleHeldRow.board_id).where(RoleHeldRow.user_id == user_id).distinct().order_by(RoleHeldRow.board_id)
