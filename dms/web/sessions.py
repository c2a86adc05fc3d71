"""Sessions of people.

Flask-Login keeps the session's token in the signed cookie; the accounts service knows whose it is.
"""

from flask import Flask, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from dms.services.shapes import SignedIn, UserView
from dms.services.sign_in.halfway import HalfWay
from dms.web.house import house

HALF, ONWARD = "half", "onward"


class Person(UserMixin):  # type: ignore[misc]
    """The signed-in person as Flask-Login wants one. Its id is the session's token, never the account's id."""

    def __init__(self, token: str, view: UserView) -> None:
        self.token = token
        self.view = view

    def get_id(self) -> str:
        """What the cookie keeps."""
        return self.token

    @property
    def language(self) -> str:
        """The language of the account."""
        return self.view.language


def prepare(app: Flask) -> None:
    """Let `app` know who asks, at every request anew: an ended session or a disabled account stops at once."""
    manager = LoginManager()
    manager.session_protection = "basic"
    manager.user_loader(_load)
    manager.init_app(app)


def begin(made: SignedIn) -> None:
    """Start a fresh session in the browser: nothing of an earlier one remains, the token against forgery neither."""
    session.clear()
    login_user(Person(made.token, made.user))


def begin_half(made: HalfWay, onward: str) -> None:
    """Remember in the browser that the first step was right, and where to go after the second."""
    session.clear()
    session[HALF] = made.token
    session[ONWARD] = onward


def half() -> tuple[str, str]:
    """The token of who is half-way (empty for nobody), and where to go on."""
    return str(session.get(HALF, "")), str(session.get(ONWARD, "/"))


def end() -> None:
    """End the session, here and at the service."""
    if current_user.is_authenticated:
        house().accounts.sign_out(current_user.token)
    logout_user()
    session.clear()


def _load(token: str) -> Person | None:
    view = house().accounts.session(token)
    return Person(token, view) if view is not None else None
