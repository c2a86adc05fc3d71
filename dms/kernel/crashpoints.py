"""Named moments at which power may fail. Tests hang a hook on them; in the product each is a cheap no-op.

A hook may end the process at any of them. At those inside a store (`object.*`, `key.*`, `keys.*`) it may also raise
`OSError`, to act as a failing or a full disk: they stand inside the handling that a real one would meet.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum


class CrashPoint(StrEnum):
    """The boundaries of taking in, erasing and rotating, in the order in which each is passed."""

    RECEIVE_BEGUN = "receive.begun"
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
    RECEIVE_STORED = "receive.stored"
    RECEIVE_ALL_STORED = "receive.all_stored"
    RECEIVE_ROWS = "receive.rows"
    RECEIVE_AUDITED = "receive.audited"
    RECEIVE_COMMITTED = "receive.committed"

    CLAIM_WRITTEN = "claim.written"
    CLAIM_COMMITTED = "claim.committed"
    SPOOL_MADE = "spool.made"
    PLAIN_HALF = "plain.half"
    PLAIN_WRITTEN = "plain.written"
    SCAN_DONE = "scan.done"
    IDENTIFY_DONE = "identify.done"
    UNPACK_DONE = "unpack.done"
    LEASE_EXTENDED = "lease.extended"
    READ_RESULT = "read.result"
    ARCHIVE_MADE = "archive.made"
    TEXT_PUT = "text.put"
    ARCHIVE_PUT = "archive.put"
    PAGE_PUT = "page.put"
    THUMBNAIL_PUT = "thumbnail.put"
    WORDS_PUT = "words.put"
    READ_DONE = "read.done"
    RENDITIONS_WRITTEN = "renditions.written"
    STEP_SAVED = "step.saved"
    SPLIT_DONE = "split.done"
    CLASSIFY_DONE = "classify.done"
    MATCH_DONE = "match.done"
    ROUTE_DONE = "route.done"
    COMPARE_DONE = "compare.done"
    STORE_DONE = "store.done"
    FILING_DOCUMENT = "filing.document"
    FILING_PLACEMENT = "filing.placement"
    FILING_ITEM = "filing.item"
    FILING_OUTBOX = "filing.outbox"
    FILING_AUDITED = "filing.audited"
    OUTCOME_WRITTEN = "outcome.written"
    OUTCOME_SAVED = "outcome.saved"
    SPOOL_WIPED = "spool.wiped"

    EFFECTS_LEASED = "effects.leased"
    EFFECTS_CLAIMED = "effects.claimed"
    INDEX_GATHERED = "index.gathered"
    INDEX_APPLIED = "index.applied"
    EFFECTS_MARKED = "effects.marked"
    EFFECTS_DONE = "effects.done"
    SEAL_WRITTEN = "seal.written"
    SEAL_COMMITTED = "seal.committed"
    SEAL_CHECKPOINTED = "seal.checkpointed"

    AGAIN_READ = "again.read"
    AGAIN_WRITTEN = "again.written"
    AGAIN_COMMITTED = "again.committed"

    DISCARD_WRITTEN = "discard.written"
    DISCARD_COMMITTED = "discard.committed"
    ERASE_BEGUN = "erase.begun"
    KEY_ERASED = "key.erased"
    KEY_DESTROYED = "key.destroyed"
    KEY_COPY_DESTROYED = "key.copy_destroyed"
    ERASE_KEY_GONE = "erase.key_gone"
    OBJECT_DELETED = "object.deleted"
    ERASE_OBJECTS_GONE = "erase.objects_gone"
    ERASE_ROWS = "erase.rows"
    ERASE_COMMITTED = "erase.committed"

    ROOTS_WRITTEN = "keys.roots_written"
    KEYS_REWRAPPED = "keys.rewrapped"
    KEYS_ROTATED = "keys.rotated"
    KEYS_ALL_ROTATED = "keys.all_rotated"
    ROOTS_DROPPED = "keys.roots_dropped"


class BackupPoint(StrEnum):
    """The boundaries of making a backup; those of its files stand inside the handling that a full disk would meet."""

    BEGUN = "backup.begun"
    FILE_OPENED = "backup.file_opened"
    FILE_HALF = "backup.file_half"
    FILE_WRITTEN = "backup.file_written"
    FILES_MADE = "backup.files_made"
    NAMED = "backup.named"


class RestorePoint(StrEnum):
    """The boundaries of putting a backup back, in the order in which each is passed."""

    BEGUN = "restore.begun"
    OBJECT = "restore.object"
    KEYS = "restore.keys"
    LOADED = "restore.loaded"
    COMMITTED = "restore.committed"
    DONE = "restore.done"


class DestructionPoint(StrEnum):
    """The boundaries of destroying, in the order in which each is passed. From KEYS_GONE there is only forward."""

    RUN_WRITTEN = "destruction.run_written"
    RUN_BEGUN = "destruction.run_begun"
    CLAIM_WRITTEN = "destruction.claim_written"
    CLAIMED = "destruction.claimed"
    HIDE_WRITTEN = "destruction.hide_written"
    HIDDEN = "destruction.hidden"
    UNINDEX_WRITTEN = "destruction.unindex_written"
    UNINDEXED = "destruction.unindexed"
    KEYS_GONE = "destruction.keys_gone"
    KEYS_MARKED = "destruction.keys_marked"
    LEDGER_WRITTEN = "destruction.ledger_written"
    LEDGER_SYNCED = "destruction.ledger_synced"
    LEDGER_MARKED = "destruction.ledger_marked"
    BYTES_GONE = "destruction.bytes_gone"
    BYTES_MARKED = "destruction.bytes_marked"
    SHRINK_WRITTEN = "destruction.shrink_written"
    SHRUNK = "destruction.shrunk"
    VERIFY_WRITTEN = "destruction.verify_written"
    VERIFYING = "destruction.verifying"
    INDEX_ASKED = "destruction.index_asked"
    INDEX_CLEAN = "destruction.index_clean"
    PURGED = "destruction.purged"
    CHECKED = "destruction.checked"
    CERTIFICATE_WRITTEN = "destruction.certificate_written"
    CERTIFIED = "destruction.certified"
    PROBES_GONE = "destruction.probes_gone"


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
