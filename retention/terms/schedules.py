"""The schedule in force at a board, and how its lines are kept."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import RetentionRuleRow, RetentionScheduleRow
from dms.db.unit_of_work import UnitOfWork
from dms.model.events import By, Event, EventKind
from retention.rules.schedule import DisposalAction, Rule, Schedule, Trigger
from retention.rules.term import Rounding, parse_term, term_text

NONE_ADOPTED = Schedule(0)
MOST_REMEMBERED = 64
_read: dict[UUID, Schedule] = {}


def schedule_of(session: Session, board_id: UUID) -> Schedule:
    """The schedule in force; one without rules, by which nothing is ever due, where none was adopted."""
    found = session.execute(
        select(RetentionScheduleRow.id, RetentionScheduleRow.number)
        .where(RetentionScheduleRow.board_id == board_id)
        .order_by(RetentionScheduleRow.number.desc())
        .limit(1)
    ).first()
    return NONE_ADOPTED if found is None else _kept(session, found[0], found[1])


def version_of(session: Session, board_id: UUID, number: int) -> Schedule | None:
    """One adopted version, None where there is none of this number."""
    found = session.scalar(
        select(RetentionScheduleRow.id).where(
            RetentionScheduleRow.board_id == board_id, RetentionScheduleRow.number == number
        )
    )
    return None if found is None else _kept(session, found, number)


def _kept(session: Session, schedule_id: UUID, number: int) -> Schedule:
    """Adopted versions never change: once read they are remembered by their id."""
    found = _read.get(schedule_id)
    if found is None:
        rows = session.scalars(
            select(RetentionRuleRow)
            .where(RetentionRuleRow.schedule_id == schedule_id)
            .order_by(RetentionRuleRow.category)
        )
        found = Schedule(number, {x.category: rule_of_row(x) for x in rows})
        if len(_read) >= MOST_REMEMBERED:
            _read.clear()
        _read[schedule_id] = found
    return found


def rule_of_row(row: RetentionRuleRow) -> Rule:
    """A kept line as a rule."""
    return Rule(
        category=row.category,
        trigger=Trigger(row.trigger),
        minimum=parse_term(row.minimum),
        maximum=parse_term(row.maximum),
        action=DisposalAction(row.action),
        blocked=row.blocked,
        rounding=Rounding(row.rounding),
        legal_basis=row.legal_basis,
        source=row.source,
        certainty=row.certainty,
        remark=row.remark,
    )


def as_data(rule: Rule) -> dict[str, Any]:
    """A rule as plain values, for rows, drafts and files."""
    return {
        "category": rule.category,
        "trigger": rule.trigger.value,
        "minimum": term_text(rule.minimum),
        "maximum": term_text(rule.maximum),
        "action": rule.action.value,
        "blocked": rule.blocked,
        "rounding": rule.rounding.value,
        "legal_basis": rule.legal_basis,
        "source": rule.source,
        "certainty": rule.certainty,
        "remark": rule.remark,
    }


def from_data(data: Mapping[str, Any]) -> Rule:
    """The rule that `as_data` wrote. Raises ValueError for values that are none."""
    return Rule(
        category=str(data["category"]),
        trigger=Trigger(str(data["trigger"])),
        minimum=parse_term(str(data["minimum"])),
        maximum=parse_term(str(data["maximum"])),
        action=DisposalAction(str(data["action"])),
        blocked=bool(data["blocked"]),
        rounding=Rounding(str(data.get("rounding", Rounding.NONE.value))),
        legal_basis=str(data.get("legal_basis", "")),
        source=str(data.get("source", "")),
        certainty=str(data.get("certainty", "")),
        remark=str(data.get("remark", "")),
    )


def adopt(
    uow: UnitOfWork,
    by: By,
    board_id: UUID,
    rules: Iterable[Rule],
    *,
    reason: str,
    author_id: UUID | None = None,
    adopted_by: UUID | None = None,
) -> Schedule:
    """Make these rules the next version of the board's schedule. The caller lets placements follow."""
    schedule = Schedule(schedule_of(uow.session, board_id).version + 1, {x.category: x for x in rules})
    row = RetentionScheduleRow(
        board_id=board_id,
        number=schedule.version,
        reason=reason,
        author_id=author_id,
        adopted_by=adopted_by,
        adopted_at=uow.now,
    )
    uow.session.add(row)
    uow.flush()
    uow.session.add_all(RetentionRuleRow(schedule_id=row.id, **as_data(x)) for x in schedule.rules.values())
    uow.record(
        Event(
            EventKind.RETENTION_ADOPTED,
            by,
            board_id,
            object_kind="retention_schedule",
            object_id=row.id,
            details={"version": schedule.version, "rules": len(schedule.rules), "second": author_id != adopted_by},
            note=reason,
        )
    )
    return schedule
