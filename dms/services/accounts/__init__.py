"""Accounts: signing in and out, bearer tokens, and people with their roles."""

from dms.services.accounts.people import People
from dms.services.accounts.sessions import Sessions
from dms.services.accounts.tokens import TOKEN_SCOPES, Tokens

__all__ = ["TOKEN_SCOPES", "Accounts"]


class Accounts(Sessions, Tokens, People):
    """People with an account. Who administers them on screens asks `dms.services.administration`."""
