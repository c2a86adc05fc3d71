"""What filed itself and nobody has looked at: the daily list "vandaag vanzelf opgeborgen", for one key each.

Until a person confirms it, such a document stays out of the portal, of links and of packages. What was filed wrongly
and put right is found by comparing where it lies with where its item went: that is what recognition learns from.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from dms.db.tables import DocumentRow, ItemRow, PlacementRow, PupilRow
from dms.kernel.clock import legal_date
from dms.model.events import By
from dms.services.catalogue import categories
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, full_name, groups_today, school_by_brin
from rights.rules.actions import Action
from rights.service.gate import Gate

LOOK_BACK = timedelta(days=30)
"""Over how long the list counts what filed itself and what of it was put right."""
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class SelfFiledLine:
    """One document that waits for a look. `today`: it was filed on this day; `confidence` 0-1 of pupil, kind and date
    together. `readable`: the person may see its pages.
    """

    document_id: UUID
    title: str
    pupil_id: UUID
    pupil_name: str
    group: str
    category_name: str
    document_date: date | None
    confidence: float | None
    filed_at: datetime
    today: bool
    readable: bool


@dataclass(frozen=True, slots=True)
class SelfFiledCounts:
    """What filed itself in the last 30 days as far as the person may see it: how many, how many of them a person
    confirmed, and how many of those lie elsewhere, are of another kind or have another date than they first got.
    """

    filed: int = 0
    confirmed: int = 0
    other_pupil: int = 0
    other_category: int = 0
    other_date: int = 0
    corrected: int = 0


@dataclass(frozen=True, slots=True)
class SelfFiled:
    """The list: `waiting` is how many wait in all, of which at most `MOST_SHOWN` are in `lines`, newest first."""

    school: SchoolView
    waiting: int
    lines: tuple[SelfFiledLine, ...]
    counts: SelfFiledCounts


class Confirming:
    """The list of what filed itself, for who may classify it. Confirming one is `Documents.confirm`."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def waiting(self, by: By, brin: str) -> int:
        """How many wait for this person at a school. Raises NotFound."""
        with self._tools.database.read() as session:
            gate = Gate(session, by.user_id, self._tools.clock.today())
            return _count(session, gate, school_by_brin(session, brin))

    def list(self, by: By, brin: str) -> SelfFiled:
        """What filed itself at a school and waits for a look, newest first. Raises NotFound for an unknown school."""
        with self._tools.database.read() as session:
            today = self._tools.clock.today()
            gate = Gate(session, by.user_id, today)
            school = school_by_brin(session, brin)
            rows = session.execute(
                select(DocumentRow, PlacementRow, PupilRow)
                .join(PlacementRow, PlacementRow.document_id == DocumentRow.id)
                .join(PupilRow, PupilRow.id == PlacementRow.pupil_id)
                .where(_waits(gate, school))
                .order_by(DocumentRow.created_at.desc(), DocumentRow.id)
                .limit(MOST_SHOWN)
            ).all()
            known = categories(session, school.board_id)
            groups = groups_today(session, frozenset(pupil.id for _, _, pupil in rows), today)
            targets = gate.targets(placement for _, placement, _ in rows)
            readable = [gate.scope(Action.READ).admits(x) for x in targets]
            lines = tuple(
                SelfFiledLine(
                    document_id=document.id,
                    title=document.title,
                    pupil_id=pupil.id,
                    pupil_name=full_name(pupil),
                    group=groups.get(pupil.id, ""),
                    category_name=known[placement.category].name if placement.category in known else placement.category,
                    document_date=document.document_date,
                    confidence=document.confidence,
                    filed_at=document.created_at,
                    today=legal_date(document.created_at) == today,
                    readable=may_read,
                )
                for (document, placement, pupil), may_read in zip(rows, readable, strict=True)
            )
            since = self._tools.clock.now() - LOOK_BACK
            return SelfFiled(
                school, _count(session, gate, school), lines, self_filed_counts(session, school.id, since, gate)
            )


def self_filed() -> ColumnElement[bool]:
    """The documents that filed themselves: nobody chose, and nobody had confirmed when they came in."""
    return and_(
        DocumentRow.item_id.is_not(None),
        DocumentRow.filed_by.is_(None),
        or_(DocumentRow.confirmed_at.is_(None), DocumentRow.confirmed_at > DocumentRow.created_at),
    )


def self_filed_counts(session: Session, school_id: UUID, since: datetime, gate: Gate | None = None) -> SelfFiledCounts:
    """What became of what filed itself at a school since then; only what `gate` lets see, where it is given."""
    pupil, kind = PlacementRow.pupil_id != ItemRow.pupil_id, PlacementRow.category != ItemRow.category
    day = func.coalesce(DocumentRow.document_date, date.min) != func.coalesce(ItemRow.document_date, date.min)
    seen = DocumentRow.confirmed_at.is_not(None)
    asked = (
        select(
            func.count(),
            *(func.count().filter(and_(seen, x)) for x in (seen, pupil, kind, day, or_(pupil, kind, day))),
        )
        .select_from(DocumentRow)
        .join(ItemRow, ItemRow.id == DocumentRow.item_id)
        .join(PlacementRow, PlacementRow.document_id == DocumentRow.id)
        .where(DocumentRow.school_id == school_id, DocumentRow.created_at >= since, self_filed())
    )
    if gate is not None:
        asked = asked.where(gate.visible(Action.SEE))
    return SelfFiledCounts(*session.execute(asked).one())


def _waits(gate: Gate, school: SchoolView) -> ColumnElement[bool]:
    return and_(
        DocumentRow.school_id == school.id,
        DocumentRow.confirmed_at.is_(None),
        self_filed(),
        gate.visible(Action.CLASSIFY),
    )


def _count(session: Session, gate: Gate, school: SchoolView) -> int:
    found = session.scalar(
        select(func.count(DocumentRow.id.distinct()))
        .join(PlacementRow, PlacementRow.document_id == DocumentRow.id)
        .where(_waits(gate, school))
    )
    return found or 0
