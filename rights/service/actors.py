"""Gathers what must be known about a person before anything is decided. Asked anew at every request, in one query.

Lines of an adopted matrix never change, so they are kept in memory by their version; which version counts is part
of the query. What is asked anew costs a page one round trip, whatever the person holds.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from threading import Lock
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dms.db.tables import MatrixLineRow, RoleHeldRow
from dms.model.catalogue import Level
from rights.rules.actions import Action, Condition, Reach
from rights.rules.facts import Access, Actor, ChildHeld, GroupHeld, PupilHeld, RoleHeld
from rights.rules.family import DEFAULT_MODULES, Module, open_to_carer, open_to_pupil
from rights.rules.matrix import CategoryPattern, Matrix, MatrixLine, covers
from rights.service.facts_query import Fact, facts_of

KEPT_VERSIONS = 64

_kept: "OrderedDict[UUID, Matrix]" = OrderedDict()
_keeping = Lock()


@dataclass(frozen=True, slots=True)
class Gathered:
    """The person and the matrices of the boards where roles are held."""

    actor: Actor
    matrices: dict[UUID, Matrix]


def gather(session: Session, user_id: UUID, today: date, now: datetime | None) -> Gathered:
    """The facts about a person on `today` at `now`; an unknown id gives an actor who is disabled and holds nothing.

    Without `now` no temporary access counts.
    """
    rows: dict[str, list[Fact]] = {}
    for row in session.execute(*facts_of(user_id, today, now)):
        rows.setdefault(row.kind, []).append(row)
    if "user" not in rows:
        return Gathered(Actor(user_id, disabled=True), {})
    modules = _modules(rows.get("module", ()))
    actor = Actor(
        user_id=user_id,
        disabled=rows["user"][0].flag,
        roles=tuple(
            sorted(
                (RoleHeld(x.text, x.a, x.b, x.since, x.until) for x in rows.get("role", ())),
                key=lambda x: (x.role, str(x.board_id), str(x.school_id)),
            )
        ),
        groups=tuple(GroupHeld(x.a, x.b, x.since, x.until) for x in rows.get("group", ())),
        children=tuple(_child(x, modules, today) for x in rows.get("child", ())),
        oneself=tuple(_oneself(x, modules, today) for x in rows.get("self", ())),
        pupils=tuple(PupilHeld(x.a, x.b, x.since, x.until, x.flag) for x in rows.get("pupil", ())),
        accesses=tuple(Access(Condition(x.text), x.a, x.b) for x in rows.get("access", ())),
    )
    return Gathered(actor, _matrices(session, rows.get("matrix", ())))


def load_actor(session: Session, user_id: UUID, today: date, now: datetime | None = None) -> Actor:
    """As `gather`, without the matrices."""
    return gather(session, user_id, today, now).actor


def _modules(rows: Iterable[Fact]) -> Mapping[UUID, tuple[Module, ...]]:
    """By school, where it says something."""
    changed: dict[UUID, dict[str, Fact]] = {}
    for row in rows:
        changed.setdefault(row.a, {})[row.text] = row
    return {school: modules_with(told) for school, told in changed.items()}


def modules_with(told: Mapping[str, Any]) -> tuple[Module, ...]:
    """The default modules with what a school says of them; `told` by code has `flag` and `number`."""
    return tuple(
        replace(x, is_open=told[x.code].flag, carers_until=told[x.code].number) if x.code in told else x
        for x in DEFAULT_MODULES
    )


def _child(row: Fact, modules: Mapping[UUID, tuple[Module, ...]], today: date) -> ChildHeld:
    opened = open_to_carer(
        row.born,
        today,
        modules.get(row.b, DEFAULT_MODULES),
        authority=row.flag and covers(row.since, row.until, today),
        consent=row.other,
    )
    return ChildHeld(row.a, row.b, bool(opened), opened)


def _oneself(row: Fact, modules: Mapping[UUID, tuple[Module, ...]], today: date) -> ChildHeld:
    opened = open_to_pupil(row.born, today, modules.get(row.b, DEFAULT_MODULES))
    return ChildHeld(row.a, row.b, bool(opened), opened)


def _matrices(session: Session, rows: Iterable[Fact]) -> dict[UUID, Matrix]:
    """The matrix in force of each board; lines that are not in memory come with one query more."""
    wanted = {x.a: (x.b, x.number) for x in rows}
    with _keeping:
        known = {version: _kept[version] for version, _ in wanted.values() if version in _kept}
    missing = {version: number for version, number in wanted.values() if version not in known}
    if missing:
        known |= _read(session, missing)
        with _keeping:
            _kept.update({x: known[x] for x in missing})
            while len(_kept) > KEPT_VERSIONS:
                _kept.popitem(last=False)
    return {board: known[version] for board, (version, _) in wanted.items()}


def _read(session: Session, versions: Mapping[UUID, int]) -> dict[UUID, Matrix]:
    lines: dict[UUID, list[MatrixLine]] = {x: [] for x in versions}
    for row in session.scalars(
        select(MatrixLineRow).where(MatrixLineRow.matrix_version_id.in_(versions)).order_by(MatrixLineRow.number)
    ):
        lines[row.matrix_version_id].append(line_of(row))
    return {x: Matrix(number, tuple(lines[x])) for x, number in versions.items()}


def line_of(row: MatrixLineRow) -> MatrixLine:
    """A stored line as the rules know it."""
    return MatrixLine(
        number=row.number,
        role=row.role,
        reach=Reach(row.reach),
        level=Level(row.level),
        categories=tuple(CategoryPattern(x) for x in row.categories.split()),
        actions=frozenset(Action(x) for x in row.actions.split()),
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        note=row.note,
        condition=Condition(row.condition),
    )


def people_of_board(session: Session, board_id: UUID, today: date) -> list[UUID]:
    """Everybody who holds a role at the board on `today`."""
    return list(
        session.scalars(
            select(RoleHeldRow.user_id)
            .where(
                RoleHeldRow.board_id == board_id,
                or_(RoleHeldRow.since.is_(None), RoleHeldRow.since <= today),
                or_(RoleHeldRow.until.is_(None), RoleHeldRow.until > today),
            )
            .distinct()
        )
    )
