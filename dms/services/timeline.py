"""What happened to a document or in a dossier, from the log, as far as the reader may see it.

Everybody sees what came, was filed and was changed; who looked at something is shown to who watches over the dossier
(the right `hold`) and, of her own looking, to each person herself. A line about a place that the reader does not see
is left out. See `docs/decisions/0010-what-a-reader-sees-of-the-log.md`.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import AuditEventRow, AuditSubjectRow, DocumentRow, DossierRow, PlacementRow, PupilRow, UserRow
from dms.kernel.errors import NotFound
from dms.kernel.ids import parse_id
from dms.model.events import By, EventKind
from dms.services.catalogue import categories
from dms.services.tools import Tools, full_name
from dms.services.undo import newest_step
from dms.services.working_shapes import HistoryLine, HistoryPage
from rights.rules.actions import Action
from rights.service.gate import Gate
from rights.service.places import reachable_pupils

LOOKS = frozenset(
    {
        EventKind.DOCUMENT_SEEN,
        EventKind.DOCUMENT_DOWNLOADED,
        EventKind.DOCUMENT_PRINTED,
        EventKind.DOSSIER_SEEN,
    }
)
"""Events that say that somebody looked."""

UNDOABLE = frozenset(
    {
        EventKind.DOCUMENT_CHANGED,
        EventKind.DOCUMENT_REPLACED,
        EventKind.DOCUMENT_REMOVED,
        EventKind.DOCUMENT_PLACED,
    }
)
SIZE = 50
Found = Row[tuple[AuditEventRow, str, str]]  # the names may be empty: outer joins


class Timeline:
    """Histories."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def document(self, by: By, document_id: UUID, *, before: int | None = None) -> HistoryPage:
        """What happened to one document, newest first, `SIZE` lines from event `before` on. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            document, placements = gate.require(document_id, Action.SEE)
            about = [document.id, *([document.item_id] if document.item_id else [])]
            places = frozenset(str(x.id) for x in placements)
            watches = any(gate.scope(Action.HOLD).admits(x) for x in gate.targets(placements))
            rows = session.execute(_query(before).where(AuditEventRow.object_id.in_(about), _looks(by, watches))).all()
            step = newest_step(session, by, document, self._tools.clock.now())
            undo = (step.created_at, step.batch_id) if step is not None else None
            return _page(session, document.board_id, document.title, rows, places, undo)

    def dossier(self, by: By, pupil_id: UUID, *, before: int | None = None) -> HistoryPage:
        """What happened in one dossier, as `document`. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            row = session.execute(
                select(DossierRow, PupilRow)
                .join(PupilRow, PupilRow.id == DossierRow.pupil_id)
                .where(PupilRow.id == pupil_id, reachable_pupils(gate))
            ).first()
            if row is None:
                raise NotFound
            dossier, pupil = row
            subject = session.scalar(select(AuditSubjectRow.pseudonym).where(AuditSubjectRow.pupil_id == pupil_id))
            seen = select(PlacementRow.document_id).where(
                PlacementRow.dossier_id == dossier.id, gate.visible(state=None)
            )
            watched = select(PlacementRow.document_id).where(
                PlacementRow.dossier_id == dossier.id, gate.visible(Action.HOLD, None)
            )
            oversees = any(
                x.whole_school and x.board_id == dossier.board_id and x.school_id in (None, dossier.school_id)
                for x in gate.scope(Action.HOLD).clauses
            )
            looks = or_(
                AuditEventRow.kind.not_in(LOOKS),
                AuditEventRow.actor_id == by.user_id,
                and_(AuditEventRow.object_kind == "document", AuditEventRow.object_id.in_(watched)),
                *([AuditEventRow.object_kind == "dossier"] if oversees else []),
            )
            rows = session.execute(
                _query(before).where(
                    AuditEventRow.subject == subject,
                    or_(
                        AuditEventRow.object_kind.in_(("dossier", "pupil")),
                        and_(AuditEventRow.object_kind == "document", AuditEventRow.object_id.in_(seen)),
                    ),
                    looks,
                )
            ).all()
            return _page(session, dossier.board_id, full_name(pupil), rows)


def _query(before: int | None) -> Select[tuple[AuditEventRow, str, str]]:
    query = (
        select(AuditEventRow, UserRow.name, DocumentRow.title)
        .outerjoin(UserRow, UserRow.id == AuditEventRow.actor_id)
        .outerjoin(
            DocumentRow, and_(AuditEventRow.object_kind == "document", DocumentRow.id == AuditEventRow.object_id)
        )
        .order_by(AuditEventRow.id.desc())
        .limit(SIZE + 1)
    )
    return query if before is None else query.where(AuditEventRow.id < before)


def _looks(by: By, watches: bool) -> ColumnElement[bool]:
    if watches:
        return AuditEventRow.id.is_not(None)
    return or_(AuditEventRow.kind.not_in(LOOKS), AuditEventRow.actor_id == by.user_id)


def _placed(event: AuditEventRow) -> str | None:
    """The place that an event is about, None where it is about the whole document."""
    place = event.details.get("placement")
    return str(place) if place and parse_id(str(place)) else None


def _page(
    session: Session,
    board_id: UUID,
    about: str,
    rows: Sequence[Found],
    places: frozenset[str] | None = None,
    undo: tuple[datetime, UUID] | None = None,
) -> HistoryPage:
    """Lines of the events; with `places` only those about one of these places, or about none."""
    names = {code: x.name for code, x in categories(session, board_id).items()}
    lines = []
    for event, who, title in rows[:SIZE]:
        if places is not None and _placed(event) is not None and _placed(event) not in places:
            continue
        category, before = str(event.details.get("category") or ""), str(event.details.get("from") or "")
        mine = undo is not None and event.kind in UNDOABLE and event.at == undo[0]
        lines.append(
            HistoryLine(
                event_id=event.id,
                at=event.at,
                kind=event.kind,
                who=who or "",
                document_id=event.object_id if event.object_kind == "document" else None,
                title=title or "",
                category_name=names.get(category, category),
                category_before=names.get(before, before),
                details={k: str(v) for k, v in event.details.items() if isinstance(v, str | int)},
                undo=undo[1] if mine and undo is not None else None,
            )
        )
    return HistoryPage(about, tuple(lines), rows[SIZE - 1][0].id if len(rows) > SIZE else None)
