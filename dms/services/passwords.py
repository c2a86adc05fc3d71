"""Passwords: Argon2id with the library's own parameters, and the least that a password must be."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from dms.kernel.errors import BadInput
from dms.kernel.text import N_

LEAST_LENGTH = 12
MOST_LENGTH = 256

_HASHER = PasswordHasher()
_NOBODY = _HASHER.hash("nobody has this password")


def hashed(password: str, least: int = LEAST_LENGTH) -> str:
    """The Argon2id hash. Raises BadInput for a password that is too short (`least` in characters) or too long."""
    if not least <= len(password) <= MOST_LENGTH:
        raise BadInput(
            N_("Het wachtwoord moet %(least)d tot %(most)d tekens hebben."),
            N_("Kies een zin die u makkelijk onthoudt."),
            params={"least": least, "most": MOST_LENGTH},
        )
    return _HASHER.hash(password)


def verified(stored: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long for an unknown account as for a known one."""
    try:
        good = _HASHER.verify(stored or _NOBODY, password[:MOST_LENGTH])
    except (VerificationError, InvalidHashError):
        return False
    return good and stored is not None


def needs_new_hash(stored: str) -> bool:
    """Whether the hash was made with older parameters."""
    return _HASHER.check_needs_rehash(stored)


_SYLLABLES = ("ba", "do", "fi", "ka", "lo", "mu", "na", "pe", "ri", "so", "ta", "vu", "wo", "ze")


def new_password() -> str:
    """Four made-up words: easy to type, about 60 bits."""
    return "-".join("".join(secrets.choice(_SYLLABLES) for _ in range(4)) for _ in range(4))
