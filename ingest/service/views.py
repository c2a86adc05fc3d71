"""Items as people may see them. What was recognised is shown only to who may see it; that it came in, and where it
waits, to who sent it.
"""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Select, exists, select
from sqlalchemy.orm import Session

from dms.db.tables import ItemRow, OutboxRow, PlacementRow, PupilRow
from dms.db.unit_of_work import INDEX
from dms.kernel.outcome import Reason
from dms.kernel.text import N_
from dms.model.catalogue import Category
from dms.model.documents import Desk, ItemState
from dms.services.catalogue import categories
from dms.services.shapes import ItemView
from dms.services.tools import full_name
from ingest.service.pipeline import INDEXED
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import may_take

STEP_LABELS = {
    "": N_("Ontvangen"),
    "scan": N_("Op virussen bekeken"),
    "identify": N_("Bestand bekeken"),
    "unpack": N_("Uitgepakt"),
    "read": N_("Gelezen"),
    "split": N_("Bladzijden verdeeld"),
    "classify": N_("Soort bepaald"),
    "match": N_("Leerling gezocht"),
    "route": N_("Bestemming bepaald"),
    "compare": N_("Vergeleken met het dossier"),
    "store": N_("Opgeborgen"),
    INDEXED: N_("Te vinden met zoeken"),
}
"""What has been done, per last finished step. The last one is the relay's, and no row says so: the outbox does."""

KEPT = frozenset({ItemState.FILED, ItemState.DUPLICATE})

DESK_LABELS = {Desk.ORDINARY: N_("postbak"), Desk.CARE: N_("zorgpostbak")}


class Viewer:
    """Turns rows into views for one person (`gate`), or for the machine's operator (None)."""

    def __init__(self, session: Session, gate: Gate | None) -> None:
        self._session = session
        self._gate = gate
        self._known: dict[UUID, dict[str, Category]] = {}
        self._seen: dict[UUID, bool] = {}
        self._indexed: dict[UUID, bool] = {}
        self._pupils: list[PupilRow] = []  # held, so that the session finds them without asking again

    def views(self, rows: Iterable[ItemRow]) -> tuple[ItemView, ...]:
        """One view a row, in the same order; the number of queries does not grow with them."""
        kept = list(rows)
        shown = {x.document_id if x.state is ItemState.FILED else x.duplicate_of for x in kept if x.state in KEPT}
        self._seen.update(dict.fromkeys((x for x in shown if x is not None), False))
        if self._gate is not None and self._seen:
            for document_id in self._session.scalars(
                select(PlacementRow.document_id).where(
                    PlacementRow.document_id.in_(self._seen), self._gate.visible(Action.SEE)
                )
            ):
                self._seen[document_id] = True
        filed = [x.document_id for x in kept if x.state is ItemState.FILED]
        waiting = set(self._session.scalars(_not_indexed().where(OutboxRow.object_id.in_(filed)))) if filed else set()
        self._indexed.update({x: x not in waiting for x in filed})
        pupils = {x.pupil_id for x in kept if x.pupil_id is not None}
        self._pupils.extend(self._session.scalars(select(PupilRow).where(PupilRow.id.in_(pupils))))
        return tuple(self.view(x) for x in kept)

    def view(self, row: ItemRow) -> ItemView:
        """One item."""
        open_to = self.may_see_content(row)
        pupil = self._session.get(PupilRow, row.pupil_id) if row.pupil_id is not None and open_to else None
        category = self.catalogue(row.board_id).get(row.category or "") if open_to else None
        filed = row.state is ItemState.FILED
        step = INDEXED if filed and self._is_indexed(row.document_id) else row.step
        return ItemView(
            item_id=row.id,
            intake_id=row.intake_id,
            part=row.part,
            name=row.name,
            state=row.state,
            step=step,
            step_label=STEP_LABELS.get(step, ""),
            pages=row.pages,
            pages_done=row.pages_done,
            reason=Reason(row.reason_code, row.reason_text, row.reason_params)
            if self._tells_reason(row, open_to)
            else _went(row),
            advice=row.advice_text,
            document_id=(row.document_id if filed else row.duplicate_of) if open_to else None,
            pupil_id=pupil.id if pupil else None,
            pupil_number=pupil.number if pupil else None,
            pupil_name=full_name(pupil) if pupil else None,
            category_code=category.code if category else None,
            category_name=category.name if category else None,
            document_date=row.document_date if open_to else None,
            title=row.title if open_to else "",
            confidence=row.confidence if open_to else None,
            desk=row.desk,
            created_at=row.created_at,
        )

    def may_see_content(self, row: ItemRow) -> bool:
        """Whether the person may see what was recognised in the item."""
        if self._gate is None:
            return True
        match row.state:
            case ItemState.FILED:
                return self._sees_document(row.document_id)
            case ItemState.DUPLICATE:
                return row.duplicate_of is not None and self._sees_document(row.duplicate_of)
            case ItemState.DESK:
                return may_take(self._gate, row.board_id, row.school_id, row.category, row.level)
            case _:
                return False

    def catalogue(self, board_id: UUID) -> dict[str, Category]:
        """The categories of a board, fetched once."""
        if board_id not in self._known:
            self._known[board_id] = categories(self._session, board_id)
        return self._known[board_id]

    def _is_indexed(self, document_id: UUID) -> bool:
        """Whether searching finds the filed document as it is now."""
        if document_id not in self._indexed:
            waits = self._session.scalar(_not_indexed().where(OutboxRow.object_id == document_id).limit(1))
            self._indexed[document_id] = waits is None
        return self._indexed[document_id]

    def _sees_document(self, document_id: UUID) -> bool:
        assert self._gate is not None
        if document_id in self._seen:
            return self._seen[document_id]
        reached = exists().where(PlacementRow.document_id == document_id, self._gate.visible(Action.SEE))
        return bool(self._session.scalar(select(reached)))

    @staticmethod
    def _tells_reason(row: ItemRow, open_to: bool) -> bool:
        return open_to or row.state not in (ItemState.DESK, ItemState.FILED, ItemState.DUPLICATE)


def _not_indexed() -> Select[tuple[UUID]]:
    """Documents whose last change the index does not show yet."""
    return select(OutboxRow.object_id).where(OutboxRow.kind == INDEX, OutboxRow.done_at.is_(None))


def _went(row: ItemRow) -> Reason:
    """All that is told to who may not see more."""
    if row.state is ItemState.DESK and row.desk is not None:
        return Reason("at_desk", N_("Wacht op een collega in de %(desk)s."), {"desk": DESK_LABELS[row.desk]})
    if row.state is ItemState.DUPLICATE:
        return Reason("duplicate", N_("Dit stuk was er al."))
    return Reason("filed", N_("Opgeborgen."))
