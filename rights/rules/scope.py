"""One description, three answers: a scope decides here, becomes SQL in `dms.db.visibility` and a mask in the index.

A scope is a sum of clauses. Each clause comes from one matrix line and one role that the person holds.
An empty scope means nothing, never everything. Shields are not in the scope: they are facts of the target
and are subtracted by all three (product contract: lines add up; shields and holds win).
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from dms.model.catalogue import Level
from rights.rules.actions import Action, Reach
from rights.rules.facts import Actor, RoleHeld, Target
from rights.rules.matrix import CategoryPattern, Matrix, MatrixLine, covers


@dataclass(frozen=True, slots=True)
class Clause:
    """What one line gives through one role held.

    None for school, groups or pupils means: not limited by that; an empty set means nobody.
    """

    line: MatrixLine
    board_id: UUID
    school_id: UUID | None
    group_ids: frozenset[UUID] | None
    pupil_ids: frozenset[UUID] | None
    categories: tuple[CategoryPattern, ...]
    max_level: Level
    confirmed_only: bool

    def admits(self, target: Target) -> bool:
        """Whether the target lies within this clause (shields apart)."""
        return (
            target.board_id == self.board_id
            and (self.school_id is None or target.school_id == self.school_id)
            and (self.group_ids is None or not self.group_ids.isdisjoint(target.group_ids))
            and (self.pupil_ids is None or target.pupil_id in self.pupil_ids)
            and any(x.matches(target.category) for x in self.categories)
            and target.level <= self.max_level
            and (target.confirmed or not self.confirmed_only)
        )

    @property
    def whole_school(self) -> bool:
        """Whether it reaches every pupil of the school."""
        return self.group_ids is None and self.pupil_ids is None


@dataclass(frozen=True, slots=True)
class Scope:
    """All that `user_id` may reach with one action on one day."""

    user_id: UUID
    action: Action
    clauses: tuple[Clause, ...]

    def admits(self, target: Target) -> bool:
        """The same answer as `decide(...)`: some clause admits and every shield admits the person."""
        return self.clause_for(target) is not None and self.blocking_shield(target) is None

    def clause_for(self, target: Target) -> Clause | None:
        """The first clause that admits the target, shields apart."""
        return next((x for x in self.clauses if x.admits(target)), None)

    def blocking_shield(self, target: Target) -> UUID | None:
        """The first shield over the target that does not name the person."""
        return next((x.shield_id for x in target.shields if self.user_id not in x.people), None)

    def at_board(self, board_id: UUID) -> "Scope":
        """The part of this scope within one board."""
        return Scope(self.user_id, self.action, tuple(x for x in self.clauses if x.board_id == board_id))


def scope(actor: Actor, action: Action, matrices: dict[UUID, Matrix], today: date) -> Scope:
    """All that `actor` may reach with `action` on `today`. `matrices` holds the adopted matrix per board id."""
    clauses: list[Clause] = []
    if not actor.disabled:
        for held in actor.roles:
            matrix = matrices.get(held.board_id)
            if matrix is None or not covers(held.since, held.until, today):
                continue
            for line in matrix.granting(held.role, action, today):
                clause = _clause(actor, held, line, today)
                if clause is not None:
                    clauses.append(clause)
    return Scope(actor.user_id, action, tuple(clauses))


def _clause(actor: Actor, held: RoleHeld, line: MatrixLine, today: date) -> Clause | None:
    school_id, groups, pupils = held.school_id, None, None
    outsider = False
    match line.reach:
        case Reach.BOARD:
            school_id = None
        case Reach.SCHOOL:
            pass
        case Reach.OWN_GROUPS:
            groups = frozenset(
                x.group_id
                for x in actor.groups
                if covers(x.since, x.until, today) and (school_id is None or x.school_id == school_id)
            )
        case Reach.OWN_CHILD:
            pupils, outsider = frozenset(x.pupil_id for x in actor.children if x.entitled), True
        case Reach.SELF:
            pupils, outsider = frozenset(x.pupil_id for x in actor.oneself if x.entitled), True
        case Reach.LINK:
            return None  # a link carries its own frozen list; the matrix gives it nothing
    if groups == frozenset() or pupils == frozenset():
        return None
    return Clause(line, held.board_id, school_id, groups, pupils, line.categories, line.level, outsider)
