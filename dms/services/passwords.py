"""Passwords: Argon2id with the library's own parameters, and the least that a password must be.

Long enough and not on a list, nothing else: no rules about capitals or signs (NIST SP 800-63B-4, 3.1.1.2).
"""

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dms.kernel.errors import BadInput
from dms.kernel.text import N_
from dms.services.common_passwords import is_common

LEAST_LENGTH = 12
MOST_LENGTH = 128
MOST_TRIED = 256
"""Passwords of up to so many characters were allowed once."""

_HASHER = PasswordHasher()


def checked(password: str, least: int = LEAST_LENGTH) -> str:
    """The password, if it may be one. Raises BadInput: too short (`least` in characters), too long, or a common one."""
    if not least <= len(password) <= MOST_LENGTH:
        raise BadInput(
            N_("Het wachtwoord moet %(least)d tot %(most)d tekens hebben."),
            N_("Kies een zin die u makkelijk onthoudt."),
            params={"least": least, "most": MOST_LENGTH},
        )
    if is_common(password):
        raise BadInput(
            N_("Dit wachtwoord gebruiken veel mensen. Het is snel te raden."),
            N_("Kies een zin van een paar woorden die niet bij elkaar horen."),
            code="common_password",
        )
    return password


def hashed(password: str, least: int = LEAST_LENGTH) -> str:
    """The Argon2id hash of a password that somebody chose. Raises BadInput as `checked` does."""
    return _HASHER.hash(checked(password, least))


def again(password: str) -> str:
    """The hash under today's parameters of a password that was right: what was once allowed stays so."""
    return _HASHER.hash(password)


def verified(stored: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long for an unknown account as for a known one."""
    nobody = _nobody()
    try:
        good = _HASHER.verify(stored or nobody, password[:MOST_TRIED])
    except (VerificationError, InvalidHashError):
        return False
    return good and stored is not None


@cache
def _nobody() -> str:
    """A hash to compare with when there is none. Made at the first question, whoever it is about: it takes a while."""
    return _HASHER.hash("nobody has this password")


def needs_new_hash(stored: str) -> bool:
    """Whether the hash was made with older parameters."""
    return _HASHER.check_needs_rehash(stored)


_SYLLABLES = ("ba", "do", "fi", "ka", "lo", "mu", "na", "pe", "ri", "so", "ta", "vu", "wo", "ze")


def new_password() -> str:
    """Four made-up words: easy to type, about 60 bits."""
    return "-".join("".join(secrets.choice(_SYLLABLES) for _ in range(4)) for _ in range(4))
