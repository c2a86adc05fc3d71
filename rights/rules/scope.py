"""One description, three answers: a scope decides here, becomes SQL in `dms.db.visibility` and a mask in the index.

A scope is a sum of clauses. Each clause comes from one matrix line and one role that the person holds.
An empty scope means nothing, never everything. Shields are not in the scope: they are facts of the target
and are subtracted by all three (product contract: lines add up; shields and holds win). Only a clause that
`pierces` (emergency access, in force now, to this one dossier or document) passes them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from dms.model.catalogue import Level
from rights.rules.actions import Action, Condition, Reach
from rights.rules.facts import Actor, ChildHeld, RoleHeld, Target
from rights.rules.matrix import CategoryPattern, Matrix, MatrixLine, common, covers


@dataclass(frozen=True, slots=True)
class Clause:
    """What one line gives through one role held.

    None for school, groups, pupils or documents means: not limited by that; an empty set means nobody.
    """

    line: MatrixLine
    board_id: UUID
    school_id: UUID | None
    group_ids: frozenset[UUID] | None
    pupil_ids: frozenset[UUID] | None
    categories: tuple[CategoryPattern, ...]
    max_level: Level
    confirmed_only: bool
    document_ids: frozenset[UUID] | None = None
    pierces: bool = False

    def admits(self, target: Target) -> bool:
        """Whether the target lies within this clause (shields apart)."""
        return (
            target.board_id == self.board_id
            and (self.school_id is None or target.school_id == self.school_id)
            and (self.group_ids is None or not self.group_ids.isdisjoint(target.group_ids))
            and (self.pupil_ids is None or target.pupil_id in self.pupil_ids)
            and (self.document_ids is None or target.document_id in self.document_ids)
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
        """The same answer as `decide(...)`: some clause admits, and every shield admits the person or is pierced."""
        return self.deciding_clause(target) is not None

    def deciding_clause(self, target: Target) -> Clause | None:
        """The first clause that admits the target, shields included."""
        shielded = self.blocking_shield(target) is not None
        return next((x for x in self.clauses if x.admits(target) and (x.pierces or not shielded)), None)

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
    found = (
        limited
        for held, line in _lines(actor, action, matrices, today)
        for clause in _reached(actor, held, line, today)
        for limited in _opened(actor, clause)
    )
    return Scope(actor.user_id, action, tuple(found))


def askable(actor: Actor, condition: Condition, action: Action, matrices: dict[UUID, Matrix], today: date) -> Scope:
    """What `actor` could reach with `action` by first giving a reason: the lines with this condition, as if opened.

    It says who may ask, and gives nobody anything.
    """
    found = (
        replace(clause, pierces=condition is Condition.EMERGENCY)
        for held, line in _lines(actor, action, matrices, today)
        if line.condition is condition and condition is not Condition.NONE
        for clause in _reached(actor, held, line, today)
    )
    return Scope(actor.user_id, action, tuple(found))


def _lines(
    actor: Actor, action: Action, matrices: dict[UUID, Matrix], today: date
) -> Iterator[tuple[RoleHeld, MatrixLine]]:
    if actor.disabled:
        return
    for held in actor.roles:
        matrix = matrices.get(held.board_id)
        if matrix is not None and covers(held.since, held.until, today):
            for line in matrix.granting(held.role, action, today):
                yield held, line


def _reached(actor: Actor, held: RoleHeld, line: MatrixLine, today: date) -> Iterator[Clause]:
    """What the line's reach comes to for this person, conditions apart; nothing where it comes to nobody."""
    plain = Clause(line, held.board_id, held.school_id, None, None, line.categories, line.level, False)
    match line.reach:
        case Reach.BOARD:
            yield replace(plain, school_id=None)
        case Reach.SCHOOL:
            yield plain
        case Reach.OWN_GROUPS:
            groups = frozenset(
                x.group_id
                for x in actor.groups
                if covers(x.since, x.until, today) and held.school_id in (None, x.school_id)
            )
            if groups:
                yield replace(plain, group_ids=groups)
        case Reach.OWN_PUPILS:
            pupils = frozenset(
                x.pupil_id
                for x in actor.pupils
                if x.current and covers(x.since, x.until, today) and held.school_id in (None, x.school_id)
            )
            if pupils:
                yield replace(plain, pupil_ids=pupils)
        case Reach.OWN_CHILD:
            yield from _family(plain, actor.children)
        case Reach.SELF:
            yield from _family(plain, actor.oneself)
        case Reach.LINK:
            return  # a link carries its own frozen list; the matrix gives it nothing


def _family(plain: Clause, children: tuple[ChildHeld, ...]) -> Iterator[Clause]:
    """A clause for each set of children to whom the same is open."""
    bundles: dict[tuple[CategoryPattern, ...], set[UUID]] = {}
    for child in children:
        if child.entitled:
            bundles.setdefault(child.categories, set()).add(child.pupil_id)
    for categories, pupils in bundles.items():
        both = common(plain.categories, categories)
        if both:
            yield replace(plain, pupil_ids=frozenset(pupils), categories=both, confirmed_only=True)


def _opened(actor: Actor, clause: Clause) -> Iterator[Clause]:
    """The clause itself, or where its line has a condition: the parts that the person has opened with a reason."""
    condition = clause.line.condition
    if condition is Condition.NONE:
        yield clause
        return
    held = [
        x
        for x in actor.accesses
        if x.condition is condition and (clause.pupil_ids is None or x.pupil_id in clause.pupil_ids)
    ]
    pierces = condition is Condition.EMERGENCY
    whole = frozenset(x.pupil_id for x in held if x.document_id is None)
    if whole:
        yield replace(clause, pupil_ids=whole, pierces=pierces)
    for one in held:
        if one.document_id is not None:
            yield replace(
                clause,
                pupil_ids=frozenset({one.pupil_id}),
                document_ids=frozenset({one.document_id}),
                pierces=pierces,
            )
