"""How colleagues sign in: their second factor, and whether an account elsewhere counts. Asks as access does."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from dms.db.tables import ElsewhereRow, UserRow
from dms.kernel.errors import NotFound
from dms.kernel.text import N_
from dms.model.duties import Duty
from dms.model.events import By, Event, EventKind
from dms.services.accounts.ending import end_sessions
from dms.services.accounts.opening import end_steps
from dms.services.accounts.views import user_view
from dms.services.administration.access import AccessAdministration
from dms.services.administration.outcome import changed
from dms.services.administration.people import person
from dms.services.administration.remit import remit
from dms.services.sign_in import budgets, codes, devices, needed, passkeys


@dataclass(frozen=True, slots=True)
class SigningIn:
    """How a colleague signs in. `allowed_at`: an account elsewhere may be used; `linked_at`: it was, the first time."""

    name: str
    required: bool
    app_since: datetime | None
    passkeys: int
    recovery_codes: int
    allowed_at: datetime | None
    linked_at: datetime | None


class SigningInAdministration(AccessAdministration):
    """Second factors and accounts elsewhere of colleagues."""

    def view(self, by: By, user_id: UUID) -> SigningIn:
        """How the colleague signs in. Raises NotFound."""
        today = self._tools.clock.today()
        with self._tools.database.read() as session:
            person(session, remit(session, by, Duty.PEOPLE, today), user_id)
            user = session.get_one(UserRow, user_id)
            elsewhere = session.get(ElsewhereRow, user_id)
            return SigningIn(
                user.name,
                needed.factor_needed(session, user_view(session, user, today)),
                codes.app_since(session, user_id),
                len(passkeys.held(session, user_id)),
                codes.recovery_codes_left(session, user_id),
                elsewhere.allowed_at if elsewhere else None,
                elsewhere.linked_at if elsewhere else None,
            )

    def reset_factor(self, by: By, user_id: UUID) -> int:
        """Take app, passkeys and recovery codes away; sessions end. Returns how many factors there were.

        The colleague sets a new one up at the next sign-in where a role asks for it. Raises NotFound, Refused.
        """
        with self._tools.database.begin() as uow:
            user, board = self._user(uow, by, user_id, None)
            keys = passkeys.held(uow.session, user.id)
            for key in keys:
                uow.session.delete(key)
            count = len(keys) + codes.forget(uow, user.id)
            codes.forget_recovery_codes(uow, user.id)
            devices.forget_all(uow, user.id)
            budgets.forgive(uow, user.id)
            end_steps(uow, user.id)
            ended = end_sessions(uow, user.id)
            user.row_version += 1
            details = {"factors": count, "sessions": ended}
            uow.record(Event(EventKind.FACTOR_RESET, by, board, object_kind="user", object_id=user.id, details=details))
            return count

    def allow_sign_on(self, by: By, user_id: UUID) -> None:
        """Let the colleague sign in with an account elsewhere. Once is enough. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            user, board = self._user(uow, by, user_id, None)
            if uow.session.get(ElsewhereRow, user.id) is not None:
                return
            uow.session.add(ElsewhereRow(user_id=user.id, allowed_at=uow.now))
            uow.record(
                Event(
                    EventKind.SIGN_ON_ALLOWED,
                    by,
                    board,
                    object_kind="user",
                    object_id=user.id,
                    changes=changed((N_("Inloggen met schoolaccount"), "nee", "ja")),
                )
            )

    def end_sign_on(self, by: By, user_id: UUID) -> None:
        """The account elsewhere counts no more; sessions end. Raises NotFound, Refused."""
        with self._tools.database.begin() as uow:
            user, board = self._user(uow, by, user_id, None)
            row = uow.session.get(ElsewhereRow, user.id)
            if row is None:
                raise NotFound
            uow.session.delete(row)
            end_sessions(uow, user.id)
            uow.record(
                Event(
                    EventKind.SIGN_ON_ENDED,
                    by,
                    board,
                    object_kind="user",
                    object_id=user.id,
                    changes=changed((N_("Inloggen met schoolaccount"), "ja", "nee")),
                )
            )
