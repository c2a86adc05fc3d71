"""Two papers side by side at a desk: the item that waits, and a document of the dossier that looks the same.

A person decides: both stay, the item is a new version of the document, or the item goes. What bytes were destroyed
before comes with a warning. Everything asks the rights of both: the item's desk, and the document itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, DocumentVersionRow, ItemRow, LookalikeRow, PupilRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import Conflict, NotFound
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.documents import DeskActKind, ItemState
from dms.model.events import By, Event, EventKind
from dms.model.formats import LookalikeVerdict
from dms.services.renditions import page_views
from dms.services.shapes import ItemView, PageView
from dms.services.tools import Tools, full_name
from ingest.rules.duplicates import SAME_LOOK, SAME_TEXT
from ingest.service.claims import facts
from ingest.service.desk_acts import ERASED_AFTER, remember, snapshot
from ingest.service.desk_place import let_go, must_be_free, takeable, taken_meanwhile
from ingest.service.duplicates_found import (
    Lookalike,
    destroyed_reason,
    kept_fingerprint,
    same_bytes,
    same_in_dossier,
    tombstone,
)
from ingest.service.erase import ERASE
from ingest.service.file import settle
from ingest.service.state import EVIDENCE, VERSION, Evidence
from ingest.service.versions import Versions
from ingest.service.views import Viewer
from rights.rules.actions import Action
from rights.service.gate import Gate

AGAIN = Reason("lookalike_apart", N_("Gaat verder: het is een ander stuk dan wat er al ligt."))
BECAME_VERSION = Reason("became_version", N_("Is een nieuwe versie geworden van een document dat er al was."))
THE_SAME = Reason("same_as", N_("Weggelegd: dit stuk zat al in het dossier."))
_PARKED = frozenset({SAME_TEXT.code, SAME_LOOK.code})


@dataclass(frozen=True, slots=True)
class LookalikeView:
    """A document that looks like an item. `text` and `numbers` are shares of 1; None where nothing can be compared."""

    document_id: UUID
    title: str
    document_date: date | None
    reason: Reason
    text: float
    numbers: float | None


@dataclass(frozen=True, slots=True)
class Pair:
    """An item and a document side by side. `may_add_version`: whether the person may make the item a version of it."""

    item: ItemView
    row_version: int
    item_pages: tuple[PageView, ...]
    document: LookalikeView
    document_pages: tuple[PageView, ...]
    pupil: str
    category: str
    file_name: str
    may_add_version: bool


class DuplicateDesk:
    """What lies in the dossier already, for those who work at the desks."""

    def __init__(self, tools: Tools, versions: Versions) -> None:
        self._tools = tools
        self._versions = versions

    def of(self, by: By, item_id: UUID, pupil_id: UUID | None = None) -> tuple[LookalikeView, ...]:
        """Documents that look like the item, in the dossier of `pupil_id` or of the pupils that are suggested.

        Only what the person may see. Raises NotFound for an item that she may not take.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            row = takeable(session, gate, item_id)
            return tuple(_view(session, x) for x in self._found(session, gate, row, pupil_id))

    def warning(self, by: By, item_id: UUID) -> Reason | None:
        """That exactly these bytes were destroyed before, if they were. Raises NotFound."""
        with self._tools.database.read() as session:
            row = takeable(session, Gate(session, by.user_id, self._tools.clock.today()), item_id)
            gone = tombstone(session, row.school_id, row.digest)
            return destroyed_reason(gone) if gone is not None else None

    def pair(self, by: By, item_id: UUID, document_id: UUID) -> Pair:
        """The item and a document that looks like it. Raises NotFound for any other document; is logged."""
        with self._tools.database.begin() as uow:
            session = uow.session
            gate = Gate(session, by.user_id, uow.today)
            row = takeable(session, gate, item_id)
            document, placements = gate.require(document_id, Action.SEE)
            place = placements[0]
            found = self._lookalike(session, gate, row, document, place.pupil_id)
            viewer = Viewer(session, gate)
            version = _version(session, document)
            uow.record(_event(EventKind.LOOKALIKE_SEEN, by, row, {"document": str(document_id)}))
            return Pair(
                item=viewer.view(row),
                row_version=row.row_version,
                item_pages=page_views(session, row.document_id, VERSION),
                document=_view(session, found),
                document_pages=page_views(session, document_id, document.current_version),
                pupil=full_name(session.get_one(PupilRow, place.pupil_id)),
                category=viewer.catalogue(row.board_id)[place.category].name,
                file_name=version.file_name,
                may_add_version=bool(gate.placements(document_id, Action.EDIT)),
            )

    def keep_both(self, by: By, item_id: UUID, row_version: int, document_id: UUID) -> None:
        """They are two papers. An item that only waited for this goes on; any other stays at the desk.

        Raises NotFound, Conflict when a colleague was first.
        """
        with self._tools.database.begin() as uow:
            row = self._taken(uow, by, item_id, row_version, document_id)
            _remember(uow, by, row, document_id, LookalikeVerdict.BOTH)
            if row.reason_code in _PARKED:
                settle(row, uow, ItemState.WAITING, AGAIN)
                row.desk = None
                row.step, row.attempts, row.failures, row.available_at = "read", 0, 0, uow.now
                let_go(uow, row.id)

    def add_version(self, by: By, item_id: UUID, row_version: int, document_id: UUID) -> int:
        """The item is a newer version of the document; returns its number, which counts once a worker has read it.

        First the version is taken in, then the item is settled: broken off in between, doing it again goes on there.
        Raises NotFound, Refused without `edit`, Conflict when a colleague was first or a version is being read.
        """
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            row = takeable(session, gate, item_id)
            if row.row_version != row_version:
                raise taken_meanwhile()
            document, placements = gate.require(document_id, Action.EDIT)
            self._lookalike(session, gate, row, document, placements[0].pupil_id)
            item, current = facts(session, row), document.current_version
        try:
            number = self._versions.add(by, document_id, item.name, self._bytes(item.document_id, item.object_key))
        except Conflict as fault:
            if fault.code != "same":
                raise
            number = current
        with self._tools.database.begin() as uow:
            row = self._taken(uow, by, item_id, row_version, document_id)
            _remember(uow, by, row, document_id, LookalikeVerdict.VERSION)
            _settle_away(uow, row, document_id, BECAME_VERSION)
        return number

    def discard(self, by: By, item_id: UUID, row_version: int, document_id: UUID) -> None:
        """It is the same paper: the document stays, the item's key and bytes go in a while. Raises NotFound,
        Conflict."""
        with self._tools.database.begin() as uow:
            row = self._taken(uow, by, item_id, row_version, document_id)
            before = snapshot(row)
            _remember(uow, by, row, document_id, LookalikeVerdict.DISCARD)
            _settle_away(uow, row, document_id, THE_SAME)
            remember(uow, by, row, DeskActKind.DISCARDED, before, None)

    def _bytes(self, document_id: UUID, object_key: str) -> Iterator[bytes]:
        with self._tools.vault.open(document_id, object_key, VERSION) as pieces:
            yield from pieces

    def _taken(self, uow: UnitOfWork, by: By, item_id: UUID, row_version: int, document_id: UUID) -> ItemRow:
        """The locked item, with a document that looks like it; what another did meanwhile is a Conflict."""
        gate = Gate(uow.session, by.user_id, uow.today)
        row = takeable(uow.session, gate, item_id)
        document, placements = gate.require(document_id, Action.SEE)
        must_be_free(uow, by, item_id)
        uow.session.refresh(row, with_for_update=True)
        if row.row_version != row_version or row.state is not ItemState.DESK:
            raise taken_meanwhile()
        self._lookalike(uow.session, gate, row, document, placements[0].pupil_id)
        return row

    def _lookalike(
        self, session: Session, gate: Gate, row: ItemRow, document: DocumentRow, pupil_id: UUID
    ) -> Lookalike:
        """The document as a lookalike of the item. Raises NotFound when it is none: nobody decides about any two."""
        found = next((x for x in self._found(session, gate, row, pupil_id) if x.document_id == document.id), None)
        if found is None:
            raise NotFound
        return found

    def _found(self, session: Session, gate: Gate, row: ItemRow, pupil_id: UUID | None) -> list[Lookalike]:
        own = kept_fingerprint(session, self._tools.vault, row)
        found: dict[UUID, Lookalike] = {}
        for one in [pupil_id] if pupil_id is not None else self._suggested(row):
            for like in same_bytes(session, row.digest, one, row.id):
                found[like.document_id] = like
            if own is not None:
                for like in same_in_dossier(
                    session, self._tools.vault, own, row.document_date, one, row.id, frozenset()
                ):
                    found.setdefault(like.document_id, like)
        return [x for x in found.values() if gate.placements(x.document_id)]

    def _suggested(self, row: ItemRow) -> list[UUID]:
        """The pupils whose paper it may be."""
        found = [row.pupil_id] if row.pupil_id is not None else []
        if row.evidence is not None:
            raw = self._tools.vault.unseal(row.document_id, EVIDENCE, row.evidence)
            found += [UUID(x["pupil_id"]) for x in Evidence.from_bytes(raw).pupils]
        return list(dict.fromkeys(found))


def _view(session: Session, found: Lookalike) -> LookalikeView:
    document = session.get_one(DocumentRow, found.document_id)
    likeness = found.likeness
    assert likeness.reason is not None
    return LookalikeView(
        document.id, document.title, document.document_date, likeness.reason, likeness.text, likeness.numbers
    )


def _version(session: Session, document: DocumentRow) -> DocumentVersionRow:
    return session.scalars(
        select(DocumentVersionRow).where(
            DocumentVersionRow.document_id == document.id, DocumentVersionRow.number == document.current_version
        )
    ).one()


def _remember(uow: UnitOfWork, by: By, row: ItemRow, document_id: UUID, verdict: LookalikeVerdict) -> None:
    uow.session.add(
        LookalikeRow(
            item_id=row.id, document_id=document_id, verdict=verdict, decided_by=by.user_id, decided_at=uow.now
        )
    )
    uow.record(_event(EventKind.LOOKALIKE_DECIDED, by, row, {"document": str(document_id), "verdict": verdict.value}))


def _settle_away(uow: UnitOfWork, row: ItemRow, document_id: UUID, reason: Reason) -> None:
    """The item is done with: its own bytes go in a while, the line stays."""
    settle(row, uow, ItemState.DISCARDED, reason)
    row.desk = None
    row.duplicate_of = document_id
    let_go(uow, row.id)
    uow.after_commit(ERASE, row.document_id, wait=ERASED_AFTER)


def _event(kind: EventKind, by: By, row: ItemRow, details: dict[str, str | int | bool | None]) -> Event:
    return Event(kind, by, row.board_id, row.school_id, object_kind="item", object_id=row.id, details=details)
