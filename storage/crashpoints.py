"""Named moments at which power may fail. Tests hang a hook on them; in the product each is a cheap no-op.

A hook may end the process at any of them. At those inside a store (`object.*`, `key.written`, `key.committed`,
`key.erased`, `key.destroyed`, `keys.*`) it may also raise `OSError`, to act as a failing or a full disk: they stand
inside the handling that a real one would meet.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum


class CrashPoint(StrEnum):
    """The boundaries of writing and destroying, in the order in which they are passed."""

    KEY_WRITTEN = "key.written"
    KEY_COMMITTED = "key.committed"
    KEY_COPIED = "key.copied"
    OBJECT_OPENED = "object.opened"
    OBJECT_HALF = "object.half"
    OBJECT_FULL = "object.full"
    OBJECT_SYNCED = "object.synced"
    OBJECT_RENAMED = "object.renamed"
    OBJECT_PUT = "object.put"
    VAULT_PUT = "vault.put"
    OBJECT_DELETED = "object.deleted"
    KEY_ERASED = "key.erased"
    KEY_DESTROYED = "key.destroyed"
    KEY_COPY_DESTROYED = "key.copy_destroyed"
    KEYS_REWRAPPED = "keys.rewrapped"
    KEYS_ROTATED = "keys.rotated"
    SPOOL_MADE = "spool.made"
    SPOOL_WIPED = "spool.wiped"


def _nothing(name: str) -> None:
    """The hook of every day."""


_hook: Callable[[str], None] = _nothing


def reached(name: str) -> None:
    """Say that the boundary `name` has been reached."""
    _hook(name)


@contextmanager
def watched(hook: Callable[[str], None]) -> Iterator[None]:
    """Call `hook` at every boundary while the block runs (the whole process, all threads)."""
    global _hook
    before, _hook = _hook, hook
    try:
        yield
    finally:
        _hook = before
