"""The schedule of a board: what is in force, its history, a draft, and adopting that draft.

One writes, another adopts: a rule decides about destruction. Every adopted version stays; placements are counted again
by the new one.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from dms.db.tables import CategoryRow, CategoryVersionRow, RetentionDraftRow, RetentionScheduleRow, UserRow
from dms.db.unit_of_work import UnitOfWork
from dms.kernel.errors import BadInput, Conflict, NotFound, Refused
from dms.kernel.text import N_
from dms.model.events import By, Event, EventKind
from dms.model.retention import DraftState
from dms.services.shapes import SchoolView
from dms.services.tools import Tools, school_by_brin
from retention.rules.compare import changed_rules
from retention.rules.schedule import Rule, Schedule
from retention.rules.table import check
from retention.service.due_rights import checked_reason, is_operator, reaches
from retention.service.what_if import WhatIf, compared
from retention.terms.follow import ask_recount, forget_sweeps
from retention.terms.schedules import adopt, as_data, from_data, schedule_of, version_of
from rights.rules.actions import Action
from rights.service.gate import Gate

COPIED = ("trigger", "minimum", "maximum", "action", "blocked", "legal_basis", "source", "certainty", "remark")
"""What a category shows of its rule, copied to a new version of it."""


@dataclass(frozen=True, slots=True)
class ScheduleVersion:
    """One adopted version, without its rules. `adopted_by` and `author` are names; empty for the shipped one."""

    number: int
    adopted_at: datetime
    author: str
    adopted_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class ScheduleView:
    """A version with its rules by category, and what the person may do. `names` and `groups`: of the categories."""

    version: ScheduleVersion
    rules: tuple[Rule, ...]
    names: dict[str, str]
    groups: dict[str, str]
    may_edit: bool
    may_adopt: bool


@dataclass(frozen=True, slots=True)
class ScheduleDraft:
    """A draft: all its rules, which differ from the version in force, and whether the person may adopt it."""

    draft_id: UUID
    based_on: int
    row_version: int
    rules: tuple[Rule, ...]
    changed: tuple[str, ...]
    changed_at: datetime
    may_edit: bool
    may_adopt: bool


class Schedules:
    """Reading, writing and adopting. Needs an account: the schedule is the board's word, not the machine's."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    def current(self, by: By, brin: str) -> ScheduleView:
        """The schedule in force at the school's board, for its staff. Raises NotFound."""
        return self._view(by, brin, None)

    def version(self, by: By, brin: str, number: int) -> ScheduleView:
        """An earlier version. Raises NotFound."""
        return self._view(by, brin, number)

    def versions(self, by: By, brin: str) -> tuple[ScheduleVersion, ...]:
        """All adopted versions, the newest first. Raises NotFound."""
        with self._tools.database.read() as session:
            _, school = self._staff(session, by, brin)
            asked = select(RetentionScheduleRow).where(RetentionScheduleRow.board_id == school.board_id)
            rows = session.scalars(asked.order_by(RetentionScheduleRow.number.desc())).all()
            return tuple(_version(session, x) for x in rows)

    def draft(self, by: By, brin: str) -> ScheduleDraft | None:
        """The draft that is being written, None where there is none. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            gate, school = self._disposer(session, by, brin)
            row = _open_draft(session, school.board_id)
            return None if row is None else _draft(session, row, gate)

    def waits(self, by: By, brin: str) -> bool:
        """Whether a draft waits for this person to adopt it. Raises NotFound."""
        with self._tools.database.read() as session:
            board_id = school_by_brin(session, brin).board_id
            row = _open_draft(session, board_id)
            if row is None or str(by.user_id) in row.editors:
                return False
            return _draft(session, row, Gate(session, by.user_id, self._tools.clock.today())).may_adopt

    def edit(
        self, by: By, brin: str, rules: Iterable[Rule], row_version: int | None = None, *, whole: bool = False
    ) -> ScheduleDraft:
        """Put rules in the draft, which is begun where there is none; `whole`: they are all there will be.

        `row_version` is that of the draft as the person saw it; None takes it as it is. Raises NotFound, Refused for
        who does not propose disposal for the whole board, BadInput for a rule that cannot be, Conflict when a
        colleague changed the draft.
        """
        given = list(rules)
        for rule in given:
            check(rule)
        with self._tools.database.begin() as uow:
            gate, school = self._disposer(uow.session, by, brin)
            if not reaches(gate, Action.PROPOSE_DISPOSAL, school.board_id):
                raise Refused
            _known(uow.session, school.board_id, given)
            row = _open_draft(uow.session, school.board_id, lock=True) or _begin(uow, school.board_id)
            if row_version is not None and row.row_version != row_version:
                raise _changed_meanwhile()
            lines = {} if whole else {str(x["category"]): x for x in row.lines}
            lines |= {x.category: as_data(x) for x in given}
            row.lines = [lines[x] for x in sorted(lines)]
            row.editors = sorted({*row.editors, str(by.user_id)})
            row.row_version += 1
            row.changed_at = uow.now
            uow.flush()
            _record(uow, EventKind.RETENTION_DRAFTED, by, row, len(given))
            return _draft(uow.session, row, gate)

    def drop(self, by: By, brin: str, row_version: int) -> None:
        """Throw the draft away. Raises as `edit`."""
        with self._tools.database.begin() as uow:
            gate, school = self._disposer(uow.session, by, brin)
            if not reaches(gate, Action.PROPOSE_DISPOSAL, school.board_id):
                raise Refused
            row = _of_version(uow.session, school.board_id, row_version)
            row.state, row.changed_at = DraftState.DROPPED, uow.now
            _record(uow, EventKind.RETENTION_DROPPED, by, row, 0)

    def effects(self, by: By, brin: str, examples: int = 0) -> WhatIf:
        """What the draft would do to every placement of the board. Raises NotFound, Refused."""
        with self._tools.database.read() as session:
            gate, school = self._disposer(session, by, brin)
            row = _open_draft(session, school.board_id)
            if row is None:
                raise _no_draft()
            shown = examples if reaches(gate, Action.SEE, school.board_id) else 0
            before, rules = schedule_of(session, school.board_id), [from_data(x) for x in row.lines]
            return compared(session, school.board_id, before, rules, gate.today, whole=True, examples=shown)

    def adopt(self, by: By, brin: str, row_version: int, reason: str) -> int:
        """Make the draft the schedule in force; returns its number. All terms of the board are then counted again.

        Raises NotFound, Conflict, BadInput without a reason or a change, and Refused for who may not approve disposal
        or had a part in the draft.
        """
        told = checked_reason(reason)
        with self._tools.database.begin() as uow:
            gate, school = self._disposer(uow.session, by, brin)
            row = _of_version(uow.session, school.board_id, row_version)
            if not reaches(gate, Action.APPROVE_DISPOSAL, school.board_id, school.id):
                raise Refused
            if str(by.user_id) in row.editors:
                raise Refused(
                    N_("U schreef zelf mee aan dit concept."),
                    N_("Laat iemand anders het vaststellen."),
                    code="same_person",
                )
            before = schedule_of(uow.session, school.board_id)
            if row.based_on != before.version:
                raise _changed_meanwhile()
            rules = [from_data(x) for x in row.lines]
            changed = changed_rules(before, {x.category: x for x in rules})
            if not changed:
                raise BadInput(N_("Dit concept verandert niets."), N_("Gooi het weg, of wijzig een regel."))
            author = UUID(row.editors[0]) if row.editors else None
            made = adopt(uow, by, school.board_id, rules, reason=told, author_id=author, adopted_by=by.user_id)
            row.state, row.changed_at = DraftState.ADOPTED, uow.now
            _show_at_categories(uow, by, school.board_id, made, changed)
            ask_recount(uow, school.board_id)
            forget_sweeps(uow, school.board_id)
            return made.version

    def _view(self, by: By, brin: str, number: int | None) -> ScheduleView:
        with self._tools.database.read() as session:
            gate, school = self._staff(session, by, brin)
            asked = select(RetentionScheduleRow).where(RetentionScheduleRow.board_id == school.board_id)
            if number is not None:
                asked = asked.where(RetentionScheduleRow.number == number)
            row = session.scalars(asked.order_by(RetentionScheduleRow.number.desc()).limit(1)).first()
            kept = None if row is None else version_of(session, school.board_id, row.number)
            if row is None or kept is None:
                raise NotFound
            known = session.execute(
                select(CategoryRow.code, CategoryVersionRow.name, CategoryVersionRow.group)
                .join(CategoryVersionRow, CategoryVersionRow.id == CategoryRow.current_version_id)
                .where(CategoryRow.board_id == school.board_id)
                .order_by(CategoryRow.code)
            ).all()
            return ScheduleView(
                _version(session, row),
                tuple(kept.rules.values()),
                {x.code: x.name for x in known},
                {x.code: x.group for x in known},
                reaches(gate, Action.PROPOSE_DISPOSAL, school.board_id),
                reaches(gate, Action.APPROVE_DISPOSAL, school.board_id, school.id),
            )

    def _staff(self, session: Session, by: By, brin: str) -> tuple[Gate, SchoolView]:
        school = school_by_brin(session, brin)
        gate = Gate(session, by.user_id, self._tools.clock.today())
        if not is_operator(by) and not gate.holds_any(school.board_id):
            raise NotFound
        return gate, school

    def _disposer(self, session: Session, by: By, brin: str) -> tuple[Gate, SchoolView]:
        gate, school = self._staff(session, by, brin)
        if not any(
            reaches(gate, x, school.board_id, school.id) for x in (Action.PROPOSE_DISPOSAL, Action.APPROVE_DISPOSAL)
        ):
            raise Refused
        return gate, school


def _open_draft(session: Session, board_id: UUID, *, lock: bool = False) -> RetentionDraftRow | None:
    asked = select(RetentionDraftRow).where(
        RetentionDraftRow.board_id == board_id, RetentionDraftRow.state == DraftState.OPEN
    )
    return session.scalars(asked.with_for_update() if lock else asked).first()


def _begin(uow: UnitOfWork, board_id: UUID) -> RetentionDraftRow:
    now = schedule_of(uow.session, board_id)
    row = RetentionDraftRow(
        board_id=board_id,
        state=DraftState.OPEN,
        based_on=now.version,
        lines=[as_data(x) for x in now.rules.values()],
        editors=[],
        row_version=0,
        created_at=uow.now,
        changed_at=uow.now,
    )
    uow.session.add(row)
    return row


def _of_version(session: Session, board_id: UUID, row_version: int) -> RetentionDraftRow:
    row = _open_draft(session, board_id, lock=True)
    if row is None:
        raise _no_draft()
    if row.row_version != row_version:
        raise _changed_meanwhile()
    return row


def _known(session: Session, board_id: UUID, rules: Iterable[Rule]) -> None:
    codes = set(session.scalars(select(CategoryRow.code).where(CategoryRow.board_id == board_id)))
    for rule in rules:
        if rule.category not in codes:
            raise BadInput(
                N_("De categorie %(code)s bestaat niet bij dit bestuur."),
                N_("Maak de categorie eerst."),
                code="no_category",
                params={"code": rule.category[:20]},
            )


def _draft(session: Session, row: RetentionDraftRow, gate: Gate) -> ScheduleDraft:
    rules = tuple(from_data(x) for x in row.lines)
    changed = changed_rules(schedule_of(session, row.board_id), {x.category: x for x in rules})
    second = str(gate.actor.user_id) not in row.editors
    approves = any(x.board_id == row.board_id for x in gate.scope(Action.APPROVE_DISPOSAL).clauses)
    return ScheduleDraft(
        row.id,
        row.based_on,
        row.row_version,
        rules,
        tuple(sorted(changed)),
        row.changed_at,
        reaches(gate, Action.PROPOSE_DISPOSAL, row.board_id),
        approves and second and bool(changed),
    )


def _version(session: Session, row: RetentionScheduleRow) -> ScheduleVersion:
    names = dict(
        session.execute(select(UserRow.id, UserRow.name).where(UserRow.id.in_([row.author_id, row.adopted_by])))
        .tuples()
        .all()
    )
    author, adopter = (names.get(x, "") if x else "" for x in (row.author_id, row.adopted_by))
    return ScheduleVersion(row.number, row.adopted_at, author, adopter, row.reason)


def _show_at_categories(uow: UnitOfWork, by: By, board_id: UUID, made: Schedule, changed: Iterable[str]) -> None:
    """Give each category whose rule changed a new version that shows the rule as it is now."""
    rows = uow.session.execute(
        select(CategoryRow, CategoryVersionRow)
        .join(CategoryVersionRow, CategoryVersionRow.id == CategoryRow.current_version_id)
        .where(CategoryRow.board_id == board_id, CategoryRow.code.in_(sorted(changed)))
    ).all()
    for category, old in rows:
        rule = made.rule_for(category.code)
        shown = {"action": old.action} if rule is None else {k: v for k, v in as_data(rule).items() if k in COPIED}
        kept = {
            x.key: getattr(old, x.key)
            for x in CategoryVersionRow.__mapper__.column_attrs
            if x.key not in {"id", "number", "author_id", "created_at", *COPIED}
        }
        new = CategoryVersionRow(**kept, **shown, number=old.number + 1, author_id=by.user_id, created_at=uow.now)
        uow.session.add(new)
        uow.flush()
        category.current_version_id = new.id


def _record(uow: UnitOfWork, kind: EventKind, by: By, row: RetentionDraftRow, rules: int) -> None:
    details = {"based_on": row.based_on, "rules": rules}
    uow.record(Event(kind, by, row.board_id, object_kind="retention_draft", object_id=row.id, details=details))


def _no_draft() -> NotFound:
    return NotFound(N_("Er is geen concept."), N_("Begin een nieuw concept bij de bewaartermijnen."))


def _changed_meanwhile() -> Conflict:
    return Conflict(
        N_("Een collega heeft dit intussen gewijzigd."),
        N_("Bekijk wat er nu staat en doe uw wijziging daarna opnieuw."),
        code="changed_meanwhile",
    )
