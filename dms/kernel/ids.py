"""Visible ids are random: they tell nothing and cannot be guessed."""

import uuid


def new_id() -> uuid.UUID:
    """A random UUID (version 4)."""
    return uuid.uuid4()


def parse_id(text: str) -> uuid.UUID | None:
    """The UUID that `text` spells, or None where it spells none."""
    try:
        return uuid.UUID(text)
    except (ValueError, AttributeError, TypeError):
        return None
