"""Accounts: signing in and out, one's own account, bearer tokens, and people with their roles."""

from dms.services.accounts.own import OwnAccount, VerifyFirst
from dms.services.accounts.people import People
from dms.services.accounts.second_step import SecondStep
from dms.services.accounts.sessions import Sessions
from dms.services.accounts.sign_on import Elsewhere, SignOn
from dms.services.accounts.tokens import TOKEN_SCOPES, Tokens

__all__ = ["TOKEN_SCOPES", "Accounts", "Elsewhere", "VerifyFirst"]


class Accounts(Sessions, SecondStep, SignOn, OwnAccount, Tokens, People):
    """People with an account. Who administers them on screens asks `dms.services.administration`."""
