"""A sending: what one person drops or chooses at once. Each file is an intake of its own, kept as soon as it is whole;
the intake's idempotency key says to which sending it belongs and which file it is, so that one sent twice is kept once.
"""

from uuid import UUID

MOST_FILES = 5000


def sending_prefix(user_id: UUID, sending_id: UUID) -> str:
    """How the keys of all files of a sending begin; a person's sendings are never another's."""
    return f"{user_id}/{sending_id}/"


def sending_key(user_id: UUID, sending_id: UUID, number: int) -> str:
    """The idempotency key of file `number` (from 1) of a sending. Raises ValueError for a number out of bounds."""
    if not 1 <= number <= MOST_FILES:
        raise ValueError("a sending has files from 1")
    return f"{sending_prefix(user_id, sending_id)}{number}"
