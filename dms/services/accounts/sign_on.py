"""Signing in with an account of an identity provider.

An account elsewhere makes nobody known here, and gives no right: an administrator allows it to a person who is known,
the address is compared once, and from then on issuer and subject say who it is. Nothing else that the provider tells
is read.
"""

from dataclasses import dataclass

from sqlalchemy import select

from dms.db.tables import ElsewhereRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Refused
from dms.kernel.text import N_
from dms.model.events import ActorKind, By, Event, EventKind
from dms.services.accounts.opening import SIGN_ON, enter, may_enter, own_event
from dms.services.accounts.views import user_by_email, user_view
from dms.services.shapes import SignedIn
from dms.services.sign_in.halfway import HalfWay
from dms.services.sign_in.visit import NOWHERE, Visit
from dms.services.tools import Tools


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Who somebody is at the provider. `email` is empty where the provider does not vouch for the address."""

    issuer: str
    subject: str
    email: str = ""


class SignOn:
    """The way in through an identity provider."""

    _tools: Tools

    def sign_on(self, who: Elsewhere, visit: Visit = NOWHERE) -> SignedIn | HalfWay:
        """Let the person in who belongs to this account elsewhere. Raises Refused, alike for all others."""
        opened: SignedIn | HalfWay | None = None
        with self._tools.database.begin() as uow:
            row = self._linked(uow, who) or self._link(uow, who)
            if row is not None:
                opened = enter(uow, row, SIGN_ON, visit)
            else:
                uow.record(
                    Event(EventKind.LOGIN_FAILED, By(ActorKind.USER), None, details={"known": False, "method": SIGN_ON})
                )
        if opened is None:
            raise Refused(
                N_("Met dit schoolaccount kunt u hier niet inloggen."),
                N_("Vraag uw applicatiebeheerder om dit voor u aan te zetten, of log in met uw wachtwoord."),
                code="sign_on",
            )
        return opened

    def _linked(self, uow: UnitOfWork, who: Elsewhere) -> UserRow | None:
        found = uow.session.scalar(
            select(ElsewhereRow).where(ElsewhereRow.issuer == who.issuer, ElsewhereRow.subject == who.subject)
        )
        return self._welcome(uow, uow.session.get(UserRow, found.user_id)) if found is not None else None

    def _link(self, uow: UnitOfWork, who: Elsewhere) -> UserRow | None:
        """The first time: the person with this address, if it was allowed and no account elsewhere is linked yet."""
        user = self._welcome(uow, user_by_email(uow.session, who.email)) if who.email and who.subject else None
        row = uow.session.get(ElsewhereRow, user.id, with_for_update=True) if user is not None else None
        taken = uow.session.scalar(
            select(ElsewhereRow.user_id).where(ElsewhereRow.issuer == who.issuer, ElsewhereRow.subject == who.subject)
        )
        if user is None or row is None or row.linked_at is not None or taken is not None:
            return None
        row.issuer, row.subject, row.linked_at = who.issuer, who.subject, uow.now
        uow.record(own_event(EventKind.SIGN_ON_LINKED, user_view(uow.session, user, uow.today)))
        return user

    def _welcome(self, uow: UnitOfWork, user: UserRow | None) -> UserRow | None:
        if user is None or user.disabled_at is not None:
            return None
        return user if may_enter(user_view(uow.session, user, uow.today)) else None
