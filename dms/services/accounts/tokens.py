"""Bearer tokens for programs."""

import secrets
from datetime import timedelta

from sqlalchemy import select

from dms.db.tables import ApiTokenRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.digest import token_digest
from dms.kernel.errors import BadInput, Refused
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.model.people import OUTSIDE_ROLES
from dms.services.accounts.views import live_user, user_view
from dms.services.chosen.known import TOKEN_DAYS
from dms.services.chosen.reading import strictest
from dms.services.shapes import IssuedToken, UserView
from dms.services.tools import Tools

TOKEN_SCOPES = frozenset({"intake", "read", "search"})
LONGEST_NAME = 100


class Tokens:
    """What programs come in with."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def issue_token(
        self, by: By, email: str, scope: str = "read search", days: int = 90, name: str = ""
    ) -> IssuedToken:
        """A bearer token for programs, shown once. Raises BadInput for scopes or days out of bounds, NotFound,
        Refused for people who never enter the staff rooms.
        """
        with self._tools.database.begin() as uow:
            return issue(uow, by, live_user(uow.session, email), scope, days, name)

    def by_token(self, token: str) -> tuple[UserView, frozenset[str]] | None:
        """Who holds a bearer token and its scope words; None when it is unknown, revoked or over."""
        with self._tools.database.read() as session:
            row = session.scalar(select(ApiTokenRow).where(ApiTokenRow.token_digest == token_digest(token)))
            now = self._tools.clock.now()
            if row is None or row.revoked_at is not None or row.expires_at <= now:
                return None
            user = session.get_one(UserRow, row.user_id)
            if user.disabled_at is not None:
                return None
            return user_view(session, user, self._tools.clock.today()), frozenset(row.scope.split())


def issue(uow: UnitOfWork, by: By, user: UserRow, scope: str, days: int, name: str = "") -> IssuedToken:
    """Make the token within a transaction; `name` says what it is for. Raises as `Tokens.issue_token` does."""
    words = scope.split()
    if not words or not TOKEN_SCOPES.issuperset(words):
        raise BadInput(
            N_("Dit bereik bestaat niet."),
            N_("Kies uit: %(scopes)s."),
            params={"scopes": ", ".join(sorted(TOKEN_SCOPES))},
        )
    view = user_view(uow.session, user, uow.today)
    if not any(x.role not in OUTSIDE_ROLES for x in view.roles):
        raise Refused(N_("Deze persoon krijgt geen toegang tot de API."), N_("Alleen medewerkers krijgen een token."))
    most = strictest(uow.session, TOKEN_DAYS, {x.board_id for x in view.roles})
    if not 1 <= days <= most:
        raise BadInput(N_("Het aantal dagen klopt niet."), N_("Kies 1 tot %(most)d."), params={"most": most})
    token = f"dk1_{secrets.token_urlsafe(32)}"
    row = ApiTokenRow(
        user_id=user.id,
        token_digest=token_digest(token),
        scope=" ".join(sorted(set(words))),
        name=" ".join(name.split())[:LONGEST_NAME],
        created_at=uow.now,
        expires_at=uow.now + timedelta(days=days),
    )
    uow.session.add(row)
    uow.session.flush()
    uow.record(
        Event(
            EventKind.TOKEN_ISSUED,
            by,
            view.roles[0].board_id,
            object_kind="user",
            object_id=user.id,
            details={"scope": row.scope, "days": days, "token": str(row.id)},
        )
    )
    return IssuedToken(token, row.expires_at)
