"""Questions about places rather than documents: which schools, pupils and desks are within a person's reach."""

from collections.abc import Iterable, Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_

from dms.db.tables import PupilRow
from dms.db.visibility import pupils_in
from dms.model.catalogue import Level
from dms.model.documents import Desk
from rights.rules.actions import Action, Reach
from rights.rules.facts import Actor
from rights.rules.matrix import Matrix
from rights.rules.scope import Clause, Scope, scope
from rights.service.gate import Gate

DESK_LEVEL = {Desk.ORDINARY: Level.L1, Desk.CARE: Level.L3}
"""The least level that a line must reach for its holder to work at a desk."""


def reachable_pupils(gate: Gate, action: Action = Action.SEE) -> ColumnElement[bool]:
    """Condition on `pupils`: some clause of the action's scope reaches the pupil, whatever the category."""
    return pupils_within(gate.scope(action).clauses, gate.today)


def pupils_within(clauses: Iterable[Clause], today: date) -> ColumnElement[bool]:
    """Condition on `pupils`: some clause reaches the pupil, whatever the category. No clause: nobody."""
    ways = [_pupils(x, today) for x in clauses if x.categories]
    return or_(*ways) if ways else false()


def _pupils(clause: Clause, today: date) -> ColumnElement[bool]:
    parts: list[ColumnElement[bool]] = [PupilRow.board_id == clause.board_id]
    if clause.school_id is not None:
        parts.append(PupilRow.school_id == clause.school_id)
    if clause.group_ids is not None:
        parts.append(PupilRow.id.in_(pupils_in(clause.group_ids, today)))
    if clause.pupil_ids is not None:
        parts.append(PupilRow.id.in_(clause.pupil_ids))
    return and_(*parts)


def desk_clauses(gate: Gate, board_id: UUID, school_id: UUID) -> tuple[Clause, ...]:
    """The clauses with which a person files for the whole school: she may both read and add there."""
    return _filing(gate.scope(Action.READ), gate.scope(Action.ADD), board_id, school_id)


def has_desk(
    actor: Actor, matrices: Mapping[UUID, Matrix], today: date, board_id: UUID, school_id: UUID, desk: Desk
) -> bool:
    """Whether somebody with these roles works at a desk of a school; of the person only her roles count."""
    read, add = (scope(actor, x, dict(matrices), today) for x in (Action.READ, Action.ADD))
    return any(x.max_level >= DESK_LEVEL[desk] for x in _filing(read, add, board_id, school_id))


def roles_with_desk(matrix: Matrix | None, today: date) -> frozenset[str]:
    """The roles that the matrix lets file for a whole school or board."""
    wide = (Reach.SCHOOL, Reach.BOARD)
    lines = () if matrix is None else matrix.lines
    return frozenset(x.role for x in lines if x.reach in wide and Action.ADD in x.actions and x.in_force(today))


def _filing(read: Scope, add: Scope, board_id: UUID, school_id: UUID) -> tuple[Clause, ...]:
    reading = {x.line.number for x in read.clauses}
    return tuple(
        x
        for x in add.clauses
        if x.board_id == board_id and x.school_id in (None, school_id) and x.whole_school and x.line.number in reading
    )


def works_at(gate: Gate, board_id: UUID, school_id: UUID, desk: Desk) -> bool:
    """Whether the person works at this desk of this school."""
    return any(x.max_level >= DESK_LEVEL[desk] for x in desk_clauses(gate, board_id, school_id))


def may_take(gate: Gate, board_id: UUID, school_id: UUID, category: str | None, level: int | None) -> bool:
    """Whether a desk item with this suggestion may be opened by the person.

    Nothing suggested: whoever works at a desk of the school may look, for somebody must.
    """
    clauses = desk_clauses(gate, board_id, school_id)
    if category is None:
        return bool(clauses)
    return any(
        (level is None or x.max_level >= level) and any(p.matches(category) for p in x.categories) for x in clauses
    )
