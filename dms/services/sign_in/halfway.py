"""Where somebody is between the two steps of signing in."""

from dataclasses import dataclass

from dms.services.shapes import UserView


@dataclass(frozen=True, slots=True)
class HalfWay:
    """The first step was right, a second one is asked. `token` opens nothing by itself.

    `enrol`: the person has no second factor yet and must set one up now; else `app` and `passkeys` say what she has.
    """

    token: str
    user: UserView
    enrol: bool
    app: bool
    passkeys: bool
