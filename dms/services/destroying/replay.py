"""Follows lines of the ledger in a database that does not know of them: one that came out of a backup.

A line is followed as far as the database has what it speaks of; the key goes first, and tombstones are put back.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from dms.db.unit_of_work import INDEX, UnitOfWork
from dms.kernel.clock import legal_date
from dms.model.events import SYSTEM, Event, EventKind
from dms.services.destroying.documents import put_tombstones, shrink_documents, shrink_places
from dms.services.destroying.pupils import remember_pupil, shrink_pupil
from dms.services.tools import Tools
from storage.ledger import Destroyed, LedgerEntry, LedgerLine


@dataclass(frozen=True, slots=True)
class Followed:
    """How many lines of each kind were followed."""

    documents: int = 0
    placements: int = 0
    pupils: int = 0


def follow(tools: Tools, lines: Iterable[LedgerLine]) -> Followed:
    """Destroy again what these lines say; harmless when repeated, and where there is nothing (any more).

    Raises what key store, object store and database raise; the next call goes on.
    """
    counts = dict.fromkeys(Destroyed, 0)
    for line in lines:
        _follow(tools, line.entry)
        counts[line.entry.kind] += 1
    return Followed(counts[Destroyed.DOCUMENT], counts[Destroyed.PLACEMENT], counts[Destroyed.PUPIL])


def _follow(tools: Tools, entry: LedgerEntry) -> None:
    if entry.kind is not Destroyed.PLACEMENT:
        tools.vault.destroy_key(entry.id)
        tools.vault.delete_all(entry.id)
    with tools.database.begin() as uow:
        follow_rows(uow, entry)


def follow_rows(uow: UnitOfWork, entry: LedgerEntry) -> None:
    """The part of following that is in the database: for who takes care of key and bytes by other means."""
    day = legal_date(entry.at)
    match entry.kind:
        case Destroyed.DOCUMENT:
            shrink_documents(uow, [entry.id])
            stones = [(entry.placement_id or entry.id, x) for x in entry.tombstones]
            put_tombstones(uow, entry.school_id, stones, day)
            uow.after_commit(INDEX, entry.id)
        case Destroyed.PLACEMENT:
            shrink_places(uow, [entry.id])
            if entry.document_id is not None:
                uow.after_commit(INDEX, entry.document_id)
        case Destroyed.PUPIL:
            shrink_pupil(uow, entry.id)
            remember_pupil(uow, entry.school_id, entry.id, entry.tombstones, day)
    uow.record(
        Event(
            EventKind.DESTRUCTION_FOLLOWED,
            SYSTEM,
            entry.board_id,
            entry.school_id,
            object_kind=entry.kind.value,
            object_id=entry.id,
        )
    )
