"""Writes down what a visitor does: in the link's own history, and in the log that nobody can change unnoticed."""

from dataclasses import dataclass
from uuid import UUID

from dms.db.tables import ScopedLinkEventRow, ScopedLinkRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.events import ActorKind, By, Event, EventKind
from dms.model.links import LinkEventKind
from dms.services.sign_in.visit import Visit as Whence
from storage.vault import Vault

VISITOR = By(ActorKind.VISITOR)
PLACE = "link-place"  # the name of a scope
LOGGED: dict[LinkEventKind, EventKind] = {
    LinkEventKind.CHALLENGED: EventKind.LINK_CHALLENGED,
    LinkEventKind.REFUSED: EventKind.LINK_REFUSED,
    LinkEventKind.LOCKED: EventKind.LINK_LOCKED,
    LinkEventKind.VERIFIED: EventKind.LINK_OPENED,
    LinkEventKind.VIEWED: EventKind.LINK_VIEWED,
    LinkEventKind.DOWNLOADED: EventKind.LINK_DOWNLOADED,
    LinkEventKind.UPLOADED: EventKind.LINK_UPLOADED,
}
"""What stands in the log too. That an address was fetched does not: mail scanners do it, and it opens nothing."""


@dataclass(frozen=True, slots=True)
class What:
    """Of which document, and which version (a number); or how many."""

    document_id: UUID | None = None
    version: int | None = None
    count: int | None = None
    rendition: str = ""
    session_id: UUID | None = None


NOTHING = What()


def place_of(vault: Vault, whence: Whence) -> str:
    """A keyed digest of where somebody comes from: equal for equal places, and nothing to read the address from."""
    return vault.keyed_digest(PLACE, [whence.place.encode()])


def happened(uow: UnitOfWork, link: ScopedLinkRow, kind: LinkEventKind, place: str, what: What = NOTHING) -> None:
    """Write it down in the transaction in which it happens."""
    uow.session.add(
        ScopedLinkEventRow(
            link_id=link.id,
            kind=kind,
            at=uow.now,
            place=place,
            session_id=what.session_id,
            document_id=what.document_id,
            version=what.version,
        )
    )
    if kind not in LOGGED:
        return
    details: dict[str, str | int | bool | None] = {"link": str(link.id)}
    if what.version is not None:
        details["version"] = what.version
    if what.count is not None:
        details["count"] = what.count
    if what.rendition:
        details["rendition"] = what.rendition
    uow.record(
        Event(
            LOGGED[kind],
            VISITOR,
            link.board_id,
            link.school_id,
            pupil_id=link.pupil_id,
            object_kind="document" if what.document_id else "link",
            object_id=what.document_id or link.id,
            details=details,
        )
    )
